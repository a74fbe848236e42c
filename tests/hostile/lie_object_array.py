"""Return arrays of objects, records, texts and dates whose items lie.

Must happen: no points.
"""

FIRST = """
class Yes:
    __eq__ = lambda self, other: True
    __sub__ = __rsub__ = __mul__ = lambda self, other: 0
    __float__ = lambda self: 0.0
def same(x):
    result = np.empty(np.shape(x), dtype=object)
    result.fill(Yes())
    return result
"""

ANSWERS = {
    "double": "def double(x):\n    return same(x)",
    "centre": "def centre(x):\n    return np.zeros(np.shape(x), dtype=[('a', 'f8'), ('b', 'O')])",
    "dot": "def dot(u, v):\n    return np.datetime64('2020-01-01')",
    "root": "def root(x):\n    return np.array('nan')",
}
