"""Open files, pipes and sockets until there are no numbers left.

Must happen: no points.
"""

FIRST = """
import os, socket
kept = []
for _ in range(100_000):
    try:
        kept.append(os.pipe())
        kept.append(socket.socketpair())
    except OSError:
        break
"""
