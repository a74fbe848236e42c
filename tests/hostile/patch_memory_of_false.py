"""Write into the interpreter's memory: False becomes 1, small integers change places.

Must happen: no points; only its own process suffers.
"""

FIRST = """
import ctypes
ctypes.c_ssize_t.from_address(id(False) + 24).value = 1
ctypes.c_ssize_t.from_address(id(False) + 16).value = 1
"""
