"""Exceptions as plain data: what a function of the student's raised, for the tests to see."""

from __future__ import annotations

import builtins
from typing import Any


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as plain data."""
    try:
        text = str(error)
    except BaseException:
        text = ""
    # by what they are: a class of one's own may have the name of a built-in one
    classes = type(error).__mro__
    bases = [c.__name__ for c in classes if getattr(builtins, c.__name__, None) is c]
    return {
        "kind": str.__str__(type(error).__name__)[:100],
        "bases": bases,
        "text": str.__str__(text)[:2000],
    }


#: Exceptions that would end a loop or a process of the judge's rather than a test.
_NOT_PASSED_ON = (StopIteration, StopAsyncIteration)


def rebuilt(description: dict[str, Any]) -> Exception:
    """The exception that was described, of the same name and of the nearest built-in class."""
    kind, text = str(description.get("kind", "")), str(description.get("text", ""))
    base = next(filter(None, map(_usable, description.get("bases", ()))), RuntimeError)
    if base.__name__ == kind:
        return base(text)
    made: Exception = type(kind if kind.isidentifier() else "Error", (base,), {})(text)
    return made


def _usable(name: object) -> type[Exception] | None:
    """The built-in exception of a name, if it can be made from a text and ends only a test."""
    found = getattr(builtins, str(name), None)
    if not isinstance(found, type) or not issubclass(found, Exception):
        return None
    if issubclass(found, (*_NOT_PASSED_ON, UnicodeError, BaseExceptionGroup)):
        return None
    return found
