"""Make notebooks from a chapter: solved, for students, and nbgrader's graded source.

The three differ only in what stands where an answer belongs and in whether the hidden
tests are there. Stock ``nbgrader generate_assignment`` turns the graded source into the
student notebook, byte for byte; a test holds us to that.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, v4

from rnncourse import __version__
from rnncourse.course.located import read_config
from rnncourse.course.plain import PlainContext, cited_sources, plain_markdown
from rnncourse.course.source import OPEN_ANSWER_STUB, Cell, Chapter

#: What nbgrader's ClearSolutions must leave where an answer was.
CODE_STUB = "raise NotImplementedError"
TEXT_STUB = OPEN_ANSWER_STUB

DEMONSTRATION_TAG = "demonstration"

_PACKAGE_CELL = """\
# Makes sure that the course's package is installed.
try:
    import rnncourse
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "the package rnncourse is missing. {where}"
        "Run in a new cell: %pip install {wheel} "
        "Then run this cell again."
    ) from None"""


_ABOUT = """\
**How this notebook works.** Run the cells from the top. In a cell that ends with
`raise NotImplementedError`, write your own code in place of that line. The locked cell below it
tests your code: no output means that the visible tests pass. Further tests run when your work is
marked. Some demonstrations need the exercises above them. In a terminal,
`rnncourse check {name}.ipynb` checks all exercises at once.

| exercise | points |
|---|---|
{rows}"""


@dataclass(frozen=True)
class Publication:
    """Where the site stands, as ``_config.yml`` says; empty if unset."""

    site_url: str = ""

    @classmethod
    def read(cls, root: Path) -> Publication:
        html = read_config(root).get("html", {})
        return cls(str(html.get("baseurl") or "").rstrip("/"))


def wheel_name() -> str:
    """The file name of the package's wheel, which is released beside the notebooks."""
    return f"rnncourse-{__version__}-py3-none-any.whl"


def solved_notebook(chapter: Chapter, context: PlainContext) -> NotebookNode:
    """The chapter with its answers; its code cells are the chapter's, one to one.

    In the public copy, which has no answers, the stubs stay.
    """
    cells = []
    for number, cell in enumerate(chapter.cells):
        source = cell.source
        if cell.exercise in chapter.solutions and cell.role in ("stub", "open"):
            answer = chapter.solutions[cell.exercise].answer.source
            source = answer if cell.role == "open" else merge(cell.source, answer)
        cells.append(_notebook_cell(cell, number, source, context, dict(cell.metadata)))
    return _notebook(chapter, cells)


def student_notebook(
    chapter: Chapter, context: PlainContext, publication: Publication
) -> NotebookNode:
    """What a student gets: stubs and visible tests, locked and signed as nbgrader does it."""
    from nbgrader.preprocessors import ComputeChecksums, LockCells

    notebook = _assignment(chapter, context, publication, graded=False)
    for preprocessor in (LockCells(), ComputeChecksums()):
        notebook, _ = preprocessor.preprocess(notebook, {})
    return notebook


def graded_notebook(
    chapter: Chapter, context: PlainContext, publication: Publication
) -> NotebookNode:
    """What nbgrader calls the source: answers and hidden tests between its own markers."""
    return _assignment(chapter, context, publication, graded=True)


def merge(stub: str, answer: str, before: str = "", after: str = "") -> str:
    """Put an answer's body where the stub raises NotImplementedError.

    Signature and docstring stay the stub's; ``before`` and ``after`` are lines that go
    around the body, indented as it is.
    """
    function = _function(stub)
    kept = stub.splitlines()[: function.body[-1].lineno - 1]
    indent = " " * function.body[-1].col_offset
    around = [[indent + line] if line else [] for line in (before, after)]
    return "\n".join([*kept, *around[0], *_body(answer), *around[1]])


def _body(answer: str) -> list[str]:
    """The lines of a function's body without its docstring, comments included."""
    function = _function(answer)
    lines = answer.splitlines()
    statements = function.body
    if statements[0].lineno == function.lineno:
        return ["    " + ast.unparse(statement) for statement in statements]
    if ast.get_docstring(function, clean=False) is not None and len(statements) > 1:
        start = statements[0].end_lineno
        assert start is not None
        while not lines[start].strip():
            start += 1
    else:
        start = statements[0].lineno - 1
        while lines[start - 1].lstrip().startswith("#"):
            start -= 1
    return lines[start : function.end_lineno]


