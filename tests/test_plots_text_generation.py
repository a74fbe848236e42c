"""The figures of chapter 11 show the numbers that they are given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from rnncourse import plots


def test_perplexity_is_drawn_for_every_text_and_length_on_a_logarithmic_axis():
    curves = {"training": [20.0, 8.0, 2.0], "validation": [25.0, 11.0, 12.0]}
    axis = plots.perplexity_by_n(range(1, 4), curves).axes[0]
    lines = {line.get_label(): line for line in axis.get_lines()}
    assert axis.get_yscale() == "log"
    for name, values in curves.items():
        assert list(lines[name].get_xdata()) == [1, 2, 3]
        assert list(lines[name].get_ydata()) == values
    assert lines["training"].get_linestyle() != lines["validation"].get_linestyle()


def test_each_way_to_draw_has_a_panel_with_a_bar_for_each_token():
    panels = {"temperature 1": [0.6, 0.3, 0.1], "top 1": [1.0, 0.0, 0.0]}
    axes = plots.token_distributions(["a", "b", "c"], panels).axes
    assert [axis.get_title(loc="left") for axis in axes] == list(panels)
    for axis, values in zip(axes, panels.values(), strict=True):
        assert [bar.get_height() for bar in axis.patches] == values
    assert [label.get_text() for label in axes[-1].get_xticklabels()] == ["a", "b", "c"]


def test_the_best_units_of_two_networks_stand_side_by_side_for_every_mark():
    found = {"trained": np.array([0.8, 0.4]), "untrained": np.array([0.3, 0.2])}
    axis = plots.unit_correlations(["inside quotes", "column"], found).axes[0]
    widths = [bar.get_width() for bar in axis.patches]
    np.testing.assert_allclose(widths, [0.8, 0.4, 0.3, 0.2])
    middles = [bar.get_y() + bar.get_height() / 2 for bar in axis.patches]
    np.testing.assert_allclose(middles, [-0.2, 0.8, 0.2, 1.2])
    assert len({bar.get_hatch() for bar in axis.patches}) == 2


def test_every_character_stands_on_the_colour_of_its_number():
    text, values = 'a"b\ncd', [-1.0, 0.0, 0.5, 0.9, 1.0, -0.2]
    axis = plots.coloured_text(text, values, "state", columns=4).axes[0]
    grid = axis.get_images()[0].get_array()
    wanted = [[-1.0, 0.0, 0.5, 0.9], [1.0, -0.2, np.nan, np.nan]]
    np.testing.assert_allclose(np.ma.filled(grid, np.nan), wanted)
    found = {text.get_position(): text for text in axis.texts}
    assert found[(3, 0)].get_text() == "↵"
    assert found[(1, 1)].get_text() == "d"
    assert to_hex(found[(0, 0)].get_color()) == "#ffffff"
    assert to_hex(found[(1, 0)].get_color()) == "#000000"


def test_a_full_line_goes_on_in_the_next_one():
    axis = plots.coloured_text("abcde", np.zeros(5), "state", columns=2).axes[0]
    assert [text.get_position() for text in axis.texts] == [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2)]


def test_a_text_with_too_few_numbers_is_refused():
    with pytest.raises(ValueError, match="3 characters and 2 values"):
        plots.coloured_text("abc", [0.0, 1.0], "state")


def test_the_longest_copies_are_dots_in_a_row_for_each_source():
    axis = plots.copy_lengths({"temperature 1": [12, 15], "test text": [40]}).axes[0]
    dots = [(list(line.get_xdata()), set(line.get_ydata())) for line in axis.get_lines()]
    assert dots == [([12, 15], {0}), ([40], {1})]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["temperature 1", "test text"]
    assert axis.get_ylim()[0] > axis.get_ylim()[1]
