"""Kill its parent, its group, and process 1.

Must happen: no points, and nobody else is killed.
"""

FIRST = """
import os, signal
for pid in (os.getppid(), 1):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except OSError:
            pass
os.killpg(0, signal.SIGKILL)
"""
