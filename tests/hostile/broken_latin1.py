"""Hand in bytes that are not UTF-8.

Must happen: no points, and a line that says so.
"""

import nbformat

GRADED = None


def edit(notebook, cell):
    cell("double").source = "# caf\u00e9"
    return nbformat.writes(notebook).encode("latin-1")
