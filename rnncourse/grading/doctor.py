"""What protects this machine from what students hand in, tried out rather than looked up.

Each line of the report comes from code that ran in the sandbox as a submission does, and
tried to do what a submission must not be able to do.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rnncourse.grading.engine import walls
from rnncourse.grading.running import run_notebook, sandbox_fault
from rnncourse.grading.task import Code, Limits, Run, Task

if TYPE_CHECKING:
    from rich.table import Table

State = Literal["yes", "no", "partly"]

_MB = 1_000_000

#: Runs as a submission; prints as JSON what it could do.
_PROBE = """
import ctypes, json, os, pathlib, socket

def can(action):
    try:
        action()
    except Exception:
        return False
    return True

status = dict(
    line.split(":", 1) for line in open("/proc/self/status").read().splitlines()
)
libc = ctypes.CDLL(None)
print(json.dumps({
    "network": can(lambda: socket.create_connection(("192.0.2.1", 80), 0.2))
    or bool(socket.if_nameindex()[1:]),
    "files": can(lambda: open(CANARY).read()) or os.path.exists(FOLDER),
    "environment": dict(os.environ),
    "write": [p for p in WRITE if can(lambda: open(p + "/probe", "w"))],
    "processes": sorted(int(p.name) for p in pathlib.Path("/proc").iterdir() if p.name.isdigit()),
    "namespace": libc.unshare(0x10000000) == 0,
    "capabilities": int(status["CapEff"], 16) + int(status["CapBnd"], 16),
    "no_new_privileges": status["NoNewPrivs"].strip() == "1",
    "seccomp": status["Seccomp"].strip() == "2",
}))
"""

_FORKS = """
import os, time
made = 0
try:
    while made < 64:
        if os.fork() == 0:
            time.sleep(60)
        made += 1
except OSError:
    pass
print(made)
"""

_DISK = """
try:
    with open("/tmp/full", "wb") as file:
        for _ in range(64):
            file.write(bytes(1_000_000))
    print("all")
except OSError:
    print("stopped")
"""

_MEMORY = "held = bytearray(400_000_000)\nfor n in range(0, len(held), 4096): held[n] = 1"

_LOOP = "while True: pass"


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Parameters
    ----------
    what
        What is protected, in words.
    state
        Whether it is.
    detail
        How, or why not and what would mend it.
    """

    what: str
    state: State
    detail: str


@dataclass(frozen=True)
class Diagnosis:
    """What was found, in the order in which it was tried."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Tell whether it is safe to grade here."""
        return all(finding.state != "no" for finding in self.findings)

    def table(self) -> Table:
        """The report for a terminal."""
        from rich.markup import escape
        from rich.table import Table

        verdict = "It is safe to grade here." if self.ok else "It is not safe to grade here."
        table = Table(caption=verdict)
        for title in ("protected", "", "how, or what to mend"):
            table.add_column(title, overflow="fold")
        styles = {"yes": "green", "partly": "yellow", "no": "red"}
        for finding in self.findings:
            state = f"[{styles[finding.state]}]{finding.state}[/]"
            table.add_row(escape(finding.what), state, escape(finding.detail))
        return table


def examine() -> Diagnosis:
    """Try out what a submission could do here.

    Returns
    -------
    What was found; nothing is changed, and nothing is left behind.
    """
    return Diagnosis(tuple(_findings()))


def _findings() -> Iterator[Finding]:
    fault = sandbox_fault()
    if fault:
        yield Finding("the sandbox", "no", f"{fault.split(';')[0]}; {_mend(fault)}")
        return
    root = os.geteuid() == 0
    whom = "each submission has a user id of its own" if root else "one user id for all"
    yield Finding("the sandbox", "yes", f"{_version()}; Linux {platform.release()}; {whom}")
    yield from _walls()
    yield from _limits()


