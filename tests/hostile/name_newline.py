"""Choose a student's name with line ends, tabs and signs that clear a terminal.

Must happen: the points of double or a clear line, which stays one line.
"""

STUDENT = "two\nlines\r\t\x1b[2J"
EARNED = ("double",)
GRADED = None
