"""Delete every test cell.

Must happen: no points; they are put back.
"""

VERDICT = "put back"


def edit(notebook, cell):
    notebook.cells = [
        one
        for one in notebook.cells
        if not one.metadata.get("nbgrader", {}).get("grade_id", "").startswith("test-")
    ]
