"""Return lists and dicts a hundred thousand levels deep.

Must happen: no points.
"""

ANSWERS = {
    "double": """
def double(x):
    result = []
    for _ in range(100_000):
        result = [result]
    return result
""",
    "count": """
def count(words):
    result = {}
    for _ in range(100_000):
        result = {"a": result}
    return result
""",
}
