"""What students get back, and the CSV file of marks."""

import csv
import shutil

import nbformat
import pytest
from grading_class import (
    ASSIGNMENT,
    RIGHT,
    fresh_directory,
    graded_class,
    notebook_of,
    quiet,
    submit,
)

from rnncourse.grading import GradingError, export, feedback, grade
from rnncourse.grading.directory import open_directory
from rnncourse.grading.returning import hidden_lines

pytestmark = pytest.mark.xdist_group("grading")


@pytest.fixture(scope="module")
def returned(tmp_path_factory):
    """Five submissions with their pages, and what was said about them."""
    directory = fresh_directory(tmp_path_factory, tmp_path_factory.mktemp("returned") / "course")
    own = nbformat.v4.new_code_cell("for _cell in In: print(_cell)")
    answers = {
        "right": RIGHT,
        "wrong": RIGHT | {"double": "def double(x):\n    return 2 * np.abs(x)"},
        "markup": RIGHT | {"double": "def double(x):\n    return '<b>&</b>'"},
        "=2+3": RIGHT | {"quadruple": "def quadruple(x):\n    raise ValueError('a <i> | b')"},
    }
    for student, answer in answers.items():
        submit(directory, student, nbformat.writes(notebook_of(directory, answer)))
    spy = notebook_of(directory, RIGHT)
    spy.cells.append(own)
    submit(directory, "spy", nbformat.writes(spy))
    grade(directory, report=quiet)
    said = []
    return directory, feedback(directory, report=said.append), said


def page(returned, student):
    path = returned[0] / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return path.read_text(encoding="utf-8")


def test_does_the_page_begin_with_each_exercise_and_its_mark(returned):
    text = page(returned, "right")
    assert text.index("Your marks") < text.index("Student's answer")
    for row in ("double</code></td><td>2 / 2", "quadruple</code></td><td>3 / 3"):
        assert row in text


def test_does_the_page_say_where_an_answer_fell_short(returned):
    text = page(returned, "wrong")
    assert "double</code></td><td>0 / 2" in text
    assert "Each element doubles." in text  # the hint of a hidden test, not its code
    assert "Traceback (most recent" not in text


def test_is_what_an_answer_returned_shown_as_text(returned):
    assert "<b>&</b>" not in page(returned, "markup")
    assert "a &lt;i&gt; | b" in page(returned, "=2+3")


def test_does_no_page_hold_a_line_of_a_hidden_test(returned):
    secrets = hidden_lines(returned[0] / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    assert any("_hidden_inputs" in line for line in secrets)
    for path in (returned[0] / "feedback").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [line for line in secrets if line in text]
            assert "_hidden_" not in text


def test_is_a_page_refused_that_would_show_a_hidden_test(returned):
    directory, pages, said = returned
    assert not (directory / "feedback" / "spy").exists()
    assert len(pages) == 4
    assert any(line.startswith(f"spy: {ASSIGNMENT}: no feedback") for line in said)


def test_is_a_page_written_again_only_if_something_changed(returned, tmp_path):
    shutil.copytree(returned[0], tmp_path / "course")
    directory = tmp_path / "course"
    path = directory / "feedback" / "right" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    written = path.stat().st_mtime_ns
    feedback(directory, report=quiet)
    assert path.stat().st_mtime_ns == written
    with open_directory(directory).gradebook() as gradebook:
        comment = gradebook.find_comment("why_double", ASSIGNMENT, ASSIGNMENT, "right")
        comment.manual_comment = "Well said."
        grade_ = gradebook.find_grade("why_double", ASSIGNMENT, ASSIGNMENT, "right")
        grade_.manual_score, grade_.needs_manual_grade = 1, False
        gradebook.db.commit()
    feedback(directory, report=quiet)
    assert "Well said." in path.read_text(encoding="utf-8")
    assert "why_double</code></td><td>1 / 1" in path.read_text(encoding="utf-8")


def test_is_there_a_clear_line_before_anything_is_graded(tmp_path_factory, tmp_path):
    with pytest.raises(GradingError, match="run 'rnncourse grade' first"):
        feedback(fresh_directory(tmp_path_factory, tmp_path / "course"), report=quiet)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_does_the_csv_hold_every_mark_of_the_class(tmp_path_factory, tmp_path):
    graded = graded_class(tmp_path_factory)
    rows = read(export(graded.directory, tmp_path / "marks.csv"))
    assert set(rows) == {one.student for one in graded.expected}
    for one in graded.expected:
        row = rows[one.student]
        if one.exercises is None:
            assert row["score"] == row["double"] == row["needs_manual_grade"] == ""
            assert "is broken" in row["verdict"]
        else:
            assert float(row["score"]) == one.score
            assert float(row["max_score"]) == 6
            assert row["needs_manual_grade"] == ("yes" if one.by_hand else "no")
            assert {name: float(row[name]) for name in one.exercises} == one.exercises


def test_is_a_name_never_a_formula(returned, tmp_path):
    assert "'=2+3" in read(export(returned[0], tmp_path / "marks.csv"))


def test_is_a_missing_folder_named(returned, tmp_path):
    with pytest.raises(GradingError, match="its folder does not exist"):
        export(returned[0], tmp_path / "nowhere" / "marks.csv")
