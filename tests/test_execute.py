"""Running the solved notebooks, and keeping their outputs under the chapters' keys."""

import json

import nbformat
import pytest
from jupyter_cache import get_cache
from myst_nb.core.read import read_myst_markdown_notebook
from small_course import CHAPTER, SOLUTIONS, write_small_course

from rnncourse.course import CourseError, read_course
from rnncourse.course import execute as execute_module
from rnncourse.course.execute import execute_course, fingerprint
from rnncourse.course.plain import plain_context


def execute(root):
    (executed,) = execute_course(read_course(root), plain_context(root), lambda word: None)
    return executed


def cached_outputs(root, chapter=CHAPTER):
    """What the book will show for a chapter with this text: the outputs of its code cells."""
    notebook = read_myst_markdown_notebook(chapter)
    record = get_cache(str(root / "_build" / ".jupyter_cache")).match_cache_notebook(notebook)
    bundle = get_cache(str(root / "_build" / ".jupyter_cache")).get_cache_bundle(record.pk)
    return [cell.outputs for cell in bundle.nb.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def executed_root(tmp_path_factory):
    root = write_small_course(tmp_path_factory.mktemp("executed"))
    assert execute(root).ran
    return root


@pytest.fixture
def small(executed_root, tmp_path):
    """A copy of the executed course that a test may change."""
    import shutil

    root = tmp_path / "course"
    shutil.copytree(executed_root, root)
    return root


def test_do_the_stubs_of_the_chapter_find_the_outputs_of_the_answers(executed_root):
    outputs = cached_outputs(executed_root)
    (printed,) = outputs[3]
    assert printed.text == "[42.]\n"


def test_does_the_solved_notebook_stay_with_its_outputs(executed_root):
    solved = nbformat.read(executed_root / "_build" / "solved" / "01_doubling.ipynb", 4)
    assert any("doubled_array" in cell.source for cell in solved.cells)
    assert any(cell.get("outputs") for cell in solved.cells)


def test_does_nothing_run_when_nothing_has_changed(small):
    assert not execute(small).ran


def test_does_changed_prose_run_nothing_and_keep_the_outputs(small):
    write_small_course(small, CHAPTER.replace("Doubling doubles.", "Doubling does double."))
    assert not execute(small).ran
    assert cached_outputs(small)


def test_does_changed_metadata_run_nothing_and_move_the_outputs(small):
    changed = CHAPTER.replace("demo_value =", ":tags: [hide-input]\n\ndemo_value =")
    write_small_course(small, changed)
    assert not execute(small).ran
    assert cached_outputs(small, changed)[3][0].text == "[42.]\n"


@pytest.mark.parametrize(
    ("chapter", "solutions"),
    [
        (CHAPTER.replace("[21.0]", "[20.0]"), SOLUTIONS),
        (CHAPTER, SOLUTIONS.replace("doubled_array", "twice_the_array")),
    ],
    ids=["code", "answer"],
)
def test_does_changed_code_change_the_fingerprint(chapter, solutions, small):
    before = fingerprint(*_course_and_chapter(small))
    write_small_course(small, chapter, solutions)
    assert fingerprint(*_course_and_chapter(small)) != before


@pytest.mark.parametrize("part", ["hidden", "misconception", "also-correct"])
def test_does_a_changed_hidden_part_leave_the_fingerprint(part, small):
    before = fingerprint(*_course_and_chapter(small))
    start = SOLUTIONS.index(f"# %% {part} double")
    changed = SOLUTIONS[:start] + SOLUTIONS[start:].replace("\n\n", "  # a comment\n\n", 1)
    write_small_course(small, solutions=changed)
    assert fingerprint(*_course_and_chapter(small)) == before


def test_does_changed_package_code_change_the_fingerprint(small, tmp_path, monkeypatch):
    before = fingerprint(*_course_and_chapter(small))
    package = tmp_path / "package" / "rnncourse" / "course"
    package.mkdir(parents=True)
    (package.parent / "checks.py").write_text("changed = True\n")
    monkeypatch.setattr(execute_module, "__file__", str(package / "execute.py"))
    assert fingerprint(*_course_and_chapter(small)) != before


@pytest.mark.parametrize(
    ("module", "matters"),
    [("_waves.py", True), ("_drawing.py", True), ("_gates.py", False), ("__init__.py", False)],
    ids=["a figure that it draws", "what all share", "another chapter's", "the list of names"],
)
def test_does_a_changed_figure_change_the_fingerprint_of_who_draws_it(
    module, matters, small, tmp_path, monkeypatch
):
    package = tmp_path / "package" / "rnncourse" / "course"
    plots = package.parent / "plots"
    plots.mkdir(parents=True)
    package.mkdir()
    (plots / "__init__.py").write_text('__all__ = ["gates", "wave"]\n')
    (plots / "_drawing.py").write_text("def drawn(): ...\n")
    (plots / "_waves.py").write_text("def wave(): ...\n")
    (plots / "_gates.py").write_text("def gates(): ...\n")
    monkeypatch.setattr(execute_module, "__file__", str(package / "execute.py"))
    write_small_course(small, CHAPTER.replace("print(demo_value)", "plots.wave(demo_value)"))
    before = fingerprint(*_course_and_chapter(small))
    (plots / module).write_text((plots / module).read_text() + "changed = True\n")
    assert (fingerprint(*_course_and_chapter(small)) != before) == matters


def test_are_the_outputs_stored_again_after_the_cache_was_lost(small):
    import shutil

    shutil.rmtree(small / "_build" / ".jupyter_cache")
    assert not execute(small).ran
    assert cached_outputs(small)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("print(1 / 0)", "the demonstration cell fails with ZeroDivisionError: division by zero"),
        ("import os; os._exit(1)", "the demonstration cell fails with Kernel died"),
        ("import sys; print('oh', file=sys.stderr)", "the cell writes to stderr: oh"),
    ],
    ids=["error", "dead kernel", "stderr"],
)
def test_does_a_chapter_that_fails_stop_with_chapter_cell_and_error(cell, expected, tmp_path):
    broken = CHAPTER.replace("print(demo_value)", cell)
    root = write_small_course(tmp_path, broken)
    with pytest.raises(CourseError) as caught:
        execute(root)
    line = broken[: broken.index("demo_value =")].count("\n") + 1
    assert str(caught.value).startswith(f"chapters/01_doubling.md:{line}: ")
    assert expected in str(caught.value)
    assert not (root / "_build" / "solved").exists(), "nothing half-made is left"


def test_does_the_public_copy_run_what_it_can(tmp_path):
    chapter = CHAPTER.replace(
        "print(demo_value)\n", "print(demo_value)\n```\n\n```{code-cell} ipython3\nprint('free')\n"
    )
    root = write_small_course(tmp_path, chapter, solutions=None)
    assert execute(root).ran
    shown = cached_outputs(root, chapter)
    assert [output.text for outputs in shown for output in outputs] == ["free\n"]


def test_does_an_edit_during_the_run_make_the_chapter_run_again(tmp_path):
    edit = "open('quizzes/01_doubling.yml', 'a').write('# edited\\n')\nprint(demo_value)"
    root = write_small_course(tmp_path, CHAPTER.replace("print(demo_value)", edit))
    assert execute(root).ran
    assert execute(root).ran


def test_is_the_run_time_kept_for_the_report(executed_root):
    record = json.loads((executed_root / "_build" / "outputs" / "01_doubling.json").read_text())
    assert 0 < record["seconds"] < 60


def _course_and_chapter(root):
    course = read_course(root)
    return course, course.chapters[0]
