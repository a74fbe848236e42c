"""Stop every process that it may, with SIGSTOP.

Must happen: no points; it is killed, and nobody else stops.
"""

ANSWERS = {
    "double": """
def double(x):
    import os, signal
    os.kill(-1, signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)
"""
}
