"""Read the glossary; say what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rnncourse.course.located import Mapping, read_yaml
from rnncourse.course.source import Fault

_KEYS = {"term", "ja", "also", "also_ja", "contrast", "definition"}


@dataclass(frozen=True)
class Term:
    """One entry. ``line`` is where it stands in glossary.yml."""

    term: str
    ja: str
    definition: str
    line: int
    also: tuple[str, ...] = ()
    also_ja: tuple[str, ...] = ()
    contrast: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that a link may call it, the English term first.

        A product's name may be the same in both languages; it counts once.
        """
        return tuple(dict.fromkeys((self.term, *self.also, self.ja, *self.also_ja)))


def read_glossary(path: Path, shown_as: Path | None = None) -> tuple[list[Term], list[Fault]]:
    """Read the glossary.

    Parameters
    ----------
    path
        The file, ``glossary.yml``.
    shown_as
        The path that faults show; default: ``path``.

    Returns
    -------
    Its terms in the order of the file, and the faults.
    """
    shown = shown_as or path
    content, faults = read_yaml(path, shown)
    if faults or content is None:  # a file of comments is an empty glossary
        return [], faults
    if not isinstance(content, list):
        return [], [Fault(shown, 1, "no list of terms", "begin each with '- term:'")]
    terms = []
    for entry in content:
        term, found = _term(entry, shown)
        faults += found
        if term is not None:
            terms.append(term)
    return terms, sorted({*faults, *_order(terms, shown), *_links(terms, shown)})


def _term(entry: object, path: Path) -> tuple[Term | None, list[Fault]]:
    if not isinstance(entry, Mapping):
        return None, [Fault(path, 1, f"'{entry}' is no term", "write '- term: ...'")]
    faults = [
        Fault(path, entry.lines[key], f"unknown key '{key}'", f"use {', '.join(sorted(_KEYS))}")
        for key in entry
        if key not in _KEYS
    ]
    for key in ("term", "ja", "definition"):
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            faults.append(
                Fault(path, entry.lines.get(key, entry.line), f"no '{key}'", f"add '{key}: ...'")
            )
    for key in ("also", "also_ja"):
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            faults.append(
                Fault(
                    path, entry.lines[key], f"'{key}' is no list of names", f"write '{key}: [...]'"
                )
            )
    if not isinstance(entry.get("contrast", ""), str):
        faults.append(
            Fault(path, entry.lines["contrast"], "'contrast' is no name", "write one of the terms")
        )
    if faults:
        return None, faults
    return (
        Term(
            entry["term"],
            entry["ja"],
            entry["definition"].strip(),
            entry.line,
            tuple(entry.get("also", ())),
            tuple(entry.get("also_ja", ())),
            entry.get("contrast", ""),
        ),
        [],
    )


def _order(terms: list[Term], path: Path) -> list[Fault]:
    return [
        Fault(
            path,
            after.line,
            f"'{after.term}' stands after '{before.term}'",
            "keep the terms in alphabetical order",
        )
        for before, after in pairwise(terms)
        if after.term.casefold() < before.term.casefold()
    ]


def _links(terms: list[Term], path: Path) -> list[Fault]:
    faults = []
    owner: dict[str, Term] = {}
    for term in terms:
        for name in term.names:
            key = name.casefold()
            if key in owner:
                faults.append(
                    Fault(
                        path,
                        term.line,
                        f"'{name}' stands for '{owner[key].term}' already (line {owner[key].line})",
                        "a name may stand for one term only",
                    )
                )
            else:
                owner[key] = term
    known = {term.term for term in terms}
    return faults + [
        Fault(
            path,
            term.line,
            f"the contrast '{term.contrast}' of '{term.term}' is no term",
            "add it, or write one of the terms",
        )
        for term in terms
        if term.contrast and term.contrast not in known
    ]
