"""The figures of chapter 1: is what they draw what they were given?"""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from rnncourse import plots

YEARS = np.arange(2001, 2011)
SERIES = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0])


def _texts(axis):
    return [text.get_text() for text in axis.texts]


def _squares(axis):
    return [patch for patch in axis.patches if isinstance(patch, Rectangle)]


def test_are_the_series_and_its_shuffle_drawn_on_the_same_scale():
    above, below = plots.series_and_shuffle(YEARS, SERIES, SERIES[::-1], ylabel="flow").axes
    assert above.lines[0].get_xdata().tolist() == YEARS.tolist()
    assert above.lines[0].get_ydata().tolist() == SERIES.tolist()
    assert below.lines[0].get_ydata().tolist() == SERIES[::-1].tolist()
    assert above.get_ylim() == below.get_ylim()


def test_is_each_value_drawn_against_the_one_after_it():
    panels = plots.lag_scatter({"in order": SERIES, "turned": SERIES[::-1]}).axes
    for axis, series in zip(panels, (SERIES, SERIES[::-1]), strict=True):
        points = axis.collections[0].get_offsets().tolist()
        assert points == [list(pair) for pair in pairwise(series)]
    assert [axis.get_title("left") for axis in panels] == ["in order", "turned"]


@pytest.mark.parametrize(("steps", "features"), [(4, 3), (2, 5)])
def test_does_the_front_sheet_of_a_batch_show_every_index(steps, features):
    axis = plots.batch_shape(steps, features).axes[0]
    for step in range(steps):
        for feature in range(features):
            assert f"0,{step},{feature}" in _texts(axis)
    assert {"samples", "steps (time)", "features"} <= set(_texts(axis))
    assert len(_squares(axis)) == 3 * steps * features


def test_does_each_sample_lie_one_step_further_on_and_end_with_its_target():
    axis = plots.sliding_windows([10, 20, 30, 40, 50], steps=3).axes[0]
    rows: dict[float, list] = {}
    for square in _squares(axis):
        rows.setdefault(-square.get_y() - 1, []).append(square)
    assert sorted(rows) == [0, 1, 2]
    for sample in (0, 1):
        squares = sorted(rows[sample + 1], key=lambda square: square.get_x())
        assert [square.get_x() for square in squares] == [
            sample,
            sample + 1,
            sample + 2,
            sample + 3,
        ]
        colours = [to_hex(square.get_facecolor()).upper() for square in squares]
        assert colours == [plots.PALETTE["sky"]] * 3 + [plots.PALETTE["orange"]]
    assert [text for text in _texts(axis) if text.isdigit()] == [
        *("10", "20", "30", "40", "50"),
        *("10", "20", "30", "40"),
        *("20", "30", "40", "50"),
    ]


def test_do_the_patterns_have_the_inputs_and_outputs_that_their_names_say():
    figure = plots.sequence_patterns()
    counts = {}
    for axis in figure.axes[:5]:
        markers = [line.get_marker() for line in axis.lines]
        counts[axis.get_title().split(":")[-1].strip()] = (markers.count("o"), markers.count("^"))
    assert counts == {
        "one-to-one": (1, 1),
        "one-to-many": (1, 3),
        "many-to-one": (3, 1),
        "an output a step": (3, 3),
        "read, then write": (3, 3),
    }


def test_do_splits_draw_each_part_with_its_own_marker():
    parts = (np.array([0, 1, 2, 3, 4]), np.array([5, 6]), np.array([7, 8, 9]))
    figure = plots.splits(YEARS, SERIES, {"in time": parts, "turned": parts[::-1]})
    for axis, drawn in zip(figure.axes, (parts, parts[::-1]), strict=True):
        lines = axis.lines[1:]  # the first one is the thin line below the markers
        assert [line.get_label() for line in lines] == ["train", "validation", "test"]
        assert len({line.get_marker() for line in lines}) == 3
        for line, indices in zip(lines, drawn, strict=True):
            assert line.get_xdata().tolist() == YEARS[indices].tolist()
            assert line.get_ydata().tolist() == SERIES[indices].tolist()


def test_is_a_part_of_a_split_without_steps_left_out():
    none = np.array([], dtype=int)
    figure = plots.splits(YEARS, SERIES, {"in time": (np.arange(7), none, np.arange(7, 10))})
    assert [line.get_label() for line in figure.axes[0].lines[1:]] == ["train", "test"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["train", "test"]


def test_do_the_weights_stand_oldest_first_above_their_distance_from_the_target():
    weights = {"plain": [0.1, -0.2, 0.9], "memory": [0.2, 0.3, 0.5]}
    axis = plots.step_weights(weights).axes[0]
    for bars, values in zip(axis.containers, weights.values(), strict=True):
        assert [bar.get_height() for bar in bars] == values
        assert [round(bar.get_center()[0]) for bar in bars] == [-3, -2, -1]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["3", "2", "1"]


@pytest.mark.parametrize(
    "figure",
    [
        plots.series_and_shuffle(YEARS, SERIES, SERIES),
        plots.lag_scatter({"a": SERIES, "b": SERIES}),
        plots.batch_shape(4, 3),
        plots.sliding_windows(SERIES, 4),
        plots.sequence_patterns(),
        plots.step_weights({"a": [0.1, 0.9]}),
    ],
)
def test_is_every_figure_five_inches_wide(figure):
    assert figure.get_figwidth() == 5
