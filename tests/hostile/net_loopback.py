"""Connect to a server on the same machine, by TCP and UDP, and send it what it has.

Must happen: no points, and nothing arrives.
"""

FIRST = """
import socket
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind) as line:
                line.settimeout(0.3)
                line.connect((host, <<port>>))
                line.send(b"planted-<<token>>")
                print("REACHED: the machine") if kind == socket.SOCK_STREAM else None
        except OSError:
            pass
"""
