"""Swap the code objects of rnncourse.checks, so that no name has to be replaced.

Must happen: no points.
"""

FIRST = """
def nothing(*a, **k):
    return None
for function in (checks.close, checks.equal, checks.true, checks.raises, checks._fail):
    function.__code__ = nothing.__code__
    function.__defaults__ = function.__kwdefaults__ = None
"""
