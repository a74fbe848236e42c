"""`rnncourse check`: a student's look at their own notebook.

The notebook is read, never written. Its cells run in a child process, from top to bottom
as grading runs them: without the demonstration cells, and a cell that fails does not stop
the ones below. For each exercise the report says whether it is done, not started, waits
for another one, or what failed and where to look.

>>> report = check(Path("02_rnn_cell.ipynb"))        # doctest: +SKIP
>>> show(report)                                     # doctest: +SKIP
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rnncourse.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["CheckReport", "ExerciseReport", "Place", "check", "show"]

#: How long one cell may run if nobody says otherwise, in seconds.
TIMEOUT = 30.0
#: How much longer than that we wait for the child to stop by itself, in seconds.
PATIENCE = 5.0

Status = Literal["done", "not started", "waiting", "failed", "untested", "written", "not written"]

_OPEN_ANSWER_STUB = "*Your answer here.*"  # as in rnncourse.course.source
_STUB_LINE = "raise NotImplementedError"
_PRINTED_LINES = 8
_FIRST_LINE = 50


@dataclass(frozen=True)
class Place:
    """A line of the notebook: ``your rnn_step, line 7``, and what stands there."""

    cell: str
    line: int
    source: str

    def __str__(self) -> str:
        return f"{self.cell}, line {self.line}: {self.source}"


@dataclass(frozen=True)
class ExerciseReport:
    """How far one exercise is.

    Attributes
    ----------
    message
        What is wrong, and where to look for its cause.
    trace
        The lines of the notebook that led to it, the outermost first.
    printed
        What the student's cell and its tests printed, if something failed.
    waits_for
        Exercises to do first, because this one calls them.
    """

    name: str
    status: Status
    points: float = 0.0
    message: str = ""
    trace: tuple[Place, ...] = ()
    printed: str = ""
    waits_for: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.status in ("done", "written")

    @property
    def is_open(self) -> bool:
        return self.status in ("written", "not written")


@dataclass(frozen=True)
class CheckReport:
    """What `check` found out: a report for each exercise asked for, and what else was seen."""

    notebook: Path
    exercises: tuple[ExerciseReport, ...]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every exercise that was asked for is done."""
        return all(exercise.ok for exercise in self.exercises)

    @property
    def summary(self) -> str:
        coded = [exercise for exercise in self.exercises if not exercise.is_open]
        prose = [exercise for exercise in self.exercises if exercise.is_open]
        parts = []
        if coded:
            points = sum(exercise.points for exercise in coded)
            earned = sum(exercise.points for exercise in coded if exercise.ok)
            parts.append(
                f"{_count(coded)} exercise{'s' * (len(coded) != 1)} done "
                f"({earned:g} of {points:g} points in the visible tests)"
            )
        if prose:
            parts.append(f"{_count(prose)} open answer{'s' * (len(prose) != 1)} written")
        end = "hidden tests decide the mark" if coded else "a person reads and marks them"
        return f"{', '.join(parts)}; {end}."


def check(notebook: Path, exercise: str | None = None, timeout: float = TIMEOUT) -> CheckReport:
    """Run a notebook's exercises and their visible tests.

    Parameters
    ----------
    notebook
        The student's notebook. It is never written to.
    exercise
        The exercise to look at; default: all of them.
    timeout
        The longest that one cell may run, in seconds.

    Raises
    ------
    UserError
        If the file is not a notebook of the course, or has no such exercise.
    """
    path = Path(notebook)
    return _Check(path, _read_cells(path), exercise, timeout).report()


