"""Do the messages of the exercises' tests say what came, what was expected and why?"""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn
from IPython.core.interactiveshell import InteractiveShell

from rnncourse import checks

pytestmark = pytest.mark.filterwarnings("error")
numbers = st.floats(-1e6, 1e6)
arrays = stn.arrays(float, stn.array_shapes(max_dims=3, max_side=4), elements=numbers)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


def message(check, *arguments, **options) -> str:
    with pytest.raises(checks.CheckFailure) as caught:
        check(*arguments, **options)
    return str(caught.value)


# --- close --------------------------------------------------------------------------------


@given(arrays)
def test_an_array_is_close_to_itself_in_any_form(array):
    checks.close(array, array)
    checks.close(array.tolist(), array)
    checks.close(array, array.tolist())
    checks.close(array * (1 + 1e-7), array)


@given(arrays, st.data())
def test_one_wrong_number_is_named_with_its_place(array, data):
    index = tuple(data.draw(st.integers(0, n - 1)) for n in array.shape)
    wrong = array.copy()
    wrong[index] += 1 + abs(wrong[index])
    text = message(checks.close, wrong, array, "h")
    assert text.startswith(f"h[{', '.join(map(str, index))}] is ")
    assert ", expected " in text


@given(arrays, arrays)
def test_close_fails_exactly_where_numpys_own_comparison_does(got, wanted):
    same = got.shape == wanted.shape and np.allclose(got, wanted, atol=1e-6, rtol=1e-5)
    if same:
        checks.close(got, wanted)
    else:
        message(checks.close, got, wanted)


@given(numbers, numbers)
def test_the_two_numbers_shown_differ(got, wanted):
    assume(not np.isclose(got, wanted, atol=1e-6, rtol=1e-5))
    text = message(checks.close, got, wanted, "x")
    came, expected = (
        text.removeprefix("x is ").split(". ")[0].removesuffix(".").split(", expected ")
    )
    assert came != expected


A = np.array([[0.1, -0.5, 0.9], [0.3, 0.7, -0.2]])
SQUARE = np.array([[0.1, -0.5, 0.4], [0.3, 0.7, -0.2], [0.8, 0.25, 0.6]])


@pytest.mark.parametrize(
    ("got", "wanted", "words"),
    [
        (None, A, "h is None. Does the function end with a return statement?"),
        (len, A, "h is a function. Was it called"),
        ("text", A, "h is 'text', expected numbers."),
        ([[1, 2], [3]], A, "its rows have different lengths."),
        ((A, A[0]), A, "h is a tuple of 2 values, expected one array."),
        ((A, A), A, "The function returned a tuple of 2 values."),
        (A.T, A, "h has shape (3, 2), expected (2, 3). It is transposed."),
        (A[:1].T, A[:1], "h has shape (3, 1), expected (1, 3). It is transposed."),
        (np.zeros((2, 5, 3)), np.zeros((2, 3, 5)), "Its axes stand in another order."),
        (A[None], A, "It has an axis of length 1 too many."),
        (A[0], A[:1], "It lacks an axis of length 1."),
        (A[0], A, "It has 1 axis instead of 2."),
        (1.0, A, "h has shape (), expected (2, 3). It has no axis instead of 2."),
        ([A, A], A, "h has shape (2, 2, 3), expected (2, 3). It is a list of 2 arrays: np.stack"),
        ([A[None]], A, "It is a list of 1 array: np.stack makes one array of them."),
        ([A, A[0]], A, "h is a list of 2 arrays that differ in shape."),
        (A[:, :2], A, "expected (2, 3). Axis 1 is one too short."),
        (A, A[:1], "expected (1, 3). Axis 0 is one too long."),
        (SQUARE.T, SQUARE, "It is transposed."),
        (SQUARE[::-1], SQUARE, "Axis 0 runs backwards."),
        (-A, A, "h[0, 0] is -0.1, expected 0.1. Every number has the other sign."),
        (A + 1, A, "Every number is off by 1."),
        (A * 2, A, "Every number is 2 times the expected one."),
        (A * 0, A, "All its numbers are 0."),
        (np.full((2, 3), np.nan), A, "All its numbers are NaN: look for a division by 0"),
        (np.where(A > 0.8, np.inf, A), A, "1 of 6 numbers is infinite"),
        (np.where(A > 0.2, np.nan, A), A, "3 of 6 numbers are NaN"),
        (np.array([0, 1, 2]), np.array([0.5, 1.5, 2.5]), "made with an integer dtype?"),
        (
            np.array([9, 1, 5, 4.0]),
            np.array([1, 5, 4, 7.0]),
            "Along axis 0 its numbers stand one place too late.",
        ),
        (
            np.array([5, 4, 7, 0.0]),
            np.array([1, 5, 4, 7.0]),
            "Along axis 0 its numbers stand one place too early.",
        ),
        (A * 1.001, A * 1.0, "Every number is 1.001 times the expected one."),
        (np.round(A + 0.0004 * A**2, 5), A, "It is nearly right: is something rounded"),
        (1089, 1088, "That is one too many."),
        (1.23456, 1.23457, "h is 1.23456, expected 1.23457."),
    ],
)
def test_a_wrong_array_gets_a_clue(got, wanted, words):
    assert words in message(checks.close, got, wanted, "h", rtol=1e-7)


