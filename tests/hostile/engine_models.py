"""Speak the engine's own protocol: models of Keras whose configuration holds code and files.

Must happen: no points; none of it runs outside the sandbox.
"""

FIRST = """
import gc, json
import msgpack
found = [d for d in gc.get_objects() if type(d) is dict and set(d) == {"files", "run", "call"}]
tasks = found[0] if found else {}
code = {"class_name": "Lambda", "module": "ker" "as.layers", "config": {"function": {
    "class_name": "__lambda__", "config": {"code": "4wAAAA==", "defaults": None}}}}
call = {"class_name": "function", "module": "os", "config": "system", "registered_name": "system"}
odd = [msgpack.packb(msgpack.ExtType(14, msgpack.packb([json.dumps(one), []])))
       for one in (code, call, {"class_name": "TFSMLayer", "config": {"filepath": "/"}}, 7)]
def forged(message):
    return {"value": odd.pop() if odd else b"", "changed": []}
calls = tasks["call"].__self__ if tasks else None
tasks["call"] = forged
"""
