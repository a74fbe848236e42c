"""Hand in halves of characters, null characters and marks that turn the text around.

Must happen: no points, and the batch goes on.
"""

import json

GRADED = None


def edit(notebook, cell):
    cell("double").source = "# \udcff\ud800 \u202e\u2066 \x00\x1b[2J"
    cell("root").metadata["\ud800"] = "\udfff"
    return json.dumps(notebook)
