"""Choose a name that is the same as another after normalisation of accents.

Must happen: the points of double, under a name of its own.
"""

STUDENT = "Ame\u0301lie"
EARNED = ("double",)
GRADED = None
