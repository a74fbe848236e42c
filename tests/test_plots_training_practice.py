"""The figures of chapter 9 show the numbers that they are given."""

import numpy as np

from rnncourse import plots


def drawn(axis):
    """The lines of an axis that have a name in its legend, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def test_padded_steps_are_grey_and_real_steps_are_not():
    x = np.array([[1, 2, 0], [2, 0, 0]])
    mask = np.array([[True, True, False], [True, False, False]])
    axis = plots.padded_batches({"post-padding": x}, {"post-padding": mask}).axes[0]
    assert axis.get_title(loc="left") == "post-padding"
    assert [text.get_text() for text in axis.texts] == ["1", "2", "0", "2", "0", "0"]
    sky = [square.get_facecolor()[2] > square.get_facecolor()[0] for square in axis.patches]
    assert sky == mask.ravel().tolist()


def test_two_paddings_are_drawn_one_below_the_other_with_a_legend():
    x, mask = np.ones((2, 4)), np.ones((2, 4), bool)
    figure = plots.padded_batches({"post": x, "pre": x}, {"post": mask, "pre": mask})
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["post", "pre"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["real step", "padding"]


def test_a_fading_memory_counts_steps_from_one_and_marks_the_padding():
    figure = plots.fading_memory({"no mask": [1, 0.5, 0.1, 0.0], "mask": [1, 0.5, 0.5, 0.5]}, 2)
    axis = figure.axes[0]
    lines = drawn(axis)
    np.testing.assert_array_equal(lines["no mask"].get_ydata(), [1, 0.5, 0.1, np.nan])
    assert list(lines["mask"].get_xdata()) == [1, 2, 3, 4]
    assert axis.get_yscale() == "log"
    assert axis.patches[0].get_x() == 2.5


def test_dropout_masks_have_a_row_for_each_unit_and_share_their_colours():
    naive = np.arange(12.0).reshape(4, 3)  # (time, units)
    figure = plots.dropout_masks({"naive": naive, "variational": np.ones((4, 3))})
    images = [axis.images[0] for axis in figure.axes if axis.images]
    np.testing.assert_array_equal(images[0].get_array(), naive.T)
    assert [image.get_clim() for image in images] == [(0, 11), (0, 11)]


def test_early_stopping_marks_the_best_epoch_and_the_last_one():
    axis = plots.early_stopping([3, 2, 1, 0.5], [3, 2, 2.5, 2.6], 1, 3).axes[0]
    lines = drawn(axis)
    assert list(lines["training"].get_ydata()) == [3, 2, 1, 0.5]
    assert list(lines["validation"].get_xdata()) == [0, 1, 2, 3]
    best = lines["best epoch, 1"]
    assert (list(best.get_xdata()), list(best.get_ydata())) == ([1], [2])
    assert list(lines["stop, epoch 3"].get_xdata()) == [3, 3]


def test_loss_curves_leave_out_what_is_not_finite_and_show_a_level():
    axis = plots.loss_curves({"a": [0.7, np.inf, 0.5]}, 0.693, "guessing").axes[0]
    lines = drawn(axis)
    np.testing.assert_array_equal(lines["a"].get_ydata(), [0.7, np.nan, 0.5])
    assert set(lines["guessing"].get_ydata()) == {0.693}
    assert axis.get_ylim()[0] == 0
    assert plots.loss_curves({"a": [1.0, 0.1]}, log=True).axes[0].get_yscale() == "log"


def test_the_cost_of_padding_is_stacked_on_the_real_steps():
    figure = plots.padding_cost({"batch by batch": [[30, 10], [20, 5]], "in buckets": [[9, 1]]})
    real, padded = figure.axes[0].containers
    assert [bar.get_height() for bar in real] == [30, 20]
    assert [(bar.get_y(), bar.get_height()) for bar in padded] == [(30, 10), (20, 5)]
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["batch by batch", "in buckets"]
