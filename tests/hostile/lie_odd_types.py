"""Return values of rare types: bytes, sets, complex, ranges, slices, Ellipsis, memory.

Must happen: no points.
"""

ANSWERS = {
    "double": "def double(x):\n    return memoryview(bytearray(24))",
    "centre": "def centre(x):\n    return np.asarray(x, dtype=np.clongdouble) * 1j",
    "root": "def root(x):\n    return complex(x, 1)",
    "dot": "def dot(u, v):\n    return slice(None)",
    "count": "def count(words):\n    return {(1, ...): {frozenset(words)}, b'x': range(10**18)}",
}