def _function(source: str) -> ast.FunctionDef:
    return next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))


def _assignment(
    chapter: Chapter, context: PlainContext, publication: Publication, graded: bool
) -> NotebookNode:
    cells = [_package_cell(publication), _about_cell(chapter)]
    for number, cell in enumerate(chapter.cells):
        source = cell.source
        if graded and cell.exercise is not None:
            source = _graded_source(chapter, cell)
        metadata = _assignment_metadata(cell, number)
        cells.append(_notebook_cell(cell, number, source, context, metadata))
    cells.append(_sources_cell(chapter, context))
    return _notebook(chapter, cells)


def _graded_source(chapter: Chapter, cell: Cell) -> str:
    assert cell.exercise is not None
    solution = chapter.solutions[cell.exercise]
    if cell.role == "open":
        return f"### BEGIN SOLUTION\n{solution.answer.source}\n### END SOLUTION"
    if cell.role == "stub":
        return merge(cell.source, solution.answer.source, "### BEGIN SOLUTION", "### END SOLUTION")
    assert solution.hidden is not None
    return f"{cell.source}\n### BEGIN HIDDEN TESTS\n{solution.hidden.source}\n### END HIDDEN TESTS"


def _assignment_metadata(cell: Cell, number: int) -> dict[str, Any]:
    metadata = dict(cell.metadata)
    if cell.role == "demonstration":
        metadata["tags"] = [*metadata.get("tags", ()), DEMONSTRATION_TAG]
    elif cell.role == "setup":
        metadata["nbgrader"] = _nbgrader(f"setup-{number}", locked=True)
    elif cell.role == "stub":
        metadata["nbgrader"] = _nbgrader(cell.exercise, solution=True)
    elif cell.role == "tests":
        metadata["nbgrader"] = _nbgrader(
            f"test-{cell.exercise}", grade=True, locked=True, points=cell.points
        )
    elif cell.role == "open":
        metadata["nbgrader"] = _nbgrader(
            cell.exercise, grade=True, solution=True, points=cell.points
        )
    return metadata


def _nbgrader(grade_id: str | None, **flags: Any) -> dict[str, Any]:
    kinds = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"schema_version": 3, "grade_id": grade_id, **kinds, **flags}


def _package_cell(publication: Publication) -> NotebookNode:
    if publication.site_url:
        where, wheel = "", f"{publication.site_url}/notebooks/{wheel_name()}"
    else:
        where, wheel = "Put its wheel (your instructor has it) beside this notebook. ", wheel_name()
    return v4.new_code_cell(
        _PACKAGE_CELL.format(where=where, wheel=wheel),
        id="package",
        metadata={"tags": ["setup"], "nbgrader": _nbgrader("package", locked=True)},
    )


def _about_cell(chapter: Chapter) -> NotebookNode:
    """What a student must know before the first exercise, and what each is worth."""
    rows = [f"| `{e.name}` | {e.points:g} |" for e in chapter.exercises.values()]
    return v4.new_markdown_cell(_ABOUT.format(name=chapter.name, rows="\n".join(rows)), id="about")


def _sources_cell(chapter: Chapter, context: PlainContext) -> NotebookNode:
    """The sources that the chapter cites: away from the site there is no list of them."""
    texts = (cell.source for cell in chapter.cells if cell.role == "text")
    entries = [f"- {entry}" for entry in cited_sources(texts, context)]
    source = "\n".join(["## References", "", *entries]) if entries else ""
    return v4.new_markdown_cell(source, id="sources")


def _notebook_cell(
    cell: Cell, number: int, source: str, context: PlainContext, metadata: dict[str, Any]
) -> NotebookNode:
    cell_id = f"{cell.role}-{number}"
    if cell.is_code:
        return v4.new_code_cell(source, id=cell_id, metadata=metadata)
    if cell.role == "text":
        source = plain_markdown(source, context)
    return v4.new_markdown_cell(source, id=cell_id, metadata=metadata)


def _notebook(chapter: Chapter, cells: list[NotebookNode]) -> NotebookNode:
    metadata = {
        "kernelspec": dict(chapter.metadata.get("kernelspec", {})),
        "language_info": {"name": "python"},
    }
    shown = [cell for cell in cells if cell.source.strip()]
    return v4.new_notebook(cells=shown, metadata=metadata)
