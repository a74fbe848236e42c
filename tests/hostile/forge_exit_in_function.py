"""Leave with exit code 0 when a test calls, and at exit for good measure.

Must happen: the points of dot, which was tested before, and no others.
"""

EARNED = ("dot",)

FIRST = """
import atexit, os
atexit.register(lambda: os._exit(0))
"""

ANSWERS = {"count": "def count(words):\n    os._exit(0)"}
