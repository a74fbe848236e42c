"""Use ids that are no text, are too long, or lead out of the folder.

Must happen: no points.
"""

_IDS = [7, None, ["test-double"], "../../source", "x" * 100_000, "<b>", "test-double\n", ""]


def edit(notebook, cell):
    for one, odd in zip(notebook.cells, _IDS * 9, strict=False):
        one["id"] = odd
        if "nbgrader" in one.metadata:
            one.metadata.nbgrader.grade_id = odd
