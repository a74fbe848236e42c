"""Choose a student's name that a spreadsheet takes for a formula.

Must happen: the points of double; a table of marks shows text.
"""

STUDENT = "=cmd|' -C calc'!A0"
EARNED = ("double",)
GRADED = None
