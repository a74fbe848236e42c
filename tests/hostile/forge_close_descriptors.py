"""Close every open file and socket of its process, or point it elsewhere.

Must happen: no points; it is gone, and the run goes on.
"""

FIRST = """
import os
hole = os.open("/dev/null", os.O_RDWR)
for number in range(300):
    if number != hole:
        try:
            os.dup2(hole, number)
        except OSError:
            pass
os.closerange(0, 300)
"""
