"""The course's own Sphinx extension: what the book shows beside the chapters.

- ``{course-glossary}`` makes the glossary page from ``glossary.yml``.
- Each chapter offers its notebook below its title.
- Exercise cells are marked, so that the style sheet can tell them from demonstrations.
- A chapter is read again when its stored outputs changed.
- All pages are written again when a style sheet or a script of ours changed.
- The bibliography is labelled with authors and year, as the text cites it.
- MathJax and the scripts of the hover tips are served from the site, and only what is used.
"""

from __future__ import annotations

import hashlib
import html
import importlib.util
import pickle
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.util.fileutil import copy_asset
from sphinx.util.logging import getLogger
from sphinx.util.nodes import make_id
from sphinx.util.typing import ExtensionMetadata

from rnncourse.course import citations
from rnncourse.course.glossary import Term, read_glossary

_LOGGER = getLogger(__name__)
_ASSETS = Path(str(resources.files("rnncourse.course"))) / "assets"
#: The parts of MathJax that a page may ask for; the whole of it is eight times as large.
_MATHJAX = ("tex-chtml.js", "a11y", "input/tex/extensions", "output/chtml/fonts/woff-v2")
#: Branch of the repository that holds the student notebooks, for Colab.
_NOTEBOOK_BRANCH = "notebooks"


class CourseGlossary(SphinxDirective):
    """A Sphinx glossary of the terms in ``glossary.yml``, next to the configuration."""

    def run(self) -> list[nodes.Node]:
        from sphinx.addnodes import glossary

        path = Path(self.env.srcdir) / "glossary.yml"
        self.env.note_dependency(str(path))
        terms, faults = read_glossary(path, Path(path.name))
        for fault in faults:
            _LOGGER.warning(f"{fault.fault}; {fault.mend}", location=f"{fault.path}:{fault.line}")
        entries = [self._entry(term) for term in terms]
        listed = nodes.definition_list("", *entries, classes=["glossary"])
        return [glossary("", listed, sorted=False)]

    def _entry(self, term: Term) -> nodes.Node:
        anchor = make_id(self.env, self.state.document, "term", term.term)
        name = nodes.term("", term.term, ids=[anchor])
        self.state.document.note_explicit_target(name)
        standard: Any = self.env.get_domain("std")
        for spelling in term.names:
            standard._note_term(spelling, anchor, location=name)
        if term.also:
            name += nodes.inline("", ", ".join(("", *term.also)), classes=["synonyms"])
        if japanese := "、".join(name for name in term.names if name in (term.ja, *term.also_ja)):
            # docutils turns the class language-ja into lang="ja"
            name += [nodes.Text(" "), nodes.inline("", japanese, classes=["language-ja"])]
        definition = nodes.definition()
        self._parse(term.definition, definition)
        if term.contrast:
            self._parse(f"Compare: {{term}}`{term.contrast}`.", definition)
        return nodes.definition_list_item("", name, definition)

    def _parse(self, markdown: str, into: nodes.Element) -> None:
        self.state.nested_parse(StringList(markdown.splitlines(), "glossary.yml"), 0, into)


def watch_outputs(app: Sphinx, document: str, source: list[str]) -> None:
    """Read a chapter again when its stored outputs changed, though its text did not."""
    if _is_chapter(document):
        record = f"{Path(app.outdir).parent}/outputs/{PurePosixPath(document).name}.json"
        app.env.note_dependency(record)


def mark_exercises(app: Sphinx, doctree: nodes.document) -> None:
    """Give the cells of an exercise a class: ``exercise-stub`` or ``exercise-tests``."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            metadata = cell.get("cell_metadata", {})
            cell["classes"] += [
                f"exercise-{kind}"
                for key, kind in (("exercise", "stub"), ("tests", "tests"))
                if key in metadata
            ]


def offer_notebook(app: Sphinx, doctree: nodes.document, document: str) -> None:
    """Put the links to a chapter's notebook below its title."""
    title = next(doctree.findall(nodes.title), None)
    if not _is_chapter(document) or title is None:
        return
    name = PurePosixPath(document).name
    root = "../" * document.count("/")
    links = [f'<a href="{root}notebooks/{name}.ipynb" download>download (.ipynb)</a>']
    if address := _colab_address(app.config.html_theme_options.get("repository_url"), name):
        links.append(f'<a href="{html.escape(address)}">open in Colab</a>')
    line = f'<p class="notebook-links">Notebook: {" · ".join(links)}</p>'
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", line, format="html"))


def drop_thebe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Leave out Jupyter Book's live-code scripts: unused here, and declared twice."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if not _is_thebe(file)]


