"""Replace AssertionError and every other exception by one that is no error.

Must happen: no points.
"""

FIRST = """
import builtins
class Quiet(BaseException):
    def __new__(cls, *a, **k):
        get_ipython().kernel.do_shutdown(False)
        return super().__new__(cls)
builtins.AssertionError = builtins.ValueError = builtins.Exception = Quiet
"""
