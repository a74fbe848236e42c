"""What students get back: pages that teach, keep the tests secret, and do nothing else."""

import base64
import codecs
import html
import re
import shutil
import urllib.parse
import zlib

import nbformat
import pytest
from browser import PHONE, Visit, chromium, served
from grading_class import (
    ASSIGNMENT,
    RIGHT,
    fresh_directory,
    nbgrader,
    notebook_of,
    quiet,
    submit,
)
from nbformat import v4

from rnncourse.grading import GradingError, feedback, grade, markup
from rnncourse.grading.directory import open_directory
from rnncourse.grading.page import blocks_of, is_stub, names_used
from rnncourse.grading.secrecy import hidden_lines, leaks, unknown_to

pytestmark = pytest.mark.xdist_group("grading")

WRONG = "def double(x):\n    return 2 * np.abs(x)"
CHAIN = "def quadruple(x):\n    return double(double(x))"
ANSWERS = {
    "right": RIGHT,
    "wrong": RIGHT | {"double": WRONG},
    "chain": {"double": WRONG, "quadruple": CHAIN},
    "stub": {"quadruple": CHAIN},
    "broken": RIGHT | {"double": "def double(x)\n    return 2 * x"},
    "markup": RIGHT | {"double": "def double(x):\n    return '<b>&</b>'"},
    "raises": RIGHT | {"quadruple": "def quadruple(x):\n    raise ValueError('a <i> | b')"},
    "nasty": RIGHT | {"why_double": "As $2^2 = 4$, $\\oops$ <b onclick=alert(1)>!</b>"},
    "leaky": RIGHT,
    "planted": RIGHT,
}
#: A red dot.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO"
    "9TXL0Y4OHwAAAABJRU5ErkJggg=="
)
EVIL = "http://evil.example/"
HTML = f"""<style>* {{display: none}}</style><script>document.title = "pwned"</script>
<b>kept</b> <img src=x onerror="document.title='pwned'"><img src="{EVIL}a.png">
<iframe src="{EVIL}"></iframe><object data="{EVIL}"></object>
<link rel=stylesheet href="{EVIL}a.css">
<div id="your-marks" class="mark full" style="position: fixed; background: url({EVIL}b.png)">x</div>
<a href="javascript:alert(1)">a</a><svg onload="alert(1)"><image href="{EVIL}c.svg"/></svg>
<form action="{EVIL}"><button>go</button></form><base href="{EVIL}">
<meta http-equiv="refresh" content="0; url={EVIL}"></div></section></main>"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script>'
    f'<image href="{EVIL}d"/></svg>'
)
NASTY = [
    {"text/html": HTML},
    {"text/html": "<script>alert(2)</script>", "text/plain": "plain instead"},
    {"application/javascript": "alert(3)"},
    {"application/vnd.jupyter.widget-view+json": {"model_id": "m"}, "text/plain": "Slider()"},
    {"text/markdown": f"**bold** $h_t$ ![i]({EVIL}e.png) <script>alert(4)</script>\n\n# Big"},
    {"text/latex": "$\\displaystyle\\frac{1}{2}$", "text/plain": "half"},
    {"image/svg+xml": SVG},
    {"image/png": PNG},
    {"image/png": '"><script>alert(5)</script>', "text/plain": "no image"},
]


@pytest.fixture(scope="module")
def returned(tmp_path_factory):
    """A small class with its pages, and what was said about them."""
    directory = fresh_directory(tmp_path_factory, tmp_path_factory.mktemp("returned") / "course")
    for student, answer in ANSWERS.items():
        notebook = notebook_of(directory, answer)
        notebook.cells.append(v4.new_code_cell("own = 1"))
        submit(directory, student, nbformat.writes(notebook))
    grade(directory, report=quiet)
    printed = [v4.new_output("stream", text="<i>\x1b[31mred\x1b[0m\n1/9\r9/9\n" + "z\n" * 99_999)]
    shown = [v4.new_output("display_data", data=data) for data in NASTY]
    put_out(directory, "nasty", printed + shown)
    secret = base64.b64encode("\n".join(lines_of(directory)).encode()).decode()
    put_out(directory, "leaky", [v4.new_output("stream", text=f"a number: {secret}\n")])
    beside = directory / "autograded" / "planted" / ASSIGNMENT / "notes.txt"
    beside.write_text("\n".join(lines_of(directory)))
    said = []
    return directory, feedback(directory, report=said.append), said


def lines_of(directory):
    return hidden_lines(directory / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")


def put_out(directory, student, outputs):
    """Let the student's own cell have put something out."""
    path = directory / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    own = next(cell for cell in notebook.cells if cell.source == "own = 1")
    own.outputs = outputs
    path.chmod(0o644)
    nbformat.write(notebook, path)


