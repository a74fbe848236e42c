"""Give every cell the same id, and hand in each test and answer three times.

Must happen: the points of double, which is right in each copy, and no others.
"""

EARNED = ("double",)


def edit(notebook, cell):
    notebook.cells = notebook.cells * 3
    for one in notebook.cells:
        one["id"] = "same"
