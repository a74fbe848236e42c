"""Take memory in many children, each of which stays small.

Must happen: no points; the cap is for all together.
"""

FIRST = """
import os, time
for _ in range(30):
    if os.fork() == 0:
        kept = bytearray(b"x") * 60_000_000
        time.sleep(1000)
time.sleep(1000)
"""
