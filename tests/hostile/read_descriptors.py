"""Read everything from every open file of its process, from the start.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
import os
for number in range(256):
    try:
        os.set_blocking(number, False)
        try:
            os.lseek(number, 0, 0)
        except OSError:
            pass
        print(number, os.read(number, 1_000_000))
        print(os.listdir(number))
    except OSError:
        pass
"""
