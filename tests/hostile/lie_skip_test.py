"""Raise what test frameworks take for "skip this test".

Must happen: no points.
"""

FIRST = """
import unittest
class Skipped(BaseException):
    pass
Skipped.__module__, Skipped.__qualname__ = "_pytest.outcomes", "Skipped"
"""

ANSWERS = {
    "double": "def double(x):\n    raise unittest.SkipTest",
    "centre": "def centre(x):\n    raise Skipped",
    "root": "def root(x):\n    raise unittest.SkipTest",
    "count": "def count(words):\n    raise Skipped",
}
