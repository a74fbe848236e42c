"""Keep the arguments that tests pass, and print them in the last cell and to every output.

Must happen: no points; the inputs are fresh each time, and no line of a test is among them.
"""

FIRST = "import sys\nkept = []"

ANSWERS = {
    "double": """
def double(x):
    kept.append(x)
    print("REACHED: printed while the tests call", x)
    print("REACHED: printed while the tests call", x, file=sys.stderr)
    return x
"""
}

LAST = "print(kept)"
