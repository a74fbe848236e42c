"""Leave a child that is stopped, and one that is traced.

Must happen: no points, and no process is left.
"""

FIRST = """
import ctypes, os, signal
for trace in (False, True):
    if os.fork() == 0:
        if trace:
            ctypes.CDLL(None).ptrace(0, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
"""
