"""Say how grading goes and what came out."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from rnncourse.grading.directory import Opened

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from rich.table import Table

#: The verdict on a submission of which there is nothing to say.
OK = "ok"

#: A run whose output is not a terminal says how far it is every so many seconds.
LINE_SECONDS = 10

#: A longer table lists only the submissions of which there is something to say.
LONG = 40


@dataclass(frozen=True)
class Mark:
    """What the gradebook holds for one exercise of one submission."""

    score: float
    max_score: float
    needs_manual_grade: bool = False


@dataclass(frozen=True)
class Row:
    """One submission in the report.

    Parameters
    ----------
    student, assignment
        Whose submission, and for what.
    state
        ``graded`` in this run, ``unchanged`` since an earlier one, or ``not graded``.
    verdict
        ``"ok"``, or what was wrong, what was done about it, and what is left to do.
    exercises
        The marks by exercise; empty if there are none.
    score, max_score
        Their sums, late penalty taken off; None if there are no marks.
    seconds
        What grading it took.
    flags
        Why a person should look at it.
    """

    student: str
    assignment: str
    state: Literal["graded", "unchanged", "not graded"]
    verdict: str
    exercises: dict[str, Mark] = field(default_factory=dict, hash=False)
    score: float | None = None
    max_score: float | None = None
    seconds: float = 0.0
    flags: tuple[str, ...] = ()

    @property
    def needs_manual_grade(self) -> bool:
        """Tell whether a person has still to mark something."""
        return any(mark.needs_manual_grade for mark in self.exercises.values())

    @property
    def mark(self) -> str:
        """Such as ``5 / 6``; ``-`` if there are no marks."""
        return "-" if self.score is None else f"{self.score:g} / {self.max_score:g}"

    @property
    def line(self) -> str:
        """The row as a line of text."""
        return f"{self.student}: {self.assignment}: {self.mark}: {self.verdict}"


@dataclass(frozen=True)
class Report:
    """What became of every submission, in the order of assignments and students."""

    rows: tuple[Row, ...]
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Tell whether everything could be graded."""
        return all(row.state != "not graded" for row in self.rows)

    def table(self) -> Table:
        """The report for a terminal."""
        from rich.markup import escape
        from rich.table import Table

        rows = self.rows
        caption = self.summary()
        if len(rows) > LONG:
            rows = tuple(row for row in rows if row.verdict != OK or row.state == "not graded")
            quiet = len(self.rows) - len(rows)
            caption += f"\n{quiet} with nothing to say are not listed; 'rnncourse report' shows all"
        table = Table(caption=caption)
        for title in ("student", "assignment", "mark", "below full marks", "verdict"):
            table.add_column(title, overflow="fold", justify="right" if title == "mark" else "left")
        for row in rows:
            below = [
                f"{name} {'by hand' if m.needs_manual_grade else format(m.score, 'g')}"
                for name, m in row.exercises.items()
                if m.score < m.max_score
            ]
            style = "red" if row.state == "not graded" else "" if row.verdict == OK else "yellow"
            texts = (row.student, row.assignment, row.mark, ", ".join(below), row.verdict)
            table.add_row(*map(escape, texts), style=style)
        return table

    def summary(self) -> str:
        """One line: how many of what, and how long it took."""
        states = Counter(row.state for row in self.rows)
        counts = ", ".join(f"{states[s]} {s}" for s in ("graded", "unchanged", "not graded"))
        by_hand = sum(row.needs_manual_grade for row in self.rows)
        flagged = sum(bool(row.flags) for row in self.rows)
        flags = f"; {flagged} to look at ('rnncourse report' says why)" if flagged else ""
        return f"{counts}; {by_hand} with answers to mark by hand{flags}; {self.seconds:.0f} s"


