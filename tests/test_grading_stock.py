"""Stock nbgrader and ours: the same release, the same marks, the same secrets kept."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from grading_class import (
    ASSIGNMENT,
    RIGHT,
    cell_of,
    fresh_directory,
    graded_class,
    nbgrader,
    notebook_of,
    prepared_directory,
    quiet,
    submit,
)
from nbgrader.api import Gradebook
from nbgrader.utils import determine_grade

from rnncourse.course.assemble import CODE_STUB, TEXT_STUB, Publication, student_notebook
from rnncourse.course.plain import plain_context
from rnncourse.grading import prepare
from rnncourse.grading.executing import replay
from rnncourse.grading.secrecy import hidden_lines
from rnncourse.grading.task import Result, Run
from rnncourse.grading.tasks import demonstrations_of, read_catalogue, task_of

pytestmark = pytest.mark.xdist_group("stock")

BINARIES = Path(sys.executable).parent

#: nbgrader as it comes, except for the words that stand where an answer was.
PLAIN_CONFIG = f"""
c = get_config()
c.ClearSolutions.code_stub = {{"python": {CODE_STUB!r}}}
c.ClearSolutions.text_stub = {TEXT_STUB!r}
"""


def marks_of(directory):
    with Gradebook(f"sqlite:///{directory}/gradebook.db") as gradebook:
        return {
            (s.student.id, grade.name): (grade.score, grade.needs_manual_grade)
            for s in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in s.notebooks
            for grade in notebook.grades
        }


def test_is_the_release_of_every_chapter_exactly_the_student_notebook(course, tmp_path):
    directory = prepare(course, tmp_path / "course", report=quiet)
    context, publication = plain_context(course.root), Publication.read(course.root)
    for chapter in course:
        path = directory / "release" / chapter.name / f"{chapter.name}.ipynb"
        wanted = nbformat.writes(student_notebook(chapter, context, publication)) + "\n"
        assert path.read_text(encoding="utf-8") == wanted


def test_do_honest_submissions_get_the_marks_of_plain_nbgrader(tmp_path_factory, tmp_path):
    graded = graded_class(tmp_path_factory)
    honest = {}
    for one in graded.expected:
        if one.kind not in ("duplicated cell", "deleted test", "broken JSON"):
            honest.setdefault(one.kind, one.student)
    (tmp_path / "nbgrader_config.py").write_text(PLAIN_CONFIG)
    shutil.copytree(graded.directory / "source", tmp_path / "source")
    for student in honest.values():
        shutil.copytree(graded.directory / "submitted" / student, tmp_path / "submitted" / student)
    assert nbgrader("generate_assignment", ASSIGNMENT, cwd=tmp_path).returncode == 0
    released = (tmp_path / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes()
    ours = graded.directory / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    assert released == ours.read_bytes()
    stock = nbgrader("autograde", ASSIGNMENT, cwd=tmp_path)
    assert stock.returncode == 0, stock.stderr[-2000:]
    stock_marks, our_marks = marks_of(tmp_path), marks_of(graded.directory)
    assert len(stock_marks) == 3 * len(honest) >= 15
    assert stock_marks == {key: our_marks[key] for key in stock_marks}


def test_do_stock_commands_work_with_our_configuration(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    source = directory / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    submit(directory, "full", source.read_text())
    submit(directory, "stub", nbformat.writes(notebook_of(directory)))
    copied = nbformat.read(source, as_version=4)
    copied.cells.append(nbformat.from_dict(cell_of(copied, "test-double")))
    copied.cells.remove(cell_of(copied, "test-quadruple"))
    submit(directory, "untidy", nbformat.writes(copied))
    wrong = {"double": "def double(x):\n    return x ** 2", "quadruple": "double = 3"}
    submit(directory, "wrong", nbformat.writes(notebook_of(directory, wrong)))
    done = nbgrader("autograde", ASSIGNMENT, cwd=directory)
    assert done.returncode == 0, done.stderr[-2000:]
    marks = {key: score for key, (score, _) in marks_of(directory).items()}
    for student, wanted in (("full", 1), ("untidy", 1), ("stub", 0), ("wrong", 0)):
        assert marks[student, "test-double"] == 2 * wanted
        assert marks[student, "test-quadruple"] == 3 * wanted
    done = nbgrader("generate_feedback", ASSIGNMENT, cwd=directory)
    assert done.returncode == 0, done.stderr[-2000:]
    pages = list((directory / "feedback").rglob("*.html"))
    assert len(pages) == 4
    assert hidden_lines(source)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not [line for line in hidden_lines(source) if line in text]
        assert "HIDDEN TESTS" not in text
        assert "_hidden_" not in text
    assert "Is each element doubled?" in (
        directory / "feedback" / "wrong" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    ).read_text(encoding="utf-8")


def test_does_stock_nbgrader_mark_the_answers_full_and_the_stubs_zero(course, tmp_path):
    """Every chapter, with the project's own nbgrader_config.py."""
    config = (course.root / "nbgrader_config.py").read_text(encoding="utf-8")
    assert 'Path(__file__).parent / "course"' in config
    (tmp_path / "nbgrader_config.py").write_text(config)
    directory = prepare(course, tmp_path / "course", report=quiet)
    for chapter in course:
        name = f"{chapter.name}.ipynb"
        for student, step in (("answers", "source"), ("stubs", "release")):
            target = directory / "submitted" / student / chapter.name / name
            target.parent.mkdir(parents=True)
            shutil.copy(directory / step / chapter.name / name, target)
        done = nbgrader("autograde", chapter.name, cwd=tmp_path)
        assert done.returncode == 0, done.stderr[-2000:]
        with Gradebook(f"sqlite:///{directory}/gradebook.db") as gradebook:
            for student, share in (("answers", 1), ("stubs", 0)):
                submission = gradebook.find_submission(chapter.name, student)
                assert submission.code_score == share * submission.max_code_score > -1
                assert submission.max_score == chapter.max_points


