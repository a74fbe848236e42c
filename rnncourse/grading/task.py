"""What travels between the coordinator and a worker: plain data, so that either may be anywhere.

A `Task` goes to the worker, a `Run` comes back; nothing here knows nbgrader or the sandbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    cell_seconds
        Wall time of one cell, and of the tests of one exercise. A cell is interrupted then,
        and the next ones run.
    notebook_seconds
        Wall time of all cells together; everything is killed then.
    output_bytes
        Of one cell's outputs; what is more is dropped.
    value_bytes
        Of one value that a function returns to a test.
    memory_bytes
        Resident memory of all its processes, beyond what was loaded before it began.
    disk_bytes
        Of all files that it writes.
    processes
        Processes and threads at a time.
    open_files
        Of one process.
    """

    cell_seconds: float = 30.0
    notebook_seconds: float = 600.0
    output_bytes: int = 1_000_000
    value_bytes: int = 64_000_000
    memory_bytes: int = 2_000_000_000
    disk_bytes: int = 256_000_000
    processes: int = 256
    open_files: int = 256


@dataclass(frozen=True)
class Code:
    """A code cell to run.

    Parameters
    ----------
    number
        Its place in the notebook.
    source
        The text.
    kind
        ``setup`` is the chapter's and runs on both sides; ``student`` runs in the sandbox
        alone; ``tests`` run in the judge alone, visible and hidden ones together.
    exercise
        Which one the tests are for; it is the name of the function that they call.
    points
        What the tests give at most.
    """

    number: int
    source: str
    kind: Literal["setup", "student", "tests"]
    exercise: str = ""
    points: float = 1.0


@dataclass(frozen=True)
class Known:
    """What is known of an exercise, to say what went wrong in a wrong answer.

    Parameters
    ----------
    answer
        Source of the answer.
    misconceptions
        Pairs of a hint and the source of a wrong answer that shows it.
    """

    answer: str
    misconceptions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Task:
    """A notebook to run and judge.

    Parameters
    ----------
    cells
        In the order in which they run.
    files
        To lie beside the notebook: relative path and content.
    known
        By the name of the exercise.
    """

    cells: tuple[Code, ...]
    files: tuple[tuple[str, bytes], ...] = ()
    known: dict[str, Known] = field(default_factory=dict)


@dataclass(frozen=True)
class CellRun:
    """What a cell of the student's gave: outputs as nbformat stores them, capped in size."""

    outputs: list[dict[str, Any]]
    execution_count: int | None


@dataclass(frozen=True)
class Result:
    """What came of the tests of one exercise.

    Parameters
    ----------
    share
        Of the points: 0 or 1, or between where the tests' last line is a number.
    message
        What the student may read about the failure; empty if there is none. It never holds
        a line of a test.
    misconception
        The hint of the catalogued misconception that the answer behaves like, or empty.
    behaviour
        The same text for the same way to fail, across students; empty if passed.
    error
        The name of the exception that ended the tests.
    """

    share: float
    message: str = ""
    misconception: str = ""
    behaviour: str = ""
    error: str = ""

    @property
    def hint(self) -> str:
        """What the student reads first."""
        return self.misconception or self.message


@dataclass
class Run:
    """What became of a task.

    Parameters
    ----------
    cells
        By the number of the cell; set-up and student's cells. One that is not here did not run.
    results
        By the exercise. One that is not here was not tested to the end.
    ended
        ``finished``; ``killed`` (used up its time, memory or another limit); ``died`` (the
        process is gone); ``not started`` (not the student's fault).
    message
        What happened, if the task did not finish.
    cell
        The number of the cell it happened in.
    flags
        What a person should look at: each a sentence.
    sandbox
        What kept the submission in: ``bubblewrap``, or ``none``.
    seconds, cpu_seconds
        Wall and processor time.
    memory_bytes
        The most that was resident at a time, beyond what was loaded before.
    """

    cells: dict[int, CellRun] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    ended: Literal["finished", "killed", "died", "not started"] = "finished"
    message: str = ""
    cell: int | None = None
    flags: list[str] = field(default_factory=list)
    sandbox: str = "none"
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_bytes: int = 0
