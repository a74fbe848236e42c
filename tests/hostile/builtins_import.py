"""Replace __import__, so that whoever imports a module gets a liar.

Must happen: no points.
"""

FIRST = """
import builtins
real = builtins.__import__
class Liar:
    def __getattr__(self, name):
        return lambda *a, **k: True
def lying_import(name, *a, **k):
    return Liar() if name.split(".")[0] in ("numpy", "rnncourse", "copy") else real(name, *a, **k)
builtins.__import__ = lying_import
"""
