"""Put a named pipe and a socket beside an honest notebook.

Must happen: all points or a clear line; nothing waits.
"""

import os
import socket

EARNED = ("double", "centre", "root", "dot", "count")
GRADED = None


def hand_in(folder, name, text):
    (folder / name).write_text(text)
    os.mkfifo(folder / "data.csv")
    here = os.getcwd()
    os.chdir(folder)  # a socket's path must be short
    socket.socket(socket.AF_UNIX).bind("s")
    os.chdir(here)
