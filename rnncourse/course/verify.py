"""Are an exercise's tests good enough? Accept all that is right, reject all that is wrong.

For every exercise with tests:

- its answer and each ``also-correct`` pass the visible and the hidden tests, every time,
  without a word on standard error;
- the unsolved stub fails both;
- each ``misconception`` runs, and fails the hidden tests alone, every time;
- each automatic mutant of the answer (`rnncourse.course.mutants`) fails some test, or is
  marked as equivalent with a reason; each mark fits a mutant that survives;
- the judge of `rnncourse grade`, which calls answers from outside, says the same;
- there are enough misconceptions, and enough other right answers.

How many misconceptions the visible tests catch, and how many the judge can name to a student
whose answer behaves so, is told, not judged. Hidden tests draw
fresh numbers, so what depends on them is run several times. An exercise without a fault
is not verified again until its code, an earlier answer or the package changes:
``_build/verify`` remembers.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnncourse.course.judging import judged
from rnncourse.course.mutants import Mutant, mark_key, mutants
from rnncourse.course.source import Chapter, Course, Exercise, Fault, Solution, Variant
from rnncourse.course.trial import LIMIT, Bench, BenchError, Outcome, Trial, Which

if TYPE_CHECKING:
    from rich.table import Table

#: How often what depends on fresh random numbers is run, unless told otherwise.
REPEATS = 5
#: How often a mutant must fail hidden tests to count as killed.
MUTANT_REPEATS = 3
MIN_MISCONCEPTIONS = 6
MIN_ALSO_CORRECT = 2
#: A wrong answer may take this many times as long as the right one, and at least so long.
SLOWER = 10.0
SHORTEST_LIMIT = 2.0  # seconds


@dataclass
class Counts:
    """How many there are of each kind, and how many the tests sort rightly.

    Attributes
    ----------
    right, accepted
        The right answers (the answer and each also-correct), and how many of them the
        tests accept every time.
    misconceptions, rejected, seen, named
        The misconceptions, how many of them the hidden tests reject every time, how many
        the visible tests catch, and how many the judge tells by what they do.
    mutants, killed, timeouts, equivalent
        The mutants of the answer, how many of them the tests reject, how many of those by
        running into the time limit, and how many survivors are marked as equivalent.
    """

    right: int = 0
    accepted: int = 0
    misconceptions: int = 0
    rejected: int = 0
    seen: int = 0
    named: int = 0
    mutants: int = 0
    killed: int = 0
    timeouts: int = 0
    equivalent: int = 0


@dataclass(frozen=True)
class ExerciseReport:
    """What was found out about one exercise.

    Attributes
    ----------
    counts
        All zero for an open exercise.
    faults
        The shortfalls, each with its place.
    seconds
        How long it took; 0 if nothing had changed since it was last found to be good.
    """

    chapter: str
    exercise: str
    is_open: bool = False
    counts: Counts = field(default_factory=Counts)
    faults: tuple[Fault, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Report:
    """What was found out about all exercises that were verified, in the course's order."""

    exercises: tuple[ExerciseReport, ...]

    @property
    def faults(self) -> list[Fault]:
        return sorted(fault for exercise in self.exercises for fault in exercise.faults)

    @property
    def ok(self) -> bool:
        return not self.faults

    def to_json(self) -> str:
        """The whole report as JSON; faults as objects with path, line, fault and mend."""
        content = {
            "ok": self.ok,
            "exercises": [{**asdict(exercise), "ok": exercise.ok} for exercise in self.exercises],
        }
        return json.dumps(content, indent=2, ensure_ascii=False, default=str)


def verify(
    course: Course,
    chapters: Sequence[str] = (),
    *,
    repeats: int = REPEATS,
    progress: bool = False,
) -> Report:
    """Verify the tests of all exercises of the named chapters.

    Parameters
    ----------
    course
        The course, with its solutions.
    chapters
        Names or numbers of chapters; none means all.
    repeats
        How often each right answer and each misconception meets the hidden tests, which draw
        new numbers each time. A verdict that is wrong once in a thousand runs is not found in
        five, and is met all the same in a class of three hundred.
    progress
        Show on standard error what is being verified.

    Raises
    ------
    UserError
        If no chapter has one of the names.
    """
    chosen = [course[name] for name in chapters] or list(course)
    total = sum(len(chapter.exercises) for chapter in chosen)
    with _Progress(total) if progress else nullcontext(None) as bar:
        reports = [
            report
            for chapter in chosen
            for report in _verify_chapter(chapter, course.root / "_build" / "verify", repeats, bar)
        ]
    return Report(tuple(reports))


