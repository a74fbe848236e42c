"""MyST Markdown -> the plain Markdown that JupyterLab and Colab render.

Student notebooks leave the site behind, so what only the site can show becomes what any
notebook can: admonitions turn into quotes, exercises into numbered paragraphs, terms,
references and citations into links to the site.

The source is read by the site's own parser (`myst_parser`), which says where each
directive, role and link stands. Only those places are edited; every other character, and
everything inside a code fence, stays what it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = [
    "Citation",
    "Label",
    "PlainContext",
    "PlainError",
    "Problem",
    "plain_context",
    "plain_markdown",
]

#: Directives that become a quote, and the title that each has on the site.
ADMONITIONS = {
    "attention": "Attention",
    "caution": "Caution",
    "danger": "Danger",
    "error": "Error",
    "hint": "Hint",
    "important": "Important",
    "note": "Note",
    "seealso": "See also",
    "tip": "Tip",
    "warning": "Warning",
}

_DIRECTIVE = re.compile(r"\{([^}\s]+)\}\s*(.*)", re.DOTALL)
_EXPLICIT = re.compile(r"(.*?)\s*<([^<>]+)>", re.DOTALL)
_UNOPENED = re.compile(r"^ *(`{3,}|~{3,}|:{3,})\{[\w:-]+\}", re.MULTILINE)
_EXTERNAL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|data:|attachment:")
_UNSUPPORTED = {
    "dl_open": "definition list",
    "footnote_ref": "footnote",
    "footnote_reference_open": "footnote",
    "substitution_block": "substitution",
    "substitution_inline": "substitution",
}
_REMOVED = {"myst_target", "myst_line_comment", "myst_block_break"}


@dataclass(frozen=True)
class Problem:
    """Something that plain Markdown cannot say. ``line`` counts from 0 at the source's top."""

    line: int
    fault: str
    mend: str


