"""What can be wrong with a chapter or its solutions file.

Each check yields `Fault` objects; nothing stops at the first. `read_course` runs them all.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterator
from pathlib import Path

from rnncourse.course.source import OPEN_ANSWER_STUB, Cell, Chapter, Fault, Variant

MAX_CELL_LINES = 25

_KNOWN_METADATA = {"tags", "exercise", "tests", "points", "mystnb"}
_HEADING = re.compile(r"#{1,6} \S")
_LABEL = re.compile(r"\([\w-]+\)=")
_FENCE = re.compile(r"(`{3,}|:{3,}|~{3,})")


def chapter_faults(chapter: Chapter) -> list[Fault]:
    """Everything that is wrong with a chapter by itself."""
    if not chapter.cells:
        return [Fault(chapter.path, 1, "the chapter is empty", "begin it like chapter 1")]
    checks = (
        _name_and_title,
        _metadata,
        _syntax,
        _exercises,
        _stubs,
        _headings,
        _long_cells,
    )
    return [fault for check in checks for fault in check(chapter)]


def solutions_faults(chapter: Chapter, path: Path) -> list[Fault]:
    """Everything that is wrong between a chapter and its solutions."""
    checks = (_counterparts, _variants, _demonstration_names)
    return [fault for check in checks for fault in check(chapter, path)]


def _name_and_title(chapter: Chapter) -> Iterator[Fault]:
    if not re.fullmatch(r"\d\d_[a-z0-9_]+", chapter.name):
        yield Fault(
            chapter.path, 1, "the file's name is not NN_name.md", "call it like 02_rnn_cell.md"
        )
    if not chapter.title:
        yield Fault(chapter.path, 1, "the chapter has no title", "begin it with '# Title'")
    if not chapter.setup:
        yield Fault(
            chapter.path, 1, "the chapter has no setup cell", "tag its imports with [setup]"
        )


def _metadata(chapter: Chapter) -> Iterator[Fault]:
    for cell in chapter.cells:
        for key in sorted(set(cell.metadata) - _KNOWN_METADATA):
            known = ", ".join(sorted(_KNOWN_METADATA))
            yield Fault(
                chapter.path, cell.line, f"unknown cell metadata '{key}'", f"known are {known}"
            )
        if "exercise" in cell.metadata and "tests" in cell.metadata:
            yield Fault(
                chapter.path,
                cell.line,
                "a cell is both an exercise and its tests",
                "give the tests a cell of their own",
            )
        for key in ("exercise", "tests"):
            name = cell.metadata.get(key)
            if key in cell.metadata and not (isinstance(name, str) and name.isidentifier()):
                yield Fault(
                    chapter.path,
                    cell.line,
                    f"the {key} name {name!r} is not a Python name",
                    "name the function to be written",
                )
        if cell.role in ("tests", "open"):
            yield from _points(chapter, cell)
        elif "points" in cell.metadata:
            yield Fault(
                chapter.path,
                cell.line,
                "points on a cell that is not graded",
                "move them to the tests cell",
            )


def _points(chapter: Chapter, cell: Cell) -> Iterator[Fault]:
    points = cell.metadata.get("points")
    good = isinstance(points, (int, float)) and not isinstance(points, bool) and 0 < points < 1e3
    if not good:
        fault = "no points" if points is None else f"points are {points!r}, not a positive number"
        yield Fault(chapter.path, cell.line, fault, "write points: 2")


def _syntax(chapter: Chapter) -> Iterator[Fault]:
    for cell in chapter.cells:
        if cell.is_code:
            yield from _syntax_of(chapter.path, cell.source, cell.line)


def _syntax_of(path: Path, source: str, line: int) -> Iterator[Fault]:
    try:
        ast.parse(source)
    except SyntaxError as error:
        at = line + (error.lineno or 1) - 1
        yield Fault(path, at, f"not Python: {error.msg}", "mend the code")


def _exercises(chapter: Chapter) -> Iterator[Fault]:
    stubs: dict[str, Cell] = {}
    tests: dict[str, Cell] = {}
    for cell in chapter.cells:
        name = cell.exercise
        if name is None:
            continue
        seen = tests if cell.role == "tests" else stubs
        if name in seen:
            yield Fault(
                chapter.path,
                cell.line,
                f"a second {'tests cell' if cell.role == 'tests' else 'exercise'} '{name}'",
                f"the first is at line {seen[name].line}; rename or remove one",
            )
        if cell.role == "tests" and name not in stubs:
            yield Fault(
                chapter.path,
                cell.line,
                f"tests for an unknown exercise '{name}'",
                f"add a stub cell with exercise: {name} above",
            )
        seen[name] = cell
    for name, stub in stubs.items():
        if stub.role == "stub" and name not in tests:
            yield Fault(
                chapter.path,
                stub.line,
                f"exercise '{name}' has no tests",
                f"add a cell with tests: {name} and points below it",
            )
        if stub.role == "open" and stub.source.strip() != OPEN_ANSWER_STUB:
            yield Fault(
                chapter.path,
                stub.line,
                f"the open answer '{name}' holds other text",
                f"put the question above it and write only {OPEN_ANSWER_STUB}",
            )


def _stubs(chapter: Chapter) -> Iterator[Fault]:
    for cell in chapter.cells:
        if cell.role != "stub" or (tree := _parsed(cell.source)) is None:
            continue
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        if len(tree.body) != 1 or [f.name for f in functions] != [cell.exercise]:
            yield Fault(
                chapter.path,
                cell.line,
                f"the stub of '{cell.exercise}' is not one function of that name",
                f"write def {cell.exercise}(...) and nothing else",
            )
        elif not _raises_not_implemented(functions[0].body[-1]):
            yield Fault(
                chapter.path,
                cell.line,
                f"the stub of '{cell.exercise}' does not end with raise NotImplementedError",
                "make that its last line",
            )
        elif ast.get_docstring(functions[0]) is None:
            yield Fault(
                chapter.path,
                cell.line,
                f"the stub of '{cell.exercise}' has no docstring",
                "say what it returns, with shapes",
            )


def _raises_not_implemented(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Raise)
        and isinstance(statement.exc, ast.Name)
        and statement.exc.id == "NotImplementedError"
        and statement.cause is None
    )


def _headings(chapter: Chapter) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for cell in chapter.cells:
        if cell.role != "text":
            continue
        fence = ""
        before = ""
        for number, line in enumerate(cell.source.splitlines(), start=cell.line):
            mark = _FENCE.match(line)
            if fence:
                fence = "" if mark and line.strip() == fence else fence
            elif mark:
                fence = mark.group(1)
            elif _LABEL.fullmatch(line.strip()):
                if line in seen:
                    yield Fault(
                        chapter.path,
                        number,
                        f"the label {line} stands at line {seen[line]} too",
                        "rename one",
                    )
                seen[line] = number
            elif _HEADING.match(line) and not _LABEL.fullmatch(before.strip()):
                yield Fault(
                    chapter.path,
                    number,
                    f"the heading '{line}' has no label",
                    "put a line like (name)= above it",
                )
            before = line


def _long_cells(chapter: Chapter) -> Iterator[Fault]:
    for cell in chapter.cells:
        lines = len(cell.source.splitlines())
        if cell.role in ("setup", "demonstration") and lines > MAX_CELL_LINES:
            yield Fault(
                chapter.path,
                cell.line,
                f"a code cell of {lines} lines",
                f"split it or move it into the package: {MAX_CELL_LINES} lines at most",
            )


def _counterparts(chapter: Chapter, path: Path) -> Iterator[Fault]:
    stubs = {cell.exercise or "": cell for cell in chapter.cells if cell.role in ("stub", "open")}
    for name, solution in chapter.solutions.items():
        if name not in stubs:
            yield Fault(
                path,
                solution.answer.line,
                f"an answer to an unknown exercise '{name}'",
                f"add the exercise to {chapter.path}, or rename",
            )
    for name, cell in stubs.items():
        if name not in chapter.solutions:
            yield Fault(
                chapter.path,
                cell.line,
                f"exercise '{name}' has no answer",
                f"add '# %% answer {name}' to {path}",
            )
    for cell in chapter.cells:
        found = chapter.solutions.get(cell.exercise or "")
        if cell.role == "tests" and found is not None and found.hidden is None:
            yield Fault(
                chapter.path,
                cell.line,
                f"tests for '{cell.exercise}' have no hidden tests",
                f"add '# %% hidden {cell.exercise}' to {path}",
            )


def _variants(chapter: Chapter, path: Path) -> Iterator[Fault]:
    stubs = {cell.exercise: cell for cell in chapter.cells if cell.role == "stub"}
    for name, solution in chapter.solutions.items():
        stub = stubs.get(name)
        wanted = _signature(stub.source, name) if stub else None
        if stub is None or wanted is None:
            continue
        for variant in (solution.answer, *solution.also_correct, *solution.misconceptions):
            broken = list(_syntax_of(path, variant.source, variant.line + 1))
            yield from broken
            if broken:
                continue
            signature = _signature(variant.source, name)
            if signature != wanted:
                yield Fault(
                    path,
                    variant.line,
                    f"the {variant.kind} for '{name}' has the signature "
                    f"'{signature or 'of another function'}'",
                    f"the stub's is '{wanted}'",
                )
            if variant.kind == "misconception" and not variant.hint:
                yield Fault(
                    path, variant.line, "a misconception without a hint", "begin it with '# hint: '"
                )
        if (
            len(ast.parse(solution.answer.source).body if _parsed(solution.answer.source) else [])
            > 1
        ):
            yield Fault(
                path,
                solution.answer.line,
                f"the answer to '{name}' is more than one function",
                "put what it needs inside the function",
            )
        if solution.hidden is not None:
            yield from _hidden(solution.hidden, path)


def _hidden(hidden: Variant, path: Path) -> Iterator[Fault]:
    """Hidden tests reach the answer by calling it; so they can run outside its process."""
    yield from _syntax_of(path, hidden.source, hidden.line + 1)
    tree = _parsed(hidden.source)
    if tree is None:
        return
    allowed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            allowed.add(id(node.func))
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("raises", "unchanged"):
                allowed.update(map(id, node.args))
    called = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == hidden.exercise:
            called = True
            if id(node) not in allowed:
                yield Fault(
                    path,
                    hidden.line + node.lineno,
                    f"a hidden test uses '{hidden.exercise}' without calling it",
                    "call it with plain data, or pass it to checks.raises or checks.unchanged",
                )
    if not called:
        yield Fault(
            path,
            hidden.line,
            f"the hidden tests never call '{hidden.exercise}'",
            "call it with plain data and compare what it returns",
        )


def _demonstration_names(chapter: Chapter, path: Path) -> Iterator[Fault]:
    """Grading skips demonstration cells, so nothing graded may need what they define."""
    defined: dict[str, Cell] = {}
    for cell in chapter.cells:
        if cell.role == "demonstration":
            for name in _defined_names(cell.source):
                defined.setdefault(name, cell)
    graded: list[tuple[Path, int, str]] = [
        (chapter.path, cell.line, cell.source)
        for cell in chapter.cells
        if cell.role in ("setup", "stub", "tests")
    ]
    for solution in chapter.solutions.values():
        for variant in (solution.answer, solution.hidden, *solution.also_correct):
            exercise = chapter.exercises.get(solution.exercise)
            if variant is not None and exercise is not None and not exercise.is_open:
                graded.append((path, variant.line, variant.source))
    for where, line, source in graded:
        for name in sorted(_used_names(source) & defined.keys()):
            yield Fault(
                where,
                line,
                f"a graded cell uses '{name}', which a demonstration cell defines",
                f"define it in a setup cell (the demonstration is at {chapter.path}:"
                f"{defined[name].line})",
            )


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def _signature(source: str, name: str) -> str | None:
    tree = _parsed(source)
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return f"{name}({ast.unparse(node.args)})"
    return None


def _defined_names(source: str) -> set[str]:
    if _parsed(source) is None:
        return set()
    table = symtable.symtable(source, "cell", "exec")
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }


def _used_names(source: str) -> set[str]:
    """Names that a cell takes from the notebook: global and not defined in the cell itself."""
    if _parsed(source) is None:
        return set()
    own = _defined_names(source)
    used: set[str] = set()
    tables = [symtable.symtable(source, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        used |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and symbol.is_global()
        }
    return used - own
