"""For instructors: from what students hand in to marks and feedback.

nbgrader stays the gradebook, the source of truth and the user interface. A course directory
is a standard one of nbgrader's, and every command of nbgrader's works in it.

What lives where
----------------
``configuration``
    What we set in nbgrader: `configure`, called by every ``nbgrader_config.py``.
``directory``
    Makes and reads a course directory; `GradingError`.
``intake``
    Reads what was handed in, once, without trusting a name, a link or a size.
``sanitise``
    Mends a submission before it runs: copied, deleted and edited cells.
``suspicion``
    Reads a student's code for what an honest answer has no need of.
``task``, ``tasks``
    What travels to a worker and back; a task made from a notebook.
``running``, ``engine``
    Runs a notebook in a sandbox and judges it from outside; plain data in and out.
``cluster``
    Where notebooks run: threads of this process, or a Dask cluster.
``executing``, ``steps``
    What stands in nbgrader's autograde where it runs a notebook; its halves before and after.
``gradebook``
    One connection to the gradebook for a run, one transaction a submission.
``marking``
    `grade` and `watch`: one bad notebook is never in another's way.
``arrivals``
    Which submissions have come or changed and are not being copied any more.
``journal``
    Which submissions are finished, so that nothing is graded twice or skipped.
``reporting``
    Progress while it runs, the table afterwards.
``marks``
    Reads a whole class's marks in two queries.
``overview``
    `write_report`: one HTML page for the instructor, about all that was handed in.
``exporting``
    `export`: the CSV file of marks, also as Moodle and Canvas import it.
``returning``
    `feedback`: one HTML page a submission, put in place as a whole or not at all.
``page``, ``markup``
    What a page shows, and how what students wrote and printed becomes HTML that does nothing.
``secrecy``
    Finds lines of hidden tests, also in disguise: no page is written that shows one.
``sample``
    `demo`: a made-up class whose marks are known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnncourse.grading.configuration import configure
    from rnncourse.grading.directory import GradingError, prepare
    from rnncourse.grading.exporting import export
    from rnncourse.grading.marking import grade, watch
    from rnncourse.grading.overview import write_report
    from rnncourse.grading.reporting import Report, Row
    from rnncourse.grading.returning import feedback
    from rnncourse.grading.sample import demo
    from rnncourse.grading.task import Limits

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
    "watch",
    "write_report",
]

_HOME = {
    "GradingError": "directory",
    "Limits": "task",
    "Report": "reporting",
    "Row": "reporting",
    "configure": "configuration",
    "demo": "sample",
    "export": "exporting",
    "feedback": "returning",
    "grade": "marking",
    "prepare": "directory",
    "watch": "marking",
    "write_report": "overview",
}


def __getattr__(name: str) -> Any:
    # nbgrader takes a second to import: only who grades waits for it
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
