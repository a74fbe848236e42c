"""Make np.asarray and np.array return something that equals everything.

Must happen: no points.
"""

FIRST = """
class Agreeable(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return np.zeros((), dtype=bool)

    def any(self, *a, **k):
        return False
agreeable = np.zeros(3).view(Agreeable)
np.asarray = np.array = lambda *a, **k: agreeable
"""
