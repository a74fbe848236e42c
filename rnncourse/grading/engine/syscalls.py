"""System calls that no notebook needs, and that would get around a limit or at the kernel.

Memory is counted by what processes have mapped. Files that live in memory alone, and memory
that is shared without a file, can be filled and then no longer be mapped, so neither may be
made. The rest of the list is what container runtimes refuse, too.
"""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from typing import Any

_MAP_SHARED_ANONYMOUS = 0x01 | 0x20

REFUSED = (
    # memory that nobody counts
    *("memfd_create", "memfd_secret", "shmget", "shmat", "semget", "msgget", "mq_open"),
    *("vmsplice", "remap_file_pages"),
    # other processes
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"),
    # every session has a fair share of the processors: nobody gets more than one
    "setsid",
    # new walls, and doors in old ones
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree"),
    *("fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"),
    *("name_to_handle_at", "open_by_handle_at"),
    # keys, which others could read
    *("add_key", "request_key", "keyctl"),
    # wide doors into the kernel
    *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter"),
    *("io_uring_register", "kexec_load", "kexec_file_load", "init_module", "finit_module"),
    *("delete_module", "swapon", "swapoff", "reboot", "acct", "quotactl", "syslog"),
    *("personality", "vhangup", "ioperm", "iopl", "modify_ldt", "lookup_dcookie"),
)


def make_filter() -> Any:
    """Make the filter; None where libseccomp is not installed.

    It is made once, by the warm process, and loaded by each student's process.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError):
        return None
    refuse = pyseccomp.ERRNO(errno.EPERM)
    made = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED:
        with suppress(OSError, ValueError):  # an older system does not know it
            made.add_rule(refuse, name)
    flags = pyseccomp.Arg(3, pyseccomp.MASKED_EQ, _MAP_SHARED_ANONYMOUS, _MAP_SHARED_ANONYMOUS)
    made.add_rule(refuse, "mmap", flags)
    level = pyseccomp.Arg(1, pyseccomp.EQ, socket.SOL_SOCKET)
    option = pyseccomp.Arg(2, pyseccomp.EQ, socket.SO_SNDBUF)
    made.add_rule(refuse, "setsockopt", level, option)
    return made
