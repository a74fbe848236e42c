"""Walk up the stack when a test calls, and keep names, values and source on the way.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
import inspect, linecache, sys
seen = []
def look():
    frame = sys._getframe(1)
    while frame:
        lines = linecache.getlines(frame.f_code.co_filename)
        seen.append((frame.f_code.co_consts, frame.f_code.co_names, lines, str(frame.f_locals)))
        frame = frame.f_back
"""

ANSWERS = {
    "double": "def double(x):\n    look()\n    print(seen)\n    raise ValueError(seen)",
    "count": "def count(words):\n    look()\n    return {str(seen): 1}",
}

LAST = "print([one for one in seen if '_hidden' in str(one)])"
