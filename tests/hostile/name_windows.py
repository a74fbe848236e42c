"""Choose a name that other systems keep for a device, with a dot and a blank at its end.

Must happen: the points of double or a clear line.
"""

STUDENT = "aux. "
EARNED = ("double",)
GRADED = None
