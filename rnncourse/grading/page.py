"""Make the page of feedback of one graded notebook.

nbgrader's converter calls `FeedbackExporter` as it would call its own, both from `rnncourse
feedback` and from `nbgrader generate_feedback`. The page says for every exercise what it got
and, where it fell short, what the judge had to say; then come the student's answers, the tests
that everybody may see, and the student's own cells. The chapter itself is left out.

The page is one file that asks for nothing: no script, no font, no style sheet, no image from
elsewhere, and a content security policy that says so to the browser.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests, GetGrades
from nbgrader.utils import find_all_files, is_grade, is_locked, is_solution

from rnncourse.grading import markup
from rnncourse.grading.reporting import exercise_of
from rnncourse.grading.secrecy import LeakError, hidden_lines, leaks, leaks_in_file, unknown_to

#: A student may add as many cells as he likes; a page shows so many of them.
MAX_OWN_CELLS = 100

#: What all cells of a page may hold, in characters of HTML.
MAX_PAGE = 4_000_000

#: What the page says of an open answer that is not there.
NO_ANSWER = "Nothing is written here yet."

#: What nbgrader comments on it.
_NO_RESPONSE = "No response."

_MAX_MESSAGE = 2_000


@dataclass(frozen=True)
class Row:
    """What an exercise got.

    Parameters
    ----------
    exercise
        Its name.
    anchor
        Where on the page it stands.
    score, points
        What it got, of how much.
    message
        Where to look; empty if nothing is missing.
    uses
        Earlier exercises that the answer calls and that fell short too.
    waits
        Whether a person has still to mark it.
    """

    exercise: str
    anchor: str
    score: float
    points: float
    message: Markup
    uses: tuple[str, ...] = ()
    waits: bool = False

    @property
    def fell_short(self) -> bool:
        """Tell whether points are missing for good."""
        return self.score < self.points and not self.waits


@dataclass(frozen=True)
class Block:
    """A cell on the page.

    Parameters
    ----------
    kind
        ``text`` of an exercise, ``answer``, ``tests``, or the student's ``own``.
    place
        What an instructor looks for, should something be wrong with it.
    body
        The text or the listing.
    comment
        What a person wrote about it.
    is_code
        Whether the body is a listing.
    exercise
        To which it belongs; empty for the student's own.
    outputs
        What it put out.
    row
        The marks, if it has any.
    """

    kind: Literal["text", "answer", "tests", "own"]
    place: str
    body: Markup
    comment: Markup
    is_code: bool
    exercise: str = ""
    outputs: list[Markup] = field(default_factory=list)
    row: Row | None = None

    def __len__(self) -> int:
        return len(self.body) + len(self.comment) + sum(map(len, self.outputs))


class GetMarks(GetGrades):
    """nbgrader's step that reads the marks; also whether a person has still to give one."""

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        gradebook: Gradebook = self.gradebook
        grade = gradebook.find_grade(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader["waits"] = bool(grade.needs_manual_grade)


class ClearTests(ClearHiddenTests):
    """nbgrader's step that cuts hidden tests out, where they are: a student may write markers."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Cut them out of the instructor's cells."""
        if is_locked(cell):
            return super().preprocess_cell(cell, resources, cell_index)
        return cell, resources


class FeedbackExporter(Exporter):
    """From a graded notebook, its marks read, to a page."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **options: Any
    ) -> tuple[Any, Any]:
        """Make the page.

        Raises
        ------
        LeakError
            If the page, or a file beside it, shows a line of a hidden test.
        """
        nb, resources = super().from_notebook_node(nb, resources, **options)
        ids = resources["nbgrader"]
        converter: Any = self.parent
        courses = converter.coursedir
        folder = Path(courses.format_path(courses.source_directory, ".", ids["assignment"]))
        chapter = nbformat.read(folder / f"{ids['notebook']}.ipynb", as_version=4)
        secrets = unknown_to(_typed(nb), hidden_lines(folder / f"{ids['notebook']}.ipynb"))
        rows = rows_of(nb)
        blocks = _fitting(blocks_of(nb, chapter, rows))
        page = _template().render(
            title=_title(chapter) or ids["notebook"],
            marks=ids,
            rows=rows,
            blocks=[block for block in blocks if block],
            left_out=blocks.count(None),
        )
        if leaks(page, secrets):
            raise LeakError(_where(blocks, secrets))
        graded = courses.format_path(
            courses.autograded_directory, ids["student"], ids["assignment"]
        )
        for path in map(Path, find_all_files(graded, [*courses.ignore, "*.ipynb"])):
            if leaks_in_file(path, secrets):
                raise LeakError(
                    f"{path.name}, which would stand beside the page, shows a line of a hidden "
                    "test; look at it in autograded/, and remove it there"
                )
        return page, resources


def rows_of(nb: NotebookNode) -> list[Row]:
    """The marks of a notebook's exercises, in order.

    Parameters
    ----------
    nb
        With the marks in the metadata of its graded cells.
    """
    answers = {
        exercise_of(cell.metadata.nbgrader.grade_id): cell for cell in nb.cells if is_solution(cell)
    }
    rows: list[Row] = []
    for cell in filter(is_grade, nb.cells):
        marks = cell.metadata.nbgrader
        name = exercise_of(marks.grade_id)
        score, points = float(marks.score or 0), float(marks.points or 0)
        answer = answers.get(name)
        code = answer.source if answer is not None and answer.cell_type == "code" else ""
        stopped = _stopped(answer)
        short = [row.exercise for row in rows if row.fell_short]
        waits = bool(marks.get("waits"))
        uses: list[str] = []
        message = "A person has still to mark this." if waits else ""
        if score < points and not waits:
            used = names_used(code)
            uses = [other for other in short if other in used]
            message = message_of(cell, code, bool(uses))
            if stopped:
                # what the tests say then is that there is nothing to test
                rest = "" if "NameError" in message else f"\n{message}"
                message = f"The cell of your answer ends in {stopped}{rest}"
        shown = markup.sentence(message)
        rows.append(Row(name, marks.grade_id, score, points, shown, tuple(uses), waits))
    return rows


def message_of(cell: NotebookNode, answer: str, uses_failed: bool) -> str:
    """What a student may read about an exercise that fell short.

    Parameters
    ----------
    cell
        The cell that was graded: tests with what came of them, or an open answer, of which
        only a comment can say more.
    answer
        The code that was tested; empty for an open answer.
    uses_failed
        Whether it calls an exercise that fell short as well.
    """
    if is_solution(cell):
        comment = cell.metadata.nbgrader.get("comment")
        return NO_ANSWER if comment == _NO_RESPONSE else "See the comment below." if comment else ""
    for output in cell.outputs:
        if output.output_type != "error":
            continue
        name, value = output.ename, str(output.evalue).strip()[:_MAX_MESSAGE]
        if name == "NotImplementedError":
            if is_stub(answer):
                return "Not started: the function raises NotImplementedError."
            return "" if uses_failed else "It calls something that is not written yet."
        if name == "NotRun":
            return value[:1].upper() + value[1:] + ("" if value.endswith(".") else ".")
        if not value:
            return "A test failed." if name == "AssertionError" else f"{name}."
        is_told = name in ("CheckFailure", "AssertionError") or name in value
        return value if is_told else f"{name}: {value}"
    return "A part of the tests passed." if cell.metadata.nbgrader.score else "A test failed."


def _stopped(answer: NotebookNode | None) -> str:
    """The error that the cell of an answer itself ended in; empty if there is none."""
    for output in answer.get("outputs", ()) if answer is not None else ():
        if output.output_type == "error" and output.ename != "NotRun":
            # IPython gives each cell the name of a file
            value = re.sub(r"\((<[^>]*>|[^()]*\.py), line", "(line", str(output.evalue)).strip()
            return f"{output.ename}: {value.splitlines()[0][:300]}" if value else output.ename
    return ""


def names_used(source: str) -> set[str]:
    """The names that a piece of code reads and does not make itself."""
    tree = _parsed(source)
    read: set[str] = set()
    made: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
    return read - made


def is_stub(source: str) -> bool:
    """Tell whether a piece of code still says that it is not implemented."""
    return any(
        isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
        for node in ast.walk(_parsed(source))
    )


def blocks_of(nb: NotebookNode, chapter: NotebookNode, rows: Iterable[Row]) -> list[Block]:
    """What the page shows of the notebook: not the chapter's prose, set-up, demonstrations.

    Parameters
    ----------
    nb
        The graded notebook.
    chapter
        The graded source that it was made from.
    rows
        The marks.
    """
    by_anchor = {row.anchor: row for row in rows}
    ids = {cell.id for cell in chapter.cells}
    texts = {cell.source for cell in chapter.cells}
    blocks = []
    for number, cell in enumerate(nb.cells):
        following = nb.cells[number + 1] if number + 1 < len(nb.cells) else None
        is_statement = following is not None and is_solution(following)
        # by its id, for a student may have edited a sentence; by its text, for some programs
        # give every cell a new id
        is_chapters = cell.id in ids or cell.source in texts
        if is_solution(cell):
            kind: Literal["text", "answer", "tests", "own"] = "answer"
        elif is_grade(cell):
            kind = "tests"
        elif is_chapters and is_statement:
            kind = "text"
        elif (is_chapters and not cell.get("outputs")) or not cell.source.strip():
            continue
        else:
            kind = "own"
        blocks.append(_block(cell, kind, number, by_anchor))
    return blocks


def _block(cell: NotebookNode, kind: Any, number: int, rows: dict[str, Row]) -> Block:
    is_code = cell.cell_type == "code"
    marks = cell.metadata.get("nbgrader", {})
    source = _public(cell.source) if kind == "tests" else cell.source
    if is_code or cell.cell_type == "raw":
        body = markup.code(source)
    else:
        body = markup.markdown(source, cell.get("attachments"))
    anchor = marks.get("grade_id", "")
    comment = marks.get("comment") or ""
    return Block(
        kind=kind,
        place=f"the cell '{anchor}'" if anchor else f"cell {number + 1}",
        body=body,
        is_code=cell.cell_type != "markdown",
        exercise=exercise_of(anchor),
        outputs=markup.outputs(cell) if is_code and kind != "tests" else [],
        comment=markup.markdown("" if comment == _NO_RESPONSE else comment),
        row=rows.get(anchor),
    )


def _fitting(blocks: list[Block]) -> list[Block | None]:
    """Leave out the student's own cells that are too many, and what makes a page too big."""
    own = total = 0
    fitting: list[Block | None] = []
    for block in blocks:
        if total + len(block) > MAX_PAGE:
            block = replace(block, outputs=[markup.note("The page is too long for this output.")])
        own += block.kind == "own"
        fits = total + len(block) <= MAX_PAGE and (block.kind != "own" or own <= MAX_OWN_CELLS)
        total += len(block) if fits else 0
        fitting.append(block if fits else None)
    return fitting


def _public(source: str) -> str:
    """A test cell without its hidden part, whoever else cuts it out."""
    lines: list[str] = []
    hidden = False
    for line in source.splitlines():
        if "BEGIN HIDDEN TESTS" in line:
            hidden = True
        elif "END HIDDEN TESTS" in line:
            hidden = False
        elif not hidden:
            lines.append(line)
    return "\n".join(lines).rstrip()


def _typed(nb: NotebookNode) -> str:
    """What the student wrote himself."""
    return "\n".join(cell.source for cell in nb.cells if not is_locked(cell) and not is_grade(cell))


def _where(blocks: list[Block | None], secrets: Iterable[str]) -> str:
    """The message for an instructor about a page that must not be written."""
    for block in filter(None, blocks):
        parts = {"output": block.outputs, "comment": [block.comment], "text": [block.body]}
        for name, shown in parts.items():
            if leaks("\n".join(shown), secrets):
                return (
                    f"the {name} of {block.place} would show a line of a hidden test; "
                    "look at it in autograded/, and remove it there"
                )
    return "the page would show a line of a hidden test; look at the messages of its tests"


def _title(chapter: NotebookNode) -> str:
    for cell in chapter.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return cell.source.splitlines()[0].removeprefix("# ").strip()
    return ""


def _parsed(source: str) -> ast.AST:
    """The syntax tree of a cell; empty if it has none."""
    lines = ["" if line.startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = lambda number: f"{round(float(number), 2):g}"
    return environment.get_template("page.html.j2")
