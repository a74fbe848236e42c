"""Change what other students handed in, and copy their answers.

Must happen: no points; the others' files and marks stay as they were.
"""

FIRST = """
import glob, os
course = <<course>>
for path in glob.glob(f"{course}/submitted/*/*/*") + glob.glob("../../*/*/*.ipynb"):
    try:
        text = open(path).read()
        if "control" in path:
            print("REACHED: another student's work", len(text))
            open(path, "w").write(text.replace("2 *", "3 *"))
    except (OSError, ValueError):
        pass
"""
