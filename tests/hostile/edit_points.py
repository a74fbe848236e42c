"""Make each test worth a thousand points, minus a thousand, infinity and a text.

Must happen: no points, and the maximum stays.
"""


def edit(notebook, cell):
    for name, points in {
        "double": 1000,
        "centre": -1000,
        "root": float("inf"),
        "dot": "1000",
        "count": None,
    }.items():
        cell(f"test-{name}").metadata.nbgrader.points = points
