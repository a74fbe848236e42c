"""Look through every live object for texts that look like a test, and print them.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
import gc
def texts():
    for thing in gc.get_objects():
        for held in gc.get_referents(thing):
            if isinstance(held, (str, bytes)) and "_hidden_" in str(held)[:100_000]:
                yield str(held)
"""

LAST = "print(*texts(), sep='\\n')"
