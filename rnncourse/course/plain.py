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
from dataclasses import dataclass
from pathlib import PurePosixPath

from markdown_it.token import Token

from rnncourse.course._links import Citation, Label, PlainContext, plain_context
from rnncourse.course._myst import (
    ADMONITIONS,
    directive,
    joined,
    no_bars,
    offsets,
    options_of,
    parser,
    prefix_of,
    removal,
    replacement,
    rows_of,
)

__all__ = [
    "Citation",
    "Label",
    "PlainContext",
    "PlainError",
    "Problem",
    "cited_sources",
    "plain_context",
    "plain_markdown",
]

_EXPLICIT = re.compile(r"(.*?)\s*<([^<>]+)>", re.DOTALL)
_CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
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


def cited_sources(sources: Iterable[str], context: PlainContext) -> list[str]:
    """The bibliography's entries that some Markdown cites, in the order of their authors."""
    cited = {
        key.strip()
        for source in sources
        for keys in _CITED.findall(source)
        for key in keys.split(",")
    }
    found = [context.citations[key] for key in cited if key in context.citations]
    return [c.entry for c in sorted(found, key=lambda c: (c.authors, c.year, c.entry))]


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
        tokens = parser().parse(source)
        edits: list[tuple[int, int, str]] = []
        cursor: dict[int, int] = {}
        for position, token in enumerate(tokens):
            if token.map is None:
                continue
            self.line = first_line + token.map[0]
            if token.type == "inline":
                in_table = tokens[position - 1].type in ("th_open", "td_open")
                place = offsets(token, lines, starts, cursor)
                edits += self._inline(token, place, first_line, in_table)
            elif token.type in _REMOVED:
                edits.append(removal(token, lines, starts))
            elif token.type in _UNSUPPORTED:
                self._unsupported(_UNSUPPORTED[token.type])
            else:
                quoted = one_line_math or ">" in prefix_of(token, lines)
                new = self._block(token, first_line + token.map[0] + 1, quoted)
                if new is not None:
                    edits.append(replacement(token, new, lines, starts))
        for start, end, text in sorted(edits, reverse=True):
            source = source[:start] + text + source[end:]
        return source.strip("\n")

    # --- blocks -------------------------------------------------------------------------

    def _block(self, token: Token, body_line: int, quoted: bool) -> str | None:
        """The plain form of a directive or a displayed formula; None for everything else."""
        if token.type in ("math_block", "math_block_label"):
            return self._math(token.content, token.info, quoted)
        if token.type == "amsmath":
            return f"$$ {joined(token.content)} $$" if quoted else None
        name, argument = directive(token)
        if not name:
            if token.type == "colon_fence":
                self._problem(f"':::{token.info.strip()}' is not a directive", "write ':::{name}'")
            return None
        options, body, skipped = options_of(token.content)
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
            return f"$$ {joined(content)} $$"
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
        rows = [[self._cell(cell, line + offset) for cell, offset in row] for row in rows_of(body)]
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
        return "<br>".join(no_bars(" ".join(p.split())) for p in paragraphs)

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
                new = joined(inline.content[start:end])
                changed = "\n" in inline.content[start:end] or (in_table and "|" in new)
            if changed:
                yield place(start), place(end), no_bars(new) if in_table else new

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
