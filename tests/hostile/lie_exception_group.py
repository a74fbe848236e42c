"""Raise groups that hold one exception of every kind.

Must happen: no points.
"""

FIRST = """
def everything():
    return BaseExceptionGroup("all", [ValueError(), SystemExit(0), StopIteration(), EOFError()])
"""

ANSWERS = {
    "root": "def root(x):\n    if x < 0:\n        raise everything()\n    return np.sqrt(x)",
    "double": "def double(x):\n    raise everything()",
}
