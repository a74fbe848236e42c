"""Find the submissions that have come or changed, and leave alone what is still being copied."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

#: How long a submission must have looked the same.
REST_SECONDS = 2.0

Pair = tuple[str, str]


class Arrivals:
    """What is known of the folders of submissions.

    Parameters
    ----------
    folder
        Says where a submission, a pair of student and assignment, lies.
    """

    def __init__(self, folder: Callable[[Pair], Path]) -> None:
        self._folder = folder
        self._seen: dict[Pair, tuple[int, float]] = {}
        self._finished: dict[Pair, int] = {}

    def at_rest(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Those that are not finished and have looked the same for `REST_SECONDS`."""
        ready = []
        now = time.monotonic()
        for pair in pairs:
            look = _look(self._folder(pair))
            if self._finished.get(pair) == look:
                continue
            if pair not in self._seen or self._seen[pair][0] != look:
                self._seen[pair] = look, now
            elif now - self._seen[pair][1] >= REST_SECONDS:
                ready.append(pair)
        return ready

    def finish(self, pair: Pair) -> None:
        """Leave a submission alone until it changes."""
        self._finished[pair], _ = self._seen.pop(pair)


def _look(folder: Path) -> int:
    """A number that changes with what lies in a folder, without reading any of it."""
    found = []
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            with suppress(OSError):
                status = os.lstat(os.path.join(place, name))
                found.append((place, name, status.st_size, status.st_mtime_ns, status.st_ino))
    return hash(tuple(sorted(found)))
