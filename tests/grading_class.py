"""One graded sample class for all tests of grading, made once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from small_course import write_small_course

from rnncourse.course import Course, read_course
from rnncourse.grading import demo, grade, prepare
from rnncourse.grading.reporting import Report
from rnncourse.grading.sample import Expected

ASSIGNMENT = "01_doubling"


@dataclass(frozen=True)
class GradedClass:
    course: Course
    directory: Path
    expected: tuple[Expected, ...]
    report: Report


_made: dict[str, Any] = {}


def graded_class(factory: Any) -> GradedClass:
    """Twelve students of the small course, graded. Copy the directory before you change it."""
    if "class" not in _made:
        _made["class"] = _graded_class(factory)
    return _made["class"]


def prepared_directory(factory: Any) -> Path:
    """A course directory without submissions. Copy it before you change it."""
    if "directory" not in _made:
        root = factory.mktemp("prepared")
        course = read_course(write_small_course(root))
        _made["directory"] = prepare(course, root / "course", report=quiet)
    return _made["directory"]


def _graded_class(factory: Any) -> GradedClass:
    root = factory.mktemp("graded-class")
    course = read_course(write_small_course(root))
    expected = demo(course, root / "course", students=12, report=quiet)
    return GradedClass(course, root / "course", expected, grade(root / "course", report=quiet))


def quiet(line: str) -> None:
    pass


def fresh_directory(factory: Any, target: Path) -> Path:
    shutil.copytree(prepared_directory(factory), target)
    return target


def notebook_of(directory: Path, answers: dict[str, str] | None = None) -> nbformat.NotebookNode:
    """The released notebook with some exercises filled in."""
    path = directory / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for name, source in (answers or {}).items():
        cell_of(notebook, name).source = source
    return notebook


def cell_of(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    """The cell that nbgrader knows by this id."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            return cell
    raise LookupError(grade_id)


RIGHT = {
    "double": "def double(x):\n    return 2 * np.asarray(x)",
    "quadruple": "def quadruple(x):\n    return 4 * np.asarray(x)",
}


def submit(directory: Path, student: str, content: Any, name: str = f"{ASSIGNMENT}.ipynb") -> Path:
    path = directory / "submitted" / student / ASSIGNMENT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def nbgrader(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a stock command in a course directory."""
    command = [str(Path(sys.executable).parent / "nbgrader"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)