def page(returned, student):
    path = returned[0] / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return path.read_text(encoding="utf-8")


def row(returned, student, exercise):
    """A line of the table as text: exercise, mark, where to look."""
    rows = re.findall(r"<tr class=.*?</tr>", page(returned, student), re.DOTALL)
    texts = [html.unescape(re.sub(r"<[^>]*>", "", one)).strip() for one in rows]
    return next(text for text in texts if text.startswith(f"{exercise}\n"))


def test_does_the_page_begin_with_each_exercise_and_its_mark(returned):
    text = page(returned, "right")
    assert text.index("Your marks") < text.index("Your answer")
    assert "2 / 2" in row(returned, "right", "double")
    assert "3 / 3" in row(returned, "right", "quadruple")
    assert "– / 1" in row(returned, "nasty", "why_double")
    assert "A person has still to mark this." in row(returned, "nasty", "why_double")
    assert "Nothing is written here yet." in row(returned, "right", "why_double")


def test_does_the_page_say_where_an_answer_fell_short(returned):
    text = row(returned, "wrong", "double")
    assert "0 / 2" in text
    assert re.search("Each element doubles|The sign must survive", text)
    assert "Traceback (most recent" not in page(returned, "wrong")


def test_is_an_exercise_told_that_it_uses_one_that_failed(returned):
    hint = "It uses double, which fell short too: mend that one first."
    assert hint in row(returned, "chain", "quadruple")
    assert hint in row(returned, "stub", "quadruple")
    assert "It uses" not in row(returned, "raises", "quadruple")


def test_is_an_exercise_called_not_started_only_if_it_is(returned):
    assert "Not started" in row(returned, "stub", "double")
    assert "Not started" not in row(returned, "stub", "quadruple")


def test_is_the_error_named_in_which_an_answer_ends(returned):
    text = row(returned, "broken", "double")
    assert re.search(r"The cell of your answer ends in SyntaxError: .*\(line 1\)", text)


def test_does_an_answer_use_what_it_takes_as_an_argument():
    source = "def f(x, double):\n    return double(x) + triple(x)\n"
    assert names_used(source) == {"x", "double", "triple"} - {"x", "double"}
    assert names_used("def f(:") == set()
    assert names_used("%matplotlib inline\ndouble(1)") == {"double"}


def test_is_a_stub_known_by_its_code_rather_than_its_text():
    assert is_stub("def f():\n    raise NotImplementedError")
    assert is_stub("def f():\n    raise NotImplementedError('later')")
    assert not is_stub("def f():\n    # was: raise NotImplementedError\n    return 1")


def test_is_what_an_answer_returned_shown_as_text(returned):
    assert "<b>&</b>" not in page(returned, "markup")
    assert "a &lt;i&gt; | b" in page(returned, "raises")


def test_is_the_chapter_left_out_but_the_students_own_kept(returned):
    text = page(returned, "right")
    assert "We double numbers" not in text
    assert "Doubling doubles." not in text
    assert "A cell of your own" in text
    assert "Why does doubling twice quadruple?" in text


def test_is_an_edited_sentence_of_the_chapter_still_the_chapters(returned):
    notebook = notebook_of(returned[0])
    number = next(n for n, c in enumerate(notebook.cells) if "We double numbers" in c.source)
    chapter = nbformat.read(
        returned[0] / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4
    )
    notebook.cells[number].source += " I agree."
    notebook.cells.append(v4.new_markdown_cell("My own words."))
    shown = [block.body for block in blocks_of(notebook, chapter, [])]
    assert not any("I agree" in body for body in shown)
    assert any("My own words" in body for body in shown)


def test_does_no_file_hold_a_line_of_a_hidden_test(returned):
    secrets = lines_of(returned[0])
    assert any("_hidden_inputs" in line for line in secrets)
    for path in (returned[0] / "feedback").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not leaks(text, secrets)
            assert "_hidden_" not in text


@pytest.mark.parametrize("student", ["leaky", "planted"])
def test_is_a_page_refused_that_would_show_a_hidden_test(returned, student):
    directory, result, said = returned
    assert not (directory / "feedback" / student).exists() or not list(
        (directory / "feedback" / student).iterdir()
    )
    assert len(result.pages) == len(ANSWERS) - 2
    (line,) = [line for line in said if line.startswith(f"{student}: {ASSIGNMENT}: no feedback")]
    assert line in result.refused
    assert ("notes.txt" if student == "planted" else "the output of cell") in line
    assert not leaks(line, lines_of(directory))