def mend_roles(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Drop the roles that docutils gives a bibliography, which screen readers stumble over."""
    for role in (' role="list"', ' role="doc-biblioentry"'):
        context["body"] = context.get("body", "").replace(f"<div{role}", "<div")
        context["body"] = context["body"].replace(f"{role}>", ">")


def watch_assets(app: Sphinx, config: Config) -> None:
    """Let Sphinx write all pages again, and copy their files, when one of these files changed.

    On its own it copies them only if some page is out of date, and then only that page asks for
    the new version.
    """
    folders = [Path(app.srcdir) / name for name in config.html_static_path]
    files = sorted(file for folder in (*folders, _ASSETS) for file in folder.rglob("*"))
    known = hashlib.sha256()
    for file in files:
        if file.is_file():
            known.update(file.name.encode() + file.read_bytes())
    config.course_assets = known.hexdigest()


def serve_scripts(app: Sphinx) -> None:
    """Make the vendored scripts part of the site and MathJax load from it."""
    app.config.html_static_path.append(str(_ASSETS))
    app.config.mathjax_path = "mathjax/tex-chtml.js"


def copy_mathjax(app: Sphinx, error: Exception | None) -> None:
    """Copy MathJax from its Python package into the site."""
    if error is not None or app.builder.format != "html":
        return
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    if package is None or package.origin is None:
        _LOGGER.warning("MathJax is missing; install the package sphinx-mathjax-offline")
        return
    source = Path(package.origin).parent / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    for part in _MATHJAX:
        if not (target / part).exists():
            copy_asset(source / part, target / part if "." not in part else target)


def load_tips(app: Sphinx) -> None:
    """Give sphinx-tippy what it knew of the pages that this build does not write again.

    Without it a changed chapter would lose its tips to unchanged pages. What the pickled
    environment holds is older: it is stored before the pages are written.
    """
    file = _tips_file(app)
    if file.is_file():
        data = pickle.loads(file.read_bytes())
        for page, tips in data["pages"].items():  # the checkout may have moved since
            tips["js_path"] = _tips_folder(app) / Path(page).parent / tips["js_path"].name
        app.env.tippy_data = data  # type: ignore[attr-defined]


def save_tips(app: Sphinx, error: Exception | None) -> None:
    """Keep what `load_tips` reads, and drop the scripts of earlier builds."""
    data = getattr(app.env, "tippy_data", None)
    if error is not None or data is None:
        return
    known = app.env.all_docs
    data["pages"] = {page: tips for page, tips in data["pages"].items() if page in known}
    _tips_file(app).write_bytes(pickle.dumps(data))
    current = {tips["js_path"] for tips in data["pages"].values()}
    folder = _tips_folder(app)
    for script in folder.rglob("*.js"):
        page = str(PurePosixPath(script.relative_to(folder))).split(".")[0]
        if script not in current and (page in data["pages"] or page not in known):
            script.unlink()


def drop_removed_pages(app: Sphinx, error: Exception | None) -> None:
    """Take out pages whose source is gone, or no longer in the table of contents."""
    if error is not None or app.builder.format != "html":
        return
    kept = {*app.env.all_docs, "genindex", "search"}
    for page in Path(app.outdir).rglob("*.html"):
        name = page.relative_to(app.outdir).with_suffix("").as_posix()
        if name not in kept and not name.startswith("_static/"):
            page.unlink()


def _tips_file(app: Sphinx) -> Path:
    return Path(app.doctreedir) / "tips.pickle"


def _tips_folder(app: Sphinx) -> Path:
    return Path(app.outdir) / "_static" / "tippy"


def _is_chapter(document: str) -> bool:
    return document.startswith("chapters/")


def _is_thebe(file: Any) -> bool:
    return "thebe" in f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}".lower()


def _colab_address(repository: str | None, name: str) -> str | None:
    prefix = "https://github.com/"
    if not repository or not repository.startswith(prefix):
        return None
    place = repository.removeprefix(prefix).rstrip("/").removesuffix(".git")
    return (
        f"https://colab.research.google.com/github/{place}/blob/{_NOTEBOOK_BRANCH}"
        f"/{name}/{name}.ipynb"
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    citations.register()
    app.add_directive("course-glossary", CourseGlossary)
    app.add_config_value("course_assets", "", "html", [str])
    app.connect("config-inited", watch_assets)
    app.connect("builder-inited", serve_scripts)
    app.connect("builder-inited", load_tips)
    app.connect("source-read", watch_outputs)
    app.connect("doctree-read", mark_exercises)
    app.connect("doctree-resolved", offer_notebook)
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("html-page-context", mend_roles)
    app.connect("build-finished", copy_mathjax)
    app.connect("build-finished", drop_removed_pages)
    app.connect("build-finished", save_tips, priority=900)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": False,
    }
