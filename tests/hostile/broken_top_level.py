"""Hand in a list where a notebook should be.

Must happen: no points, and a line that says so.
"""

GRADED = False


def edit(notebook, cell):
    return '[{"cells": []}, 7, "double"]'
