"""The figures of chapter 7 show the numbers that they are given."""

import numpy as np

from rnncourse import plots


def drawn(axis):
    """The lines of an axis that have a name, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def test_a_kept_value_is_drawn_over_the_gate_and_marked_numbers_stand_out():
    above, below = plots.kept_value([0.3, 0.9, 0.5], [0, 1, 0], [0, 0.7, 0.7], [1, 0, 1]).axes
    lines = drawn(above)
    assert list(lines["number"].get_xdata()) == [1, 3]
    assert list(lines["marked number"].get_xdata()) == [2]
    assert list(lines["marked number"].get_ydata()) == [0.9]
    assert list(lines["state"].get_ydata()) == [0, 0.7, 0.7]
    assert [bar.get_height() for bar in below.patches] == [1, 0, 1]


def test_the_memory_lines_carry_the_gates_of_each_cell():
    lstm, gru = ([text.get_text() for text in axis.texts] for axis in plots.memory_lines().axes)
    assert {"f", "i", "o", "tanh", "old cell state c"} <= set(lstm)
    assert {"z", "1 − z", "r", "old hidden state h"} <= set(gru)
    assert "o" not in gru
    assert lstm.count("×") == gru.count("×") == 3
    assert lstm.count("+") == gru.count("+") == 1


POINTS = {"GRU": ([100, 1000], [0.02, 0.001]), "LSTM": ([950], [0.003])}


def test_pareto_draws_every_model_and_the_front_as_steps_from_cheap_to_dear():
    figure = plots.pareto(POINTS, [(1000, 0.001), (100, 0.02)], "parameters", baseline=0.17)
    lines = drawn(figure.axes[0])
    assert list(lines["GRU"].get_xdata()) == [100, 1000]
    assert list(lines["GRU"].get_ydata()) == [0.02, 0.001]
    assert list(lines["LSTM"].get_ydata()) == [0.003]
    assert list(lines["Pareto front"].get_xdata()) == [100, 1000]
    assert list(lines["Pareto front"].get_ydata()) == [0.02, 0.001]
    assert lines["Pareto front"].get_drawstyle() == "steps-post"
    assert set(lines["baseline"].get_ydata()) == {0.17}


def test_costs_stand_on_a_logarithmic_axis_only_if_they_are_large_and_differ_much():
    wide = plots.pareto(POINTS, [(100, 0.02)], "parameters").axes[0]
    near = plots.pareto({"GRU": ([1.0, 2.0], [0.1, 0.2])}, [(1.0, 0.1)], "seconds").axes[0]
    small = plots.pareto({"GRU": ([0.1, 1.2], [0.1, 0.2])}, [(0.1, 0.1)], "seconds").axes[0]
    scales = [axis.get_xscale() for axis in (wide, near, small)]
    assert scales == ["log", "linear", "linear"]
    assert "baseline" not in drawn(near)


def test_update_gates_run_from_the_unit_that_keeps_most_to_the_one_that_keeps_least():
    gates = np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]])  # (time, units)
    axis = plots.update_gates(gates, [0, 1, 0]).axes[0]
    image = axis.get_images()[0]
    np.testing.assert_allclose(image.get_array(), [[0.9, 0.8, 0.7], [0.1, 0.2, 0.3]])
    assert image.get_clim() == (0, 1)
    assert list(drawn(axis)["marked"].get_xdata()) == [1]