@dataclass(frozen=True)
class _Cell:
    """A cell of the notebook. ``number`` counts from 1, as a person counts."""

    number: int
    kind: Literal["exercise", "tests", "open", "demonstration", "other", "text"]
    source: str
    exercise: str = ""
    points: float = 0.0
    edited: bool = False

    @property
    def label(self) -> str:
        if self.kind == "exercise":
            return f"your {self.exercise}"
        if self.kind == "tests":
            return f"the tests of {self.exercise}"
        return f"the cell that begins '{self.first_line}'"

    @property
    def first_line(self) -> str:
        """What a person can find the cell by; Jupyter shows no numbers that count the cells."""
        row = next(filter(None, map(str.strip, self.source.split("\n"))), "")
        return row if len(row) <= _FIRST_LINE else row[: _FIRST_LINE - 3].rstrip() + "..."

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed source; empty if it does not parse."""
        lines = (re.sub(r"^(\s*)[%!].*", r"\1pass", row) for row in self.source.split("\n"))
        try:
            return ast.parse("\n".join(lines))
        except (SyntaxError, ValueError):
            return ast.Module([], [])

    @property
    def uses(self) -> set[str]:
        return {
            node.id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }

    @property
    def defines(self) -> set[str]:
        """The names that the cell defines, also if it does not parse."""
        written = re.findall(
            r"^(?:(?:def|class) +)?(\w+) *(?:=[^=]|[(:])", self.source, re.MULTILINE
        )
        return set(_defined(self.tree.body)) if self.tree.body else set(written)


@dataclass(frozen=True)
class _Outcome:
    """What became of one cell: an error as the child described it, and its prints."""

    error: dict[str, Any] | None
    printed: str = ""


# --- reading ------------------------------------------------------------------------------


def _read_cells(path: Path) -> list[_Cell]:
    cells = [_cell(path, number, raw) for number, raw in enumerate(_raw_cells(path), start=1)]
    if not any(cell.kind in ("exercise", "tests", "open") for cell in cells):
        raise UserError(
            f"{path}: none of its cells belongs to an exercise; "
            "give a chapter's notebook as the course released it"
        )
    return cells


def _raw_cells(path: Path) -> list[Any]:
    if path.is_dir():
        inside = sorted(path.glob("*.ipynb"))
        example = inside[0] if inside else path / "01_sequences.ipynb"
        raise UserError(f"{path}: this is a folder; give a notebook in it, such as {example}")
    if path.suffix != ".ipynb":
        raise UserError(f"{path}: this is not a notebook; give a file that ends in .ipynb")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        near = difflib.get_close_matches(path.name, _names(path.parent), n=1)
        mend = f"did you mean {path.parent / near[0]}?" if near else "look at its name and folder"
        raise UserError(f"{path}: there is no such file; {mend}") from None
    except OSError as error:
        raise UserError(
            f"{path}: it cannot be read ({error.strerror}); look at its permissions"
        ) from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: it is not text; download the notebook again") from None
    if not text.strip():
        raise UserError(f"{path}: the file is empty; download the notebook again")
    try:
        notebook = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise UserError(
            f"{path}:{line}: this is not a whole notebook ({getattr(error, 'msg', 'too deep')}); "
            "save it again in Jupyter, or go back to an earlier copy"
        ) from None
    if isinstance(notebook, dict) and "worksheets" in notebook:
        raise UserError(
            f"{path}: the notebook has the format of before 2014; open and save it in JupyterLab"
        )
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise UserError(f"{path}: the file has no cells; give a notebook that Jupyter saved")
    return notebook["cells"]


def _names(folder: Path) -> list[str]:
    return [file.name for file in folder.glob("*.ipynb")] if folder.is_dir() else []


def _cell(path: Path, number: int, raw: Any) -> _Cell:
    source = raw.get("source", "") if isinstance(raw, dict) else None
    if isinstance(source, list) and all(isinstance(row, str) for row in source):
        source = "".join(source)
    metadata = raw.get("metadata", {}) if isinstance(raw, dict) else None
    if not isinstance(source, str) or not isinstance(metadata, dict):
        raise UserError(
            f"{path}: cell {number} is damaged; save the notebook again in Jupyter, "
            "or go back to an earlier copy"
        )
    grading = metadata.get("nbgrader")
    grading = grading if isinstance(grading, dict) else {}
    is_code = raw.get("cell_type") == "code"
    kind, name = _role(metadata, grading, is_code)
    points = metadata.get("points", grading.get("points"))
    return _Cell(
        number,
        kind,
        source,
        name,
        float(points) if isinstance(points, int | float) else 0.0,
        edited=_was_edited(source, raw.get("cell_type", ""), grading),
    )


def _role(metadata: dict[str, Any], grading: dict[str, Any], is_code: bool) -> tuple[Any, str]:
    """What a cell is for: by the course's metadata, else by nbgrader's."""
    for key in ("exercise", "tests"):
        name = metadata.get(key)
        if isinstance(name, str) and name:
            return (key if is_code else "open"), name
    grade_id = grading.get("grade_id")
    if isinstance(grade_id, str) and grading.get("solution"):
        return ("exercise" if is_code else "open"), grade_id
    if isinstance(grade_id, str) and grading.get("grade") and is_code:
        return "tests", re.sub(r"^tests?[-_]", "", grade_id)
    if not is_code:
        return "text", ""
    tags = metadata.get("tags")
    return ("demonstration" if isinstance(tags, list) and "demonstration" in tags else "other"), ""


def _was_edited(source: str, cell_type: str, grading: dict[str, Any]) -> bool:
    """Whether a locked cell is no longer what nbgrader signed (nbgrader.utils.compute_checksum)."""
    if not grading.get("checksum") or not grading.get("locked") or grading.get("solution"):
        return False
    is_grade = bool(grading.get("grade"))
    signed = [source, cell_type, str(is_grade), "False", "True", str(grading.get("grade_id"))]
    if is_grade:
        signed.append(str(float(grading.get("points") or 0)))
    return hashlib.md5("".join(signed).encode()).hexdigest() != grading["checksum"]


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    """The names that statements define at the top level of a cell."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((name.asname or name.name).split(".")[0] for name in node.names)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id


