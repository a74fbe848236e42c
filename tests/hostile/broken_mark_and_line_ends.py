"""Hand in an honest notebook with a byte order mark and the line ends of Windows.

Must happen: all points; the work is whole.
"""

import nbformat

EARNED = ("double", "centre", "root", "dot", "count")


def edit(notebook, cell):
    return b"\xef\xbb\xbf" + nbformat.writes(notebook).replace("\n", "\r\n").encode()
