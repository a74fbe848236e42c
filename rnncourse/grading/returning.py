"""Give students their marks back: one HTML page a submission, by nbgrader's own machinery.

The page says for every exercise what it got and, where it fell short, what the test had to
say. What the test looks like is not on it: hidden tests are cut out, and of an error in a test
cell only the message stays. The last step looks at the finished page and refuses it if a line
of a hidden test stands there all the same, for `nbgrader generate_feedback` as for us.
"""

from __future__ import annotations

import hashlib
import html
import json
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbconvert.writers import FilesWriter
from nbformat import NotebookNode, v4
from nbgrader.converters import GenerateFeedback
from nbgrader.utils import is_grade, is_locked, is_solution

from rnncourse.course.leaks import leaks_in_text
from rnncourse.files import write_atomically
from rnncourse.grading.directory import OWN_FOLDER, GradingError, Opened, open_directory
from rnncourse.grading.reporting import Progress, exercise_of, read_marks
from rnncourse.grading.sanitise import coursedir_of

#: Under this key of nbconvert's resources stand the lines that the page must not show.
SECRETS = "rnncourse_secrets"

#: Under this key of a graded cell's metadata stands what the student reads about the mark.
MESSAGE = "rnncourse_message"

#: Shorter lines (``]``, ``for x in y:``) say nothing about a test.
MIN_LENGTH = 10

_STAGING = "feedback"

#: Goes up when the pages themselves change, so that they are written again.
_PAGE_VERSION = 1


class LeakError(Exception):
    """A page that shows a line of a hidden test."""


class KeepTestsSecret(Preprocessor):
    """Replace what a test cell put out by the message that is meant for the student."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Cut the outputs of test cells, and list the lines that must not be shown."""
        source = _source_of(self, resources)
        # what students wrote themselves is no secret of ours
        own = "\n".join(cell.source for cell in nb.cells if not is_locked(cell))
        secrets = hidden_lines(source) if source.is_file() else frozenset()
        resources[SECRETS] = frozenset(line for line in secrets if line not in own)
        for cell in nb.cells:
            if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
                message = _message(cell)
                cell.metadata[MESSAGE] = message
                cell.outputs = (
                    [v4.new_output("stream", name="stdout", text=f"{message}\n")] if message else []
                )
        return nb, resources


class LeaveOutTheChapter(Preprocessor):
    """Keep what is the student's, its tests and the exercises' texts; they have the rest."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Drop the chapter's own prose, set-up and demonstrations."""
        source = _source_of(self, resources)
        if not source.is_file():
            return nb, resources
        chapter = {c.source for c in nbformat.read(source, as_version=4).cells}
        kept = []
        for cell, following in zip(nb.cells, [*nb.cells[1:], None], strict=True):
            is_exercise_text = following is not None and is_solution(following)
            is_own = cell.source not in chapter or cell.get("outputs")
            if is_grade(cell) or is_solution(cell) or is_exercise_text or is_own:
                kept.append(cell)
        nb.cells = kept
        return nb, resources


class SummariseMarks(Preprocessor):
    """Put a table of the exercises, their marks and messages at the top."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Insert the table as the first cell."""
        rows = []
        for cell in nb.cells:
            if not is_grade(cell):
                continue
            marks = cell.metadata.nbgrader
            message = cell.metadata.get(MESSAGE, "")
            if is_solution(cell):
                message = "" if marks.score else "Marked by a person: 0 until then."
            cells = (
                f"<code>{html.escape(exercise_of(marks.grade_id))}</code>",
                f"{float(marks.score):g} / {float(marks.points):g}",
                html.escape(message).replace("\n", "<br>"),
            )
            rows.append("<tr>" + "".join(f"<td>{text}</td>" for text in cells) + "</tr>")
        head = "<tr><th>Exercise</th><th>Mark</th><th>Where to look</th></tr>"
        body = "\n".join(rows)
        table = f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody></table>"
        note = "Below are your answers and their tests; the chapter itself is in your notebook."
        nb.cells.insert(0, v4.new_markdown_cell(f"## Your marks\n\n{table}\n\n{note}"))
        return nb, resources


class FeedbackExporter(HTMLExporter):
    """nbgrader's page, refused if it shows a line of a hidden test."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **options: Any
    ) -> tuple[Any, Any]:
        """Make the page.

        Raises
        ------
        LeakError
            If the page shows a line of a hidden test.
        """
        page, resources = super().from_notebook_node(nb, resources, **options)
        found = leaks_in_text(page, resources.get(SECRETS, ()))
        if found:
            raise LeakError(
                f"the page would show a line of a hidden test ({found[0]}); "
                "look at the outputs of the student's own cells in autograded/"
            )
        return page, resources


@lru_cache(maxsize=64)
def _hidden_lines(source: Path, modified: int) -> frozenset[str]:
    public: set[str] = set()
    hidden: set[str] = set()
    for cell in nbformat.read(source, as_version=4).cells:
        inside = False
        for line in cell.source.splitlines():
            if "BEGIN HIDDEN TESTS" in line or "END HIDDEN TESTS" in line:
                inside = "BEGIN" in line
            else:
                (hidden if inside else public).add(line.strip())
    shown = "\n".join(public)
    return frozenset(line for line in hidden if len(line) >= MIN_LENGTH and line not in shown)


def hidden_lines(source: Path) -> frozenset[str]:
    """The lines of a graded source's hidden tests that stand nowhere else in it."""
    return _hidden_lines(source, source.stat().st_mtime_ns)


