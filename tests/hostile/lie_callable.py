"""Return functions, classes, modules and types in place of values.

Must happen: no points.
"""

ANSWERS = {
    "double": "def double(x):\n    return double",
    "centre": "def centre(x):\n    return np",
    "root": "def root(x):\n    return float",
    "dot": "def dot(u, v):\n    return print",
    "count": "def count(words):\n    return type('dict', (dict,), {})",
}
