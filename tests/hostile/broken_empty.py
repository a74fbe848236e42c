"""Hand in a file without a byte.

Must happen: no points, and a line that says so.
"""

GRADED = False


def edit(notebook, cell):
    return b""
