"""Empty every cell that may be empty, and leave blanks and comments in the others.

Must happen: no points.
"""

ANSWERS = {
    "double": "",
    "centre": " \n\t\n",
    "root": "# root",
    "dot": "%%bash\nexit 0",
    "count": "!true",
}
