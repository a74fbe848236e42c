"""The figures of chapter 14 show the numbers that they are given."""

import numpy as np

from rnncourse import plots


def named(axis):
    """The lines of an axis that have a name, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def texts(axis):
    return [text.get_text() for text in axis.texts]


def test_a_sound_and_its_spectrogram_share_their_seconds():
    signal, power = np.sin(np.arange(800)), np.arange(12.0).reshape(4, 3)  # (frames, bins)
    figure = plots.sound_and_spectrogram(signal, power, 8000, 200, [("a", 0.02), ("k", 0.07)])
    above, below = figure.axes[:2]
    np.testing.assert_allclose(above.get_lines()[0].get_xdata()[[0, -1]], [0, 799 / 8000])
    assert texts(above) == ["a", "k"]
    assert [text.get_position()[0] for text in above.texts] == [0.02, 0.07]
    image = below.get_images()[0]
    np.testing.assert_array_equal(image.get_array(), power.T)
    assert image.get_extent() == [0, 0.1, 0, 4.0]
    assert image.origin == "lower"


def test_each_mel_band_is_a_line_over_its_frequencies():
    weights = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])  # (bins, bands)
    lines = plots.mel_filter_bank(weights, [0, 1000, 2000]).axes[0].get_lines()
    assert [list(line.get_ydata()) for line in lines] == [[1, 0.5, 0], [0, 0.5, 1]]
    assert list(lines[0].get_xdata()) == [0, 1, 2]
    assert lines[0].get_linestyle() != lines[1].get_linestyle()


def test_the_lattice_has_a_row_for_each_place_and_a_column_for_each_frame():
    values = np.array([[1.0, 0.0, 0.0], [0.2, 0.8, 0.0]])  # (frames, places)
    axis = plots.ctc_lattice(values, ["-", "a", "-"], "share").axes[0]
    np.testing.assert_allclose(axis.get_images()[0].get_array(), values.T)
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ["-", "a", "-"]
    assert axis.get_xlabel() == "frame"


def test_spikes_are_named_at_their_peaks_above_what_is_said():
    table = np.zeros((5, 3))  # (frames, classes)
    table[:, 1] = [0.1, 0.8, 0.0, 0.4, 0.2]
    table[2, 2] = 0.2
    above, below = plots.ctc_spikes(table, "-am", [0, 1, 1, 0, 0], 0.5).axes
    lines = named(above)
    assert set(lines) == {"blank", "a"}  # m never rises above 0.3
    np.testing.assert_allclose(lines["a"].get_ydata(), table[:, 1])
    peaks = [(text.get_text(), text.get_position()[0]) for text in above.texts]
    assert peaks == [("a", 0.5), ("a", 1.5)]
    assert [(text.get_text(), text.get_position()[0]) for text in below.texts] == [("a", 1.0)]
    assert len(below.patches) == 1


def test_errors_are_drawn_as_a_mean_line_and_a_dot_for_each_seed():
    curves = {"network": [[0.1, 0.4], [0.3, 0.6]], "template": [0.5, 0.9]}
    axis = plots.error_against_noise(curves, [10, 0], "says nothing").axes[0]
    lines = named(axis)
    np.testing.assert_allclose(lines["network"].get_ydata(), [0.2, 0.5])
    np.testing.assert_allclose(lines["template"].get_ydata(), [0.5, 0.9])
    assert set(lines["says nothing"].get_ydata()) == {1.0}
    dots = [list(line.get_ydata()) for line in axis.get_lines() if line.get_linestyle() == "None"]
    assert dots == [[0.1, 0.4], [0.3, 0.6], [0.5, 0.9]]


def test_a_spotters_scores_stand_under_the_words_with_the_threshold():
    axis = plots.wake_scores([0.1, 0.9, 0.2], 0.5, [("kumo", 0.03)], 0.02).axes[0]
    lines = named(axis)
    np.testing.assert_allclose(lines["network"].get_xdata(), [0, 0.02, 0.04])
    np.testing.assert_allclose(lines["network"].get_ydata(), [0.1, 0.9, 0.2])
    assert set(lines["threshold"].get_ydata()) == {0.5}
    assert texts(axis) == ["kumo"]
