"""Choose a student's name that ends a statement of a database and begins another.

Must happen: the points of double; a name is a name.
"""

STUDENT = "x'); DROP TABLE grade; --"
EARNED = ("double",)
GRADED = None
