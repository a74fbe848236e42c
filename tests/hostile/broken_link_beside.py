"""Put links to a secret file, to the course and to / beside the notebook.

Must happen: no points, and nothing behind them is read.
"""

import os

GRADED = None
FIRST = "print(open('secret').read(), open('course/gradebook.db', errors='replace').read())"


def hand_in(folder, name, text):
    (folder / name).write_text(text)
    os.symlink("../../../../secret.txt", folder / "secret")
    os.symlink("../../..", folder / "course")
    os.symlink("/", folder / "all")
