"""Ask for a terabyte, then for what there is.

Must happen: no points; memory has a cap.
"""

ANSWERS = {
    "double": "def double(x):\n    return bytearray(10**12)",
    "centre": "def centre(x):\n    kept = bytearray(b'x') * (4 << 30)\n    return x",
}
