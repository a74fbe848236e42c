"""Which known misconception an answer behaves like.

The tests run once more with the known answer, drawing the same numbers for every student, and
every call that they make is kept. The student's function and each misconception then get the
same arguments. A misconception that gives what the student's function gives on all of them,
where the answer gives something else on at least one, is the diagnosis. If there is none, what
the function gave is summed up, so that equal failures of a class can be counted together.
"""

from __future__ import annotations

import copy
import hashlib
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

from rnncourse.grading.engine.wire import Malformed, OutOfTime
from rnncourse.grading.task import Code, Known

#: The most calls that are compared, spread over all that the tests make.
CALLS = 40
#: How long all misconceptions, and the tests with the answer, may take together, in seconds.
SECONDS = 10.0
#: How long one call of a misconception may take, in seconds.
CALL_SECONDS = 1.0

_SEED = 0


@dataclass(frozen=True)
class Call:
    """Arguments that the tests pass to the exercise."""

    args: tuple[Any, ...]
    keywords: dict[str, Any]

    def copied(self) -> Call:
        """The same, for a function that may change them."""
        values = (*self.args, *self.keywords.values())
        memo = {id(value): _shared_or_made_again(value) for value in values if callable(value)}
        return Call(copy.deepcopy(self.args, memo), copy.deepcopy(self.keywords, memo))


@dataclass(frozen=True)
class Outcome:
    """What a call gave: a value, or the name of an exception; and what it left of its arguments."""

    raised: str
    value: Any
    arguments: tuple[Any, ...] = ()


class _TooLong(BaseException):
    """Known code does not come to an end."""


def _shared_or_made_again(value: Any) -> Any:
    """What stands for a function, which is shared, or for a Keras model, which may change."""
    if not _has_weights(value):
        return value
    from rnncourse.grading.engine import keras_wire

    parts = keras_wire.to_plain(value)
    return value if parts is None else keras_wire.from_plain(*parts)


def diagnose(
    cell: Code, known: Known, answers: dict[str, str], setup: list[str], student: Any
) -> dict[str, str]:
    """Compare a wrong answer with what is known.

    Parameters
    ----------
    cell
        The tests that failed.
    known
        The exercise's answer and misconceptions.
    answers
        The sources of the answers to all exercises, by name.
    setup
        The set-up cells.
    student
        The student's process; a `judge.Student`.

    Returns
    -------
    ``misconception`` (a hint, or not there) and ``behaviour``.
    """
    name = cell.exercise
    end = time.monotonic() + SECONDS
    world = _World(setup, answers)
    calls: list[Call] = []
    right: list[Outcome] = []
    with suppress(_TooLong), _same_numbers(), _within(end):
        calls = _recorded(cell, world)
        right = [_outcome(world.names[name], call) for call in calls]
    if not calls or len(right) < len(calls):
        return {}
    function = student.function(name).with_changes
    came = [_outcome(function, call) for call in calls]
    for is_like in (_alike, _roughly_alike):
        if all(map(is_like, came, right)):
            continue  # seen so, nothing is wrong
        for hint, source in known.misconceptions:
            with suppress(_TooLong), _within(end):
                if _behaves_so(source, name, world, calls, came, is_like):
                    return {"misconception": hint, "behaviour": f"misconception: {hint}"}
    return {"behaviour": _summary(came, right)}


def _behaves_so(
    source: str,
    name: str,
    world: _World,
    calls: list[Call],
    came: list[Outcome],
    is_like: Callable[[Outcome, Outcome], bool],
) -> bool:
    """Tell whether a misconception gives, for every call, what came from the student."""
    try:
        function = world.with_source(source)[name]
    except Exception:
        return False
    return all(
        is_like(outcome, _outcome(function, call))
        for outcome, call in zip(came, calls, strict=True)
    )


class _World:
    """The names of a notebook in which every exercise is solved."""

    def __init__(self, setup: list[str], answers: dict[str, str]) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        for source in (*setup, *answers.values()):
            exec(compile(source, "<known>", "exec"), self.names)

    def with_source(self, source: str) -> dict[str, Any]:
        """The same with one answer replaced."""
        names = dict(self.names)
        exec(compile(source, "<known>", "exec"), names)
        return names


def _recorded(cell: Code, world: _World) -> list[Call]:
    """The calls that the tests make of the exercise."""
    from rnncourse.grading.engine.judge import run_tests

    calls: list[Call] = []
    answer = world.names[cell.exercise]

    def recorder(*args: Any, **keywords: Any) -> Any:
        calls.append(Call(args, keywords).copied())
        return answer(*args, **keywords)

    recorder.__name__ = cell.exercise
    names = {**world.names, cell.exercise: recorder}
    with suppress(Exception):
        run_tests(cell.source, names)
    step = max(len(calls) / CALLS, 1.0)
    return [calls[int(n * step)] for n in range(min(len(calls), CALLS))]


def _outcome(function: Callable[..., Any], call: Call) -> Outcome:
    given = call.copied()
    try:
        with _quiet():
            value = function(*given.args, **given.keywords)
    except (Malformed, OutOfTime):
        raise
    except Exception as error:
        return Outcome(type(error).__name__, None)
    return Outcome("", value, (*given.args, *given.keywords.values()))


