"""Write the functions as coroutines and asynchronous generators.

Must happen: no points.
"""

ANSWERS = {
    "double": "async def double(x):\n    return 2 * x",
    "dot": "async def dot(u, v):\n    yield 0.0",
    "count": "async def count(words):\n    return {}",
}