def test_is_stock_autograde_with_our_configuration_as_safe_as_our_own(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    forge = (
        "import os\nprint(sorted(os.listdir('/')), os.environ.get('SECRET'))\n"
        "checks.close = lambda *args, **kwargs: None\ndef double(x):\n    return x"
    )
    notebook = notebook_of(directory, {"double": forge, "quadruple": RIGHT["quadruple"]})
    submit(directory, "forger", nbformat.writes(notebook))
    submit(directory, "broken", "{")
    command = [BINARIES / "nbgrader", "autograde", ASSIGNMENT]
    environment = {**os.environ, "SECRET": "geheim"}
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, "the broken one"
    marks = {key: score for key, (score, _) in marks_of(directory).items()}
    assert (marks["forger", "test-double"], marks["forger", "test-quadruple"]) == (0, 3)
    path = directory / "autograded" / "forger" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    text = path.read_text()
    assert "geheim" not in text
    assert "'home'" not in text
    graded = nbformat.reads(text, as_version=4)
    (error,) = cell_of(graded, "test-double").outputs
    assert (error.output_type, error.traceback) == ("error", [error.evalue])
    assert "Is each element doubled?" in error.evalue
    counts = [cell.execution_count for cell in graded.cells if cell.get("execution_count")]
    assert counts == list(range(1, len(counts) + 1))


def test_does_stock_autograde_refuse_to_run_without_a_sandbox_unless_told(
    tmp_path_factory, tmp_path
):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    submit(directory, "honest", nbformat.writes(notebook_of(directory, RIGHT)))
    config = directory / "nbgrader_config.py"
    text = config.read_text() + (
        "from rnncourse.grading.engine import walls\nwalls.bubblewrap = lambda: None\n"
    )
    config.write_text(text)
    done = nbgrader("autograde", ASSIGNMENT, cwd=directory)
    assert done.returncode == 1
    assert "bubblewrap is not installed" in done.stderr
    assert not list((directory / "autograded").rglob("*.ipynb"))
    config.write_text(text + "c.SandboxedExecute.sandbox = False\n")
    assert nbgrader("autograde", ASSIGNMENT, cwd=directory).returncode == 0
    assert marks_of(directory)["honest", "test-double"] == (2.0, False)


@pytest.mark.parametrize(
    ("share", "mark"),
    [(1.0, 3.0), (0.5, 1.5), (0.1, 0.1 * 3), (0.0, 0.0), (float("nan"), 0.0), (2.0, 3.0)],
)
def test_does_nbgrader_read_the_judges_share_from_the_replayed_cell(tmp_path_factory, share, mark):
    directory = prepared_directory(tmp_path_factory)
    notebook = nbformat.read(directory / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", 4)
    task = task_of(notebook, (), (), {})
    results = {"quadruple": Result(share, "Is double called twice?")}
    replay(notebook, task, Run(results=results, message="took too long"))
    assert determine_grade(cell_of(notebook, "test-quadruple")) == (mark, 3.0)
    cell = cell_of(notebook, "test-double")
    assert determine_grade(cell) == (0, 2.0)
    assert cell.outputs[0].evalue == "not run: took too long"


def test_is_a_demonstration_left_out_even_if_its_tag_is_gone(tmp_path_factory):
    directory = prepared_directory(tmp_path_factory)
    source = directory / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = notebook_of(directory, RIGHT)
    for cell in notebook.cells:
        cell.metadata.pop("tags", None)
    notebook.cells.append(nbformat.v4.new_code_cell("my_own = 1"))
    cells = task_of(notebook, (), demonstrations_of(source), {}).cells
    assert not [code for code in cells if "demo_value" in code.source]
    assert [code.kind for code in cells] == [
        *("setup", "setup", "student", "tests", "student", "tests", "student")
    ]
    assert {code.exercise for code in cells if code.kind == "tests"} == set(RIGHT)


def test_does_the_catalogue_hold_what_the_judge_needs_and_nobody_else_read_it(tmp_path_factory):
    directory = prepared_directory(tmp_path_factory)
    path = directory / ".rnncourse" / "catalogue" / f"{ASSIGNMENT}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    known = read_catalogue(path)
    assert set(known) == {"double", "quadruple"}
    assert "np.asarray(x) + x" in known["double"].answer
    assert len(known["double"].misconceptions) == 6
    hint, wrong = known["double"].misconceptions[0]
    assert hint == "Squaring and doubling agree at two only."
    assert "x**2" in wrong
    assert read_catalogue(path.with_name("other.json")) == {}
