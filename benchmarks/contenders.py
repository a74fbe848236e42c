"""A class, and those who grade it: stock nbgrader, otter and `rnncourse grade`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from metering import Measured, ProcessorTime, environment, measure, measuring
from nbformat import NotebookNode

from rnncourse.course import Chapter, Course
from rnncourse.grading import demo, prepare
from rnncourse.grading.sanitise import is_demonstration

ROOT = Path(__file__).resolve().parents[1]
BINARIES = Path(sys.executable).parent

#: Kinds of submissions that stock nbgrader marks as it should.
_HONEST = ("right answers", "other right answers", "misconceptions")

#: Points by student and exercise.
Marks = dict[str, dict[str, float]]

_OTTER_TEST = """\
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}


@test_case(points={points!r})
def test_{name}(env):
    exec(compile({source!r}, "tests", "exec"), env)
"""


@dataclass(frozen=True)
class Class:
    """Submissions to one assignment, with the marks that they must get.

    Parameters
    ----------
    course
        Where the assignment is from.
    chapter
        The assignment.
    directory
        A course directory with all submissions, of which none is graded.
    due
        What each student must get, in an order that mixes all kinds of submissions.
    """

    course: Course
    chapter: Chapter
    directory: Path
    due: Marks

    @property
    def name(self) -> str:
        """The assignment's name."""
        return self.chapter.name

    def students(self, count: int) -> list[str]:
        """Some of the students, of all kinds alike."""
        return list(self.due)[:count]

    def notebook(self, student: str) -> Path:
        """What a student has handed in."""
        return self.directory / "submitted" / student / self.name / f"{self.name}.ipynb"


def make_class(course: Course, assignment: str, count: int, folder: Path) -> Class:
    """Make a class of honest students with right answers, other right ones, and wrong ones."""
    # about two of three submissions of a made-up class are honest
    expected = demo(
        course, folder, students=2 * count + 8, assignments=[assignment], report=lambda line: None
    )
    kinds = [
        [one for one in expected if one.kind == kind and one.exercises is not None]
        for kind in _HONEST
    ]
    # each kind's students evenly among all, so that the first few are like the whole
    order = sorted(
        ((place + 0.5) / len(group), one.student, one.exercises or {})
        for group in kinds
        for place, one in enumerate(group)
    )
    due = {student: points for _, student, points in order[:count]}
    if len(due) < count:
        raise RuntimeError(f"only {len(due)} honest submissions")
    return Class(course, course[assignment], folder, due)


def without_demonstrations(path: Path) -> NotebookNode:
    """A notebook without the cells that demonstrate only."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not is_demonstration(cell)]
    return notebook


def hand_in(made: Class, count: int, directory: Path, full: bool) -> None:
    """Put the first submissions into a course directory, with or without demonstrations."""
    for student in made.students(count):
        target = directory / "submitted" / student / made.name / f"{made.name}.ipynb"
        target.parent.mkdir(parents=True)
        if full:
            shutil.copy(made.notebook(student), target)
        else:
            nbformat.write(without_demonstrations(made.notebook(student)), target)


class Stock:
    """``nbgrader autograde`` with nbgrader's own configuration and executor."""

    def __init__(self, made: Class, folder: Path) -> None:
        self._made, self._folder = made, folder
        self._prepared = folder / "stock"
        self._prepared.mkdir(parents=True)
        (self._prepared / "nbgrader_config.py").write_text("c = get_config()\n")
        source = Path("source", made.name)
        shutil.copytree(made.directory / source, self._prepared / source)
        _run(["nbgrader", "generate_assignment", made.name], self._prepared)

    def grade(self, processor: ProcessorTime, count: int, full: bool) -> tuple[Measured, Marks]:
        """Grade some submissions, with their demonstration cells or without."""
        directory = self._folder / "stock-run"
        shutil.rmtree(directory, ignore_errors=True)
        shutil.copytree(self._prepared, directory)
        hand_in(self._made, count, directory, full)
        command = [str(BINARIES / "nbgrader"), "autograde", self._made.name]
        measured = measure(processor, command, directory, count)
        return measured, read_marks(directory, self._made.name)


