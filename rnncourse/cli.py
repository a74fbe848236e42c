"""The command line: each command is one call of a function that Python can call too."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    name="rnncourse",
    help="The course on recurrent neural networks: check, verify, publish and grade it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

#: The exit code after Ctrl-C, which typer turns into an exit before we see it.
_INTERRUPTED = 130

CourseDirectory = Annotated[
    Path | None,
    typer.Option(
        "--course", metavar="DIR", help="The nbgrader course directory; default: course/."
    ),
]
Assignment = Annotated[
    str | None,
    typer.Argument(
        metavar="ASSIGNMENT", help="A chapter, such as 02_rnn_cell or 02; default: all."
    ),
]


def _directory(given: Path | None) -> Path:
    """The course directory: as given, else ``course/`` of the checkout that we are in."""
    from rnncourse.course import find_root
    from rnncourse.errors import UserError

    if given is not None:
        return given
    try:
        return find_root() / "course"
    except UserError:  # an instructor may grade without a checkout
        return Path("course")


def _console() -> Console:
    """Where tables go: a log has no width of its own, and 80 columns fold every verdict."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=140)


@app.command(epilog="Example: rnncourse check 02_rnn_cell.ipynb rnn_step")
def check(
    notebook: Annotated[Path, typer.Argument(help="Your chapter notebook.")],
    exercise: Annotated[
        str | None, typer.Argument(metavar="EXERCISE", help="One exercise; default: all.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="The longest that one cell may take.", min=0.1)
    ] = 30.0,
) -> None:
    """Run your exercises and their visible tests; never writes to the notebook."""
    from rnncourse.check import check as check_notebook
    from rnncourse.check import show

    report = check_notebook(notebook, exercise, timeout)
    show(report)
    raise typer.Exit(0 if report.ok else 1)


@app.command(epilog="Example: rnncourse site")
def site() -> None:
    """Build the site into _build/html and the student notebooks into _build/release."""
    from rnncourse.course import find_root
    from rnncourse.course.site import build_site
    from rnncourse.progress import step

    root = find_root()
    with step("Building the site") as say:
        built = build_site(root, say)
    print(f"site: {built.html / 'index.html'}\nstudent notebooks: {built.release}")


@app.command(epilog="Example: rnncourse verify 02_rnn_cell --json")
def verify(
    chapters: Annotated[
        list[str] | None, typer.Argument(metavar="CHAPTER", help="Default: all chapters.")
    ] = None,
    repeats: Annotated[
        int,
        typer.Option(min=1, help="Runs of each right and wrong answer: many find rare accidents."),
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tell an author whether the tests of every exercise are good enough."""
    from rnncourse.course import find_root, read_course
    from rnncourse.course.verify import table
    from rnncourse.course.verify import verify as verify_course

    course = read_course(find_root())
    report = verify_course(course, chapters or (), repeats=repeats, progress=not as_json)
    if as_json:
        print(report.to_json())
    else:
        _console().print(table(report))
        print(*report.faults, sep="\n")
    raise typer.Exit(0 if report.ok else 1)


@app.command(epilog="Example: rnncourse release 02_rnn_cell")
def release(assignment: Assignment = None, course: CourseDirectory = None) -> None:
    """Write graded sources into a course directory and release them with nbgrader."""
    from rnncourse.course import find_root, read_course
    from rnncourse.grading import prepare

    prepare(read_course(find_root()), _directory(course), assignment)


@app.command(epilog="Example: rnncourse demo --students 12 --seed 0 --course sample-course")
def demo(
    students: Annotated[int, typer.Option(min=1, help="How many students.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed makes the same class.")] = 0,
    course: CourseDirectory = None,
) -> None:
    """Make a sample class whose marks are known: right, wrong, unfinished and broken work."""
    from rnncourse.course import find_root, read_course
    from rnncourse.grading import demo as make_demo

    make_demo(read_course(find_root()), _directory(course), students=students, seed=seed)


@app.command(epilog="Example: rnncourse grade 02 --workers 8 --cell-seconds 60")
def grade(
    assignment: Assignment = None,
    course: CourseDirectory = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Notebooks that run at a time; default: one a core.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Run them on the workers of this Dask scheduler, tcp://HOST:8786.",
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Grade what arrives, until Ctrl-C.")
    ] = False,
    regrade: Annotated[bool, typer.Option("--regrade", help="Grade finished ones too.")] = False,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Let submissions do whatever you can do.")
    ] = False,
    cell_seconds: Annotated[
        float, typer.Option(min=0.1, help="The longest that one cell may take.")
    ] = 30.0,
    notebook_seconds: Annotated[
        float, typer.Option(min=1, help="The longest that one notebook may take.")
    ] = 600.0,
    memory: Annotated[
        int, typer.Option(metavar="MB", min=50, help="The most memory that one may use.")
    ] = 2000,
) -> None:
    """Grade everything that was submitted; a run that was stopped continues.

    Exit code 1: some submission could not be graded; the table says why.
    """
    from rnncourse.grading import Limits
    from rnncourse.grading import grade as grade_submissions
    from rnncourse.grading import watch as watch_submissions

    limits = Limits(cell_seconds, notebook_seconds, memory_bytes=memory * 1_000_000)
    what = (_directory(course), assignment, workers, scheduler, regrade, limits, not no_sandbox)
    if watch:
        for row in watch_submissions(*what):
            print(row.line, flush=True)
    report = grade_submissions(*what)
    _console().print(report.table())
    raise typer.Exit(0 if report.ok else 1)


@app.command(epilog="Example: rnncourse feedback 02_rnn_cell")
def feedback(assignment: Assignment = None, course: CourseDirectory = None) -> None:
    """Write a page of feedback for every graded submission."""
    from rnncourse.grading import feedback as write_feedback

    directory = _directory(course)
    returned = write_feedback(directory, assignment)
    print(f"feedback: {len(returned.pages)} pages below {directory / 'feedback'}")
    if returned.refused:
        print(f"not written: {len(returned.refused)}, for the reasons above", file=sys.stderr)
        raise typer.Exit(1)


@app.command(epilog="Example: rnncourse report 02_rnn_cell --to report.html")
def report(
    assignment: Assignment = None,
    to: Annotated[Path, typer.Option(metavar="FILE", help="The HTML file.")] = Path("report.html"),
    course: CourseDirectory = None,
) -> None:
    """Write one page for the instructor: marks, exercises, mistakes, time, what to look at."""
    from rnncourse.grading import write_report

    print(f"report: {write_report(_directory(course), to, assignment)}")


@app.command(epilog="Example: rnncourse export --format moodle --to marks.csv")
def export(
    assignment: Assignment = None,
    to: Annotated[Path, typer.Option(metavar="FILE", help="The CSV file.")] = Path("marks.csv"),
    format: Annotated[
        Literal["plain", "moodle", "canvas"], typer.Option("--format", help="Who reads the file.")
    ] = "plain",
    course: CourseDirectory = None,
) -> None:
    """Write the marks to a CSV file.

    plain: a row for each submission, with each exercise and the verdict.

    moodle: for Grades > Import > CSV file, in UTF-8. Map from "Username" to
    Username: it is nbgrader's student id. "ID number" is its lms_user_id, "Email
    address" its email. Map each assignment and its feedback to a grade item with
    the right maximum: a new item has 100.

    canvas: for Gradebook > Import. "SIS Login ID" is nbgrader's student id, "ID"
    its lms_user_id. A column belongs to the assignment of the same name.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    from rnncourse.grading import export as write_marks

    print(f"marks: {write_marks(_directory(course), to, assignment, format)}")


@app.command(epilog="Example: rnncourse doctor")
def doctor() -> None:
    """Tell what protects this machine from what students hand in, and what does not."""
    from rnncourse.grading.doctor import examine

    diagnosis = examine()
    _console().print(diagnosis.table())
    raise typer.Exit(0 if diagnosis.ok else 1)


def main() -> NoReturn:
    """Run the command line; what a user got wrong becomes one clear line, not a traceback."""
    from rnncourse.errors import UserError

    try:
        app()
    except UserError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"{error.filename or 'the system'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(2)
    except SystemExit as stop:
        if stop.code == _INTERRUPTED:
            print("\nstopped; run the same command again to continue", file=sys.stderr)
        raise
    sys.exit(0)
