"""Fill its own folder with links, pipes, sockets and names that are hard to delete.

Must happen: no points; the folder goes all the same.
"""

FIRST = """
import os, socket
os.symlink("/", "planted-root")
os.symlink("planted-loop", "planted-loop")
os.mkfifo("planted-pipe")
socket.socket(socket.AF_UNIX).bind("planted-socket")
open(b"planted-\\xff\\n-rf", "w").close()
for _ in range(60):
    os.mkdir("d" * 50)
    os.chdir("d" * 50)
os.chmod(".", 0)
"""
