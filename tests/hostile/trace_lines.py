"""Trace every line that runs, print its source, and jump over the tests.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
import linecache, sys
def trace(frame, event, arg):
    if frame.f_code.co_name == "<module>":
        print(linecache.getline(frame.f_code.co_filename, frame.f_lineno))
        if event == "exception":
            raise SystemExit(0)
    return trace
sys.settrace(trace)
sys.setprofile(trace)
"""
