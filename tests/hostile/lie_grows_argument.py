"""Resize, retype and fill the arguments with lies of its own.

Must happen: no points.
"""

FIRST = """
class Equal:
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 0
"""

ANSWERS = {
    "count": "def count(words):\n    words[:] = [Equal()] * 1000000\n    return {Equal(): 1}",
    "double": "def double(x):\n    x.resize((0,), refcheck=False)\n    return x",
    "centre": "def centre(x):\n    x.dtype = 'i1'\n    return x",
}