def _walls() -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="rnncourse-doctor-") as folder:
        canary = Path(folder, "secret")
        canary.write_text("secret")
        names = [str(Path.home()), sys.prefix, "/usr", "/etc", "/dev", "/"]
        # an empty /tmp of its own is what a submission may write to
        names = [name for name in names if name != "/tmp"]
        head = f"CANARY, FOLDER, WRITE = {str(canary)!r}, {folder!r}, {names!r}\n"
        run = _run(head + _PROBE)
    try:
        found = json.loads(_printed(run))
    except ValueError:
        yield Finding("the sandbox", "no", f"the probe did not run: {run.message or run.cells}")
        return

    def line(what: str, holds: bool, how: str, fault: str) -> Finding:
        return Finding(what, "yes" if holds else "no", how if holds else fault)

    yield line("the network", not found["network"], "there is none", "it can be reached")
    yield line(
        "files",
        not found["files"] and not found["write"],
        "only a read-only Python and an empty folder are there",
        f"others can be read or written: {', '.join(found['write']) or 'readable'}",
    )
    meant = walls.environment()
    ours = {name: value for name, value in os.environ.items() if meant.get(name) != value}
    seen = [name for name, value in found["environment"].items() if ours.get(name) == value]
    yield line("the environment", not seen, "none of its variables is there", ", ".join(seen))
    others = [process for process in found["processes"] if process != 1]
    yield line("other processes", not others, "none can be seen", f"{len(others)} can be seen")
    plain = not found["namespace"] and not found["capabilities"] and found["no_new_privileges"]
    yield line("privileges", plain, "none, and none can be gained", "some are left")
    if found["seccomp"]:
        yield Finding("the kernel", "yes", "system calls that no notebook needs are refused")
    else:
        mend = "install the Debian package libseccomp2 and Python's pyseccomp"
        yield Finding("the kernel", "partly", f"every system call is allowed; {mend}")


def _limits() -> Iterator[Finding]:
    yield _fair_shares()
    yield _limited(
        "processor time",
        _run(_LOOP, cell_seconds=0.5),
        lambda run: "CellTimeoutError" in str(run.cells),
        "a cell that does not end is interrupted",
    )
    yield _limited(
        "memory",
        _run(_MEMORY, memory_bytes=100 * _MB),
        lambda run: run.ended == "killed" or "MemoryError" in str(run.cells),
        "a submission that takes too much is ended",
    )
    yield _limited(
        "processes",
        _run(_FORKS, processes=16),
        lambda run: _printed(run).isdigit() and int(_printed(run)) < 16,
        "no more than the limit can be started",
    )
    yield _limited(
        "disk",
        _run(_DISK, disk_bytes=8 * _MB),
        lambda run: _printed(run) == "stopped",
        "no more than the limit can be written, and none of it stays",
    )


def _fair_shares() -> Finding:
    what = "the time of others"
    setting = Path("/proc/sys/kernel/sched_autogroup_enabled")
    if setting.is_file() and setting.read_text().strip() == "1":
        return Finding(what, "yes", "busy submissions share the processors fairly")
    return Finding(
        what,
        "partly",
        "one with many busy processes slows others down; set kernel.sched_autogroup_enabled to 1, "
        "or use fewer workers than cores",
    )


def _limited(what: str, run: Run, holds: Callable[[Run], bool], how: str) -> Finding:
    if holds(run):
        return Finding(what, "yes", how)
    return Finding(what, "no", f"the limit does not hold here ({run.ended}: {run.message})")


def _run(source: str, **limits: float) -> Run:
    return run_notebook(Task((Code(0, source, "student"),)), Limits(**limits))  # type: ignore[arg-type]


def _printed(run: Run) -> str:
    outputs = run.cells[0].outputs if 0 in run.cells else []
    return "".join(o["text"] for o in outputs if o.get("name") == "stdout").strip()


def _version() -> str:
    path = walls.bubblewrap()
    assert path is not None
    return subprocess.run([path, "--version"], capture_output=True, text=True).stdout.strip()


def _mend(fault: str) -> str:
    """What would let the sandbox be built."""
    if platform.system() != "Linux":
        return "use Linux, or a Linux container or virtual machine"
    if walls.bubblewrap() is None:
        return "install the Debian package bubblewrap"
    switches = {
        "kernel/unprivileged_userns_clone": "0",
        "user/max_user_namespaces": "0",
        "kernel/apparmor_restrict_unprivileged_userns": "1",
    }
    for name, closed in switches.items():
        path = Path("/proc/sys", name)
        if path.is_file() and path.read_text().strip() == closed:
            return f"the system setting {name.replace('/', '.')} is {closed}: change it"
    return "in a container, user namespaces must be allowed (Docker: --security-opt)"
