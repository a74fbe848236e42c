"""Put a named pipe under the notebook's name, which nobody ever writes to.

Must happen: no points, and a line that says so; nothing waits.
"""

import os

GRADED = False


def hand_in(folder, name, text):
    os.mkfifo(folder / name)
