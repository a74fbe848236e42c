"""Raise SystemExit(0) from every function, in the hope that the judge leaves with success.

Must happen: no points.
"""

ANSWERS = {
    name: f"def {name}(*arguments):\n    raise SystemExit(0)"
    for name in ("double", "centre", "root", "dot", "count")
}