# --- running ------------------------------------------------------------------------------


def _run(cells: list[_Cell], folder: Path, timeout: float) -> dict[int, _Outcome]:
    """Run cells in a child; where one kills it, run the others again without that one."""
    outcomes: dict[int, _Outcome] = {}
    killers: dict[int, _Outcome] = {}
    while True:
        alive = [cell for cell in cells if cell.number not in killers]
        finished, outcomes, current = _run_once(alive, folder, timeout)
        if finished is None:
            return outcomes | killers
        killers[current] = finished


def _run_once(
    cells: list[_Cell], folder: Path, timeout: float
) -> tuple[_Outcome | None, dict[int, _Outcome], int]:
    """Run cells until the end or the child's; returns what ended it early, if anything did."""
    plan = {
        "timeout": timeout,
        "folder": str(folder),
        "package": str(Path(__file__).parents[1]),
        "cells": [(cell.number, cell.source) for cell in cells],
    }
    environment = os.environ | {
        "MPLBACKEND": "Agg",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3"),
    }
    outcomes: dict[int, _Outcome] = {}
    current = 0
    silent = False
    with tempfile.TemporaryFile() as last_words:
        child = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("_check_run.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=last_words,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            for event in _events(child, json.dumps(plan).encode(), timeout + PATIENCE):
                if "finished" in event:
                    return None, outcomes, 0
                current = event.get("begin", current)
                silent = "silent" in event
                if "end" in event:
                    outcomes[event["end"]] = _Outcome(event["error"], event["printed"])
        finally:
            _kill(child)
        last_words.seek(0)
        words = last_words.read().decode(errors="replace")
    if not current:
        raise UserError(
            f"{sys.executable}: Python did not start ({words.strip()[-300:] or child.returncode}); "
            "look for files beside the notebook that are named like a Python module"
        )
    if "_check_run.py" in words and "Traceback" in words:
        raise RuntimeError(f"the child of rnncourse check failed:\n{words}")
    frames = re.findall(r'File "<cell (\d+)>", line (\d+)', words)
    error = {
        "kind": "OutOfTime" if silent or "Timeout (" in words else "Died",
        "bases": [],
        "message": _cause_of_death(child.returncode, words),
        "frames": [(int(cell), int(line)) for cell, line in reversed(frames)],
        "name": None,
    }
    return _Outcome(error), outcomes, current


def _events(
    child: subprocess.Popen[bytes], plan: bytes, patience: float
) -> Iterator[dict[str, Any]]:
    """What the child reports, until it ends or says nothing for too long."""
    lines: queue.Queue[bytes] = queue.Queue()

    def read() -> None:
        assert child.stdout is not None
        for line in child.stdout:
            lines.put(line)
        lines.put(b"")

    threading.Thread(target=read, daemon=True).start()
    assert child.stdin is not None
    try:
        child.stdin.write(plan)
        child.stdin.close()
    except BrokenPipeError:
        pass
    while True:
        try:
            line = lines.get(timeout=patience)
        except queue.Empty:
            yield {"silent": True}
            return
        if not line:
            child.wait()
            return
        yield json.loads(line)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it has started."""
    with_group: Callable[[int, int], None] | None = getattr(os, "killpg", None)
    try:
        if with_group is not None:
            with_group(child.pid, signal.SIGKILL)
        else:
            child.kill()
    except (ProcessLookupError, PermissionError):
        pass
    child.wait()


def _cause_of_death(code: int | None, words: str) -> str:
    fatal = re.search(r"Fatal Python error: (.+)", words)
    if fatal:
        return fatal[1]
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f"{name}, perhaps for want of memory" if name == "SIGKILL" else name
    return f"exit code {code}"


# --- judging ------------------------------------------------------------------------------


@dataclass
class _Check:
    """One run of `check`: the cells, what became of them, and what that means."""

    path: Path
    cells: list[_Cell]
    asked: str | None
    timeout: float
    outcomes: dict[int, _Outcome] = field(default_factory=dict)
    found: dict[str, ExerciseReport] = field(default_factory=dict)

    def report(self) -> CheckReport:
        names = list(dict.fromkeys(cell.exercise for cell in self.cells if cell.exercise))
        if self.asked is not None and self.asked not in names:
            near = difflib.get_close_matches(self.asked, names, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}? " if near else ""
            raise UserError(
                f"{self.path}: it has no exercise '{self.asked}'; "
                f"{hint}Its exercises are: {', '.join(names)}"
            )
        wanted = {self.asked, *self._needs(self.asked)} if self.asked else set(names)
        runnable = [
            cell
            for cell in self.cells
            if cell.kind in ("exercise", "other")
            or (cell.kind == "tests" and cell.exercise in wanted)
        ]
        if self.asked is None or not self._of(self.asked, "open"):
            folder = self.path.resolve().parent
            self.outcomes = _run(runnable, folder, self.timeout)
        for name in names:
            if name in wanted:
                self.found[name] = self._exercise(name)
        reports = [self.found[name] for name in names if self.asked in (None, name)]
        return CheckReport(self.path, tuple(reports), tuple(self._notes(wanted)))

    def _of(self, name: str, kind: str) -> list[_Cell]:
        return [cell for cell in self.cells if cell.exercise == name and cell.kind == kind]

    def _needs(self, name: str | None) -> list[str]:
        """The exercises that one calls, itself or through others, in the notebook's order."""
        names = {cell.exercise for cell in self.cells if cell.kind == "exercise"}
        needed: set[str] = set()
        new = {name or ""}
        while new:
            used = set().union(
                *(
                    cell.uses
                    for cell in self.cells
                    if cell.exercise in new and cell.kind in ("exercise", "tests")
                )
            )
            new = (used & names) - needed - {name}
            needed |= new
        return [n for n in dict.fromkeys(cell.exercise for cell in self.cells) if n in needed]

    def _exercise(self, name: str) -> ExerciseReport:
        opened = self._of(name, "open")
        if opened:
            text = opened[-1].source.strip()
            status: Status = "not written" if text in ("", _OPEN_ANSWER_STUB) else "written"
            return ExerciseReport(name, status, opened[-1].points)
        answers, tests = self._of(name, "exercise"), self._of(name, "tests")
        points = sum(cell.points for cell in tests)
        if not answers:
            message = (
                f"The cell of {name} is gone, or has lost its mark. "
                "Copy your code into the cell of a fresh notebook."
            )
            return ExerciseReport(name, "failed", points, message)
        answer = answers[-1]
        outcome = self.outcomes.get(answer.number, _Outcome(None))
        if outcome.error is not None:
            return self._failed(name, points, outcome.error, outcome.printed)
        if not tests:
            message = "Its tests are gone from this notebook; grading puts them back."
            return ExerciseReport(name, "untested", points, message)
        printed = outcome.printed
        for cell in tests:
            outcome = self.outcomes.get(cell.number, _Outcome(None))
            printed += outcome.printed
            if outcome.error is not None:
                return self._failed(name, points, outcome.error, printed)
        return ExerciseReport(name, "done", points)

    def _failed(
        self, name: str, points: float, error: dict[str, Any], printed: str
    ) -> ExerciseReport:
        trace = tuple(self._place(number, line) for number, line in error["frames"])
        if error["kind"] == "NotImplementedError" and error["frames"]:
            number, line = error["frames"][-1]
            cell = self._cell(number)
            if cell.kind == "exercise" and cell.exercise != name:
                return ExerciseReport(name, "waiting", points, waits_for=(cell.exercise,))
            if cell.kind == "exercise" and _is_stub(cell):
                return ExerciseReport(name, "not started", points)
            if cell.kind == "exercise" and _STUB_LINE in cell.source.split("\n")[line - 1]:
                message = f"Line {line} still says '{_STUB_LINE}': take it out."
                return ExerciseReport(name, "failed", points, message, trace, printed)
        message = self._message(error)
        waits_for = tuple(
            other for other in self._needs(name) if other in self.found and not self.found[other].ok
        )
        status: Status = "waiting" if waits_for else "failed"
        return ExerciseReport(name, status, points, message, trace, printed, waits_for)

    def _message(self, error: dict[str, Any]) -> str:
        kind, message = error["kind"], error["message"]
        if "CheckFailure" in error["bases"]:
            return message
        if kind == "OutOfTime":
            return (
                f"It was still running after {self.timeout:g} s and was stopped. "
                "Is there a loop that never ends?"
            )
        if kind == "Died":
            return f"It ended Python itself ({message})."
        if "SystemExit" in error["bases"]:
            return "It calls exit(), which ends the whole notebook: take the call out."
        if kind == "AssertionError" and not message:
            return "The condition of this line does not hold."
        text = f"{kind}: {message}".rstrip(": ")
        if error["name"]:
            return text + self._whereabouts(error["name"], error["frames"])
        clue = _array_clue(message, self._cell(error["frames"][-1][0]) if error["frames"] else None)
        text = re.sub(r", with gufunc signature \S+", "", text)
        return f"{text.rstrip(' .')}. {clue}" if clue else text

    def _whereabouts(self, name: str, frames: list[Any]) -> str:
        """Where a name that is missing is defined instead, as far as the notebook tells."""
        here = frames[-1][0] if frames else 0
        if any(cell.exercise == name and cell.kind == "exercise" for cell in self.cells):
            if self.outcomes.get(self._of(name, "exercise")[-1].number, _Outcome(None)).error:
                return f". The cell of {name} failed: start there."
            if self._of(name, "exercise")[-1].number < here:
                return f". The cell of {name} does not define it: keep the function's name."
        places = [cell for cell in self.cells if name in cell.defines]
        for cell in places:
            outcome = self.outcomes.get(cell.number)
            if outcome is not None and outcome.error is not None:
                return f". It comes from {cell.label}, which failed: start there."
        ran = [cell for cell in places if cell.number in self.outcomes]
        if ran:
            later = min(ran, key=lambda cell: cell.number)
            if later.number > here:
                return (
                    f". It is defined further down, in {later.label}; cells run from top to bottom."
                )
            return ""
        nearest = [cell for cell in places if cell.number < here] or places
        return _elsewhere(name, nearest[-1] if nearest else None)

    def _cell(self, number: int) -> _Cell:
        return self.cells[number - 1]

    def _place(self, number: int, line: int) -> Place:
        rows = self._cell(number).source.split("\n")
        source = rows[line - 1].strip() if 0 < line <= len(rows) else ""
        return Place(self._cell(number).label, line, source)

    def _notes(self, wanted: set[str]) -> Iterator[str]:
        for cell in self.cells:
            outcome = self.outcomes.get(cell.number)
            if cell.kind == "other" and outcome is not None and outcome.error is not None:
                places = [self._place(*frame) for frame in outcome.error["frames"]]
                where = f" (line {places[-1].line}: {places[-1].source})" if places else ""
                yield f"{cell.label} failed: {self._message(outcome.error)}{where}"
            if cell.edited and (cell.kind != "tests" or cell.exercise in wanted):
                what = "differs" if cell.kind != "tests" else "differ"
                yield (
                    f"{cell.label} {what} from what the course released; "
                    "grading puts the original back"
                )
        for name in sorted(wanted):
            for kind, what in (("exercise", "say that they are"), ("tests", "are the tests of")):
                cells = self._of(name, kind)
                if len(cells) > 1:
                    yield f"{len(cells)} cells {what} {name}; grading wants one: delete the others"


def _elsewhere(name: str, demonstration: _Cell | None) -> str:
    """What a name may mean that no cell defines, or a demonstration alone."""
    origin = _imported_from(name, demonstration.tree) if demonstration else ""
    own = origin.rpartition(".")[2] or name
    twin = f"np.{own}" if _is_function_of_numpy(own) else ""
    if origin == "math":
        return ". math works on one number at a time; for arrays use NumPy, such as np.tanh."
    if origin.startswith("math."):
        return f". {origin} takes one number; for arrays use {twin or 'NumPy'}."
    if demonstration is None or (origin and twin):
        return f". Do you mean {twin}?" if twin else ""
    if origin:
        return (
            f". Only a demonstration imports it ({demonstration.label}), and grading skips "
            "demonstrations: if you need it, import it in your own cell, too."
        )
    return (
        f". Only a demonstration defines it ({demonstration.label}), and grading skips "
        "demonstrations. Did you mean one of your function's own arguments or variables?"
    )


def _imported_from(name: str, tree: ast.Module) -> str:
    """What a cell imports under a name: ``math.tanh`` for ``from math import tanh``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for item in node.names:
                if (item.asname or item.name.split(".")[0]) == name:
                    return module + item.name
    return ""


def _is_function_of_numpy(name: str) -> bool:
    import numpy  # it takes a moment, and only a student who misses a name needs it

    return callable(getattr(numpy, name, None)) and name in numpy.__all__ and name != "test"


def _array_clue(message: str, cell: _Cell | None) -> str:
    """A plain sentence about NumPy's complaints of arrays that do not fit together."""
    sizes = re.search(
        r"matmul: Input operand 1 has a mismatch.*\(size (\d+) is different from (\d+)\)", message
    )
    if sizes or " not aligned: " in message:
        here = f", and here they are {sizes[2]} and {sizes[1]}" if sizes else ""
        return (
            "A matrix product needs as many columns in the left array as there are rows in the "
            f"right one{here}: print the two shapes."
        )
    if re.search(r"matmul: Input operand \d does not have enough dimensions", message):
        return (
            "One side of @ is a single number: @ multiplies arrays, and * multiplies by a number."
        )
    if re.search(r"operand type\(s\) for @: .*'(list|tuple)'", message):
        return "@ multiplies arrays: np.array makes one from a list."
    if "operands could not be broadcast together with shapes" in message:
        keep = ""
        if cell is not None and re.search(r"\b(sum|max|min|mean)\b", cell.source):
            keep = (
                " A sum or a maximum keeps its axis, with length 1, if it is given keepdims=True."
            )
        return (
            "These two arrays do not fit together: counted from the last axis, their lengths "
            f"must be equal, or one of them 1. Print the two shapes.{keep}"
        )
    if re.search(r"only (0-dimensional|length-1|size-1) arrays can be converted", message):
        return (
            "Something in this line takes one number and got an array; NumPy's own functions, "
            "such as np.tanh and np.exp, take arrays."
        )
    return ""


def _is_stub(cell: _Cell) -> bool:
    """Whether nothing but the docstring stands before the stub's raise."""
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.FunctionDef) and node.name == cell.exercise:
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            return len(body) == 1
    return False


