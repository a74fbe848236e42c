"""Make HTML of what students wrote and printed: HTML that is read, and does nothing.

Everything here returns `Markup`, which the page's template takes as it is; any other text is
escaped there. Markdown and HTML go through bleach (nbconvert's own sanitiser uses it too) with
a short list of what may stay: no script, no style, nothing that is loaded, no id that could be
mistaken for one of the page's.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bleach.css_sanitizer import CSSSanitizer
from bleach.sanitizer import Cleaner
from markupsafe import Markup, escape
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from rnncourse.mathml import to_mathml

#: Of one text, in characters; what is more is cut out of its middle.
MAX_TEXT = 20_000

#: Of what a program printed, in lines.
MAX_LINES = 300

#: Of HTML, which cannot be cut.
MAX_HTML = 100_000

#: Of one image, in characters of base64.
MAX_IMAGE = 1_500_000

#: Elements within elements.
MAX_DEPTH = 100

#: Outputs of one cell.
MAX_OUTPUTS = 50

_TAGS = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em h3 h4 h5 h6 hr i "
    "img ins kbd li ol p pre q s samp small span strong sub summary sup table tbody td tfoot th "
    "thead tr u ul var"
)
_STYLES = ["font-style", "font-weight", "text-align", "text-decoration", "white-space"]
_PLAIN_ATTRIBUTES = {
    "abbr": {"title"},
    "a": {"title"},
    "img": {"alt", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
#: What Pygments calls the parts of a listing: a letter or two, perhaps a number.
_PYGMENTS_CLASS = re.compile(r"highlight|[a-z]{1,2}\d?")
_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_IMAGE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/\s]+={0,2}\s*")
#: Elements whose content is no text.
_NOT_TEXT = re.compile(
    r"<(script|style|template|iframe|object|svg|math|title|textarea|select|noscript)\b"
    r".*?(</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: A terminal's links and titles.
_COMMAND = re.compile("\x1b\\][^\x07\x1b]*(\x07|\x1b\\\\)")
#: A tag as bleach writes it: every value in double quotes.
_CLEAN_TAG = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')
_OPEN_OR_CLOSE = re.compile(r"<(/?)(?!(?:p|li|d[dt]|t[dhr]|br|hr|img|input|col)\b)[a-z]", re.I)
_OVERWRITTEN = re.compile(r"[^\n]*\r(?=[^\n])")


@lru_cache(maxsize=256)  # a class has the same tests
def code(source: str) -> Markup:
    """A listing with its words marked."""
    # not ensurenl, stripnl: the student's lines as they are
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    return Markup(highlight(_shortened(source), lexer, HtmlFormatter(nowrap=True)))


def terminal(text: str) -> Markup:
    """Text with a terminal's colours and overwritten lines."""
    # a progress bar goes back to the start of its line again and again: its last state counts
    text = _COMMAND.sub("", text.replace("\b", "").replace("\r\n", "\n"))
    text = _OVERWRITTEN.sub("", text)
    shown = ansi2html(_shortened(_few_lines(text)))
    # named colours have enough contrast on the page; others need not
    return Markup(re.sub(r'(<span[^>]*?) style="[^"]*"', r"\1", shown).replace("\x1b", ""))


def markdown(source: str, attachments: dict[str, Any] | None = None) -> Markup:
    """Markdown as a notebook shows it, with formulas as MathML and without harm."""
    return _rendered(_shortened(source), json.dumps(attachments or {}))


@lru_cache(maxsize=256)  # a class has the same exercises
def _rendered(source: str, attachments: str) -> Markup:
    known = _known_images(json.loads(attachments))
    renderer = _Renderer(escape=False, attachments=known, exclude_anchor_links=True)
    try:
        return renderer.put_formulas(clean(MarkdownWithMath(renderer=renderer).render(source)))
    except Exception:  # a text that the parser cannot take apart is shown as it is
        return _listing(escape(source))


def clean(text: str) -> Markup:
    """HTML without what could run, load, or change the page.

    Raises
    ------
    ValueError
        If it is nested so deeply that it would take minutes.
    """
    text = _NOT_TEXT.sub("", _CONTROL.sub("\ufffd", text))
    depth = 0
    for tag in _OPEN_OR_CLOSE.finditer(text):
        depth += -1 if tag[1] else 1
        if depth > MAX_DEPTH:
            raise ValueError("HTML that is nested too deeply")
    return Markup(re.sub(r"<img(?![^>]* src=)[^>]*>", "", _cleaner().clean(text)))


