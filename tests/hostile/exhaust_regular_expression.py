"""Match an expression that takes until the end of the world.

Must happen: no points; it is stopped.
"""

ANSWERS = {
    "count": "def count(words):\n    import re\n    return re.match('(a+)+$', 'a' * 60 + 'b')"
}
