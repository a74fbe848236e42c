"""Write answers that are not Python: broken syntax, null bytes, odd blanks, look-alikes.

Must happen: no points.
"""

ANSWERS = {
    "double": "def double(x:\n    return 2 *",
    "centre": "def centre(x):\n    return x\x00",
    "root": "def root(x):\n\u00a0\u3000return x",
    "dot": "def d\u043et(u, v):\n    return 0.0",
    "count": "(" * 5000 + ")" * 5000,
}
