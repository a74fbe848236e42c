"""nbgrader's autograde in two halves, with the run left out between them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.writers import FilesWriter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from nbgrader.utils import find_all_files

from rnncourse.files import write_atomically
from rnncourse.grading.directory import OWN_FOLDER, Opened
from rnncourse.grading.executing import Replay, SandboxedExecute
from rnncourse.grading.intake import Intake
from rnncourse.grading.sanitise import FLAGGED, MENDED, read_submission
from rnncourse.grading.task import Run, Task
from rnncourse.grading.tasks import demonstrations_of, read_catalogue, task_of

#: Where unfinished things lie, below our own folder.
STAGING = "grading"


@dataclass(frozen=True)
class Sanitised:
    """A notebook that can be trusted, except for the student's own cells.

    Parameters
    ----------
    notebook
        Ready to be marked once it has outputs.
    task
        What to run of it.
    notes
        Sentences about what was mended.
    flags
        Sentences that say why a person should look at it.
    """

    notebook: NotebookNode
    task: Task
    notes: tuple[str, ...]
    flags: tuple[str, ...]


class Steps(Autograde):
    """nbgrader's autograde in two halves.

    Nothing of a submission is written, be it to the disk or to the gradebook, before it is
    marked; and nbgrader gets to see the files that were checked, not the submitted ones.
    """

    def __init__(self, opened: Opened) -> None:
        folders = {step: f"{OWN_FOLDER}/{STAGING}/{step}" for step in ("submitted", "autograded")}
        super().__init__(coursedir=opened.with_folders(**folders), config=opened.config)
        self._opened = opened
        self.writer = FilesWriter(parent=self, config=self.config)
        self._sanitiser = self._made(self.sanitize_preprocessors)
        self._replay = Replay()
        executors = (Execute, SandboxedExecute)
        self._marker = self._made(
            [self._replay if issubclass(p, executors) else p for p in self.autograde_preprocessors]
        )
        # read once a run: the lock keeps them from changing
        self._catalogue = cache(lambda assignment: read_catalogue(opened.catalogue(assignment)))
        self._own_files = cache(self._read_own_files)

    def staged(self, student: str, assignment: str) -> Path:
        """Where a submission's marked files lie until it is finished."""
        return Path(self._format_dest(assignment, student))

    def sanitise(self, student: str, assignment: str, submitted: Intake) -> Sanitised:
        """Run the first half.

        Raises
        ------
        Refusal
            If the notebook is broken.
        """
        self._sanitizing = True
        path = self._submitted(student, assignment) / f"{assignment}.ipynb"
        resources: Any = self.init_single_notebook_resources(str(path))
        read = read_submission(submitted.name, submitted.notebook)
        notebook, resources = _through(self._sanitiser, read.notebook, resources)
        files = {**dict(submitted.files), **self._own_files(assignment)}
        task = task_of(
            notebook,
            sorted(files.items()),
            demonstrations_of(self._opened.source(assignment)),
            self._catalogue(assignment),
        )
        return Sanitised(
            notebook,
            task,
            notes=(*read.notes, *resources[MENDED]),
            flags=(*read.flags, *resources[FLAGGED]),
        )

    def mark(
        self, student: str, assignment: str, submitted: Intake, sanitised: Sanitised, run: Run
    ) -> None:
        """Run the second half: into the gradebook, and into the folder `staged`."""
        folder = self._submitted(student, assignment)
        files = dict(submitted.files)
        if submitted.timestamp is not None:
            files["timestamp.txt"] = submitted.timestamp.encode()
        # nbgrader asks only whether it is there
        files[f"{assignment}.ipynb"] = b""
        for name, content in files.items():
            write_atomically(folder / name, content)
        self._sanitizing = True
        self.notebooks = [str(folder / f"{assignment}.ipynb")]
        self.init_assignment(assignment, student)
        shutil.rmtree(folder)
        self._sanitizing = False
        self._replay.task, self._replay.run = sanitised.task, run
        path = self.staged(student, assignment) / f"{assignment}.ipynb"
        resources: Any = self.init_single_notebook_resources(str(path))
        resources["output_extension"] = ".ipynb"
        notebook, resources = _through(self._marker, sanitised.notebook, resources)
        nbformat.validate(notebook, relax_add_props=True)
        # nbformat's own writer indents, which takes Python a third of all of this
        output = json.dumps(notebook, ensure_ascii=False)
        self.write_single_notebook(output + "\n", resources)
        self.set_permissions(assignment, student)

    def _made(self, preprocessors: list[Any]) -> list[Any]:
        """Preprocessors with their settings; nbgrader makes them anew for every notebook."""
        exporter = self.exporter_class(parent=self, config=self.config)
        return [p(parent=exporter) if isinstance(p, type) else p for p in preprocessors]

    def _submitted(self, student: str, assignment: str) -> Path:
        folder = self.coursedir.submitted_directory
        return Path(self.coursedir.format_path(folder, student, assignment))

    def _read_own_files(self, assignment: str) -> dict[str, bytes]:
        """The files that the instructor put beside the graded source, as nbgrader finds them."""
        folder = self._opened.source(assignment).parent
        students = self.exclude_overwriting.get(assignment, ())
        found = {
            Path(path).relative_to(folder).as_posix(): Path(path)
            for path in find_all_files(str(folder), [*self.coursedir.ignore, "*.ipynb"])
        }
        return {name: path.read_bytes() for name, path in found.items() if name not in students}


def _through(
    preprocessors: list[Any], notebook: NotebookNode, resources: Any
) -> tuple[NotebookNode, Any]:
    """What an exporter does, without its four copies and a check after every step."""
    for preprocessor in preprocessors:
        notebook, resources = preprocessor(notebook, resources)
    return notebook, resources
