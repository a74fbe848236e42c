"""Replace compile, exec and eval, so that cells run without their tests.

Must happen: no points, and no test is printed.
"""

FIRST = """
import ast, builtins
real = builtins.compile
def quiet_compile(source, *a, **k):
    text = ast.unparse(source) if isinstance(source, ast.AST) else source
    if "checks." in str(text):
        print(text)
        return real("pass", *a[:1], "exec")
    return real(source, *a, **k)
builtins.compile = quiet_compile
"""