def table(report: Report) -> Table:
    """Lay a report out for the terminal, one exercise a line.

    ``right`` counts the right answers that are accepted, ``wrong`` the misconceptions that
    the hidden tests reject, ``seen`` those that the visible tests catch too, ``named`` those
    that the judge knows by what they do, ``mutants`` those that some test rejects, of all that
    are not ``marked`` as equivalent.
    """
    from rich.table import Table
    from rich.text import Text

    result = Table(box=None, pad_edge=False)
    result.add_column("exercise", no_wrap=True)
    for heading in ("right", "wrong", "seen", "named", "mutants", "marked", "seconds"):
        result.add_column(heading, justify="right", no_wrap=True)
    result.add_column("", no_wrap=True)

    def share(part: int, whole: int) -> Text:
        return Text(f"{part}/{whole}", style="" if part == whole else "bold red")

    chapter = ""
    for row in report.exercises:
        if row.chapter != chapter:
            chapter = row.chapter
            result.add_row(Text(chapter, style="bold"))
        verdict = Text("good", style="green") if row.ok else Text(_count(row.faults), "bold red")
        name = f"  {row.exercise}"
        if row.is_open:
            result.add_row(name, Text("open", style="dim"), *[""] * 6, verdict)
            continue
        n = row.counts
        late = f", {n.timeouts} by time" if n.timeouts else ""
        result.add_row(
            name,
            share(n.accepted, n.right),
            share(n.rejected, n.misconceptions),
            f"{n.seen}/{n.misconceptions}",
            f"{n.named}/{n.misconceptions}",
            share(n.killed, n.mutants - n.equivalent) + Text(late),
            str(n.equivalent),
            f"{row.seconds:.1f}" if row.seconds else Text("cached", style="dim"),
            verdict,
        )
    return result


def _count(faults: Sequence[Fault]) -> str:
    return f"{len(faults)} fault" + ("s" if len(faults) != 1 else "")


