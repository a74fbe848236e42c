"""Import Keras without TensorFlow's start-up messages.

Its C++ part writes some to file descriptor 2 before any setting counts (no GPU drivers found,
for one). In a notebook they are noise, and nbgrader gives no marks for a test cell that writes
to stderr.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


def load_keras() -> ModuleType:
    """Import Keras, silently, and return the module."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "keras" not in sys.modules:
        with _silent_stderr():
            return importlib.import_module("keras")
    return sys.modules["keras"]


@contextmanager
def _silent_stderr() -> Iterator[None]:
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
