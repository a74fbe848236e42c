"""Hand in an honest notebook in format 3, which has worksheets.

Must happen: all points or a clear line; nothing in between.
"""

import nbformat

EARNED = ("double", "centre", "root", "dot", "count")
GRADED = None


def edit(notebook, cell):
    return nbformat.writes(notebook, version=3)
