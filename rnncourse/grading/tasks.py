"""From a notebook that was sanitised to what a worker runs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked

from rnncourse.grading.directory import GradingError
from rnncourse.grading.reporting import exercise_of
from rnncourse.grading.sanitise import is_demonstration
from rnncourse.grading.task import Code, Known, Task


def task_of(
    notebook: NotebookNode,
    files: Iterable[tuple[str, bytes]],
    demonstrations: Collection[str],
    known: dict[str, Known],
) -> Task:
    """What to run of a notebook, and what to test.

    Parameters
    ----------
    notebook
        Sanitised: set-up and tests are the instructor's.
    files
        To lie beside it: relative path and content.
    demonstrations
        The texts of the chapter's demonstrations; see `demonstrations_of`.
    known
        What is known of the exercises; see `read_catalogue`.
    """
    cells = tuple(
        _code(number, cell)
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip() and not _is_shown(cell, demonstrations)
    )
    return Task(cells, tuple(files), known)


def demonstrations_of(source: Path) -> frozenset[str]:
    """The texts of the demonstrations in a graded source."""
    return _demonstrations(source, source.stat().st_mtime_ns)


def read_catalogue(path: Path) -> dict[str, Known]:
    """What `prepare` wrote about the exercises of an assignment; empty if it wrote nothing.

    Raises
    ------
    GradingError
        If the file is broken.
    """
    if not path.is_file():
        return {}
    try:
        return {
            exercise: Known(
                one["answer"], tuple((hint, source) for hint, source in one["misconceptions"])
            )
            for exercise, one in json.loads(path.read_text(encoding="utf-8")).items()
        }
    except (ValueError, LookupError, TypeError, AttributeError):
        raise GradingError(f"{path}: is broken; write it anew with 'rnncourse release'") from None


def _code(number: int, cell: NotebookNode) -> Code:
    if not is_locked(cell):
        return Code(number, cell.source, "student")
    if not is_grade(cell):
        return Code(number, cell.source, "setup")
    marks = cell.metadata.nbgrader
    return Code(number, cell.source, "tests", exercise_of(marks.grade_id), float(marks.points))


def _is_shown(cell: NotebookNode, demonstrations: Collection[str]) -> bool:
    """Tell whether a cell demonstrates only, also where a student's tool lost the tag."""
    is_graded = "grade_id" in cell.metadata.get("nbgrader", {})
    return is_demonstration(cell) or (not is_graded and cell.source.rstrip() in demonstrations)


@lru_cache(maxsize=64)
def _demonstrations(source: Path, modified: int) -> frozenset[str]:
    cells = nbformat.read(source, as_version=4).cells
    return frozenset(cell.source.rstrip() for cell in cells if is_demonstration(cell))
