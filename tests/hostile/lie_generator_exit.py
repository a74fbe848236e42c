"""Raise GeneratorExit, which ends a generator without a word.

Must happen: no points.
"""

ANSWERS = {
    name: f"def {name}(*arguments):\n    raise GeneratorExit"
    for name in ("double", "root", "dot", "count")
}
