"""The two walls around what students hand in, and the limits behind them.

The outer wall is bubblewrap. It stands around the warm process and hides from it, and from all
that it forks, the network, other processes, the environment and every file but a read-only
Python. The inner wall stands around each student: namespaces, a user id and an empty folder of
its own, no privileges, and limits. It keeps submissions from each other and from the judge.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from rnncourse.grading.task import Limits

#: Where a student's process works; nothing else can be written to.
WORK = "/tmp/work"

#: As root, a student of slot n runs under this user id plus n.
FIRST_UID = 700_000

#: Address space beyond the memory limit: libraries reserve more than they use.
_RESERVE = 4 * 1024**3

_PACKAGE = Path(__file__).resolve().parents[2]

# from linux/sched.h, linux/mount.h, linux/prctl.h, linux/capability.h
_NEW_NS, _NEW_UTS, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_MOVE = 2, 4, 8, 4096, 8192
_MS_REC, _MS_PRIVATE = 16384, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_CAPABILITY_VERSION, _CAP_SETGID, _CAP_SETUID = 0x20080522, 6, 7
_KEYCTL = {"x86_64": 250, "aarch64": 219}
_JOIN_SESSION_KEYRING = 1

_libc = ctypes.CDLL(None, use_errno=True)


class WallError(OSError):
    """The system does not let us build a wall."""


def bubblewrap() -> str | None:
    """The path of bubblewrap, if it is installed."""
    return shutil.which("bwrap", path=os.environ.get("PATH", "") + ":/usr/bin:/bin")


def outer_wall(command: list[str]) -> list[str]:
    """Put bubblewrap around a command of this Python.

    Parameters
    ----------
    command
        The arguments of Python, such as ``["-c", "..."]``.

    Returns
    -------
    What to run instead.

    Raises
    ------
    WallError
        If bubblewrap is not installed.
    """
    bwrap = bubblewrap()
    if bwrap is None:
        raise WallError("bubblewrap is not installed")
    # as the first of its process namespace, so that all that it forks ends when it does
    options = [bwrap, "--unshare-pid", "--as-pid-1"]
    options += ["--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--hostname", "sandbox", "--new-session", "--clearenv"]
    if os.geteuid() == 0:
        # a user id for each student; and a /proc, see `finish_outer_wall`
        kept = ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN")
        options += ["--cap-drop", "ALL", *(part for cap in kept for part in ("--cap-add", cap))]
    else:
        options += ["--unshare-user"]
    for name, value in environment().items():
        options += ["--setenv", name, value]
    options += ["--perms", "0755", "--tmpfs", "/"]
    for system in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        if os.path.islink(system):
            options += ["--symlink", os.readlink(system), system]
        elif os.path.isdir(system):
            options += ["--ro-bind", system, system]
    options += ["--perms", "0755", "--dir", "/etc"]
    for name in ("ld.so.cache", "alternatives", "fonts", "localtime"):
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    options += ["--dir", "/proc"] if os.geteuid() == 0 else ["--proc", "/proc"]
    options += ["--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]
    for place in _python():
        for parent in reversed(Path(place).parents[:-1]):  # which all may pass, but not look at
            options += ["--perms", "0755", "--dir", str(parent)]
        options += ["--ro-bind", place, place]
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
    return [*options, sys.executable, *command]


def finish_outer_wall() -> None:
    """As root, mount /proc and give up the right to mount anything.

    Where bubblewrap mounts it for root, it covers parts of it, and then the system does not
    let a student's process have one of its own.
    """
    if os.getuid() == 0:
        _mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
        _keep_capabilities(_CAP_SETUID, _CAP_SETGID)


def leave_root() -> None:
    """Go on as an ordinary user, if this process is root's."""
    if os.getuid() == 0:
        _become(FIRST_UID - 1)


