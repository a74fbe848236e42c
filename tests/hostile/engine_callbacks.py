"""Speak the engine's own protocol: ask the judge to call its functions, again and again.

Must happen: no points, within its time.
"""

FIRST = """
import gc
found = [d for d in gc.get_objects() if type(d) is dict and set(d) == {"files", "run", "call"}]
tasks = found[0] if found else {}
def forged(message):
    channel = calls._channel
    while True:
        for number in (0, -1, 10**9, "exit", None):
            channel.send({"callback": number, "args": [], "names": ["a"]})
            channel.receive()
calls = tasks["call"].__self__ if tasks else None
tasks["call"] = forged
"""
