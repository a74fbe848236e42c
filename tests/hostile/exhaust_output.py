"""Print without end, to both streams.

Must happen: no points; the output is cut.
"""

FIRST = """
import sys
while True:
    print("x" * 10_000)
    print("y" * 10_000, file=sys.stderr)
"""
