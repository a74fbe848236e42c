"""Fill memory by files that live there: memfd, /dev/shm, and pipes.

Must happen: no points; what it writes has a cap.
"""

FIRST = """
import mmap, os
kept = []
for number in range(200):
    try:
        kept.append(os.memfd_create(f"m{number}"))
        os.write(kept[-1], bytes(20_000_000))
    except OSError:
        pass
    try:
        with open(f"/dev/shm/planted-<<token>>-{number}", "wb") as file:
            file.write(bytes(20_000_000))
    except OSError:
        pass
kept.append(mmap.mmap(-1, 2 << 30))
for place in range(0, 2 << 30, 4096):
    kept[-1][place] = 1
"""
