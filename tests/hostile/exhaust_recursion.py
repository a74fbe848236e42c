"""Call itself without end, with the guard taken off.

Must happen: no points; at most its own process falls over.
"""

FIRST = """
import sys
sys.setrecursionlimit(10**9)
class Deep:
    __repr__ = __getattr__ = lambda self, *a: repr(self)
"""

ANSWERS = {"double": "def double(x):\n    return double(x)"}

LAST = "Deep()"
