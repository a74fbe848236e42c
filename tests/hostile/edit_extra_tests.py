"""Add tests and open answers of its own, worth a hundred points each.

Must happen: no points; nbgrader knows no such cells.
"""


def edit(notebook, cell):
    for number in range(5):
        extra = dict(cell("test-double"), id=f"extra-{number}", source="pass")
        extra["metadata"] = {
            "nbgrader": {
                **cell("test-double").metadata.nbgrader,
                "grade_id": f"test-extra-{number}",
                "points": 100,
            }
        }
        notebook.cells.append(type(notebook)(extra))
