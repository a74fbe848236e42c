"""The judge's side: runs the tests of a notebook, with proxies under the exercises' names.

The tests, and what they compare, stay in this process. A call of an exercise travels to the
student's process as plain data, and what it returned comes back as plain data; so nothing that
a submission patches, prints or reads changes a comparison or shows a test.
"""

from __future__ import annotations

import ast
import math
import numbers
import os
import re
import signal
import socket
import sys
import threading
import time
import types
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

import numpy as np

from rnncourse.grading.engine.alarm import alarm
from rnncourse.grading.engine.casebook import SECONDS, Call, Casebook, Outcome, make_casebook
from rnncourse.grading.engine.diagnosis import diagnose
from rnncourse.grading.engine.raised import describe, rebuilt
from rnncourse.grading.engine.wire import (
    Channel,
    Closed,
    Codec,
    Malformed,
    OutOfTime,
    Unmade,
    write_back,
)
from rnncourse.grading.task import Code, Known, Limits, Task

#: How much longer than its time the student's process may take to say that time is up.
GRACE = 2.0

#: Values that a test may look at again.
_PLAIN = (np.ndarray, list, dict, set, tuple)

#: Messages for the student are cut here.
_LONGEST = 600


class Gone(BaseException):
    """The student's process does not answer any more. No ``except Exception`` catches it."""


class SetupFails(Exception):
    """A set-up cell, which is the chapter's own, raises: no student can do anything about it."""


class TestsTimeout(BaseException):
    """The tests of an exercise have taken too long."""


