"""Find the sockets of its process and send each message that it ever sent once more.

Must happen: no points.
"""

FIRST = """
import gc, io, socket
for thing in gc.get_objects():
    if isinstance(thing, socket.socket):
        kind = type(thing)
        def twice(self, data, *a, real=kind.send):
            real(self, data, *a)
            return real(self, data, *a)
        try:
            kind.send = kind.sendall = twice
        except TypeError:
            pass
"""
