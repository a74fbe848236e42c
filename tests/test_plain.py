"""Does a student notebook say in plain Markdown what the chapter says in MyST?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncourse.course._myst import parser
from rnncourse.course.plain import (
    Citation,
    Label,
    PlainContext,
    PlainError,
    plain_context,
    plain_markdown,
)

ROOT = Path(__file__).parents[1]
SITE = "https://example.org/rnn"
CONTEXT = PlainContext(
    SITE,
    labels={
        "cell-step": Label("chapters/02_rnn_cell", "cell-step", "One step"),
        "nowhere": Label("chapters/02_rnn_cell", "nowhere"),
        "eq-h": Label("chapters/02_rnn_cell", "equation-eq-h", "(2.1)", "2.1"),
        "ex-step": Label("chapters/02_rnn_cell", "ex-step", "Exercise 2.1", "2.1"),
    },
    citations={
        "Elman1990": Citation("Elman", "1990", "references.html#elman1990"),
        "Bengio1994": Citation("Bengio et al.", "1994", "references.html#bengio1994"),
    },
    terms={"hidden state": "term-hidden-state", "隠れ状態": "term-hidden-state"},
    pages={"chapters/02_rnn_cell": "The cell", "index": "Welcome"},
)
UNPUBLISHED = PlainContext("", CONTEXT.labels, CONTEXT.citations, CONTEXT.terms, CONTEXT.pages)

PAGE = SITE + "/chapters/02_rnn_cell.html"
TERM = SITE + "/glossary.html#term-hidden-state"


def leftovers(text: str) -> list[str]:
    """The MyST that is still in a text, as the site's parser sees it."""
    found = []
    for token in parser().parse(text):
        if token.type.startswith("myst_") or token.type in ("colon_fence", "math_block_label"):
            found.append(token.type)
        if token.type == "fence" and token.info.lstrip().startswith("{"):
            found.append(token.info)
        for child in token.children or ():
            if child.type.startswith(("myst_", "substitution", "footnote")):
                found.append(child.content)
            if child.type == "text" and re.search(r":::|\{[\w:]+\}$", child.content):
                found.append(child.content)
    return found


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        ("{term}`hidden state`", f"[hidden state]({TERM})"),
        ("{term}`hidden states <hidden state>`", f"[hidden states]({TERM})"),
        ("{term}`Hidden state`", f"[Hidden state]({TERM})"),
        ("{term}`隠れ状態`", f"[隠れ状態]({TERM})"),
        ("{ref}`cell-step`", f"[One step]({PAGE}#cell-step)"),
        ("{ref}`the\nstep <cell-step>`", f"[the step]({PAGE}#cell-step)"),
        ("{ref}`here <nowhere>`", f"[here]({PAGE}#nowhere)"),
        ("{ref}`ex-step`", f"[Exercise 2.1]({PAGE}#ex-step)"),
        ("{numref}`ex-step`", f"[Exercise 2.1]({PAGE}#ex-step)"),
        ("{numref}`task %s <ex-step>`", f"[task 2.1]({PAGE}#ex-step)"),
        ("{eq}`eq-h`", f"[(2.1)]({PAGE}#equation-eq-h)"),
        ("{doc}`02_rnn_cell`", f"[The cell]({PAGE})"),
        ("{doc}`start <../index>`", f"[start]({SITE}/index.html)"),
        ("{cite:t}`Elman1990`", f"[Elman (1990)]({SITE}/references.html#elman1990)"),
        (
            "{cite:p}`Elman1990, Bengio1994`",
            f"([Elman, 1990]({SITE}/references.html#elman1990); "
            f"[Bengio et al., 1994]({SITE}/references.html#bengio1994))",
        ),
        ("{math}`h_t`", "$h_t$"),
        ("H{sub}`2`O, x{sup}`2`", "H<sub>2</sub>O, x<sup>2</sup>"),
        ("{abbr}`RNN (recurrent neural network)`", "RNN (recurrent neural network)"),
        ("[*one* step](02_rnn_cell.md#cell-step)", f"[*one* step]({PAGE}#cell-step)"),
        ("[](#cell-step)", f"[One step]({PAGE}#cell-step)"),
        ("[a {term}`hidden state`](../index.md)", f"[a [hidden state]({TERM})]({SITE}/index.html)"),
        (
            "[the step](#cell-step){.big} `x`{l=python} [so]{.small}",
            f"[the step]({PAGE}#cell-step) `x` so",
        ),
        ('![A wave](../_static/wave.png){width="80%"}', f"![A wave]({SITE}/_images/wave.png)"),
    ],
)
def test_what_a_notebook_shows_for_a_role_or_link(myst, plain):
    assert plain_markdown(myst, CONTEXT) == plain


