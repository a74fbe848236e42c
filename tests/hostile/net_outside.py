"""Ask the world's name servers for a name, and connect to an address outside.

Must happen: no points, and nothing answers.
"""

FIRST = """
import socket
socket.setdefaulttimeout(0.4)
for work in (lambda: socket.getaddrinfo("example.org", 80),
             lambda: socket.create_connection(("1.1.1.1", 53)),
             lambda: socket.create_connection(("2606:4700:4700::1111", 53)),
             lambda: socket.socket(2, socket.SOCK_RAW, 1).sendto(b"x", ("1.1.1.1", 0))):
    try:
        work()
        print("REACHED: the network")
    except OSError:
        pass
"""
