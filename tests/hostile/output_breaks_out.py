"""Write texts that end the element they stand in, in code, in prose, in errors.

Must happen: no points, and no script on the page.
"""

FIRST = """
print("</script></pre></textarea></style>--></title><script>x('<<token>>')</script>")
# </script><script>x('<<token>>')</script>
raise ValueError("</pre><script>x('<<token>>')</script>")
"""


def edit(notebook, cell):
    cell(
        "why"
    ).source = "</textarea></script><script>x('<<token>>')</script>\n\n<iframe id=<<token>>>"
