"""Hand in a file of a terabyte that takes no space on the disk.

Must happen: no points, and a line that says so; it is not read.
"""

import os
from contextlib import suppress

GRADED = False
VERDICT = "larger"


def hand_in(folder, name, text):
    (folder / name).write_text(text)
    for size in (1 << 40, 1 << 32, 1 << 30):  # a file system may not allow the first
        with suppress(OSError):
            os.truncate(folder / name, size)
            return
