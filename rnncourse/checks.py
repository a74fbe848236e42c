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
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = ["CheckFailure", "close", "equal", "raises", "shape", "true", "unchanged"]


class CheckFailure(AssertionError):
    """A student's answer is not what a test expected; the message says how it differs."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message alone, without the lines of this module."""
        return [f"{type(self).__name__}: {self}"]


def close(
    actual: Any,
    expected: Any,
    name: str = "the result",
    hint: str = "",
    atol: float = 1e-6,
    rtol: float = 1e-5,
    axes: Sequence[str] = (),
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
    axes
        What each axis counts, as for `shape`.

    Raises
    ------
    CheckFailure
        If the value is missing, is not numeric, or differs in shape or in any element.
    """
    wanted = np.asarray(expected)
    shape(actual, wanted.shape, name, hint, axes)
    got = _numbers(actual, name, hint)

    def agree(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.isclose(a, b, atol=atol, rtol=rtol, equal_nan=True)

    differs = ~agree(got, wanted)
    if differs.any():
        index = tuple(int(i) for i in np.argwhere(differs)[0])
        place = f"{name}[{', '.join(map(str, index))}]" if index else name
        came, should = _show_apart(got[index], wanted[index])
        with np.errstate(all="ignore"):  # a clue is no place to warn about tiny or huge numbers
            clue = _number_clue(got, wanted, agree, axes)
        _fail(f"{place} is {came}, expected {should}. {clue}", hint)


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
    difference = _plain_difference(_plain(actual), _plain(expected), name)
    if difference:
        _fail(difference, hint)


def shape(
    actual: Any,
    expected: tuple[int, ...],
    name: str = "the result",
    hint: str = "",
    axes: Sequence[str] = (),
) -> None:
    """Fail unless an array has the expected shape.

    Parameters
    ----------
    actual
        What the student's function returned.
    expected
        The length of each axis.
    name
        What the value is called on the page, such as ``"h_t"``.
    hint
        A sentence about the likely cause, shown after the difference.
    axes
        What each axis counts, such as ``("batch", "time", "units")``. The message then
        says so, and guesses at a step too many or too few where the axis is ``"time"``.

    Raises
    ------
    CheckFailure
        If the value is missing, is not numeric, or has another shape.
    """
    got = _numbers(actual, name, hint).shape
    wanted = tuple(int(length) for length in expected)
    if got != wanted:
        named = f": the axes are ({', '.join(axes)}{',' * (len(axes) == 1)})" if axes else ""
        clue = _shape_clue(got, wanted, axes)
        if isinstance(actual, tuple) and len(actual) > 1:
            clue = f"The function returned a tuple of {len(actual)} values."
        elif _is_list_of_arrays(actual):
            clue = f"It is {_count_arrays(actual)}: np.stack makes one array of them."
        _fail(f"{name} has shape {got}, expected {wanted}{named}. {clue}", hint)


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
        _fail(f"{called} raised {type(other).__name__} ({other}), expected {error.__name__}.", hint)
    else:
        _fail(f"{called} returned {_show(result)}, expected it to raise {error.__name__}.", hint)


def unchanged(function: Callable[..., Any], *args: Any, hint: str = "") -> Any:
    """Call ``function(*args)`` and fail if it altered an argument in place.

    Arrays, numbers, strings, and lists and dictionaries of them are compared. Random
    generators, models and functions are not: using a generator changes it, as it should.

    Returns
    -------
    What the function returned.

    Raises
    ------
    CheckFailure
        If an argument is not what it was before the call.
    """
    before = copy.deepcopy(args)
    # in grading, the function is elsewhere, and what it does to its copies stays there
    result = getattr(function, "with_changes", function)(*args)
    for position, (was, now) in enumerate(zip(before, args, strict=True), start=1):
        if not _same(was, now):
            called = getattr(function, "__name__", "the function")
            _fail(
                f"{called} changes its argument number {position} in place.",
                hint or "Make a new array instead of writing into the one that was passed in.",
            )
    return result


def _fail(message: str, hint: str) -> None:
    raise CheckFailure(" ".join(part for part in (message.strip(), hint) if part))


def _not_missing(actual: Any, name: str, hint: str) -> None:
    if actual is None:
        _fail(f"{name} is None. Does the function end with a return statement?", hint)
    if callable(actual):
        _fail(f"{name} is a function. Was it called, with its brackets?", hint)


def _numbers(actual: Any, name: str, hint: str) -> np.ndarray:
    _not_missing(actual, name, hint)
    try:
        got = np.asarray(actual)
    except ValueError:
        if isinstance(actual, tuple):
            _fail(f"{name} is a tuple of {len(actual)} values, expected one array.", hint)
        if _is_list_of_arrays(actual):
            _fail(f"{name} is {_count_arrays(actual)} that differ in shape.", hint)
        _fail(f"{name} is not a regular array: its rows have different lengths.", hint)
    if got.dtype.kind not in "biufc":
        _fail(f"{name} is {_show(actual)}, expected numbers.", hint)
    return got


def _is_list_of_arrays(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, np.ndarray) and item.ndim for item in value)
    )


def _count_arrays(value: list[Any]) -> str:
    return f"a list of {len(value)} array{'s' * (len(value) != 1)}"


def _axis(axis: int, axes: Sequence[str]) -> str:
    """An axis by its name, if it has one: ``the time axis``, else ``axis 1``."""
    return f"the {axes[axis]} axis" if axis < len(axes) else f"axis {axis}"


def _is_time(axis: int, axes: Sequence[str]) -> bool:
    return axis < len(axes) and axes[axis] == "time"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shape_clue(got: tuple[int, ...], wanted: tuple[int, ...], axes: Sequence[str]) -> str:
    """What is wrong with a shape, as far as the lengths of the axes tell, or nothing."""
    if len(wanted) == 2 and got == wanted[::-1]:
        return "It is transposed."
    longer, shorter = [n for n in got if n != 1], [n for n in wanted if n != 1]
    if longer == shorter:
        if len(got) > len(wanted):
            return "It has an axis of length 1 too many."
        return "It lacks an axis of length 1." if len(got) < len(wanted) else ""
    if sorted(got) == sorted(wanted):
        return "Its axes stand in another order."
    if len(got) != len(wanted):
        number = f"{len(got)} {'axis' if len(got) == 1 else 'axes'}" if got else "no axis"
        return f"It has {number} instead of {len(wanted)}."
    off = [(axis, g - w) for axis, (g, w) in enumerate(zip(got, wanted, strict=True)) if g != w]
    if len(off) == 1 and abs(off[0][1]) == 1:
        axis, by = off[0]
        text = f"{_capital(_axis(axis, axes))} is one too {'long' if by > 0 else 'short'}"
        if not _is_time(axis, axes):
            return f"{text}."
        if by > 0:
            return f"{text}: does it begin a step early, or go one too far?"
        return f"{text}: does it begin a step late, or stop one early?"
    return ""


def _number_clue(
    got: np.ndarray,
    wanted: np.ndarray,
    agree: Callable[[np.ndarray, np.ndarray], np.ndarray],
    axes: Sequence[str],
) -> str:
    """What the pattern of wrong numbers tells about their cause, or nothing."""
    lost = ~np.isfinite(got) & np.isfinite(wanted)
    if lost.any():
        some = "All its numbers are" if lost.all() else f"{lost.sum()} of {lost.size} numbers are"
        kind = "NaN" if np.isnan(got[lost]).any() else "infinite"
        verb = some if lost.sum() != 1 or lost.all() else f"1 of {lost.size} numbers is"
        return f"{verb} {kind}: look for a division by 0, log(0) or exp of a large number."
    if got.size < 2 or not np.isfinite(wanted).all():
        return _whole_number_clue(got, wanted)
    if not got.any():
        return "All its numbers are 0."
    if got.dtype.kind in "biu" and agree(got, np.trunc(wanted)).all():
        return _whole_number_clue(got, wanted)
    if wanted.ndim > 1 and wanted.shape == wanted.shape[::-1] and agree(got, wanted.T).all():
        return "It is transposed."
    for axis in range(wanted.ndim):
        if wanted.shape[axis] > 1 and agree(got, np.flip(wanted, axis)).all():
            return f"{_capital(_axis(axis, axes))} runs backwards."
    for axis in range(wanted.ndim):
        if wanted.shape[axis] > 2:
            late = agree(_without(got, axis, 0), _without(wanted, axis, -1)).all()
            early = agree(_without(got, axis, -1), _without(wanted, axis, 0)).all()
            if late != early:
                what = "it is one step" if _is_time(axis, axes) else "its numbers stand one place"
                when = "late" if late else "early"
                return f"Along {_axis(axis, axes)} {what} too {when}."
    got, wanted = got.astype(complex), wanted.astype(complex)
    if len(np.unique(wanted)) > 1:
        offset = (got - wanted).flat[0]
        # a small one may be chance: where the numbers are small, tolerances hide differences
        if abs(offset) > 0.1 * np.abs(wanted).max() and agree(got, wanted + offset).all():
            return f"Every number is off by {_show_real(offset)}."
        factor = np.vdot(wanted, got) / np.vdot(wanted, wanted)
        if agree(got, wanted * -1).all():
            return "Every number has the other sign."
        if agree(got, wanted * factor).all():
            return f"Every number is {_show_real(factor)} times the expected one."
    if np.allclose(got, wanted, rtol=2e-3, atol=1e-4 * float(abs(wanted).max())):
        return "It is nearly right: is something rounded, or too coarse?"
    return ""


def _whole_number_clue(got: np.ndarray, wanted: np.ndarray) -> str:
    if got.dtype.kind in "iu" and got.size > 1 and wanted.dtype.kind == "f":
        return "It holds whole numbers: was its array made with an integer dtype?"
    if got.size == 1 and got.dtype.kind in "iu" and wanted.dtype.kind in "iu":
        return _off_by_one(got.item(), wanted.item())
    return ""


def _without(array: np.ndarray, axis: int, position: int) -> np.ndarray:
    return np.delete(array, position, axis)


def _off_by_one(got: Any, wanted: Any) -> str:
    counts = (int,) if not isinstance(got, bool) and not isinstance(wanted, bool) else ()
    if isinstance(got, counts) and isinstance(wanted, counts) and abs(got - wanted) == 1:
        return f"That is one too {'many' if got > wanted else 'few'}."
    return ""


def _plain_difference(got: Any, wanted: Any, name: str) -> str:
    """Where two plain values differ first, in words; empty if they are equal."""
    if isinstance(got, list | tuple) and isinstance(wanted, list | tuple):
        if len(got) != len(wanted):
            lengths = f"{name} has {len(got)} items, expected {len(wanted)}"
            if max(len(repr(got)), len(repr(wanted))) <= 80:
                return f"{lengths}: it is {_show(got)}, expected {_show(wanted)}."
            return f"{lengths}. {_off_by_one(len(got), len(wanted))}"
        if len(repr(wanted)) > 80:
            pairs = enumerate(zip(got, wanted, strict=True))
            found = (_plain_difference(g, w, f"{name}[{i}]") for i, (g, w) in pairs)
            return next(filter(None, found), "")
        items, others = _listed(got), _listed(wanted)
        if items != others and sorted(map(repr, items)) == sorted(map(repr, others)):
            return f"{name} is {_show(got)}, expected {_show(wanted)}. The order differs."
    if isinstance(got, dict) and isinstance(wanted, dict):
        for key in wanted:
            if key not in got:
                return f"{name} has no key {key!r}."
        for key in got:
            if key not in wanted:
                return f"{name} has the key {key!r}, which is not expected."
        found = (_plain_difference(got[k], wanted[k], f"{name}[{k!r}]") for k in wanted)
        return next(filter(None, found), "")
    if _listed(got) == _listed(wanted):
        return ""
    came, should = _show_apart(got, wanted)
    clue = _off_by_one(got, wanted)
    if isinstance(got, str) != isinstance(wanted, str) and str(got) == str(wanted):
        clue = f"It is {_article(got)}, expected {_article(wanted)}."
    elif str(got).strip().lower() == str(wanted).strip().lower() and isinstance(got, str):
        clue = "Only capitals or spaces differ."
    return f"{name} is {came}, expected {should}. {clue}"


def _article(value: Any) -> str:
    kinds = {str: "a string", bool: "True or False", int: "a number", float: "a number"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, (list, tuple)):
        return len(was) == len(now) and all(map(_same, was, now))
    if isinstance(was, dict):
        return was.keys() == now.keys() and all(_same(was[key], now[key]) for key in was)
    if isinstance(was, np.ndarray):
        return was.shape == now.shape and np.array_equal(was, now, equal_nan=was.dtype.kind in "fc")
    if isinstance(was, bool | int | float | complex | str | bytes | np.generic):
        return bool(was == now) or (was != was and now != now)  # nan is still nan
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        items = [_plain(item) for item in value]
        return tuple(items) if isinstance(value, tuple) else items
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    return value


def _listed(value: Any) -> Any:
    """A plain value with lists for its tuples: the two count as equal."""
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return value


def _show_apart(got: Any, wanted: Any) -> tuple[str, str]:
    """Show two values with as many digits as it takes to see that they differ."""
    real = (float, np.floating)
    if isinstance(got, real) or isinstance(wanted, real):
        for digits in (4, 6, 8, 10, 12, 17):
            came, should = _show(got, digits), _show(wanted, digits)
            if came != should:
                return came, should
    return _show(got), _show(wanted)


def _show_real(value: complex) -> str:
    return _show(value.real if abs(value.imag) < 1e-12 * max(1.0, abs(value.real)) else value)


def _show(value: Any, digits: int = 4) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:.{digits}g}"
    if isinstance(value, np.generic):
        return repr(value.item())
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else text[:77] + "..."
