"""Return lists and tuples that give other items every time they are read.

Must happen: no points.
"""

FIRST = """
import random
class Shifty(list):
    __eq__ = lambda self, other: True
    __iter__ = lambda self: iter([random.random() for _ in range(random.randrange(9))])
    __len__ = lambda self: random.randrange(9)
    __getitem__ = lambda self, place: random.random()
class Pair(tuple):
    __iter__ = lambda self: iter(())
    __eq__ = lambda self, other: True
"""

ANSWERS = {
    "double": "def double(x):\n    return Shifty(x)",
    "centre": "def centre(x):\n    return Pair(x)",
}
