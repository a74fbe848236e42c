"""Raise an exception whose class and bases lie when they are asked.

Must happen: no points.
"""

FIRST = """
class Meta(type):
    __instancecheck__ = __subclasscheck__ = lambda cls, other: True
    mro = lambda cls: [cls, Exception, BaseException, object]
class Odd(Exception, metaclass=Meta):
    __class__ = ValueError
    __cause__ = property(lambda self: self)
    args = property(lambda self: [self] * 10)
"""

ANSWERS = {
    "root": "def root(x):\n    if x < 0:\n        raise Odd()\n    return np.sqrt(x)",
    "double": "def double(x):\n    raise Odd()",
}
