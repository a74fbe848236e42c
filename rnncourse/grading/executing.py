"""nbgrader's steps that stand where it runs a notebook, and its check of the cells.

`SandboxedExecute` runs the notebook at once: for `nbgrader autograde` and the formgrader's
button. `Replay` puts in what came of a run elsewhere: for `rnncourse grade`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, v4
from nbgrader.preprocessors import CheckCellMetadata, OverwriteCells
from nbgrader.preprocessors.base import NbGraderPreprocessor
from nbgrader.utils import is_locked
from traitlets import Bool, Dict

from rnncourse.grading.directory import catalogue_path
from rnncourse.grading.running import run_notebook
from rnncourse.grading.sanitise import coursedir_of
from rnncourse.grading.task import Code, Limits, Result, Run, Task
from rnncourse.grading.tasks import demonstrations_of, read_catalogue, task_of


class SandboxedExecute(NbGraderPreprocessor):
    """Runs a notebook in a sandbox, its tests outside."""

    sandbox = Bool(True, help="Whether to keep submissions in a sandbox.").tag(config=True)
    limits = Dict(
        help="What one submission may use, where it is not the default: see "
        "rnncourse.grading.Limits, such as {'cell_seconds': 60}."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Run the cells, and put what came of them into the notebook.

        Raises
        ------
        RuntimeError
            If nothing could be run here: not the student's fault.
        """
        courses = coursedir_of(self)
        ids = resources["nbgrader"]
        name = ids["assignment"]
        folder = Path(courses.format_path(courses.autograded_directory, ids["student"], name))
        source = Path(courses.format_path(courses.source_directory, ".", name))
        task = task_of(
            nb,
            sorted(
                (path.relative_to(folder).as_posix(), path.read_bytes())
                for path in folder.rglob("*")
                if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb"
            ),
            demonstrations_of(source / f"{ids['notebook']}.ipynb"),
            read_catalogue(catalogue_path(Path(courses.root), name)),
        )
        run = run_notebook(task, Limits(**self.limits), self.sandbox)
        if run.ended == "not started":
            raise RuntimeError(run.message)
        for line in [run.message, *run.flags]:
            if line:
                self.log.warning("%s: %s", ids["student"], line)
        return replay(nb, task, run), resources


class Replay(NbGraderPreprocessor):
    """Puts in what came of a run elsewhere."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.task, self.run = Task(()), Run()

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Copy the outputs of `run`, which came of `task`."""
        return replay(nb, self.task, self.run), resources


class CheckCells(CheckCellMetadata):
    """nbgrader's check of the cells' metadata, once for all notebooks that have the same.

    nbgrader reads and checks its own schema anew for every cell, which takes longer than all
    the rest of its marking.
    """

    _passed: set[str] = set()  # noqa: RUF012

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Check that the metadata is valid and no cell is there twice."""
        cells = [
            (c.cell_type, c.metadata["nbgrader"]) for c in nb.cells if "nbgrader" in c.metadata
        ]
        text = json.dumps(cells, sort_keys=True)
        if text not in self._passed:
            nb, resources = super().preprocess(nb, resources)
            if len(self._passed) > 1000:
                self._passed.clear()
            self._passed.add(text)
        return nb, resources


class OverwriteOnce(OverwriteCells):
    """nbgrader's step that puts tests back, with one look at the gradebook for equal cells.

    nbgrader asks the database three times for every cell of every notebook. What it does to a
    cell depends on nothing but the cell and the graded source, which one run of ours, or one
    notebook of nbgrader's, sees unchanged.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._made: dict[str, tuple[str, NotebookNode]] = {}

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Make a graded cell what the source says that it is."""
        if "nbgrader" not in cell.metadata:
            return cell, resources
        metadata, kind = cell.metadata.nbgrader, cell.cell_type
        # an answer's text is the student's, and plays no part
        text = cell.source if is_locked(cell) else ""
        key = json.dumps([self.assignment_id, kind, metadata, text], sort_keys=True)
        if key in self._made:
            source, metadata = self._made[key]
            cell.metadata["nbgrader"] = nbformat.from_dict(metadata)
            if is_locked(cell):
                cell.source = source
            return cell, resources
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.cell_type == kind and len(self._made) < 10_000:
            self._made[key] = cell.source, nbformat.from_dict(cell.metadata.nbgrader)
        return cell, resources


def replay(notebook: NotebookNode, task: Task, run: Run) -> NotebookNode:
    """Put outputs into a notebook so that nbgrader marks it as it was judged.

    Parameters
    ----------
    notebook
        The one that the task was made from; changed in place.
    task, run
        What was to run, and what came of it.
    """
    count = 0
    for code in task.cells:
        cell = notebook.cells[code.number]
        if code.kind == "tests" and code.exercise in run.results:
            cell.outputs = _verdict(run.results[code.exercise], cell.metadata.nbgrader.points)
        elif code.kind != "tests" and code.number in run.cells:
            outputs = run.cells[code.number].outputs
            cell.outputs = [nbformat.from_dict(output) for output in outputs]
        else:
            cell.outputs = [_not_run(code, run)]
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return notebook


def _verdict(result: Result, points: float) -> list[NotebookNode]:
    """What nbgrader reads the mark of a test cell from: nothing, an error, or a number."""
    if result.share >= 1:
        return []
    # said in this way round, what is not a number is nothing, too
    if not result.share > 0:
        is_ours = result.misconception or not result.error
        name = "CheckFailure" if is_ours else result.error
        return [_error(name, result.hint or "A test failed.")]
    mark = v4.new_output("execute_result", {"text/plain": repr(result.share * float(points))})
    return [v4.new_output("stream", text=f"{result.hint}\n"), mark] if result.hint else [mark]


def _not_run(code: Code, run: Run) -> NotebookNode:
    return _error("NotRun", f"not run: {run.message}" if run.message else "not run")


def _error(name: str, message: str) -> NotebookNode:
    return v4.new_output("error", ename=name, evalue=message, traceback=[message])
