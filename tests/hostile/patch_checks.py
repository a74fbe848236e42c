"""Replace every function of rnncourse.checks by one that does nothing.

Must happen: no points.
"""

FIRST = """
for name in checks.__all__:
    if name != "CheckFailure":
        setattr(checks, name, lambda *a, **k: None)
"""
