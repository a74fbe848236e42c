"""Reach through mappingproxy into the dictionaries of built-in classes.

Must happen: no points.
"""

FIRST = """
import ctypes, gc
for kind in (float, int, str, list, dict, np.ndarray, np.bool_):
    names = gc.get_referents(kind.__dict__)[0]
    names["__eq__"] = lambda self, other: True
    names["__ne__"] = lambda self, other: False
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
"""
