"""For instructors: from what students hand in to marks and feedback.

nbgrader stays the gradebook, the source of truth and the user interface. A course directory
is a standard one of nbgrader's, and every command of nbgrader's works in it.

What lives where
----------------
``configuration``
    What we set in nbgrader: `configure`, called by every ``nbgrader_config.py``.
``directory``
    Makes and reads a course directory; `GradingError`.
``sanitise``
    Mends a submission before it runs: copied, deleted and edited cells.
``running``
    The seam: runs a notebook's code cells in a kernel of their own; plain data in and out.
``marking``
    `grade`: sanitise -> run -> mark, in parallel, one bad notebook never in another's way.
``journal``
    Which submissions are finished, so that nothing is graded twice or skipped.
``reporting``
    Progress while it runs, the table afterwards, the CSV of marks.
``returning``
    `feedback`: one HTML page a submission, without a line of a hidden test.
``sample``
    `demo`: a made-up class whose marks are known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnncourse.grading.configuration import configure
    from rnncourse.grading.directory import GradingError, prepare
    from rnncourse.grading.marking import grade
    from rnncourse.grading.reporting import Report, Row, export
    from rnncourse.grading.returning import feedback
    from rnncourse.grading.running import Limits
    from rnncourse.grading.sample import demo

__all__ = [
    "GradingError",
    "Limits",
    "Report",
    "Row",
    "configure",
    "demo",
    "export",
    "feedback",
    "grade",
    "prepare",
]

_HOME = {
    "GradingError": "directory",
    "Limits": "running",
    "Report": "reporting",
    "Row": "reporting",
    "configure": "configuration",
    "demo": "sample",
    "export": "reporting",
    "feedback": "returning",
    "grade": "marking",
    "prepare": "directory",
}


def __getattr__(name: str) -> Any:
    # nbgrader takes a second to import: only who grades waits for it
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
