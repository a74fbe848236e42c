"""Hand in JSON that is a hundred thousand brackets deep.

Must happen: no points, and a line that says so.
"""

GRADED = False


def edit(notebook, cell):
    return "[" * 100_000 + "]" * 100_000
