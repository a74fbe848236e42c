"""List and read all that lies above its own folder.

Must happen: no points; there is nothing of ours.
"""

FIRST = """
import glob, os
place = ".."
for _ in range(12):
    for name in glob.glob(f"{place}/*.ipynb") + glob.glob(f"{place}/*/*.ipynb"):
        print("REACHED: a notebook above its own folder", name)
    for name in ("gradebook.db", "nbgrader_config.py", "source", ".rnncourse"):
        if os.path.exists(f"{place}/{name}"):
            print("REACHED:", name)
    place += "/.."
"""