class Student:
    """The student's process, as the judge sees it.

    Parameters
    ----------
    sock
        The judge's end.
    limits
        What values and calls may take.
    """

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        self._channel = Channel(sock, 4 * limits.value_bytes)
        self._output_bytes = limits.output_bytes
        self._most_bytes = limits.value_bytes
        self._functions: list[Callable[..., Any]] = []
        self._codec = Codec(self._register, self._remote, limits.value_bytes)
        #: Until when the present cell may take, as `time.monotonic` tells it.
        self.deadline = 0.0

    def write_files(self, files: tuple[tuple[str, bytes], ...]) -> None:
        """Put files into its folder."""
        self._ask({"do": "files", "files": list(files)})

    def run(self, source: str) -> list[dict[str, Any]]:
        """Run a cell; returns its outputs.

        Raises
        ------
        Gone
            If the process ends, sends what is no reply, or does not answer in time.
        """
        reply = self._ask({"do": "run", "source": source, "seconds": self._left()})
        left = 2 * self._output_bytes  # it has cut them itself, if it is honest
        kept = []
        try:
            for output in map(_output, _list(reply.get("outputs"))):
                left -= len(str(output))
                if output is not None and left > 0:
                    kept.append(output)
        except Exception as error:  # too deep, or more than fits into memory
            raise Gone(f"sent what is no output ({type(error).__name__})") from None
        return kept

    def call(
        self,
        function: str | int,
        args: tuple[Any, ...],
        keywords: dict[str, Any],
        with_changes: bool = False,
    ) -> Any:
        """Call a function there.

        Random generators and Keras models that it used come back as it left them. Arrays and
        lists do so only ``with_changes``: else a function could change what a test compares
        its result with.

        Raises
        ------
        Exception
            What the function raised, under its name.
        Gone
            If the process ends, sends what is no reply, or does not answer in time.
        """
        values = [*args, *keywords.values()]
        reply = self._ask(
            {
                "do": "call",
                "function": function,
                "args": [self._codec.encode(value) for value in values],
                "names": list(keywords),
                "seconds": self._left(),
            }
        )
        try:
            for change in _list(reply.get("changed")):
                place, data = change
                if with_changes or not isinstance(values[place], _PLAIN):
                    write_back(values[place], self._codec.decode(data))
            if "error" in reply:
                raised = rebuilt(dict(reply["error"]))
            else:
                return self._codec.decode(reply["value"])
        except Unmade as reason:
            raise TypeError(str(reason)) from None
        except (Malformed, KeyError, IndexError, TypeError, ValueError) as error:
            raise Gone(f"sent what is no value: {error}") from None
        if str(reply["error"].get("kind")) == "CellTimeoutError":
            raise TestsTimeout
        raise raised

    def ask(self, function: str, call: Call) -> Outcome:
        """Pass a call on as it is, and give back what came as it is.

        Raises
        ------
        Malformed
            If what came is no value.
        Gone
            As in `call`.
        """
        reply = self._ask(
            {
                "do": "call",
                "function": function,
                "args": list(call.values),
                "names": list(call.names),
                "seconds": self._left(),
            }
        )
        try:
            raised = str(reply["error"]["kind"]) if "error" in reply else ""
            arguments = list(call.values)
            for place, data in _list(reply.get("changed")):
                arguments[place] = data
            outcome = Outcome(raised, reply.get("value", b""), tuple(arguments))
        except (KeyError, IndexError, TypeError, ValueError):
            raise Malformed("a reply is none") from None
        if raised == "CellTimeoutError":
            raise TestsTimeout
        if not all(isinstance(data, bytes) for data in (outcome.value, *outcome.arguments)):
            raise Malformed("a reply is none")
        return outcome

    @property
    def functions(self) -> int:
        """How many functions of ours it was told of; only this judge knows them."""
        return len(self._functions)

    def codec_for_known(self) -> Codec:
        """For values that functions here use: ours come back as themselves."""
        return Codec(self._register, self._functions.__getitem__, self._most_bytes)

    def codec_for_reading(self) -> Codec:
        """For values that are only compared."""

        def remote(handle: int) -> Callable[..., Any]:
            return self.function(handle, "function")

        return Codec(self._register, remote, self._most_bytes, keras_parts=True)

    def function(self, name: str | int, shown: str = "") -> Callable[..., Any]:
        """A function that calls the student's one."""

        def proxy(*args: Any, **keywords: Any) -> Any:
            return self.call(name, args, keywords)

        def with_changes(*args: Any, **keywords: Any) -> Any:
            return self.call(name, args, keywords, with_changes=True)

        proxy.__name__ = proxy.__qualname__ = shown or str(name)
        proxy.with_changes = with_changes  # type: ignore[attr-defined]  # for checks.unchanged
        return proxy

    def _register(self, function: Callable[..., Any]) -> int:
        if function not in self._functions:
            self._functions.append(function)
        return self._functions.index(function)

    def _remote(self, handle: int) -> Callable[..., Any]:
        return self.function(handle, "function")

    def _left(self) -> float:
        return max(self.deadline - time.monotonic(), 0.01)

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        deadline = self.deadline + GRACE
        try:
            self._channel.send(message, deadline)
            while True:
                reply = self._channel.receive(deadline)
                if "callback" not in reply or message["do"] != "call":
                    return reply
                self._channel.send(self._called_back(reply), deadline)
        except Closed:
            raise Gone("ended") from None
        except OutOfTime:
            raise Gone("ran too long and could not be interrupted") from None
        except Malformed as error:
            raise Gone(f"sent what is no reply: {error}") from None

    def _called_back(self, reply: dict[str, Any]) -> dict[str, Any]:
        """Call a function of ours that a test passed as an argument."""
        try:
            function = self._functions[reply["callback"]]
            names = [str(name) for name in _list(reply.get("names"))]
            values = [self._codec.decode(data) for data in _list(reply.get("args"))]
            place = len(values) - len(names)
            keywords = dict(zip(names, values[place:], strict=True))
            return {"value": self._codec.encode(function(*values[:place], **keywords))}
        except Exception as error:
            return {"error": describe(error)}


def serve(tasks: socket.socket, student_socket: socket.socket, limits: Limits) -> None:
    """Judge one submission: read the task, run it, and report as it goes."""
    reports = Channel(tasks, 1 << 40)
    try:
        plain = reports.receive()
        _die_when_closed(tasks)
        task, student = task_from_plain(plain), Student(student_socket, limits)
        Judge(task, limits, student, reports.send, plain["casebooks"]).run()
    except Exception as error:
        reports.send({"fault": f"the judge fails ({type(error).__name__}: {error})"})
    reports.send({"done": True})


