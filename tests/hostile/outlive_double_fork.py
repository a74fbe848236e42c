"""Leave a process behind by forking twice, in a session of its own.

Must happen: no points, and no process is left.
"""

FIRST = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "98765", "<<number>>"])
    os._exit(0)
"""
