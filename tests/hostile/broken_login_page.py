"""Hand in the login page of a learning platform, saved under the notebook's name.

Must happen: no points, and a line that says so.
"""

GRADED = False


def edit(notebook, cell):
    return "<!DOCTYPE html><html><body><form action='/login'><input name='user'></form></html>"