def _alike(one: Outcome, other: Outcome) -> bool:
    if one.raised or other.raised:
        return one.raised == other.raised
    return _same(one.value, other.value, True) and _same(one.arguments, other.arguments, True)


def _roughly_alike(one: Outcome, other: Outcome) -> bool:
    """Alike if lists, tuples and arrays, and whole and other numbers, are not told apart."""
    if one.raised or other.raised:
        return bool(one.raised) == bool(other.raised)
    return _same(one.value, other.value, False)


def _same(one: Any, other: Any, exact: bool) -> bool:
    if not exact:
        one, other = _as_array(one), _as_array(other)
    if isinstance(one, np.ndarray | np.generic) and isinstance(other, np.ndarray | np.generic):
        return _same_arrays(np.asarray(one), np.asarray(other), exact)
    if isinstance(one, float | complex) and isinstance(other, float | complex):
        return bool(np.isclose(one, other, rtol=1e-5, atol=1e-8, equal_nan=True))
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(
            _same(a, b, exact) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[k], other[k], exact) for k in one)
    if _has_weights(one):
        return _same_models(one, other, exact)
    if isinstance(one, np.random.Generator) or callable(one):
        return True
    try:
        return bool(one == other)
    except Exception:
        return False


def _same_arrays(one: np.ndarray, other: np.ndarray, exact: bool) -> bool:
    if one.shape != other.shape:
        return False
    kinds = {one.dtype.kind, other.dtype.kind}
    if exact and len(kinds - {"u"}) > 1:
        return False
    if kinds <= set("biufc"):
        return bool(np.allclose(one, other, rtol=1e-5, atol=1e-8, equal_nan=True))
    return bool(np.array_equal(one, other))


def _as_array(value: Any) -> Any:
    if isinstance(value, list | tuple | int | float | np.generic):
        with suppress(ValueError, TypeError):
            array = np.asarray(value)
            if array.dtype.kind in "biufc":
                return array
    return value


def _has_weights(value: Any) -> bool:
    return hasattr(value, "get_weights") and hasattr(value, "get_config")


def _same_models(one: Any, other: Any, exact: bool) -> bool:
    """Compare what models are made of; roughly, as fresh ones have weights drawn at random."""
    mine, others = one.get_weights(), other.get_weights()
    if _structure(one) != _structure(other) or len(mine) != len(others):
        return False
    pairs = list(zip(mine, others, strict=True))
    if not exact:
        return all(a.shape == b.shape for a, b in pairs)
    return all(_same_arrays(a, b, exact) for a, b in pairs)


def _structure(model: Any) -> str:
    from rnncourse.grading.engine import keras_wire

    return keras_wire.structure(model)


def _summary(came: list[Outcome], right: list[Outcome]) -> str:
    """A failure in words, with a mark that is the same for the same values."""
    wrong = [(c, r) for c, r in zip(came, right, strict=True) if not _roughly_alike(c, r)]
    if not wrong:
        return "right values, but of another type, or arguments changed"
    outcome, wanted = wrong[0]
    if outcome.raised:
        what = f"raises {outcome.raised}"
    elif wanted.raised:
        what = f"does not raise {wanted.raised}"
    else:
        what = _difference(outcome.value, wanted.value)
    digest = hashlib.sha256()
    for each in came:
        digest.update(_rounded(each).encode())
    return f"{what} in {len(wrong)} of {len(came)} calls [{digest.hexdigest()[:6]}]"


def _difference(value: Any, wanted: Any) -> str:
    if value is None and wanted is not None:
        return "returns nothing"
    a, b = _as_array(value), _as_array(wanted)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.shape == b.shape:
            return "other numbers"
        return f"{a.ndim} axes instead of {b.ndim}" if a.ndim != b.ndim else "another shape"
    if type(a) is not type(b):
        return f"a {type(value).__name__} instead of a {type(wanted).__name__}"
    return "other values"


def _rounded(outcome: Outcome) -> str:
    if outcome.raised:
        return outcome.raised
    if _has_weights(outcome.value):
        return _structure(outcome.value)
    array = _as_array(outcome.value)
    if isinstance(array, np.ndarray) and array.dtype.kind in "fc":
        with np.errstate(all="ignore"):
            return np.array2string(array.ravel()[:20], precision=4)
    return repr(array)[:500]


@contextmanager
def _same_numbers() -> Iterator[None]:
    """Let generators that nobody seeds draw the same numbers every time."""
    make = np.random.default_rng

    def seeded(seed: Any = None) -> np.random.Generator:
        return make(_SEED if seed is None else seed)

    state, numbers = random.getstate(), np.random.get_state()
    random.seed(_SEED)
    np.random.seed(_SEED)
    try:
        with patch.object(np.random, "default_rng", seeded):
            yield
    finally:
        random.setstate(state)
        np.random.set_state(numbers)


@contextmanager
def _within(end: float) -> Iterator[None]:
    """Stop what runs here for longer than a call of known code takes."""

    def too_long(*_: Any) -> None:
        raise _TooLong

    signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, max(min(end - time.monotonic(), SECONDS), 0.01))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def _quiet() -> Iterator[None]:
    import warnings

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
