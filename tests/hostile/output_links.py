"""Show links that run a script, in every spelling that browsers forgive.

Must happen: no points, and none of them on the page.
"""

FIRST = """
from IPython.display import HTML, Latex, Math, display
for link in (
    "javascript:x('<<token>>')", "JaVa&#83;cript:x('<<token>>')", "java&Tab;script:x(<<token>>)",
    " javascript:<<token>>", "data:text/html,<script><<token>></script>", "vbscript:<<token>>",
):
    display(HTML(f'<a href="{link}">your mark</a><svg><a xlink:href="{link}">x</a></svg>'))
display(Math(r"\\href{javascript:x('<<token>>')}{2}"), Latex(r"$\\unicode{<script><<token>>}$"))
"""
