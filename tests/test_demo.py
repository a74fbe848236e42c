"""The sample class: its marks are known before it is graded."""

import json
import re

import pytest
from grading_class import fresh_directory, graded_class, quiet, submit
from small_course import write_small_course

from rnncourse.course import Course, read_course
from rnncourse.grading import GradingError, demo, grade
from rnncourse.grading.sample import KINDS, read_expected

pytestmark = pytest.mark.xdist_group("grading")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    return graded_class(tmp_path_factory)


def differences(expected, report):
    rows = {(row.student, row.assignment): row for row in report.rows}
    assert len(rows) == len(expected)
    for one in expected:
        row = rows[one.student, one.assignment]
        marks = {name: mark.score for name, mark in row.exercises.items()} or None
        by_hand = tuple(n for n, mark in row.exercises.items() if mark.needs_manual_grade)
        if (marks, row.score, by_hand) != (one.exercises, one.score, one.by_hand):
            yield one, row


def test_does_grading_give_every_mark_that_the_class_was_made_for(graded):
    assert list(differences(graded.expected, graded.report)) == []


def test_does_grading_give_every_mark_in_the_real_chapters(course, tmp_path):
    chapters = Course(course.root, course.chapters[:2])
    expected = demo(chapters, tmp_path / "course", students=8, seed=1, report=quiet)
    assert list(differences(expected, grade(tmp_path / "course", report=quiet))) == []


def test_does_every_kind_occur(graded):
    assert {one.kind for one in graded.expected} == set(KINDS)


def test_do_broken_copied_and_deleted_cells_get_a_verdict_that_says_so(graded):
    verdicts = {row.student: row.verdict for row in graded.report.rows}
    words = {"broken JSON": "broken", "duplicated cell": "copy", "deleted test": "put back"}
    for one in graded.expected:
        assert re.search(words.get(one.kind, "^ok$"), verdicts[one.student]), one


def test_does_expected_json_hold_what_was_returned(graded):
    assert read_expected(graded.directory) == graded.expected


def test_does_the_same_seed_give_the_same_files_and_another_seed_others(tmp_path, tmp_path_factory):
    course = read_course(write_small_course(tmp_path))
    files = []
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        directory = fresh_directory(tmp_path_factory, tmp_path / name)
        demo(course, directory, students=9, seed=seed, report=quiet)
        found = sorted((directory / "submitted").rglob("*.ipynb"))
        files.append({path.relative_to(directory): path.read_bytes() for path in found})
    assert files[0] == files[1] != files[2]


def test_does_a_smaller_class_replace_the_larger_one(tmp_path, tmp_path_factory):
    course = read_course(write_small_course(tmp_path))
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    demo(course, directory, students=9, report=quiet)
    demo(course, directory, students=2, report=quiet)
    assert len(list((directory / "submitted").glob("*/*/*.ipynb"))) == 2


def test_are_submissions_of_real_students_never_touched(tmp_path, tmp_path_factory):
    course = read_course(write_small_course(tmp_path))
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    path = submit(directory, "a_real_student", "{}")
    with pytest.raises(GradingError, match="a_real_student"):
        demo(course, directory, report=quiet)
    assert path.read_text() == "{}"
    assert len(list((directory / "submitted").iterdir())) == 1


def test_is_an_exercise_that_calls_a_wrong_one_never_expected_to_be_right(graded, tmp_path):
    # quadruple's answer calls double: with a wrong double it must not be used
    for one in graded.expected:
        if one.exercises and not one.exercises["double"] and one.exercises["quadruple"]:
            path = graded.directory / "submitted" / one.student / one.assignment
            cells = json.loads((path / f"{one.assignment}.ipynb").read_text())["cells"]
            source = "".join("".join(cell["source"]) for cell in cells)
            assert "double(double(" not in source


def test_is_a_class_of_nobody_refused(tmp_path):
    with pytest.raises(GradingError, match="one or more"):
        demo(read_course(write_small_course(tmp_path)), tmp_path / "course", students=0)
