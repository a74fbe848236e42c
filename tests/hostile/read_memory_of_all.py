"""Search the memory of every process for the text of a hidden test.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
import os, re
for pid in [name for name in os.listdir("/proc") if name.isdigit()]:
    try:
        memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
        maps = open(f"/proc/{pid}/maps").readlines()
    except OSError:
        continue
    for line in maps:
        start, end = (int(x, 16) for x in line.split()[0].split("-"))
        if "rw" in line.split()[1] and end - start < 1 << 26:
            try:
                memory.seek(start)
                text = memory.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue
            for found in re.finditer(rb"[ -~]*_hidden_[ -~]*", text):
                print(found.group().decode())
"""
