"""Change and delete the set-up cells, so that names in the tests mean something else.

Must happen: no points; the set-up is the chapter's own.
"""


def edit(notebook, cell):
    for one in notebook.cells:
        if "from rnncourse import checks" in one.source:
            one.source = "class checks:\n    close = equal = raises = unchanged = print"
