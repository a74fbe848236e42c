"""The figures of chapter 4: is what they draw what they were given?"""

import numpy as np
import pytest

from rnncourse import plots


def named(axis):
    """The lines of an axis that have a name in its legend, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def graph(time=3):
    x = np.array([1.0, 0.0, -1.5, 2.0, 0.5])[:time]
    rows = [np.round(np.linspace(low, low + 0.4, time), 4) for low in (0.11, 0.22, 0.33, 0.44)]
    a, h, dh, da = rows
    return plots.backward_values(x, a, h, dh, da, -da, 0.2862), (x, a, h, dh, da)


def test_does_the_graph_show_every_value_and_every_gradient():
    figure, (x, a, h, dh, da) = graph()
    texts = [text.get_text() for text in figure.axes[0].texts]
    for t in range(3):
        assert f"$x_{t + 1}$ = {x[t]:g}" in texts
        assert f"$a_{t + 1}$\n{a[t]:.4f}" in texts
        assert f"$h_{t + 1}$\n{h[t]:.4f}" in texts
        assert f"$dh_{t + 1}$\n{dh[t]:.4f}" in texts
        assert f"$da_{t + 1}$\n{da[t]:.4f}" in texts
        assert f"share of\n$dw_h$\n\N{MINUS SIGN}{da[t]:.4f}" in texts
    assert "$L$\n0.2862" in texts


def test_do_values_run_to_the_right_and_gradients_to_the_left():
    axis = graph()[0].axes[0]
    arrows = [text for text in axis.texts if getattr(text, "arrow_patch", None)]
    level = [arrow for arrow in arrows if arrow.xy[1] == arrow.xyann[1]]
    forward = [arrow for arrow in level if arrow.xy[0] > arrow.xyann[0]]
    backward = [arrow for arrow in level if arrow.xy[0] < arrow.xyann[0]]
    assert len(forward) == len(backward) == 3
    assert {arrow.arrow_patch.get_linestyle() for arrow in forward} <= {"-", "solid"}
    assert {arrow.arrow_patch.get_linestyle() for arrow in backward} <= {"--", "dashed"}


def test_is_a_state_written_between_its_step_and_the_next():
    axis = graph()[0].axes[0]
    at = {text.get_text().split("\n")[0]: text.get_position()[0] for text in axis.texts}
    assert at["$a_1$"] < at["$h_1$"] < at["$a_2$"]
    assert at["$h_1$"] == at["$dh_1$"]
    assert at["$a_3$"] < at["$h_3$"] < at["$L$"]


def test_is_a_graph_that_nobody_could_read_refused():
    with pytest.raises(ValueError, match="up to 4"):
        graph(time=5)


def test_are_the_errors_of_nudges_drawn_on_logarithmic_axes_without_zeros():
    axis = plots.nudge_errors([0.1, 0.01], {"forward": [0.2, 0.02], "central": [0.04, 0.0]}).axes[0]
    assert axis.get_xscale() == axis.get_yscale() == "log"
    lines = named(axis)
    assert list(lines["forward"].get_xdata()) == [0.1, 0.01]
    assert list(lines["forward"].get_ydata()) == [0.2, 0.02]
    np.testing.assert_array_equal(lines["central"].get_ydata(), [0.04, np.nan])


def test_does_the_blame_map_hide_the_future_and_name_tokens():
    values = np.array([[1.0, 9.0, 9.0], [0.5, 1.0, 9.0], [0.0, 0.25, 1.0]])
    figure = plots.blame_map(["one", ".", "two", "!"], {"k = 1": values, "k = 20": values / 2})
    maps = [axis for axis in figure.axes if axis.get_images()]
    assert [axis.get_title(loc="left") for axis in maps] == ["k = 1", "k = 20"]
    for axis, factor in zip(maps, (1, 2), strict=True):
        image = axis.get_images()[0]
        shown = np.ma.filled(np.ma.masked_invalid(image.get_array()), np.nan)
        expected = [[1, np.nan, np.nan], [0.5, 1, np.nan], [0, 0.25, 1]]
        np.testing.assert_array_equal(shown, np.array(expected) / factor)
        assert image.get_clim() == (0, 1)
        assert [tick.get_text() for tick in axis.get_xticklabels()] == ["one", ".", "two"]
        assert [tick.get_text() for tick in axis.get_yticklabels()] == [".", "two", "!"]


def test_do_accuracy_curves_show_the_mean_the_spread_and_the_baselines():
    runs = np.array([[0.4, 0.6, 0.7], [0.5, 0.6, 0.9]])  # (seeds, epochs)
    axis = plots.accuracy_curves({"k = 1": runs}, {"naive": 0.25}).axes[0]
    line = named(axis)["k = 1"]
    np.testing.assert_allclose(line.get_xdata(), [1, 2, 3])
    np.testing.assert_allclose(line.get_ydata(), [45, 60, 80])
    band = axis.collections[0].get_paths()[0].vertices
    for epoch, low, high in ((1, 40, 50), (2, 60, 60), (3, 70, 90)):
        heights = band[band[:, 0] == epoch, 1]
        assert heights.min() == pytest.approx(low)
        assert heights.max() == pytest.approx(high)
    assert list(named(axis)["naive"].get_ydata()) == [25, 25]
    assert axis.get_ylim() == (0, 100)


def test_does_the_cost_of_truncation_stand_below_its_error():
    errors = {"one": [0.8, 0.4, 0.0], "mean": [0.7, 0.3, 0.0]}
    above, below = plots.truncation_cost([1, 10, 100], errors, {"memory": [1, 10, 100]}).axes
    assert list(named(above)["one"].get_ydata()) == [0.8, 0.4, 0.0]
    assert list(named(above)["mean"].get_xdata()) == [1, 10, 100]
    assert above.get_ylim() == (0, 1)
    assert list(named(below)["memory"].get_ydata()) == [1, 10, 100]
    assert below.get_xscale() == "log"
    assert [tick.get_text() for tick in below.get_xticklabels()] == ["1", "10", "100"]
