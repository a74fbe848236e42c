"""Loop for ever, ignore every signal, and swallow every exception.

Must happen: no points; it is killed.
"""

FIRST = """
import signal, time
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True:
            time.sleep(0.01)
    except BaseException:
        pass
"""
