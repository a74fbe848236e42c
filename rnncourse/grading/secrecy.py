"""Keep the lines of hidden tests out of what students get: the second wall.

The first is the judge: a hidden test never enters a student's process, so a page has nothing
to show. Should that wall ever have a hole, or somebody copy a test into a comment, the pages
are searched before they are written, also for lines in disguise.

Which lines count is a question of false alarms. A line counts if

- it says more than Python's and NumPy's manuals do: six words, or one that stands nowhere in
  what students get (``for t in range(time):`` tells nobody anything);
- it is more than a message, which failing students are meant to read;
- this student has not typed the same line: nobody can leak to himself what he knows.

Lines are compared by their letters, digits and underscores alone. So markup between the
letters, escapes, quotes and spaces are no disguise.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

import nbformat

#: A line counts if it has at least so many letters, digits and underscores ...
MIN_LETTERS = 10

#: ... and so many words outside its strings, unless one of them stands nowhere else.
MIN_WORDS = 6

#: More of a compressed text is not looked at.
_MAX_UNPACKED = 2_000_000

#: Nor at more places in a run of letters that may be where one begins.
_MAX_PACKED = 50

_WORD = re.compile(r"[^\W\d]\w*|\d[\w.]*")
_STRING = re.compile(r"""(?i:[rbfu]{0,2})("{3}.*|'{3}.*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_TAG = re.compile(r"<[^<>]*>")
_OTHER = re.compile(r"\W+", re.ASCII)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-3][0-7]{2}))")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
#: How gzip's and zlib's outputs begin in base64.
_PACKED = re.compile("eJ|eN|eA|H4sI")
_HEX = re.compile(r"(?:[0-9a-f]{2}){10,}")
_BETWEEN_HEX = re.compile(r"0x|\\x|[\s,:;]+")
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,([A-Za-z0-9+/]*={0,2})")
_CODES = re.compile(r"(?:\b\d{2,3}\b[^\w\n]{1,3}){10,}")


class LeakError(Exception):
    """A file that shows a line of a hidden test."""


def hidden_lines(source: Path) -> frozenset[str]:
    """The lines of a graded source's hidden tests that must not get out.

    Parameters
    ----------
    source
        The notebook below ``source/``.
    """
    return _hidden_lines(source, source.stat().st_mtime_ns)


def unknown_to(student: str, lines: Iterable[str]) -> frozenset[str]:
    """The lines that do not stand in a text that the student typed."""
    known = skeleton(student)
    return frozenset(line for line in lines if skeleton(line) not in known)


def leaks(text: str, lines: Iterable[str]) -> list[str]:
    """The lines that a text holds, openly or in one of the usual disguises.

    Markup, entities, percent signs, escapes, base64, hexadecimal numbers, character codes,
    compression below these, reversed and rotated letters.
    """
    bones = {line: skeleton(line) for line in lines}
    if not bones:
        return []
    found: set[str] = set()
    for form in _forms(text):
        letters = skeleton(form)
        found.update(line for line, bone in bones.items() if bone in letters)
    return sorted(found)


def leaks_in_file(path: Path, lines: Iterable[str]) -> list[str]:
    """The lines that a file holds, whatever its format."""
    return leaks(path.read_bytes().decode("utf-8", errors="replace"), lines)


def skeleton(text: str) -> str:
    """Letters, digits and underscores; wide and compatible forms count as the plain ones."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _OTHER.sub("", text).casefold()


@lru_cache(maxsize=64)
def _hidden_lines(source: Path, modified: int) -> frozenset[str]:
    public: list[str] = []
    hidden: list[str] = []
    for cell in nbformat.read(source, as_version=4).cells:
        kept = public
        for line in cell.source.splitlines():
            if " HIDDEN TESTS" in line:
                kept = hidden if "BEGIN" in line else public
            elif " SOLUTION" in line and "### " in line:
                # answers are nothing that all students know
                kept = [] if "BEGIN" in line else public
            else:
                kept.append(line.strip())
    shown = "\n".join(public)
    known, letters = set(_WORD.findall(shown)), skeleton(shown)
    return frozenset(
        line for line in hidden if _is_telling(line, known) and skeleton(line) not in letters
    )


def _is_telling(line: str, known: set[str]) -> bool:
    words = _WORD.findall(_STRING.sub(" ", line))
    if set(words) <= {"hint", "name"} or len(skeleton(line)) < MIN_LETTERS:
        return False
    names = {word for word in words if not word[0].isdigit()}
    return len(words) >= MIN_WORDS or bool(names - known)


def _forms(text: str) -> Iterator[str]:
    """A text, and what it says if it is taken for an encoded one, twice over."""
    for kind, image in _IMAGE.findall(text):
        inside = _unpacked(_from_base64(image.rstrip("=")))
        yield from _forms(inside) if kind == "svg+xml" else [inside]
    text = _IMAGE.sub("", text)
    yield text
    plain = html.unescape(_TAG.sub("", text))
    yield plain
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")
    for once in _decoded(plain):
        yield once
        if _is_text(once):
            yield once[::-1]
            yield from _decoded(once)


def _decoded(text: str) -> Iterator[str]:
    if "%" in text:
        yield unquote(text)
    if "\\" in text:
        yield _ESCAPE.sub(lambda m: chr(int(m[1] or m[2] or m[3], 8 if m[3] else 16)), text)
    for codes in _CODES.findall(text):
        yield "".join(chr(int(code)) for code in re.findall(r"\d+", codes))
    for run in _HEX.findall(_BETWEEN_HEX.sub("", text.lower())):
        yield from (_unpacked(binascii.unhexlify(shifted)) for shifted in (run, f"0{run}0"))
    for run in _BASE64.findall(re.sub(r"\s+", "", text)):
        run = run.replace("-", "+").replace("_", "/")
        # what stands before an encoded text may look like a part of it
        packed = (found.start() for found in islice(_PACKED.finditer(run), _MAX_PACKED))
        for start in {*range(4), *packed}:
            yield _unpacked(_from_base64(run[start:]))


def _from_base64(text: str) -> bytes:
    """Decode a text without padding; a single sign too many is left out."""
    text = text[:-1] if len(text) % 4 == 1 else text
    return base64.b64decode(text + "=" * (-len(text) % 4))


def _unpacked(data: bytes) -> str:
    if data[:2] in (b"\x1f\x8b", b"x\x9c", b"x\xda", b"x\x01", b"x^"):
        with suppress(zlib.error):
            data = zlib.decompressobj(47).decompress(data, _MAX_UNPACKED)
    return data.decode("ascii", errors="ignore")


def _is_text(text: str) -> bool:
    sample = text[:200]
    return bool(sample) and sum(
        sign.isprintable() or sign.isspace() for sign in sample
    ) > 0.9 * len(sample)
