"""Leave with exit code 0 in the first cell, after printing full marks.

Must happen: no points.
"""

FIRST = """
import os, sys
print('{"score": 10, "max_score": 10}')
sys.stdout.flush()
os._exit(0)
"""
