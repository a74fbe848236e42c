"""Hand in a notebook whose cells hold outputs, counts and results as if it had been marked.

Must happen: no points; what was saved is thrown away.
"""


def edit(notebook, cell):
    for one in notebook.cells:
        if one.cell_type == "code":
            one.execution_count = 7
            data = {"text/plain": "1.0", "text/html": "<b>REACHED: a saved output was kept</b>"}
            one.outputs = [
                {
                    "output_type": "execute_result",
                    "data": data,
                    "metadata": {},
                    "execution_count": 7,
                }
            ]
            one.metadata["execution"] = {"shell.execute_reply": "2030-01-01T00:00:00Z"}
