"""Make CheckFailure an error that ends the process with success.

Must happen: no points.
"""

FIRST = """
import os
checks.CheckFailure.__init__ = lambda self, *a: os._exit(0)
checks._fail = lambda *a: None
"""
