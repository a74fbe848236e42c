"""Replace __build_class__, so that classes made later raise nothing.

Must happen: no points.
"""

FIRST = """
import builtins
real = builtins.__build_class__
def build(function, name, *bases, **options):
    made = real(function, name, *bases, **options)
    made.__eq__ = lambda self, other: True
    return made
builtins.__build_class__ = build
"""