def _count(reports: list[ExerciseReport]) -> str:
    return f"{sum(report.ok for report in reports)} of {len(reports)}"


# --- showing ------------------------------------------------------------------------------

_SIGNS: dict[Status, tuple[str, str, str]] = {
    "done": ("✓", "+", "green"),
    "written": ("✓", "+", "green"),
    "failed": ("✗", "x", "red"),
    "waiting": ("…", "~", "yellow"),
    "untested": ("?", "?", "yellow"),
    "not started": ("○", "-", "dim"),
    "not written": ("○", "-", "dim"),
}


def show(report: CheckReport, console: Console | None = None) -> None:
    """Print a report; with colours on a terminal, as plain text elsewhere."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = console or Console(highlight=False)
    plain = not console.encoding.lower().startswith("utf")

    def say(text: Text, indent: int = 0) -> None:
        if console.is_terminal:
            console.print(Padding(text, (0, 0, 0, indent)))
        else:  # one line stays one line, for pipes and logs
            console.print(Text(" " * indent) + text, soft_wrap=True)

    width = max(len(exercise.name) for exercise in report.exercises)
    say(Text(report.notebook.name, "bold"))
    for exercise in report.exercises:
        sign, ascii_sign, style = _SIGNS[exercise.status]
        line = Text(f"{ascii_sign if plain else sign} ", style)
        line.append(exercise.name.ljust(width), "bold" if not exercise.ok else "")
        line.append("  ").append(_words(exercise), style)
        if exercise.points:
            plural = "s" * (exercise.points != 1)
            line.append(f"  ({exercise.points:g} point{plural})", "dim")
        say(line, 2)
        for row, row_style in _details(exercise):
            say(Text(row, row_style), 6)
    for note in report.notes:
        say(Text("! ", "yellow").append(note), 2)
    say(Text(report.summary, "bold" if report.ok else ""))


def _words(exercise: ExerciseReport) -> str:
    if exercise.status == "waiting":
        return f"waits for {', '.join(exercise.waits_for)}"
    return "not written yet" if exercise.status == "not written" else exercise.status


def _details(exercise: ExerciseReport) -> Iterator[tuple[str, str]]:
    if exercise.message:
        first = "For now: " if exercise.waits_for else ""
        yield from ((row, "") for row in f"{first}{exercise.message}".split("\n"))
    for place in exercise.trace:
        yield f"in {place}", "dim" if place is not exercise.trace[-1] else "cyan"
    rows = exercise.printed.rstrip().split("\n") if exercise.printed.strip() else []
    if rows:
        yield "printed:", "dim"
    for row in rows[-_PRINTED_LINES:]:
        yield f"| {row}", "dim"
