"""Set the argument to zero, so that what is computed from it afterwards is zero as well.

Must happen: no points; the tests keep their own copy of what they pass.
"""

ANSWERS = {
    "double": "def double(x):\n    x[:] = 0\n    return x",
    "centre": "def centre(x):\n    x[:] = 0\n    return x",
    "dot": "def dot(u, v):\n    u[:] = 0\n    v[:] = 0\n    return 0.0",
    "count": "def count(words):\n    words.clear()\n    return {}",
}
