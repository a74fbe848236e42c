"""What links in a student notebook point to: the course's labels, sources, terms and pages.

Numbers and anchors are those that Sphinx gives them; a test builds a small book with Sphinx
and holds us to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from markdown_it.token import Token

from rnncourse.course._myst import all_tokens, directive, options_of, parser
from rnncourse.course.located import read_config
from rnncourse.errors import UserError
from rnncourse.files import read_text


@dataclass(frozen=True)
class Label:
    """What a label stands for: its page (``chapters/02_rnn_cell``), anchor and text."""

    page: str
    anchor: str
    text: str = ""
    number: str = ""


@dataclass(frozen=True)
class Citation:
    """A source of the bibliography: as running text names it, whole, and its place on the site."""

    authors: str
    year: str
    place: str
    entry: str = ""


@dataclass(frozen=True)
class PlainContext:
    """Everything that links need to know about the course.

    Attributes
    ----------
    base_url
        Where the site stands; empty if it is not published, and then links are their text.
    labels
        Every label of the course, also those of exercises and equations.
    citations
        The bibliography by key.
    terms
        The glossary's terms, synonyms and translations, in lower case: the term's anchor.
    pages
        The title of each page by its name, such as ``chapters/02_rnn_cell``.
    """

    base_url: str = ""
    labels: dict[str, Label] = field(default_factory=dict)
    citations: dict[str, Citation] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def link(self, text: str, place: str) -> str:
        """A link to ``place`` below the site's address, or the text alone without one."""
        return f"[{text}]({self.url(place)})" if self.base_url else text

    def url(self, place: str) -> str:
        return f"{self.base_url.rstrip('/')}/{place}"

    def page(self, name: str) -> str | None:
        """Find a page as ``{doc}`` names it, from the root or from ``chapters/``."""
        wanted = str(PurePosixPath(name.lstrip("/"))).removesuffix(".md")
        while wanted.startswith("../"):
            wanted = wanted[3:]
        found = [page for page in (wanted, f"chapters/{wanted}") if page in self.pages]
        return found[0] if found else None


def plain_context(root: Path) -> PlainContext:
    """Read what links need from a checkout: pages, labels, bibliography and glossary.

    Exercises and equations are numbered as Sphinx numbers them, if ``_toc.yml`` numbers
    the chapters.
    """
    config = read_config(root)
    base_url = str((config.get("html") or {}).get("baseurl") or "")
    paths = {
        path.relative_to(root).with_suffix("").as_posix(): path
        for path in sorted([*root.glob("*.md"), *root.glob("chapters/*.md")])
    }
    continuous = (config.get("html") or {}).get("use_multitoc_numbering", True)
    order = _page_numbers(root / "_toc.yml", continuous)
    counts: dict[tuple[str, tuple[int, ...]], int] = {}
    labels: dict[str, Label] = {}
    pages: dict[str, str] = {}
    bibliography = "references"
    for page in [*(page for page in order if page in paths), *(p for p in paths if p not in order)]:
        tokens = list(all_tokens(parser(front_matter=True), read_text(paths[page])))
        pages[page] = next((_text(inline) for token, inline in tokens if token.tag == "h1"), page)
        section = order.get(page)

        def number(kind: str, section: tuple[int, ...] | None = section) -> str:
            if section is None:
                return ""
            counts[kind, section] = counts.get((kind, section), 0) + 1
            return ".".join(map(str, (*section, counts[kind, section])))

        labels.update(_labels(tokens, page, number))
        if any(directive(token)[0] == "bibliography" for token, _ in tokens):
            bibliography = page
    return PlainContext(
        base_url,
        labels,
        _citations(root / "references.bib", bibliography, config),
        _terms(root / "glossary.yml"),
        pages,
    )


def _yaml(path: Path) -> Any:
    return yaml.safe_load(read_text(path)) if path.is_file() else None


