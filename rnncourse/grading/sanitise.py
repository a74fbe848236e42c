"""Mend a submission before it runs.

nbgrader puts the original text of test and set-up cells back. It gives up, for the whole
class, when a cell has been copied, and it does not notice one that was deleted. `MendCells`
runs before it, in `rnncourse grade` and in `nbgrader autograde`, and leaves a notebook that
has every graded cell exactly once.
"""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, v4

from rnncourse.course.assemble import CODE_STUB, DEMONSTRATION_TAG, TEXT_STUB

#: Under this key of nbconvert's resources stand the sentences that say what was mended.
MENDED = "rnncourse_mended"

#: A notebook larger than this is not opened; honest ones with all outputs are below 20 MB.
MAX_BYTES = 100_000_000


class Refusal(Exception):
    """A submission that cannot be graded; its text is the verdict: the fault and the mend."""


class MendCells(Preprocessor):
    """nbgrader's step that makes the graded cells complete and unique."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Mend a submitted notebook; says how under `MENDED` in the resources and in the log."""
        courses = coursedir_of(self)
        assignment = resources["nbgrader"]["assignment"]
        name = resources["nbgrader"]["notebook"]
        folder = courses.format_path(courses.source_directory, ".", assignment)
        released = released_cells(Path(folder) / f"{name}.ipynb")
        nb, notes = mend(nb, released)
        for note in notes:
            self.log.warning("%s", note)
        resources[MENDED] = notes
        return nb, resources


def coursedir_of(preprocessor: Preprocessor) -> Any:
    """The course directory of the nbgrader command that a preprocessor works for."""
    exporter: Any = preprocessor.parent
    return exporter.parent.coursedir


