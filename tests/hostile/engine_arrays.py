"""Speak the engine's own protocol: arrays of odd types, with shapes that their bytes do not fill.

Must happen: no points; what is no value ends the run of this submission only.
"""

FIRST = """
import gc
import msgpack
found = [d for d in gc.get_objects() if type(d) is dict and set(d) == {"files", "run", "call"}]
tasks = found[0] if found else {}
def array(dtype, shape, content):
    return msgpack.packb(msgpack.ExtType(2, msgpack.packb([dtype, shape, content, True])))
odd = [array("O8", [1], bytes(8)), array("<f8", [-1], b""), array("<f8", [2**39] * 3, b""),
       array("V8", [1], bytes(8)), array("O", [2], [None, 1]), array("<f8", ["3"], bytes(24))]
def forged(message):
    return {"value": odd.pop() if odd else array("<f8", [0], b""), "changed": []}
calls = tasks["call"].__self__ if tasks else None
tasks["call"] = forged
"""
