"""The figures of chapter 15 show the numbers that they are given."""

import numpy as np

from rnncourse import plots


def drawn(axis):
    """The lines of an axis that have a name, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def test_a_piano_roll_has_a_bar_where_each_note_sounds_and_none_for_rests():
    notes = [(60, 2), (None, 3), (67, 1)]
    figure = plots.piano_rolls({"one": notes, "two": [(72, 4)]}, bar=2)
    first, second = figure.axes
    places = [(bar.get_x(), bar.get_y() + bar.get_height() / 2) for bar in first.patches]
    assert places == [(0, 60), (5, 67)]
    assert first.patches[0].get_width() > 1.5 > first.patches[1].get_width()
    assert first.get_ylim() == second.get_ylim() == (59, 73)
    assert (first.get_title(loc="left"), second.get_title(loc="left")) == ("one", "two")
    assert first.get_xlim() == (0, 6)
    assert "60 (C)" in [label.get_text() for label in first.get_yticklabels()]


def test_self_similarity_shows_both_matrices_and_the_form():
    left, right = np.eye(8), np.ones((8, 8))
    figure = plots.self_similarity({"tune": left, "noise": right}, "AB", bar=4)
    np.testing.assert_array_equal(figure.axes[0].get_images()[0].get_array(), left)
    np.testing.assert_array_equal(figure.axes[1].get_images()[0].get_array(), right)
    labels = [[text.get_text() for text in axis.get_xticklabels()] for axis in figure.axes]
    assert labels == [["A", "B"], ["1", "2"]]


def test_surprise_is_the_mean_of_the_seeds_over_the_floor():
    panels = {"A A": {"GRU": [[4.0, 1.0], [6.0, 3.0]]}, "A B": {"GRU": [[4.0, 5.0]]}}
    figure = plots.surprise_by_part(panels, {"A A": [4.0, 1.0], "A B": [4.0, 4.0]})
    lines = drawn(figure.axes[0])
    assert list(lines["GRU"].get_ydata()) == [5.0, 2.0]
    assert list(lines["floor"].get_ydata()) == [4.0, 1.0]
    assert list(drawn(figure.axes[1])["GRU"].get_ydata()) == [4.0, 5.0]
    ticks = [text.get_text() for text in figure.axes[1].get_xticklabels()]
    assert ticks == ["A", "B"]


def test_repetition_scores_show_the_mean_and_the_middle_of_each_kind():
    scores = {"music": np.linspace(0.4, 0.6, 101), "chance": np.zeros(5)}
    axis = plots.repetition_scores(scores).axes[0]
    bars = {bar.get_y() + bar.get_height() / 2: bar for bar in axis.patches}
    assert abs(bars[0].get_x() - 0.42) < 1e-9
    assert abs(bars[0].get_width() - 0.16) < 1e-9
    assert bars[1].get_width() == 0
    assert [text.get_text() for text in axis.get_yticklabels()] == ["music", "chance"]
    means = [lines.get_segments()[0][0][0] for lines in axis.collections]
    np.testing.assert_allclose(means, [0.5, 0.0])


def test_film_frames_shows_each_frame_in_its_place():
    films = {"E": np.random.default_rng(0).normal(size=(3, 4, 4)), "N": np.zeros((3, 4, 4))}
    figure = plots.film_frames(films)
    axes = np.array(figure.axes).reshape(2, 3)
    for number in range(3):
        shown = axes[0, number].get_images()[0]
        np.testing.assert_array_equal(shown.get_array(), films["E"][number])
        assert shown.get_clim() == (films["E"].min(), films["E"].max())
    assert [axis.get_ylabel() for axis in axes[:, 0]] == ["E", "N"]
    assert axes[0, 0].get_title(loc="left") == "frame 1"


def test_shares_are_the_mean_of_the_seeds_with_their_spread_and_chance():
    curves = {"GRU": [[0.2, 0.8], [0.4, 1.0]], "rule": [0.1, 0.9]}
    axis = plots.shares_by(curves, [1, 2], "frames", 0.125).axes[0]
    lines = drawn(axis)
    np.testing.assert_allclose(lines["GRU"].get_ydata(), [0.3, 0.9])
    np.testing.assert_allclose(lines["rule"].get_ydata(), [0.1, 0.9])
    assert set(lines["chance"].get_ydata()) == {0.125}
    spread = [segment[:, 1].tolist() for segment in axis.collections[0].get_segments()]
    np.testing.assert_allclose(spread, [[0.2, 0.4], [0.8, 1.0]])
    assert axis.get_xlabel() == "frames"
    assert "chance" not in drawn(plots.shares_by(curves, [1, 2], "frames").axes[0])


def test_directions_said_shows_what_was_moved_in_rows_and_what_was_said_in_columns():
    forwards, backwards = np.eye(2), np.eye(2)[::-1]
    figure = plots.directions_said({"forwards": forwards, "backwards": backwards}, ["E", "W"])
    for axis, matrix in zip(figure.axes, (forwards, backwards), strict=False):
        image = axis.get_images()[0]
        np.testing.assert_array_equal(image.get_array(), matrix)
        assert image.get_clim() == (0, 1)
        assert axis.get_xlabel() == "network says"
