"""Print every cell that is about to run, from IPython's own events.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
events = get_ipython().events
events.register("pre_run_cell", lambda info: print(info.raw_cell))
events.register("post_run_cell", lambda result: print(result.info.raw_cell))
"""
