"""Exchange the ids of tests and of answers, so that an easy one counts for another.

Must happen: the points of double, which is right; each exercise has its own tests.
"""

EARNED = ("double",)


def edit(notebook, cell):
    names = ["double", "centre", "root", "dot", "count"]
    cells = [cell(f"test-{name}") for name in names]
    for one, name in zip(cells, names[1:] + names[:1], strict=True):
        one.metadata.nbgrader.grade_id = f"test-{name}"
    cell("double").metadata.nbgrader.grade_id = "spare"
