"""Raise an exception with a chain of causes without end.

Must happen: no points.
"""

ANSWERS = {
    "double": """
def double(x):
    last = ValueError("first")
    for number in range(200_000):
        following = ValueError(number)
        following.__cause__ = following.__context__ = last
        last = following
    raise last
""",
    "root": """
def root(x):
    ring, other = KeyError(1), KeyError(2)
    ring.__context__, other.__context__ = other, ring
    raise ring
""",
}
