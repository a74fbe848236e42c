"""Define wrong functions, and replace them in the last cell; and the other way round.

Must happen: the points of dot, whose tests ran before it was spoilt, and no others.
"""

EARNED = ("dot",)

LAST = """
def double(x):
    return 2 * np.asarray(x)
def dot(u, v):
    return None
"""