def environment() -> dict[str, str]:
    """The only environment variables that a student's process has."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": WORK,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NBGRADER_EXECUTION": "autograde",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # as many submissions as cores run at a time
        **dict.fromkeys(
            (
                *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
                *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
            ),
            "1",
        ),
    }


def inner_namespaces(slot: int) -> None:
    """Move this process, and what it forks, into namespaces of its own.

    The next process that it forks is the first of a process namespace: when that one ends,
    so does everything that it started.

    Raises
    ------
    WallError
        If the system does not allow it.
    """
    if os.getuid() == 0:
        _become(FIRST_UID + slot)
    user, group = os.getuid(), os.getgid()
    flags = _NEW_USER | _NEW_NS | _NEW_PID | _NEW_NET | _NEW_IPC | _NEW_UTS
    _check(_libc.unshare(flags), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {user} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {group} 1")


def inner_files(limits: Limits) -> None:
    """Give the first process of the namespaces an empty folder, and take away the rest."""
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    _mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    size = f"size={limits.disk_bytes},nr_inodes=20000,mode=0700"
    _mount("tmpfs", "/dev/shm", "tmpfs", _MS_NOSUID | _MS_NODEV, size)
    for place in _python():
        if place.startswith("/tmp/"):  # somebody's checkout, which the new /tmp would cover
            os.makedirs(f"/dev/shm{place[4:]}")
            _mount(place, f"/dev/shm{place[4:]}", None, _MS_BIND | _MS_REC)
    _mount("/dev/shm", "/tmp", None, _MS_MOVE)
    os.mkdir("/tmp/shm", 0o700)
    _mount("/tmp/shm", "/dev/shm", None, _MS_BIND)
    # a mapping of zero would be memory that nobody counts; full reads the same
    _mount("/dev/full", "/dev/zero", None, _MS_BIND)
    # or one submission could use up the terminals of all, which commands need
    terminals = "newinstance,ptmxmode=0666,mode=620,max=16"
    _mount("devpts", "/dev/pts", "devpts", _MS_NOSUID | _MS_NOEXEC, terminals)
    # memory that no process shows as its own
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    with suppress(OSError):  # only newer systems allow it
        Path("/proc/sys/kernel/shmall").write_text("4096")


def give_up_privileges() -> None:
    """Keep nothing that an ordinary process does not have, now and after any exec."""
    _keep_capabilities()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    # keys that another submission left would be here otherwise
    keyctl = _KEYCTL.get(os.uname().machine)
    if keyctl is not None:
        _libc.syscall(keyctl, _JOIN_SESSION_KEYRING, None)


def limit(limits: Limits) -> None:
    """Set what a student's process, and each that it starts, may use."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    space = mapped + limits.memory_bytes + _RESERVE
    seconds = max(int(limits.notebook_seconds) + 1, 1)
    for what, most in (
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.disk_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def limit_judge(limits: Limits) -> None:
    """Set how much memory the judge may take: what a student's process sends may be built up."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            most = int(line.split()[1]) * 1024 + limits.memory_bytes + 16 * limits.value_bytes
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def be_the_first_to_go() -> None:
    """Ask the system to end this process before any other when memory runs out."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def die_with_parent() -> None:
    """End this process when the one that forked it ends."""
    _prctl(_PR_SET_PDEATHSIG, 9)


def _python() -> list[str]:
    """The folders that this Python and the course's package need; none within another."""
    quizzes = _PACKAGE.parent / "quizzes"
    wanted = [sys.prefix, sys.base_prefix, str(_PACKAGE), *([str(quizzes)] * quizzes.is_dir())]
    # an environment may have its interpreter elsewhere
    wanted.append(str(Path(sys.executable).resolve().parent.parent))
    found: list[str] = []
    for place in sorted(set(map(os.path.realpath, wanted)) | set(wanted)):
        covered = [*found, "/usr"]
        if not any(place == outer or place.startswith(f"{outer}/") for outer in covered):
            found.append(place)
    return found


def _become(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _prctl(_PR_SET_DUMPABLE, 1)  # or what is ours in /proc belongs to root


def _keep_capabilities(*kept: int) -> None:
    for capability in range(64):
        if capability not in kept:
            _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # those that exist
    mask = sum(1 << capability for capability in kept)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    # effective, permitted, inheritable; then the same for those above 31
    sets = (ctypes.c_uint32 * 6)(mask, mask, 0, 0, 0, 0)
    _check(_libc.capset(header, sets), "capset")


def _prctl(option: int, value: int) -> None:
    _check(_libc.prctl(option, value, 0, 0, 0), "prctl")


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: Any = None) -> None:
    texts = [text.encode() if text is not None else None for text in (source, target, kind)]
    options = data.encode() if data is not None else None
    _check(_libc.mount(*texts, ctypes.c_ulong(flags), options), f"mount {target}")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise WallError(number, f"{what}: {os.strerror(number)}")
