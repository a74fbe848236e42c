"""Stop its own process with SIGSTOP, so that it neither works nor ends.

Must happen: no points; it is killed.
"""

FIRST = "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"
