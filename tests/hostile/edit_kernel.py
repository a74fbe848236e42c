"""Ask for another kernel: bash, with a language that has no comments.

Must happen: no points; Python runs.
"""


def edit(notebook, cell):
    notebook.metadata["kernelspec"] = {
        "name": "bash",
        "display_name": "../../bin/sh",
        "language": "bash",
        "argv": ["/bin/sh", "-c", "echo REACHED"],
    }
    notebook.metadata["language_info"] = {"name": "bash", "file_extension": "/../x.sh"}
