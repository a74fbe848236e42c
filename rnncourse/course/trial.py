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
import gc
import importlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

from rnncourse.course.source import Chapter
from rnncourse.errors import UserError

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

_LAZY = ("numpy.random", "numpy.linalg")  # NumPy loads them at first use: in every fork
_LONGEST_TEXT = 2000  # characters; a reply must fit into a pipe at once


class BenchError(UserError):
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
        self._channel, theirs = Pipe()
        package_parent = str(Path(__file__).resolve().parents[2])
        paths = [package_parent, os.environ.get("PYTHONPATH", "")]
        serve = f"from rnncourse.course.trial import _serve; _serve({theirs.fileno()})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", serve],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            cwd=self._folder.name,
            start_new_session=True,  # Ctrl-C reaches the bench, which closes the channel
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                # trials run side by side: one thread each
                **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
                "TF_CPP_MIN_LOG_LEVEL": "3",
            },
        )
        theirs.close()
        try:
            self._send({"setup": self.chapter.setup, "imports": sorted(_imports(self.chapter))})
            if not self._channel.poll(WARM_UP_LIMIT):
                raise BenchError(f"the setup cells take more than {WARM_UP_LIMIT:.0f} s")
            reply = self._receive()
            if reply["error"]:
                raise BenchError(f"the setup cells fail: {reply['error']}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._channel.close()  # at which the warm process ends its trials and itself
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
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
            reply = self._receive()  # it comes: the warm process ends each trial at its limit
            number = reply.pop("id")
            outcomes[number] = Outcome(**reply)
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
        try:
            self._channel.send_bytes(json.dumps(request).encode())
        except BrokenPipeError:
            raise BenchError("the process that ran the setup cells died") from None

    def _receive(self) -> dict[str, Any]:
        try:
            return json.loads(self._channel.recv_bytes())
        except (EOFError, ConnectionResetError):
            raise BenchError("the process that ran the setup cells died") from None


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
    kept: list[ast.stmt] = []
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


# ---- the warm process, and the trials that it forks ----


@dataclass
class _Running:
    """A trial under way, as the warm process sees it."""

    request: int
    pid: int
    limit: float
    started: float

    @property
    def left(self) -> float:
        return max(self.started + self.limit - time.monotonic(), 0.0)

    def end(self) -> int:
        """Kill whatever is left of it; return how it ended, as waitpid tells."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def _serve(descriptor: int) -> None:
    """Warm up, then fork a trial for each request, until the channel is closed."""
    channel = Connection(descriptor)
    module = types.ModuleType("__main__")  # as in a notebook's kernel
    sys.modules["__main__"] = module
    namespace = vars(module)

    def reply(content: dict[str, Any]) -> None:
        channel.send_bytes(json.dumps(content).encode())

    reply({"error": _warm_up(json.loads(channel.recv_bytes()), namespace)})
    running: dict[Connection, _Running] = {}
    try:
        while True:
            soonest = min((trial.left for trial in running.values()), default=None)
            ready = wait([channel, *running], soonest)
            for source in ready:
                if source is channel:
                    report, trial = _start(json.loads(channel.recv_bytes()), channel, namespace)
                    running[report] = trial
                else:
                    assert isinstance(source, Connection)
                    reply(_finished(source, running.pop(source)))
            for report, trial in list(running.items()):
                if not trial.left and not report.poll():
                    del running[report]
                    trial.end()
                    report.close()
                    reply({"id": trial.request, "status": "timed out", "seconds": trial.limit})
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the bench is closed
    finally:
        for trial in running.values():
            trial.end()


def _warm_up(request: dict[str, Any], namespace: dict[str, Any]) -> str:
    """Import and run the setup cells; return what went wrong, or nothing."""
    for name in [*_LAZY, *request["imports"]]:
        with suppress(Exception):  # the trial that needs it will say so
            importlib.import_module(name)
    try:
        exec(compile(request["setup"], "<setup>", "exec"), namespace)
    except BaseException as error:
        return _describe(error, "<setup>")
    gc.freeze()  # a collection in a fork would copy every page that it looks at
    return ""


def _describe(error: BaseException, filename: str) -> str:
    line = _line_of(error, filename)
    return f"{type(error).__name__}: {error}" + (f" (line {line})" if line else "")


def _line_of(error: BaseException, filename: str) -> int:
    """The deepest line of ``filename`` that an exception passed through."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno or 0
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == filename]
    return lines[-1] if lines else 0


def _start(
    request: dict[str, Any], channel: Connection, namespace: dict[str, Any]
) -> tuple[Connection, _Running]:
    """Fork a trial; return where it will report."""
    report, theirs = Pipe(duplex=False)
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            report.close()
            channel.close()
            theirs.send_bytes(json.dumps(_try(request["stages"], namespace)).encode())
        finally:
            os._exit(1)
    with suppress(PermissionError, ProcessLookupError):
        os.setpgid(pid, pid)  # here too: whoever comes first
    theirs.close()
    return report, _Running(request["id"], pid, request["limit"], started)


def _finished(report: Connection, trial: _Running) -> dict[str, Any]:
    """Read what a trial reports, or how it died."""
    try:
        content = json.loads(report.recv_bytes())
        trial.end()
    except EOFError:
        code = trial.end()
        seconds = time.monotonic() - trial.started
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        content = {"status": "crashed", "message": how, "seconds": seconds}
    report.close()
    return {"id": trial.request, **content}


def _try(stages: list[tuple[str, str]], namespace: dict[str, Any]) -> dict[str, Any]:
    """Run the stages one after the other, in this process, and say how it went."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY, mapped + MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    errors = os.memfd_create("stderr")
    os.dup2(errors, 2)
    random.seed()
    sys.modules["numpy.random"].seed()  # forks would all draw the same numbers
    outcome: dict[str, Any] = {"status": "passed"}
    started = time.monotonic()
    for stage, source in stages:
        filename = f"<{stage}>"
        try:
            exec(compile(source, filename, "exec"), namespace)
        except BaseException as error:
            outcome = {
                "status": "failed",
                "stage": stage,
                "line": _line_of(error, filename),
                "exception": type(error).__name__,
                "message": str(error)[:_LONGEST_TEXT],
            }
            break
    outcome["seconds"] = time.monotonic() - started
    sys.stderr.flush()
    outcome["stderr"] = os.pread(errors, _LONGEST_TEXT, 0).decode(errors="replace")
    return outcome
