"""The figures of chapter 3 show the numbers that they are given."""

import numpy as np
import pytest

from rnncourse import plots

RNG = np.random.default_rng(3)


def drawn(axis):
    """The lines of an axis that have a name in its legend, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def panel(figure, title):
    return next(axis for axis in figure.axes if axis.get_title(loc="left").startswith(title))


def test_descent_draws_every_step_on_its_own_panel():
    weights = np.array([-1.0, 0.0, 1.0, 2.0])
    paths = {"slow": ([0, 0.5, 0.75], [1, 0.25, 0.06]), "fast": ([0, 2, 0], [1, 1, 1])}
    figure = plots.descent_paths(weights, (weights - 1) ** 2, paths)
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["slow", "fast"]
    for axis, (places, losses) in zip(figure.axes, paths.values(), strict=True):
        curve, steps = axis.get_lines()
        np.testing.assert_array_equal(curve.get_ydata(), (weights - 1) ** 2)
        np.testing.assert_array_equal(steps.get_xdata(), places)
        np.testing.assert_array_equal(steps.get_ydata(), losses)


def test_a_target_stands_one_step_after_the_series_that_a_network_sees():
    clean = RNG.normal(size=(2, 6))
    x, y = clean[:, :5, None] + 0.1, clean[:, 5:] - 0.1
    figure = plots.noisy_series(x, y, clean)
    assert len(figure.axes) == 2
    for row, axis in enumerate(figure.axes):
        lines = drawn(axis)
        np.testing.assert_allclose(lines["what the network sees"].get_ydata(), x[row, :, 0])
        np.testing.assert_allclose(lines["wave without noise"].get_ydata(), clean[row])
        assert list(lines["target"].get_xdata()) == [6]
        np.testing.assert_allclose(lines["target"].get_ydata(), y[row])


def test_learning_curves_count_epochs_from_one_and_show_their_levels():
    curves = {"training": [0.4, 0.2, 0.1], "validation": [0.5, 0.3, 0.2]}
    axis = plots.learning_curves(curves, {"noise floor": 0.05}).axes[0]
    lines = drawn(axis)
    assert list(lines["training"].get_xdata()) == [1, 2, 3]
    assert list(lines["validation"].get_ydata()) == [0.5, 0.3, 0.2]
    assert axis.get_yscale() == "log"
    assert [text.get_text() for text in axis.texts] == ["noise floor"]
    assert any(np.allclose(line.get_ydata(), 0.05) for line in axis.get_lines())


def test_a_sequence_of_outputs_is_a_heat_map_of_features_by_time():
    values = RNG.normal(size=(7, 3))  # (time, features)
    axis = panel(plots.layer_activations({"reader": values}), "reader, (7, 3)")
    (image,) = axis.get_images()
    np.testing.assert_allclose(image.get_array(), values.T)
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("time step", "feature")


def test_an_output_of_the_last_step_is_bars():
    values = np.array([0.5, -0.25, 1.0])
    axis = panel(plots.layer_activations({"summary": values}), "summary, (3,)")
    assert not axis.get_images()
    assert [bar.get_height() for bar in axis.patches] == values.tolist()


def test_all_heat_maps_share_one_scale_that_parts_at_zero():
    maps = {"a": RNG.normal(size=(4, 2)), "b": 5 * RNG.normal(size=(4, 2))}
    figure = plots.layer_activations(maps)
    limits = {axis.get_images()[0].get_clim() for axis in figure.axes if axis.get_images()}
    largest = np.abs(maps["b"]).max()
    assert limits == {(-largest, largest)}


def test_the_sequence_stands_above_its_feature_maps():
    figure = plots.layer_activations({"a": np.ones((4, 2))}, x=[1, 2, 3, 4])
    above = figure.axes[0]
    assert above.get_title(loc="left") == "input"
    assert list(above.get_lines()[0].get_ydata()) == [1, 2, 3, 4]
    assert above.get_xlim() == panel(figure, "a").get_xlim()


@pytest.mark.parametrize("shape", [(), (2, 3, 4)])
def test_an_output_of_another_kind_is_refused_by_name_and_shape(shape):
    outputs = {"fine": np.zeros((4, 2)), "folded": np.zeros(shape)}
    with pytest.raises(ValueError, match="folded") as caught:
        plots.layer_activations(outputs)
    assert str(shape) in str(caught.value)


def test_outputs_that_are_all_zero_can_be_drawn():
    assert plots.layer_activations({"a": np.zeros((4, 2)), "b": np.zeros(3)}).axes


def test_contents_draw_every_seed_of_every_network():
    shares = {
        name: {kind: RNG.random((3, 4)) for kind in ("trained", "untrained", "random biases")}
        for name in ("value", "slope", "noise", "period")
    }
    figure = plots.layer_contents(shares, ["input", "1", "2", "3"])
    for name, networks in shares.items():
        axis = panel(figure, name)
        lines = [line for line in axis.get_lines() if line.get_label() in networks]
        for kind, rows in networks.items():
            got = [line.get_ydata() for line in lines if line.get_label() == kind]
            np.testing.assert_allclose(got, rows)
        marks = {line.get_label(): line.get_marker() for line in lines}
        assert len(set(marks.values())) == len(networks)  # not told apart by colour alone
    below = figure.axes[-1]  # the panels share their axis; the lowest ones have its labels
    assert [label.get_text() for label in below.get_xticklabels()] == ["input", "1", "2", "3"]