BTU = ("batch", "time", "units")
RUN = np.random.default_rng(1).normal(size=(2, 4, 3))


@pytest.mark.parametrize(
    ("got", "wanted", "words"),
    [
        (
            RUN[:, 1:],
            RUN,
            "expected (2, 4, 3): the axes are (batch, time, units). The time axis is one too "
            "short: does it begin a step late, or stop one early?",
        ),
        (
            RUN,
            RUN[:, 1:],
            "The time axis is one too long: does it begin a step early, or go one too far?",
        ),
        (RUN, RUN[:1], "(batch, time, units). The batch axis is one too long."),
        (RUN[:, :, 1:], RUN, "(batch, time, units). The units axis is one too short."),
        (RUN.swapaxes(0, 1), RUN, "Its axes stand in another order."),
        (np.roll(RUN, 1, axis=1), RUN, "Along the time axis it is one step too late."),
        (np.roll(RUN, 1, axis=2), RUN, "Along the units axis its numbers stand one place too late"),
        (RUN[:, ::-1], RUN, "The time axis runs backwards."),
    ],
)
def test_only_an_axis_that_is_called_time_has_steps(got, wanted, words):
    text = message(checks.close, got, wanted, "h", axes=BTU)
    assert words in text
    assert ("step" in text) == ("step" in words)


def test_a_wrong_array_without_a_pattern_gets_no_false_clue():
    rng = np.random.default_rng(0)
    for _ in range(200):
        got, wanted = rng.normal(size=(2, 3, 3))
        assert message(checks.close, got, wanted, "h").endswith(f"expected {wanted[0, 0]:.4g}.")


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (np.array([0, 1, 0, 1, 0.0]), np.array([1, 0, 1, 0, 1.0])),  # early as well as late
        (np.array([5, 1.0]), np.array([1, 7.0])),  # one equal pair is no pattern
        (np.zeros((2, 5)), np.zeros((2, 3))),
        (np.zeros((4, 5)), np.zeros((3, 6))),
        (np.zeros((2, 1, 1)), np.zeros((1, 2, 1))),  # steps for sequences, or a list of steps
    ],
)
def test_what_may_be_chance_gets_no_clue(got, wanted):
    text = message(checks.close, got, wanted, "h")
    assert text.count(".") == 1, text


def test_the_authors_hint_comes_last():
    text = message(checks.close, -A, A, "h", hint="Is the bias added?")
    assert text.endswith("the other sign. Is the bias added?")
    assert "  " not in text


def test_nan_is_close_to_nan_where_it_is_expected():
    checks.close([np.nan, 1.0], [np.nan, 1.0])


# --- equal --------------------------------------------------------------------------------


@given(plain.filter(lambda value: value is not None))
def test_a_plain_value_equals_itself(value):
    checks.equal(value, value)


@given(plain.filter(lambda value: value is not None), plain)
def test_equal_fails_exactly_where_python_says_so(got, wanted):
    if got == wanted:
        checks.equal(got, wanted)
    else:
        assert message(checks.equal, got, wanted, "x").startswith("x")


def test_forms_of_the_same_value_are_equal():
    checks.equal((1, [2, 3]), [1, (2, 3)])
    checks.equal(np.int64(3), 3)
    checks.equal({"a": np.array([1, 2])}, {"a": [1, 2]})


