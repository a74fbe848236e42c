"""Take memory bit by bit, and keep it.

Must happen: no points; memory has a cap.
"""

FIRST = """
import time
kept = []
while True:
    kept.append(bytearray(b"x") * 5_000_000)
    time.sleep(0.002)
"""
