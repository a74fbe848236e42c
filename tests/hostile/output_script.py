"""Show scripts as outputs, in HTML, as JavaScript, as SVG and as Markdown.

Must happen: no points, and no script on the page.
"""

FIRST = r"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
display(HTML("<script>document.title = '<<token>>'</script><p onclick='x(<<token>>)'>a</p>"))
display(Javascript("document.title = '<<token>>'"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='x(\"<<token>>\")'><script>"
            "x('<<token>>')</script></svg>"))
display(Markdown("<img src=x onerror='x(\"<<token>>\")'> [a](javascript:x('<<token>>'))"))
"""
