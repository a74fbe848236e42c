"""Show outputs of kinds that do not exist, with data that is no text.

Must happen: no points, and the page is made.
"""

FIRST = """
from IPython.display import display
for kind in ("text/html", "application/javascript", "application/vnd.jupyter.widget-view+json",
             "text/latex", "application/json", "x" * 10_000, "", "../../x", "text/html; charset=x"):
    for data in ("<script>x('<<token>>')</script>", {"a": ["<<token>>"]}, None, 7, [[]]):
        try:
            display({kind: data}, raw=True, metadata={kind: data, "isolated": True})
        except Exception:
            pass
"""
