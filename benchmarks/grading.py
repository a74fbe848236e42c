"""How fast `rnncourse grade` is, beside stock nbgrader and otter, and what follows from it.

    .venv/bin/python benchmarks/grading.py --json figures.json --page how-grading-scales.md

Everything is measured in one run on two cores, stock and ours in turns, with the same honest
submissions; their marks are compared as well. A class that uses TensorFlow is made from
``benchmarks/keras_course``, one that does not from chapter 02. Stock and otter get notebooks
without demonstration cells, which `rnncourse grade` skips itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from contenders import (
    ROOT,
    Class,
    Marks,
    Otter,
    OtterMissing,
    Ours,
    Stock,
    install_otter,
    make_class,
)
from metering import Measured, ProcessorTime
from scaling import Figures, Wish, put_into, tables

from rnncourse.course import read_course

#: Where the classes come from: checkout and assignment.
_SOURCES = {
    "tensorflow": (ROOT / "benchmarks" / "keras_course", "03_small_keras"),
    "numpy": (ROOT, "02_rnn_cell"),
}

_VERSIONS = ("numpy", "tensorflow", "nbgrader", "distributed", "rnncourse")

_started = time.monotonic()


@dataclass(frozen=True)
class Sizes:
    """How much to measure.

    Parameters
    ----------
    rounds
        Of stock and ours in turns.
    stock, otter, ours
        Submissions in a round, by class. Otter has one round.
    coordinator
        Submissions whose workers return at once.
    full_notebooks
        Whether stock grades notebooks with their demonstrations, too.
    full
        Real submissions of the NumPy class in one more run; 0 for none.
    """

    rounds: int = 3
    stock: tuple[tuple[str, int], ...] = (("tensorflow", 5), ("numpy", 16))
    otter: tuple[tuple[str, int], ...] = (("tensorflow", 4), ("numpy", 8))
    ours: tuple[tuple[str, int], ...] = (("tensorflow", 80), ("numpy", 160))
    coordinator: int = 1000
    full_notebooks: bool = True
    full: int = 0


_QUICK = Sizes(
    rounds=1,
    stock=(("tensorflow", 1), ("numpy", 2)),
    otter=(),
    ours=(("tensorflow", 2), ("numpy", 4)),
    coordinator=24,
    full_notebooks=False,
)


class MarksDiffer(RuntimeError):
    """Stock and ours do not give the same marks: then no figure means anything."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the tables, and write what was asked for."""
    options = _parser().parse_args(arguments)
    wish = Wish(options.students, options.hours, options.price)
    if options.read:
        figures = json.loads(options.read.read_text(encoding="utf-8"))
    else:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
        figures = measure_all(_sizes(options), options.postgresql)
    parts = tables(figures, wish)
    print(*parts.values(), sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if options.page:
        put_into(options.page, parts)


def measure_all(sizes: Sizes, postgresql: str = "") -> Figures:
    """Measure everything.

    Parameters
    ----------
    sizes
        How much.
    postgresql
        The URL of an empty database, to measure the coordinator with it, too.

    Raises
    ------
    MarksDiffer
        If they do.
    """
    processor = ProcessorTime()
    ours, stock, otter = dict(sizes.ours), dict(sizes.stock), dict(sizes.otter)
    # a large file system in memory would count as memory, so not there
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir="/var/tmp") as folder:
        root = Path(folder)
        most = {"tensorflow": 0, "numpy": max(sizes.coordinator, sizes.full)}
        classes = {}
        for name, (checkout, assignment) in _SOURCES.items():
            say(f"making the {name} class")
            count = max(most[name], ours[name], stock[name])
            classes[name] = make_class(read_course(checkout), assignment, count, root / name)
        figures: Figures = {"machine": _machine(), "marks_compared": 0}
        environment = _otter_environment(root, figures) if otter else None
        for name, made in classes.items():
            bench = _Bench(name, made, root / f"{name}-runs", processor, figures)
            bench.rounds(sizes.rounds, stock[name], ours[name])
            if sizes.full_notebooks:
                bench.full_notebooks(min(stock[name], 3))
            if environment is not None:
                bench.otter(environment, otter[name])
        numpy = classes["numpy"]
        figures["coordinator"] = _coordinator(processor, numpy, root, sizes.coordinator)
        if postgresql:
            figures["coordinator_postgresql"] = _coordinator(
                processor, numpy, root, sizes.coordinator, postgresql
            )
        if sizes.full:
            say(f"ours: {sizes.full} real submissions of the numpy class")
            run, marks = Ours(numpy, root).grade(processor, sizes.full)
            _require_due(numpy, marks, sizes.full)
            figures["full"] = _growth(run)
    return {**_headlines(figures), **figures}


