"""Choose a name that looks like another student's, with a letter of another alphabet.

Must happen: the points of double, and the other student keeps theirs.
"""

STUDENT = "\u0430_control"
EARNED = ("double",)
GRADED = None
