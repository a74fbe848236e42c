"""The figures of chapter 8 show the numbers that they are given."""

import numpy as np
import pytest

from rnncourse import plots


def drawn(axis):
    """The lines of an axis that have a name in its legend, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def texts(axis):
    return [text.get_text() for text in axis.texts if text.get_text()]


def test_two_chains_show_every_value_in_the_order_of_time():
    axis = plots.two_chains([1, 0, 2], [0.76, 0.36, 0.97], [0.82, -0.64, 0.76]).axes[0]
    said = texts(axis)
    where = {text.get_text(): text.get_position() for text in axis.texts if text.get_text()}
    assert len(axis.patches) == 9
    assert {"1", "0", "2", "0.36", "0.97", "0.82", "−0.64"} <= set(said)
    assert where["0.82"][0] == where["1"][0] == where["step 1"][0]
    assert where["0.82"][1] > where["1"][1] > where["0.36"][1]


def test_the_arrows_of_the_two_chains_point_in_opposite_directions():
    axis = plots.two_chains([1, 0, 2], [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]).axes[0]
    arrows = [(note.xyann, note.xy) for note in axis.texts if hasattr(note, "xyann")]
    level = [(start, end) for start, end in arrows if start[1] == end[1]]
    assert len(arrows) == 3 * 2 + 2 * 2
    top = max(start[1] for start, _ in level)
    assert all((end[0] < start[0]) == (start[1] == top) for start, end in level)


def test_a_tagged_sequence_rings_the_truth_and_crosses_out_what_is_wrong():
    numbers, truth = [0.1, 0.9, 0.3, 0.7, 0.2], [0, 1, 0, 1, 0]
    tags = {"first": [0, 1, 0, 0, 0], "second": [1, 1, 0, 1, 1]}
    above, below = plots.tagged_sequence(numbers, truth, tags).axes
    ringed = drawn(above)["local maximum"]
    assert list(ringed.get_xdata()) == [2, 4]
    assert list(ringed.get_ydata()) == [0.9, 0.7]
    crosses = drawn(below)
    assert list(crosses["truth"].get_xdata()) == []
    assert list(crosses["first"].get_xdata()) == [4]
    assert list(crosses["second"].get_xdata()) == [1, 5]
    filled = [patch for patch in below.patches if patch.get_facecolor()[:3] != (1, 1, 1)]
    assert len(filled) == 2 + 1 + 4
    assert [label.get_text() for label in below.get_yticklabels()] == ["truth", "first", "second"]


def test_what_a_network_sees_is_drawn_relative_to_the_largest():
    first, second = np.tril(np.ones((4, 4))) * 3, np.triu(np.arange(16.0).reshape(4, 4))
    figure = plots.what_it_sees({"forward": first, "backward": second})
    left, right, bar = figure.axes
    np.testing.assert_allclose(left.images[0].get_array(), first / 3)
    np.testing.assert_allclose(right.images[0].get_array(), second / 15)
    assert left.images[0].get_clim() == right.images[0].get_clim() == (0, 1)
    assert [axis.get_title(loc="left") for axis in (left, right)] == ["forward", "backward"]
    assert [label.get_text() for label in left.get_xticklabels()] == ["1", "4"]
    assert "largest" in bar.get_ylabel()


def test_accuracy_by_step_counts_from_one_and_shows_the_ceiling():
    curves = {"one": [1, 0.86, 0.87, 0.7], "two": [1, 0.98, 0.99, 1]}
    lines = drawn(plots.accuracy_by_step(curves, [1, 0.875, 0.875, 1]).axes[0])
    assert list(lines["causal ceiling"].get_ydata()) == [1, 0.875, 0.875, 1]
    assert list(lines["one"].get_xdata()) == [1, 2, 3, 4]
    assert list(lines["two"].get_ydata()) == [1, 0.98, 0.99, 1]


def test_responses_draw_a_panel_for_each_input_that_moves():
    panels = {
        "now": {"layer 1": [0.1, 0.2, 0.3], "layer 2": [0.3, 0.1, 0.3]},
        "before": {"layer 1": [0.2, 0.2, 0.1], "layer 2": [0.0, 0.1, 0.0]},
    }
    now, before = plots.responses([-1, 0, 1], panels).axes
    assert list(drawn(now)["layer 2"].get_ydata()) == [0.3, 0.1, 0.3]
    assert list(drawn(before)["layer 1"].get_xdata()) == [-1, 0, 1]
    assert before.get_title(loc="left") == "before"


def test_accuracy_by_seed_marks_every_seed_of_every_network():
    found = {"1 × 20": [0.95, 0.94, 0.96], "3 × 20": [0.97, 0.96, 0.98]}
    axis = plots.accuracy_by_seed(found, {"similar": 0.99, "least squares": 0.93}, "size").axes[0]
    marks = [
        (line.get_xdata()[0], line.get_ydata()[0])
        for line in axis.get_lines()
        if line.get_label().startswith("_")
    ]
    assert [value for _, value in marks] == [0.95, 0.94, 0.96, 0.97, 0.96, 0.98]
    assert [round(place) for place, _ in marks] == [0, 0, 0, 1, 1, 1]
    assert len({place for place, _ in marks}) == 6  # equal values do not hide each other
    assert drawn(axis)["similar"].get_ydata()[0] == 0.99
    assert [label.get_text() for label in axis.get_xticklabels()] == ["1 × 20", "3 × 20"]


def test_costs_are_drawn_relative_to_the_smallest_size():
    panels = {"layers": {4: 9.0, 1: 2.0, 2: 4.0}, "time steps": {100: 1.0, 300: 3.0}}
    left, right = plots.cost_growth(panels).axes
    assert list(drawn(left)["measured"].get_xdata()) == [1, 2, 4]
    assert drawn(left)["measured"].get_ydata() == pytest.approx([1, 2, 4.5])
    assert drawn(right)["in proportion"].get_ydata() == pytest.approx([1, 3])
