"""Read a whole class's marks from the gradebook, in two queries however large the class is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from rnncourse.grading.directory import Opened
from rnncourse.grading.journal import Entry, Journal
from rnncourse.grading.reporting import Mark, exercise_of, exercises


@dataclass(frozen=True)
class Person:
    """A student, as far as nbgrader knows: only the id is certain."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""


@dataclass(frozen=True)
class Submission:
    """What is known of one submission.

    Parameters
    ----------
    person, assignment
        Whose submission, and for what.
    marks
        By exercise, in the order of the page; empty if there are none.
    penalty
        What nbgrader takes off because it came late.
    entry
        Its line in the journal, if `grade` has seen it.
    """

    person: Person
    assignment: str
    marks: dict[str, Mark] = field(default_factory=dict, hash=False)
    penalty: float = 0.0
    entry: Entry | None = None

    @property
    def score(self) -> float | None:
        """The sum of the marks, the late penalty taken off; None if there are none."""
        if not self.marks:
            return None
        # never below 0, as in nbgrader's own export
        return max(0.0, sum(mark.score for mark in self.marks.values()) - self.penalty)

    @property
    def max_score(self) -> float | None:
        """The most that it could get; None if there are no marks."""
        return sum(mark.max_score for mark in self.marks.values()) if self.marks else None

    @property
    def needs_manual_grade(self) -> bool:
        """Tell whether a person has still to mark something."""
        return any(mark.needs_manual_grade for mark in self.marks.values())

    @property
    def is_refused(self) -> bool:
        """Tell whether the last try to grade it ended in a refusal."""
        return self.entry is not None and not self.entry.graded

    @property
    def verdict(self) -> str:
        """``"ok"``, or what was wrong and what is left to do."""
        return self.entry.verdict if self.entry else "not graded yet: run 'rnncourse grade'"


def read_submissions(
    opened: Opened, assignment: str | None = None
) -> dict[str, tuple[Submission, ...]]:
    """Read everything that was handed in or has marks.

    Parameters
    ----------
    opened
        The course directory.
    assignment
        A chapter such as ``02_rnn_cell``; default: all.

    Returns
    -------
    By assignment, in the order of their names, each in the order of the students' ids. An
    assignment without submissions is not there.
    """
    names = [name for name in opened.assignments() if assignment in (None, name)]
    journal = Journal(opened.own / "journal.jsonl")
    people, marks, penalties = _read_gradebook(opened)
    pairs = {*opened.submissions(), *opened.submissions("autograded"), *marks}
    found: dict[str, list[Submission]] = {name: [] for name in names}
    orders = {name: exercises(opened, name) for name in names}
    for student, name in sorted(pairs):
        if name in found:
            own = marks.get((student, name), {})
            order = {exercise: n for n, exercise in enumerate(orders[name])}
            found[name].append(
                Submission(
                    people.get(student, Person(student)),
                    name,
                    dict(sorted(own.items(), key=lambda item: order.get(item[0], len(order)))),
                    penalties.get((student, name), 0.0),
                    journal.find(student, name),
                )
            )
    return {name: tuple(submissions) for name, submissions in found.items() if submissions}


_Pair = tuple[str, str]


def _read_gradebook(
    opened: Opened,
) -> tuple[dict[str, Person], dict[_Pair, dict[str, Mark]], dict[_Pair, float]]:
    """All students, and by student and assignment the marks and the late penalty."""
    from nbgrader.api import (
        Assignment,
        BaseCell,
        Grade,
        Notebook,
        Student,
        SubmittedAssignment,
        SubmittedNotebook,
    )
    from sqlalchemy import select

    everybody = select(
        Student.id, Student.first_name, Student.last_name, Student.email, Student.lms_user_id
    )
    grades = (
        select(
            SubmittedAssignment.student_id,
            Assignment.name,
            BaseCell.name,
            Grade.score,
            Grade.max_score,
            Grade.needs_manual_grade,
            Grade.auto_score,
            Grade.manual_score,
            SubmittedNotebook.late_submission_penalty,
        )
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        # our assignments have one notebook, of the same name
        .where(Notebook.name == Assignment.name)
        .order_by(BaseCell.name)
    )
    with opened.gradebook() as gradebook:
        people = {
            row[0]: Person(*(value or "" for value in row))
            for row in gradebook.db.execute(everybody)
        }
        rows = gradebook.db.execute(grades).all()
    marks: dict[_Pair, dict[str, Mark]] = defaultdict(dict)
    penalties: dict[_Pair, float] = {}
    unfinished: set[_Pair] = set()
    for student, name, cell, score, most, by_hand, auto, manual, penalty in rows:
        pair = (student, name)
        marks[pair][exercise_of(cell)] = Mark(float(score), float(most), bool(by_hand))
        penalties[pair] = float(penalty or 0.0)
        if auto is None and manual is None and not by_hand:
            unfinished.add(pair)  # nbgrader made the rows and was stopped before it marked
    return people, {p: own for p, own in marks.items() if p not in unfinished}, penalties
