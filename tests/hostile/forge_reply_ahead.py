"""Answer each question of the judge before it is asked, from a thread, again and again.

Must happen: no points.
"""

FIRST = """
import os, threading, time
def answer():
    for _ in range(2000):
        for number in range(3, 64):
            try:
                os.write(number, b'{"value": [2.0, 4.0], "ok": true}\\n')
            except OSError:
                pass
        time.sleep(0.001)
threading.Thread(target=answer, daemon=True).start()
"""
