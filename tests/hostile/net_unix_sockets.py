"""Connect to every socket in the file system and in the abstract space.

Must happen: no points, and no server of this machine hears of it.
"""

FIRST = """
import os, socket
paths = [line.split()[-1] for line in open("/proc/net/unix") if len(line.split()) > 7]
paths += ["@listening-<<token>>", "/var/run/docker.sock", "/run/dbus/system_bus_socket", <<socket>>]
for path in paths:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_UNIX, kind) as line:
                line.settimeout(0.2)
                line.connect("\\0" + path[1:] if path.startswith("@") else path)
                line.send(b"planted-<<token>>")
                if "<<token>>" in path or "docker" in path or path == <<socket>>:
                    print("REACHED: a socket outside")
        except OSError:
            pass
"""
