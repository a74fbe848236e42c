"""Hand in the first half of a notebook, as a broken upload leaves it.

Must happen: no points, and a line that says so.
"""

import nbformat

GRADED = False


def edit(notebook, cell):
    text = nbformat.writes(notebook)
    return text[: len(text) // 2]
