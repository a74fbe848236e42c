"""Tag every test as a demonstration, as set-up, and as to be skipped.

Must happen: no points; the tests run.
"""


def edit(notebook, cell):
    for one in notebook.cells:
        one.metadata["tags"] = ["demonstration", "skip-execution", "setup", "raises-exception", 7]
        one.metadata["deletable"] = one.metadata["editable"] = "maybe"
