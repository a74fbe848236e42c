"""Make copy.deepcopy return the thing itself, so that no change of an argument is seen.

Must happen: no points.
"""

FIRST = """
import copy
copy.deepcopy = copy.copy = lambda thing, *a: thing
"""

ANSWERS = {
    "centre": """
def centre(x):
    x -= np.mean(x, axis=0)
    return x
"""
}
