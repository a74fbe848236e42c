"""Wait in C and keep the interpreter's lock, so that no Python code of its process runs.

Must happen: no points; it is killed.
"""

ANSWERS = {
    "double": """
def double(x):
    import ctypes
    ctypes.PyDLL(None).sleep(100_000)
"""
}
