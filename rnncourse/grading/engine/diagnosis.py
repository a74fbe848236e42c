"""Which known misconception an answer behaves like.

The student's function gets the arguments of every call in the exercise's `Casebook`. A
misconception that gives what the student's function gives for all of them, where the answer
gives something else for at least one, is the diagnosis. If there is none, what the function
gave is summed up, so that equal failures of a class can be counted together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncourse.grading.engine.casebook import Call, Casebook, Outcome
from rnncourse.grading.engine.keras_wire import Parts
from rnncourse.grading.engine.wire import Codec
from rnncourse.grading.task import Known


@dataclass(frozen=True)
class _Seen:
    """An outcome whose bytes were read; Keras models stay the parts that they travel as."""

    raised: str
    value: Any
    arguments: tuple[Any, ...] = ()


_Like = Callable[[_Seen, _Seen], bool]


def diagnose(
    casebook: Casebook, known: Known, ask: Callable[[Call], Outcome], codec: Codec
) -> dict[str, str]:
    """Compare a wrong answer with what is known.

    Parameters
    ----------
    casebook
        The cases of the exercise.
    known
        The exercise's misconceptions, in the order of the casebook's.
    ask
        Passes a call on to the student's function.
    codec
        Reads values; Keras models as parts.

    Returns
    -------
    ``misconception`` (a hint, or not there) and ``behaviour``.

    Raises
    ------
    Malformed
        If what came from the student's process is no value.
    """

    def read(outcomes: Sequence[Outcome]) -> list[_Seen]:
        return [_read(outcome, codec) for outcome in outcomes]

    came, right = read([ask(call) for call in casebook.calls]), read(casebook.right)
    wrong = [(hint, read(casebook.wrong[n])) for n, (hint, _) in enumerate(known.misconceptions)]
    hint = next(filter(None, (_named(came, right, wrong, is_like) for is_like in _LIKES)), "")
    if hint:
        return {"misconception": hint, "behaviour": f"misconception: {hint}"}
    return {"behaviour": _summary(came, right)}


def _named(
    came: list[_Seen], right: list[_Seen], wrong: list[tuple[str, list[_Seen]]], is_like: _Like
) -> str:
    """The hint of the first misconception that gives all that came from the student."""
    if all(map(is_like, came, right)):
        return _named_by_weights(came, right, wrong)  # seen so, nothing is wrong
    for hint, outcomes in wrong:
        if outcomes and all(map(is_like, came, outcomes)):
            return hint
    return ""


def _named_by_weights(
    came: list[_Seen], right: list[_Seen], wrong: list[tuple[str, list[_Seen]]]
) -> str:
    """The same for models that are built rightly, and whose weights were drawn at random."""

    def apart(outcomes: list[_Seen]) -> list[bool]:
        pairs = zip(outcomes, right, strict=True)
        return [isinstance(r.value, Parts) and not _alike(o, r) for o, r in pairs]

    own = apart(came)
    for hint, outcomes in wrong if any(own) else ():
        if outcomes and all(map(_roughly_alike, outcomes, right)) and apart(outcomes) == own:
            return hint
    return ""


def _read(outcome: Outcome, codec: Codec) -> _Seen:
    if outcome.raised:
        return _Seen(outcome.raised, None)
    return _Seen("", codec.decode(outcome.value), tuple(map(codec.decode, outcome.arguments)))


def _alike(one: _Seen, other: _Seen) -> bool:
    if one.raised or other.raised:
        return one.raised == other.raised
    return _same(one.value, other.value, True) and _same(one.arguments, other.arguments, True)


def _roughly_alike(one: _Seen, other: _Seen) -> bool:
    """Alike if lists, tuples and arrays, and whole and other numbers, are not told apart."""
    if one.raised or other.raised:
        return bool(one.raised) == bool(other.raised)
    return _same(one.value, other.value, False)


_LIKES: tuple[_Like, ...] = (_alike, _roughly_alike)


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
    if isinstance(one, Parts):
        return _same_models(one, other, exact)
    if isinstance(one, np.random.Generator):
        return repr(one.bit_generator.state) == repr(other.bit_generator.state)
    if callable(one):
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


def _same_models(one: Parts, other: Parts, exact: bool) -> bool:
    """Compare what models are made of; roughly, as fresh ones have weights drawn at random."""
    if one.structure() != other.structure() or len(one.weights) != len(other.weights):
        return False
    pairs = list(zip(one.weights, other.weights, strict=True))
    if not exact:
        return all(a.shape == b.shape for a, b in pairs)
    return all(_same_arrays(a, b, exact) for a, b in pairs)


def _summary(came: list[_Seen], right: list[_Seen]) -> str:
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
        digest.update(_rounded(each).encode(errors="replace"))
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
    return "another model" if isinstance(a, Parts) else "other values"


def _rounded(outcome: _Seen) -> str:
    if outcome.raised:
        return outcome.raised
    if isinstance(outcome.value, Parts):
        return outcome.value.structure()
    array = _as_array(outcome.value)
    if isinstance(array, np.ndarray) and array.dtype.kind in "fc":
        with np.errstate(all="ignore"):
            return np.array2string(array.ravel()[:20], precision=4)
    return repr(array)[:500]
