"""Formulas as MathML: whoever wrote them."""

import pytest

from rnncourse.mathml import to_mathml


def test_is_a_formula_turned_into_a_math_element():
    formula = to_mathml(r"h_t = \tanh(x_t W_x + b)")
    assert formula.startswith("<math ")
    assert 'display="inline"' in formula
    assert "<msub><mi>h</mi><mi>t</mi></msub><mo>=</mo>" in formula
    assert 'display="block"' in to_mathml("x", display=True)


@pytest.mark.parametrize(
    "latex",
    [r"\frac{1}{", r"\frac{1", r"\nonsense{x}", "a & b", "{" * 2000, "x" * 10_000, r"\sqrt"],
)
def test_is_a_broken_formula_refused(latex):
    with pytest.raises(ValueError):
        to_mathml(latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{mark}{x}",
        r"\text{&lt;b&gt;}",
        r"\rule{999em}{999em}",
        r"\hspace{999em}x",
    ],
)
def test_does_a_formula_hold_mathematics_and_nothing_else(latex):
    formula = to_mathml(latex)
    for harm in ("<script", "<img", "<b>", "href", "style=", "class=", "999em"):
        assert harm not in formula
