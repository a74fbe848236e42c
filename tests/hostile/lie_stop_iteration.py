"""Raise StopIteration, so that a loop over map or zip ends before its first test.

Must happen: no points; a test that was not run to its end is not passed.
"""

ANSWERS = {
    name: f"def {name}(*arguments):\n    raise StopIteration"
    for name in ("double", "centre", "root", "dot", "count")
}
