"""The warm process: it has imported the packages and run nothing, and forks for each submission.

Nothing of a submission or of a test ever passes through it, since all that it holds is in the
memory of every process that it forks. It gets a slot number, the limits, and four sockets to
hand on: what is secret goes from the worker to the judge through one of them.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnncourse.grading.engine import syscalls, walls
from rnncourse.grading.task import Limits

#: What submissions use, imported once. The first part is enough without Keras.
PLAIN = (
    *("numpy", "numpy.random", "numpy.linalg", "numpy.fft", "matplotlib.pyplot"),
    "msgpack",
    *("rnncourse.checks", "rnncourse.data", "rnncourse.plots", "rnncourse.quiz"),
    *("rnncourse.grading.engine.student", "rnncourse.grading.engine.judge"),
)
KERAS = ("rnncourse._keras",)

#: TensorFlow starts so many threads when it is imported. Once it has run an operation there
#: are more, and every process forked after that hangs.
_MOST_THREADS = 4

#: How often a guard looks at memory, in seconds.
_LOOK = 0.05

#: What a student's process says once the wall stands.
_READY = "ready"

_PAGE = os.sysconf("SC_PAGE_SIZE")

#: In its own process namespace, and so in the /proc that the guard sees.
_FIRST = 1
#: What a socket may hold that nobody reads from; `syscalls` lets nobody ask for more.
_SOCKET_BYTES = 2 * 212_992


@dataclass(frozen=True)
class Tools:
    """What every student's process uses and the warm process has made ready."""

    shell: Any
    refuse_calls: Any


@dataclass(frozen=True)
class Order:
    """What the warm process is asked for."""

    slot: int
    limits: Limits
    walled: bool

    def to_bytes(self) -> bytes:
        """Make bytes of it; they fit into one message."""
        return json.dumps([self.slot, vars(self.limits), self.walled]).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Order:
        """Read it."""
        slot, limits, walled = json.loads(data)
        return cls(slot, Limits(**limits), walled)


def main(descriptor: int, keras: bool, walled: bool) -> None:
    """Warm up, say so, and fork until the worker hangs up."""
    orders = socket.socket(fileno=descriptor)
    if walled:
        walls.finish_outer_wall()
    for name in (*PLAIN, *(KERAS if keras else ())):
        importlib.import_module(name)
    if keras:
        from rnncourse._keras import load_keras

        load_keras()
    from rnncourse.grading.engine.student import make_shell

    shell = make_shell()
    importlib.import_module("matplotlib_inline.backend_inline")  # it looks for the shell
    tools = Tools(shell, syscalls.make_filter() if walled else None)
    threads = len(os.listdir("/proc/self/task"))
    if threads > _MOST_THREADS:
        sys.exit(f"{threads} threads run already; forks of this process would hang")
    gc.freeze()  # a collection in a fork would copy every page that it looks at
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what we fork
    orders.send(b"ready")
    while True:
        data, descriptors, _, _ = socket.recv_fds(orders, 65536, 4)
        if not data:
            return
        sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        _fork_both(orders, sockets, Order.from_bytes(data), tools)
        for each in sockets:
            each.close()


def _fork_both(
    orders: socket.socket, sockets: list[socket.socket], order: Order, tools: Tools
) -> None:
    """Fork the two processes of a submission, each with its own sockets only."""
    tasks, judge_student, student, status = sockets
    _fork(lambda: _judge(tasks, judge_student, [orders, student, status], order))
    _fork(lambda: _guard(student, status, [orders, tasks, judge_student], order, tools))


def _fork(run: Callable[[], object]) -> int:
    """Run something in a fork; it never comes back from there."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            run()
            code = 0
        finally:
            os._exit(code)
    return pid


def _judge(
    tasks: socket.socket,
    student: socket.socket,
    others: list[socket.socket],
    order: Order,
) -> None:
    from rnncourse.grading.engine import judge

    for other in others:
        other.close()
    if order.walled:
        walls.leave_root()
    walls.limit_judge(order.limits)
    _draw_new_numbers()
    judge.serve(tasks, student, order.limits)


def _guard(
    student: socket.socket,
    status: socket.socket,
    others: list[socket.socket],
    order: Order,
    tools: Tools,
) -> None:
    """Start the student's process, watch it, and say how it ended."""
    for other in others:
        other.close()
    os.setsid()
    loaded = _resident(Path("/proc/self"))
    try:
        if order.walled:
            walls.inner_namespaces(order.slot)
        walls.die_with_parent()
        ready, theirs = socket.socketpair()
        pid = _fork(lambda: _student(student, order, theirs, [ready, status], tools))
        student.close()
        theirs.close()
        with ready:
            said = ready.recv(1000).decode()
        if said != _READY:
            raise walls.WallError(said or "the student's process did not start")
    except OSError as error:
        status.send(json.dumps({"ended": "not started", "fault": str(error)}).encode())
        return
    _watch(pid, status, order, loaded)