class Progress:
    """A bar with rate, estimate and counts; plain lines where there is no terminal."""

    def __init__(self, what: str, total: int, say: Callable[[str], None]) -> None:
        self._what, self._total, self._say = what, total, say
        self._counts: Counter[str] = Counter()
        self._started = self._said = time.monotonic()
        self._bar = None
        if sys.stderr.isatty() and total:
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                progress.TextColumn("{task.fields[rate]}"),
                progress.TimeElapsedColumn(),
                progress.TextColumn("left"),
                progress.TimeRemainingColumn(elapsed_when_finished=False),
                progress.TextColumn("{task.fields[counts]}"),
                console=Console(stderr=True),
            )
            self._task = self._bar.add_task(what, total=total, rate="", counts="")

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        elif self._total:
            self._say(f"{self._what}: {self._total} submissions")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, state: str) -> None:
        """Count one submission."""
        self._counts[state] += 1
        done = sum(self._counts.values())
        now = time.monotonic()
        rate = done / max(now - self._started, 1e-9)
        counts = ", ".join(f"{n} {s}" for s, n in self._counts.items())
        if self._bar:
            self._bar.update(self._task, advance=1, rate=f"{60 * rate:.0f}/min", counts=counts)
        elif now - self._said > LINE_SECONDS or done == self._total:
            self._said = now
            left = (self._total - done) / rate
            self._say(
                f"{self._what}: {done} of {self._total} in {now - self._started:.0f} s "
                f"({60 * rate:.0f} a minute, {left:.0f} s left): {counts}"
            )


def read_marks(gradebook: Gradebook, student: str, assignment: str) -> dict[str, Mark] | None:
    """A submission's marks by exercise, or None if nbgrader has not graded it."""
    from nbgrader.api import BaseCell, Grade
    from sqlalchemy import select

    columns = (
        *(BaseCell.name, Grade.score, Grade.max_score, Grade.needs_manual_grade),
        *(Grade.auto_score, Grade.manual_score),
    )
    # one query: nbgrader's objects take two more for every exercise
    rows = gradebook.db.execute(
        _of_submission(select(*columns).select_from(Grade), student, assignment).join(
            BaseCell, BaseCell.id == Grade.cell_id
        )
    ).all()
    marks = {}
    for name, score, most, by_hand, auto, manual in rows:
        if auto is None and manual is None and not by_hand:
            return None
        marks[exercise_of(name)] = Mark(float(score), float(most), bool(by_hand))
    return dict(sorted(marks.items())) or None


def late_penalty(gradebook: Gradebook, student: str, assignment: str) -> float:
    """What nbgrader takes off a graded submission that came late."""
    from nbgrader.api import Grade, SubmittedNotebook
    from sqlalchemy import select

    penalty = select(SubmittedNotebook.late_submission_penalty).select_from(Grade)
    query = _of_submission(penalty, student, assignment).limit(1)
    return float(gradebook.db.execute(query).scalar() or 0)


def _of_submission(query: Any, student: str, assignment: str) -> Any:
    """Narrow a query of grades to one submission; our assignments have one notebook each."""
    from nbgrader.api import Assignment, Grade, Notebook, SubmittedAssignment, SubmittedNotebook

    return (
        query.join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(
            SubmittedAssignment.student_id == student,
            Assignment.name == assignment,
            Notebook.name == assignment,
        )
    )


def exercise_of(grade_id: str) -> str:
    """The exercise that a graded cell belongs to."""
    return grade_id.removeprefix("test-")


def row_of(
    opened: Opened,
    gradebook: Gradebook,
    student: str,
    assignment: str,
    state: Literal["graded", "unchanged", "not graded"],
    verdict: str,
    seconds: float = 0.0,
) -> Row:
    """A line of the report, with the marks as they stand in the gradebook."""
    marks = None if state == "not graded" else read_marks(gradebook, student, assignment)
    if marks is None:
        return Row(student, assignment, state, verdict, seconds=seconds)
    order = {name: n for n, name in enumerate(exercises(opened, assignment))}
    marks = dict(sorted(marks.items(), key=lambda item: order.get(item[0], len(order))))
    score = sum(mark.score for mark in marks.values())
    # never below 0, as in nbgrader's own export
    score = max(0.0, score - late_penalty(gradebook, student, assignment))
    max_score = sum(mark.max_score for mark in marks.values())
    return Row(student, assignment, state, verdict, marks, score, max_score, seconds)


def exercises(opened: Opened, assignment: str) -> list[str]:
    """The exercises of an assignment, in the order of the page."""
    from rnncourse.grading.sanitise import released_cells

    cells = released_cells(opened.source(assignment))
    return [exercise_of(name) for name, cell in cells.items() if cell.metadata.nbgrader.grade]