class Judge:
    """Goes through a notebook, cell by cell.

    Parameters
    ----------
    task
        The notebook.
    limits
        What it may use.
    student
        The process that runs the student's cells.
    report
        Called with each outcome, as a plain dict.
    casebooks
        What is known already, by exercise: `Casebook.to_plain`.
    """

    def __init__(
        self,
        task: Task,
        limits: Limits,
        student: Student,
        report: Callable[[dict[str, Any]], None],
        casebooks: dict[str, Any],
    ) -> None:
        self._casebooks = casebooks
        self._task = task
        self._limits = limits
        self._student = student
        self._report = report
        # as in a notebook: functions that tests define belong to __main__
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self._names = vars(module)
        self._names["__builtins__"] = __builtins__
        self._setup: list[str] = []

    def run(self) -> None:
        """Run every cell; an error in one does not keep the next from running."""
        end = time.monotonic() + self._limits.notebook_seconds
        exercises = [cell.exercise for cell in self._task.cells if cell.kind == "tests"]
        for name in exercises:
            self._names[name] = self._student.function(name)
        number = -1
        try:
            self._start_cell(end)
            self._student.write_files(self._task.files)
            for cell in self._task.cells:
                number = cell.number
                self._start_cell(end)
                self._report(self._run_cell(cell))
        except Gone as gone:
            message = str(gone)
            if time.monotonic() >= end:
                message = f"took over {self._limits.notebook_seconds:g} s for all cells"
            self._report({"gone": message, "cell": number})
        except SetupFails as fault:
            self._report({"fault": f"the set-up of the chapter fails: {fault}"})

    def _start_cell(self, end: float) -> None:
        now = time.monotonic()
        if now >= end:
            raise Gone("all cells took too long")
        self._student.deadline = min(now + self._limits.cell_seconds, end)
        # A returned value can keep code in C busy (the power of a number with a million digits),
        # and no handler of ours runs until that ends. The system ends this process then.
        busy = self._limits.cell_seconds + 2 * GRACE + SECONDS
        signal.setitimer(signal.ITIMER_PROF, busy)

    def _run_cell(self, cell: Code) -> dict[str, Any]:
        if cell.kind == "tests":
            return {"tests": cell.exercise, "result": self._test(cell)}
        if cell.kind == "setup":
            self._setup.append(cell.source)
            try:
                exec(compile(cell.source, "<setup>", "exec"), self._names)
            except Exception as error:
                raise SetupFails(f"{type(error).__name__}: {error}") from None
        return {"cell": cell.number, "outputs": self._student.run(cell.source)}

    def _test(self, cell: Code) -> dict[str, Any]:
        try:
            with _until(self._student.deadline + 2 * GRACE):
                value = run_tests(cell.source, self._names)
        except Gone:
            raise
        except BaseException as error:
            result = {"share": 0.0, "error": type(error).__name__}
            result["message"] = message_for(error, cell.exercise, self._limits)
            known = self._task.known.get(cell.exercise)
            has_values = not isinstance(error, NotImplementedError | TestsTimeout)
            result |= self._diagnose(cell, known) if known and has_values else {}
            result.setdefault("behaviour", _pattern(f"{result['error']}: {result['message']}"))
            return result
        return {"share": share(value, cell.points)}

    def _diagnose(self, cell: Code, known: Known) -> dict[str, Any]:
        """What is known of a wrong answer; nothing that it does here is worth a mark."""
        name = cell.exercise
        try:
            casebook = self._casebook(cell, known)
            if casebook is None:
                return {}
            seconds = min(self._limits.cell_seconds, SECONDS)
            self._student.deadline = time.monotonic() + seconds
            codec = self._student.codec_for_reading()
            with _until(self._student.deadline + GRACE):
                return diagnose(casebook, known, lambda call: self._student.ask(name, call), codec)
        except (Exception, TestsTimeout):
            return {}

    def _casebook(self, cell: Code, known: Known) -> Casebook | None:
        """The cases of an exercise: as the worker knows them, or made here, and reported."""
        plain = self._casebooks.get(cell.exercise)
        if plain is not None:
            return Casebook.from_plain(plain)
        answers = {name: known.answer for name, known in self._task.known.items()}
        functions = self._student.functions
        codec = self._student.codec_for_known()
        made = make_casebook(cell, known, answers, self._setup, codec)
        if made is not None and self._student.functions == functions:
            self._report({"casebook": cell.exercise, "made": made.to_plain()})
        return made


