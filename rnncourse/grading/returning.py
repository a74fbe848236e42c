"""Give students their marks back: one HTML page a submission, by nbgrader's own machinery.

The page says for every exercise what it got and, where it fell short, what the test had to
say. What the test looks like is not on it: hidden tests are cut out, and of an error in a test
cell only the message stays. The last step looks at the finished page and refuses it if a line
of a hidden test stands there all the same, for `nbgrader generate_feedback` as for us.
"""

from __future__ import annotations

import html
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
from rnncourse.grading.directory import OWN_FOLDER, GradingError, open_directory
from rnncourse.grading.reporting import Progress, exercise_of, read_marks

#: Under this key of nbconvert's resources stand the lines that the page must not show.
SECRETS = "rnncourse_secrets"

#: Under this key of a graded cell's metadata stands what the student reads about the mark.
MESSAGE = "rnncourse_message"

#: Shorter lines (``]``, ``for x in y:``) say nothing about a test.
MIN_LENGTH = 10

_STAGING = "feedback"


class LeakError(Exception):
    """A page that shows a line of a hidden test."""


class KeepTestsSecret(Preprocessor):
    """Replace what a test cell put out by the message that is meant for the student."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Cut the outputs of test cells, and list the lines that must not be shown."""
        courses = self.parent.parent.coursedir
        ids = resources["nbgrader"]
        folder = Path(courses.format_path(courses.source_directory, ".", ids["assignment"]))
        source = folder / f"{ids['notebook']}.ipynb"
        # what students wrote themselves is no secret of ours
        own = "\n".join(cell.source for cell in nb.cells if not is_locked(cell))
        secrets = hidden_lines(source) if source.is_file() else frozenset()
        resources[SECRETS] = frozenset(line for line in secrets if line not in own)
        for cell in nb.cells:
            if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
                message = _message(cell)
                cell.metadata[MESSAGE] = message
                cell.outputs = [
                    v4.new_output("stream", name="stdout", text=f"{message}\n")
                ] if message else []
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
                message = "" if marks.score else "Read by a person: see the comments below."
            cells = (
                f"<code>{html.escape(exercise_of(marks.grade_id))}</code>",
                f"{float(marks.score):g} / {float(marks.points):g}",
                html.escape(message).replace("\n", "<br>"),
            )
            rows.append("<tr>" + "".join(f"<td>{text}</td>" for text in cells) + "</tr>")
        head = "<tr><th>Exercise</th><th>Mark</th><th>Where to look</th></tr>"
        table = f"<table>\n<thead>{head}</thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table>"
        nb.cells.insert(0, v4.new_markdown_cell(f"## Your marks\n\n{table}"))
        return nb, resources


class FeedbackExporter(HTMLExporter):
    """nbgrader's page, refused if it shows a line of a hidden test."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **options: Any
    ) -> tuple[str, Any]:
        """Make the page.

        Raises
        ------
        LeakError
            If the page shows a line of a hidden test.
        """
        page, resources = super().from_notebook_node(nb, resources, **options)
        found = leaks_in_text(page, resources.get(SECRETS, ()))
        if found:
            raise LeakError(f"the page would show {len(found)} lines of hidden tests")
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
    return frozenset(line for line in hidden - public if len(line) >= MIN_LENGTH)


def hidden_lines(source: Path) -> frozenset[str]:
    """The lines of a graded source's hidden tests that stand nowhere else in it."""
    return _hidden_lines(source, source.stat().st_mtime_ns)


def feedback(
    directory: str | Path,
    assignment: str | None = None,
    report: Callable[[str], None] = print,
) -> list[Path]:
    """Write a page for every graded submission into ``feedback/``.

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
    The pages.

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
    written = []
    with (
        opened.lock(),
        opened.staging(_STAGING),
        Progress("feedback", len(pairs), report) as progress,
    ):
        for student, name in sorted(pairs, key=lambda pair: pair[::-1]):
            place = opened.path("feedback", student, name)
            with opened.gradebook() as gradebook:
                is_graded = read_marks(gradebook, student, name) is not None
            try:
                if not is_graded:
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
            written.append(place / page.name)
            progress.advance("written")
    return written


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
