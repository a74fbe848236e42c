"""The figures of chapter 5 show the numbers that they are given."""

import numpy as np
import pytest

from rnncourse import plots


def named(axis):
    """The lines of an axis that have a name in its legend, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def legend_texts(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_norms_are_drawn_by_lag_from_zero_on_a_logarithmic_scale():
    norms = {"linear": {"0.5": [1, 0.5, 0.25]}, "tanh": {"0.5": [1, 0.4, 0.0]}}
    figure = plots.norms_by_lag(norms)
    above, below = figure.axes
    assert above.get_yscale() == below.get_yscale() == "log"
    assert list(named(above)["0.5"].get_xdata()) == [0, 1, 2]
    assert list(named(above)["0.5"].get_ydata()) == [1, 0.5, 0.25]
    np.testing.assert_array_equal(named(below)["0.5"].get_ydata(), [1, 0.4, np.nan])
    assert above.get_ylim() == below.get_ylim()
    assert legend_texts(figure) == ["0.5"]


def test_one_panel_of_norms_is_a_figure_too():
    (axis,) = plots.norms_by_lag({"all": {"a": [1, 2], "b": [1, 3]}}).axes
    assert [line.get_linestyle() for line in named(axis).values()] == ["-", "--"]


def test_eigenvalues_stand_in_the_complex_plane_beside_the_unit_circle():
    axis = plots.eigenvalue_circles({"turn": np.array([0.9j, -0.9j]), "real": [0.5, -2]}).axes[0]
    lines = named(axis)
    assert list(lines["turn"].get_xdata()) == [0, 0]
    assert list(lines["turn"].get_ydata()) == [0.9, -0.9]
    assert list(lines["real"].get_xdata()) == [0.5, -2]
    circle = lines["absolute value 1"]
    np.testing.assert_allclose(np.hypot(circle.get_xdata(), circle.get_ydata()), 1)
    assert axis.get_aspect() == 1


def test_the_slopes_are_those_of_the_curves_above_them():
    above, below = plots.activation_slopes().axes
    for name, curve in named(above).items():
        a, value = curve.get_data()
        slope = named(below)[name].get_ydata()
        measured = (value[2:] - value[:-2]) / (a[2:] - a[:-2])
        apart = np.abs(a[1:-1]) > 0.02  # ReLU has a corner at 0
        np.testing.assert_allclose(slope[1:-1][apart], measured[apart], atol=1e-4)
    assert list(named(above)) == list(named(below)) == ["tanh", "sigmoid", "ReLU"]
    assert np.nanmax(named(below)["sigmoid"].get_ydata()) == pytest.approx(0.25)


def test_the_cliff_shows_the_loss_and_the_points_inside_the_map():
    w, b = np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0])
    paths = {"leaps": [[1, 0.5, 3.0], [9, 9, 4.0]], "stays": [[1, 0.5, 3.0], [1.5, 0.5, 1.0]]}
    chart, curve, _ = plots.loss_cliff(w, b, w + b, paths).axes
    np.testing.assert_array_equal(np.ravel(chart.collections[0].get_array()), np.ravel(w + b))
    np.testing.assert_array_equal(named(chart)["leaps"].get_xdata(), [1, np.nan])
    np.testing.assert_array_equal(named(chart)["stays"].get_xdata(), [1, 1.5])
    assert list(named(curve)["leaps"].get_ydata()) == [3, 4]
    assert list(named(curve)["stays"].get_ydata()) == [3, 1]
    assert chart.get_xlim() == (0, 2)


def test_an_arrow_says_where_a_path_leaves_the_map():
    w, b = np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0])
    chart = plots.loss_cliff(w, b, w + b, {"leaps": [[1, 0.5, 3.0], [1, 90, 4.0]]}).axes[0]
    (arrow,) = chart.texts
    assert arrow.xyann == (1, 0.5)
    assert arrow.xy[0] == 1
    assert arrow.xy[1] > 0.5
    stays = plots.loss_cliff(w, b, w + b, {"stays": [[1, 0.5, 3.0], [1, 1, 4.0]]}).axes[0]
    assert not stays.texts


def test_clipped_gradients_are_lines_from_the_origin_to_their_two_numbers():
    axis = plots.clipped_arrows({"gradient": [4.0, 0.5], "by value": [1.0, 0.5]}).axes[0]
    lines = named(axis)
    assert list(lines["gradient"].get_xdata()) == [0, 4]
    assert list(lines["gradient"].get_ydata()) == [0, 0.5]
    assert list(lines["by value"].get_xdata()) == [0, 1]
    assert axis.get_aspect() == 1  # or the angles would lie


def test_every_seed_has_a_dot_near_its_group():
    results = {
        "plain": {0.5: [0.5, 0.4, 0.6], 1.5: [0.1, 0.2, 0.3]},
        "clipped": {0.5: [0.5, 0.5, 0.5], 1.5: [1.0, 0.9, 0.8]},
    }
    axis = plots.accuracy_dots(results, chance=0.5, xlabel="radius").axes[0]
    lines = named(axis)
    assert list(lines["plain"].get_ydata()) == [0.5, 0.4, 0.6, 0.1, 0.2, 0.3]
    assert list(lines["clipped"].get_ydata()) == [0.5, 0.5, 0.5, 1.0, 0.9, 0.8]
    for name in results:
        assert list(np.round(lines[name].get_xdata())) == [0, 0, 0, 1, 1, 1]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["0.5", "1.5"]
    assert list(lines["chance"].get_ydata()) == [0.5, 0.5]
