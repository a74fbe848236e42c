"""Walk over the whole disk for notebooks and solutions, and print what they hold.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
import os
for folder, folders, names in os.walk("/"):
    folders[:] = [n for n in folders if n not in ("proc", "sys", "dev", "site-packages")]
    for name in names:
        if name.endswith((".ipynb", ".db", ".jsonl")) or "solutions" in folder:
            try:
                text = open(os.path.join(folder, name), errors="replace").read()
            except OSError:
                continue
            found = [line for line in text.split("\\\\n") if "_hidden" in line or "_answer" in line]
            print(folder, name, *found[:50])
"""
