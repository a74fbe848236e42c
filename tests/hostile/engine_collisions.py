"""Speak the engine's own protocol: a dict whose keys all fall into one place of the table.

Must happen: no points, within its time.
"""

FIRST = """
import gc, struct
import msgpack
found = [d for d in gc.get_objects() if type(d) is dict and set(d) == {"files", "run", "call"}]
tasks = found[0] if found else {}
keys = [msgpack.packb(msgpack.ExtType(5, msgpack.packb([hex(n * (2**61 - 1))])))
        for n in range(1, 100_000)]
value = b"\\xdf" + struct.pack(">I", len(keys)) + b"".join(key + b"\\x01" for key in keys)
tasks["call"] = lambda message: {"value": value, "changed": []}
"""