def read_submission(path: Path) -> NotebookNode:
    """Read a submitted notebook, whatever a student's tools have done to it.

    Outputs and unknown fields are left behind; the source of every cell is kept.

    Raises
    ------
    Refusal
        If it is no notebook.
    """
    again = "ask for the notebook again, saved by JupyterLab or downloaded as .ipynb"
    if path.stat().st_size > MAX_BYTES:
        raise Refusal(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB; {again}")
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise Refusal(f"{path.name} is not text in UTF-8; {again}") from None
    except json.JSONDecodeError as error:
        raise Refusal(
            f"{path.name} is broken: not JSON from line {error.lineno} on; {again}"
        ) from None
    except RecursionError:
        raise Refusal(f"{path.name} is nested too deeply; {again}") from None
    try:
        if content["nbformat"] < 4:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        cells = [_clean(cell, number) for number, cell in enumerate(content["cells"])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(f"{path.name} is not a notebook ({_first_line(error)}); {again}") from None
    return v4.new_notebook(cells=cells)


def mend(
    notebook: NotebookNode, released: dict[str, NotebookNode]
) -> tuple[NotebookNode, list[str]]:
    """Give a notebook every graded cell exactly once.

    Parameters
    ----------
    notebook
        As submitted.
    released
        The cells that nbgrader knows, by their ids, as students got them; see
        `released_cells`.

    Returns
    -------
    The mended notebook, and a sentence for each thing that was mended.
    """
    notebook = copy.deepcopy(notebook)
    notes: list[str] = []
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(notebook.cells):
        grade_id = _grade_id(cell)
        if grade_id in released:
            places.setdefault(grade_id, []).append(place)
        else:
            cell.metadata.pop("nbgrader", None)
    dropped: set[int] = set()
    for grade_id, found in places.items():
        kept = _choose(notebook, found, released[grade_id])
        for place in found:
            if place == kept:
                continue
            cell = notebook.cells[place]
            cell.metadata.pop("nbgrader", None)
            if cell.source in (released[grade_id].source, notebook.cells[kept].source):
                dropped.add(place)
                notes.append(f"a copy of the cell '{grade_id}' was dropped")
            else:
                notes.append(f"a changed copy of the cell '{grade_id}' runs but is not graded")
        notes += _restore(notebook, kept, released[grade_id])
    notebook.cells = [cell for n, cell in enumerate(notebook.cells) if n not in dropped]
    notes += _add_missing(notebook, released)
    _renew_ids(notebook)
    return notebook, notes


@lru_cache(maxsize=64)
def _released_cells(path: Path, modified: int) -> dict[str, NotebookNode]:
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, LockCells

    clear = ClearSolutions(code_stub={"python": CODE_STUB}, text_stub=TEXT_STUB)
    notebook = nbformat.read(path, as_version=4)
    for preprocessor in (LockCells(), clear, ClearHiddenTests()):
        notebook, _ = preprocessor.preprocess(notebook, {})
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if _grade_id(cell)}


def released_cells(source: Path) -> dict[str, NotebookNode]:
    """The cells of a graded source that nbgrader knows, as students got them, in order."""
    return _released_cells(source, source.stat().st_mtime_ns)


def is_demonstration(cell: NotebookNode) -> bool:
    """Tell whether a cell may be left out: tagged as such, and nothing of it is graded."""
    return DEMONSTRATION_TAG in cell.metadata.get("tags", ()) and _grade_id(cell) is None


def _clean(cell: dict[str, Any], number: int) -> NotebookNode:
    source = cell.get("source", "")
    source = source if isinstance(source, str) else "".join(source)
    metadata = cell.get("metadata")
    metadata = nbformat.from_dict(metadata if isinstance(metadata, dict) else {})
    tags = metadata.get("tags")
    if tags is not None:
        metadata["tags"] = [t for t in tags if isinstance(t, str)] if isinstance(tags, list) else []
    attachments = cell.get("attachments")
    kind = cell["cell_type"]
    if kind not in ("code", "markdown", "raw"):
        raise ValueError(f"a cell of the type {kind!r:.40}")
    clean = NotebookNode(cell_type=kind, id=f"cell-{number}", metadata=metadata, source=source)
    if kind == "code":
        clean.update(execution_count=None, outputs=[])
    elif isinstance(attachments, dict):
        clean.attachments = nbformat.from_dict(attachments)
    return clean


def _grade_id(cell: NotebookNode) -> str | None:
    metadata = cell.metadata.get("nbgrader")
    grade_id = metadata.get("grade_id") if isinstance(metadata, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def _is_locked(released: NotebookNode) -> bool:
    return not released.metadata.nbgrader.solution


def _choose(notebook: NotebookNode, places: list[int], released: NotebookNode) -> int:
    """The place of the copy to grade: the last, but an answer rather than a stub."""
    if not _is_locked(released):
        worked_on = [n for n in places if notebook.cells[n].source != released.source]
        places = worked_on or places
    return places[-1]


def _restore(notebook: NotebookNode, place: int, released: NotebookNode) -> list[str]:
    """Undo what a student did to a cell, except for the text of an answer."""
    submitted = notebook.cells[place]
    grade_id = released.metadata.nbgrader.grade_id
    cell = copy.deepcopy(released)
    notes = []
    if not _is_locked(released):
        cell.source = submitted.source
        if "attachments" in submitted and cell.cell_type == "markdown":
            cell.attachments = submitted.attachments
    elif submitted.source.rstrip() != released.source.rstrip():
        notes.append(f"the cell '{grade_id}' had been edited: the original was used")
    if submitted.cell_type != released.cell_type:
        notes.append(f"the cell '{grade_id}' had become {submitted.cell_type}: undone")
    notebook.cells[place] = cell
    return notes


def _add_missing(notebook: NotebookNode, released: dict[str, NotebookNode]) -> list[str]:
    """Put deleted cells back: set-up as early, tests as late as their neighbours allow."""
    notes = []
    order = list(released)
    for number, (grade_id, cell) in enumerate(released.items()):
        present = {_grade_id(c): n for n, c in enumerate(notebook.cells)}
        is_graded = cell.metadata.nbgrader.grade
        if grade_id in present or not (is_graded or _is_locked(cell)):
            continue
        before = [present[name] for name in order[:number] if name in present]
        after = [present[name] for name in order[number + 1 :] if name in present]
        earliest = max(before, default=-1) + 1
        place = max(earliest, min(after, default=len(notebook.cells))) if is_graded else earliest
        notebook.cells.insert(place, copy.deepcopy(cell))
        notes.append(f"the deleted cell '{grade_id}' was put back")
    return notes


def _renew_ids(notebook: NotebookNode) -> None:
    """Make cell ids unique, as a copied cell may have kept its own."""
    notebook.nbformat, notebook.nbformat_minor = 4, max(5, notebook.nbformat_minor)
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        if cell.get("id") in seen or "id" not in cell:
            cell["id"] = f"renewed-{number}"
        seen.add(cell["id"])


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
