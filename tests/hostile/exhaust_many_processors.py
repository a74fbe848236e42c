"""Compute in a dozen processes at a time.

Must happen: no points; all of them end.
"""

FIRST = """
import os
for _ in range(12):
    if os.fork() == 0:
        while True:
            pass
while True:
    pass
"""
