"""What the tests of the exercises are written with.

Every helper compares what a student's function returned with what it should have
returned, and raises a `CheckFailure` whose message teaches: what came, what was
expected, and where to look. The same helpers serve the visible tests on the page
and the hidden tests of the solutions files.

>>> close([0.2, 0.21], [0.2, 0.35], "h_t", hint="Is the bias added?")
Traceback (most recent call last):
    ...
rnncourse.checks.CheckFailure: h_t[1] is 0.21, expected 0.35. Is the bias added?
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["CheckFailure", "close", "equal", "raises", "shape", "true", "unchanged"]


class CheckFailure(AssertionError):
    """A student's answer is not what a test expected; the message says how it differs."""


def close(
    actual: Any,
    expected: Any,
    name: str = "the result",
    hint: str = "",
    atol: float = 1e-6,
    rtol: float = 1e-5,
) -> None:
    """Fail unless two arrays, numbers or nested lists of numbers agree.

    Parameters
    ----------
    actual
        What the student's function returned.
    expected
        What it should have returned, of the same shape.
    name
        What the value is called on the page, such as ``"h_t"``.
    hint
        A sentence about the likely cause, shown after the difference.
    atol, rtol
        Largest absolute and relative difference that still counts as equal.

    Raises
    ------
    CheckFailure
        If the value is missing, is not numeric, or differs in shape or in any element.
    """
    wanted = np.asarray(expected)
    got = _numbers(actual, name, hint)
    shape(got, wanted.shape, name, hint)
    for index in _differences(got, wanted, atol, rtol):
        place = f"{name}[{', '.join(map(str, index))}]" if index else name
        _fail(f"{place} is {_show(got[index])}, expected {_show(wanted[index])}.", hint)


def equal(actual: Any, expected: Any, name: str = "the result", hint: str = "") -> None:
    """Fail unless two plain values (numbers, strings, tuples, lists, dicts) are equal.

    A list and a tuple of the same items count as equal, and so do a NumPy integer and
    the Python one. Use `close` for floating-point numbers.

    Raises
    ------
    CheckFailure
        If the values differ.
    """
    _not_missing(actual, name, hint)
    if _plain(actual) != _plain(expected):
        _fail(f"{name} is {_show(actual)}, expected {_show(expected)}.", hint)


def shape(
    actual: Any, expected: tuple[int, ...], name: str = "the result", hint: str = ""
) -> None:
    """Fail unless an array has the expected shape.

    Raises
    ------
    CheckFailure
        If the value is missing, is not numeric, or has another shape.
    """
    got = _numbers(actual, name, hint).shape
    if got != tuple(expected):
        _fail(f"{name} has shape {got}, expected {tuple(expected)}.", hint)


def true(condition: Any, message: str) -> None:
    """Fail with ``message`` unless ``condition`` holds.

    Raises
    ------
    CheckFailure
        If the condition is false.
    """
    if not condition:
        raise CheckFailure(message)


def raises(
    error: type[Exception], function: Callable[..., Any], *args: Any, hint: str = ""
) -> None:
    """Fail unless ``function(*args)`` raises ``error``.

    Raises
    ------
    CheckFailure
        If the call returns, or raises something else.
    """
    called = getattr(function, "__name__", "the function")
    try:
        result = function(*copy.deepcopy(args))
    except error:
        return
    except NotImplementedError:
        raise
    except Exception as other:
        _fail(
            f"{called} raised {type(other).__name__} ({other}), expected {error.__name__}.", hint
        )
    else:
        _fail(f"{called} returned {_show(result)}, expected it to raise {error.__name__}.", hint)


def unchanged(function: Callable[..., Any], *args: Any, hint: str = "") -> Any:
    """Call ``function(*args)`` and fail if it altered an argument in place.

    Returns
    -------
    What the function returned.

    Raises
    ------
    CheckFailure
        If an argument is not what it was before the call.
    """
    before = copy.deepcopy(args)
    result = function(*args)
    for position, (was, now) in enumerate(zip(before, args, strict=True), start=1):
        if not _same(was, now):
            called = getattr(function, "__name__", "the function")
            _fail(
                f"{called} changes its argument number {position} in place.",
                hint or "Make a new array instead of writing into the one that was passed in.",
            )
    return result


def _fail(message: str, hint: str) -> None:
    raise CheckFailure(f"{message} {hint}".strip())


def _not_missing(actual: Any, name: str, hint: str) -> None:
    if actual is None:
        _fail(f"{name} is None.", "Does the function end with a return statement? " + hint)


def _numbers(actual: Any, name: str, hint: str) -> np.ndarray:
    _not_missing(actual, name, hint)
    try:
        got = np.asarray(actual)
    except ValueError:
        _fail(f"{name} is not a regular array: its rows have different lengths.", hint)
    if got.dtype.kind not in "biufc":
        _fail(f"{name} is {_show(actual)}, expected numbers.", hint)
    return got


def _differences(got: np.ndarray, wanted: np.ndarray, atol: float, rtol: float) -> list[tuple]:
    differs = ~np.isclose(got, wanted, atol=atol, rtol=rtol, equal_nan=True)
    return [tuple(int(i) for i in index) for index in np.argwhere(differs)]


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, (list, tuple)):
        return len(was) == len(now) and all(map(_same, was, now))
    if isinstance(was, dict):
        return was.keys() == now.keys() and all(_same(was[key], now[key]) for key in was)
    if isinstance(was, np.ndarray):
        return was.shape == now.shape and np.array_equal(was, now, equal_nan=was.dtype.kind in "fc")
    return bool(was == now)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    return value


def _show(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:.4g}"
    if isinstance(value, np.generic):
        return repr(value.item())
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