def _page_numbers(toc: Path, continuous: bool) -> dict[str, tuple[int, ...]]:
    """The pages in the table of contents' order, each with its chapter number, if it has one."""
    if not toc.is_file():
        return {}
    from sphinx_external_toc.api import FileItem
    from sphinx_external_toc.parsing import parse_toc_yaml

    try:
        site = parse_toc_yaml(toc)
    except Exception as error:
        text = str(error).splitlines()[0]
        raise UserError(f"_toc.yml: {text}; mend the table of contents") from None
    found: dict[str, tuple[int, ...]] = {}
    chapters = 0

    def walk(page: str, section: tuple[int, ...]) -> None:
        nonlocal chapters
        found.setdefault(page.removesuffix(".md"), section)
        for tree in site[page].subtrees if page in site else ():
            if tree.numbered and not section and not continuous:
                chapters = 0
            for item in tree.items:
                if not isinstance(item, FileItem):
                    continue
                inner = section
                if tree.numbered and not section:
                    chapters += 1
                    inner = (chapters,)
                walk(str(item), inner)

    walk(site.root.docname, ())
    return found


def _labels(
    tokens: list[tuple[Token, Token | None]], page: str, number: Callable[[str], str]
) -> Iterator[tuple[str, Label]]:
    from docutils.nodes import make_id

    waiting: list[str] = []
    for token, inline in tokens:
        name, _ = directive(token)
        options = options_of(token.content)[0] if name else {}
        if token.type == "myst_target":
            waiting.append(token.content)
            continue
        if token.type == "heading_open":
            yield from ((label, Label(page, make_id(label), _text(inline))) for label in waiting)
        elif not token.type.startswith("myst_"):
            yield from ((label, Label(page, make_id(label))) for label in waiting)
        waiting = [] if not token.type.startswith("myst_") else waiting
        if name == "exercise" and "nonumber" not in options:
            count = number("exercise")
            label = options.get("label", "")
            if label:
                yield label, Label(page, label, f"Exercise {count}".rstrip(), count)
        elif name == "math" or token.type == "math_block_label":
            label = options.get("label", "") if name else token.info
            if label:
                count = number("displaymath")
                yield label, Label(page, make_id(f"equation-{label}"), f"({count})", count)
        elif name == "figure" and "name" in options:
            caption = options_of(token.content)[1].split("\n\n")[0]
            label = options["name"]
            yield label, Label(page, make_id(label), " ".join(caption.split()))


def _text(inline: Token | None) -> str:
    """A heading's text; code and formulas keep their signs."""
    signs = {"code_inline": "`", "math_inline": "$"}
    parts = [
        signs.get(child.type, "") + child.content + signs.get(child.type, "")
        for child in (inline.children if inline else None) or ()
        if child.type in ("text", "myst_role", *signs)
    ]
    return "".join(parts)


def _citations(path: Path, page: str, config: dict[str, Any]) -> dict[str, Citation]:
    if not path.is_file():
        return {}
    from docutils.nodes import make_id
    from pybtex.database import parse_file
    from pybtex.exceptions import PybtexError
    from pybtex.plugin import find_plugin

    from rnncourse.course.citations import CourseStyle, authors, year

    read_text(path)
    try:
        bibliography = parse_file(str(path))
    except PybtexError as error:
        raise UserError(f"references.bib: {error}; mend the entry") from None
    markdown = find_plugin("pybtex.backends", "markdown")()
    whole = {
        entry.key: entry.text
        for entry in CourseStyle().format_entries(bibliography.entries.values())
    }
    settings = (config.get("sphinx") or {}).get("config") or {}
    pattern = str(settings.get("bibtex_cite_id") or "")
    found = {}
    for key, entry in bibliography.entries.items():
        place = f"{page}.html"
        if "{key}" in pattern:  # otherwise the anchors are numbers that only Sphinx knows
            place += "#" + make_id(pattern.format(key=key, bibliography_count=1))
        found[key] = Citation(
            authors(entry),
            year(entry),
            place,
            " ".join(whole[key].render(markdown).split()),
        )
    return found


def _terms(path: Path) -> dict[str, str]:
    from sphinx.util.nodes import _make_id

    found: dict[str, str] = {}
    for entry in _yaml(path) or ():
        names = [entry["term"], entry.get("ja"), *(entry.get("also") or ())]
        for name in (*names, *(entry.get("also_ja") or ())):
            if name:
                found.setdefault(str(name).lower(), _make_id(f"term-{entry['term']}"))
    return found