def run_tests(source: str, names: dict[str, Any]) -> Any:
    """Run a test cell; returns the value of its last line, or None."""
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "<tests>", "exec"), names)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), "<tests>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<tests>", "eval"), names)


def share(value: Any, points: float) -> float:
    """Which part of the points tests give whose last line has this value.

    As in nbgrader, a number is the points to give; anything else gives all of them. What
    nbgrader overlooks: ``False`` and ``nan`` give none.
    """
    scalar: Any = value.item() if getattr(value, "ndim", 1) == 0 else value
    if not isinstance(scalar, numbers.Real) or not points:
        return 1.0
    if isinstance(scalar, bool):
        return float(scalar)
    try:
        given = float(scalar)
    except OverflowError:
        given = math.inf if scalar == abs(scalar) else -math.inf
    return 0.0 if math.isnan(given) else min(max(given / points, 0.0), 1.0)


def message_for(error: BaseException, exercise: str, limits: Limits) -> str:
    """What the student may read about a failed test: never a line of it."""
    text = _clean(str(error)).strip()[:_LONGEST]
    match error:
        case TestsTimeout():
            return f"The tests took over {limits.cell_seconds:g} s. Is there a loop without an end?"
        case NotImplementedError():
            return "Not started: the function raises NotImplementedError."
        case AssertionError():
            return text or "What the function returned is not what a test expected."
        case NameError() if text == f"name '{exercise}' is not defined":
            return f"There is no function named {exercise}. Does its cell run without an error?"
        case MemoryError():
            return "The memory did not suffice for what the function returned."
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def task_from_plain(plain: dict[str, Any]) -> Task:
    """Read a task that `task_to_plain` made."""
    return Task(
        tuple(Code(*cell) for cell in plain["cells"]),
        tuple((name, content) for name, content in plain["files"]),
        {
            name: Known(answer, tuple((hint, source) for hint, source in misconceptions))
            for name, (answer, misconceptions) in plain["known"].items()
        },
    )


def task_to_plain(task: Task) -> dict[str, Any]:
    """A task in lists and dicts."""
    return {
        "cells": [
            (cell.number, cell.source, cell.kind, cell.exercise, cell.points) for cell in task.cells
        ],
        "files": list(task.files),
        "known": {name: (known.answer, known.misconceptions) for name, known in task.known.items()},
    }


def _die_when_closed(sock: socket.socket) -> None:
    """End this process when the other side of a socket is gone, whatever it is doing."""

    def wait() -> None:
        with suppress(OSError):
            while sock.recv(1):
                pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _until(deadline: float) -> AbstractContextManager[None]:
    """Raise `TestsTimeout` here, once a deadline is over."""
    return alarm(deadline - time.monotonic(), TestsTimeout)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _clean(value: Any) -> str:
    """A text that any file and any database takes: no half characters, no nulls."""
    return str(value).encode(errors="replace").decode().replace("\0", "\ufffd")


_STREAMS = ("stdout", "stderr")


def _output(output: Any) -> dict[str, Any] | None:
    """An output that came from the student's process, if nbformat can store it."""
    if not isinstance(output, dict):
        return None
    match output.get("output_type"):
        case "stream":
            name = output.get("name")
            text = _clean(output.get("text", ""))
            return {
                "output_type": "stream",
                "name": name if name in _STREAMS else "stdout",
                "text": text,
            }
        case "error":
            return {
                "output_type": "error",
                "ename": _clean(output.get("ename", "")),
                "evalue": _clean(output.get("evalue", "")),
                "traceback": [_clean(line) for line in _list(output.get("traceback"))],
            }
        case "display_data" | "execute_result" as kind:
            data = output.get("data")
            data = data if isinstance(data, dict) else {}
            return {
                "output_type": kind,
                "data": {_clean(key): _clean(item) for key, item in data.items()},
                "metadata": {},
                **({"execution_count": None} if kind == "execute_result" else {}),
            }
    return None


def _pattern(text: str) -> str:
    """A failure without its numbers, which differ from run to run."""
    return re.sub(r"-?\d+(\.\d+)?(e-?\d+)?", "#", text)[:200]
