"""Define magics under the names that the tests use, and an alias for each.

Must happen: no points.
"""

FIRST = """
shell = get_ipython()
shell.register_magic_function(lambda line: None, "line", "checks")
shell.run_line_magic("automagic", "on")
shell.run_line_magic("alias", "checks.close true")
shell.autocall = 2
"""
