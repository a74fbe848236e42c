"""Write the state of widgets with scripts in it into the notebook's metadata.

Must happen: no points, and no script on the page.
"""


def edit(notebook, cell):
    state = {
        "a": {"model_name": "HTMLModel", "state": {"value": "<script>x('<<token>>')</script>"}}
    }
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": state}}
    notebook.metadata["title"] = "</title><script>x('<<token>>')</script>"
    notebook.metadata["authors"] = [{"name": "<script>x('<<token>>')</script>"}]
