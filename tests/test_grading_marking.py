"""Grading a whole class: odd submissions, runs that were stopped, and what is done twice."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from grading_class import (
    ASSIGNMENT,
    RIGHT,
    cell_of,
    fresh_directory,
    graded_class,
    notebook_of,
    prepared_directory,
    quiet,
    submit,
)
from small_course import CHAPTER, SOLUTIONS, write_small_course

from rnncourse.course import read_course
from rnncourse.grading import GradingError, Limits, demo, grade, prepare
from rnncourse.grading.directory import open_directory
from rnncourse.grading.journal import Entry, Journal
from rnncourse.grading.marking import NO_SANDBOX

pytestmark = pytest.mark.xdist_group("grading")

FULL = {"double": 2.0, "quadruple": 3.0, "why_double": 0.0}


def marks(row):
    return {name: mark.score for name, mark in row.exercises.items()}


@pytest.fixture(scope="module")
def odd_class(tmp_path_factory):
    """Odd submissions, graded in one run; the rows by student."""
    directory = fresh_directory(tmp_path_factory, tmp_path_factory.mktemp("odd") / "course")

    def hand_in(student, change=lambda notebook: None, answers=RIGHT):
        notebook = notebook_of(directory, answers)
        changed = change(notebook)
        submit(directory, student, changed or nbformat.writes(notebook))

    def exit_in_second(notebook):
        cell_of(notebook, "quadruple").source = "import os\nos._exit(1)"

    def forge(notebook):
        cell_of(notebook, "test-double").source = "pass"
        cell_of(notebook, "test-double").metadata["tags"] = ["demonstration"]

    def old_schema(notebook):
        for cell in notebook.cells:
            if "nbgrader" in cell.metadata:
                cell.metadata.nbgrader["schema_version"] = 1

    def to_stderr(notebook):
        cell_of(
            notebook, "double"
        ).source = "import sys\ndef double(x):\n    print('?', file=sys.stderr)\n    return 2 * x"

    hand_in("honest")
    hand_in("dies", exit_in_second)
    hand_in("endless", lambda nb: cell_of(nb, "double").update(source="while True: pass"))
    hand_in("forger", forge, {"double": "def double(x):\n    return x"})
    hand_in("old_schema", old_schema)
    hand_in("writes_to_stderr", to_stderr)
    hand_in("prose", lambda nb: cell_of(nb, "why_double").update(source="Since 2 * 2 = 4."))
    hand_in("empty", lambda nb: "{}")
    submit(directory, "misnamed", "{}", name="my homework.ipynb")
    (directory / "submitted" / "nothing" / ASSIGNMENT).mkdir(parents=True)
    (directory / "submitted" / "lost" / "99_unknown").mkdir(parents=True)
    hand_in("linked")
    (directory / "submitted" / "linked" / ASSIGNMENT / "data.csv").symlink_to("/etc/hostname")
    before = contents(directory / "submitted")
    report = grade(directory, limits=Limits(cell_seconds=3), report=quiet)
    assert contents(directory / "submitted") == before
    return directory, {row.student: row for row in report.rows}


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_does_every_submission_get_a_row(odd_class):
    directory, rows = odd_class
    assert set(rows) == {path.name for path in (directory / "submitted").iterdir()}


def test_is_an_honest_submission_among_odd_ones_marked_as_ever(odd_class):
    row = odd_class[1]["honest"]
    assert (marks(row), row.verdict, row.score, row.max_score) == (FULL, "ok", 5.0, 6.0)


def test_does_a_dead_kernel_cost_only_what_came_after(odd_class):
    row = odd_class[1]["dies"]
    assert marks(row) == FULL | {"quadruple": 0.0}
    assert "ended Python itself (exit code 1) at the cell 'quadruple'" in row.verdict


def test_does_an_endless_loop_cost_only_its_exercise(odd_class):
    assert marks(odd_class[1]["endless"]) == FULL | {"double": 0.0}


def test_does_a_forged_test_earn_nothing(odd_class):
    row = odd_class[1]["forger"]
    assert row.score == 0
    assert "'test-double' had been edited" in " ".join(row.flags)


def test_is_an_honest_submission_not_flagged(odd_class):
    assert odd_class[1]["honest"].flags == ()


def test_is_an_old_schema_no_reason_to_stop(odd_class):
    assert marks(odd_class[1]["old_schema"]) == FULL


def test_does_a_warning_cost_nothing_though_it_does_in_nbgrader(odd_class):
    assert marks(odd_class[1]["writes_to_stderr"]) == FULL


def test_does_an_open_answer_wait_for_a_person(odd_class):
    assert odd_class[1]["prose"].needs_manual_grade
    assert not odd_class[1]["honest"].needs_manual_grade


@pytest.mark.parametrize(
    ("student", "verdict"),
    [
        ("empty", "is not a notebook"),
        ("misnamed", "there is my homework.ipynb"),
        ("nothing", "there is no notebook"),
        ("lost", "no assignment is called '99_unknown'; rename the folder"),
        ("linked", "data.csv is a link"),
    ],
)
def test_does_what_cannot_be_graded_say_why(odd_class, student, verdict):
    row = odd_class[1][student]
    assert (row.state, row.score) == ("not graded", None)
    assert verdict in row.verdict


def test_is_nothing_unfinished_left(odd_class):
    assert {path.name for path in (odd_class[0] / ".rnncourse").iterdir()} == {
        "catalogue",
        "journal.jsonl",
        "lock",
    }


def test_does_every_record_say_what_kept_the_submission_in(odd_class):
    lines = (odd_class[0] / ".rnncourse" / "journal.jsonl").read_text().splitlines()
    assert {json.loads(line)["sandbox"] for line in lines if line} == {"bubblewrap"}


def test_does_grading_without_a_sandbox_say_so_in_every_record(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    submit(directory, "honest", nbformat.writes(notebook_of(directory, RIGHT)))
    (row,) = grade(directory, sandbox=False, report=quiet).rows
    assert (marks(row), row.verdict, row.flags) == (FULL, NO_SANDBOX, (NO_SANDBOX,))
    entry = Journal(directory / ".rnncourse" / "journal.jsonl").find("honest", ASSIGNMENT)
    assert (entry.sandbox, entry.flags) == ("none", [NO_SANDBOX])
    # what ran unprotected is not taken for the other
    assert grade(directory, report=quiet).rows[0].state == "graded"


def test_is_a_machine_without_a_sandbox_refused_in_one_line(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    submit(directory, "honest", nbformat.writes(notebook_of(directory, RIGHT)))
    code = (
        "from rnncourse.grading.engine import walls; walls.bubblewrap = lambda: None\n"
        f"from rnncourse.grading import grade; grade({str(directory)!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    line = done.stderr.strip().splitlines()[-1]
    assert "bubblewrap is not installed" in line
    assert "add --no-sandbox" in line
    assert not (directory / ".rnncourse" / "journal.jsonl").exists()


def test_does_the_table_show_names_that_look_like_markup(odd_class):
    from rich.console import Console

    from rnncourse.grading import Report, Row

    row = Row("[red]x[/red]", ASSIGNMENT, "not graded", "broken [/]")
    console = Console(width=200, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    console.print(Report((row,)).table())
    assert "[red]x[/red]" in console.export_text()


@pytest.fixture
def again(tmp_path_factory, tmp_path):
    """A copy of the graded sample class."""
    graded = graded_class(tmp_path_factory)
    shutil.copytree(graded.directory, tmp_path / "course")
    return tmp_path / "course", graded


def test_is_a_finished_submission_not_graded_again(again):
    directory, graded = again
    report = grade(directory, report=quiet)
    assert not [row for row in report.rows if row.state == "graded"]
    assert [r.score for r in report.rows] == [r.score for r in graded.report.rows]
    assert [r.verdict for r in report.rows] == [r.verdict for r in graded.report.rows]


def test_are_changed_and_half_done_submissions_graded_again_and_no_others(again):
    directory, graded = again
    changed, lost_folder, lost_marks = [
        one.student for one in graded.expected if one.kind == "other right answers"
    ][:2] + [one.student for one in graded.expected if one.kind == "untouched"][:1]
    path = directory / "submitted" / changed / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.write_bytes(path.read_bytes() + b"\n")
    shutil.rmtree(directory / "autograded" / lost_folder)
    with open_directory(directory).gradebook() as gradebook:
        gradebook.remove_submission(ASSIGNMENT, lost_marks)
    report = grade(directory, report=quiet)
    states = {row.student: row.state for row in report.rows}
    again_now = {student for student, state in states.items() if state == "graded"}
    assert again_now == {changed, lost_folder, lost_marks}
    assert [r.score for r in report.rows] == [r.score for r in graded.report.rows]


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        ("Doubling doubles.", "Doubling does double.", "unchanged"),
        ('"Is each element doubled?"', '"Twice each element?"', "graded"),
    ],
    ids=["a sentence", "a test"],
)
def test_does_a_changed_test_grade_again_and_a_changed_sentence_not(
    old, new, state, again, tmp_path
):
    directory, graded = again
    changed = read_course(write_small_course(tmp_path / "changed", CHAPTER.replace(old, new)))
    prepare(changed, directory, report=quiet)
    before = {path: path.read_bytes() for path in (directory / "submitted").rglob("*.ipynb")}
    demo(changed, directory, students=12, report=quiet)
    whole = [row.student for row in graded.report.rows if row.score is not None]
    if state == "unchanged":
        assert all(
            path.read_bytes() == text for path, text in before.items() if path.parts[-3] in whole
        )
    report = grade(directory, report=quiet)
    assert {row.state for row in report.rows if row.student in whole} == {state}
    assert [row.score for row in report.rows] == [row.score for row in graded.report.rows]


def test_does_a_broken_second_hand_in_say_that_the_mark_is_the_first_ones(again):
    directory, graded = again
    student = next(one.student for one in graded.expected if one.kind == "right answers")
    (directory / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_text("{")
    row = next(row for row in grade(directory, report=quiet).rows if row.student == student)
    assert row.state == "not graded"
    assert "the mark in the gradebook is an earlier submission's" in row.verdict


def start_grading(directory):
    code = f"from rnncourse.grading import grade; grade({str(directory)!r}, workers=2)"
    return subprocess.Popen([sys.executable, "-c", code], start_new_session=True)


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_does_a_stopped_run_leave_nothing_running_and_go_on_where_it_was(
    tmp_path_factory, tmp_path, kind
):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    slow = {**RIGHT, "double": f"import time\ntime.sleep(1)\n\n{RIGHT['double']}"}
    for number in range(8):
        submit(directory, f"s{number}", nbformat.writes(notebook_of(directory, slow)))
    journal = directory / ".rnncourse" / "journal.jsonl"
    process = start_grading(directory)
    wait_until(lambda: journal.is_file() and journal.read_bytes().count(b"{"), process)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    process.send_signal(kind)
    process.wait(timeout=30)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    if kind == signal.SIGINT:
        left = {path.name for path in (directory / ".rnncourse").iterdir()}
        assert left == {"catalogue", "journal.jsonl", "lock"}
    finished = sum(bool(line.strip()) for line in journal.read_text().splitlines())
    report = grade(directory, report=quiet)
    assert [row.state for row in report.rows].count("unchanged") == finished >= 1
    assert {row.score for row in report.rows} == {5.0}


def wait_until(is_so, process, seconds=120):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)


def test_is_a_second_run_at_the_same_time_refused(again):
    directory, _ = again
    with open_directory(directory).lock(), pytest.raises(GradingError, match="another run"):
        grade(directory, report=quiet)


def test_is_a_torn_line_of_the_journal_no_matter(again):
    directory, _ = again
    journal = directory / ".rnncourse" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().rstrip()[:-20])
    report = grade(directory, report=quiet)
    assert sum(row.state == "graded" for row in report.rows) <= 1


def test_does_preparing_again_change_nothing(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    (directory / "release" / ASSIGNMENT / "data.csv").write_text("the instructor's")
    before = contents(directory)
    said = []
    prepare(read_course(write_small_course(tmp_path)), directory, report=said.append)
    assert said == []
    assert contents(directory) == before


def test_does_a_new_test_line_reach_release_and_source(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    (directory / "release" / ASSIGNMENT / "data.csv").write_text("the instructor's")
    chapter = CHAPTER.replace('"Is each element doubled?")', '"Is each element doubled now?")')
    prepare(read_course(write_small_course(tmp_path, chapter)), directory, report=quiet)
    for step in ("source", "release"):
        path = directory / step / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        assert "doubled now?" in path.read_text()
    assert (directory / "release" / ASSIGNMENT / "data.csv").is_file()


def test_is_an_exercise_that_is_renamed_after_submissions_refused(again, tmp_path):
    directory, _ = again
    source = directory / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    before = source.read_bytes()
    chapter, solutions = (text.replace("quadruple", "fourfold") for text in (CHAPTER, SOLUTIONS))
    course = read_course(write_small_course(tmp_path / "new", chapter, solutions))
    with pytest.raises(GradingError, match="submissions associated with it") as caught:
        prepare(course, directory, report=quiet)
    assert len(str(caught.value).splitlines()) == 1
    assert source.read_bytes() == before


def test_is_a_folder_below_build_refused(tmp_path):
    course = read_course(write_small_course(tmp_path))
    with pytest.raises(GradingError, match="_build"):
        prepare(course, tmp_path / "_build" / "course", report=quiet)


def test_is_the_public_copy_refused(tmp_path):
    course = read_course(write_small_course(tmp_path, solutions=None))
    with pytest.raises(GradingError, match="no solutions/"):
        prepare(course, tmp_path / "course", report=quiet)


def test_do_mistyped_names_get_one_clear_line(tmp_path_factory, tmp_path):
    with pytest.raises(GradingError, match="rnncourse release"):
        grade(tmp_path, report=quiet)
    with pytest.raises(GradingError, match="there are: 01_doubling"):
        grade(prepared_directory(tmp_path_factory), "02_tripling", report=quiet)


def test_is_a_broken_setting_named(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    (directory / "nbgrader_config.py").write_text("c = get_config()\nc.x = 1 / 0\n")
    with pytest.raises(GradingError, match=r"nbgrader_config\.py: ZeroDivisionError"):
        grade(directory, report=quiet)


def test_does_the_journal_hold_what_the_report_needs(again):
    directory, graded = again
    journal = Journal(directory / ".rnncourse" / "journal.jsonl")
    entries = {entry.student: entry for entry in journal}
    assert set(entries) == {row.student for row in graded.report.rows}
    for one in graded.expected:
        entry = entries[one.student]
        shares = {name: result["share"] for name, result in entry.results.items()}
        assert entry.graded == (one.exercises is not None)
        if entry.graded:
            assert shares == {n: float(one.exercises[n] > 0) for n in ("double", "quadruple")}
            assert entry.cpu_seconds > 0


def test_is_a_line_of_an_older_journal_read(tmp_path):
    old = {"student": "a", "assignment": "b", "key": "c", "graded": True, "verdict": "ok"}
    (tmp_path / "journal.jsonl").write_text(json.dumps({**old, "seconds": 1.0}) + "\n")
    journal = Journal(tmp_path / "journal.jsonl")
    journal.add(Entry("a", "x", "c", True, "\udce9", 1.0))
    for one in (journal, Journal(tmp_path / "journal.jsonl")):
        assert one.find("a", "b") == Entry("a", "b", "c", True, "ok", 1.0)
        assert one.find("a", "x").verdict == "\udce9"
