"""Write scripts, frames and styles into prose, attachments and file names of prose.

Must happen: no points, and no script on the page.
"""


def edit(notebook, cell):
    from nbformat.v4 import new_markdown_cell

    text = (
        "<script>x('<<token>>')</script><style>* {{--a: '<<token>>'}}</style>\n\n"
        "[a](javascript:x('<<token>>')) ![b](attachment:a.svg) <a href='data:<<token>>'>c</a>"
        "\n\n<iframe src='//example.org/<<token>>'></iframe> $\\href{javascript:<<token>>}{x}$"
    )
    attachments = {"a.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9J3goKSc+", "text/html": text}}
    prose = new_markdown_cell(text, id="prose", attachments=attachments)
    notebook.cells.insert(3, prose)
    cell("why").source = text
