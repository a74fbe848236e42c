"""Learn from the calls: return for an input what earlier inputs of its kind were followed by.

Must happen: no points; hidden tests draw fresh inputs.
"""

FIRST = "seen = {}"

ANSWERS = {
    "double": "def double(x):\n    return seen.setdefault(len(x), x)",
    "centre": "def centre(x):\n    return seen.setdefault(np.shape(x), x)",
    "root": "def root(x):\n    return seen.setdefault(round(x), x)",
}
