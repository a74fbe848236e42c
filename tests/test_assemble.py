"""Chapter + solutions -> solved notebook, student notebook, graded source."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from small_course import write_small_course

from rnncourse.course import find_root, read_course
from rnncourse.course.assemble import (
    Publication,
    graded_notebook,
    merge,
    solved_notebook,
    student_notebook,
)
from rnncourse.course.leaks import leaks_in_text, secret_lines
from rnncourse.course.plain import plain_context

ROOT = find_root(Path(__file__).parent)
COURSE = read_course(ROOT)
CONTEXT = plain_context(ROOT)
NOWHERE = Publication()


@pytest.fixture(params=COURSE, ids=lambda chapter: chapter.name)
def chapter(request):
    return request.param


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_are_the_solved_code_cells_the_chapters_one_to_one(chapter):
    solved = code(solved_notebook(chapter, CONTEXT))
    own = [cell for cell in chapter.cells if cell.is_code]
    assert len(solved) == len(own)
    for made, cell in zip(solved, own, strict=True):
        if cell.role == "stub":
            assert "raise NotImplementedError" not in made.source
            assert made.source.startswith(cell.source.splitlines()[0])
        else:
            assert made.source == cell.source


@pytest.mark.parametrize("make", [student_notebook, graded_notebook])
def test_is_a_made_notebook_valid_and_the_same_each_time(make, chapter):
    first, second = (nbformat.writes(make(chapter, CONTEXT, NOWHERE)) for _ in range(2))
    assert first == second
    nbformat.validate(nbformat.reads(first, as_version=4))


def test_does_the_student_notebook_hold_no_line_of_the_solutions(chapter):
    text = "\n".join(cell.source for cell in student_notebook(chapter, CONTEXT, NOWHERE).cells)
    assert leaks_in_text(text, secret_lines([chapter])) == []
    # the search itself works: the graded source does hold them
    graded = "\n".join(cell.source for cell in graded_notebook(chapter, CONTEXT, NOWHERE).cells)
    assert len(leaks_in_text(graded, secret_lines([chapter]))) > 10


def test_does_stock_nbgrader_release_exactly_the_student_notebook(chapter, tmp_path):
    source = tmp_path / "source" / chapter.name / f"{chapter.name}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(graded_notebook(chapter, CONTEXT, NOWHERE), source)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    nbgrader = [sys.executable, "-m", "nbgrader", "generate_assignment", chapter.name]
    subprocess.run(
        [*nbgrader, "--create", "--no-db", f"--CourseDirectory.root={tmp_path}"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    released = nbformat.read(
        tmp_path / "release" / chapter.name / f"{chapter.name}.ipynb", as_version=4
    )
    assert released == student_notebook(chapter, CONTEXT, NOWHERE)


def test_does_the_first_cell_say_what_to_do_without_the_package(chapter, tmp_path):
    first = code(student_notebook(chapter, CONTEXT, NOWHERE))[0]
    isolated = [sys.executable, "-I", "-S", "-c", first.source]
    done = subprocess.run(isolated, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "the package rnncourse is missing" in done.stderr
    assert "%pip install rnncourse-" in done.stderr


def test_does_the_first_cell_point_to_the_published_wheel(chapter):
    published = Publication("https://course.example.org")
    first = code(student_notebook(chapter, CONTEXT, published))[0]
    assert "%pip install https://course.example.org/notebooks/rnncourse-" in first.source
    exec(first.source, {})


def test_does_a_student_notebook_list_each_source_that_it_cites(chapter):
    sources = student_notebook(chapter, CONTEXT, NOWHERE).cells[-1].source
    keys = {
        key.strip()
        for cell in chapter.cells
        for keys in re.findall(r"\{cite:[pt]\}`([^`]+)`", cell.source)
        for key in keys.split(",")
    }
    assert sources.count("\n- ") == len(keys) > 0


def test_does_a_student_notebook_say_what_each_exercise_is_worth(chapter):
    about = student_notebook(chapter, CONTEXT, NOWHERE).cells[1].source
    for exercise in chapter.exercises.values():
        assert f"| `{exercise.name}` | {exercise.points:g} |" in about
    assert f"`rnncourse check {chapter.name}.ipynb`" in about


def test_are_demonstrations_tagged_and_outside_nbgrader(chapter):
    for cell in code(student_notebook(chapter, CONTEXT, NOWHERE)):
        is_demonstration = "demonstration" in cell.metadata.get("tags", ())
        assert is_demonstration != ("nbgrader" in cell.metadata)


def test_do_the_points_in_the_notebook_add_up_to_the_chapters(chapter):
    cells = student_notebook(chapter, CONTEXT, NOWHERE).cells
    points = [cell.metadata.get("nbgrader", {}).get("points", 0) for cell in cells]
    assert sum(points) == chapter.max_points


STUB = '''\
def f(x, y=1):
    """Say what.

    On two lines.
    """
    raise NotImplementedError'''


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ("def f(x, y=1):\n    return x", "    return x"),
        ('def f(x, y=1):\n    """Mine."""\n    return x', "    return x"),
        ("def f(x, y=1):\n    # why\n    return x", "    # why\n    return x"),
        (
            'def f(x, y=1):\n    """Mine."""\n\n    # why\n    x += 1\n\n'
            "    return (\n        x\n    )",
            "    # why\n    x += 1\n\n    return (\n        x\n    )",
        ),
        ("def f(x, y=1): return x", "    return x"),
    ],
    ids=["plain", "docstring", "comment", "both", "one line"],
)
def test_does_merging_keep_the_stubs_docstring_and_the_answers_body(answer, body):
    assert merge(STUB, answer) == STUB.replace("    raise NotImplementedError", body)


def test_does_the_public_copy_make_student_notebooks_without_solutions(tmp_path):
    (private,) = read_course(write_small_course(tmp_path / "private"))
    (public,) = read_course(write_small_course(tmp_path / "public", solutions=None))
    context = plain_context(tmp_path / "public")
    assert student_notebook(public, context, NOWHERE) == student_notebook(private, context, NOWHERE)
