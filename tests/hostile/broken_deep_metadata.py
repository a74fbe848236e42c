"""Hand in a notebook whose metadata is five hundred levels deep.

Must happen: no points, and the batch goes on.
"""

import json

GRADED = None


def edit(notebook, cell):
    deep = '{"a":' * 500 + "1" + "}" * 500
    cell("double").metadata["deep"] = "@"
    return json.dumps(notebook).replace('"@"', deep)
