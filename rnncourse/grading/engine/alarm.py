"""An alarm that ends code of ours that takes too long, but not in the middle of TensorFlow."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

#: How long the alarm waits for Keras or TensorFlow to return, in seconds.
PATIENCE = 5.0
#: How often it rings again where its error was swallowed, in seconds.
_AGAIN = 0.5


@contextmanager
def alarm(seconds: float, error: type[BaseException]) -> Iterator[None]:
    """Raise an error here, once so many seconds are over.

    TensorFlow calls Python from C++ that does not expect an exception out of nowhere: it
    crashes, and the process with it. So where Keras or TensorFlow is at work when the time is
    over, the error is raised as soon as it returns to its caller, or after `PATIENCE`.

    Parameters
    ----------
    seconds
        Wall time.
    error
        What to raise, again and again until it gets here.
    """
    latest = time.monotonic() + seconds + PATIENCE
    over = False
    tracer = sys.gettrace()

    def ring(_: int, frame: FrameType | None) -> None:
        caller = _caller_of_keras(frame)
        if over:
            return
        if caller is None or time.monotonic() > latest:
            raise error
        caller.f_trace = returned
        sys.settrace(_ignore)  # without one, no frame is traced

    def returned(*_: Any) -> None:
        if not over:
            raise error

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), _AGAIN)
    try:
        yield
    finally:
        over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.settrace(tracer)


def _caller_of_keras(frame: FrameType | None) -> FrameType | None:
    """The innermost frame that waits for all of Keras and TensorFlow; None if nobody waits."""
    caller = None
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module.partition(".")[0] in ("keras", "tensorflow"):
            caller = frame.f_back
        frame = frame.f_back
    return caller


def _ignore(*_: Any) -> None:
    """Trace nothing."""
