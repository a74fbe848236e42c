"""Patch the program that started it, by ptrace and by writing into its memory.

Must happen: no points; the later students' marks are what they should be.
"""

FIRST = """
import ctypes, os
libc = ctypes.CDLL(None)
for pid in {os.getppid(), 1, *[int(name) for name in os.listdir("/proc") if name.isdigit()]}:
    if pid == os.getpid():
        continue
    if libc.ptrace(16, pid, None, None) == 0:
        print("REACHED: attached to process", pid) if pid != 1 else None
        libc.ptrace(17, pid, None, None)
    try:
        with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
            for line in open(f"/proc/{pid}/maps"):
                start, end = (int(x, 16) for x in line.split()[0].split("-"))
                memory.seek(start)
                text = memory.read(min(end - start, 1 << 22))
                place = text.find(b"checks.close")
                if place >= 0:
                    memory.seek(start + place)
                    memory.write(b"print       ")
    except (OSError, ValueError, OverflowError):
        pass
"""
