"""The figures of chapter 2 show the numbers that they are given."""

import re

import numpy as np
import pytest

from rnncourse import plots

X = np.array([[1.0], [0.0], [-1.5]])
H = np.array([[0.5370, -0.4621], [0.5526, -0.1683], [0.7916, -0.3956]])


def drawn(axis):
    """The lines of an axis that have a name in its legend, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def page(*arguments):
    return plots.unrolling_animation(*arguments)._repr_html_()


def sentences(html):
    return [re.sub("<.*?>", "", item) for item in re.findall(r"<li>(.*?)</li>", html)]


def test_the_tanh_curve_carries_every_value_of_every_unit():
    a = np.arctanh(H)
    lines = drawn(plots.tanh_curve(a, H).axes[0])
    for unit in (0, 1):
        np.testing.assert_allclose(lines[f"unit {unit + 1}"].get_xdata(), a[:, unit])
        np.testing.assert_allclose(lines[f"unit {unit + 1}"].get_ydata(), H[:, unit])
    curve = lines["tanh(a)"]
    np.testing.assert_allclose(curve.get_ydata(), np.tanh(curve.get_xdata()))


def test_the_impulse_response_counts_time_steps_from_one():
    lines = drawn(
        plots.impulse_response({"0.5": [0.8, 0.4, 0.2], "1.5": [0.8, 0.85, 0.86]}).axes[0]
    )
    assert list(lines) == ["0.5", "1.5"]
    assert list(lines["0.5"].get_xdata()) == [1, 2, 3]
    assert list(lines["1.5"].get_ydata()) == [0.8, 0.85, 0.86]


def test_an_impulse_below_zero_is_not_cut_off():
    axis = plots.impulse_response({"0.5": [-0.8, -0.4]}).axes[0]
    assert axis.get_ylim()[0] < -0.8


def test_two_beginnings_shows_both_inputs_and_leaves_out_distances_of_zero():
    inputs = np.array([[1.0, 2.0, 3.0], [0.0, 2.0, 3.0]])
    above, below = plots.two_beginnings(inputs, {"with": [1, 0.5, 0.1], "without": [1, 0, 0]}).axes
    assert list(drawn(above)["first sequence"].get_ydata()) == [1, 2, 3]
    assert list(drawn(above)["second sequence"].get_ydata()) == [0, 2, 3]
    np.testing.assert_array_equal(drawn(below)["without"].get_ydata(), [1, np.nan, np.nan])
    assert below.get_yscale() == "log"


def test_scores_and_probabilities_stand_side_by_side():
    scores, probabilities = [2.0, 1.0, -1.0], [0.7054, 0.2595, 0.0351]
    left, right = plots.scores_and_probabilities(scores, probabilities, ["a", "b", "c"]).axes
    assert [bar.get_height() for bar in left.patches] == scores
    assert [bar.get_height() for bar in right.patches] == probabilities
    assert [label.get_text() for label in left.get_xticklabels()] == ["a", "b", "c"]
    assert right.get_ylim() == (0, 1)
    assert [text.get_text() for text in left.texts] == ["2.0", "1.0", "-1.0"]
    assert [text.get_text() for text in right.texts] == ["0.7054", "0.2595", "0.0351"]


def test_forecasts_are_drawn_over_what_came():
    axis = plots.forecasts([5, 6], [0.1, 0.2], {"naive": [0.3, 0.1], "cell": [0.1, 0.2]}).axes[0]
    lines = drawn(axis)
    assert list(lines["what came"].get_ydata()) == [0.1, 0.2]
    assert list(lines["naive"].get_ydata()) == [0.3, 0.1]
    assert list(lines["cell"].get_xdata()) == [5, 6]


def test_the_unrolling_says_every_input_and_state_in_words():
    said = sentences(page(X, H))
    assert len(said) == 4
    assert "h0 = (0, 0)" in said[0]
    assert "x1 = (1) and h0 = (0, 0) go in. h1 = (0.5370, −0.4621) comes out" in said[1]
    assert "x3 = (−1.5000) and h2 = (0.5526, −0.1683) go in" in said[3]


def test_the_unrolling_draws_one_cell_a_step():
    html = page(X, H)
    assert html.count('<g class="step">') == 3
    assert ">0.79</text>" in html
    assert ">−0.40</text>" in html


def test_the_unrolling_starts_from_the_initial_state_that_it_is_given():
    html = page(X, H, [0.25, -1])
    assert "h<sub>0</sub> = (0.2500, −1)" in html
    assert ">0.25</text>" in html


def test_the_unrolling_is_small_and_fetches_nothing():
    html = page(X, H)
    assert len(html) < 200_000
    assert "http" not in html
    assert "@import" not in html
    assert " src=" not in html


def test_the_unrolling_is_the_same_for_the_same_numbers_and_another_for_others():
    assert page(X, H) == page(X, H)
    key = r'data-unroll="(\w+)"'
    assert re.search(key, page(X, H))[1] != re.search(key, page(X, -H))[1]


def test_the_unrolling_can_be_used_by_keyboard_and_screen_reader():
    html = page(X, H)
    assert re.search(r'role="group"\s+tabindex="0"\s+aria-label="[^"]+"', html)
    assert re.search(r'role="img" aria-label="[^"]*h_3 is \(0\.7916', html)
    assert html.count('<button type="button"') == 3
    assert 'aria-live="polite"' in html
    assert "ArrowLeft" in html
    assert "ArrowRight" in html
    assert "prefers-reduced-motion:reduce" in html


@pytest.mark.parametrize(
    ("x", "h"),
    [
        (np.zeros((5, 1)), np.zeros((5, 2))),
        (np.zeros((0, 1)), np.zeros((0, 2))),
        (np.zeros((3, 4)), np.zeros((3, 2))),
        (np.zeros((3, 1)), np.zeros((3, 4))),
        (np.zeros((3, 1)), np.zeros((2, 2))),
    ],
)
def test_an_unrolling_that_nobody_could_read_is_refused(x, h):
    with pytest.raises(ValueError, match=r"expected|drawn for"):
        plots.unrolling_animation(x, h)
