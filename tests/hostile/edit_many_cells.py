"""Hand in a notebook of sixteen hundred more cells.

Must happen: the points of double and count, in between, and no others.
"""

EARNED = ("double", "count")


def edit(notebook, cell):
    from nbformat.v4 import new_code_cell

    notebook.cells[3:3] = [new_code_cell(str(n), id=f"n-{n}") for n in range(800)]
    notebook.cells += [new_code_cell(str(n), id=f"m-{n}") for n in range(800)]
