"""Loop for ever in a cell of its own.

Must happen: no points; the cell is stopped.
"""

FIRST = "while True:\n    pass"