class _Bench:
    """One class, graded by all."""

    def __init__(
        self, name: str, made: Class, folder: Path, processor: ProcessorTime, figures: Figures
    ) -> None:
        folder.mkdir()
        self._name, self._made, self._folder = name, made, folder
        self._processor, self._figures = processor, figures
        self._own: Figures = {"stock": None, "stock_full": None, "otter": None, "ours": None}
        figures[name] = self._own
        self._stock, self._ours = Stock(made, folder), Ours(made, folder)

    def rounds(self, count: int, stock_count: int, our_count: int) -> None:
        """Stock and ours in turns."""
        runs: dict[str, list[Measured]] = {"stock": [], "ours": []}
        for number in range(1, count + 1):
            where = f"{self._name}, round {number} of {count}"
            stock_run, stock_marks = self._stock.grade(self._processor, stock_count, full=False)
            say(f"{where}: stock {stock_run.per_minute:.1f} a minute")
            our_run, our_marks = self._ours.grade(self._processor, our_count)
            say(f"{where}: ours {our_run.per_minute:.1f} a minute")
            self._require_same(stock_marks, stock_count, our_marks, our_count)
            runs["stock"].append(stock_run)
            runs["ours"].append(our_run)
        self._own |= {name: _rates(those) for name, those in runs.items()}
        self._own["ratio"] = _ratios(runs["ours"], runs["stock"])
        self._own["core_seconds"] = statistics.median(map(_core_seconds, runs["ours"]))

    def full_notebooks(self, count: int) -> None:
        """Stock with all cells, once."""
        run, marks = self._stock.grade(self._processor, count, full=True)
        say(f"{self._name}: stock with full notebooks {run.per_minute:.1f} a minute")
        _require_due(self._made, marks, count)
        self._own["stock_full"] = _rates([run])
        self._own["ratio_full"] = self._ours_to(run)

    def otter(self, environment: Path, count: int) -> None:
        """Otter, once; its figure is left out if it cannot mark these notebooks."""
        grader = Otter(self._made, self._folder, environment)
        try:
            run, marks = grader.grade(self._processor, count)
            _require_due(self._made, marks, count)
        except (RuntimeError, OSError, ValueError) as error:
            say(f"{self._name}: otter: {error}")
            self._figures["otter_missing"] = f"otter, which does not mark the {self._name} class"
            return
        say(f"{self._name}: otter {run.per_minute:.1f} a minute")
        self._own["otter"] = _rates([run])
        self._own["ratio_otter"] = self._ours_to(run)

    def _ours_to(self, other: Measured) -> Figures:
        ratio = self._own["ours"]["per_minute"] / other.per_minute
        return {"median": ratio, "low": ratio, "high": ratio}

    def _require_same(self, stock: Marks, stock_count: int, ours: Marks, our_count: int) -> None:
        _require_due(self._made, stock, stock_count)
        _require_due(self._made, ours, our_count)
        for student, marks in stock.items():
            if marks != ours[student]:
                raise MarksDiffer(f"{student}: stock gives {marks}, ours {ours[student]}")
            self._figures["marks_compared"] += len(marks)


def _require_due(made: Class, marks: Marks, count: int) -> None:
    for student in made.students(count):
        if marks.get(student) != made.due[student]:
            raise MarksDiffer(f"{student}: {marks.get(student)}, due is {made.due[student]}")


def _coordinator(
    processor: ProcessorTime, made: Class, root: Path, count: int, database: str = ""
) -> Figures:
    """How many submissions a minute the coordinator can take in and mark."""
    say(f"the coordinator alone, {count} submissions{', PostgreSQL' if database else ''}")
    sizes = root / "sizes.json"
    command = [sys.executable, str(ROOT / "benchmarks" / "at_once.py"), str(sizes)]
    run, marks = Ours(made, root, database).grade(processor, count, command)
    if not database and set(marks) != set(made.students(count)):
        raise MarksDiffer("the coordinator has lost submissions")
    found = json.loads(sizes.read_text())
    growth = _growth(run)
    say(f"the coordinator alone: {growth['per_minute']:.0f} a minute")
    used = run.cpu_seconds and run.cpu_seconds / count
    growth["cpu_seconds_per_submission"] = used
    return {**growth, "task_kb": found["task_bytes"] / 1000, "run_kb": found["run_bytes"] / 1000}


def _growth(run: Measured) -> Figures:
    """Whether time and memory grow with the class; the start, where all warms up, is left out."""
    total, quarter = run.submissions, run.submissions // 4
    return {
        "submissions": total,
        "per_minute": 60 * (total - 1) / run.between(1, total),
        "first_quarter_seconds": run.between(1, quarter + 1),
        "last_quarter_seconds": run.between(total - quarter, total),
        "memory_mb_at_a_quarter": run.memory_at(quarter) / 1e6,
        "memory_mb_at_the_end": run.memory_at(total) / 1e6,
    }


