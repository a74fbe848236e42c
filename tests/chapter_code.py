"""The functions of a chapter as a student who has solved it would have them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from rnncourse.course.source import read_chapter, read_solutions

ROOT = Path(__file__).parents[1]


def functions_of(chapter: str) -> dict[str, Any]:
    """Run a chapter's setup, its answers, and the functions of its demonstrations.

    A demonstration's functions and constants in capitals are defined; the rest of it, which
    trains and draws, does not run.

    Parameters
    ----------
    chapter
        Its name, such as ``"02_rnn_cell"``.

    Returns
    -------
    Everything that is then defined, by name. Where the answers are not published, the test
    that asked is skipped.
    """
    path = ROOT / "solutions" / f"{chapter}.py"
    if not path.is_file():
        pytest.skip("the public copy holds no solutions")
    solutions, faults = read_solutions(path)
    read, more = read_chapter(ROOT / "chapters" / f"{chapter}.md")
    assert not faults + more, faults + more
    namespace: dict[str, Any] = {"__name__": chapter}
    for cell in read.cells:
        if cell.role == "setup":
            exec(cell.source, namespace)
        elif cell.role == "stub":
            exec(solutions[cell.exercise].answer.source, namespace)
        elif cell.role == "demonstration":
            kept = [node for node in ast.parse(cell.source).body if _is_definition(node)]
            exec(compile(ast.Module(kept, []), cell.role, "exec"), namespace)
    return namespace


def _is_definition(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return all(isinstance(name, ast.Name) and name.id.isupper() for name in node.targets)
    return isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom)
