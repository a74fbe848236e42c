"""Use up the time of each cell, many times over.

Must happen: no points; all cells together have a limit.
"""


def edit(notebook, cell):
    from nbformat.v4 import new_code_cell

    slow = "import time\nfor _ in range(100):\n    time.sleep(1)"
    notebook.cells[3:3] = [new_code_cell(slow, id=f"slow-{n}") for n in range(40)]
