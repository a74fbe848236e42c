"""Use programs that run as root, and change its own user and rights.

Must happen: no points, and none of it helps.
"""

FIRST = """
import os, subprocess
for command in (["su", "-c", "cat /etc/shadow"], ["sudo", "-n", "cat", "/etc/shadow"],
                ["mount", "-t", "tmpfs", "x", "/mnt"], ["bwrap", "--bind", "/", "/", "true"]):
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=1)
        if b"root:" in done.stdout:
            print("REACHED: the passwords")
    except (OSError, subprocess.TimeoutExpired):
        pass
try:
    os.setgroups([]), os.setresuid(0, 0, 0)
    if "root:" in open("/etc/shadow").read():
        print("REACHED: the passwords")
except OSError:
    pass
"""
