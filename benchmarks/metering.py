"""What a command takes: wall time, processor time and memory, all that it starts included."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

#: The number of the system call perf_event_open.
_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}

#: How often to look at the journal, and at memory, in seconds.
_LOOK, _LOOK_AT_MEMORY = 0.05, 0.5

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Moment:
    """How far a run was at a time.

    Parameters
    ----------
    seconds
        Since its start.
    finished
        Submissions in the journal.
    memory_bytes
        Resident memory of the coordinator alone.
    """

    seconds: float
    finished: int
    memory_bytes: int


@dataclass(frozen=True)
class Measured:
    """What a run took.

    Parameters
    ----------
    submissions
        How many it graded.
    seconds
        Wall time of the whole command, its start included.
    cpu_seconds
        Processor time of it and of everything that it started; None if unknown.
    memory_bytes
        The most that all its processes together held at a time, shared pages counted once.
    moments
        One for each time that the journal had grown; empty if there is no journal.
    """

    submissions: int
    seconds: float
    cpu_seconds: float | None
    memory_bytes: int
    moments: tuple[Moment, ...] = field(default=(), repr=False)

    @property
    def per_minute(self) -> float:
        """Submissions a minute, the command's start included."""
        return 60 * self.submissions / self.seconds

    def between(self, first: int, last: int) -> float:
        """Seconds from one submission to another, counted from 1."""
        return self._at(last).seconds - self._at(first).seconds

    def memory_at(self, number: int) -> int:
        """The coordinator's resident memory when so many were finished."""
        return self._at(number).memory_bytes

    def _at(self, number: int) -> Moment:
        return next(moment for moment in self.moments if moment.finished >= number)


class ProcessorTime:
    """Counts the processor time of everything that this process starts from now on.

    The system's own sums leave out processes that nobody waits for, as the engine's are. So
    the kernel is asked to count all of them, as ``perf stat`` does.
    """

    def __init__(self) -> None:
        disabled, inherit = 0, 1 << 1
        # software event, size, task clock; see perf_event_open(2)
        attributes = struct.pack("IIQQQQQ", 1, 112, 1, 0, 0, 0, disabled | inherit)
        call = _PERF_EVENT_OPEN.get(platform.machine(), -1)
        library = ctypes.CDLL(None, use_errno=True)
        self._event = library.syscall(call, attributes.ljust(112, b"\0"), 0, -1, -1, 8)
        self._own = time.process_time()

    def seconds(self) -> float | None:
        """What was used so far; None if this machine does not let us count."""
        if self._event < 0:
            return None
        (nanoseconds,) = struct.unpack("Q", os.read(self._event, 8))
        return nanoseconds / 1e9 - (time.process_time() - self._own)


def measure(
    processor: ProcessorTime,
    command: list[str],
    folder: Path,
    submissions: int,
    journal: Path | None = None,
) -> Measured:
    """Run a command to its end.

    Parameters
    ----------
    processor
        The counter; made before any thread of this process.
    command, folder
        What to run, and where.
    submissions
        How many it grades.
    journal
        Where it writes a line for each, if it does.

    Raises
    ------
    RuntimeError
        If it fails: with the last lines that it wrote.
    """
    with measuring(processor, submissions) as found:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with _watching(process.pid, journal) as watch:
            said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} failed:\n{said[-3000:]}")
    return Measured(*found, watch.memory_bytes, tuple(watch.moments))  # type: ignore[call-arg]


@contextmanager
def measuring(processor: ProcessorTime, submissions: int) -> Iterator[list[int | float | None]]:
    """Measure a block: the list holds submissions, wall and processor seconds afterwards."""
    found: list[int | float | None] = [submissions]
    started, used = time.monotonic(), processor.seconds()
    yield found
    found.append(time.monotonic() - started)
    now = processor.seconds()
    found.append(None if used is None or now is None else now - used)


def environment() -> dict[str, str]:
    """What all commands are started with: byte code is kept, TensorFlow does not greet."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "TF_CPP_MIN_LOG_LEVEL": "3"}


class _Watch:
    """Looks at a run from outside."""

    def __init__(self, pid: int, journal: Path | None) -> None:
        self.moments: list[Moment] = []
        self.memory_bytes = 0
        self._pid, self._journal = pid, journal
        self._started = time.monotonic()
        self._lines = self._read = 0

    def run(self, end: threading.Event) -> None:
        """Look until the end."""
        looked = float("-inf")
        while not end.wait(_LOOK):
            self.look_at_journal()
            if time.monotonic() - looked > _LOOK_AT_MEMORY:
                looked = time.monotonic()
                self.memory_bytes = max(self.memory_bytes, _memory_of_tree(self._pid))

    def look_at_journal(self) -> None:
        """Write down how far it is, if it is further."""
        if self._journal is None or not self._journal.is_file():
            return
        with self._journal.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        self._lines += sum(bool(line.strip()) for line in whole.splitlines())
        finished = self._lines
        if not self.moments or finished > self.moments[-1].finished:
            # after its end, it has no memory
            memory = _resident(self._pid) or (self.moments[-1].memory_bytes if self.moments else 0)
            self.moments.append(Moment(time.monotonic() - self._started, finished, memory))


@contextmanager
def _watching(pid: int, journal: Path | None) -> Iterator[_Watch]:
    watch, end = _Watch(pid, journal), threading.Event()
    thread = threading.Thread(target=watch.run, args=(end,), daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        end.set()
        thread.join()
        watch.look_at_journal()


def _memory_of_tree(pid: int) -> int:
    children = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError):
            parent = int(path.read_text(errors="replace").rpartition(")")[2].split()[1])
            children[parent].append(int(path.parent.name))
    total, left = 0, [pid]
    while left:
        one = left.pop()
        total += _proportional(one)
        left += children[one]
    return total


def _proportional(pid: int) -> int:
    """Memory in bytes, of which pages that several processes share count in part."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(pid)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
