"""Speak the engine's own protocol: claim changes of arguments that are not there, or of all.

Must happen: no points.
"""

FIRST = """
import gc
import msgpack
found = [d for d in gc.get_objects() if type(d) is dict and set(d) == {"files", "run", "call"}]
tasks = found[0] if found else {}
def array(shape, content):
    return msgpack.packb(msgpack.ExtType(2, msgpack.packb(["<f8", shape, content, True])))
zeros = array([17], bytes(136))
def forged(message):
    reply = real(message)
    seen.append(message["function"])
    if seen.count("double") > 1:  # the first call is a visible test's
        reply = {"value": zeros, "changed": [[0, zeros], [-1, zeros], [0, msgpack.packb([])]]}
    return reply
seen = []
real = tasks.get("call")
tasks["call"] = forged
"""
