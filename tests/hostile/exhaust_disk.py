"""Write files until the disk is full.

Must happen: no points; what it writes has a cap, and is gone afterwards.
"""

FIRST = """
import os
for number in range(10_000):
    for place in (".", "/tmp", "/var/tmp", os.path.expanduser("~")):
        try:
            with open(f"{place}/planted-<<token>>-{number}", "wb") as file:
                file.write(bytes(10_000_000))
        except OSError:
            pass
"""
