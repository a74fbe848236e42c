"""Return NaN, infinities and negative zero where comparisons might let them pass.

Must happen: no points.
"""

ANSWERS = {
    "double": "def double(x):\n    return np.full(np.shape(x), np.nan)",
    "centre": "def centre(x):\n    return np.full(np.shape(x), np.inf)",
    "root": "def root(x):\n    return float('nan')",
    "dot": "def dot(u, v):\n    return -0.0 * float('inf')",
    "count": "def count(words):\n    return {float('nan'): float('nan')}",
}
