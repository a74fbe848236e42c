"""Hand in cells whose source is a number, a list of numbers, or missing.

Must happen: no points, and a clear line.
"""

import json

GRADED = None


def edit(notebook, cell):
    cell("double").source, cell("root").source, cell("dot").source = 7, [1, None], {"a": 1}
    del cell("count")["source"]
    return json.dumps(notebook)