class Ours:
    """``rnncourse grade``; its notebooks have all their cells."""

    def __init__(self, made: Class, folder: Path, database: str = "") -> None:
        self._made, self._folder, self._database = made, folder, database

    def grade(
        self, processor: ProcessorTime, count: int, command: list[str] | None = None
    ) -> tuple[Measured, Marks]:
        """Grade some submissions, or let another command do so in the same directory."""
        directory = self._folder / "ours-run"
        shutil.rmtree(directory, ignore_errors=True)
        # not the other submissions
        shutil.copytree(self._made.directory, directory, ignore=_leave_submissions)
        hand_in(self._made, count, directory, full=True)
        if self._database:
            with (directory / "nbgrader_config.py").open("a") as config:
                config.write(f"\nc.CourseDirectory.db_url = {self._database!r}\n")
            prepare(self._made.course, directory, self._made.name, report=lambda line: None)
        command = command or [
            *(str(BINARIES / "rnncourse"), "grade", self._made.name),
            *("--workers", "2", "--course"),
        ]
        journal = directory / ".rnncourse" / "journal.jsonl"
        measured = measure(processor, [*command, str(directory)], directory, count, journal)
        marks = {} if self._database else read_marks(directory, self._made.name)
        return measured, marks


class Otter:
    """``otter run``, one command a submission, two at a time."""

    def __init__(self, made: Class, folder: Path, environment: Path) -> None:
        self._made, self._folder = made, folder / "otter"
        self._program = str(environment / "bin" / "otter")
        tests = self._folder / "tests"
        tests.mkdir(parents=True)
        for name, exercise in made.chapter.exercises.items():
            hidden = made.chapter.solutions[name].hidden
            if exercise.tests is not None and hidden is not None:
                source = f"{exercise.tests.source}\n{hidden.source}\n"
                text = _OTTER_TEST.format(name=name, points=exercise.points, source=source)
                (tests / f"{name}.py").write_text(text)
        _run([self._program, "generate", "-t", "tests", "-o", "autograder.zip"], self._folder)

    def grade(self, processor: ProcessorTime, count: int) -> tuple[Measured, Marks]:
        """Grade some submissions without their demonstration cells."""
        students = self._made.students(count)
        for student in students:
            (self._folder / student).mkdir()
            path = self._folder / student / f"{self._made.name}.ipynb"
            nbformat.write(self._notebook(student), path)
        with measuring(processor, count) as found, ThreadPoolExecutor(2) as pool:
            list(pool.map(self._grade_one, students))
        marks = {student: self._points(student) for student in students}
        return Measured(*found, memory_bytes=0), marks  # type: ignore[arg-type, misc]

    def _notebook(self, student: str) -> NotebookNode:
        """As otter wants it: it runs an exercise's tests behind the answer."""
        notebook = without_demonstrations(self._made.notebook(student))
        tests = {f"test-{name}" for name in self._made.chapter.exercises}
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if (self._folder / "tests" / f"{name}.py").is_file():
                cell.metadata["otter"] = {"tests": [name]}
            if name in tests:
                cell.source = ""
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        return notebook

    def _grade_one(self, student: str) -> None:
        path = str(Path(student, f"{self._made.name}.ipynb"))
        _run([self._program, "run", "--no-logo", "-o", student, path], self._folder)

    def _points(self, student: str) -> dict[str, float]:
        results = json.loads((self._folder / student / "results.json").read_text())
        scores = {one["name"]: one["score"] for one in results["tests"] if "score" in one}
        points = self._made.due[student]
        return {name: float(scores.get(name, 0.0)) for name in points}


class OtterMissing(RuntimeError):
    """Otter cannot be installed here."""


def install_otter(folder: Path) -> Path:
    """Install otter-grader into an environment of its own, which sees our packages, too.

    Raises
    ------
    OtterMissing
        If that is not possible.
    """
    environment = folder / "otter-environment"
    constraints = ["-c", str(ROOT / "constraints.txt")]
    uv = shutil.which("uv") or shutil.which("uv", path=BINARIES)
    try:
        if uv is None:
            _run([sys.executable, "-m", "venv", str(environment)], folder)
            pip = [str(environment / "bin" / "python"), "-m", "pip", "install"]
        else:
            _run([uv, "venv", "--python", sys.executable, str(environment)], folder)
            pip = [uv, "pip", "install", "--python", str(environment / "bin" / "python")]
        _run([*pip, *constraints, "otter-grader", "ipykernel"], folder)
    except RuntimeError as error:
        raise OtterMissing("otter-grader cannot be installed here") from error
    # behind its own packages
    (packages,) = environment.glob("lib/python*/site-packages")
    here = sysconfig.get_path("purelib")
    (packages / "course.pth").write_text(f"import site; site.addsitedir({here!r})\n")
    return environment


def read_marks(directory: Path, assignment: str) -> Marks:
    """What a gradebook says."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{directory}/gradebook.db") as gradebook:
        return {
            submission.student.id: {
                grade.name.removeprefix("test-"): grade.score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def _leave_submissions(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in ("submitted", "lock")]


def _run(command: list[str], folder: Path) -> None:
    """Run a command that is not measured, or is measured by whoever calls this."""
    program = shutil.which(command[0], path=BINARIES) or command[0]
    done = subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(program).name} {command[1]} failed:\n{done.stdout[-3000:]}")
