"""Open source, gradebook, journal, catalogue and a secret file by their known paths.

Must happen: no points, and none of it can be read.
"""

FIRST = """
import glob, os
course = <<course>>
names = ["source", "submitted", "autograded", "feedback", "gradebook.db", ".rnncourse"]
paths = [path for name in names for path in glob.glob(f"{course}/{name}/**", recursive=True)]
for path in [<<secret>>, *paths, *[f"{course}/{name}" for name in names]]:
    try:
        print(open(path, "rb").read().decode(errors="replace")[:200_000])
        print("REACHED: a file of the course")
    except OSError:
        pass
"""