@pytest.mark.parametrize(
    "text",
    [
        "Just *text*, `code`, $x_t$ and [a link](https://example.org).",
        "`{term}` and ``{ref}`x` `` are roles.",
        "```python\n(label)=\n% no comment\n{term}`x`\n:::{note}\n```",
        "- a\n  - b\n\n1. c",
        "| a | b |\n|---|---|\n| $x$ | 2 |",
        "$$\nh = x W_x\n$$",
        "<div>{term}`x`</div>",
        "![A wave](https://example.org/wave.png)",
        "\\begin{align}\na &= b \\\\\n{term}`x` &= c\n\\end{align}",
        "Costs \\$5, not {braces}.",
    ],
)
def test_plain_markdown_stays_as_it_is(text):
    assert plain_markdown(text, CONTEXT) == text


@given(st.text(alphabet="ab $`*_[]()!\\\n>-#|1.", max_size=60))
def test_text_without_myst_loses_nothing_but_the_air_around_it(text):
    try:
        plain = plain_markdown(text, PlainContext())
    except PlainError:
        return  # a link to nowhere
    links = re.sub(r"[\[\]()!*]", "", plain)
    kept = re.sub(r"[\[\]()!*]", "", text)
    if not re.search(r"\$|\]\(|\)=|!\[", text):
        assert links.split() == kept.split()


def test_an_admonition_becomes_a_quote_under_its_title():
    source = ":::{admonition} Predict {math}`h`\n:class: predict\n\nWhat comes?\n\n- a\n- b\n:::"
    assert plain_markdown(source, CONTEXT) == (
        "> **Predict $h$**\n>\n> What comes?\n>\n> - a\n> - b"
    )
    assert (
        plain_markdown("```{warning} Hot\nstuff\n```", CONTEXT)
        == "> **Warning**\n>\n> Hot\n> stuff"
    )


def test_an_exercise_has_its_number_and_what_is_nested_in_it():
    source = (
        "::::{exercise} Write `rnn_step`\n:label: ex-step\n\nUse {eq}`eq-h`.\n"
        ":::{tip}\n```python\n# {term}`x`\n```\n:::\n::::"
    )
    assert plain_markdown(source, CONTEXT) == (
        f"**Exercise 2.1: Write `rnn_step`**\n\nUse [(2.1)]({PAGE}#equation-eq-h).\n\n"
        "> **Tip**\n>\n> ```python\n> # {term}`x`\n> ```"
    )


def test_an_exercise_in_a_course_without_numbers_has_its_title_only():
    assert plain_markdown(":::{exercise} Trace\nDo.\n:::", PlainContext()) == (
        "**Exercise: Trace**\n\nDo."
    )


def test_equations_keep_their_numbers():
    assert plain_markdown("$$ h = x $$ (eq-h)", CONTEXT) == "$$\nh = x\n\\tag{2.1}\n$$"
    assert plain_markdown("```{math}\n:label: eq-h\n\nh = x\n```", CONTEXT) == (
        "$$\nh = x\n\\tag{2.1}\n$$"
    )
    aligned = "$$\n\\begin{align}\na &= b\n\\end{align}\n$$ (eq-h)"
    assert "\\tag{2.1}\\end{align}" in plain_markdown(aligned, CONTEXT).replace("\n", "")


def test_lines_of_a_formula_break_as_on_the_site():
    assert plain_markdown("$$\na \\\\\nb\n$$", CONTEXT) == (
        "$$\n\\begin{split}\na \\\\\nb\n\\end{split}\n$$"
    )


