"""Return a dict that claims every key and equals every other dict.

Must happen: no points.
"""

FIRST = """
class Book(dict):
    __eq__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __missing__ = __getitem__ = lambda self, key: 1
    __iter__ = lambda self: iter(())
    __len__ = lambda self: 0
    keys = items = values = lambda self: ()
"""

ANSWERS = {"count": "def count(words):\n    return Book({w: 7 for w in words})"}
