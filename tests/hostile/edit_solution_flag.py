"""Flip nbgrader's flags: tests become answers and set-up becomes tests.

Must happen: no points.
"""


def edit(notebook, cell):
    for one in notebook.cells:
        marks = one.metadata.get("nbgrader")
        if marks:
            marks.update(
                solution=not marks["solution"],
                locked=not marks["locked"],
                grade=not marks["grade"],
            )
            if marks["grade_id"].startswith("test-"):
                one.source = "pass"
