"""Write the keys that rnncourse itself keeps in a notebook.

Must happen: no points, and the page shows none of it.
"""


def edit(notebook, cell):
    for one in notebook.cells:
        one.metadata["rnncourse_message"] = "REACHED: a forged message"
        one.metadata["rnncourse"] = {"share": 1, "message": "REACHED: a forged message"}
        one.metadata["rnncourse_mended"] = ["REACHED"]
    notebook.metadata["rnncourse"] = {"results": {"double": {"share": 1}}}
