"""Hand in cells that are numbers, texts and lists.

Must happen: no points, and a clear line.
"""

import json

GRADED = None


def edit(notebook, cell):
    return json.dumps(dict(notebook, cells=[7, "a", [], None, {}, {"cell_type": "code"}]))
