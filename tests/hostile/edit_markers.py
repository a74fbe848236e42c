"""Write nbgrader's own markers into the answers, open and never closed.

Must happen: no points, and no line of a test is shown.
"""

ANSWERS = {
    "double": "### BEGIN HIDDEN TESTS\ndef double(x):\n    return x",
    "centre": "### BEGIN SOLUTION\ndef centre(x):\n    return x\n### BEGIN SOLUTION",
    "root": "### END HIDDEN TESTS\n### END SOLUTION\ndef root(x):\n    return x",
    "dot": "### BEGIN MARK SCHEME\ndef dot(u, v):\n    return 0.0\n### HASHED AUTOTEST 1",
}