def test_a_formula_in_a_quote_stands_on_one_line():
    """JupyterLab takes a formula out before it reads the quote, '>' and all."""
    source = ":::{note}\nLet $a +\nb$ be.\n\n$$\nx % comment\n= y\n$$ (eq-h)\n:::"
    assert plain_markdown(source, CONTEXT) == (
        "> **Note**\n>\n> Let $a + b$ be.\n>\n> $$ x = y \\tag{2.1} $$"
    )
    assert plain_markdown("> $$\n> x\n> = y\n> $$", CONTEXT) == "> $$ x = y $$"


def test_a_figure_becomes_an_image_on_the_site_with_its_caption():
    source = (
        ":::{figure} ../_static/cell.svg\n:alt: A box with\n  a loop\n:width: 300px\n\n"
        "The *cell*.\n:::"
    )
    assert plain_markdown(source, CONTEXT) == (
        f"![A box with a loop]({SITE}/_images/cell.svg)\n\nThe *cell*."
    )
    assert plain_markdown(source, UNPUBLISHED) == "*Figure: A box with a loop*\n\nThe *cell*."


def test_a_list_table_becomes_a_table():
    source = (
        ":::{list-table} Kinds\n:header-rows: 1\n\n* - kind\n  - formula\n"
        "* - {term}`hidden state`\n\n    kept\n  - $|h|$ or `a|b`\n:::"
    )
    assert plain_markdown(source, CONTEXT) == (
        "**Kinds**\n\n| kind | formula |\n| --- | --- |\n"
        f"| [hidden state]({TERM})<br>kept | $\\vert h\\vert $ or `a\\|b` |"
    )


def test_roles_in_the_cells_of_a_table():
    source = "| a | b |\n|---|---|\n| {math}`a` | x\\|y {math}`a` |\n| {math}`|b|` | {math}`a` |"
    plain = plain_markdown(source.replace("`|b|`", "`\\|b\\|`"), CONTEXT)
    assert plain.splitlines()[2] == "| $a$ | x\\|y $a$ |"
    assert plain.splitlines()[3].startswith("| $\\vert b\\vert $ |")


def test_labels_comments_and_breaks_go_without_a_gap():
    source = (
        "(a)=\n# Title\n\n% a comment\n% goes on\n\nText.\n% between\nMore.\n\n"
        "(b)=\n\n(c)=\n## Two\n+++"
    )
    assert plain_markdown(source, CONTEXT) == "# Title\n\nText.\n\nMore.\n\n## Two"


def test_directives_inside_lists_and_quotes_stay_there():
    source = (
        "- one\n\n  :::{note}\n  {math}`a`\n  :::\n- :::{tip}\n  x\n  :::\n  y\n\n"
        "> :::{note}\n> z\n> :::"
    )
    assert plain_markdown(source, CONTEXT) == (
        "- one\n\n  > **Note**\n  >\n  > $a$\n\n- > **Tip**\n  >\n  > x\n\n  y\n\n"
        "> > **Note**\n> >\n> > z"
    )


def test_a_block_is_set_off_from_the_lines_around_it():
    assert plain_markdown("before\n:::{note}\nx\n:::\nafter", CONTEXT) == (
        "before\n\n> **Note**\n>\n> x\n\nafter"
    )


def test_without_a_site_links_are_their_text():
    source = "{term}`hidden state`, [the *cell*](02_rnn_cell.md), {cite:t}`Elman1990`, {doc}`index`"
    assert plain_markdown(source, UNPUBLISHED) == (
        "hidden state, the *cell*, Elman (1990), Welcome"
    )


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("\n\n:::{dropdown} x\ny\n:::", 2, "directive 'dropdown'"),
        ("a\nb {fancy}`x`", 1, "role 'fancy'"),
        (":::{note}\n:class: x\n\nok\n\n{term}`nonsense`\n:::", 5, "no term 'nonsense'"),
        (
            "::::{exercise} T\n:label: ex-step\n\na\n\n:::{tip}\nb\n{ref}`gone`\n:::\n::::",
            7,
            "'gone'",
        ),
        ("::::{tip}\na\n\n:::{nonsense}\n:::\n::::", 3, "directive 'nonsense'"),
        ("{ref}`nowhere`", 0, "above no heading"),
        ("{doc}`99_none`", 0, "no page '99_none'"),
        ("{cite:t}`Nobody2000`", 0, "no entry 'Nobody2000'"),
        ("[x](other.ipynb)", 0, "leads to no page"),
        (":::{figure} a.png\n:::", 0, "no alt text"),
        ("- a\n\n  ```{raw} html\n  ```", 2, "directive 'raw'"),
        ("x\n\n```{list-table} `code`\n* - a\n```", 2, "does not begin a directive"),
        (":::python\nx\n:::", 0, "is not a directive"),
        ("a[^1]\n\n[^1]: b", 0, "footnote"),
        ("a\n\nword\n: meaning", 2, "definition list"),
        ("text\n\n{{ version }}", 2, "substitution"),
        (":::{list-table}\n* - a\n  - b\n* - c\n:::", 0, "differ in length"),
    ],
)
def test_what_has_no_plain_form_is_named_with_its_line(source, line, words):
    with pytest.raises(PlainError) as caught:
        plain_markdown(source, CONTEXT)
    problems = caught.value.problems
    assert any(p.line == line and words in p.fault and p.mend for p in problems), problems
    assert str(caught.value).startswith(f"line {problems[0].line + 1}: ")


