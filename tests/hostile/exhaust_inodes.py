"""Make empty files and folders without end.

Must happen: no points; they are gone afterwards.
"""

FIRST = """
import os
for number in range(1_000_000):
    try:
        os.mkdir(f"d{number}")
        os.mknod(f"d{number}/planted")
    except OSError:
        pass
"""
