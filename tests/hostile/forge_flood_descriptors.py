"""Fill every open file and socket of its process with zeros until it blocks.

Must happen: no points, within its time.
"""

FIRST = """
import os
for number in range(1, 300):
    try:
        os.set_blocking(number, False)
        for _ in range(200):
            os.write(number, bytes(65536))
    except OSError:
        pass
"""
