"""What the tests ask of an exercise, and what known answers give: the cases of a diagnosis.

The tests run once more with the known answer, and every call that they make is kept. The answer
and each misconception then get the same arguments. All of it is kept as bytes, so that one
submission's judge can make it and those of all others can use it: the numbers that the tests
draw are the same each time.
"""

from __future__ import annotations

import random
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

from rnncourse.grading.engine.alarm import alarm
from rnncourse.grading.engine.wire import Codec
from rnncourse.grading.task import Code, Known

#: The most calls that are kept, spread over all that the tests make.
CALLS = 40
#: How long all of it may take, in seconds, and one known answer alone.
SECONDS, EACH_SECONDS = 10.0, 2.0

_SEED = 0


@dataclass(frozen=True)
class Call:
    """Arguments that the tests pass to the exercise; the last ones have names."""

    values: tuple[bytes, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What a call gave: a value or the name of an exception, and what it left its arguments."""

    raised: str
    value: bytes
    arguments: tuple[bytes, ...]


@dataclass(frozen=True)
class Casebook:
    """The cases of one exercise.

    Parameters
    ----------
    calls
        What the tests ask.
    right
        What the answer gives, by call.
    wrong
        What each misconception gives, by call; empty if it does not come to an end.
    """

    calls: tuple[Call, ...]
    right: tuple[Outcome, ...]
    wrong: tuple[tuple[Outcome, ...], ...]

    def to_plain(self) -> list[Any]:
        """The casebook in lists."""
        return [
            [[call.values, call.names] for call in self.calls],
            _rows(self.right),
            [_rows(outcomes) for outcomes in self.wrong],
        ]

    @classmethod
    def from_plain(cls, plain: list[Any]) -> Casebook:
        """Read what `to_plain` made."""
        calls, right, wrong = plain
        return cls(
            tuple(Call(tuple(values), tuple(names)) for values, names in calls),
            _outcomes(right),
            tuple(map(_outcomes, wrong)),
        )


class TooLong(BaseException):
    """Known code does not come to an end."""


def make_casebook(
    cell: Code, known: Known, answers: dict[str, str], setup: list[str], codec: Codec
) -> Casebook | None:
    """Run the tests with the answer, and what is known with what they ask.

    Parameters
    ----------
    cell
        The tests.
    known
        The exercise's answer and misconceptions.
    answers
        The sources of the answers to all exercises, by name.
    setup
        The set-up cells.
    codec
        Makes bytes of values, and values that functions here can use of bytes.

    Returns
    -------
    None if it took too long, or the tests ask nothing.
    """
    world = _World(setup, answers)
    end = time.monotonic() + SECONDS
    try:
        with _same_numbers(), alarm(SECONDS, TooLong):
            calls = _recorded(cell, world, codec)
            right = _given(world.names[cell.exercise], calls, codec)
    except TooLong:
        return None
    wrong = []
    for _, source in known.misconceptions:
        outcomes: tuple[Outcome, ...] = ()
        seconds = min(end - time.monotonic(), EACH_SECONDS)
        if seconds > 0:
            with suppress(TooLong, Exception), _same_numbers(), alarm(seconds, TooLong):
                outcomes = _given(world.with_source(source)[cell.exercise], calls, codec)
        wrong.append(outcomes)
    return Casebook(calls, right, tuple(wrong)) if calls else None


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


def _recorded(cell: Code, world: _World, codec: Codec) -> tuple[Call, ...]:
    """The calls that the tests make of the exercise."""
    from rnncourse.grading.engine.judge import run_tests

    calls: list[Call] = []
    answer = world.names[cell.exercise]

    def recorder(*args: Any, **keywords: Any) -> Any:
        values = (*args, *keywords.values())
        calls.append(Call(tuple(map(codec.encode, values)), tuple(keywords)))
        return answer(*args, **keywords)

    recorder.__name__ = cell.exercise
    with suppress(Exception), _quiet():
        run_tests(cell.source, {**world.names, cell.exercise: recorder})
    step = max(len(calls) / CALLS, 1.0)
    return tuple(calls[int(n * step)] for n in range(min(len(calls), CALLS)))


def _given(
    function: Callable[..., Any], calls: tuple[Call, ...], codec: Codec
) -> tuple[Outcome, ...]:
    """What a function gives for each of the calls."""
    outcomes = []
    for call in calls:
        values = [codec.decode(data) for data in call.values]
        place = len(values) - len(call.names)
        keywords = dict(zip(call.names, values[place:], strict=True))
        raised, value = "", None
        try:
            with _quiet():
                value = function(*values[:place], **keywords)
        except Exception as error:
            raised = type(error).__name__
        outcomes.append(Outcome(raised, codec.encode(value), tuple(map(codec.encode, values))))
    return tuple(outcomes)


def _rows(outcomes: tuple[Outcome, ...]) -> list[Any]:
    return [[outcome.raised, outcome.value, outcome.arguments] for outcome in outcomes]


def _outcomes(rows: list[Any]) -> tuple[Outcome, ...]:
    return tuple(Outcome(raised, value, tuple(arguments)) for raised, value, arguments in rows)


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
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
