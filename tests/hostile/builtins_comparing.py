"""Replace isinstance, all, any, len, abs, sorted and zip.

Must happen: no points.
"""

FIRST = """
import builtins
builtins.isinstance = builtins.issubclass = lambda *a: True
builtins.all = lambda *a: True
builtins.any = lambda *a: False
builtins.abs = lambda *a: 0
builtins.len = lambda *a: 0
builtins.zip = lambda *a, **k: iter(())
builtins.enumerate = lambda *a, **k: iter(())
"""