def test_all_problems_are_reported_at_once():
    with pytest.raises(PlainError) as caught:
        plain_markdown("{x}`a` {term}`b`\n\n:::{y}\n:::", CONTEXT)
    assert len(caught.value.problems) == 3


# --- the context, held against what Sphinx makes ------------------------------------------


def small_book(root: Path) -> None:
    (root / "chapters").mkdir(parents=True)
    files = {
        "_config.yml": f"""
            html: {{baseurl: {SITE}}}
            sphinx: {{config: {{bibtex_cite_id: "cite-{{key}}"}}}}
        """,
        "_toc.yml": """
            format: jb-book
            root: index
            parts:
              - numbered: true
                chapters: [{file: chapters/01_one}, {file: chapters/02_two}]
              - chapters: [{file: references}, {file: glossary}]
        """,
        "references.bib": """
            @article{Elman1990, author={Elman, Jeffrey L.}, title={T}, journal={J}, year={1990}}
            @article{Bengio1994, author={Bengio, Yoshua and Simard, P. and Frasconi, P.},
                title={T}, journal={J}, year={1994}}
            @article{Gers2000, author={van der Gers, F. and Schmid{\\"u}ber, J.}, title={T},
                journal={J}, year={2000}}
        """,
        "glossary.yml": """
            - {term: hidden state, ja: 隠れ状態, also: [recurrent state], definition: x}
        """,
        "index.md": "# Start\n",
        "references.md": "# References\n\n```{bibliography}\n```\n",
        "glossary.md": "# Glossary\n\n```{glossary}\nhidden state\n  x\n```\n",
        "chapters/01_one.md": "(one)=\n# One\n\n:::{exercise} A\n:label: ex-a\n\nx\n:::\n",
        "chapters/02_two.md": """
            (two_cells)=
            # Two `h` cells

            $$ a $$

            $$ b $$ (eq-b)

            (two-steps)=
            ## Steps of $x$

            ```{math}
            :label: eq_c
            c
            ```

            ::::{note}
            :::{exercise} B
            :label: ex-b_c

            x
            :::
            ::::

            :::{exercise} C
            :label: ex-c

            x
            :::

            {ref}`two_cells`, {ref}`two-steps`, {ref}`ex-a`, {ref}`ex-b_c`, {numref}`ex-c`,
            {eq}`eq-b`, {eq}`eq_c`, {term}`hidden state`, {doc}`01_one`,
            {cite:t}`Elman1990`, {cite:t}`Bengio1994`, {cite:t}`Gers2000`, {cite:p}`Elman1990`
        """,
    }
    for name, text in files.items():
        lines = text.strip("\n").split("\n")
        indent = len(lines[0]) - len(lines[0].lstrip())
        (root / name).write_text(
            "\n".join(line[indent:] for line in lines) + "\n", encoding="utf-8"
        )


