"""What the build makes, and whether its links lead anywhere."""

import json
import re
import shutil
import zipfile
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from small_course import CHAPTER, write_small_course

from rnncourse.course import CourseError
from rnncourse.course import site as site_module
from rnncourse.course.plain import plain_context
from rnncourse.course.site import BuildError, build_site, checked_course
from rnncourse.errors import UserError
from rnncourse.files import locked


class Page(HTMLParser):
    """The links, anchors and images of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.links, self.anchors, self.images = [], {""}, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if values.get("id"):
            self.anchors.add(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag in ("link", "script", "img"):
            self.links.append(values.get("src") or values.get("href") or "")
        if tag == "img":
            self.images.append(values)


@pytest.fixture(scope="module")
def pages(site):
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path: Page(path.read_text(encoding="utf-8")) for path in paths}


def test_do_all_links_within_the_site_lead_somewhere(pages, site):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                broken.append(f"{path.relative_to(site)}: {link}")
            elif target in pages and unquote(parts.fragment) not in pages[target].anchors:
                broken.append(f"{path.relative_to(site)}: {link} (no such place)")
    assert broken == []


def test_do_pages_fetch_no_file_from_elsewhere(pages):
    loaded = re.compile(r"<(?:script|img|link|iframe)\b[^>]*(?:src|href)=\"(?:https?:)?//([^\"]+)")
    allowed = re.compile(r"rel=\"(canonical|author|license)\"")
    for path in pages:
        html = path.read_text(encoding="utf-8")
        found = [m.group(0) for m in loaded.finditer(html) if not allowed.search(m.group(0))]
        assert found == [], path.name


def test_has_every_figure_an_alternative_text_that_says_something(pages):
    for path, page in pages.items():
        for image in page.images:
            alt = image.get("alt") or ""
            assert len(alt) >= 25, f"{path.name}: {image}"
            assert not alt.startswith(".."), f"{path.name}: {image}"


def test_does_each_chapter_show_outputs_and_unsolved_stubs(site, course):
    for chapter in course:
        html = (site / "chapters" / f"{chapter.name}.html").read_text(encoding="utf-8")
        assert html.count("NotImplementedError") >= sum(
            not exercise.is_open for exercise in chapter.exercises.values()
        )
        assert "cell_output" in html


def test_is_each_chapters_notebook_on_the_site_and_the_released_one(site, root, course):
    for chapter in course:
        released = root / "_build" / "release" / chapter.name / f"{chapter.name}.ipynb"
        published = site / "notebooks" / f"{chapter.name}.ipynb"
        assert published.read_bytes() == released.read_bytes()
        nbformat.validate(nbformat.read(published, as_version=4))


def test_did_each_chapter_need_less_than_90_seconds_of_a_processor_and_2_gigabytes(
    site, root, course
):
    """Alone on two cores it takes no longer than that; the build runs two at a time."""
    for chapter in course:
        record = json.loads((root / "_build" / "outputs" / f"{chapter.name}.json").read_text())
        assert 1 < record["processor_seconds"] < 90, chapter.name
        assert 50 < record["megabytes"] < 2000, chapter.name


def test_did_the_last_build_execute_no_notebook(site, root):
    assert "Executing notebook" not in (root / "_build" / "site.log").read_text()


def test_are_faults_of_all_sources_reported_together(tmp_path):
    root = write_small_course(tmp_path, CHAPTER.replace(":points: 2", ":points: 0"))
    (root / "glossary.yml").write_text("- term: neuron\n  ja: ニューロン\n")
    (root / "quizzes" / "01_doubling.yml").write_text("warm-up: []\nclosing: []\n")
    with pytest.raises(CourseError) as caught:
        checked_course(root)
    files = {str(fault.path) for fault in caught.value.faults}
    assert files == {"chapters/01_doubling.md", "glossary.yml", "quizzes/01_doubling.yml"}


@pytest.fixture
def tiny_site(tmp_path):
    """A course small enough to build: one chapter, one page of glossary."""
    root = write_small_course(tmp_path)
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n"
        "  - file: chapters/01_doubling\n  - file: glossary\n"
    )
    (root / "index.md").write_text("# Home\n")
    (root / "glossary.md").write_text("# Terms\n\n```{course-glossary}\n```\n")
    (root / "README.md").write_text("# Small\n")
    (root / "pyproject.toml").write_text("")
    (root / "_config.yml").write_text(
        "title: Small\nonly_build_toc_files: true\n"
        "exclude_patterns: ['**/.*', _build, solutions, README.md]\n"
        "execute:\n  execute_notebooks: cache\n  cache: _build/.jupyter_cache\n"
        "parse:\n  myst_enable_extensions: [colon_fence, dollarmath]\n"
        "html:\n  baseurl: ''\n  use_repository_button: false\n"
        "sphinx:\n  recursive_update: true\n"
        "  extra_extensions: [sphinx_exercise, rnncourse.course.sphinx_ext]\n"
        "  config:\n    html_extra_path: [_build/extra]\n"
    )
    return root


def build(root, monkeypatch):
    monkeypatch.setattr(site_module, "_wheel", lambda *_: None)
    return build_site(root, lambda word: None)


def test_does_a_build_show_outputs_and_a_changed_sentence_run_nothing(tiny_site, monkeypatch):
    first = build(tiny_site, monkeypatch)
    assert [executed.ran for executed in first.executed] == [True]
    page = first.html / "chapters" / "01_doubling.html"
    assert "[42.]" in page.read_text()

    text = CHAPTER.replace("Doubling doubles.", "Doubling does double.")
    (tiny_site / "chapters" / "01_doubling.md").write_text(text)
    second = build(tiny_site, monkeypatch)
    assert [executed.ran for executed in second.executed] == [False]
    assert "Doubling does double." in page.read_text()

    # a changed answer changes the page's outputs though the page's own text is the same
    solutions = tiny_site / "solutions" / "01_doubling.py"
    solutions.write_text(solutions.read_text().replace("np.asarray(x) + x", "3.0 * x - x"))
    third = build(tiny_site, monkeypatch)
    assert [executed.ran for executed in third.executed] == [True]

    # and a page that shows an answer is not published
    (tiny_site / "index.md").write_text("# Home\n\n`doubled_array = 3.0 * x - x`\n")
    with pytest.raises(BuildError, match=r"index\.(md|html): shows a line of a solutions file"):
        build(tiny_site, monkeypatch)


def test_is_nothing_left_of_a_chapter_that_got_another_name(tiny_site, monkeypatch):
    build(tiny_site, monkeypatch)
    for folder, suffix in (("chapters", "md"), ("solutions", "py"), ("quizzes", "yml")):
        old = tiny_site / folder / f"01_doubling.{suffix}"
        old.rename(old.with_stem("01_twice"))
    toc = tiny_site / "_toc.yml"
    toc.write_text(toc.read_text().replace("01_doubling", "01_twice"))
    build(tiny_site, monkeypatch)
    left = [
        path
        for folder in ("release", "solved", "outputs", "extra", "html/chapters", "html/notebooks")
        for path in (tiny_site / "_build" / folder).rglob("*01_doubling*")
    ]
    assert left == []
    assert (tiny_site / "_build" / "html" / "chapters" / "01_twice.html").is_file()


def test_does_a_warning_fail_each_build_until_it_is_mended(tiny_site, monkeypatch):
    broken = CHAPTER.replace("Doubling doubles.", "See {ref}`nowhere`.")
    (tiny_site / "chapters" / "01_doubling.md").write_text(broken.replace("{ref}", "{doc}"))
    for _ in range(2):
        with pytest.raises((BuildError, CourseError), match="nowhere"):
            build(tiny_site, monkeypatch)
    (tiny_site / "chapters" / "01_doubling.md").write_text(CHAPTER)
    build(tiny_site, monkeypatch)


def test_is_no_raw_directive_or_role_left_in_a_student_notebook(root, course):
    from rnncourse.course.assemble import Publication, student_notebook

    raw = re.compile(r"\{[\w:-]+\}`|^\s*(:{3,}|`{3,}\{)|^\([\w-]+\)=$|^\+\+\+|^% ", re.MULTILINE)
    context = plain_context(root)
    for chapter in course:
        for cell in student_notebook(chapter, context, Publication()).cells:
            if cell.cell_type == "markdown":
                assert not raw.search(cell.source), cell.source


ODD_FILES = {
    "Latin-1 chapter": ("chapters/01_doubling.md", "# Größe\n".encode("latin-1"), ":1: not UTF-8"),
    "Latin-1 solutions": ("solutions/01_doubling.py", b"# %% answer f\n# \xe4", ":2: not UTF-8"),
    "Latin-1 quiz": ("quizzes/01_doubling.yml", b"warm-up: \xe4", ":1: not UTF-8"),
    "empty chapter": ("chapters/01_doubling.md", b"", "the chapter is empty"),
    "control character": ("glossary.yml", b"- term: \x07\n", "not YAML"),
    "settings that are a list": ("_config.yml", b"- title\n", "_config.yml:1: the file is not"),
    "a section that is a list": ("_config.yml", b"html: [a]\n", "_config.yml:1: html is not"),
    "broken settings": ("_config.yml", b"html: {\n", "not YAML"),
    "contents that are a list": ("_toc.yml", b"- a\n", "_toc.yml: "),
    "broken bibliography": ("references.bib", b"@article{a, title = {b}\n", "references.bib: "),
    "a list for a word": (
        "glossary.yml",
        "- term: a\n  ja: あ\n  contrast: [b]\n  definition: c\n".encode(),
        "glossary.yml:",
    ),
}


@pytest.mark.parametrize("case", ODD_FILES)
def test_is_an_odd_source_file_named_in_one_clear_line(case, tmp_path):
    name, content, expected = ODD_FILES[case]
    root = write_small_course(tmp_path)
    (root / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        checked_course(root)
    lines = [line for line in str(caught.value).splitlines() if expected in line]
    assert lines, str(caught.value)
    assert name in lines[0]


def test_is_a_second_build_at_the_same_time_refused(tmp_path):
    root = write_small_course(tmp_path)
    (root / "_build").mkdir()
    with (
        locked(root / "_build" / ".lock", UserError("free")),
        pytest.raises(BuildError, match="another build is at work"),
    ):
        build_site(root, lambda word: None)


def test_does_the_wheel_follow_each_file_in_it_and_replace_older_ones(root, tmp_path):
    for name in ("rnncourse", "quizzes"):
        shutil.copytree(root / name, tmp_path / name)
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(root / name, tmp_path)
    release, extra = tmp_path / "_build" / "release", tmp_path / "_build" / "extra"
    release.mkdir(parents=True)
    (release / "rnncourse-0.0.1-py3-none-any.whl").write_text("old")

    def style_in_the_wheel():
        site_module._wheel(tmp_path, release, extra)
        (wheel,) = release.glob("*.whl")
        assert (extra / wheel.name).read_bytes() == wheel.read_bytes()
        with zipfile.ZipFile(wheel) as archive:
            return archive.read("rnncourse/quiz.css").decode()

    before = style_in_the_wheel()
    (tmp_path / "rnncourse" / "quiz.css").write_text(before + "/* changed */")
    assert style_in_the_wheel() == before + "/* changed */"
