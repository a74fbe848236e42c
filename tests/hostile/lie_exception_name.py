"""Raise an exception of its own that is merely called ValueError.

Must happen: no points; a name makes no ValueError.
"""

FIRST = """
class Odd(BaseException):
    pass
Odd.__name__ = Odd.__qualname__ = "ValueError"
Odd.__module__ = "builtins"
"""

ANSWERS = {
    "root": """
def root(x):
    if x < 0:
        raise Odd("negative")
    return np.sqrt(x)
"""
}
