"""Put a link to the graded source under the notebook's name.

Must happen: no points, and a line that says so.
"""

import os

GRADED = False
VERDICT = "link"


def hand_in(folder, name, text):
    os.symlink("../../../source/01_doubling/01_doubling.ipynb", folder / name)
