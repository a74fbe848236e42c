"""Try the known ways out: chroot, new namespaces, mounts, /proc/1/root, device nodes.

Must happen: no points, and none opens.
"""

FIRST = """
import ctypes, glob, os
libc = ctypes.CDLL(None)
for pid in ("1", "self", str(os.getppid())):
    for way in ("root", "cwd"):
        for name in glob.glob(f"/proc/{pid}/{way}" + <<course>> + "/*"):
            print("REACHED:", name)
print(libc.unshare(0x10000000), libc.unshare(0x20000))
libc.mount(b"proc", b"/proc", b"proc", 0, None)
libc.umount2(b"/tmp", 2), libc.umount2(b"/proc", 2), libc.umount2(b".", 2)
try:
    os.mknod("disk", 0o60600, os.makedev(254, 0))
    print("REACHED: the disk", len(open("disk", "rb").read(512)))
except OSError:
    pass
try:
    os.mkdir("jail"), os.chroot("jail")
    os.chdir("../" * 50), os.chroot(".")
except OSError:
    pass
for name in glob.glob(<<course>> + "/*"):
    print("REACHED:", name)
"""
