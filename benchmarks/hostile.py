"""The hostile submissions of tests/hostile/ under stock nbgrader and under ours, as a table.

    .venv/bin/python benchmarks/hostile.py

Stock nbgrader runs them as they are, so each gets a sandbox of its own, with an honest student
who is marked after it. Ours grades all of them in one run, with honest students in between.
The table goes between the markers of ``how-grading-is-safe.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from rnncourse.grading.engine import walls  # noqa: E402

if "--inside" in sys.argv:
    walls.finish_outer_wall()  # mounts /proc, at which the imports below look

from contenders import Marks, read_marks  # noqa: E402
from grading_class import ASSIGNMENT  # noqa: E402
from hostile_class import (  # noqa: E402
    CONTROLS,
    LIMITS,
    POINTS,
    RIGHT,
    Submission,
    World,
    contents,
    earned,
    hand_in,
    hand_in_all,
    hand_in_control,
    leaks,
    listening,
    make_course,
    outputs_of,
    read_submissions,
    traces,
)

from rnncourse.course.assemble import CODE_STUB, TEXT_STUB  # noqa: E402
from rnncourse.files import write_atomically  # noqa: E402
from rnncourse.grading import grade, prepare  # noqa: E402

BEGIN, END = "<!-- table of hostile submissions -->", "<!-- end of the table -->"

#: nbgrader as it comes, except for the words that stand where an answer was, and the time for
#: a cell: with its 30 s the benchmark would take hours.
PLAIN_CONFIG = f"""
c = get_config()
c.ClearSolutions.code_stub = {{"python": {CODE_STUB!r}}}
c.ClearSolutions.text_stub = {TEXT_STUB!r}
c.Execute.timeout = 3
"""

#: After so many seconds a stock run is taken for one that never ends.
_HANGS = 45.0

#: The honest student who is marked after the hostile one.
_NEIGHBOUR = "z_control"


@dataclass
class Outcome:
    """What came of one submission.

    Parameters
    ----------
    unearned, lost
        Points that it got for wrong answers, and did not get for right ones.
    saw
        Whether it saw something that it must not: a test, the course, a network, ...
    left
        Whether it changed or left something outside: files, processes, others' work.
    hung
        Whether the run did not end.
    spoilt
        Whether the honest student beside it did not get their marks.
    """

    unearned: float = 0.0
    lost: float = 0.0
    saw: bool = False
    left: bool = False
    hung: bool = False
    spoilt: bool = False


def main() -> None:
    """Run both, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--page", type=Path, default=ROOT / "how-grading-is-safe.md")
    parser.add_argument("--json", type=Path, help="keep the outcomes here, and go on from there")
    options = parser.parse_args()
    if options.inside:
        inside(*options.inside.split(":"))
        return
    submissions = read_submissions()
    kept = options.json or Path(tempfile.mkdtemp()) / "hostile.json"
    stock = all_stock(submissions, kept)
    ours = all_ours(submissions)
    text = table(submissions, stock, ours)
    print(text)
    put_into(options.page, text)


def all_ours(submissions: list[Submission]) -> dict[str, Outcome]:
    """Grade all of them in one run."""
    with tempfile.TemporaryDirectory() as folder, listening(world := World(Path(folder))):
        os.environ["RNNCOURSE_CANARY"] = world.canary
        course = make_course(world.root / "book")
        prepare(course, world.directory, report=lambda line: None)
        hand_in_all(world, submissions)
        before = contents(world.directory / "submitted")
        report = grade(world.directory, limits=LIMITS, workers=2)
        marks = {
            row.student: {name: mark.score for name, mark in row.exercises.items()}
            for row in report.rows
        }
        changed = before != contents(world.directory / "submitted")
        left = changed or bool(traces(world, _places(world)))
        spoilt = any(_is_spoilt(marks, student) for student in CONTROLS)
        outcomes = {one.name: _outcome(world, course, one, marks) for one in submissions}
        for outcome in outcomes.values():
            # whoever it was: all of them are in one run
            outcome.left, outcome.spoilt = left, spoilt
        for path in world.directory.rglob("*.ipynb"):
            if not path.is_symlink():
                path.chmod(0o600)
        return outcomes


