"""The figures of chapter 12 show the numbers that they are given."""

import numpy as np

from rnncourse import plots

RESULTS = {
    "bag of words": {"plain": [1.0], "order": [0.5]},
    "LSTM": {"plain": [1.0, 0.9], "order": [0.98, 0.95]},
}


def drawn(axis):
    """The lines of an axis that have a name, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def test_every_run_has_a_mark_in_the_row_of_its_classifier():
    axis = plots.accuracy_by_set(RESULTS).axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["bag of words", "LSTM"]
    lines = drawn(axis)
    assert list(lines["plain"].get_xdata()) == [1.0, 1.0, 0.9]
    assert list(lines["order"].get_xdata()) == [0.5, 0.98, 0.95]
    assert [round(y) for y in lines["order"].get_ydata()] == [0, 1, 1]
    assert set(lines["guessing"].get_xdata()) == {0.5}
    assert lines["plain"].get_marker() != lines["order"].get_marker()


def test_an_accuracy_near_zero_is_inside_the_figure():
    axis = plots.accuracy_by_set({"LSTM": {"inverted": [0.02]}}).axes[0]
    assert axis.get_xlim()[0] < 0.02


def test_words_run_from_the_largest_position_to_the_smallest():
    places = {"good words": np.array([0.2, 1.0]), "bad words": [-0.9, 0.5]}
    words = {"good words": ["fine", "nice"], "bad words": ["dull", "poor"]}
    axis = plots.polarity_axis(places, words).axes[0]
    names = [label.get_text() for label in axis.get_yticklabels()]
    assert names == ["nice", "poor", "fine", "dull"]
    assert axis.get_ylim()[0] > axis.get_ylim()[1]  # row 0 is at the top
    lines = drawn(axis)
    assert list(lines["good words"].get_xdata()) == [1.0, 0.2]
    assert list(lines["good words"].get_ydata()) == [0, 2]
    assert list(lines["bad words"].get_xdata()) == [0.5, -0.9]
    assert list(lines["bad words"].get_ydata()) == [1, 3]


def test_the_running_score_has_a_value_for_every_word():
    figure = plots.running_score({("not", "good"): [-0.5, -2.0], ("fine",): [3.0]})
    above, below = figure.axes
    assert [label.get_text() for label in above.get_xticklabels()] == ["not", "good"]
    assert list(above.get_lines()[1].get_ydata()) == [-0.5, -2.0]
    assert list(below.get_lines()[1].get_ydata()) == [3.0]
    assert above.get_ylim() == below.get_ylim()


def test_word_effects_are_bars_in_the_order_of_the_words():
    axis = plots.word_effects(["not", "very", "good"], [-4.0, 0.5, 3.0]).axes[0]
    widths = {round(bar.get_y() + bar.get_height() / 2): bar.get_width() for bar in axis.patches}
    assert widths == {0: -4.0, 1: 0.5, 2: 3.0}
    assert [label.get_text() for label in axis.get_yticklabels()] == ["not", "very", "good"]
    assert axis.get_ylim()[0] > axis.get_ylim()[1]  # the first word is at the top


def test_a_confusion_matrix_counts_the_four_kinds():
    truth, guess = [1, 1, 1, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0, 0]
    figure = plots.confusion_matrices(
        {"never": (truth, [0] * 7), "LSTM": (truth, guess)}, ("complaint", "none")
    )
    counts = [[int(text.get_text()) for text in axis.texts] for axis in figure.axes]
    assert counts == [[0, 3, 0, 4], [1, 2, 1, 3]]  # TP, FN, FP, TN
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["never", "LSTM"]
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["complaint", "none"]
