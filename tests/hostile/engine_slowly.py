"""Speak the engine's own protocol: answer one byte at a time.

Must happen: no points, within its time.
"""

FIRST = """
import gc, time
found = [d for d in gc.get_objects() if type(d) is dict and set(d) == {"files", "run", "call"}]
tasks = found[0] if found else {}
def forged(message):
    line = calls._channel._sock
    line.sendall(b"\\x00" * 5 + b"\\x01\\x00\\x00")
    while True:
        line.sendall(b"\\x81")
        time.sleep(0.2)
calls = tasks["call"].__self__ if tasks else None
tasks["call"] = forged
"""