def _student(
    sock: socket.socket,
    order: Order,
    ready: socket.socket,
    others: list[socket.socket],
    tools: Tools,
) -> None:
    from rnncourse.grading.engine import student

    for other in others:
        other.close()
    try:
        _confine(order, tools)
    except OSError as error:
        ready.send(str(error).encode())
        return
    _draw_new_numbers()
    ready.send(_READY.encode())
    _close_all_but(sock.fileno())
    student.serve(sock, order.limits, tools.shell)


def _confine(order: Order, tools: Tools) -> None:
    """Put the inner wall around this process."""
    from rnncourse.grading.engine import student

    os.setsid()  # busy submissions share the processors fairly, and none holds up its guard
    if order.walled:
        walls.inner_files(order.limits)
        walls.be_the_first_to_go()
        student.start(walls.WORK)
    else:
        walls.die_with_parent()
        student.start(os.path.join(sys.argv[-1], str(order.slot)))
    walls.limit(order.limits)
    if order.walled:
        walls.give_up_privileges()
    if tools.refuse_calls is not None:
        tools.refuse_calls.load()


def _watch(pid: int, status: socket.socket, order: Order, loaded: int) -> None:
    """Wait for the student's end; kill it if it uses too much, or if nobody wants it any more."""
    descriptor = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.register(status, select.POLLIN | select.POLLHUP)
    memory = _Memory(pid, order.walled, loaded)
    ended = ""
    while True:
        events = dict(poll.poll(_LOOK * 1000))
        if descriptor in events:
            break
        if status.fileno() in events and not ended:
            _kill(pid, order.walled)
            ended = "stopped"
        if not ended and memory.is_above(order.limits.memory_bytes):
            _kill(pid, order.walled)
            ended = "memory"
    _, code, usage = os.wait4(pid, 0)
    _kill_rest(pid, order.walled)
    result = {
        "ended": ended or "exit",
        "code": os.waitstatus_to_exitcode(code),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "memory_bytes": memory.most,
    }
    with suppress(OSError):
        status.send(json.dumps(result).encode())


def _kill(pid: int, walled: bool) -> None:
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    _kill_rest(pid, walled)


def _kill_rest(pid: int, walled: bool) -> None:
    """Without walls, what the student's process started is only in its session's group."""
    if not walled:
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


class _Memory:
    """How much the student's processes hold beyond what the warm process had loaded."""

    def __init__(self, pid: int, walled: bool, loaded: int) -> None:
        self.most = 0
        self._pid = pid
        self._walled = walled
        self._loaded = loaded

    def is_above(self, most_bytes: int) -> bool:
        """Look once."""
        processes = self._processes()
        kernel = self._buffers() - self._loaded
        used = sum(map(_resident, processes)) + kernel
        if used > most_bytes and len(processes) > 1:
            # forks share pages: count each only once
            used = sum(map(_proportional, processes)) + kernel
        self.most = max(self.most, used)
        return used > most_bytes

    def _buffers(self) -> int:
        """What the kernel may hold for them beside: the buffers of their sockets.

        No process shows these as its own, and many processes may have many sockets each.
        """
        if not self._walled:
            return 0
        try:
            used = Path(f"/proc/{_FIRST}/net/sockstat").read_text().split()[2]
        except (OSError, IndexError):
            return 0
        return int(used) * _SOCKET_BYTES

    def _processes(self) -> list[Path]:
        if not self._walled:
            return [Path("/proc", str(self._pid))]
        # the student has mounted a /proc that shows its own processes only
        return [path for path in Path("/proc").iterdir() if path.name.isdigit()]


def _resident(process: Path) -> int:
    pages = _pages(process)
    if pages == 0:  # the first thread may have ended, and the others hold the memory
        with suppress(OSError):
            pages = max(map(_pages, (process / "task").iterdir()), default=0)
    return pages * _PAGE


def _pages(process: Path) -> int:
    try:
        return int((process / "statm").read_bytes().split()[1])
    except (OSError, IndexError):
        return 0


def _proportional(process: Path) -> int:
    try:
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return _resident(process)  # a process can forbid to look closer


def _draw_new_numbers() -> None:
    """Forks would all draw the same numbers."""
    random.seed()
    sys.modules["numpy"].random.seed()


def _close_all_but(kept: int) -> None:
    os.closerange(3, kept)
    os.closerange(kept + 1, 65536)


if __name__ == "__main__":
    main(int(sys.argv[1]), "keras" in sys.argv, "walled" in sys.argv)
