"""Grade everything that was handed in.

take in -> sanitise (nbgrader's own steps) -> run and judge (workers) -> mark (nbgrader's again)

Only this process writes to the gradebook. What runs in parallel is `run_notebook`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError

from rnncourse.grading.arrivals import Arrivals
from rnncourse.grading.cluster import Workers, started_workers
from rnncourse.grading.directory import BusyError, GradingError, Opened, open_directory
from rnncourse.grading.gradebook import OneGradebook, one_gradebook
from rnncourse.grading.intake import Intake, intake, student_fault
from rnncourse.grading.journal import Entry, Journal, assignment_key, submission_key
from rnncourse.grading.reporting import OK, Mark, Progress, Report, Row, read_marks, row_of
from rnncourse.grading.sanitise import Refusal, released_cells
from rnncourse.grading.steps import STAGING, Sanitised, Steps
from rnncourse.grading.suspicion import suspicions
from rnncourse.grading.task import Limits, Run

#: How often `watch` looks for new submissions.
LOOK_SECONDS = 2.0

#: What is said of every submission that ran unprotected.
NO_SANDBOX = "it ran without a sandbox"

# the database is gone, locked or full: no submission's fault, so the run ends
_DATABASE_IS_GONE = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class _Settings:
    """What holds for every submission of a run."""

    limits: Limits
    sandbox: bool
    regrade: bool = False

    @property
    def sandbox_name(self) -> str:
        """What the journal says of a submission that did not run."""
        return "bubblewrap" if self.sandbox else "none"


@dataclass(frozen=True)
class _Job:
    """A submission on its way: what was handed in, and what became of it so far."""

    student: str
    assignment: str
    key: str
    started: float
    submitted: Intake
    sanitised: Sanitised


def grade(
    directory: str | Path,
    assignment: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    regrade: bool = False,
    limits: Limits | None = None,
    sandbox: bool = True,
    report: Callable[[str], None] = print,
) -> Report:
    """Sanitise, run and mark everything under ``submitted/``.

    A submission that is finished and has not changed since is not graded again, and a run
    that was stopped goes on where it was.

    Parameters
    ----------
    directory
        The course directory.
    assignment
        A chapter such as ``02_rnn_cell`` or ``02``; default: all.
    workers
        How many notebooks run at a time; default: one a core.
    scheduler
        The address of a Dask scheduler whose workers run the notebooks instead.
    regrade
        Grade the finished ones, too.
    limits
        What one submission may use.
    sandbox
        Keep submissions in a sandbox; without it they can do whatever you can.
    report
        Called with a line about progress now and then, where there is no terminal.

    Returns
    -------
    A row for each submission, also for those that could not be graded.

    Raises
    ------
    GradingError
        If nothing can be graded at all: no course directory, no such assignment, no gradebook,
        no sandbox, no workers, or another run is at work.
    """
    started = time.monotonic()
    opened = open_directory(directory)
    assignment = opened.require(assignment)
    pairs = _submissions(opened, assignment)
    if not pairs:
        place = opened.path("submitted", "STUDENT", assignment or "ASSIGNMENT")
        raise GradingError(f"{opened.root}: no submissions; put them at {place}/")
    settings = _Settings(limits or Limits(), sandbox, regrade)
    rows = []
    with (
        started_workers(workers, scheduler, settings.limits, sandbox) as pool,
        Progress("grading", len(pairs), report) as progress,
        closing(_grade(opened, pool, pairs, settings)) as outcomes,
    ):
        for outcome in outcomes:
            rows.append(outcome.row)
            progress.advance(outcome.row.state)
    rows.sort(key=lambda row: (row.assignment, row.student))
    return Report(tuple(rows), time.monotonic() - started)


def watch(
    directory: str | Path,
    assignment: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    regrade: bool = False,
    limits: Limits | None = None,
    sandbox: bool = True,
) -> Generator[Row]:
    """Grade what arrives, until nobody asks for the next one.

    Parameters and errors as in `grade`.

    Yields
    ------
    A row for each submission that was graded, and one for each that could not be.
    """
    opened = open_directory(directory)
    assignment = opened.require(assignment)
    settings = _Settings(limits or Limits(), sandbox, regrade)
    arrivals = Arrivals(lambda pair: opened.path("submitted", *pair))
    verdicts: dict[tuple[str, str], str] = {}
    with started_workers(workers, scheduler, settings.limits, sandbox) as pool:
        while True:
            try:
                pairs = arrivals.at_rest(_submissions(opened, assignment))
                with closing(_grade(opened, pool, pairs, settings)) as outcomes:
                    for outcome in outcomes if pairs else ():
                        row = outcome.row
                        pair = row.student, row.assignment
                        if outcome.is_final:
                            arrivals.finish(pair)
                        # what is tried again every few seconds is said once
                        news = row.state == "graded" or verdicts.get(pair) != row.verdict
                        verdicts[pair] = row.verdict
                        if news and row.state != "unchanged":
                            yield row
            except BusyError:
                pass  # somebody writes feedback: the next look finds the same
            time.sleep(LOOK_SECONDS)


def _submissions(opened: Opened, assignment: str | None) -> list[tuple[str, str]]:
    pairs = [pair for pair in opened.submissions() if assignment in (None, pair[1])]
    return sorted(pairs, key=lambda pair: pair[::-1])


@dataclass(frozen=True)
class _Outcome:
    """What became of a submission; it is not final if the same may end otherwise next time."""

    row: Row
    is_final: bool = True


def _grade(
    opened: Opened,
    pool: Workers[_Job],
    pairs: Iterable[tuple[str, str]],
    settings: _Settings,
) -> Generator[_Outcome]:
    """Grade some submissions, each as soon as there is a worker for it."""
    with opened.lock(), opened.staging(STAGING), one_gradebook(opened) as gradebook:
        coordinator = _Coordinator(opened, gradebook, settings)
        try:
            for student, name in pairs:
                while pool.is_full:
                    yield coordinator.finish(*pool.next())
                started = coordinator.start(student, name)
                if isinstance(started, _Outcome):
                    yield started
                else:
                    pool.submit(started, started.sanitised.task)
            while not pool.is_idle:
                yield coordinator.finish(*pool.next())
        except _DATABASE_IS_GONE as error:
            raise GradingError(
                f"{opened.root}: the gradebook failed: {str(error).splitlines()[0]}; "
                "mend it and run the command again"
            ) from error


class _Coordinator:
    """Takes submissions in and writes marks, one after the other."""

    def __init__(self, opened: Opened, gradebook: OneGradebook, settings: _Settings) -> None:
        self._opened = opened
        self._gradebook = gradebook
        self._settings = settings
        self._journal = Journal(opened.own / "journal.jsonl")
        self._steps = Steps(opened)
        self._known = frozenset(opened.assignments())
        # once a run: the lock keeps them from changing
        self._assignment_key = cache(
            lambda name: assignment_key(opened, name, settings.limits, settings.sandbox)
        )
        self._grade_ids = cache(lambda name: frozenset(released_cells(opened.source(name))))
        self._same_marks: dict[tuple[Any, ...], dict[str, Mark]] = {}

    def start(self, student: str, assignment: str) -> _Job | _Outcome:
        """Take a submission in and sanitise it; an outcome if there is nothing to run."""
        started = time.monotonic()
        if assignment not in self._known:
            verdict = f"no assignment is called '{assignment}'; rename the folder"
            return _Outcome(Row(student, assignment, "not graded", verdict))
        fault = student_fault(student)
        if fault is not None:
            verdict = f"the student's folder {fault}; rename it"
            return _Outcome(Row(student, assignment, "not graded", verdict))
        folder = self._opened.path("submitted", student, assignment)
        key = ""
        flags: tuple[str, ...] = ()
        try:
            submitted = intake(folder, assignment, self._grade_ids(assignment))
            key = submission_key(self._assignment_key(assignment), submitted.digest)
            flags = submitted.flags
            finished = self._finished(student, assignment, key)
            if finished is not None:
                return finished
            with self._gradebook.transaction():
                sanitised = self._steps.sanitise(student, assignment, submitted)
        except Refusal as refusal:
            return self._refuse(student, assignment, key, str(refusal), flags, started)
        except _DATABASE_IS_GONE:
            raise
        except Exception as error:
            return self._refuse(student, assignment, key, _unexpected(error), flags, started)
        return _Job(student, assignment, key, started, submitted, sanitised)

    def finish(self, job: _Job, run: Run) -> _Outcome:
        """Mark what ran, put it in its place, and write it down as finished."""
        student, assignment = job.student, job.assignment
        if run.ended == "not started":
            verdict = f"{run.message}; run the command again"
            return _Outcome(Row(student, assignment, "not graded", verdict), is_final=False)
        # nbgrader's steps leave their traces in the notebook
        flags = _flags(job, run)
        try:
            with self._gradebook.transaction():
                self._steps.mark(student, assignment, job.submitted, job.sanitised, run)
            self._publish(student, assignment)
        except _DATABASE_IS_GONE:
            raise
        except Exception as error:
            verdict = _unexpected(error)
            return self._refuse(student, assignment, job.key, verdict, flags, job.started)
        entry = Entry(
            student,
            assignment,
            job.key,
            graded=True,
            verdict="; ".join(_notes(job, run)) or OK,
            seconds=time.monotonic() - job.started,
            cpu_seconds=run.cpu_seconds,
            memory_bytes=run.memory_bytes,
            sandbox=run.sandbox,
            flags=list(flags),
            results={exercise: asdict(result) for exercise, result in run.results.items()},
        )
        self._journal.add(entry)
        return self._outcome(entry, "graded")

    def _finished(self, student: str, assignment: str, key: str) -> _Outcome | None:
        """What is known of a submission that is finished and has not changed since."""
        entry = self._journal.find(student, assignment)
        if self._settings.regrade or entry is None or entry.key != key:
            return None
        if not entry.graded:
            flags = tuple(entry.flags)
            return _Outcome(Row(student, assignment, "not graded", entry.verdict, flags=flags))
        path = self._opened.path("autograded", student, assignment) / f"{assignment}.ipynb"
        if not path.is_file():
            return None
        outcome = self._outcome(entry, "unchanged")
        return outcome if outcome.row.score is not None else None

    def _refuse(
        self,
        student: str,
        assignment: str,
        key: str,
        verdict: str,
        flags: tuple[str, ...],
        started: float,
    ) -> _Outcome:
        try:
            # the student stands in the gradebook; an earlier submission's mark stays there
            with self._gradebook.transaction() as gradebook:
                gradebook.update_or_create_student(student)
                if read_marks(gradebook, student, assignment) is not None:
                    verdict += "; the mark in the gradebook is an earlier submission's"
        except _DATABASE_IS_GONE:
            raise
        except Exception as error:
            verdict += f"; and the gradebook cannot take the student ({_one_line(error)})"
        seconds = time.monotonic() - started
        name = self._settings.sandbox_name
        entry = Entry(
            student, assignment, key, False, verdict, seconds, sandbox=name, flags=list(flags)
        )
        old = self._journal.find(student, assignment)
        # what has no key is looked at every time
        if old is None or (old.key, old.verdict) != (key, verdict):
            self._journal.add(entry)
        row = Row(student, assignment, "not graded", verdict, seconds=seconds, flags=flags)
        return _Outcome(row, is_final=bool(key))

    def _publish(self, student: str, assignment: str) -> None:
        """Exchange the folder under ``autograded/`` for the new one."""
        new = self._steps.staged(student, assignment)
        place = self._opened.path("autograded", student, assignment)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            # goes away with the other unfinished things
            place.rename(self._opened.own / STAGING / f"old-{time.monotonic_ns()}")
        new.rename(place)

    def _outcome(self, entry: Entry, state: Any) -> _Outcome:
        student, assignment = entry.student, entry.assignment
        with self._gradebook.transaction() as gradebook:
            row = row_of(
                self._opened, gradebook, student, assignment, state, entry.verdict, entry.seconds
            )
        # a class of 100,000 has far fewer different marks
        marks = self._same_marks.setdefault(tuple(row.exercises.items()), row.exercises)
        return _Outcome(replace(row, exercises=marks, flags=tuple(entry.flags)))


def _notes(job: _Job, run: Run) -> list[str]:
    """What the verdict says of a submission that was graded."""
    notes = [*job.submitted.notes, *job.sanitised.notes]
    if run.ended != "finished":
        place = "" if run.cell is None else f" at the cell {_cell_name(job, run.cell)}"
        notes.append(f"{run.message}{place}: tests from there on did not pass")
    if run.sandbox == "none":
        notes.append(NO_SANDBOX)
    return notes


def _flags(job: _Job, run: Run) -> tuple[str, ...]:
    """Why a person should look at a submission: each sentence once."""
    flags = [*job.submitted.flags, *job.sanitised.flags]
    for code in job.sanitised.task.cells:
        if code.kind == "student":
            name = _cell_name(job, code.number)
            flags += [f"the cell {name}, {sentence}" for sentence in suspicions(code.source)]
    flags += run.flags
    if run.sandbox == "none":
        flags.append(NO_SANDBOX)
    return tuple(dict.fromkeys(flags))


def _cell_name(job: _Job, number: int) -> str:
    metadata = job.sanitised.notebook.cells[number].metadata
    name = metadata.get("nbgrader", {}).get("grade_id")
    return f"number {number + 1}" if name is None else f"'{name}'"


def _unexpected(error: Exception) -> str:
    return f"nbgrader cannot take it ({_one_line(error)}); look at the notebook"


def _one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}".strip(": ")
