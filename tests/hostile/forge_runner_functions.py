"""Replace every function of the program that runs it by one that reports success.

Must happen: no points.
"""

FIRST = """
import sys
def success(*a, **k):
    return 1.0
for name, module in list(sys.modules.items()):
    if name == "__main__" or name.startswith(("rnncourse", "nbgrader", "nbclient", "jupyter")):
        for key, value in list(vars(module).items()):
            if callable(value) and not key.startswith("__"):
                try:
                    value.__code__ = success.__code__
                except (AttributeError, TypeError, ValueError):
                    pass
"""
