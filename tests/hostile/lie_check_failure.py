"""Raise CheckFailure and AssertionError itself, with a message that claims full marks.

Must happen: no points.
"""

ANSWERS = {
    "double": "def double(x):\n    raise checks.CheckFailure('Passed: 2 of 2 points.')",
    "root": "def root(x):\n    raise AssertionError('')",
    "count": "def count(words):\n    raise checks.CheckFailure",
}
