"""Return objects that say their numbers lie at address 1, with odd strides and shapes.

Must happen: no points; only its own process may fall over.
"""

FIRST = """
class Wild:
    __array_interface__ = {
        "shape": (3,), "typestr": "<f8", "data": (1, False), "strides": (1 << 40,), "version": 3,
    }
"""

ANSWERS = {
    "double": "def double(x):\n    return Wild()",
    "centre": """
def centre(x):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 20, 3), (1 << 30, 8))
""",
}
