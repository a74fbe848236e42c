"""Hand in a notebook of a format that does not exist yet.

Must happen: no unearned points, and a clear line.
"""

import json

GRADED = None


def edit(notebook, cell):
    return json.dumps(dict(notebook, nbformat=5, nbformat_minor=99))
