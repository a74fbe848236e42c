"""What the extension makes of a book of two pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
from test_glossary import GOOD

CONF = """\
extensions = ["myst_nb", "sphinx_tippy", "rnncourse.course.sphinx_ext"]
tippy_js = ["tips/popper.min.js", "tips/tippy-bundle.umd.min.js"]
html_theme = "basic"
html_theme_options = {}
html_static_path = ["_static"]
html_css_files = ["book.css"]
nb_execution_mode = "off"
suppress_warnings = ["myst-nb.lexer"]
exclude_patterns = ["_build"]
"""
INDEX = """\
# Book

{term}`hidden state`, {term}`Recurrent state`, {term}`隠れ状態` and {term}`内部状態`.

```{course-glossary}
```

```{toctree}
chapters/01_first
```
"""
CHAPTER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
---

# First

Text about the {term}`hidden state`.

```{code-cell} ipython3
:exercise: double

def double(x):
    raise NotImplementedError
```

```{code-cell} ipython3
:points: 1
:tests: double

double(1)
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    root = tmp_path_factory.mktemp("book")
    (root / "chapters").mkdir()
    (root / "conf.py").write_text(CONF, encoding="utf-8")
    (root / "index.md").write_text(INDEX, encoding="utf-8")
    (root / "glossary.yml").write_text(GOOD, encoding="utf-8")
    (root / "chapters" / "01_first.md").write_text(CHAPTER, encoding="utf-8")
    (root / "_static").mkdir()
    (root / "_static" / "book.css").write_text("p {color: black}")
    record = root / "_build" / "outputs" / "01_first.json"
    record.parent.mkdir(parents=True)
    record.write_text("{}")
    built = build(root)
    assert built.returncode == 0, built.stderr
    return root


def build(root, *options):
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", *options]
    return subprocess.run(
        [*command, "-d", "_build/.doctrees", ".", "_build/html"],
        cwd=root,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )


def page(root, name):
    return (root / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")


def test_do_all_names_of_a_term_link_to_its_entry(book):
    assert page(book, "index").count('class="reference internal" href="#term-hidden-state"') == 4


def test_does_an_entry_show_both_languages_and_its_contrast(book):
    html = page(book, "index")
    assert '<span class="synonyms">, recurrent state</span>' in html
    assert 'lang="ja">隠れ状態、内部状態</span>' in html
    assert html.count('href="#term-cell-state"') >= 1


def test_does_a_chapter_offer_its_notebook_and_no_colab_without_a_repository(book):
    html = page(book, "chapters/01_first")
    assert '<a href="../notebooks/01_first.ipynb" download>' in html
    assert html.index("</h1>") < html.index("notebook-links") < html.index("Text about")
    assert "colab" not in html
    assert "notebook-links" not in page(book, "index")


def test_are_the_cells_of_an_exercise_told_from_others(book):
    html = page(book, "chapters/01_first")
    assert html.count("exercise-stub") == 1
    assert html.count("exercise-tests") == 1


def test_does_mathjax_come_with_the_site(book):
    static = book / "_build" / "html" / "_static"
    assert (static / "mathjax" / "tex-chtml.js").is_file()
    assert list((static / "mathjax" / "output" / "chtml" / "fonts" / "woff-v2").glob("*.woff"))
    assert (static / "tips" / "popper.min.js").is_file()


@pytest.fixture
def copy(book, tmp_path):
    shutil.copytree(book, tmp_path / "book")
    first = build(tmp_path / "book")  # the copy's files are new to Sphinx
    assert first.returncode == 0, first.stderr
    return tmp_path / "book"


def test_is_a_page_read_again_when_the_glossary_or_stored_outputs_changed(copy):
    assert "0 changed" in build(copy).stdout
    (copy / "glossary.yml").write_text(GOOD.replace("remembers", "recalls"), encoding="utf-8")
    assert "0 added, 1 changed" in build(copy).stdout
    assert "recalls" in page(copy, "index")
    (copy / "_build" / "outputs" / "01_first.json").write_text('{"new": 1}')
    assert "reading sources... [100%] chapters/01_first" in build(copy).stdout


def test_does_a_changed_style_sheet_alone_reach_every_page(copy):
    before = re.findall(r"book\.css\?v=\w+", page(copy, "index"))
    (copy / "_static" / "book.css").write_text("p {color: navy}")
    assert build(copy).returncode == 0
    assert "navy" in (copy / "_build" / "html" / "_static" / "book.css").read_text()
    for name in ("index", "chapters/01_first"):  # else a browser shows the one it has stored
        (asked,) = re.findall(r"book\.css\?v=\w+", page(copy, name))
        assert [asked] != before


def test_do_hover_tips_outlive_builds_that_write_only_some_pages(copy):
    for sentence in ("More.", "And more.", "Enough."):
        with (copy / "chapters" / "01_first.md").open("a", encoding="utf-8") as chapter:
            chapter.write(f"\n{sentence}\n")
        assert build(copy).returncode == 0
    scripts = copy / "_build" / "html" / "_static"
    asked = {}
    for name in ("index", "chapters/01_first"):
        (asked[name],) = re.findall(r"_static/(tippy/[^\"?]+\.js)", page(copy, name))
        assert (scripts / asked[name]).is_file()
    assert "What a network" in (scripts / asked["chapters/01_first"]).read_text(encoding="utf-8")
    assert len(list((scripts / "tippy").rglob("*.js"))) == 2


def test_does_a_fault_of_the_glossary_stop_the_build_with_its_line(copy):
    (copy / "glossary.yml").write_text(GOOD.replace("contrast: cell", "contrast: sell"))
    built = build(copy)
    assert built.returncode != 0
    assert "glossary.yml:5: WARNING: the contrast 'sell state'" in built.stderr


@pytest.mark.parametrize("address", ["https://github.com/me/rnn", "https://github.com/me/rnn.git"])
def test_does_a_repository_on_github_bring_the_link_to_colab(copy, address):
    (copy / "conf.py").write_text(
        CONF.replace("options = {}", f"options = {{'repository_url': '{address}'}}"),
    )
    built = build(copy, "-D", "suppress_warnings=config.cache")
    html = page(copy, "chapters/01_first")
    expected = "colab.research.google.com/github/me/rnn/blob/notebooks/01_first/01_first.ipynb"
    assert expected in html, built.stderr
