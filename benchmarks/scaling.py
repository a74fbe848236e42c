"""From figures that were measured to a plan for a large class, and both to a page."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rnncourse.errors import UserError
from rnncourse.files import read_text, write_atomically

#: Between which lines of the page the tables stand.
MARKERS = {
    "measured": ("<!-- measured by benchmarks/grading.py -->", "<!-- end of what was measured -->"),
    "calculated": (
        "<!-- calculated by benchmarks/grading.py -->",
        "<!-- end of what was calculated -->",
    ),
}

#: What the two classes are called in tables.
CLASSES = {"tensorflow": "TensorFlow class", "numpy": "NumPy class"}

Figures = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """What the reader has in mind.

    Parameters
    ----------
    students
        How many hand in one notebook each.
    hours
        When all must be marked, after the last has handed in.
    price
        Of a core for an hour, in any currency.
    """

    students: int = 100_000
    hours: float = 8.0
    price: float = 0.05


@dataclass(frozen=True)
class Plan:
    """What a class needs.

    Parameters
    ----------
    cores
        Of workers, all busy until the deadline.
    cores_of_one
        So many cores one coordinator keeps busy.
    coordinators
        So many are needed: each with its own share of the class and its own gradebook.
    core_hours, cost
        Of all workers together, and what they cost.
    """

    cores: int
    cores_of_one: float
    coordinators: int
    core_hours: float
    cost: float


def plan(core_seconds: float, coordinator_per_minute: float, wish: Wish) -> Plan:
    """Calculate what a class needs.

    Parameters
    ----------
    core_seconds
        How long one submission keeps one core busy.
    coordinator_per_minute
        Submissions that one coordinator can take in and mark.
    wish
        How many students, until when, at what price.
    """
    core_hours = wish.students * core_seconds / 3600
    return Plan(
        cores=math.ceil(core_hours / wish.hours),
        cores_of_one=coordinator_per_minute * core_seconds / 60,
        coordinators=math.ceil(wish.students / (60 * wish.hours * coordinator_per_minute)),
        core_hours=core_hours,
        cost=core_hours * wish.price,
    )


def tables(figures: Figures, wish: Wish) -> dict[str, str]:
    """What was ``measured`` and what is ``calculated`` from it, in Markdown."""
    measured = [_machine(figures), _speed(figures), _coordinator(figures)]
    if "full" in figures:
        measured.append(_full(figures))
    return {"measured": "\n\n".join(measured), "calculated": _plans(figures, wish)}


def put_into(page: Path, parts: dict[str, str]) -> None:
    """Put the tables between the markers of a page.

    Raises
    ------
    UserError
        If the page has no markers.
    """
    text = read_text(page)
    for name, part in parts.items():
        begin, end = MARKERS[name]
        before, found, rest = text.partition(begin)
        _, found_too, after = rest.partition(end)
        if not (found and found_too):
            raise UserError(f"{page}: has no lines '{begin}' and '{end}'; add them")
        text = f"{before}{begin}\n\n{part}\n\n{end}{after}"
    write_atomically(page, text)


def _machine(figures: Figures) -> str:
    machine = figures["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    rounds = figures["tensorflow"]["ours"]["rounds"]
    return (
        f"Measured on {machine['cores_used']} cores ({machine['processor']}) with {versions}. "
        f"Rounds: {rounds}, stock and ours in turns; a table shows the median, and in brackets "
        f"the lowest and the highest. Marks compared with stock's: "
        f"{figures['marks_compared']:,}; different: 0."
    )


def _speed(figures: Figures) -> str:
    rows = [
        ("stock `nbgrader autograde`, notebooks without demonstrations", _rate("stock")),
        ("stock, full notebooks", _rate("stock_full")),
        ("`otter run`, notebooks without demonstrations", _rate("otter")),
        ("`rnncourse grade`, full notebooks", _rate("ours")),
        ("**ours : stock**", _ratio("ratio")),
        ("ours : stock with full notebooks", _ratio("ratio_full")),
        ("ours : otter", _ratio("ratio_otter")),
        (
            "CPU seconds a submission, stock",
            _value("stock", "cpu_seconds_per_submission", "{:.2f}"),
        ),
        ("CPU seconds a submission, ours", _value("ours", "cpu_seconds_per_submission", "{:.2f}")),
        ("most memory at a time, stock, MB", _value("stock", "memory_mb", "{:.0f}")),
        ("most memory at a time, ours, MB", _value("ours", "memory_mb", "{:.0f}")),
    ]
    lines = [
        "| **measured**: submissions a minute, whole command | "
        + " | ".join(CLASSES.values())
        + " |",
        "|---|---|---|",
    ]
    for title, show in rows:
        lines.append(f"| {title} | " + " | ".join(show(figures[name]) for name in CLASSES) + " |")
    if figures.get("otter_missing"):
        lines += ["", f"Left out: {figures['otter_missing']}."]
    return "\n".join(lines)


def _rate(who: str) -> Any:
    def show(figures: Figures) -> str:
        if figures.get(who) is None:
            return "not measured"
        one = figures[who]
        count = f"{one['submissions']} submissions"
        if one["rounds"] == 1:
            return f"{one['per_minute']:.1f} ({count}, once)"
        spread = f"{one['per_minute_low']:.1f} to {one['per_minute_high']:.1f}"
        return f"{one['per_minute']:.1f} ({spread}; {count})"

    return show


def _ratio(key: str) -> Any:
    def show(figures: Figures) -> str:
        one = figures.get(key)
        if one is None:
            return "not measured"
        bold = "**" if key == "ratio" else ""
        text = f"{bold}{one['median']:.1f}{bold}"
        if one["low"] == one["high"]:
            return text
        return f"{text} ({one['low']:.1f} to {one['high']:.1f})"

    return show


def _value(who: str, key: str, form: str) -> Any:
    def show(figures: Figures) -> str:
        value = figures[who][key]
        return "not measured" if value is None else form.format(value)

    return show


def _coordinator(figures: Figures) -> str:
    lines = [
        "| **measured**: the coordinator alone, workers return at once | SQLite |",
        "|---|---|",
    ]
    one = figures["coordinator"]
    other = figures.get("coordinator_postgresql")
    if other is not None:
        lines = [
            "| **measured**: the coordinator alone, workers return at once | SQLite | PostgreSQL |",
            "|---|---|---|",
        ]
    rows = [
        ("submissions", "submissions", "{:,}"),
        ("**submissions a minute**", "per_minute", "**{:,.0f}**"),
        ("seconds for the first quarter", "first_quarter_seconds", "{:.1f}"),
        ("seconds for the last quarter", "last_quarter_seconds", "{:.1f}"),
        ("its memory after a quarter, MB", "memory_mb_at_a_quarter", "{:.0f}"),
        ("its memory at the end, MB", "memory_mb_at_the_end", "{:.0f}"),
        ("CPU seconds a submission", "cpu_seconds_per_submission", "{:.3f}"),
        ("kB to a worker for a submission", "task_kb", "{:.0f}"),
        ("kB back", "run_kb", "{:.0f}"),
    ]
    for title, key, form in rows:
        cells = [
            "not measured" if each[key] is None else form.format(each[key])
            for each in (one, other)
            if each is not None
        ]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _full(figures: Figures) -> str:
    one = figures["full"]
    return (
        f"{one['submissions']:,} real submissions of the NumPy class: "
        f"{one['per_minute']:.0f} a minute; the first quarter took "
        f"{one['first_quarter_seconds']:.1f} s and the last {one['last_quarter_seconds']:.1f} s; "
        f"the coordinator held {one['memory_mb_at_a_quarter']:.0f} MB after a quarter and "
        f"{one['memory_mb_at_the_end']:.0f} MB at the end."
    )


def _plans(figures: Figures, wish: Wish) -> str:
    lines = [
        f"| **calculated** for {wish.students:,} students | {' | '.join(CLASSES.values())} |",
        "|---|---|---|",
    ]
    plans = [_plan(figures, name, wish) for name in CLASSES]
    rows = [
        ("core seconds a submission", [f"{figures[name]['core_seconds']:.2f}" for name in CLASSES]),
        ("hours on two cores", [f"{one.core_hours / 2:.1f}" for one in plans]),
    ]
    for hours in dict.fromkeys((wish.hours, 1.0)):
        until = "one hour" if hours == 1 else f"{hours:g} hours"
        those = [_plan(figures, name, replace(wish, hours=hours)) for name in CLASSES]
        rows += [
            (f"cores for {until}", [f"{one.cores:,}" for one in those]),
            (f"coordinators for {until}", [str(one.coordinators) for one in those]),
        ]
    rows += [
        ("cores that one coordinator keeps busy", [f"{one.cores_of_one:.0f}" for one in plans]),
        (f"cost of all at {wish.price:g} a core-hour", [f"{one.cost:,.2f}" for one in plans]),
        ("cost of a submission", [f"{one.cost / wish.students:.6f}" for one in plans]),
    ]
    lines += [f"| {title} | {' | '.join(cells)} |" for title, cells in rows]
    return "\n".join(lines)


def _plan(figures: Figures, name: str, wish: Wish) -> Plan:
    return plan(figures[name]["core_seconds"], figures["coordinator"]["per_minute"], wish)