def test_numbers_anchors_and_names_are_those_that_sphinx_makes(tmp_path):
    small_book(tmp_path)
    (tmp_path / "conf.py").write_text(
        "from sphinxcontrib.bibtex.style.referencing import BracketStyle\n"
        "import sphinxcontrib.bibtex.plugin\n"
        "from dataclasses import dataclass, field\n"
        "from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle\n"
        "def round(): return BracketStyle(left='(', right=')')\n"
        "@dataclass\n"
        "class Round(AuthorYearReferenceStyle):\n"
        "    bracket_parenthetical: BracketStyle = field(default_factory=round)\n"
        "    bracket_textual: BracketStyle = field(default_factory=round)\n"
        "sphinxcontrib.bibtex.plugin.register_plugin(\n"
        "    'sphinxcontrib.bibtex.style.referencing', 'round', Round)\n"
        "extensions = ['myst_parser', 'sphinx_external_toc', 'sphinx_multitoc_numbering',\n"
        "              'sphinx_exercise', 'sphinxcontrib.bibtex']\n"
        "external_toc_path = '_toc.yml'\n"
        "bibtex_bibfiles = ['references.bib']\n"
        "bibtex_cite_id = 'cite-{key}'\n"
        "bibtex_reference_style = 'round'\n"
        "myst_enable_extensions = ['colon_fence', 'dollarmath']\n"
        "html_theme = 'basic'\n"
    )
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-E", tmp_path, tmp_path / "_build"],
        check=True,
        capture_output=True,
    )
    html = (tmp_path / "_build/chapters/02_two.html").read_text(encoding="utf-8")
    paragraph = html[html.rindex("<p><a ") :]
    paragraph = paragraph[: paragraph.index("</p>")]
    made = []
    for anchor, inside in re.findall(
        r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', paragraph, re.DOTALL
    ):
        text = re.sub(r"<[^>]+>", "", inside)
        made.append((anchor.split("#")[-1], text))
    context = plain_context(tmp_path)
    source = (tmp_path / "chapters/02_two.md").read_text(encoding="utf-8")
    source = source.strip().split("\n\n")[-1]
    plain = plain_markdown(source, context)
    ours = [
        (url.split("#")[-1], text.replace("`", "").replace("$", ""))
        for text, url in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", plain)
    ]
    assert [text for _, text in ours[:9]] == [text for _, text in made[:9]]
    assert [anchor for anchor, _ in ours] == [
        anchor if "html" not in anchor else f"{SITE}/chapters/01_one.html" for anchor, _ in made
    ]
    words = re.sub(r"<[^>]+>", "", paragraph).replace("\xa0", " ").split("One,\n", 1)[1]
    assert re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", plain).split("One,\n", 1)[1].strip() == words


def test_synonyms_and_translations_of_a_term_lead_to_its_entry(tmp_path):
    small_book(tmp_path)
    terms = plain_context(tmp_path).terms
    assert terms == dict.fromkeys(
        ["hidden state", "隠れ状態", "recurrent state"], "term-hidden-state"
    )


def test_a_checkout_without_a_table_of_contents_has_titles_but_no_numbers(tmp_path):
    small_book(tmp_path)
    (tmp_path / "_toc.yml").unlink()
    assert plain_context(tmp_path).labels["ex-a"].text == "Exercise"


@pytest.mark.parametrize(("continuous", "number"), [("true", "2.1"), ("false", "1.2")])
def test_numbers_of_a_second_part_go_on_if_the_book_says_so(tmp_path, continuous, number):
    """Without that Sphinx begins again at chapter 1, and goes on counting its exercises."""
    small_book(tmp_path)
    toc = tmp_path / "_toc.yml"
    toc.write_text(
        toc.read_text().replace(
            ", {file: chapters/02_two}]",
            "]\n  - numbered: true\n    chapters: [{file: chapters/02_two}]",
        )
    )
    (tmp_path / "_config.yml").write_text(f"html: {{use_multitoc_numbering: {continuous}}}\n")
    assert plain_context(tmp_path).labels["ex-b_c"].number == number


@pytest.mark.parametrize("path", sorted((ROOT / "chapters").glob("*.md")), ids=lambda p: p.stem)
def test_no_myst_is_left_in_the_real_chapters(path):
    from rnncourse.course.source import read_chapter

    context = plain_context(ROOT)
    chapter, faults = read_chapter(path)
    assert not faults
    for cell in chapter.cells:
        if cell.role == "text":
            try:
                plain = plain_markdown(cell.source, context)
            except PlainError as error:
                places = [f"{path.name}:{cell.line + p.line}: {p.fault}" for p in error.problems]
                pytest.fail("\n".join(places))
            assert leftovers(plain) == [], plain
