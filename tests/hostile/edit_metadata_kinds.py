"""Put lists, numbers and texts where nbgrader's metadata should be.

Must happen: no points, and the batch goes on.
"""


def edit(notebook, cell):
    for one, odd in zip(notebook.cells, [[], 7, "nbgrader", None, {"a": {}}] * 9, strict=False):
        one.metadata["nbgrader"] = odd
    notebook.metadata = {"kernelspec": [], "language_info": 7, "widgets": "none"}
