"""Return an object that is right for the first look and another thing for the next.

Must happen: no points; a value is read once.
"""

FIRST = """
class Later:
    reads = 0
    def __init__(self, value):
        self.value = value

    def __array__(self, dtype=None, copy=None):
        Later.reads += 1
        return np.asarray(self.value) if Later.reads % 2 else np.zeros(1)

    def __len__(self):
        Later.reads += 1
        return Later.reads

    def __getattr__(self, name):
        Later.reads += 1
        return getattr(np.asarray(self.value), name)
"""

ANSWERS = {
    "double": "def double(x):\n    return Later(3 * np.asarray(x))",
    "centre": "def centre(x):\n    return Later(np.asarray(x))",
}
