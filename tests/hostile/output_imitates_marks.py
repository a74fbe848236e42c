"""Show a table that looks like the table of marks.

Must happen: no points; the page's own table stands first and says so.
"""

FIRST = """
from IPython.display import HTML, Markdown, display
table = "<h2>Your marks</h2><table><tr><td><code>double</code></td><td>2 / 2</td></tr></table>"
display(HTML(table), Markdown(table))
print(table)
"""
