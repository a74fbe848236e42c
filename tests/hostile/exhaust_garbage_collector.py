"""Make objects whose finalisers make more of them, and that fight against the end.

Must happen: no points.
"""

FIRST = """
import atexit, threading, time, weakref
class Phoenix:
    def __del__(self):
        Phoenix()
        time.sleep(0.01)
Phoenix()
atexit.register(time.sleep, 1000)
threading.Thread(target=time.sleep, args=(1000,)).start()
"""
