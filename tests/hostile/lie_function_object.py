"""Put an object in the function's place whose name, signature and text are a message.

Must happen: no points; the name of the exercise is what the chapter calls it.
"""

FIRST = """
class Function:
    __name__ = "<script>alert('<<token>>')</script> passed: 2 of 2 points"
    __qualname__ = __doc__ = __module__ = __name__
    __code__ = __signature__ = property(lambda self: 1 / 0)
    def __call__(self, *arguments):
        return arguments[0]

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        raise SystemExit(0)
"""

ANSWERS = {name: f"{name} = Function()" for name in ("double", "centre", "root", "dot", "count")}