def all_stock(submissions: list[Submission], kept: Path) -> dict[str, Outcome]:
    """Let stock nbgrader grade each of them, two at a time."""
    found: dict[str, dict] = json.loads(kept.read_text()) if kept.is_file() else {}
    left = [one for one in submissions if one.name not in found]
    with _prepared() as prepared, ThreadPoolExecutor(2) as pool:
        slots = list(range(2))

        def work(submission: Submission) -> Outcome:
            slot = slots.pop()
            try:
                return one_stock(submission, prepared, slot)
            finally:
                slots.append(slot)

        for submission, outcome in zip(left, pool.map(work, left), strict=True):
            found[submission.name] = asdict(outcome)
            write_atomically(kept, json.dumps(found, indent=1) + "\n")
            print(f"stock: {len(found)} of {len(submissions)}: {submission.name}", flush=True)
    return {one.name: Outcome(**found[one.name]) for one in submissions}


@contextmanager
def _prepared() -> Iterator[Path]:
    """A course directory without submissions, with a plain configuration."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        directory = prepare(make_course(root / "book"), root / "course", report=lambda line: None)
        shutil.rmtree(directory / ".rnncourse")
        (directory / "nbgrader_config.py").write_text(PLAIN_CONFIG)
        yield root


def one_stock(submission: Submission, prepared: Path, slot: int) -> Outcome:
    """Run stock nbgrader over one hostile student and one honest one, in a sandbox."""
    arguments = [str(ROOT / "benchmarks" / "hostile.py"), "--inside", f"{submission.name}:{slot}"]
    command = walls.outer_wall(arguments)
    room = command.index("/tmp") - 1
    command[room:room] = ["--size", str(500_000_000)]
    last = command.index("--remount-ro")
    binds = []
    for source, target in (
        (ROOT / "tests", ROOT / "tests"),
        (ROOT / "benchmarks", ROOT / "benchmarks"),
        (prepared, Path("/prepared")),
    ):
        for parent in reversed(target.parents[:-1]):
            binds += ["--perms", "0755", "--dir", str(parent)]
        binds += ["--ro-bind", str(source), str(target)]
    command[last:last] = ["--die-with-parent", *binds]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    try:
        said, errors = process.communicate(timeout=_HANGS + 60)
    except subprocess.TimeoutExpired:
        process.kill()
        said, errors = process.communicate()
        return Outcome(hung=True, spoilt=True)
    lines = said.decode(errors="replace").splitlines()
    if "ready" not in lines:
        raise RuntimeError(f"{submission.name}: {errors.decode(errors='replace')[-2000:]}")
    try:
        return Outcome(**json.loads(lines[-1]))
    except (ValueError, TypeError):
        # it has killed everything that there was
        return Outcome(hung=False, spoilt=True, left=True)


def inside(name: str, slot: str) -> None:
    """In the sandbox: hand in, run stock nbgrader, look, and print the outcome."""
    if os.getuid() == 0:
        user = walls.FIRST_UID - 10 + int(slot)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    for what, most in (
        (resource.RLIMIT_NPROC, 150),
        (resource.RLIMIT_AS, 3_000_000_000),
        (resource.RLIMIT_FSIZE, 2_000_000_000),
        (resource.RLIMIT_NOFILE, 1000),
    ):
        resource.setrlimit(what, (most, most))
    # what nbgrader itself writes
    os.environ["HOME"] = tempfile.mkdtemp()
    world = World(Path(tempfile.mkdtemp()))
    os.environ["RNNCOURSE_CANARY"] = world.canary
    course = make_course(world.root / "book")
    shutil.copytree("/prepared/course", world.directory)
    submission = next(one for one in read_submissions() if one.name == name)
    world.secret.write_text(world.canary)
    with listening(world):
        neighbours = [_NEIGHBOUR, *(["a_control"] if "link" in name else [])]
        for neighbour in neighbours:
            hand_in_control(world, neighbour)
        hand_in(world, submission)
        before = contents(world.directory / "submitted")
        print("ready", flush=True)
        hung = not _run_stock(world)
        heard = list(world.heard)
    try:
        marks = read_marks(world.directory, ASSIGNMENT)
    except Exception:  # the gradebook itself may be broken
        marks = {}
    outcome = _outcome(world, course, submission, marks)
    outcome.hung = hung
    outcome.spoilt = any(_is_spoilt(marks, one) for one in neighbours)
    outcome.saw = outcome.saw or bool(heard)
    changed = before != contents(world.directory / "submitted")
    outcome.left = changed or bool(traces(world, _places(world)))
    print("\n" + json.dumps(asdict(outcome)), flush=True)
    os._exit(0)


def _run_stock(world: World) -> bool:
    """Run ``nbgrader autograde``; tells whether it ended by itself."""
    command = [str(Path(sys.executable).parent / "nbgrader"), "autograde", ASSIGNMENT]
    with open(os.devnull, "r+b") as nothing:
        process = subprocess.Popen(
            command, cwd=world.directory, stdin=nothing, stdout=nothing, stderr=nothing
        )
        try:
            process.wait(_HANGS)
        except subprocess.TimeoutExpired:
            process.kill()
            return False
    time.sleep(0.5)
    return True


def _outcome(world: World, course: object, submission: Submission, marks: Marks) -> Outcome:
    """What the marks and the graded notebook say."""
    student = world.fill(submission.student)
    outcome = Outcome()
    if submission.parts.EARNED is not None:
        got, due = marks.get(student, {}), earned(submission)
        outcome.unearned = sum(max(got.get(name, 0) - due[name], 0) for name in due)
        if submission.parts.GRADED:
            outcome.lost = sum(max(due[name] - got.get(name, 0), 0) for name in due)
    notebook = world.directory / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    # a test's traceback is not counted: stock nbgrader shows it to everybody
    with suppress(OSError, ValueError, KeyError):
        outputs = outputs_of(notebook, errors_of_tests=False)
        secret = world.secrets(course, student)  # type: ignore[arg-type]
        outcome.saw = bool(leaks(outputs, secret)) or "REACHED" in outputs
    return outcome


def _is_spoilt(marks: Marks, student: str) -> bool:
    due = {name: POINTS * (name in CONTROLS[student]) for name in RIGHT} | {"why": 0.0}
    return marks.get(student) != due


def _places(world: World) -> list[Path]:
    return [*map(Path, ("/tmp", "/var/tmp", "/dev/shm")), Path.home(), world.root]


def table(
    submissions: list[Submission], stock: dict[str, Outcome], ours: dict[str, Outcome]
) -> str:
    """Both outcomes of each submission, and the sums."""
    lines = [
        "| submission | what it tries | stock nbgrader | ours |",
        "|---|---|---|---|",
    ]
    for one in submissions:
        what = one.tries.rstrip(".").replace("|", "\\|")
        cells = (_words(stock[one.name]), _words(ours[one.name]))
        lines.append(f"| `{one.name}` | {what} | {' | '.join(cells)} |")
    sums = " | ".join(_sums(list(all_of.values())) for all_of in (stock, ours))
    lines.insert(2, f"| **all {len(submissions)}** | | {sums} |")
    return "\n".join(lines)


def _words(outcome: Outcome) -> str:
    said = []
    if outcome.unearned:
        said.append(f"{outcome.unearned:g} unearned points")
    if outcome.lost:
        said.append(f"{outcome.lost:g} honest points lost")
    if outcome.saw:
        said.append("sees what it must not")
    if outcome.left:
        said.append("leaves or changes something")
    if outcome.hung:
        said.append("the run hangs")
    elif outcome.spoilt:
        said.append("the next student is not marked right")
    return ", ".join(said) or "holds"


def _sums(outcomes: list[Outcome]) -> str:
    return (
        f"{sum(o.unearned for o in outcomes):g} unearned points in "
        f"{sum(o.unearned > 0 for o in outcomes)}; {sum(o.saw for o in outcomes)} see what they "
        f"must not; {sum(o.left for o in outcomes)} leave or change something; "
        f"{sum(o.spoilt or o.hung for o in outcomes)} spoil the run for others; "
        f"{sum(o.lost for o in outcomes):g} honest points lost"
    )


def put_into(page: Path, text: str) -> None:
    """Put the table between the markers of a page, which is made if there is none."""
    old = page.read_text(encoding="utf-8") if page.is_file() else f"{BEGIN}\n{END}\n"
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    write_atomically(page, f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


if __name__ == "__main__":
    main()
