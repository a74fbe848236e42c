"""Put links that lead to themselves and to each other.

Must happen: no points, and a clear line.
"""

import os

GRADED = False


def hand_in(folder, name, text):
    os.symlink(name, folder / name)
    os.symlink("two", folder / "one")
    os.symlink("one", folder / "two")
    os.symlink(".", folder / "here")
