"""Find lines of answers and hidden tests in files that anybody may read.

A line is secret if it stands in a solutions file and nowhere in a chapter. Lines that say too
little to give anything away (``else:``, ``return h``) do not count.
"""

from __future__ import annotations

import functools
import html
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import ahocorasick

from rnncourse.course.source import Chapter

#: A secret line has at least this many characters.
MIN_LENGTH = 16

_TAG = re.compile(r"<[^>]*>")
_TEXT_SUFFIXES = {".html", ".htm", ".ipynb", ".txt", ".md", ".py", ".js", ".json", ".xml", ".csv"}


def secret_lines(chapters: Iterable[Chapter]) -> set[str]:
    """Every line of the solutions that the chapters themselves do not show."""
    chapters = list(chapters)
    public = "\n".join(cell.source for chapter in chapters for cell in chapter.cells)
    secret = set()
    for chapter in chapters:
        for solution in chapter.solutions.values():
            variants = (
                solution.answer,
                solution.hidden,
                *solution.also_correct,
                *solution.misconceptions,
            )
            for variant in variants:
                for line in variant.source.splitlines() if variant else ():
                    # a hint is what a student may read
                    if not line.startswith("# hint:"):
                        secret.add(line.strip())
    return {line for line in secret if len(line) >= MIN_LENGTH and line not in public}


def leaks_in_text(text: str, secrets: Iterable[str]) -> list[str]:
    """The secret lines that a text holds, whatever its markup or escapes."""
    forms = (text, html.unescape(_TAG.sub("", text)))
    search = _automaton(frozenset(secrets))
    return sorted({line for form in forms for _, line in search.iter(form)} if search else ())


@functools.lru_cache(maxsize=1)
def _automaton(secrets: frozenset[str]) -> ahocorasick.Automaton:
    """What finds thousands of lines in one pass; one by one they take half a minute a site."""
    search = ahocorasick.Automaton()
    for line in secrets:
        search.add_word(line, line)
    search.make_automaton()
    return search


def find_leaks(folder: Path, chapters: Iterable[Chapter]) -> Iterator[tuple[Path, str]]:
    """Search every text file below a folder; yields the file and the secret line."""
    secrets = secret_lines(chapters)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _TEXT_SUFFIXES:
            text = path.read_text(encoding="utf-8", errors="replace")
            if path.suffix == ".ipynb":
                text = _notebook_text(text)
            for line in leaks_in_text(text, secrets):
                yield path, line


def _notebook_text(text: str) -> str:
    """A notebook's strings without JSON's escapes."""
    strings: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, str):
            strings.append(value)
        elif isinstance(value, list):
            strings.append("".join(item for item in value if isinstance(item, str)))
            for item in value:
                if not isinstance(item, str):
                    collect(item)
        elif isinstance(value, dict):
            for item in value.values():
                collect(item)

    collect(json.loads(text))
    return "\n".join(strings)
