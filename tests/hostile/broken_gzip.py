"""Hand in a gzip file that would unpack to a gigabyte.

Must happen: no points, and a line that says so; it is not unpacked.
"""

import gzip

GRADED = False


def edit(notebook, cell):
    return gzip.compress(bytes(10_000_000)) * 100
