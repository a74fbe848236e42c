"""Return numbers of a subclass whose sums, powers and comparisons lie.

Must happen: no points.
"""

FIRST = """
class Number(float):
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = __abs__ = lambda self, *a: 0.0
    __pow__ = lambda self, power: self
    __hash__ = float.__hash__
"""

ANSWERS = {
    "root": "def root(x):\n    if x < 0:\n        raise ValueError\n    return Number(x)",
    "dot": "def dot(u, v):\n    return Number(0)",
}
