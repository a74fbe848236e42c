"""Start children that end at once, and never ask how they ended.

Must happen: no points.
"""

FIRST = """
import os
while True:
    try:
        if os.fork() == 0:
            os._exit(0)
    except OSError:
        pass
"""
