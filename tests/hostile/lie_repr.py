"""Return and raise objects whose text is the source of whoever prints them.

Must happen: no points, and no line of a test in a message.
"""

FIRST = """
import inspect, sys
class Spy(Exception):
    def __str__(self):
        texts, frame = [], sys._getframe()
        while frame:
            texts.append(repr(frame.f_locals) + repr(frame.f_code.co_consts))
            try:
                texts.append(inspect.getsource(frame))
            except (OSError, TypeError):
                pass
            frame = frame.f_back
        return "".join(texts)
    __repr__ = __format__ = lambda self, *a: str(self)
"""

ANSWERS = {
    "double": "def double(x):\n    return Spy()",
    "root": "def root(x):\n    raise Spy()",
    "count": "def count(words):\n    return {w: Spy() for w in words}",
}
