"""Choose a name that is a pattern of the shell and of regular expressions.

Must happen: the points of double, and nobody else's.
"""

STUDENT = "[a-z]*_?(.+)"
EARNED = ("double",)
GRADED = None
