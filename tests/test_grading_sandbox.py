"""What can a submission see and do from within its sandbox, as root's and as anybody's?

Each test hands in a cell that looks around and prints what it found as JSON. As root, they run
again from a process of an ordinary user: the sandbox is built another way there.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rnncourse.course import find_root
from rnncourse.grading.running import run_notebook
from rnncourse.grading.task import Code, Limits, Task

pytestmark = pytest.mark.xdist_group("engine")

ROOT = find_root(Path(__file__).parent)
NOBODY = 65534

#: Runs lists of cells that come as lines, and says what they printed.
SERVER = """
import json, sys
from rnncourse.grading.running import run_notebook
from rnncourse.grading.task import Code, Limits, Task
for line in sys.stdin:
    cells = tuple(Code(n, cell, "student") for n, cell in enumerate(json.loads(line)))
    run = run_notebook(Task(cells), Limits(cell_seconds=15))
    print(json.dumps([run.ended, run.message, {n: c.outputs for n, c in run.cells.items()}]))
    sys.stdout.flush()
"""

#: What every cell that looks around may use.
TOOLS = '''
import ctypes, errno, glob, json, mmap, os, signal, socket, stat, subprocess, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
def tried(what):
    """The name of the error that it gives, or what came."""
    try:
        return what()
    except OSError as error:
        return errno.errorcode.get(error.errno, "OSError")
def called(name, *arguments):
    result = getattr(libc, name)(*arguments)
    return errno.errorcode[ctypes.get_errno()] if result < 0 else result
def show(**facts):
    print(json.dumps(facts))
'''

Look = Callable[[str], dict[str, Any]]


class Elsewhere:
    """A process of an ordinary user that runs cells."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-ec", self._script(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
        )

    @staticmethod
    def _script(folder: Path) -> str:
        """Shell lines that open the way to this Python for all, and then become nobody."""
        lines = []
        for number, place in enumerate({sys.base_prefix, sys.prefix, str(ROOT)}):
            kept = folder / str(number)
            kept.mkdir()
            closed = [p for p in reversed(Path(place).parents) if not p.stat().st_mode & 1]
            if closed:
                lines += [f"mount --bind '{place}' '{kept}'"]
                lines += [f"mount -t tmpfs -o mode=755 none '{closed[0]}'"]
                lines += [f"mkdir -p '{place}'", f"mount --bind '{kept}' '{place}'"]
        user = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups"
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        lines += [f"exec {user} env -i HOME=/tmp PATH='{path}' '{sys.executable}' -c '{SERVER}'"]
        return "\n".join(lines)

    def run(self, *cells: str) -> Any:
        """What the cells printed."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(cells) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline() or '["no answer", "", {}]')

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)


def run_here(*cells: str) -> Any:
    task = Task(tuple(Code(n, cell, "student") for n, cell in enumerate(cells)))
    run = run_notebook(task, Limits(cell_seconds=15))
    return [run.ended, run.message, {str(n): cell.outputs for n, cell in run.cells.items()}]


@pytest.fixture(scope="module", params=["this user", "an ordinary user"])
def run(request: Any, tmp_path_factory: Any) -> Iterator[Callable[..., Any]]:
    """Run cells as this user, and as root also as an ordinary one."""
    if request.param == "this user":
        yield run_here
        return
    if os.geteuid() != 0:
        pytest.skip("this is an ordinary user already")
    if not shutil.which("unshare") or not shutil.which("setpriv"):
        pytest.skip("util-linux is not installed")
    elsewhere = Elsewhere(tmp_path_factory.mktemp("kept"))
    yield elsewhere.run
    elsewhere.close()


@pytest.fixture(scope="module")
def look(run: Any) -> Look:
    """Run one cell with `TOOLS`; returns what it showed."""

    def look(source: str) -> dict[str, Any]:
        ended, message, cells = run(TOOLS + textwrap.dedent(source))
        assert ended == "finished", message
        outputs = cells["0"]
        assert [o["output_type"] for o in outputs] == ["stream"], outputs
        facts: dict[str, Any] = json.loads(outputs[0]["text"])
        return facts

    return look


def test_is_there_no_way_to_any_network(look: Look) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        facts = look(
            f"""
            def tcp(host, port): socket.create_connection((host, port), 2)
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
            show(
                local=tried(lambda: tcp("127.0.0.1", {port})),
                far=tried(lambda: tcp("192.0.2.1", 80)),
                name=isinstance(tried(lambda: socket.gethostbyname("example.org")), str),
                udp=tried(lambda: udp.sendto(b"x", ("192.0.2.1", 53))),
                raw=tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)),
                packet=tried(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
                interfaces=[name for _, name in socket.if_nameindex()],
                up=open("/proc/self/net/route").read().count("\\n"),
            )
            """
        )
    assert facts["local"] == facts["far"] == facts["udp"] == "ENETUNREACH"
    assert facts["raw"] == facts["packet"] == "EPERM"
    assert set(facts["interfaces"]) <= {"lo", "sit0", "tunl0", "ip6tnl0", "gre0", "erspan0"}
    assert facts["up"] <= 1  # its headings


def test_is_there_no_socket_to_meet_others_at(look: Look) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0course-{os.getpid()}")
        server.listen()
        facts = look(
            f"""
            abstract = socket.socket(socket.AF_UNIX)
            show(
                abstract=tried(lambda: abstract.connect("\\0course-{os.getpid()}")),
                known=open("/proc/self/net/unix").read().count("\\n"),
                x11=os.path.exists("/tmp/.X11-unix"),
                bus=os.path.exists("/run") or os.path.exists("/var/run"),
            )
            """
        )
    assert facts == {"abstract": "ECONNREFUSED", "known": 2, "x11": False, "bus": False}


def test_is_no_file_there_but_those_of_the_system_and_of_this_python(look: Look) -> None:
    facts = look(
        f"""
        seen = []
        for folder, folders, files in os.walk("/"):
            if folder == "/":
                folders[:] = [f for f in folders if f not in ("proc", "usr")]
            if folder in {[sys.prefix, sys.base_prefix, str(ROOT / "rnncourse")]!r}:
                folders[:] = []
                continue
            seen += [os.path.join(folder, name) for name in files]
        show(
            top=sorted(os.listdir("/")),
            seen=[f for f in seen if not f.startswith(("/dev/", "/etc/"))],
            etc=sorted(os.listdir("/etc")),
            checkout=sorted(os.listdir({str(ROOT)!r})),
            course=os.path.exists({str(ROOT / "solutions")!r}),
        )
        """
    )
    assert set(facts["etc"]) <= {"ld.so.cache", "alternatives", "fonts", "localtime"}
    quizzes = str(ROOT / "quizzes")
    assert [name for name in facts["seen"] if not name.startswith(quizzes)] == []
    assert set(facts["checkout"]) <= {".venv", "rnncourse", "quizzes"}
    assert not facts["course"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/etc/shadow", "/root/.ssh", "/home", "/sys", "/boot"]
)
def test_is_what_is_private_on_a_machine_not_there(look: Look, path: str) -> None:
    assert look(f"show(there=os.path.exists({path!r}))") == {"there": False}


def test_can_nothing_be_written_to_but_its_own_folder(look: Look) -> None:
    facts = look(
        """
        mine = ("/tmp", "/dev/shm", "/dev/pts", "/proc")
        found = []
        for folder, folders, files in os.walk("/"):
            inside = folder.startswith(mine)
            folders[:] = [f for f in folders if not inside and f not in ("share", "site-packages")]
            for name in [folder, *(os.path.join(folder, f) for f in files)]:
                if not inside and not stat.S_ISLNK(os.lstat(name).st_mode):
                    if os.access(name, os.W_OK): found.append(name)
        settings = []
        for folder, _, files in os.walk("/proc/sys"):
            for name in (os.path.join(folder, file) for file in files):
                if os.access(name, os.W_OK):
                    end = os.open(name, os.O_WRONLY)
                    if tried(lambda: os.write(end, b"9")) != "EPERM": settings.append(name)
        show(
            found=sorted(found),
            settings=settings,
            makes=tried(lambda: os.mkdir(sys.prefix + "/x")),
            python=tried(lambda: open(sys.executable, "r+")),
            package=tried(lambda: open(os.path.dirname(json.__file__) + "/x.py", "w")),
            nodes=tried(lambda: os.mknod("null", 0o600 | stat.S_IFCHR, os.makedev(1, 3))),
            core=tried(lambda: open("/proc/sys/kernel/core_pattern", "w")),
            trigger=tried(lambda: open("/proc/sysrq-trigger", "w")),
        )
        """
    )
    devices = {f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty")}
    assert set(facts["found"]) <= devices
    assert facts["settings"] == []
    assert {facts["makes"], facts["python"], facts["package"]} <= {"EROFS", "EACCES"}
    assert facts["nodes"] == "EPERM"
    assert facts["core"] in ("EACCES", "EROFS", "EPERM")
    assert facts["trigger"] in ("EACCES", "EROFS", "EPERM", "ENOENT")


def test_does_it_have_no_privilege_and_no_way_to_get_one(look: Look) -> None:
    facts = look(
        """
        lines = open("/proc/self/status").read().splitlines()
        status = dict(line.split(":\\t", 1) for line in lines
                      if ":\\t" in line)
        sudo = [p for p in glob.glob("/usr/bin/*") + glob.glob("/usr/lib/*/*")
                if os.path.isfile(p) and os.stat(p).st_mode & 0o6000]
        mounts = [line.split() for line in open("/proc/self/mounts")]
        show(
            capabilities=[status[k] for k in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
            no_new=status["NoNewPrivs"], filter=status["Seccomp"], traced=status["TracerPid"],
            ids=[os.getuid(), os.geteuid(), os.getgid(), os.getgroups()],
            setuid=tried(lambda: os.setuid(0)),
            hostname=socket.gethostname(),
            sudo=sudo[:3],
            passes=[m[1] for m in mounts if "nosuid" not in m[3].split(",")],
            processes=sorted(p for p in os.listdir("/proc") if p.isdigit()),
            environment=sorted(os.environ),
            limits=[open("/proc/self/limits").read().count(t) for t in ("Max core",)],
            descriptors=len(os.listdir("/proc/self/fd")),
        )
        """
    )
    assert set(facts["capabilities"]) == {"0000000000000000"}
    assert (facts["no_new"], facts["filter"], facts["traced"]) == ("1", "2", "0")
    assert facts["ids"][:3] == [1000, 1000, 1000]
    assert set(facts["ids"][3]) <= {65534}
    assert facts["setuid"] in ("EPERM", "EINVAL")
    assert facts["hostname"] == "sandbox"
    assert facts["passes"] == []
    assert facts["processes"] == ["1"]
    assert facts["descriptors"] <= 6
    assert not {"USER", "SSH_AUTH_SOCK", "PYTHONPATH", "COURSE"} & set(facts["environment"])


def test_does_an_environment_variable_of_ours_stay_outside(look: Look, monkeypatch: Any) -> None:
    facts = look("show(all=open('/proc/self/environ').read().split('\\0'))")
    names = {entry.split("=")[0] for entry in facts["all"] if entry}
    assert names <= {
        *("PATH", "HOME", "LANG", "MPLBACKEND", "NBGRADER_EXECUTION", "PWD"),
        *("TF_CPP_MIN_LOG_LEVEL", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    }


def test_are_dangerous_calls_of_the_system_refused(look: Look) -> None:
    facts = look(
        """
        NEW = dict(user=0x10000000, mount=0x20000, net=0x40000000, pid=0x20000000)
        buffer = ctypes.create_string_buffer(4096)
        def cloned(flags):
            return called("syscall", 56, flags | signal.SIGCHLD, 0, 0, 0, 0)
        show(
            unshared={k: called("unshare", v) for k, v in NEW.items()},
            cloned={k: cloned(v) for k, v in NEW.items()},
            traced=called("ptrace", 0, 0, 0, 0),
            mounted=called("mount", b"none", b"/tmp", b"tmpfs", 0, None),
            unmounted=called("umount2", b"/tmp", 2),
            root=called("chroot", b"/tmp"),
            host=called("sethostname", b"x", 1),
            clock=called("settimeofday", bytes(16), None),
            module=called("syscall", 313, 0, b"", 0),
            bpf=called("syscall", 321, 0, 0, 0),
            perf=called("syscall", 298, 0, 0, 0, 0, 0),
            ring=called("syscall", 425, 1, buffer),
            fault=called("syscall", 323, 0),
            key=called("syscall", 248, b"user", b"x", b"y", 1, -3),
            keyring=called("syscall", 250, 0, -3, 0),
            nice=called("setpriority", 0, 0, -5),
            realtime=called("sched_setscheduler", 0, 1, ctypes.byref(ctypes.c_int(1))),
            logs=called("klogctl", 3, buffer, 100),
            last=tried(lambda: os.write(os.open("/proc/self/oom_score_adj", 1), b"-1000")),
        )
        """
    )
    for name in ("unshared", "cloned"):
        assert set(facts[name].values()) <= {"EPERM", "ENOSPC", "EUSERS"}, name
    refused = {k: v for k, v in facts.items() if k not in ("unshared", "cloned")}
    assert set(refused.values()) <= {"EPERM", "EACCES", "ENOSYS"}, refused


def test_can_two_at_a_time_not_see_or_signal_each_other() -> None:
    """Here only this user: two at a time need two threads."""
    meet = TOOLS + textwrap.dedent(
        """
        name = "/tmp/met"
        open(name, "w").write("x"); open("/dev/shm/met", "w").write("x")
        server = socket.socket(socket.AF_UNIX); bound = tried(lambda: server.bind("\\0met"))
        child = subprocess.Popen(["sleep", "4"])
        end = time.time() + 3
        seen = set()
        while time.time() < end:
            seen |= {p for p in os.listdir("/proc") if p.isdigit()}
            for pid in range(2, 400):
                if pid != child.pid and tried(lambda: os.kill(pid, 0)) != "ESRCH": seen.add(pid)
            time.sleep(0.1)
        here = [n for n in os.listdir("/tmp") if not sys.prefix.startswith(f"/tmp/{n}/")]
        show(bound=bound, seen=len(seen), files=sorted(here),
             shm=os.listdir("/dev/shm"), alive=child.poll() is None)
        """
    )
    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(lambda _: run_here(meet), range(2)))
    for ended, _, cells in came:
        facts = json.loads(cells["0"][0]["text"])
        assert ended == "finished"
        assert facts == {
            "bound": None,
            "seen": 2,
            "files": ["met", "shm", "work"],
            "shm": ["met"],
            "alive": True,
        }


def test_is_nothing_of_one_submission_there_for_the_next(run: Any) -> None:
    leave = TOOLS + textwrap.dedent(
        """
        import builtins, numpy as np
        np.left = builtins.left = sys.left = "left"
        sys.modules["left"] = sys
        os.environ["LEFT"] = "left"
        for folder in ("/tmp", "/tmp/work", "/dev/shm"): open(folder + "/left", "w").write("left")
        open("numpy.py", "w").write("left = 1")
        socket.socket(socket.AF_UNIX).bind("\\0left")
        os.nice(5)
        if os.fork() == 0: time.sleep(60)
        """
    )
    find = TOOLS + textwrap.dedent(
        """
        import builtins, numpy as np
        show(
            files=[f for f in ("/tmp", "/tmp/work", "/dev/shm") for n in os.listdir(f)
                   if n not in ("shm", "work") and not sys.prefix.startswith(f"{f}/{n}/")],
            objects=[hasattr(o, "left") for o in (np, builtins, sys)],
            module="left" in sys.modules, variable="LEFT" in os.environ,
            socket="left" in open("/proc/self/net/unix").read(), nice=os.nice(0),
            processes=[p for p in os.listdir("/proc") if p.isdigit()],
            segments=len(open("/proc/sysvipc/shm").readlines()),
        )
        """
    )
    assert run(leave)[0] == "finished"
    facts = json.loads(run(find)[2]["0"][0]["text"])
    assert facts == {
        "files": [],
        "objects": [False] * 3,
        "module": False,
        "variable": False,
        "socket": False,
        "nice": 0,
        "processes": ["1"],
        "segments": 1,
    }


def test_do_many_busy_processes_of_one_not_slow_down_another() -> None:
    hog = "import os, time\nfor _ in range(60):\n    if os.fork() == 0:\n        while True: pass\n"
    work = "import time\nstart = time.perf_counter()\nfor _ in range(8_000_000): pass\n"
    work += "print(time.perf_counter() - start)"

    def seconds() -> float:
        return float(run_here(work)[2]["0"][0]["text"])

    alone = min(seconds() for _ in range(2))
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(run_here, hog + "time.sleep(5)")
        time.sleep(1)
        beside = min(seconds() for _ in range(2))
        busy.result()
    if Path("/proc/sys/kernel/sched_autogroup_enabled").read_text().strip() != "1":
        pytest.skip("this system does not share its processors by session")
    assert beside < 6 * alone
