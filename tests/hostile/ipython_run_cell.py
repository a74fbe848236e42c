"""Replace IPython's run_cell by one that always succeeds.

Must happen: no points.
"""

FIRST = """
shell = get_ipython()
real = shell.run_cell_async
async def run(raw_cell, *a, **k):
    return await real("pass" if "checks." in raw_cell else raw_cell, *a, **k)
shell.run_cell_async = run
shell.run_cell = lambda raw_cell, *a, **k: None
"""
