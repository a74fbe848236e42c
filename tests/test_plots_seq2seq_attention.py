"""The figures of chapter 13 show the numbers that they are given."""

import io
import warnings

import numpy as np
import pytest

from rnncourse import plots


def drawn(axis):
    """The lines of an axis that have a name, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def test_the_decoder_reads_what_it_has_written_one_step_late():
    axis = plots.encoder_decoder(["a", "b"], ["x", "y", "z"]).axes[0]
    texts = [text.get_text() for text in axis.texts]
    assert {"encoder", "decoder", "context vector", "start", "a", "b"} <= set(texts)
    assert texts.count("x") == texts.count("y") == 2
    assert texts.count("z") == 1
    assert len(axis.patches) == 5


def test_both_prefixes_are_drawn_place_by_place():
    axis = plots.exposure_bias([1.0, 0.9], [0.8, 0.4], ["Y", "M"]).axes[0]
    lines = drawn(axis)
    assert list(lines["true prefix"].get_ydata()) == [1.0, 0.9]
    assert list(lines["own prefix"].get_ydata()) == [0.8, 0.4]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["Y", "M"]


WEIGHTS = np.array([[0.1, 0.7, 0.2], [0.0, 0.0, 1.0]])


def test_alignments_name_what_was_read_and_what_was_written():
    figure = plots.alignments((["a", "b", "c"], ["x", "y"], WEIGHTS), (["d"], ["z"], [[1.0]]))
    first, second = figure.axes[:2]
    np.testing.assert_allclose(first.get_images()[0].get_array(), WEIGHTS)
    assert [label.get_text() for label in first.get_xticklabels()] == ["a", "b", "c"]
    assert [label.get_text() for label in first.get_yticklabels()] == ["x", "y"]
    assert [label.get_text() for label in second.get_xticklabels()] == ["d"]
    assert first.get_images()[0].get_clim() == (0.0, 1.0)


@pytest.mark.parametrize("read", ["令和", "昭和"])
def test_japanese_stays_text_and_nobody_is_warned_about_fonts(read):
    figure, file = plots.alignments(([read, "6"], ["x"], [[0.5, 0.5]])), io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(file, format="svg")
    assert read in file.getvalue().decode()


def test_every_seed_is_drawn_beside_the_best_possible():
    share = np.array([[0.1, 0.6], [0.2, 0.5], [0.15, 0.55]])  # (seeds, k)
    axis = plots.wait_k_curve(share, [0.2, 0.6]).axes[0]
    lines = drawn(axis)
    assert list(lines["best possible"].get_ydata()) == [0.2, 0.6]
    rows = [list(line.get_ydata()) for line in axis.get_lines() if len(line.get_ydata()) == 2]
    assert all(row in rows for row in share.tolist())
    assert list(lines["best possible"].get_xdata()) == [1, 2]
