"""Hand in numbers that JSON does not know or that have a hundred thousand digits.

Must happen: no points, and a clear line.
"""

import json

GRADED = None


def edit(notebook, cell):
    for name, odd in {
        "double": "9" * 100_000,
        "root": "NaN",
        "dot": "-Infinity",
        "count": "1e999",
    }.items():
        cell(name).metadata["odd"] = f"@{odd}@"
    return json.dumps(notebook).replace('"@', "").replace('@"', "")
