"""Show no error: replace showtraceback and set a handler for all exceptions.

Must happen: no points.
"""

FIRST = """
shell = get_ipython()
shell.showtraceback = shell._showtraceback = lambda *a, **k: None
shell.set_custom_exc((BaseException,), lambda *a, **k: [])
"""
