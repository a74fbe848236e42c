"""Choose a student's name that a command line takes for an option.

Must happen: the points of double; a name is a name.
"""

STUDENT = "--help"
EARNED = ("double",)
GRADED = None
