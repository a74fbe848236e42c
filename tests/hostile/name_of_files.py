"""Put files beside the notebook whose names are options, scripts, line ends and no text.

Must happen: no points; the names do nothing.
"""

import os

GRADED = None


def hand_in(folder, name, text):
    (folder / name).write_text(text)
    for odd in (
        b"--help",
        b"-rf *",
        b"two\nlines",
        b"<script>.csv",
        b"\xff\xfe",
        b"=1+1.csv",
        b"n" * 250,
        b"$(touch planted)",
        b"nbgrader.lock",
        b".hidden",
        b"CON",
    ):
        with open(os.path.join(os.fsencode(folder), odd), "wb") as file:
            file.write(b"x")
