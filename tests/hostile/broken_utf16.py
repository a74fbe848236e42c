"""Hand in the notebook in UTF-16, as some editors save it.

Must happen: no unearned points, and a clear line.
"""

import nbformat

GRADED = None


def edit(notebook, cell):
    return nbformat.writes(notebook).encode("utf-16")
