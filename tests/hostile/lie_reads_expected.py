"""Return an object that looks up the expected value in the frames of whoever asks.

Must happen: no points; the comparison is in another process.
"""

FIRST = """
import sys
class Copycat:
    def find(self):
        frame = sys._getframe()
        while frame:
            for name in ("wanted", "expected", "want"):
                if name in frame.f_locals:
                    return frame.f_locals[name]
            frame = frame.f_back
        return np.zeros(3)

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.find())

    def __eq__(self, other):
        return True

    def __float__(self):
        return float(self.find())

    shape = property(lambda self: np.shape(self.find()))
"""

ANSWERS = {
    name: f"def {name}(*arguments):\n    return Copycat()"
    for name in ("double", "centre", "root", "dot", "count")
}
