"""Speak the engine's own protocol: errors without a kind, of every kind, with bases that are none.

Must happen: no points.
"""

FIRST = """
import gc
found = [d for d in gc.get_objects() if type(d) is dict and set(d) == {"files", "run", "call"}]
tasks = found[0] if found else {}
odd = [{"kind": "SystemExit", "bases": ["BaseException"], "text": "0"}, {"kind": 7, "bases": [[]]},
       {"kind": "StopIteration", "bases": ["StopIteration"], "text": ""}, {},
       {"kind": "eval", "bases": ["exec", "open"], "text": "1"}, {"kind": "Gone", "text": b"x"}]
def forged(message):
    return {"error": odd.pop() if odd else {"kind": "GeneratorExit", "bases": [], "text": ""}}
calls = tasks["call"].__self__ if tasks else None
tasks["call"] = forged
"""
