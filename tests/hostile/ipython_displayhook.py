"""Make every cell end with the value 1.0, which nbgrader takes for full partial credit.

Must happen: no points.
"""

FIRST = """
import sys
from IPython.display import publish_display_data
shell = get_ipython()
shell.showtraceback = lambda *a, **k: shell.displayhook(1.0)
shell.events.register("post_run_cell", lambda result: shell.displayhook(1000.0))
"""
