"""Hand in nothing but an empty folder.

Must happen: no points, and a line that says so.
"""

GRADED = False
VERDICT = "missing|no notebook"


def hand_in(folder, name, text):
    pass
