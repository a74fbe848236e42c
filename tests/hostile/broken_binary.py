"""Hand in random bytes.

Must happen: no points, and a line that says so.
"""

import random

GRADED = False


def edit(notebook, cell):
    return random.Random(0).randbytes(10_000)
