"""Take every assertion and every call of a check out of the syntax tree.

Must happen: no points.
"""

FIRST = """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    def visit_Expr(self, node):
        return ast.Pass() if "checks" in ast.dump(node) else node
get_ipython().ast_transformers.append(Strip())
"""