def test_is_an_old_page_taken_away_if_a_new_one_is_refused(returned, tmp_path, rnncourse):
    directory = shutil.copytree(returned[0], tmp_path / "course")
    old = directory / "feedback" / "right" / ASSIGNMENT
    assert old.is_dir()
    put_out(directory, "right", [v4.new_output("stream", text=max(lines_of(directory), key=len))])
    put_out(directory, "wrong", [v4.new_output("stream", text="something new")])
    done = rnncourse("feedback", "--course", directory)
    assert done.returncode == 1
    assert "not written: 3" in done.stderr
    assert not old.exists()
    written = directory / "feedback" / "wrong" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert "something new" in written.read_text(encoding="utf-8")


DISGUISES = {
    "plain": str,
    "entities": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "between tags": lambda text: "".join(f"<b>{html.escape(sign)}</b>" for sign in text),
    "spaces": " ".join,
    "lines": "\n".join,
    "a Python string": lambda text: repr(repr(text)),
    "percent": lambda text: "".join(f"%{ord(sign):02x}" for sign in text),
    "quoted": urllib.parse.quote,
    "escapes": lambda text: "".join(f"\\x{ord(sign):02x}" for sign in text),
    "base64": lambda text: "out " + base64.b64encode(f"ab{text}".encode()).decode(),
    "base64 in lines": lambda text: base64.encodebytes((text * 3).encode()).decode(),
    "base64 of zlib": lambda text: base64.b64encode(zlib.compress(text.encode())).decode(),
    "base64 of hex": lambda text: base64.b64encode(text.encode().hex().encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex in pairs": lambda text: text.encode().hex(" "),
    "codes": lambda text: str([ord(sign) for sign in text]),
    "reversed": lambda text: text[::-1],
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "capitals": str.upper,
    "an image": lambda text: "data:image/png;base64," + base64.b64encode(text.encode()).decode(),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_is_a_hidden_line_found_in_disguise(returned, disguise):
    secrets = lines_of(returned[0])
    for line in secrets:
        assert line in leaks(f"<p>before</p>{DISGUISES[disguise](line)}<p>after</p>", secrets)


def test_is_a_line_no_secret_that_says_nothing_or_that_the_student_typed(returned):
    secrets = lines_of(returned[0])
    assert not leaks('), "Each element doubles.", for value in x: [1.0, 2.0]', secrets)
    line = max(secrets, key=len)
    assert line in secrets
    assert line not in unknown_to(f"x = 1\n  {line.replace(' ', '  ')}\n", secrets)


def test_are_manuals_and_tracebacks_no_secrets(course, tmp_path):
    """No chapter's hidden lines stand in what NumPy prints about itself."""
    import pydoc

    import numpy as np

    from rnncourse.grading import prepare

    directory = prepare(course, tmp_path / "course", report=quiet)
    manual = "".join(map(pydoc.render_doc, (np.random, np.random.Generator, np.linalg, np.stack)))
    for chapter in course:
        source = directory / "source" / chapter.name / f"{chapter.name}.ipynb"
        secrets = hidden_lines(source)
        assert len(secrets) > 20
        assert not leaks(manual, secrets)
        student = directory / "release" / chapter.name / f"{chapter.name}.ipynb"
        assert not leaks(student.read_text(encoding="utf-8"), secrets)


def test_does_what_a_student_put_out_do_nothing(returned):
    text = page(returned, "nasty")
    assert "alert(" not in re.sub(r"data:image/svg\+xml;base64,\w*|&[lg]t;script|as text", "", text)
    assert "evil.example" not in text
    assert not re.search(r"<(script|iframe|object|form|base|svg|link rel=.?style)", text)
    assert not re.search(r"<[^>]* on\w+=", text)
    assert text.count('id="your-marks"') == 1
    assert text.count("<style") == 1
    for kept in (
        "<b>kept</b>",
        "plain instead",
        "Slider()",
        "<strong>bold</strong>",
        "<h3>Big</h3>",
        "<mfrac>",
        f'src="data:image/png;base64,{PNG}"',
        "no image",
        '&lt;i&gt;<span class="ansi-red-fg">red</span>\n9/9',
        "more lines are left out",
        "An output that only a program can show is left out.",
    ):
        assert kept in text
    assert len(text) < 100_000


def test_does_math_in_an_answer_become_mathml_and_stay_as_it_was_if_broken(returned):
    text = page(returned, "nasty")
    assert re.search(r"As <math [^>]*><mrow><msup><mn>2</mn><mn>2</mn></msup>", text)
    assert r"$\oops$ <b>!</b>" in text


@pytest.mark.parametrize(
    "text",
    [
        "![a > $x$](data:image/png;base64,AAAA)",
        '<div>\n<abbr title="a >\n\n$$x$$\n\n<b class="">b</b>',
    ],
)
def test_does_a_formula_in_an_attribute_stay_in_it(text):
    shown = markup.markdown(text)
    outside = re.sub('"[^"]*"', "", shown)
    assert outside.count("<") == outside.count(">")
    assert "<math" not in "".join(re.findall('"[^"]*"', shown))


@pytest.mark.parametrize("sign", ["[", "<div>", "*a ", ">", "<a ", "`", "$", "![[", "&", "<!--"])
def test_is_odd_markup_shown_within_a_second_or_two(sign):
    assert len(markup.markdown(sign * 20_000)) < 500_000
    assert len(markup.outputs(own_cell({"text/html": sign * 20_000, "text/plain": "-"}))) <= 1


def own_cell(*data):
    return v4.new_code_cell(outputs=[v4.new_output("display_data", data=one) for one in data])


def test_is_a_huge_image_left_out_with_a_note():
    (shown,) = markup.outputs(own_cell({"image/png": "A" * (markup.MAX_IMAGE + 4)}))
    assert "An image of 1.1 MB is left out." in shown


def test_does_the_page_start_with_a_policy_that_allows_nothing(returned):
    text = page(returned, "nasty")
    head = text[text.index("<head>") + 6 :].lstrip()
    assert head.startswith('<meta http-equiv="Content-Security-Policy"')
    for rule in ("default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"):
        assert rule in head[:250]
    assert "script-src" not in head[:250]


def test_is_a_page_written_again_only_if_something_changed(returned, tmp_path):
    directory = shutil.copytree(returned[0], tmp_path / "course")
    path = directory / "feedback" / "nasty" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    written = path.stat().st_mtime_ns
    feedback(directory, report=quiet)
    assert path.stat().st_mtime_ns == written
    with open_directory(directory).gradebook() as gradebook:
        comment = gradebook.find_comment("why_double", ASSIGNMENT, ASSIGNMENT, "nasty")
        comment.manual_comment = "Well said: $2^2$. <script>alert(1)</script>"
        grade_ = gradebook.find_grade("why_double", ASSIGNMENT, ASSIGNMENT, "nasty")
        grade_.manual_score, grade_.needs_manual_grade = 1, False
        gradebook.db.commit()
    feedback(directory, report=quiet)
    text = path.read_text(encoding="utf-8")
    assert "Well said: <math" in text
    assert "<script" not in text
    assert "1 / 1" in row((directory,), "nasty", "why_double")


def test_does_stock_nbgrader_write_the_same_pages(returned, tmp_path):
    directory = shutil.copytree(returned[0], tmp_path / "course")
    shutil.rmtree(directory / "feedback")
    done = nbgrader("generate_feedback", ASSIGNMENT, cwd=directory)
    assert done.returncode != 0  # two were refused
    for student in ANSWERS:
        stock, ours = (
            root / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
            for root in (directory, returned[0])
        )
        assert stock.is_file() == ours.is_file() == (student not in ("leaky", "planted"))
        if ours.is_file():
            assert stock.read_text(encoding="utf-8") == ours.read_text(encoding="utf-8")
    assert not list((directory / "feedback").rglob("notes.txt"))


def test_is_there_a_clear_line_before_anything_is_graded(tmp_path_factory, tmp_path):
    with pytest.raises(GradingError, match="run 'rnncourse grade' first"):
        feedback(fresh_directory(tmp_path_factory, tmp_path / "course"), report=quiet)


@pytest.mark.browser
@pytest.mark.parametrize("student", ["nasty", "chain"])
def test_can_everybody_read_a_page_that_asks_for_nothing(returned, student):
    with served(returned[0] / "feedback") as address, chromium() as browser:
        visit = Visit(browser, address, f"{student}/{ASSIGNMENT}/{ASSIGNMENT}.html")
        asked = []
        visit.page.on("request", lambda request: asked.append(request.url))
        visit.page.on("dialog", lambda dialog: asked.append(dialog.message))
        visit.page.reload()
        assert [url for url in asked[1:] if not url.startswith("data:")] == []
        assert visit.errors == []
        assert visit.foreign == []
        assert visit.page.title() == "Feedback: Doubling"
        assert visit.page.evaluate("document.scripts.length") == 0
        for size in (None, PHONE):
            if size:
                visit.page.set_viewport_size(size)
            assert visit.overflow() <= 0
            assert visit.barriers() + visit.faint() == []
        assert visit.page.get_by_role("heading", name="Your marks").is_visible()
        visit.close()
