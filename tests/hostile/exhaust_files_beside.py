"""Hand in fifty thousand bytes of names: many small files, and one of five megabytes.

Must happen: no points, or a clear line.
"""

FILES = {f"data/{number}.txt": "x" for number in range(300)} | {"big.bin": bytes(5_000_000)}

GRADED = None
