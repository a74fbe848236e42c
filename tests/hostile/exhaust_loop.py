"""Loop for ever in a function that the tests call.

Must happen: the points of dot and count, and no others.
"""

EARNED = ("dot", "count")

ANSWERS = {"double": "def double(x):\n    while True:\n        pass"}
