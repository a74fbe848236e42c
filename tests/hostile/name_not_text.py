"""Choose a name whose bytes are no text.

Must happen: the points of double or a clear line, and the batch goes on.
"""

STUDENT = "name-\udcff\udc80"
EARNED = ("double",)
GRADED = None
