"""Give the open answer a score, and say that a person has marked it.

Must happen: no points until a person gives them.
"""


def edit(notebook, cell):
    cell("why").source = "Because. Score: 1 / 1. ### BEGIN SOLUTION"
    cell("why").metadata.nbgrader.update(
        grade=False, needs_manual_grade=False, manual_score=1, points=1, locked=True
    )
