"""No answer and no hidden test may stand in anything that is published."""

import json

import pytest
from small_course import write_small_course

from rnncourse.course import read_course
from rnncourse.course.leaks import find_leaks, leaks_in_text, secret_lines

SECRET = "doubled_array = np.asarray(x) + x"


@pytest.fixture
def chapters(tmp_path):
    return list(read_course(write_small_course(tmp_path / "course")))


def test_is_each_line_of_answers_tests_and_variants_secret(chapters):
    secrets = secret_lines(chapters)
    assert {
        SECRET,
        "_hidden_inputs = np.random.default_rng().normal(size=70)",
        "once_doubled = double(x)",
        "return 2 * np.round(x)",
    } <= secrets


def test_is_what_the_chapter_shows_not_secret(chapters):
    assert "def double(x):" not in secret_lines(chapters)


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"<pre><span>doubled_array</span> <span>=</span> {SECRET.split('= ')[1]}</pre>",
        "doubled_array = np.<b>asarray</b>(x) &#43; x",
    ],
    ids=["plain", "highlighted", "escaped"],
)
def test_is_a_secret_line_found_in_any_dress(text, chapters):
    assert leaks_in_text(f"before {text} after", secret_lines(chapters)) == [SECRET]


def test_is_a_secret_line_found_in_a_notebook(chapters, tmp_path):
    page = tmp_path / "site" / "notebook.ipynb"
    page.parent.mkdir()
    page.write_text(json.dumps({"cells": [{"source": ["x = 1\n", f"    {SECRET}\n"]}]}))
    assert list(find_leaks(page.parent, chapters)) == [(page, SECRET)]


def test_does_the_whole_site_show_no_line_of_the_solutions(site, course):
    assert secret_lines(course), "there are secrets to look for"
    assert list(find_leaks(site, course)) == []


def test_do_the_released_files_show_no_line_of_the_solutions(root, site, course):
    assert list(find_leaks(root / "_build" / "release", course)) == []


def test_does_the_released_wheel_hold_no_solutions(root, site, course):
    import zipfile

    (wheel,) = (root / "_build" / "release").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        text = "\n".join(
            archive.read(name).decode(errors="replace") for name in names if name.endswith(".py")
        )
    assert not [name for name in names if "solutions" in name]
    assert "rnncourse/quizzes/01_sequences.yml" in names
    # the package has short lines of its own that an answer may have too
    telling = {line for line in secret_lines(course) if len(line) > 40}
    assert leaks_in_text(text, telling) == []
