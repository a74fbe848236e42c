"""Try code for an exercise: run it against the exercise's tests, in a process of its own.

A `Bench` starts one warm process for a chapter, which runs the chapter's setup cells and
imports what its tests import. Each trial is a fork of that process: it defines the answers
of the earlier exercises and the candidate, runs the tests, and reports over a pipe. So a
trial costs milliseconds even where a test needs TensorFlow, and one that loops for ever,
eats memory or dies harms nothing but itself.

>>> with Bench(course["rnn_cell"]) as bench:                          # doctest: +SKIP
...     bench.run("rnn_step", "def rnn_step(x, h, W_x, W_h, b): return h").message
'h_t[0, 0] is 0.1, expected 0.46. Is the input used?'

The warm process itself never runs a test: it only imports, so TensorFlow, which must not
have run an operation before a fork, works in the trials. This is no sandbox: candidates
come from authors. It is a guard against accidents.
"""

from __future__ import annotations

import ast
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from rnncourse.course.source import Chapter

Which = Literal["visible", "hidden", "both"]
Status = Literal["passed", "failed", "timed out", "crashed"]

#: Wall time that a trial may take, unless it says otherwise, in seconds.
LIMIT = 30.0
#: Wall time that the setup cells and the imports may take, in seconds.
WARM_UP_LIMIT = 180.0
#: Memory that a trial may map beyond what the warm process has, in bytes.
MEMORY = 2 * 1024**3
#: Bytes that a trial may write to one file, its standard error among them.
FILE_SIZE = 16 * 1024**2

_LONGEST_TEXT = 2000  # a reply must fit into a pipe, or the trial would wait to write it


class BenchError(Exception):
    """The chapter's setup cells do not run, so nothing can be tried."""


@dataclass(frozen=True)
class Trial:
    """Code to try: ``source`` in place of the answer to ``exercise``."""

    exercise: str
    source: str
    which: Which = "both"
    limit: float = LIMIT


@dataclass(frozen=True)
class Outcome:
    """What became of a trial.

    Attributes
    ----------
    status
        ``passed``, ``failed`` (an exception), ``timed out`` or ``crashed`` (the process died).
    stage
        Where it ended: ``earlier`` (answers), ``candidate``, ``visible``, ``helpers`` (what
        the hidden tests use of the visible ones) or ``hidden``; empty if it passed.
    line
        The line of that stage's source, counted from 1; 0 if unknown.
    exception, message
        The exception's type and text.
    stderr
        What was written to standard error. nbgrader scores a test cell that writes there
        as 0, even if it passes.
    seconds
        Wall time.
    """

    status: Status
    stage: str = ""
    line: int = 0
    exception: str = ""
    message: str = ""
    stderr: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return self.status == "passed"

    @property
    def clean(self) -> bool:
        """Passed without a word on standard error: what nbgrader gives full marks for."""
        return self.passed and not self.stderr

    def __str__(self) -> str:
        if self.status == "failed":
            return f"{self.exception}: {self.message}" if self.message else self.exception
        if self.passed and self.stderr:
            return f"wrote to standard error: {self.stderr.strip().splitlines()[0]}"
        return self.status