class PlainError(ValueError):
    """A source that has no plain form; ``problems`` holds everything that stands in the way."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems), key=lambda problem: (problem.line, problem.fault))
        super().__init__(
            "\n".join(f"line {p.line + 1}: {p.fault}; {p.mend}" for p in self.problems)
        )


@dataclass(frozen=True)
class Label:
    """What a label stands for: its page (``chapters/02_rnn_cell``), anchor and text."""

    page: str
    anchor: str
    text: str = ""
    number: str = ""


@dataclass(frozen=True)
class Citation:
    """A source of the bibliography as running text names it, and its place on the site."""

    authors: str
    year: str
    place: str


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


def plain_markdown(source: str, context: PlainContext) -> str:
    """Turn the MyST of one Markdown cell into plain Markdown.

    Parameters
    ----------
    source
        The cell's text.
    context
        What its links point to.

    Raises
    ------
    PlainError
        If a directive or role is unknown here, or points to nothing. It holds the line of
        each, counted from 0 at the top of ``source``.

    Examples
    --------
    >>> print(plain_markdown(":::{tip}\\nTrace $h$ by hand.\\n:::", PlainContext()))
    > **Tip**
    >
    > Trace $h$ by hand.
    """
    converter = _Converter(context)
    text = converter.blocks(source.replace("\r\n", "\n"), 0)
    if converter.problems:
        raise PlainError(converter.problems)
    return text


def plain_context(root: Path) -> PlainContext:
    """Read what links need from a checkout: pages, labels, bibliography and glossary.

    Exercises and equations are numbered as Sphinx numbers them, if ``_toc.yml`` numbers
    the chapters.
    """
    config = _yaml(root / "_config.yml") or {}
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
        tokens = list(_all_tokens(_parser(front_matter=True), paths[page].read_text("utf-8")))
        pages[page] = next((_text(inline) for token, inline in tokens if token.tag == "h1"), page)
        section = order.get(page)

        def number(kind: str, section: tuple[int, ...] | None = section) -> str:
            if section is None:
                return ""
            counts[kind, section] = counts.get((kind, section), 0) + 1
            return ".".join(map(str, (*section, counts[kind, section])))

        labels.update(_labels(tokens, page, number))
        if any(_directive(token)[0] == "bibliography" for token, _ in tokens):
            bibliography = page
    return PlainContext(
        base_url,
        labels,
        _citations(root / "references.bib", bibliography, config),
        _terms(root / "glossary.yml"),
        pages,
    )


class _Converter:
    """Edits one source; collects the problems that it meets."""

    def __init__(self, context: PlainContext):
        self.context = context
        self.problems: list[Problem] = []
        self.line = 0

    def blocks(self, source: str, first_line: int, one_line_math: bool = False) -> str:
        """Convert a text that begins at ``first_line`` of the cell."""
        lines = source.split("\n")
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        tokens = _parser().parse(source)
        edits: list[tuple[int, int, str]] = []
        cursor: dict[int, int] = {}
        for position, token in enumerate(tokens):
            if token.map is None:
                continue
            self.line = first_line + token.map[0]
            if token.type == "inline":
                in_table = tokens[position - 1].type in ("th_open", "td_open")
                place = _offsets(token, lines, starts, cursor)
                edits += self._inline(token, place, first_line, in_table)
            elif token.type in _REMOVED:
                edits.append(_removal(token, lines, starts))
            elif token.type in _UNSUPPORTED:
                self._unsupported(_UNSUPPORTED[token.type])
            else:
                quoted = one_line_math or ">" in _prefix(token, lines)
                new = self._block(token, first_line + token.map[0] + 1, quoted)
                if new is not None:
                    edits.append(_replacement(token, new, lines, starts))
        for start, end, text in sorted(edits, reverse=True):
            source = source[:start] + text + source[end:]
        return source.strip("\n")

    # --- blocks -------------------------------------------------------------------------

    def _block(self, token: Token, body_line: int, quoted: bool) -> str | None:
        """The plain form of a directive or a displayed formula; None for everything else."""
        if token.type in ("math_block", "math_block_label"):
            return self._math(token.content, token.info, quoted)
        if token.type == "amsmath":
            return f"$$ {_joined(token.content)} $$" if quoted else None
        name, argument = _directive(token)
        if not name:
            if token.type == "colon_fence":
                self._problem(f"':::{token.info.strip()}' is not a directive", "write ':::{name}'")
            return None
        options, body, skipped = _options(token.content)
        return self._directive(name, argument, options, body, body_line + skipped, quoted)

    def _directive(
        self,
        name: str,
        argument: str,
        options: dict[str, str],
        body: str,
        line: int,
        quoted: bool,
    ) -> str:
        if name in ADMONITIONS:
            text = f"{argument}\n{body}" if argument else body
            return self._quote(ADMONITIONS[name], text, line - bool(argument))
        if name == "admonition":
            return self._quote(self._one_line(argument, line - 1), body, line)
        if name == "exercise":
            return self._exercise(argument, options, body, line, quoted)
        if name == "math":
            content = f"{argument}\n{body}" if argument else body
            return self._math(content, options.get("label", ""), quoted)
        if name in ("figure", "image"):
            return self._figure(argument, options, body, line)
        if name == "list-table":
            return self._list_table(argument, options, body, line)
        if name in ("code", "code-block"):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
            return f"{fence}{argument}\n{body}\n{fence}"
        known = sorted([*ADMONITIONS, "admonition", "exercise", "math", "figure", "list-table"])
        self._problem(
            f"a notebook cannot show the directive '{name}'", f"use one of {', '.join(known)}"
        )
        return ""

    def _quote(self, title: str, body: str, line: int) -> str:
        text = f"**{title}**\n\n{self.blocks(body, line, one_line_math=True)}".rstrip()
        return "\n".join(f"> {row}".rstrip() for row in text.split("\n"))

    def _exercise(
        self, title: str, options: dict[str, str], body: str, line: int, quoted: bool
    ) -> str:
        label = self.context.labels.get(options.get("label", ""), Label("", ""))
        name = f"Exercise {label.number}".rstrip()
        title = self._one_line(title, line - 1)
        heading = f"{name}: {title}" if title else name
        return f"**{heading}**\n\n{self.blocks(body, line, quoted)}".rstrip()

    def _math(self, content: str, label: str, one_line: bool) -> str:
        content = "\n".join(row.rstrip() for row in content.strip().split("\n"))
        content = re.sub(r"\n{2,}", "\n", content)
        if r"\\" in content and r"\begin" not in content:  # MathJax breaks lines only there
            content = f"\\begin{{split}}\n{content}\n\\end{{split}}"
        number = self._label(label).number if label else ""
        if number:
            numbered = re.fullmatch(r"(\\begin\{(?:align|gather|equation)\*?\}.*)(\\end.*)",
                                    content, re.DOTALL)  # fmt: skip
            before, after = numbered.groups() if numbered else (content + "\n", "")
            content = f"{before}\\tag{{{number}}}{after}"
        if one_line:  # in a quote, the '>' of the next line would become part of the formula
            return f"$$ {_joined(content)} $$"
        return f"$$\n{content}\n$$"

    def _figure(self, path: str, options: dict[str, str], caption: str, line: int) -> str:
        alt = " ".join(options.get("alt", "").split())
        if not alt:
            self._problem(f"the figure '{path}' has no alt text", "add ':alt: What one sees'")
        image = self._image(alt, path)
        caption = self.blocks(caption, line)
        return f"{image}\n\n{caption}" if caption else image

    def _list_table(self, title: str, options: dict[str, str], body: str, line: int) -> str:
        first = self.line
        rows = [[self._cell(cell, line + offset) for cell, offset in row] for row in _rows(body)]
        if not rows or len({len(row) for row in rows}) != 1:
            self.line = first
            self._problem("the rows of the list-table differ in length", "fill in every cell")
            return ""
        if not int(options.get("header-rows") or 0):
            rows.insert(0, [""] * len(rows[0]))
        rows.insert(1, ["---"] * len(rows[0]))
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        return f"**{self._one_line(title, line - 1)}**\n\n{table}" if title else table

    def _cell(self, text: str, line: int) -> str:
        paragraphs = re.split(r"\n{2,}", self.blocks(text, line, one_line_math=True))
        return "<br>".join(_no_bars(" ".join(p.split())) for p in paragraphs)

    def _one_line(self, text: str, line: int) -> str:
        return " ".join(self.blocks(text, line).split())

    # --- inside a line ------------------------------------------------------------------

    def _inline(
        self, inline: Token, place: Callable[[int], int], first_line: int, in_table: bool
    ) -> Iterator[tuple[int, int, str]]:
        assert inline.map is not None
        for opened in _UNOPENED.finditer(inline.content):
            self.line = first_line + inline.map[0] + inline.content.count("\n", 0, opened.start())
            self._problem(
                f"'{opened[0].strip()}' does not begin a directive",
                "put no backtick after a fence of backticks; use ':::'",
            )
        for token in inline.children or ():
            if token.type in _UNSUPPORTED:
                self._unsupported(_UNSUPPORTED[token.type])
            if "attributes" in token.meta:  # classes and the like, after a link or code
                start, end = token.meta["attributes"]
                yield place(start), place(end), ""
            if "span" not in token.meta:
                continue
            start, end = token.meta["span"]
            self.line = first_line + inline.map[0] + inline.content.count("\n", 0, start)
            if token.type == "link_open":
                label_end = token.meta["label_end"]
                for a, b, text in self._link(token, start, label_end, end, inline.content):
                    yield place(a), place(b), text
                continue
            if token.type == "span_open":
                yield place(start), place(start + 1), ""
                yield place(token.meta["label_end"]), place(end), ""
                continue
            if token.type == "image":
                new = self._image(token.content, str(token.attrs["src"]))
                changed = not _EXTERNAL.match(str(token.attrs["src"]))
            elif token.type == "myst_role":
                new, changed = self._role(token.meta["name"], token.content), True
            else:  # a formula: on one line, so that nothing comes between its dollars
                new = _joined(inline.content[start:end])
                changed = "\n" in inline.content[start:end] or (in_table and "|" in new)
            if changed:
                yield place(start), place(end), _no_bars(new) if in_table else new

    def _link(
        self, token: Token, start: int, label_end: int, end: int, content: str
    ) -> list[tuple[int, int, str]]:
        """The edits that point a link at the site, or leave its text alone without one."""
        target = str(token.attrs["href"])
        if _EXTERNAL.match(target):
            return []
        name, _, anchor = target.partition("#")
        page = self.context.page(name) if name else None
        if anchor and (page or not name):
            label = self._label(anchor)
            place, text = f"{label.page}.html#{label.anchor}", label.text
        elif page:
            place, text = f"{page}.html", self.context.pages[page]
        elif target in self.context.labels:
            label = self._label(target)
            place, text = f"{label.page}.html#{label.anchor}", label.text
        else:
            self._problem(
                f"the link '{target}' leads to no page of the course",
                "link a page (02_rnn_cell.md), a label (#rnn_cell-step) or a full address",
            )
            return []
        if not content[start + 1 : label_end].strip():
            return [(start, end, self.context.link(text, place))]
        if not self.context.base_url:
            return [(start, start + 1, ""), (label_end, end, "")]
        return [(label_end, end, f"]({self.context.url(place)})")]

    def _image(self, alt: str, path: str) -> str:
        if _EXTERNAL.match(path):
            return f"![{alt}]({path})"
        if not self.context.base_url:
            return f"*Figure: {alt}*"
        return f"![{alt}]({self.context.url(f'_images/{PurePosixPath(path).name}')})"

    def _role(self, name: str, content: str) -> str:
        writer = _ROLES.get(name)
        if writer is None:
            self._problem(
                f"a notebook cannot show the role '{name}'", f"use one of {', '.join(_ROLES)}"
            )
            return ""
        match = _EXPLICIT.fullmatch(content.strip())
        text, target = match.groups() if match else ("", content.strip())
        return writer(self, text, " ".join(target.split()), content)

    def _term(self, text: str, target: str, _: str) -> str:
        anchor = self.context.terms.get(target.lower())
        if anchor is None:
            self._problem(f"the glossary has no term '{target}'", "add it to glossary.yml")
            return ""
        return self.context.link(text or target, f"glossary.html#{anchor}")

    def _ref(self, text: str, target: str, _: str) -> str:
        label = self._label(target)
        if not (text or label.text):
            self._problem(
                f"the label '{target}' stands above no heading",
                f"say what the link is called: {{ref}}`text <{target}>`",
            )
        return self.context.link(text or label.text, f"{label.page}.html#{label.anchor}")

    def _numref(self, text: str, target: str, _: str) -> str:
        label = self._label(target)
        words = text.replace("%s", label.number).replace("{number}", label.number)
        words = words.replace("{name}", label.text)
        return self.context.link(words or label.text, f"{label.page}.html#{label.anchor}")

    def _eq(self, text: str, target: str, _: str) -> str:
        label = self._label(target)
        return self.context.link(text or label.text, f"{label.page}.html#{label.anchor}")

    def _doc(self, text: str, target: str, _: str) -> str:
        page = self.context.page(target)
        if page is None:
            self._problem(f"there is no page '{target}'", "name a chapter such as 02_rnn_cell")
            return ""
        return self.context.link(text or self.context.pages[page], f"{page}.html")

    def _cite_t(self, *texts: str) -> str:
        cited = [self.context.link(f"{c.authors} ({c.year})", c.place) for c in self._cited(texts)]
        last = " and ".join(cited[-2:])
        return ", ".join([*cited[:-2], last])

    def _cite_p(self, *texts: str) -> str:
        cited = [self.context.link(f"{c.authors}, {c.year}", c.place) for c in self._cited(texts)]
        return f"({'; '.join(cited)})"

    def _cited(self, texts: tuple[str, ...]) -> list[Citation]:
        found = []
        for key in re.split(r"\s*,\s*", texts[-1].strip()):
            if key in self.context.citations:
                found.append(self.context.citations[key])
            else:
                self._problem(f"references.bib has no entry '{key}'", "add it, or mend the key")
        return found

    def _label(self, name: str) -> Label:
        label = self.context.labels.get(name) or self.context.labels.get(name.lower())
        if label is None:
            self._problem(f"there is no label '{name}'", f"mend it, or put '({name})=' somewhere")
        return label or Label("", "", "-")

    def _unsupported(self, kind: str) -> None:
        self._problem(f"a notebook cannot show a {kind}", "say it in the text")

    def _problem(self, fault: str, mend: str) -> None:
        self.problems.append(Problem(self.line, fault, mend))


def _wrap(before: str, after: str) -> Callable[[_Converter, str, str, str], str]:
    return lambda converter, text, target, content: f"{before}{content}{after}"


#: What each role becomes, given its text, its target and both as they were written.
_ROLES: dict[str, Callable[[_Converter, str, str, str], str]] = {
    "abbr": lambda converter, text, target, content: content,
    "cite": _Converter._cite_p,
    "cite:p": _Converter._cite_p,
    "cite:t": _Converter._cite_t,
    "code": _wrap("`", "`"),
    "doc": _Converter._doc,
    "eq": _Converter._eq,
    "kbd": _wrap("<kbd>", "</kbd>"),
    "math": _wrap("$", "$"),
    "numref": _Converter._numref,
    "ref": _Converter._ref,
    "sub": _wrap("<sub>", "</sub>"),
    "subscript": _wrap("<sub>", "</sub>"),
    "sup": _wrap("<sup>", "</sup>"),
    "superscript": _wrap("<sup>", "</sup>"),
    "term": _Converter._term,
}


# --- parsing ----------------------------------------------------------------------------


@cache
def _parser(front_matter: bool = False) -> MarkdownIt:
    """The site's parser, whose inline tokens also know where they stand."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    config = MdParserConfig(
        enable_extensions={
            "amsmath",
            "attrs_inline",
            "colon_fence",
            "deflist",
            "dollarmath",
            "substitution",
            "tasklist",
        },
        dmath_double_inline=True,
    )
    parser = create_md_parser(config, RendererHTML)
    if not front_matter:
        parser.disable("front_matter")
    for rule in parser.inline.ruler.__rules__:
        if rule.name in ("myst_role", "link", "image", "math_inline", "span"):
            rule.fn = _with_span(rule.fn)
        elif rule.name == "attr":
            rule.fn = _with_attributes(rule.fn)
    parser.inline.ruler.__cache__ = None
    return parser


