"""Hand in a folder that is a link to another student's.

Must happen: no points, and a line that says so; another's work is not marked twice.
"""

import os

GRADED = False


def hand_in(folder, name, text):
    folder.rmdir()
    os.symlink("../a_control/01_doubling", folder)
