"""Raise an honest subclass of ValueError, which a test for ValueError must accept.

Must happen: the points of root, and no others.
"""

EARNED = ("root",)

FIRST = """
class Negative(ValueError):
    pass
"""

ANSWERS = {
    "root": """
def root(x):
    if x < 0:
        raise Negative(f"{x} is negative")
    return np.sqrt(x)
"""
}
