"""Return strings of a subclass that equals any other string.

Must happen: no points.
"""

FIRST = """
class Word(str):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
    __len__ = lambda self: 5
"""

ANSWERS = {
    "count": "def count(words):\n    return {Word(w): 1 for w in words}",
    "root": "def root(x):\n    return Word('3')",
}