def _with_span(rule: Callable[[Any, bool], bool]) -> Callable[[Any, bool], bool]:
    kinds = ("link_open", "span_open", "image", "myst_role", "math_inline", "math_inline_double")

    def spanned(state: Any, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent:
            token = next((t for t in state.tokens[before:] if t.type in kinds), None)
            if token is not None:
                token.meta["span"] = (start, state.pos)
                if token.type in ("link_open", "span_open"):
                    token.meta["label_end"] = state.md.helpers.parseLinkLabel(state, start)
        return matched

    return spanned


def _with_attributes(rule: Callable[[Any, bool], bool]) -> Callable[[Any, bool], bool]:
    def spanned(state: Any, silent: bool) -> bool:
        start = state.pos
        matched = rule(state, silent)
        if matched and not silent:
            state.tokens[-1].meta["attributes"] = (start, state.pos)
        return matched

    return spanned


def _all_tokens(parser: MarkdownIt, text: str) -> Iterator[tuple[Token, Token | None]]:
    """Every block token of a page with the one after it, also those inside directives."""
    tokens = parser.parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        yield token, following
        name, _ = _directive(token)
        if name in ADMONITIONS or name in ("admonition", "exercise"):
            yield from _all_tokens(_parser(), _options(token.content)[1])


def _directive(token: Token) -> tuple[str, str]:
    """The name and the argument of a directive; empty if the token is none."""
    if token.type not in ("fence", "colon_fence"):
        return "", ""
    match = _DIRECTIVE.fullmatch(token.info.strip())
    return (match[1], match[2].strip()) if match else ("", "")


def _options(content: str) -> tuple[dict[str, str], str, int]:
    """Split a directive's content into its options, its body and the lines above the body."""
    lines = content.rstrip().split("\n")
    options: dict[str, str] = {}
    skipped = 0
    if lines and lines[0].strip() == "---" and "---" in [row.strip() for row in lines[1:]]:
        end = [row.strip() for row in lines[1:]].index("---") + 1
        found = yaml.safe_load("\n".join(lines[1:end])) or {}
        options = {str(key): "" if value is None else str(value) for key, value in found.items()}
        skipped = end + 1
    else:
        key = ""
        while skipped < len(lines):
            match = re.fullmatch(r":([\w-]+):(?:\s+(.*))?", lines[skipped].rstrip())
            if match:
                key = match[1]
                options[key] = (match[2] or "").strip()
            elif key and re.match(r"\s+\S", lines[skipped]):  # an option that goes on
                options[key] += " " + lines[skipped].strip()
            else:
                break
            skipped += 1
    while skipped < len(lines) and not lines[skipped].strip():
        skipped += 1
    return options, "\n".join(lines[skipped:]), skipped


def _rows(body: str) -> list[list[tuple[str, int]]]:
    """The cells of a list-table, each with the line of the body that it begins on."""
    lines = body.split("\n")
    rows: list[list[tuple[str, int]]] = []
    depth = 0
    for token in _parser().parse(body):
        if token.type == "bullet_list_open":
            depth += 1
        elif token.type == "bullet_list_close":
            depth -= 1
        elif token.type == "list_item_open" and depth == 1:
            rows.append([])
        elif token.type == "list_item_open" and depth == 2 and token.map and rows:
            first, end = token.map
            marker = re.match(r"(?:\s*[-*+])*", lines[first])
            assert marker is not None
            indent = marker.end() + 1
            rest = [
                row[indent:] if not row[:indent].strip() else row for row in lines[first + 1 : end]
            ]
            rows[-1].append(("\n".join([lines[first][indent:], *rest]), first))
    return rows


# --- editing ----------------------------------------------------------------------------


def _offsets(
    inline: Token, lines: list[str], starts: list[int], cursor: dict[int, int]
) -> Callable[[int], int]:
    """Where a position in an inline token's content stands in the source.

    The parser strips markers of lists and quotes, so each line of the content is found
    again at the end of its source line (or further left: headings and table cells).
    """
    assert inline.map is not None
    first = inline.map[0]
    where = []
    position = 0
    for number, text in enumerate(inline.content.split("\n")):
        row = lines[first + number]
        wanted = text.strip()
        indent = len(text) - len(text.lstrip())
        column = len(row.rstrip()) - len(wanted)
        if row[column:].rstrip() != wanted or cursor.get(first + number, 0) > 0 or "|" in row:
            found = row.find(wanted, cursor.get(first + number, 0))
            if found < 0:  # a bar in a table's cell is escaped in the source
                wanted = wanted.replace("|", r"\|")
                found = row.find(wanted, cursor.get(first + number, 0))
            column = found if found >= 0 else column
            cursor[first + number] = column + len(wanted)
        where.append((position, starts[first + number] + column - indent, text, wanted))
        position += len(text) + 1

    def place(offset: int) -> int:
        start, source, text, wanted = next(w for w in reversed(where) if w[0] <= offset)
        inside = offset - start
        if wanted != text.strip():
            inside += text[:inside].count("|")
        return source + inside

    return place


def _prefix(token: Token, lines: list[str]) -> str:
    """What stands before a block on its first line: markers of quotes and lists."""
    assert token.map is not None
    line = lines[token.map[0]]
    return line[: max(line.find(token.markup), 0)] if token.markup else ""


def _blank(lines: list[str], number: int) -> bool:
    return not 0 <= number < len(lines) or not lines[number].strip("> \t")


def _replacement(
    token: Token, new: str, lines: list[str], starts: list[int]
) -> tuple[int, int, str]:
    """Put a block's new text behind the markers that it stood behind, with air around it."""
    assert token.map is not None
    first, end = token.map
    while end > first + 1 and not lines[end - 1].strip():
        end -= 1
    prefix = _prefix(token, lines)
    follow = re.sub(r"[^>\s]", " ", prefix)
    rows = new.split("\n")
    if not _blank(lines, first - 1) and follow == prefix:
        rows.insert(0, "")
    if not _blank(lines, end):
        rows.append("")
    text = "\n".join([rows[0], *((follow + row).rstrip() for row in rows[1:])])
    return starts[first] + len(prefix), starts[end] - 1, text


def _removal(token: Token, lines: list[str], starts: list[int]) -> tuple[int, int, str]:
    """Take lines out, and the blank ones below if there is a blank one above already."""
    assert token.map is not None
    first, end = token.map
    if _blank(lines, first - 1):
        while end < len(lines) and not lines[end].strip():
            end += 1
        return starts[first], min(starts[end], starts[-1] - 1), ""
    return starts[first], min(starts[end], starts[-1] - 1), "" if _blank(lines, end) else "\n"


def _joined(formula: str) -> str:
    """A formula on one line, without its comments, which would swallow what follows."""
    rows = formula.split("\n")
    return " ".join(re.sub(r"(?<!\\)%.*", "", row).strip() for row in rows) if rows[1:] else formula


def _no_bars(text: str) -> str:
    """Make a text safe inside a Markdown table, whose cells end at a bar."""
    parts = re.split(r"(\$[^$]+\$)", text)
    for number, part in enumerate(parts):
        if number % 2:
            part = re.sub(r"\\\|", r"\\Vert ", part)
            parts[number] = part.replace("|", r"\vert ")
        else:
            parts[number] = re.sub(r"(?<!\\)\|", r"\\|", part)
    return "".join(parts)


# --- the course -------------------------------------------------------------------------


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None


def _page_numbers(toc: Path, continuous: bool) -> dict[str, tuple[int, ...]]:
    """The pages in the table of contents' order, each with its chapter number, if it has one."""
    if not toc.is_file():
        return {}
    from sphinx_external_toc.api import FileItem
    from sphinx_external_toc.parsing import parse_toc_yaml

    site = parse_toc_yaml(toc)
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
        name, _ = _directive(token)
        options = _options(token.content)[0] if name else {}
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
            caption = _options(token.content)[1].split("\n\n")[0]
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

    settings = (config.get("sphinx") or {}).get("config") or {}
    pattern = str(settings.get("bibtex_cite_id") or "")
    found = {}
    for key, entry in parse_file(str(path)).entries.items():
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = [
            " ".join(str(part) for part in (*p.rich_prelast_names, *p.rich_last_names))
            for p in people
        ]
        authors = " and ".join(names) if len(names) <= 2 else f"{names[0]} et al."
        place = f"{page}.html"
        if "{key}" in pattern:  # otherwise the anchors are numbers that only Sphinx knows
            place += "#" + make_id(pattern.format(key=key, bibliography_count=1))
        found[key] = Citation(
            authors or str(entry.rich_fields.get("title", key)),
            str(entry.fields.get("year", "n.d.")),
            place,
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
