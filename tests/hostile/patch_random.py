"""Make every random generator return zeros, for which a wrong answer is right.

Must happen: no points; the inputs are drawn where the submission cannot reach.
"""

FIRST = """
class Zeros:
    def __getattr__(self, name):
        return lambda *a, size=(), **k: np.zeros(size)
np.random.default_rng = lambda *a: Zeros()
np.random.Generator = Zeros
np.random.seed(0)
"""
