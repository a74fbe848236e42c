"""Leave a key in the kernel's keyrings, which belong to a user and not to a process.

Must happen: no points; the next student finds no key.
"""

FIRST = """
import ctypes
libc = ctypes.CDLL(None)
for ring in (-3, -4, -5):
    libc.syscall(248, b"user", b"planted-<<token>>", b"answer", 6, ring)
"""
