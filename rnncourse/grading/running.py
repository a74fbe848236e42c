"""Run a notebook and judge it: the seam between the coordinator and the engine.

What goes in (`Task`, `Limits`) and what comes out (`Run`) is plain data, so that a worker may
be anywhere. The first call of a process starts a warm process, which takes a second, or ten
where Keras is used; each further one is a fork of it.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import msgpack

from rnncourse.errors import UserError
from rnncourse.grading.engine import walls
from rnncourse.grading.engine.judge import task_to_plain
from rnncourse.grading.engine.warm import Order
from rnncourse.grading.engine.wire import Channel, Closed, Malformed, OutOfTime
from rnncourse.grading.task import CellRun, Limits, Result, Run, Task

#: What stands in `Run.sandbox`.
SANDBOX, NO_SANDBOX = "bubblewrap", "none"

#: How long the warm process may take to import everything, in seconds.
_WARM_UP_SECONDS = 180.0
#: How much longer than its limits a run may take before all of it is killed, in seconds.
_GRACE = 15.0

#: Ways to end that only code meant to disturb the judge finds, or a fault of ours.
_SUSPICIOUS = ("the judge died", "sent what is no")

#: How many casebooks a worker keeps for the next submissions, and of what size.
_CASEBOOKS, _CASEBOOK_BYTES = 200, 4_000_000

_USES_KERAS = re.compile(r"\b(keras|tensorflow)\b")


class SandboxError(UserError):
    """This machine does not let us build the sandbox."""


def run_notebook(task: Task, limits: Limits, sandbox: bool = True) -> Run:
    """Run a notebook's cells in a sandbox, and its tests outside it.

    Parameters
    ----------
    task
        The cells, files, and what is known of the exercises.
    limits
        What they may use.
    sandbox
        Without one, whatever was handed in can do what this account can do.

    Returns
    -------
    What came of it. Whatever the cells do, this returns.
    """
    started = time.monotonic()
    run = Run(sandbox=SANDBOX if sandbox else NO_SANDBOX)
    keras = any(_USES_KERAS.search(cell.source) for cell in task.cells)
    try:
        with _slot() as slot:
            warm = _warm_process(keras, sandbox)
            judge, status = warm.fork(Order(slot, limits, sandbox))
            with judge, status:
                _follow(task, limits, judge, run)
                _end(run, limits, status)
    except (OSError, Closed, UserError) as error:
        run.ended, run.message = "not started", str(error) or "the engine was stopped"
    run.seconds = time.monotonic() - started
    return run


def sandbox_fault() -> str:
    """Why this machine cannot build the sandbox; empty if it can."""
    run = run_notebook(Task(()), Limits(), sandbox=True)
    return run.message if run.ended == "not started" else ""


def stop() -> None:
    """End every run of this process at once; the next one starts afresh."""
    with _lock:
        processes, _warm[:] = list(_warm), []
    for warm in processes:
        warm.close()


@contextmanager
def runs_end_here() -> Iterator[None]:
    """Make sure that no run outlives this block, however it is left."""
    try:
        yield
    finally:
        stop()


class _Warm:
    """A warm process, as a worker sees it."""

    def __init__(self, keras: bool, sandbox: bool) -> None:
        self.kind = (keras, sandbox)
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._folder = tempfile.TemporaryDirectory(prefix="rnncourse-", ignore_cleanup_errors=True)
        self._lock = threading.Lock()
        command = ["-I", "-m", "rnncourse.grading.engine.warm", str(theirs.fileno())]
        command += [
            word for word, is_so in zip(("keras", "walled"), self.kind, strict=True) if is_so
        ]
        command += [self._folder.name]
        command = walls.outer_wall(command) if sandbox else [sys.executable, *command]
        with theirs, tempfile.TemporaryFile() as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=[theirs.fileno()],
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the coordinator, which closes the socket
                env=walls.environment(),
            )
            theirs.close()
            self._orders.settimeout(_WARM_UP_SECONDS)
            try:
                is_ready = self._orders.recv(16) == b"ready"
            except OSError:
                is_ready = False
            if not is_ready:
                self.close()
                errors.seek(0)
                lines = errors.read().decode(errors="replace").strip().splitlines()
                raise SandboxError(
                    f"the sandbox cannot be built ({lines[-1] if lines else 'no answer'}); "
                    "'rnncourse doctor' says what this machine lacks"
                )
            self._orders.settimeout(None)

    def is_alive(self) -> bool:
        """Tell whether it can fork."""
        return self._process.poll() is None

    def fork(self, order: Order) -> tuple[socket.socket, socket.socket]:
        """Start a judge and a guarded student's process.

        Returns
        -------
        The sockets on which the judge and the guard report.
        """
        pairs = [socket.socketpair() for _ in range(3)]
        (ours, judge), (judge_student, student), (status, guard) = pairs
        theirs = [judge, judge_student, student, guard]
        try:
            with self._lock:
                descriptors = [each.fileno() for each in theirs]
                socket.send_fds(self._orders, [order.to_bytes()], descriptors)
        except OSError:
            ours.close()
            status.close()
            raise Closed("the engine has stopped") from None
        finally:
            for each in theirs:
                each.close()
        return ours, status

    def close(self) -> None:
        """End it, and with it everything that it forked."""
        with suppress(OSError):
            self._orders.shutdown(socket.SHUT_RDWR)
        self._orders.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._folder.cleanup()


_lock = threading.RLock()
_starting = threading.Lock()
_warm: list[_Warm] = []
_slots: set[int] = set()
_casebooks: dict[bytes, Any] = {}
atexit.register(stop)


def _warm_process(keras: bool, sandbox: bool) -> _Warm:
    with _starting:  # one start at a time: two would take twice as long
        with _lock:
            _warm[:] = [warm for warm in _warm if warm.is_alive()]
            found = next((warm for warm in _warm if warm.kind == (keras, sandbox)), None)
        if found is None:
            try:
                found = _Warm(keras, sandbox)
            except walls.WallError as error:
                raise SandboxError(
                    f"the sandbox cannot be built ({error}); "
                    "'rnncourse doctor' says what this machine lacks"
                ) from None
            with _lock:
                _warm.append(found)
        return found


@contextmanager
def _slot() -> Iterator[int]:
    """A number that no other run of this process has."""
    with _lock:
        slot = next(n for n in range(len(_slots) + 1) if n not in _slots)
        _slots.add(slot)
    try:
        yield slot
    finally:
        with _lock:
            _slots.discard(slot)


def _follow(task: Task, limits: Limits, sock: socket.socket, run: Run) -> None:
    """Give the judge its task, and write down what it reports."""
    judge = Channel(sock, 1 << 40)
    deadline = time.monotonic() + limits.notebook_seconds + limits.cell_seconds + _GRACE
    cell = None
    try:
        keys = _casebook_keys(task)
        with _lock:
            casebooks = {name: _casebooks[key] for name, key in keys.items() if key in _casebooks}
        judge.send({**task_to_plain(task), "casebooks": casebooks}, deadline)
        while True:
            report = judge.receive(deadline)
            if "done" in report:
                return
            if "fault" in report:
                run.ended, run.message = "not started", report["fault"]
            elif "gone" in report:
                run.ended, run.message, cell = "died", report["gone"], report["cell"]
            elif "casebook" in report:
                _keep_casebook(keys[report["casebook"]], report["made"])
            elif "tests" in report:
                run.results[report["tests"]] = Result(**report["result"])
            else:
                count = len(run.cells) + 1
                run.cells[report["cell"]] = CellRun(report["outputs"], count)
            run.cell = cell
    except Closed:
        run.ended, run.message = "died", "the judge died"
    except (OutOfTime, Malformed):
        run.ended, run.message = "killed", f"took over {limits.notebook_seconds:g} s for all cells"


def _casebook_keys(task: Task) -> dict[str, bytes]:
    """By exercise, a hash of all that its casebook is made from."""
    shared = repr((task.known, [cell.source for cell in task.cells if cell.kind == "setup"]))
    return {
        cell.exercise: hashlib.sha256(f"{cell.exercise}\0{cell.source}\0{shared}".encode()).digest()
        for cell in task.cells
        if cell.kind == "tests"
    }


def _keep_casebook(key: bytes, made: Any) -> None:
    """Keep a casebook for the next submissions, unless it is large."""
    if len(msgpack.packb(made)) > _CASEBOOK_BYTES:
        return
    with _lock:
        while len(_casebooks) >= _CASEBOOKS:
            del _casebooks[next(iter(_casebooks))]
        _casebooks[key] = made


def _end(run: Run, limits: Limits, sock: socket.socket) -> None:
    """End the student's process, and write down what it used and why it ended, if it did."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(_GRACE)
    try:
        status: dict[str, Any] = json.loads(sock.recv(65536))
    except (OSError, ValueError):
        raise Closed("the engine has stopped") from None
    if status["ended"] == "not started":
        raise SandboxError(
            f"the sandbox cannot be built ({status['fault']}); "
            "'rnncourse doctor' says what this machine lacks"
        )
    run.cpu_seconds = status["cpu_seconds"]
    run.memory_bytes = max(status["memory_bytes"], 0)
    if run.ended in ("finished", "not started"):
        return
    if run.message.startswith(_SUSPICIOUS):
        run.flags.append(f"{run.message}, which honest code does not bring about")
    code = status["code"]
    we_killed_it = status["ended"] == "stopped" and code == -signal.SIGKILL
    if status["ended"] == "memory":
        run.ended = "killed"
        run.message = f"used more than {limits.memory_bytes // 10**6} MB of memory"
    elif "too long" in run.message or "took over" in run.message:
        run.ended = "killed"
    elif we_killed_it or run.message != "ended":
        pass
    elif code == -signal.SIGXCPU:
        run.ended, run.message = "killed", "used up its processor time"
    elif code < 0:
        run.message = f"crashed ({signal.Signals(-code).name})"
    else:
        run.message = f"ended Python itself (exit code {code})"
