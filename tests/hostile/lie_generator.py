"""Return generators and iterators in place of values.

Must happen: no points.
"""

ANSWERS = {
    "double": "def double(x):\n    yield from x",
    "centre": "def centre(x):\n    return iter(x)",
    "dot": "def dot(u, v):\n    return (0.0 for _ in iter(int, 1))",
    "count": "def count(words):\n    return map(str, words)",
}
