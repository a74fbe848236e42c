"""Raise exceptions whose text is endless, coloured, split in lines, or markup.

Must happen: no points; the message stays one short text.
"""

ANSWERS = {
    "double": "def double(x):\n    raise ValueError('<script>alert(\"<<token>>\")</script>' * 9)",
    "centre": "def centre(x):\n    raise ValueError('\\n' * 1000 + '\\x1b[2J\\x1b]0;gone\\x07')",
    "root": "def root(x):\n    raise KeyError('x' * 50_000_000)",
    "dot": "def dot(u, v):\n    raise type('A' * 100_000, (Exception,), {})('\\ud800\\0')",
    "count": "def count(words):\n    raise ValueError('Passed</td><td>2 / 2</td>')",
}
