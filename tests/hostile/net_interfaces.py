"""List the machine's interfaces, listen on every address, and capture packets.

Must happen: no points; there is at most its own loopback.
"""

FIRST = """
import socket
names = [name for _, name in socket.if_nameindex()]
if set(names) - {"lo", "tunl0", "sit0", "ip6tnl0", "ip6gre0", "gre0", "gretap0", "erspan0"}:
    print("REACHED: the interfaces of the machine", names)
try:
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x300).recv(1, socket.MSG_DONTWAIT)
except OSError:
    pass
kept = socket.create_server(("0.0.0.0", 48057))
"""