def feedback(
    directory: str | Path,
    assignment: str | None = None,
    report: Callable[[str], None] = print,
) -> list[Path]:
    """Write a page for every graded submission into ``feedback/``.

    A page is written again if the graded notebook, a mark or a comment has changed.

    Parameters
    ----------
    directory
        The course directory.
    assignment
        A chapter such as ``02_rnn_cell``; default: all.
    report
        Called with a line about progress, and about each page that was not written.

    Returns
    -------
    The pages, those included that were up to date.

    Raises
    ------
    GradingError
        If it is no course directory, has no such assignment, or another run is at work.
    """
    opened = open_directory(directory)
    opened.require(assignment)
    pairs = [
        pair
        for pair in opened.submissions("autograded")
        if assignment in (None, pair[1]) and pair[1] in opened.assignments()
    ]
    if not pairs:
        raise GradingError(f"{directory}: nothing is graded yet; run 'rnncourse grade' first")
    converter = _Feedback(
        coursedir=opened.with_folders(feedback=f"{OWN_FOLDER}/{_STAGING}"), config=opened.config
    )
    pages = []
    with (
        opened.lock(),
        opened.staging(_STAGING),
        Progress("feedback", len(pairs), report) as progress,
    ):
        record = _Record(opened)
        for student, name in sorted(pairs, key=lambda pair: pair[::-1]):
            place = opened.path("feedback", student, name)
            key = record.key(student, name)
            if record.is_current(student, name, key):
                pages.append(place / f"{name}.html")
                progress.advance("unchanged")
                continue
            try:
                if key is None:
                    raise LookupError("it is not graded to its end; run 'rnncourse grade' again")
                page = converter.write(student, name)
            except Exception as error:
                report(f"{student}: {name}: no feedback: {error}")
                progress.advance("not written")
                continue
            place.mkdir(parents=True, exist_ok=True)
            for path in sorted(page.parent.rglob("*")):
                if path.is_file():
                    target = place / path.relative_to(page.parent)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    path.replace(target)
            shutil.rmtree(page.parent)
            record.add(student, name, key)
            pages.append(place / page.name)
            progress.advance("written")
    return pages


class _Record:
    """Remembers what each page was made from."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._path = opened.own / "feedback.json"
        self._keys: dict[str, str] = {}
        if self._path.is_file():
            self._keys = json.loads(self._path.read_text(encoding="utf-8"))

    def key(self, student: str, assignment: str) -> str | None:
        """Hash what the page shows; None if the submission has no marks."""
        with self._opened.gradebook() as gradebook:
            marks = read_marks(gradebook, student, assignment)
            if marks is None:
                return None
            notebook = gradebook.find_submission_notebook(assignment, assignment, student)
            comments = sorted((c.name, c.auto_comment, c.manual_comment) for c in notebook.comments)
            shown = (_PAGE_VERSION, marks, comments, notebook.late_submission_penalty)
        graded = self._opened.path("autograded", student, assignment) / f"{assignment}.ipynb"
        digest = hashlib.sha256(repr(shown).encode())
        for path in (graded, self._opened.source(assignment)):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def is_current(self, student: str, assignment: str, key: str | None) -> bool:
        """Tell whether the page is there and shows what it should."""
        page = self._opened.path("feedback", student, assignment) / f"{assignment}.html"
        return (
            key is not None and self._keys.get(f"{student}/{assignment}") == key and page.is_file()
        )

    def add(self, student: str, assignment: str, key: str) -> None:
        """Note that a page was written."""
        self._keys[f"{student}/{assignment}"] = key
        write_atomically(self._path, json.dumps(self._keys, indent=1, sort_keys=True) + "\n")


class _Feedback(GenerateFeedback):
    """nbgrader's generate_feedback, one submission at a time."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        for preprocessor in self.preprocessors:
            self.exporter.register_preprocessor(preprocessor)

    def write(self, student: str, assignment: str) -> Path:
        """Write the page and the files beside it; returns the page."""
        folder = Path(self._format_source(assignment, student))
        path = folder / f"{assignment}.ipynb"
        self.notebooks = [str(path)]
        self.init_assignment(assignment, student)
        self.convert_single_notebook(str(path))
        self.set_permissions(assignment, student)
        return Path(self._format_dest(assignment, student)) / f"{assignment}.html"


def _source_of(preprocessor: Preprocessor, resources: Any) -> Path:
    """The graded source of the notebook that is on its way."""
    courses = coursedir_of(preprocessor)
    ids = resources["nbgrader"]
    folder = courses.format_path(courses.source_directory, ".", ids["assignment"])
    return Path(folder) / f"{ids['notebook']}.ipynb"


def _message(cell: NotebookNode) -> str:
    """What a student may read about the outcome of a test cell; empty if it passed."""
    for output in cell.outputs:
        if output.output_type == "error":
            if output.ename == "NotImplementedError":
                return "Not started: the function raises NotImplementedError."
            if output.ename == "CheckFailure":
                return output.evalue
            if output.ename == "AssertionError" and not output.evalue:
                return "A test failed."
            return f"{output.ename}: {output.evalue}".strip()[:500]
        if output.output_type == "stream" and output.name == "stderr":
            return "Something was written to stderr while the tests ran: is there a warning?"
    return ""
