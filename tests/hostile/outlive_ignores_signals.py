"""Leave a child that ignores every signal it can, and starts itself again.

Must happen: no points, and no process is left.
"""

FIRST = """
import os, signal, time
if os.fork() == 0:
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        if os.fork():
            os._exit(0)
        os.setsid()
        time.sleep(0.05)
"""
