"""Answer a million times where one answer is asked, and be slow in each.

Must happen: no points; the tests of an exercise have a limit.
"""

ANSWERS = {
    "dot": "def dot(u, v):\n    import time\n    time.sleep(1.5)\n    return 0.0",
    "count": "def count(words):\n    import time\n    time.sleep(2.5)\n    return {}",
}
