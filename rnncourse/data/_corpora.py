"""Whole texts for language models: English technical prose with code, and Japanese stories."""

from __future__ import annotations

from pathlib import Path

_FILES = Path(__file__).parent / "files"


def language_reference(repeats: bool = False) -> str:
    """Read the texts that explain the language Python, as `help()` shows them.

    Data card
    ---------
    What: 79 texts of the language reference and of parts of the library reference, in the
    alphabetical order of their names: English prose, grammar rules, tables and code examples.
    There are 464,970 characters, of 103 kinds. Long passages stand in two or more of the texts. As
    a rule they are left out where they come again, and some 380,000 characters are left.
    How made: a copy of the module ``pydoc_data.topics`` of Python 3.11.7, which was generated from
    Python's documentation. It differs between versions of Python, hence a copy of one of them.
    Size: 465 kB. Licence: PSF License Agreement, copyright 2001-2023 Python Software Foundation;
    all of it stands beside the file, in ``files/language_reference.LICENSE.txt``.
    Source: https://docs.python.org/3.11/reference/.

    Parameters
    ----------
    repeats
        Whether to keep the passages that come again. A text that is cut into training and test
        data should not have them: the test would ask for what the training has shown.

    Returns
    -------
    One string. Without repeats, a paragraph of more than 40 characters stands in it once, however
    it is indented or broken into lines.
    """
    topics = (_FILES / "language_reference.txt").read_text(encoding="utf-8").split("\f")
    if repeats:
        return "".join(topics)
    seen: set[str] = set()
    kept = []
    for paragraph in "\n\n\n".join(topic.strip("\n") for topic in topics).split("\n\n"):
        words = " ".join(paragraph.split())
        if len(words) <= 40 or words not in seen:
            kept.append(paragraph)
        seen.add(words)
    return "\n\n".join(kept) + "\n"


def japanese_text() -> str:
    """Read short Japanese stories of daily life.

    Data card
    ---------
    What: 24 short texts about weather, trains, cooking, seasons, animals and family, with an empty
    line between them and a line for each sentence: 366 lines and 6,496 characters, line ends
    included. Plain written Japanese, in kanji, hiragana and katakana, as a learner reads it.
    How made: written for this course. Size: 19 kB. Licence: CC BY 4.0, as the course.

    Returns
    -------
    One string.
    """
    return (_FILES / "japanese_text.txt").read_text(encoding="utf-8")
