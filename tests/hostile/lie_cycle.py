"""Return lists and dicts that hold themselves, and a list shared a billion times.

Must happen: no points.
"""

ANSWERS = {
    "double": "def double(x):\n    result = []\n    result.append(result)\n    return result",
    "count": "def count(words):\n    result = {}\n    result['a'] = result\n    return result",
    "dot": """
def dot(u, v):
    result = [1.0]
    for _ in range(40):
        result = [result, result]
    return result
""",
}