def _core_seconds(run: Measured) -> float:
    """How long one submission keeps one of two cores busy, once all is warm."""
    return 2 * run.between(1, run.submissions) / (run.submissions - 1)


def _rates(runs: list[Measured]) -> Figures:
    rates = [run.per_minute for run in runs]
    used = [run.cpu_seconds / run.submissions for run in runs if run.cpu_seconds is not None]
    return {
        "submissions": runs[0].submissions,
        "rounds": len(runs),
        "per_minute": statistics.median(rates),
        "per_minute_low": min(rates),
        "per_minute_high": max(rates),
        "seconds_per_submission": statistics.median(60 / rate for rate in rates),
        "cpu_seconds_per_submission": statistics.median(used) if used else None,
        "memory_mb": max(run.memory_bytes for run in runs) / 1e6 or None,
    }


def _ratios(ours: list[Measured], others: list[Measured]) -> Figures:
    """Of the throughputs, round by round."""
    ratios = [a.per_minute / b.per_minute for a, b in zip(ours, others, strict=True)]
    return {"median": statistics.median(ratios), "low": min(ratios), "high": max(ratios)}


def _headlines(figures: Figures) -> Figures:
    """The figures that are looked for first, by the names that the issue gives them."""
    lines: Figures = {}
    for name in _SOURCES:
        own = figures[name]
        lines[f"{name}_ratio"] = own["ratio"]["median"]
        lines[f"{name}_ratio_full"] = own.get("ratio_full", {}).get("median")
        lines[f"{name}_otter_ratio"] = own.get("ratio_otter", {}).get("median")
    lines["otter_ratio"] = lines["numpy_otter_ratio"]
    lines["coordinator_per_minute"] = figures["coordinator"]["per_minute"]
    lines["cpu_seconds_per_submission"] = {
        name: figures[name]["ours"]["cpu_seconds_per_submission"] for name in _SOURCES
    }
    lines["marks_equal"] = True  # else we would not be here
    return lines


def _otter_environment(root: Path, figures: Figures) -> Path | None:
    say("installing otter-grader")
    try:
        environment = install_otter(root)
    except OtterMissing as error:
        say(str(error))
        figures["otter_missing"] = str(error)
        return None
    return environment


def _machine() -> Figures:
    """What the figures depend on; nothing that names the machine."""
    processor = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    return {
        "cores": os.cpu_count(),
        "cores_used": len(os.sched_getaffinity(0)),
        "processor": processor,
        "versions": {"Python": platform.python_version()}
        | {name: version(name) for name in _VERSIONS},
    }


def say(line: str) -> None:
    """Tell how far it is, on stderr."""
    print(f"{time.monotonic() - _started:6.0f} s  {line}", file=sys.stderr, flush=True)


def _sizes(options: argparse.Namespace) -> Sizes:
    sizes = _QUICK if options.quick else Sizes()
    pairs = {"tensorflow": options.tensorflow, "numpy": options.numpy}
    stock, ours = dict(sizes.stock), dict(sizes.ours)
    for name, pair in pairs.items():
        if pair:
            stock[name], ours[name] = pair
            if not 1 <= stock[name] <= ours[name]:
                raise SystemExit(f"--{name}: ours must have all of stock's submissions")
    return replace(
        sizes,
        rounds=options.rounds or sizes.rounds,
        stock=tuple(stock.items()),
        ours=tuple(ours.items()),
        coordinator=options.coordinator or sizes.coordinator,
        full=1000 if options.full else 0,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    two = {"type": int, "nargs": 2, "metavar": ("STOCK", "OURS")}
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--page", type=Path, help="refresh the tables of this page")
    parser.add_argument("--quick", action="store_true", help="only see whether it runs")
    parser.add_argument("--full", action="store_true", help="1,000 real NumPy submissions, too")
    parser.add_argument("--rounds", type=int, help="stock and ours in turns; default: 3")
    parser.add_argument("--tensorflow", **two, help="submissions in a round; default: 5 80")
    parser.add_argument("--numpy", **two, help="submissions in a round; default: 16 160")
    parser.add_argument(
        "--coordinator", type=int, metavar="N", help="submissions at once; default: 1000"
    )
    parser.add_argument(
        "--postgresql",
        default="",
        metavar="URL",
        help="an empty database, which is filled: postgresql+psycopg://USER@HOST/NAME",
    )
    parser.add_argument("--read", type=Path, metavar="FILE", help="do not measure: take these")
    wish = parser.add_argument_group("the plan, from whatever was measured")
    wish.add_argument("--students", type=int, default=Wish.students, help="default: 100000")
    wish.add_argument("--hours", type=float, default=Wish.hours, help="default: 8")
    wish.add_argument("--price", type=float, default=Wish.price, help="core-hour; default: 0.05")
    return parser


if __name__ == "__main__":
    main()
