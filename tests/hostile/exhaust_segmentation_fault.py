"""Read from address 0.

Must happen: the points of dot, which was tested before, and no others.
"""

EARNED = ("dot",)

ANSWERS = {"count": "def count(words):\n    import ctypes\n    return ctypes.string_at(0)"}
