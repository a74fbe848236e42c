"""Write a line into the installed checks, and into NumPy, for all later students.

Must happen: no points; the installed files stay as they were.
"""

FIRST = """
import copy
for module in (checks, np, copy):
    try:
        with open(module.__file__, "a") as file:
            file.write("\\n# planted-<<token>>\\n")
    except OSError:
        pass
"""