@pytest.mark.parametrize(
    ("got", "wanted", "words"),
    [
        (1089, 1088, "x is 1089, expected 1088. That is one too many."),
        (3, 4, "That is one too few."),
        (None, 3, "x is None. Does the function end"),
        ("3", 3, "It is a string, expected a number."),
        ("Many-to-One ", "many-to-one", "Only capitals or spaces differ."),
        ([1, 2], [2, 1], "The order differs."),
        ((46, 3), (8, 3), "x is (46, 3), expected (8, 3)."),
        ([46, 3], (8, 3), "x is [46, 3], expected (8, 3)."),
        ((3, 8), (8, 3), "x is (3, 8), expected (8, 3). The order differs."),
        ((np.int64(4), (np.int64(2),)), (4, (1,)), "x is (4, (2,)), expected (4, (1,))."),
        ((1,), (1, 2), "x has 1 items, expected 2: it is (1,), expected (1, 2)."),
        ([1], [1, 2], "x has 1 items, expected 2: it is [1], expected [1, 2]."),
        ({"a": 1}, {"b": 1}, "x has no key 'b'."),
        ({"a": 1, "b": 1}, {"a": 1}, "x has the key 'b', which is not expected."),
        ({"a": [1, 2]}, {"a": [1, 3]}, "x['a'] is [1, 2], expected [1, 3]."),
        (list(range(99)), [*range(98), 0], "x[98] is 98, expected 0."),
        (list(range(99)), list(range(98)), "x has 99 items, expected 98. That is one too many."),
        (True, False, "x is True, expected False."),
    ],
)
def test_a_wrong_plain_value_gets_a_clue(got, wanted, words):
    assert words in message(checks.equal, got, wanted, "x")


# --- the others ---------------------------------------------------------------------------


def test_shape_looks_at_the_shape_alone():
    checks.shape([[1, 2, 3]], (1, 3))
    assert message(checks.shape, A, (3, 2), "out") == (
        "out has shape (2, 3), expected (3, 2). It is transposed."
    )


def test_true_says_what_the_author_wrote():
    checks.true(1 < 2, "never")
    assert message(checks.true, np.bool_(False), "The norm grew.") == "The norm grew."


def test_raises_accepts_the_error_and_nothing_else():
    def picky(x):
        if x < 0:
            raise ValueError("negative")
        return x

    checks.raises(ValueError, picky, -1)
    assert message(checks.raises, ValueError, picky, 1) == (
        "picky returned 1, expected it to raise ValueError."
    )
    assert message(checks.raises, KeyError, picky, -1) == (
        "picky raised ValueError (negative), expected KeyError."
    )


def test_raises_lets_an_untouched_stub_through():
    def stub():
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        checks.raises(ValueError, stub)


def test_unchanged_compares_numbers_and_leaves_generators_and_functions_alone():
    rng = np.random.default_rng(0)
    assert 0 < checks.unchanged(lambda rng, f, n: f(rng.random()), rng, abs, float("nan")) < 1

    def spoil(rng, settings):
        rng.random()
        settings["rate"] = 0.2

    assert "argument number 2" in message(checks.unchanged, spoil, rng, {"rate": 0.1})


def test_unchanged_returns_the_result_and_notices_what_was_altered():
    x = np.zeros(3)
    assert checks.unchanged(lambda a: a + 1, x).sum() == 3

    def greedy(a, state):
        state["h"][0] = 5
        return a

    def scale(items):
        items[0] *= 2

    assert "argument number 1" in message(checks.unchanged, scale, [1, 2])
    text = message(checks.unchanged, greedy, x, {"h": np.zeros(2)})
    assert text.startswith("greedy changes its argument number 2 in place. Make a new array")


def test_the_examples_in_the_docstrings():
    assert doctest.testmod(checks).failed == 0


def test_the_checks_import_nothing_heavy():
    import subprocess
    import sys

    code = "import sys, rnncourse.checks; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"matplotlib", "tensorflow", "pandas", "scipy"} & set(modules)


def test_does_a_notebook_show_the_message_without_the_lines_of_this_module(capsys):
    shell = InteractiveShell()
    shell.run_cell("from rnncourse import checks\nchecks.close(1.0, 2.0, 'y', 'Is it doubled?')")
    assert capsys.readouterr().out.strip() == "CheckFailure: y is 1, expected 2. Is it doubled?"


def test_is_a_tiny_offset_no_clue():
    with pytest.raises(checks.CheckFailure) as caught:
        checks.close([[0.19704], [-0.1]], [[0.1974], [-0.0997]], "h_t", atol=1e-4)
    assert "off by" not in str(caught.value)
