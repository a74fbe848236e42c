"""Hand in a second name of another student's file, by a hard link.

Must happen: the other student's file stays as it was.
"""

import os

GRADED = None
EARNED = None


def hand_in(folder, name, text):
    os.link(folder.parent.parent / "a_control" / "01_doubling" / name, folder / name)
