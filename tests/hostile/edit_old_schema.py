"""Claim the first schema of nbgrader's metadata, none at all, or one of the future.

Must happen: no points, and the batch goes on.
"""


def edit(notebook, cell):
    marked = [one for one in notebook.cells if "nbgrader" in one.metadata]
    for one, version in zip(marked, [1, 2, 99, None, "3", -1, 0.5] * 9, strict=False):
        one.metadata.nbgrader["schema_version"] = version
