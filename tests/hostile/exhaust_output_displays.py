"""Show fifty thousand small displays, each an output of its own.

Must happen: no points; their number is cut.
"""

FIRST = """
from IPython.display import display
for number in range(50_000):
    display({"text/plain": str(number), "text/html": f"<b>{number}</b>"}, raw=True)
"""
