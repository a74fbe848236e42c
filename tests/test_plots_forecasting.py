"""The figures of chapter 10 show the numbers that they are given."""

import numpy as np

from rnncourse import plots


def drawn(axis):
    """The lines of an axis that have a name, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def test_each_series_has_a_panel_over_its_own_times():
    first, second = plots.measured_series(
        {"spots": ([1700, 1701], [5, 11]), "sea (degrees)": ([1950, 1951, 1952], [1, np.nan, 3])}
    ).axes
    assert first.get_title(loc="left") == "spots"
    assert list(first.get_lines()[0].get_xdata()) == [1700, 1701]
    assert list(first.get_lines()[0].get_ydata()) == [5, 11]
    assert np.isnan(second.get_lines()[0].get_ydata()[1])
    assert second.get_xlabel() == "year"


def test_errors_are_drawn_by_horizon_with_the_spread_of_the_seeds():
    errors = {"naive": [1.0, 2.0, 3.0], "GRU": [[1.0, 1.0, 2.0], [2.0, 3.0, 2.0]]}
    figure = plots.error_by_horizon(errors, "RMSE (MW)", "hours ahead")
    axis = figure.axes[0]
    lines = drawn(axis)
    assert list(lines["naive"].get_xdata()) == [1, 2, 3]
    assert list(lines["naive"].get_ydata()) == [1, 2, 3]
    assert list(lines["GRU"].get_ydata()) == [1.5, 2, 2]
    assert len(axis.collections) == 1  # a band for the seeds, none for a single row
    corners = axis.collections[0].get_paths()[0].vertices
    assert {(1, 1), (1, 2), (2, 1), (2, 3)} <= {tuple(corner) for corner in corners.tolist()}
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("hours ahead", "RMSE (MW)")
    assert axis.get_ylim()[0] == 0


def test_a_fan_begins_where_the_past_ends():
    axis = plots.forecast_fan([7, 8, 9], [4, 5], [6, 6], [5, 3], [7, 9], "degrees").axes[0]
    lines = drawn(axis)
    assert list(lines["past"].get_xdata()) == [-2, -1, 0]
    assert list(lines["past"].get_ydata()) == [7, 8, 9]
    assert list(lines["forecast"].get_xdata()) == [1, 2]
    assert list(lines["what came"].get_ydata()) == [4, 5]
    corners = axis.collections[0].get_paths()[0].vertices.tolist()
    assert {(1, 5), (2, 3), (2, 9), (1, 7)} <= {tuple(corner) for corner in corners}


def test_a_forecast_is_shown_as_levels_and_as_changes():
    above, below = plots.levels_and_changes([10, 12, 11], [10, 13], shown=2).axes
    lines = drawn(above)
    assert list(lines["price"].get_xdata()) == list(lines["forecast"].get_xdata()) == [1, 2]
    assert list(lines["price"].get_ydata()) == [12, 11]
    assert list(lines["forecast"].get_ydata()) == [10, 13]
    dots = drawn(below)["a day"]
    assert list(dots.get_xdata()) == [2, -1]
    assert list(dots.get_ydata()) == [0, 1]
    perfect = drawn(below)["a perfect forecast"]
    assert list(perfect.get_xdata()) == list(perfect.get_ydata()) == [-2, 2]


def test_alarms_are_drawn_under_the_readings_with_the_broken_hours_in_grey():
    above, below = plots.fault_alarms(
        [1, 2, 2, 2], [1, 2, 3, 4], [0, 0, 1, 2], 1.5, [False, False, True, True], "degrees"
    ).axes
    assert list(drawn(above)["measured"].get_ydata()) == [1, 2, 2, 2]
    assert list(drawn(above)["expected"].get_ydata()) == [1, 2, 3, 4]
    assert list(drawn(below)["score"].get_ydata()) == [0, 0, 1, 2]
    assert set(drawn(below)["threshold"].get_ydata()) == {1.5}
    for axis in (above, below):
        (grey,) = axis.patches
        assert (grey.get_x(), grey.get_x() + grey.get_width()) == (1.5, 3.5)
    assert above.get_ylabel() == "degrees"


def test_roc_curves_stand_beside_a_coin():
    axis = plots.roc_curves({"good": ([0, 0, 1], [0, 1, 1]), "bad": ([0, 1], [0, 0.5])}).axes[0]
    lines = drawn(axis)
    assert list(lines["good"].get_xdata()) == [0, 0, 1]
    assert list(lines["good"].get_ydata()) == [0, 1, 1]
    assert list(lines["bad"].get_ydata()) == [0, 0.5]
    assert list(lines["a coin"].get_xdata()) == list(lines["a coin"].get_ydata()) == [0, 1]
