"""Print the environment, the command lines and the open files of every process.

Must happen: no points; no variable, path or name of ours is among them.
"""

FIRST = """
import os, sys
print(dict(os.environ), sys.argv, sys.orig_argv, sys.path, os.getcwd())
for pid in [name for name in os.listdir("/proc") if name.isdigit()]:
    for name in ("environ", "cmdline", "mountinfo", "status", "stack", "wchan", "cgroup"):
        try:
            print(open(f"/proc/{pid}/{name}", "rb").read().decode(errors="replace"))
        except OSError:
            pass
    try:
        print([os.readlink(f"/proc/{pid}/fd/{n}") for n in os.listdir(f"/proc/{pid}/fd")])
        print(os.readlink(f"/proc/{pid}/cwd"), os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        pass
"""
