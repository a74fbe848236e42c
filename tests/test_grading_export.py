"""The CSV file of marks: plain, for Moodle, for Canvas."""

import csv
import io
import shutil

import pytest
from grading_class import ASSIGNMENT, fresh_directory, graded_class
from synthetic_class import FORMULA, write_synthetic_class

from rnncourse.grading import GradingError, export
from rnncourse.grading.directory import open_directory
from rnncourse.grading.exporting import canvas_rows, safe
from rnncourse.grading.marks import Person, Submission
from rnncourse.grading.reporting import Mark

pytestmark = pytest.mark.xdist_group("grading")


def quiet(line):
    pass


def rows_of(path):
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The graded class, with names, an address, a late penalty, and a mark given by hand."""
    one = graded_class(tmp_path_factory)
    directory = tmp_path_factory.mktemp("exported") / "course"
    shutil.copytree(one.directory, directory)
    marked = [e for e in one.expected if e.exercises is not None]
    late, by_hand = marked[0].student, next(e.student for e in marked[1:] if e.by_hand)
    with open_directory(directory).gradebook() as gradebook:
        gradebook.update_or_create_student(
            late, first_name="Ana", last_name="=2+3", email="ana@x.org", lms_user_id="4711"
        )
        notebook = gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, late)
        notebook.late_submission_penalty = 100.0
        grade = gradebook.find_grade("why_double", ASSIGNMENT, ASSIGNMENT, by_hand)
        grade.manual_score, grade.needs_manual_grade = 1 / 3, False
        gradebook.db.commit()
    return one, directory, late, by_hand


def test_does_the_plain_file_hold_every_mark_of_the_class(tmp_path_factory, tmp_path):
    graded = graded_class(tmp_path_factory)
    found = rows_of(export(graded.directory, tmp_path / "marks.csv", report=quiet))
    rows = {row["student"]: row for row in found}
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


@pytest.mark.parametrize("format", ["moodle", "canvas"])
def test_has_everyone_with_a_mark_one_row_and_everyone_else_none(format, graded, tmp_path):
    one, directory, late, by_hand = graded
    path = export(directory, tmp_path / "marks.csv", format=format, report=quiet)
    name = {"moodle": "Username", "canvas": "SIS Login ID"}[format]
    rows = {row[name]: row for row in rows_of(path) if row[name]}
    marked = {e.student: e.score for e in one.expected if e.exercises is not None}
    assert set(rows) == set(marked)
    for student, score in marked.items():
        if student == late:
            assert rows[student][ASSIGNMENT] == "0"  # a penalty never makes it negative
        elif student == by_hand:
            assert rows[student][ASSIGNMENT] == f"{score + 1 / 3:.5f}"
        else:
            assert float(rows[student][ASSIGNMENT]) == score


def test_is_the_moodle_file_what_its_import_maps(graded, tmp_path):
    _, directory, late, by_hand = graded
    path = export(directory, tmp_path / "marks.csv", format="moodle", report=quiet)
    rows = {row["Username"]: row for row in rows_of(path)}
    assert list(rows[late].items())[:5] == [
        ("First name", "Ana"),
        ("Last name", "'=2+3"),
        ("Username", late),
        ("ID number", "4711"),
        ("Email address", "ana@x.org"),
    ]
    assert "late: -100" in rows[late][f"{ASSIGNMENT} (feedback)"]
    assert "why_double: 0.33333 of 1" in rows[by_hand][f"{ASSIGNMENT} (feedback)"]


def test_is_the_canvas_file_what_its_import_looks_for(graded, tmp_path):
    _, directory, late, _ = graded
    path = export(directory, tmp_path / "marks.csv", format="canvas", report=quiet)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == f"Student,ID,SIS User ID,SIS Login ID,Section,{ASSIGNMENT}"
    assert lines[1] == "    Points Possible,,,,,6"
    assert f'"\'=2+3, Ana",4711,,{late},,0' in lines or "'=2+3, Ana" in path.read_text()


def test_does_canvas_get_a_number_of_its_own_or_none():
    marks = {"double": Mark(1.0, 2.0)}
    rows = canvas_rows(
        {"a": tuple(Submission(Person(i, lms_id=i), "a", marks) for i in ("12", "12ab", "１２"))}
    )
    assert [row[1] for row in rows[2:]] == ["12", "", ""]


def test_have_two_assignments_two_columns_and_gaps_where_a_mark_is_missing(tmp_path):
    def one(student, name, score):
        marks = {"f": Mark(score, 2.0)} if score is not None else {}
        return Submission(Person(student), name, marks)

    found = {"a": (one("x", "a", 1.0), one("y", "a", None)), "b": (one("y", "b", 2.0),)}
    head, possible, *rows = canvas_rows(found | {"c": (one("x", "c", None),)})
    assert head[5:] == ["a", "b"]  # nothing is worth 0 points because nobody has a mark
    assert possible[5:] == ["2", "2"]
    assert [row[3:] for row in rows] == [["x", "", "1", ""], ["y", "", "", "2"]]


@pytest.mark.parametrize(
    "text",
    [
        "=2+3", "+49", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u3000=1",
        "＝2+3", "＋1+x", "－x", "＠SUM", "\0=1", "\ufeff=1", "\u200b=1", "\u202e=1",
        "-1+cmd|' /C calc'!A0", "\tx", "\rx", "\nx",
    ],
)  # fmt: skip
def test_is_a_text_never_a_formula(text):
    assert safe(text).startswith("'")


@pytest.mark.parametrize("text", ["", "-", "-1.5", "12", "Élodie", "佐藤", "    Points Possible"])
def test_does_a_harmless_text_stay_as_it_is(text):
    assert safe(text) == text


def test_does_a_text_that_is_no_utf_8_do_no_harm():
    assert safe("a\udcffb\0c") == "a?bc"


@pytest.mark.parametrize("format", ["plain", "moodle", "canvas"])
def test_can_a_spreadsheet_find_no_formula_in_a_hostile_class(format, tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    write_synthetic_class(directory, students=60)
    path = export(directory, tmp_path / "marks.csv", format=format, report=quiet)
    text = path.read_bytes().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert any(cell.startswith(f"'{FORMULA[:4]}") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") == (format != "plain")


def test_is_a_verdict_of_two_lines_one_cell(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    write_synthetic_class(directory, students=50)
    journal = directory / ".rnncourse" / "journal.jsonl"
    journal.write_text(journal.read_text().replace("is broken", r"is\nbroken, \"so\""))
    rows = rows_of(export(directory, tmp_path / "marks.csv", report=quiet))
    assert len(rows) == 50
    assert 'is\nbroken, "so"' in rows[-1]["verdict"]


def test_is_said_which_marks_are_not_final_or_not_there(graded, tmp_path):
    said = []
    export(graded[1], tmp_path / "marks.csv", format="moodle", report=said.append)
    assert any("waits to be marked by hand" in line for line in said)
    assert any("have no mark; '--format plain' says why" in line for line in said)


@pytest.mark.parametrize(
    ("target", "options", "expected"),
    [
        ("nowhere/marks.csv", {}, "its folder does not exist"),
        (".", {}, "is a folder"),
        ("marks.csv", {"format": "excel"}, "there are: plain, moodle, canvas"),
        ("marks.csv", {"assignment": "nope"}, "no assignment is called 'nope'"),
    ],
)
def test_does_a_mistake_cost_one_clear_line_and_no_file(
    target, options, expected, graded, tmp_path
):
    with pytest.raises(GradingError, match=expected):
        export(graded[1], tmp_path / target, **options, report=quiet)
    assert list(tmp_path.iterdir()) == []


def test_does_an_empty_class_get_one_clear_line(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    with pytest.raises(GradingError, match="no marks to write; run 'rnncourse grade'"):
        export(directory, tmp_path / "marks.csv")


def test_does_the_command_line_write_what_it_says(graded, tmp_path, rnncourse):
    done = rnncourse(
        "export", "--format", "canvas", "--to", tmp_path / "marks.csv", "--course", graded[1]
    )
    assert done.returncode == 0, done.stderr
    assert f"marks: {tmp_path / 'marks.csv'}" in done.stdout
    assert "Points Possible" in (tmp_path / "marks.csv").read_text()
