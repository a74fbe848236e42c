"""The figures of chapter 16 show the numbers that they are given."""

import numpy as np

from rnncourse import plots


def drawn(axis):
    """The lines of an axis that have a name, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


SHARES = {
    "GRU": [[0.9, 0.95, 0.92], [1.0, 0.99, 1.0]],
    "Transformer": [[0.7, 0.8, 0.75], [0.9, 0.91, 0.95]],
}


def test_does_every_seed_get_a_dot_and_the_middle_one_the_line():
    axis = plots.few_examples((8, 32), SHARES, 0.6, "lines").axes[0]
    lines = drawn(axis)
    assert list(lines["GRU"].get_ydata()) == [0.9, 0.95, 0.92, 1.0, 0.99, 1.0]
    assert list(lines["Transformer"].get_ydata()) == [0.7, 0.8, 0.75, 0.9, 0.91, 0.95]
    assert set(lines["naive"].get_ydata()) == {0.6}
    middles = [list(line.get_ydata()) for line in axis.get_lines()]
    assert [0.92, 1.0] in middles
    assert [0.75, 0.91] in middles


def test_do_the_dots_of_two_networks_stand_side_by_side():
    lines = drawn(plots.few_examples((8, 32), SHARES, 0.6, "lines").axes[0])
    gru, transformer = (np.unique(lines[name].get_xdata()) for name in SHARES)
    assert (gru < transformer).all()
    np.testing.assert_allclose(np.sqrt(gru * transformer), [8, 32])


def test_are_the_counts_themselves_written_on_the_axis():
    axis = plots.few_examples((8, 32), SHARES, 0.6, "training lines").axes[0]
    assert [tick.get_text() for tick in axis.get_xticklabels()] == ["8", "32"]
    assert axis.get_xlabel() == "training lines"


def test_does_each_cost_of_a_stream_have_a_panel():
    kept, work = {"GRU": [4, 4], "T": [8, 80]}, {"GRU": [6, 6], "T": [7, 16]}
    figure = plots.stream_cost([1, 10], kept, work, {"GRU": [1.0, 1.1], "T": [1.2, 3.0]})
    names = [axis.get_ylabel() for axis in figure.axes]
    assert names == ["bytes kept", "multiplications", "microseconds\n(measured)"]
    shown = [list(drawn(axis)["T"].get_ydata()) for axis in figure.axes]
    assert shown == [[8, 80], [7, 16], [1.2, 3.0]]
    assert list(drawn(figure.axes[0])["GRU"].get_xdata()) == [1, 10]


def test_do_the_compression_curves_run_from_light_to_strong():
    pruned, bits = {0.5: [0.9, 0.8], 0: [1.0, 0.99]}, {2: [0.5, 0.6], 8: [1.0, 0.98]}
    above, below = plots.compression_curves(pruned, bits, 0.6).axes
    first = above.get_lines()[0]
    assert (list(first.get_xdata()), list(first.get_ydata())) == ([0, 0.5], [1.0, 0.9])
    second = below.get_lines()[1]
    assert (list(second.get_xdata()), list(second.get_ydata())) == ([2, 8], [0.6, 0.98])
    assert below.xaxis_inverted()
    assert not above.xaxis_inverted()


def test_does_a_maze_curve_show_running_means_of_each_seed():
    runs = {"no memory": [[0.0, 1.0, 0.0], [1.0, 1.0, 1.0]], "recurrent": [[0.5, 0.5, 1.0]]}
    axis = plots.maze_success(runs, width=2).axes[0]
    rows = [list(line.get_ydata()) for line in axis.get_lines()]
    assert rows == [[0.5, 0.5], [1.0, 1.0], [0.5, 0.75]]
    assert list(axis.get_lines()[0].get_xdata()) == [2, 3]
    assert sorted(drawn(axis)) == ["no memory", "recurrent"]
