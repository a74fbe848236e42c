"""Where directives, roles and links stand in a MyST text, and how to edit those places.

The site's own parser reads the text, so what it takes for a directive is what the site
shows as one. Inline tokens get their span in ``token.meta``, which the parser by itself
does not note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

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


@cache
def parser(front_matter: bool = False) -> MarkdownIt:
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
    made = create_md_parser(config, RendererHTML)
    if not front_matter:
        made.disable("front_matter")
    for rule in made.inline.ruler.__rules__:
        if rule.name in ("myst_role", "link", "image", "math_inline", "span"):
            rule.fn = _with_span(rule.fn)
        elif rule.name == "attr":
            rule.fn = _with_attributes(rule.fn)
    made.inline.ruler.__cache__ = None
    return made


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


def all_tokens(reader: MarkdownIt, text: str) -> Iterator[tuple[Token, Token | None]]:
    """Every block token of a page with the one after it, also those inside directives."""
    tokens = reader.parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        yield token, following
        name, _ = directive(token)
        if name in ADMONITIONS or name in ("admonition", "exercise"):
            yield from all_tokens(parser(), options_of(token.content)[1])


def directive(token: Token) -> tuple[str, str]:
    """The name and the argument of a directive; empty if the token is none."""
    if token.type not in ("fence", "colon_fence"):
        return "", ""
    match = _DIRECTIVE.fullmatch(token.info.strip())
    return (match[1], match[2].strip()) if match else ("", "")


def options_of(content: str) -> tuple[dict[str, str], str, int]:
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


def rows_of(body: str) -> list[list[tuple[str, int]]]:
    """The cells of a list-table, each with the line of the body that it begins on."""
    lines = body.split("\n")
    rows: list[list[tuple[str, int]]] = []
    depth = 0
    for token in parser().parse(body):
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


# --- editing --------------------------------------------------------------------------


def offsets(
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


def prefix_of(token: Token, lines: list[str]) -> str:
    """What stands before a block on its first line: markers of quotes and lists."""
    assert token.map is not None
    line = lines[token.map[0]]
    return line[: max(line.find(token.markup), 0)] if token.markup else ""


def _blank(lines: list[str], number: int) -> bool:
    return not 0 <= number < len(lines) or not lines[number].strip("> \t")


def replacement(
    token: Token, new: str, lines: list[str], starts: list[int]
) -> tuple[int, int, str]:
    """Put a block's new text behind the markers that it stood behind, with air around it."""
    assert token.map is not None
    first, end = token.map
    while end > first + 1 and not lines[end - 1].strip():
        end -= 1
    prefix = prefix_of(token, lines)
    follow = re.sub(r"[^>\s]", " ", prefix)
    rows = new.split("\n")
    if not _blank(lines, first - 1) and follow == prefix:
        rows.insert(0, "")
    if not _blank(lines, end):
        rows.append("")
    text = "\n".join([rows[0], *((follow + row).rstrip() for row in rows[1:])])
    return starts[first] + len(prefix), starts[end] - 1, text


def removal(token: Token, lines: list[str], starts: list[int]) -> tuple[int, int, str]:
    """Take lines out, and the blank ones below if there is a blank one above already."""
    assert token.map is not None
    first, end = token.map
    if _blank(lines, first - 1):
        while end < len(lines) and not lines[end].strip():
            end += 1
        return starts[first], min(starts[end], starts[-1] - 1), ""
    return starts[first], min(starts[end], starts[-1] - 1), "" if _blank(lines, end) else "\n"


def joined(formula: str) -> str:
    """A formula on one line, without its comments, which would swallow what follows."""
    rows = formula.split("\n")
    return " ".join(re.sub(r"(?<!\\)%.*", "", row).strip() for row in rows) if rows[1:] else formula


def no_bars(text: str) -> str:
    """Make a text safe inside a Markdown table, whose cells end at a bar."""
    parts = re.split(r"(\$[^$]+\$)", text)
    for number, part in enumerate(parts):
        if number % 2:
            part = re.sub(r"\\\|", r"\\Vert ", part)
            parts[number] = part.replace("|", r"\vert ")
        else:
            parts[number] = re.sub(r"(?<!\\)\|", r"\\|", part)
    return "".join(parts)
