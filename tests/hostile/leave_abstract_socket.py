"""Listen on an abstract socket, from a process of its own, for the next student.

Must happen: no points; the socket goes with the run.
"""

FIRST = """
import os, socket, time
listener = socket.socket(socket.AF_UNIX)
listener.bind("\\0planted-<<token>>")
listener.listen()
if os.fork() == 0:
    os.setsid()
    time.sleep(1000)
    os._exit(0)
"""
