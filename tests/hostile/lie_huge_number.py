"""Return a whole number of ten million digits, whose text takes for ever.

Must happen: no points.
"""

ANSWERS = {
    "double": "def double(x):\n    return 1 << 40_000_000",
    "root": "def root(x):\n    return 1 << 40_000_000",
    "count": "def count(words):\n    return {1 << 4_000_000: 1 << 4_000_000}",
}
