"""Take locks on whatever files there are, and leave a process that holds them.

Must happen: no points; nothing waits for the locks.
"""

FIRST = """
import fcntl, glob, os, sys
held = []
for path in [*glob.glob("/dev/shm/*"), *glob.glob("/tmp/*"), checks.__file__, sys.executable]:
    try:
        file = open(path, "rb")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held.append(file)
    except OSError:
        pass
if os.fork() == 0:
    os.setsid()
    os.read(os.pipe()[0], 1)
    os._exit(0)
"""
