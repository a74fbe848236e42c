"""Choose a name as long as the file system takes.

Must happen: the points of double or a clear line.
"""

STUDENT = "n" * 255
EARNED = ("double",)
GRADED = None