class Bench:
    """Tries code for the exercises of one chapter; a context manager.

    Parameters
    ----------
    chapter
        The chapter with its solutions. Without them, only visible tests can be run, and
        only for exercises that need no earlier one.
    workers
        How many trials run side by side; default: one per core.

    Raises
    ------
    BenchError
        On entering, if the setup cells fail.
    """

    def __init__(self, chapter: Chapter, workers: int | None = None):
        self.chapter = chapter
        self.workers = workers or len(os.sched_getaffinity(0))

    def __enter__(self) -> Bench:
        self._folder = tempfile.TemporaryDirectory(prefix="rnncourse-trial-")
        package_parent = str(Path(__file__).resolve().parents[2])
        paths = [package_parent, os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from rnncourse.course.trial import _serve; _serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                # trials run side by side: one thread each
                **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
                "TF_CPP_MIN_LOG_LEVEL": "3",
            },
            text=True,
        )
        try:
            self._send({"setup": self.chapter.setup, "imports": sorted(_imports(self.chapter))})
            reply = self._receive(WARM_UP_LIMIT)
            if reply["error"]:
                raise BenchError(reply["error"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        # the warm process ends its trials and itself when its input ends
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    def run(
        self, exercise: str, source: str, which: Which = "both", limit: float = LIMIT
    ) -> Outcome:
        """Try ``source`` in place of the answer to ``exercise``.

        Parameters
        ----------
        exercise
            Name of the exercise.
        source
            Code that defines the exercise's function.
        which
            Which tests to run. ``hidden`` runs the hidden tests alone, with the helpers
            that the visible tests define but without their checks.
        limit
            Wall time in seconds.
        """
        return self.run_all([Trial(exercise, source, which, limit)])[0]

    def run_all(
        self, trials: Iterable[Trial], advance: Callable[[], object] | None = None
    ) -> list[Outcome]:
        """Try several, side by side; ``advance`` is called as each one ends.

        Returns
        -------
        The outcomes, in the order of the trials.
        """
        queue = list(trials)
        outcomes: dict[int, Outcome] = {}
        sent = 0
        while len(outcomes) < len(queue):
            while sent < len(queue) and sent - len(outcomes) < self.workers:
                trial = queue[sent]
                stages = self._stages(trial)
                self._send({"id": sent, "stages": stages, "limit": trial.limit})
                sent += 1
            # the warm process ends each trial at its limit, so a reply always comes
            reply = self._receive(LIMIT + max(trial.limit for trial in queue))
            outcomes[reply.pop("id")] = Outcome(**reply)
            if advance is not None:
                advance()
        return [outcomes[number] for number in range(len(queue))]

    def _stages(self, trial: Trial) -> list[tuple[str, str]]:
        """The sources that a trial runs, one after the other."""
        exercise = self.chapter.exercises[trial.exercise]
        assert exercise.tests is not None, f"'{trial.exercise}' is an open exercise"
        stages = [("earlier", source) for source in self._earlier(trial.exercise)]
        stages.append(("candidate", trial.source))
        visible = exercise.tests.source
        if trial.which == "hidden":
            stages.append(("helpers", helpers(visible, trial.exercise)))
        else:
            stages.append(("visible", visible))
        if trial.which != "visible":
            hidden = self.chapter.solutions[trial.exercise].hidden
            assert hidden is not None, f"'{trial.exercise}' has no hidden tests"
            stages.append(("hidden", hidden.source))
        return stages

    def _earlier(self, name: str) -> Iterator[str]:
        for exercise in self.chapter.exercises.values():
            if exercise.name == name:
                return
            if not exercise.is_open and exercise.name in self.chapter.solutions:
                yield self.chapter.solutions[exercise.name].answer.source

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise BenchError("the process that runs the setup cells died") from None

    def _receive(self, limit: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        waiting = _select_readable(self._process.stdout, limit)
        if not waiting:
            raise BenchError(f"the setup cells take more than {limit:.0f} s")
        line = self._process.stdout.readline()
        if not line:
            raise BenchError("the process that runs the setup cells died")
        return json.loads(line)


def helpers(visible: str, exercise: str) -> str:
    """Keep what visible tests define for hidden ones, without what calls the exercise.

    Parameters
    ----------
    visible
        Source of the visible tests.
    exercise
        Name of the exercise's function.

    Returns
    -------
    Source with the imports, functions and assignments that do not depend on a result of
    the exercise.
    """
    dependent = {exercise}
    kept = []
    for statement in ast.parse(visible).body:
        names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        if isinstance(statement, ast.Import | ast.ImportFrom):
            kept.append(statement)
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            kept.append(statement)
            if names & dependent:
                dependent.add(statement.name)
        elif isinstance(statement, ast.Assign) and not names & dependent:
            kept.append(statement)
        else:
            dependent |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return "\n".join(map(ast.unparse, kept))


def _imports(chapter: Chapter) -> set[str]:
    """The modules that anything tried on this chapter imports, to be loaded before a fork."""
    sources = [cell.source for cell in chapter.cells if cell.role == "tests"]
    for solution in chapter.solutions.values():
        if solution.hidden is not None:
            variants = (solution.answer, solution.hidden, *solution.also_correct)
            sources += [variant.source for variant in variants]
    names: set[str] = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue  # the trial will say so
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return names


def _select_readable(stream: IO[str], limit: float) -> bool:
    # at most one reply per request is read, so nothing hides in the stream's own buffer
    # except whole further lines
    if getattr(stream, "buffer", None) is not None and stream.buffer.peek_ready():  # type: ignore
        return True
    return False


# ---------------------------------------------------------------- the warm process


def _serve() -> None:
    """Warm up, then fork a trial for every request on standard input; end when it ends."""
