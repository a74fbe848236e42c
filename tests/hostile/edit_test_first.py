"""Move every test in front of its function.

Must happen: no points; nothing is earned by the order.
"""


def edit(notebook, cell):
    tests = [one for one in notebook.cells if "checks." in one.source]
    notebook.cells = tests + [one for one in notebook.cells if one not in tests]
