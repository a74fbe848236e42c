"""Say how grading goes, what came out, and write the marks to a CSV file."""

from __future__ import annotations

import csv
import io
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from rnncourse.files import write_atomically
from rnncourse.grading.directory import Opened, open_directory
from rnncourse.grading.journal import Journal

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from rich.table import Table

#: The verdict on a submission of which there is nothing to say.
OK = "ok"

#: A run whose output is not a terminal says how far it is every so many seconds.
LINE_SECONDS = 10


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
    """

    student: str
    assignment: str
    state: Literal["graded", "unchanged", "not graded"]
    verdict: str
    exercises: dict[str, Mark] = field(default_factory=dict, hash=False)
    score: float | None = None
    max_score: float | None = None
    seconds: float = 0.0

    @property
    def needs_manual_grade(self) -> bool:
        """Tell whether a person has still to mark something."""
        return any(mark.needs_manual_grade for mark in self.exercises.values())


@dataclass(frozen=True)
class Report:
    """What became of every submission, in the order of assignments and students."""

    rows: tuple[Row, ...]
    seconds: float = 0.0

    def table(self) -> Table:
        """The report for a terminal."""
        from rich.markup import escape
        from rich.table import Table

        table = Table(caption=self.summary())
        for title in ("student", "assignment", "mark", "below full marks", "verdict"):
            table.add_column(title, overflow="fold", justify="right" if title == "mark" else "left")
        for row in self.rows:
            mark = "-" if row.score is None else f"{row.score:g} / {row.max_score:g}"
            below = [
                f"{name} {'by hand' if m.needs_manual_grade else format(m.score, 'g')}"
                for name, m in row.exercises.items()
                if m.score < m.max_score
            ]
            style = "red" if row.state == "not graded" else "" if row.verdict == OK else "yellow"
            texts = (row.student, row.assignment, mark, ", ".join(below), row.verdict)
            table.add_row(*map(escape, texts), style=style)
        return table

    def summary(self) -> str:
        """One line: how many of what, and how long it took."""
        states = Counter(row.state for row in self.rows)
        counts = ", ".join(f"{states[s]} {s}" for s in ("graded", "unchanged", "not graded"))
        by_hand = sum(row.needs_manual_grade for row in self.rows)
        return f"{counts}; {by_hand} with answers to mark by hand; {self.seconds:.0f} s"


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
    from nbgrader.api import MissingEntry

    try:
        notebook = gradebook.find_submission_notebook(assignment, assignment, student)
    except MissingEntry:
        return None
    marks = {}
    for grade in notebook.grades:
        is_marked = grade.auto_score is not None or grade.manual_score is not None
        if not is_marked and not grade.needs_manual_grade:
            return None
        marks[exercise_of(grade.name)] = Mark(
            float(grade.score), float(grade.max_score), bool(grade.needs_manual_grade)
        )
    return dict(sorted(marks.items()))


def late_penalty(gradebook: Gradebook, student: str, assignment: str) -> float:
    """What nbgrader takes off a graded submission that came late."""
    notebook = gradebook.find_submission_notebook(assignment, assignment, student)
    return float(notebook.late_submission_penalty or 0)


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
    score -= late_penalty(gradebook, student, assignment)
    max_score = sum(mark.max_score for mark in marks.values())
    return Row(student, assignment, state, verdict, marks, score, max_score, seconds)


def exercises(opened: Opened, assignment: str) -> list[str]:
    """The exercises of an assignment, in the order of the page."""
    from rnncourse.grading.sanitise import released_cells

    cells = released_cells(opened.source(assignment))
    return [exercise_of(name) for name, cell in cells.items() if cell.metadata.nbgrader.grade]


def export(directory: str | Path, path: str | Path, assignment: str | None = None) -> Path:
    """Write the marks of the gradebook to a CSV file.

    One row a submission: student, assignment, score, max_score, whether something is left to
    mark by hand, each exercise's mark, and the verdict if there is something to say.

    Parameters
    ----------
    directory
        The course directory.
    path
        The file to write; an old one is replaced at once or not at all.
    assignment
        A chapter such as ``02_rnn_cell``; default: all.

    Raises
    ------
    GradingError
        If the course directory is none, or has no such assignment.
    """
    opened = open_directory(directory)
    opened.require(assignment)
    journal = Journal(opened.own / "journal.jsonl")
    pairs = {*opened.submissions(), *opened.submissions("autograded")}
    rows = []
    names: dict[str, None] = {}
    with opened.gradebook() as gradebook:
        known = opened.assignments()
        for student, name in sorted(pairs, key=lambda pair: pair[::-1]):
            if name not in known or assignment not in (None, name):
                continue
            entry = journal.find(student, name)
            verdict = entry.verdict if entry else "not graded yet: run 'rnncourse grade'"
            rows.append(row_of(opened, gradebook, student, name, "unchanged", verdict))
            names |= dict.fromkeys(exercises(opened, name))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = ["student", "assignment", "score", "max_score", "needs_manual_grade"]
    writer.writerow([*head, *names, "verdict"])
    for row in rows:
        marks = [row.exercises[n].score if n in row.exercises else "" for n in names]
        by_hand = "" if row.score is None else "yes" if row.needs_manual_grade else "no"
        score = ["" if v is None else v for v in (row.score, row.max_score)]
        texts = _no_formula([row.student, row.assignment])
        verdict = "" if row.verdict == OK else row.verdict
        writer.writerow([*texts, *score, by_hand, *marks, *_no_formula([verdict])])
    path = Path(path)
    if not path.resolve().parent.is_dir():
        from rnncourse.grading.directory import GradingError

        raise GradingError(f"{path}: its folder does not exist; make it, or choose another")
    write_atomically(path, text.getvalue())
    return path


def _no_formula(texts: Iterable[str]) -> list[str]:
    """Keep a spreadsheet from taking a text for a formula."""
    risky = ("=", "+", "-", "@", "\t", "\r", "\n")
    return ["'" + text if text.startswith(risky) else text for text in texts]
