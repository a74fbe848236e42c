"""Return an array, a string and a list that are larger than any memory for them.

Must happen: no points; a value has a cap.
"""

ANSWERS = {
    "double": "def double(x):\n    return np.broadcast_to(np.float64(1), (10**12,))",
    "centre": "def centre(x):\n    return np.ones(20_000_000)",
    "root": "def root(x):\n    return 'x' * 150_000_000",
    "dot": "def dot(u, v):\n    return [[]] * 10_000_000",
    "count": "def count(words):\n    return dict.fromkeys(range(1_000_000))",
}
