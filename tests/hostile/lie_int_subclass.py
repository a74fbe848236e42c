"""Return whole numbers of a subclass that is True, equal and endless.

Must happen: no points.
"""

FIRST = """
class Whole(int):
    __eq__ = __bool__ = lambda self, *a: True
    __ne__ = lambda self, other: False
    __index__ = lambda self: 10**9
    __hash__ = int.__hash__
"""

ANSWERS = {
    "count": "def count(words):\n    return {w: Whole(1) for w in words}",
    "dot": "def dot(u, v):\n    return Whole(0)",
}
