"""Raise KeyboardInterrupt, in the hope that the whole run stops.

Must happen: no points, and the run goes on.
"""

ANSWERS = {
    name: f"def {name}(*arguments):\n    raise KeyboardInterrupt"
    for name in ("double", "centre", "root", "dot", "count")
}
