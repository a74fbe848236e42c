"""Give all open files to a child that holds them open and answers in its parent's place.

Must happen: no points, and the child ends with the submission.
"""

FIRST = """
import os, time
if os.fork() == 0:
    os.setsid()
    for _ in range(100_000):
        for number in range(3, 64):
            try:
                os.write(number, b'{"value": 1}\\n')
                os.read(number, 1) if os.fstat(number).st_mode & 0o140000 == 0o140000 else None
            except OSError:
                pass
        time.sleep(0.01)
    os._exit(0)
"""