class _Progress:
    """A line on standard error: the exercise, the step, how far and how long."""

    def __init__(self, total: int):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(20),
            MofNCompleteColumn(),
            Elapsed(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("verify", total=total)

    def __enter__(self) -> _Progress:
        self._progress.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._progress.stop()

    def step(self, text: str) -> None:
        self._progress.update(self._task, description=text)

    def advance(self) -> None:
        self._progress.advance(self._task)


def _verify_chapter(
    chapter: Chapter, folder: Path, repeats: int, bar: _Progress | None
) -> list[ExerciseReport]:
    reports = {}
    changed = []
    for exercise in chapter.exercises.values():
        known = None if exercise.is_open else _recall(chapter, exercise, folder, repeats)
        if exercise.is_open:
            reports[exercise.name] = _verify_open(chapter, exercise)
        elif known is not None:
            reports[exercise.name] = known
        else:
            changed.append(exercise)
            continue
        if bar is not None:
            bar.advance()
    try:
        if changed:
            with Bench(chapter) as bench:
                for exercise in changed:
                    report = _Examination(chapter, exercise, bench, repeats, bar).report()
                    reports[exercise.name] = report
                    _remember(chapter, exercise, folder, repeats, report)
                    if bar is not None:
                        bar.advance()
    except BenchError as error:
        first = next((cell.line for cell in chapter.cells if cell.role == "setup"), 1)
        fault = Fault(chapter.path, first, str(error), "mend the setup cells")
        for exercise in changed:
            report = ExerciseReport(chapter.name, exercise.name, faults=(fault,))
            reports.setdefault(exercise.name, report)
    return [reports[name] for name in chapter.exercises]


def _solutions_path(chapter: Chapter) -> Path:
    return chapter.path.parent.parent / "solutions" / f"{chapter.name}.py"


def _verify_open(chapter: Chapter, exercise: Exercise) -> ExerciseReport:
    solution = chapter.solutions.get(exercise.name)
    faults: tuple[Fault, ...] = ()
    if solution is None or not solution.answer.source.strip():
        line = 1 if solution is None else solution.answer.line
        faults = (
            Fault(
                _solutions_path(chapter),
                line,
                f"the open exercise '{exercise.name}' has no model answer",
                f"write it under '# %% answer {exercise.name} [markdown]'",
            ),
        )
    return ExerciseReport(chapter.name, exercise.name, is_open=True, faults=faults)


def _times(which: Which, count: int) -> list[Which]:
    return [which] * count


class _Examination:
    """Verifies one exercise: collects its faults and counts."""

    def __init__(
        self,
        chapter: Chapter,
        exercise: Exercise,
        bench: Bench,
        repeats: int,
        bar: _Progress | None,
    ):
        self.chapter = chapter
        self.exercise = exercise
        self.name = exercise.name
        self.bench = bench
        self.repeats = repeats
        self.bar = bar
        self.path = _solutions_path(chapter)
        self.counts = Counts()
        self.faults: list[Fault] = []

    def report(self) -> ExerciseReport:
        started = time.monotonic()
        solution = self.chapter.solutions.get(self.name)
        if solution is None:
            self.fault(1, f"'{self.name}' has no answer", f"add '# %% answer {self.name}'")
        elif solution.hidden is None:
            line = solution.answer.line
            self.fault(line, f"'{self.name}' has no hidden tests", f"add '# %% hidden {self.name}'")
        else:
            self.examine(solution)
        return ExerciseReport(
            self.chapter.name,
            self.name,
            counts=self.counts,
            faults=tuple(sorted(set(self.faults))),
            seconds=time.monotonic() - started,
        )

    def examine(self, solution: Solution) -> None:
        self.enough(solution)
        accepted, limit = self.right_answers(solution)
        if solution.answer in accepted:  # else every failure below would tell nothing
            self.stub(limit)
            self.misconceptions(solution, limit)
            self.from_outside([*accepted, *solution.misconceptions])
            self.mutants(solution, limit)

    def enough(self, solution: Solution) -> None:
        for found, wanted, kind in (
            (len(solution.also_correct), MIN_ALSO_CORRECT, "also-correct"),
            (len(solution.misconceptions), MIN_MISCONCEPTIONS, "misconception"),
        ):
            if found < wanted:
                self.fault(
                    solution.answer.line,
                    f"'{self.name}' has {found} {kind} cells, at least {wanted} are wanted",
                    f"add '# %% {kind} {self.name}'",
                )

    def right_answers(self, solution: Solution) -> tuple[list[Variant], float]:
        """Run all right answers; returns those that pass, and the limit for wrong ones."""
        right = [solution.answer, *solution.also_correct]
        runs: list[Which] = [*_times("both", self.repeats), "hidden"]
        outcomes = self.run("right answers", right, runs)
        rejected = []
        for variant, found in zip(right, outcomes, strict=True):
            bad = [outcome for outcome in found if not outcome.clean]
            if bad == found[-1:] and bad[0].exception == "NameError":
                rejected.append(variant)
                self.dependent(solution, bad[0])
            elif bad:
                rejected.append(variant)
                self.rejected(solution, variant, bad[0], len(bad), len(found))
        slowest = max(outcome.seconds for found in outcomes for outcome in found)
        self.counts.right = len(right)
        self.counts.accepted = len(right) - len(rejected)
        accepted = [variant for variant in right if variant not in rejected]
        return accepted, max(SLOWER * slowest, SHORTEST_LIMIT)

    def dependent(self, solution: Solution, outcome: Outcome) -> None:
        assert solution.hidden is not None
        self.fault(
            solution.hidden.line + outcome.line,
            f"the hidden tests fail without the visible ones: {outcome}",
            "define it in the hidden tests",
        )

    def rejected(
        self, solution: Solution, variant: Variant, outcome: Outcome, bad: int, runs: int
    ) -> None:
        kind = "answer" if variant.kind == "answer" else "also-correct answer"
        sometimes = f" in {bad} of {runs} runs" if bad < runs else ""
        place = ""
        if outcome.stage == "hidden" and outcome.line and solution.hidden is not None:
            place = f" (line {solution.hidden.line + outcome.line})"
        elif outcome.stage == "visible" and outcome.line and self.exercise.tests is not None:
            place = f" ({self.chapter.path}:{self.exercise.tests.line + outcome.line - 1})"
        if outcome.passed:
            what, mend = str(outcome), "let neither the answer nor a test warn or write"
        elif outcome.stage in ("visible", "hidden", "helpers"):
            what = f"the {outcome.stage} tests reject it{sometimes}{place}: {outcome}"
            mend = "widen the tests' tolerances" if sometimes else "mend the tests or the answer"
        elif outcome.stage == "earlier":
            what, mend = f"an earlier answer fails: {outcome}", "mend that one first"
        else:
            what, mend = f"it fails before the tests: {outcome}", "mend the answer"
        self.fault(variant.line, f"this {kind} of '{self.name}' is not accepted: {what}", mend)

    def stub(self, limit: float) -> None:
        assert self.exercise.tests is not None
        stub = Variant("answer", self.name, self.exercise.stub.source, 0)
        visible, hidden = self.run("stub", [stub], ["visible", "hidden"], limit)[0]
        for which, outcome in (("visible", visible), ("hidden", hidden)):
            if outcome.passed:
                fault = f"the {which} tests of '{self.name}' accept the unsolved stub"
                path, line = self.chapter.path, self.exercise.tests.line
                self.faults.append(Fault(path, line, fault, "let them call the function"))

    def misconceptions(self, solution: Solution, limit: float) -> None:
        variants = solution.misconceptions
        runs: list[Which] = ["visible", *_times("hidden", self.repeats)]
        self.counts.misconceptions = len(variants)
        for variant, (visible, *hidden) in zip(
            variants, self.run("misconceptions", variants, runs, limit), strict=True
        ):
            self.counts.seen += not visible.passed
            passed = sum(outcome.passed for outcome in hidden)
            accidents = [
                outcome
                for outcome in hidden
                if outcome.stage == "candidate" or outcome.exception == "NameError"
            ]
            if accidents:
                self.fault(
                    variant.line,
                    f"this misconception of '{self.name}' fails for a slip in its code, "
                    f"not for its idea: {accidents[0]}",
                    "let it run and be wrong",
                )
            elif passed:
                self.fault(
                    variant.line,
                    f"the hidden tests of '{self.name}' accept this misconception in "
                    f"{passed} of {len(hidden)} runs",
                    "add a hidden test that tells it apart",
                )
            else:
                self.counts.rejected += 1

    def from_outside(self, variants: Sequence[Variant]) -> None:
        """Let the judge test what was found to be right, and the misconceptions."""
        if self.bar is not None:
            self.bar.step(f"{self.chapter.name} {self.name}: the judge")
        sources = [variant.source for variant in variants]
        results = judged(self.chapter, self.name, sources, self.bench.workers)
        for variant, result in zip(variants, results, strict=True):
            is_right = variant.kind != "misconception"
            self.counts.named += bool(variant.hint) and result.misconception == variant.hint
            if is_right and result.share < 1:
                self.fault(
                    variant.line,
                    f"the judge, which calls '{self.name}' from outside, rejects this right "
                    f"answer: {result.message}",
                    "let the tests call it with plain data (numbers, texts, lists, dicts, arrays)",
                )
            elif not is_right and result.share > 0:
                self.fault(
                    variant.line,
                    f"the judge, which calls '{self.name}' from outside, accepts this "
                    "misconception",
                    "let the tests look at what it returns",
                )

    def mutants(self, solution: Solution, limit: float) -> None:
        made = mutants(solution.answer.source)
        outcomes = [found[0] for found in self.run("mutants", made, ["both"], limit)]
        # what only hidden tests reject, they must reject every time
        again = [
            mutant
            for mutant, outcome in zip(made, outcomes, strict=True)
            if outcome.stage == "hidden"
        ]
        runs = _times("both", MUTANT_REPEATS - 1)
        escaped = {
            mutant: sum(outcome.passed for outcome in found)
            for mutant, found in zip(
                again, self.run("mutants, again", again, runs, limit), strict=True
            )
        }
        marks = {mark_key(mark.mutant): mark for mark in solution.equivalents}
        survivors = [
            mutant
            for mutant, outcome in zip(made, outcomes, strict=True)
            if outcome.passed or escaped.get(mutant)
        ]
        for mutant in survivors:
            if mutant.key not in marks:
                passed = escaped.get(mutant)
                often = f" in {passed} of {MUTANT_REPEATS} runs" if passed else ""
                self.fault(
                    solution.answer.line + mutant.line,
                    f"the tests of '{self.name}' accept `{mutant.mutated}` "
                    f"for `{mutant.original}`{often}",
                    "add a test that tells them apart, or simplify the answer, or mark it "
                    f"in '# %% equivalent {self.name}'",
                )
        surviving = {mutant.key for mutant in survivors}
        for key, mark in marks.items():
            if key not in surviving:
                exists = any(mutant.key == key for mutant in made)
                self.fault(
                    mark.line,
                    f"`{mark.mutant}` is marked as equivalent, but "
                    + ("the tests reject it" if exists else "is not a mutant of the answer"),
                    "remove the mark",
                )
        self.counts.mutants = len(made)
        self.counts.killed = len(made) - len(survivors)
        self.counts.timeouts = sum(outcome.status == "timed out" for outcome in outcomes)
        self.counts.equivalent = sum(mutant.key in marks for mutant in survivors)

    def run(
        self,
        what: str,
        candidates: Sequence[Variant | Mutant],
        runs: Sequence[Which],
        limit: float = LIMIT,
    ) -> list[list[Outcome]]:
        """Run each candidate as often as ``runs`` is long; return the outcomes of each."""
        trials = [
            Trial(self.name, candidate.source, which, limit)
            for candidate in candidates
            for which in runs
        ]
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            if self.bar is not None:
                place = f"{self.chapter.name} {self.name}"
                self.bar.step(f"{place}: {what} {done}/{len(trials)}")

        outcomes = self.bench.run_all(trials, advance)
        each = len(runs)
        return [outcomes[i * each : (i + 1) * each] for i in range(len(candidates))]

    def fault(self, line: int, fault: str, mend: str) -> None:
        self.faults.append(Fault(self.path, line, fault, mend))


# ---- what was found to be good, and under which circumstances ----


def _recall(
    chapter: Chapter, exercise: Exercise, folder: Path, repeats: int
) -> ExerciseReport | None:
    """The report of an exercise that was found good as often, and has not changed since."""
    try:
        known = json.loads(_cache_file(chapter, exercise, folder).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if known["key"] != _key(chapter, exercise) or known["repeats"] < repeats:
        return None
    return ExerciseReport(chapter.name, exercise.name, counts=Counts(**known["counts"]))


def _remember(
    chapter: Chapter, exercise: Exercise, folder: Path, repeats: int, report: ExerciseReport
) -> None:
    if not report.ok:  # faults are looked at again: they have line numbers, and some are rare
        return
    counts = asdict(report.counts)
    content = json.dumps({"key": _key(chapter, exercise), "repeats": repeats, "counts": counts})
    folder.mkdir(parents=True, exist_ok=True)
    _cache_file(chapter, exercise, folder).write_text(content, encoding="utf-8")


def _cache_file(chapter: Chapter, exercise: Exercise, folder: Path) -> Path:
    return folder / f"{chapter.name}.{exercise.name}.json"


def _key(chapter: Chapter, exercise: Exercise) -> str:
    """A hash of everything that an exercise's report depends on."""
    parts: list[Any] = [_circumstances(), chapter.setup]
    for other in chapter.exercises.values():
        solution = chapter.solutions.get(other.name)
        if other.name == exercise.name:
            variants = dict(asdict(solution)) if solution is not None else {}
            parts += [other.stub.source, other.tests and other.tests.source, variants]
            break
        parts.append(solution and not other.is_open and solution.answer.source)
    return hashlib.sha256(json.dumps(_without_lines(parts)).encode()).hexdigest()


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_lines(item) for key, item in value.items() if key != "line"}
    if isinstance(value, list | tuple):
        return [_without_lines(item) for item in value]
    return value


@cache
def _circumstances() -> list[str]:
    """The versions, and a hash of the package's code, that verification depends on."""
    package = Path(__file__).resolve().parents[1]
    names = "checks data plots quiz course/source course/trial course/mutants course/verify"
    names += " course/judging grading/task grading/running"
    files = [path for name in names.split() if (path := package / f"{name}.py").is_file()]
    files += sorted((package / "grading" / "engine").glob("*.py"))
    code = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return [code, platform.python_version(), version("numpy"), version("cosmic-ray")]
