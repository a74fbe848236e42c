"""Hand in a file that nobody may read.

Must happen: no points, and a clear line.
"""

GRADED = None


def hand_in(folder, name, text):
    (folder / name).write_text(text)
    (folder / name).chmod(0)
