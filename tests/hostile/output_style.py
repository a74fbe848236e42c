"""Show styles that lay a page of one's own over the page.

Must happen: no points, and no style of its own on the page.
"""

FIRST = """
from IPython.display import HTML, display
display(HTML("<style>body::before{content:'10 / 10 <<token>>'} table{display:none}</style>"
             "<div style='position:fixed;inset:0;background:white' id='<<token>>'>10 / 10</div>"
             "<link rel=stylesheet href='https://example.org/<<token>>.css'>"))
"""
