"""Start threads without end.

Must happen: no points; their number has a cap.
"""

FIRST = """
import threading, time
while True:
    try:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    except RuntimeError:
        pass
"""
