"""Grade a course directory with workers that return at once: what the coordinator can do.

Used by ``benchmarks/grading.py``. The first submission runs for real; what came of it is the
answer for all others.

    at_once.py SIZES DIRECTORY

The sizes of what travels to a worker and back are written to the first.
"""

from __future__ import annotations

import json
import pickle
import sys
import threading
from pathlib import Path

from rnncourse.grading import cluster, grade
from rnncourse.grading.running import run_notebook
from rnncourse.grading.task import Limits, Run, Task

_lock = threading.Lock()
_prepared: list[Run] = []
_sizes: dict[str, int] = {}


def at_once(task: Task, limits: Limits, sandbox: bool, versions: dict[str, str]) -> Run:
    """Stand in for what a worker does."""
    with _lock:
        if not _prepared:
            _prepared.append(run_notebook(task, limits, sandbox))
            _sizes.update(task_bytes=_size(task), run_bytes=_size(_prepared[0]))
    return _prepared[0]


def _size(value: object) -> int:
    return len(pickle.dumps(value))


def main() -> None:
    """Grade, and write down the sizes."""
    cluster._run = at_once
    sizes, directory = sys.argv[1:]
    report = grade(directory, workers=2, report=lambda line: None)
    assert report.ok, [row.line for row in report.rows if row.state != "graded"][:3]
    Path(sizes).write_text(json.dumps(_sizes))


if __name__ == "__main__":
    # by its name Dask finds it anew; what is in __main__ it would copy, with an empty list
    from at_once import main as run

    run()
