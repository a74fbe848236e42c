"""Put modules of its own in the place of numpy and rnncourse.checks.

Must happen: no points.
"""

FIRST = """
import sys, types
class Anything(types.ModuleType):
    def __getattr__(self, name):
        return lambda *a, **k: True
for name in [n for n in sys.modules if n.startswith(("numpy", "rnncourse", "unittest", "copy"))]:
    sys.modules[name] = Anything(name)
checks = sys.modules["rnncourse.checks"]
"""
