"""Change the outputs of earlier cells by their display id.

Must happen: no points, and the updates change nothing but its own cells.
"""

FIRST = """
from IPython.display import HTML, clear_output, display
for number in range(20):
    display("waiting", display_id=f"id-{number}")
"""

LAST = """
for number in range(20):
    display(HTML("<b>2 / 2</b>"), display_id=f"id-{number}", update=True)
clear_output()
"""