def sentence(text: str) -> Markup:
    """A message: text, with `names` in backticks set as code."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(_shortened(text)))))


def note(text: str) -> Markup:
    """Something that we say in the place of an output."""
    return Markup('<p class="note">{}</p>').format(text)


def outputs(cell: NotebookNode) -> list[Markup]:
    """What a code cell put out, each output in the best form that does no harm."""
    shown = [_output(output) for output in cell.outputs[:MAX_OUTPUTS]]
    if len(cell.outputs) > MAX_OUTPUTS:
        shown.append(note(f"{len(cell.outputs) - MAX_OUTPUTS} more outputs are left out."))
    return [output for output in shown if output]


def _output(output: NotebookNode) -> Markup:
    if output.output_type == "stream":
        return _listing(terminal(_joined(output.text)))
    if output.output_type == "error":
        return _listing(terminal("\n".join(output.traceback)))
    data = output.get("data", {})
    for kind, render in _RENDERERS.items():
        if kind in data:
            shown = render(_joined(data[kind]))
            if shown:
                return shown
    return note("An output that only a program can show is left out.")


def _image(kind: str) -> Callable[[str], Markup]:
    def render(data: str) -> Markup:
        data = re.sub(r"\s+", "", data)
        if len(data) > MAX_IMAGE:
            return note(f"An image of {len(data) * 0.75e-6:.1f} MB is left out.")
        try:
            base64.b64decode(data, validate=True)
        except binascii.Error:
            return Markup("")
        return Markup('<img src="data:image/{};base64,{}" alt="An output as an image">').format(
            kind, data
        )

    return render


def _svg(source: str) -> Markup:
    # inside <img> a drawing runs no script and loads nothing
    return _image("svg+xml")(base64.b64encode(source.encode(errors="replace")).decode())


def _html(source: str) -> Markup:
    try:
        shown = clean(source) if len(source) <= MAX_HTML else Markup("")
    except ValueError:
        return Markup("")  # there is a plain text, too
    is_empty = "<img" not in shown and not shown.striptags()
    return Markup("") if is_empty else _block(shown)


def _latex(source: str) -> Markup:
    formula = re.fullmatch(
        r"\s*(\$\$|\$|\\\[)?(?:\\displaystyle)?(.*?)(\$\$|\$|\\\])?\s*", source, re.DOTALL
    )
    try:
        return _block(Markup(to_mathml(formula[2].strip() if formula else source, display=True)))
    except ValueError:
        return _listing(escape(_shortened(source)))


#: The best form first.
_RENDERERS: dict[str, Callable[[str], Markup]] = {
    "image/png": _image("png"),
    "image/jpeg": _image("jpeg"),
    "image/gif": _image("gif"),
    "image/svg+xml": _svg,
    "text/html": _html,
    "text/markdown": lambda source: _block(markdown(source)),
    "text/latex": _latex,
    "text/plain": lambda text: _listing(terminal(text)),
}


class _Renderer(IPythonRenderer):
    """Markdown to HTML, with a place in it for each formula.

    bleach knows no MathML, and should not: formulas are put in after it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._formulas: list[tuple[Markup, Markup]] = []
        # nobody can write this: it is new each time
        self._mark = f"m{secrets.token_hex(16)}"

    def put_formulas(self, cleaned: Markup) -> Markup:
        """Put each formula in its place."""
        place = re.compile(rf"\[{self._mark}:(\d+)\]")
        # between tags alone: in an attribute a formula stands as its LaTeX, escaped
        parts = _CLEAN_TAG.split(cleaned)
        for number, part in enumerate(parts):
            is_tag = number % 2 == 1
            parts[number] = place.sub(lambda m, t=is_tag: self._formula(int(m[1]), t), part)
        return Markup("".join(parts))

    def inline_math(self, body: str) -> str:
        return self._placed(body, f"${body}$", display=False)

    def block_math(self, body: str) -> str:
        return self._placed(body, f"$${body}$$", display=True)

    def latex_environment(self, name: str, body: str) -> str:
        whole = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return self._placed(whole, whole, display=True)

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Below the page's own headings."""
        return str(super().heading(text, min(6, level + 2), **attrs))

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{html.escape(code)}</pre>"

    def _placed(self, body: str, written: str, display: bool) -> str:
        try:
            formula = Markup(to_mathml(body.strip(), display))
        except ValueError:
            formula = escape(written)
        self._formulas.append((formula, escape(written)))
        return f"[{self._mark}:{len(self._formulas) - 1}]"

    def _formula(self, number: int, in_tag: bool) -> str:
        return str(self._formulas[number][in_tag])


@lru_cache(maxsize=1)
def _cleaner() -> Cleaner:
    return Cleaner(
        tags=frozenset(_TAGS.split()),
        attributes=_may_stay,
        protocols=["http", "https", "mailto", "data"],
        strip=True,
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES, allowed_svg_properties=[]),
    )


def _may_stay(tag: str, name: str, value: str) -> bool:
    if name == "style":
        return True  # the CSS sanitiser looks at it
    if name == "class":
        return tag in ("div", "span") and bool(_PYGMENTS_CLASS.fullmatch(value))
    if tag == "a" and name == "href":
        return bool(_LINK.match(value))
    if tag == "img" and name == "src":
        return len(value) <= MAX_IMAGE and bool(_IMAGE.fullmatch(value))
    return name in _PLAIN_ATTRIBUTES.get(tag, ())


def _known_images(attachments: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The attachments of a cell that have the form that they should."""
    return {
        name: {kind: _joined(data) for kind, data in kinds.items()}
        for name, kinds in attachments.items()
        if isinstance(kinds, dict)
    }


def _block(content: Markup) -> Markup:
    return Markup('<div class="rich" tabindex="0">') + content + Markup("</div>")


def _listing(content: Markup) -> Markup:
    if not content.strip():
        return Markup("")
    return Markup('<pre tabindex="0">') + content + Markup("</pre>")


def _joined(text: Any) -> str:
    """A text of a notebook, which may be stored as a list of lines."""
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _few_lines(text: str) -> str:
    lines = text.split("\n")
    if len(lines) <= MAX_LINES:
        return text
    head, tail = lines[: MAX_LINES * 3 // 4], lines[-MAX_LINES // 4 :]
    note = f"[... {len(lines) - MAX_LINES:,} more lines are left out ...]"
    return "\n".join([*head, "", note, "", *tail])


def _shortened(text: str) -> str:
    text = _CONTROL.sub("\ufffd", text)
    if len(text) <= MAX_TEXT:
        return text
    # the end of a long output often says what went wrong
    head, tail = text[: MAX_TEXT * 3 // 4], text[-MAX_TEXT // 4 :]
    return f"{head}\n\n[... {len(text) - MAX_TEXT:,} more characters are left out ...]\n\n{tail}"
