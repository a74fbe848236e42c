"""Leave a file in every folder of the machine that takes one, for the next student.

Must happen: no points; outside the run, none of the files exists.
"""

FIRST = """
import os, time
started = time.monotonic()
for place in ["/tmp", "/var/tmp", "/dev/shm", "/run", os.path.expanduser("~"), "/", "..", "../.."]:
    for folder, folders, _ in os.walk(place):
        folders[:] = [name for name in folders if name not in ("proc", "sys")][:20]
        try:
            open(os.path.join(folder, "planted-<<token>>"), "w").close()
        except OSError:
            pass
        if time.monotonic() - started > 1:
            break
"""
