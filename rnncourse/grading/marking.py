"""Grade everything that was handed in.

sanitise (nbgrader's own steps) -> run (a kernel for each notebook) -> mark (nbgrader's again)

Only this process writes to the gradebook. What runs in parallel is `run_notebook`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbconvert.writers import FilesWriter
from nbformat import NotebookNode, v4
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from sqlalchemy.exc import SQLAlchemyError

from rnncourse.grading.directory import OWN_FOLDER, GradingError, Opened, open_directory
from rnncourse.grading.journal import Entry, Journal, submission_key
from rnncourse.grading.reporting import OK, Progress, Report, Row, read_marks, row_of
from rnncourse.grading.running import Limits, Run, Task, kernels_end_here, run_notebook
from rnncourse.grading.sanitise import MENDED, Refusal, is_demonstration, read_submission

_STAGING = "grading"


@dataclass
class _Job:
    """A submission on its way: sanitised, and what was mended."""

    student: str
    assignment: str
    key: str
    started: float
    notebook: NotebookNode
    task: Task
    notes: list[str]


def grade(
    directory: str | Path,
    assignment: str | None = None,
    workers: int | None = None,
    regrade: bool = False,
    limits: Limits | None = None,
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
        A chapter such as ``02_rnn_cell``; default: all.
    workers
        How many notebooks run at a time; default: one a core.
    regrade
        Grade the finished ones, too.
    limits
        What one submission may use.
    report
        Called with a line about progress now and then, where there is no terminal.

    Returns
    -------
    A row for each submission, also for those that could not be graded.

    Raises
    ------
    GradingError
        If nothing can be graded at all: no course directory, no such assignment, no gradebook,
        or another run is at work.
    """
    started = time.monotonic()
    limits = limits or Limits()
    opened = open_directory(directory)
    opened.require(assignment)
    pairs = [pair for pair in opened.submissions() if assignment in (None, pair[1])]
    if not pairs:
        place = opened.path("submitted", "STUDENT", assignment or "ASSIGNMENT")
        raise GradingError(f"{opened.root}: no submissions; put them at {place}/")
    pairs.sort(key=lambda pair: pair[::-1])
    workers = workers or os.cpu_count() or 1
    with (
        opened.lock(),
        opened.staging(_STAGING),
        Progress("grading", len(pairs), report) as progress,
        ThreadPoolExecutor(max_workers=workers) as pool,
        # left first: the pool waits for its runs, and without kernels they end
        kernels_end_here(),
    ):
        coordinator = _Coordinator(opened, limits, progress)
        running: dict[Future[Run], _Job] = {}
        try:
            for student, name in pairs:
                # no more than the workers need soon: memory stays flat
                while len(running) >= 2 * workers:
                    _finish_some(coordinator, running)
                job = coordinator.start(student, name, regrade)
                if job is not None:
                    running[pool.submit(run_notebook, job.task, limits)] = job
            while running:
                _finish_some(coordinator, running)
        except SQLAlchemyError as error:
            pool.shutdown(wait=False, cancel_futures=True)
            raise GradingError(
                f"{opened.root}: the gradebook failed: {str(error).splitlines()[0]}; "
                "mend it and run the command again"
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    rows = sorted(coordinator.rows, key=lambda row: (row.assignment, row.student))
    return Report(tuple(rows), time.monotonic() - started)


def _finish_some(coordinator: _Coordinator, running: dict[Future[Run], _Job]) -> None:
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        coordinator.finish(running.pop(future), future.result())


class _Coordinator:
    """Takes submissions in and writes marks, one after the other."""

    def __init__(self, opened: Opened, limits: Limits, progress: Progress) -> None:
        self.rows: list[Row] = []
        self._opened = opened
        self._limits = limits
        self._progress = progress
        self._journal = Journal(opened.own / "journal.jsonl")
        self._steps = _Steps(
            coursedir=opened.with_folders(autograded=f"{OWN_FOLDER}/{_STAGING}"),
            config=opened.config,
        )
        self._known = opened.assignments()

    def start(self, student: str, assignment: str, regrade: bool) -> _Job | None:
        """Sanitise a submission; None if there is nothing to run."""
        started = time.monotonic()
        if assignment not in self._known:
            verdict = f"no assignment is called '{assignment}'; rename the folder"
            self._add(Row(student, assignment, "not graded", verdict))
            return None
        folder = self._opened.path("submitted", student, assignment)
        try:
            key = submission_key(folder, self._opened.source(assignment), self._limits)
        except OSError as error:
            verdict = f"{error.filename} cannot be read ({error.strerror}); mend its permissions"
            self._add(Row(student, assignment, "not graded", verdict))
            return None
        if not regrade and self._is_finished(student, assignment, key):
            return None
        try:
            notebook, task, notes = self._steps.sanitise(student, assignment, folder)
        except Refusal as refusal:
            self._refuse(student, assignment, key, str(refusal), started)
        except SQLAlchemyError:
            raise
        except Exception as error:
            self._refuse(student, assignment, key, _unexpected(error), started)
        else:
            return _Job(student, assignment, key, started, notebook, task, notes)
        return None

    def finish(self, job: _Job, run: Run) -> None:
        """Mark what ran, put it in its place, and write it down as finished."""
        student, assignment = job.student, job.assignment
        if run.ended == "not started":
            verdict = f"{run.message}; run the command again"
            self._add(Row(student, assignment, "not graded", verdict))
            return
        notes = list(job.notes)
        if run.ended != "finished":
            cell = job.notebook.cells[run.cell or 0]
            name = cell.metadata.get("nbgrader", {}).get("grade_id", f"number {run.cell}")
            notes.append(f"{run.message} at the cell '{name}': tests from there on did not pass")
        try:
            self._steps.mark(student, assignment, job.notebook, run)
            self._publish(student, assignment)
        except SQLAlchemyError:
            raise
        except Exception as error:
            self._refuse(student, assignment, job.key, _unexpected(error), job.started)
            return
        seconds = time.monotonic() - job.started
        entry = Entry(student, assignment, job.key, True, "; ".join(notes) or OK, seconds)
        self._journal.add(entry)
        self._add_graded(entry, "graded")

    def _is_finished(self, student: str, assignment: str, key: str) -> bool:
        entry = self._journal.find(student, assignment)
        if entry is None or entry.key != key:
            return False
        if not entry.graded:
            self._add(Row(student, assignment, "not graded", entry.verdict))
            return True
        path = self._opened.path("autograded", student, assignment) / f"{assignment}.ipynb"
        with self._opened.gradebook() as gradebook:
            if not path.is_file() or read_marks(gradebook, student, assignment) is None:
                return False
        self._add_graded(entry, "unchanged")
        return True

    def _refuse(
        self, student: str, assignment: str, key: str, verdict: str, started: float
    ) -> None:
        # the student stands in the gradebook; an earlier submission's mark stays there
        with self._opened.gradebook() as gradebook:
            gradebook.update_or_create_student(student)
            if read_marks(gradebook, student, assignment) is not None:
                verdict += "; the mark in the gradebook is an earlier submission's"
        seconds = time.monotonic() - started
        self._journal.add(Entry(student, assignment, key, False, verdict, seconds))
        self._add(Row(student, assignment, "not graded", verdict, seconds=seconds))

    def _publish(self, student: str, assignment: str) -> None:
        """Exchange the folder under ``autograded/`` for the new one."""
        new = self._steps.staged(student, assignment)
        place = self._opened.path("autograded", student, assignment)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            # goes away with the other unfinished things
            place.rename(self._opened.own / _STAGING / f"old-{time.monotonic_ns()}")
        new.rename(place)

    def _add_graded(self, entry: Entry, state: Any) -> None:
        with self._opened.gradebook() as gradebook:
            self._add(
                row_of(
                    self._opened,
                    gradebook,
                    entry.student,
                    entry.assignment,
                    state,
                    entry.verdict,
                    entry.seconds,
                )
            )

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        self._progress.advance(row.state)


class _Steps(Autograde):
    """nbgrader's autograde in two halves, with the run left out between them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)

    def staged(self, student: str, assignment: str) -> Path:
        """Where a submission's files lie until it is finished."""
        return Path(self._format_dest(assignment, student))

    def sanitise(
        self, student: str, assignment: str, folder: Path
    ) -> tuple[NotebookNode, Task, list[str]]:
        """Make a notebook that can be trusted, except for the student's own cells.

        Returns
        -------
        The notebook, what to run of it, and what was mended.

        Raises
        ------
        Refusal
            If there is no notebook, or it is broken.
        """
        for found in folder.rglob("*"):
            if found.is_symlink():
                raise Refusal(f"{found.name} is a link, not a file; put the file itself there")
        path = folder / f"{assignment}.ipynb"
        if not path.is_file():
            others = ", ".join(sorted(p.name for p in folder.glob("*.ipynb"))) or "no notebook"
            raise Refusal(f"{path.name} is missing (there is {others}); rename or ask for it")
        submitted = read_submission(path)
        self._sanitizing = True
        self.notebooks = [str(path)]
        self.init_assignment(assignment, student)
        self._init_preprocessors()
        resources: Any = self.init_single_notebook_resources(str(path))
        output, resources = self.exporter.from_notebook_node(submitted, resources=resources)
        notebook = nbformat.reads(output, as_version=4)
        staged = self.staged(student, assignment)
        files = [(str(p.relative_to(staged)), p) for p in staged.rglob("*") if p.is_file()]
        task = Task(
            tuple(
                (number, cell.source)
                for number, cell in enumerate(notebook.cells)
                if cell.cell_type == "code" and cell.source.strip() and not is_demonstration(cell)
            ),
            tuple((name, p.read_bytes()) for name, p in sorted(files)),
        )
        return notebook, task, resources[MENDED]

    def mark(self, student: str, assignment: str, notebook: NotebookNode, run: Run) -> None:
        """Let nbgrader mark a notebook that was run elsewhere."""
        self._sanitizing = False
        try:
            self.exporter._preprocessors = []
            for preprocessor in self.autograde_preprocessors:
                is_executor = issubclass(preprocessor, Execute)
                self.exporter.register_preprocessor(Replay(run) if is_executor else preprocessor)
            staged = self.staged(student, assignment) / f"{assignment}.ipynb"
            resources: Any = self.init_single_notebook_resources(str(staged))
            output, resources = self.exporter.from_notebook_node(notebook, resources=resources)
            self.write_single_notebook(output, resources)
            self.set_permissions(assignment, student)
        finally:
            self._sanitizing = True


class Replay(Preprocessor):
    """Stands where nbgrader runs a notebook, and puts in what came of a run elsewhere."""

    def __init__(self, run: Run) -> None:
        super().__init__(enabled=True)
        self._run = run

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Copy the outputs; a test that did not run has failed, for nbgrader too."""
        for number, cell in enumerate(nb.cells):
            if cell.cell_type != "code" or not cell.source.strip() or is_demonstration(cell):
                continue
            ran = self._run.cells.get(number)
            if ran is None:
                message = f"not run: {self._run.message}"
                trace = [f"NotRun: {message}"]
                cell.outputs = [
                    v4.new_output("error", ename="NotRun", evalue=message, traceback=trace)
                ]
            else:
                cell.outputs = [nbformat.from_dict(output) for output in ran.outputs]
                cell.execution_count = ran.execution_count
        return nb, resources


def _unexpected(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"nbgrader cannot take it ({type(error).__name__}: {lines[0]}); look at the notebook"
