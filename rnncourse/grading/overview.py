"""Write one HTML page for the instructor about all that was handed in.

The page stands alone: no script, no font, no picture, no request. What students wrote (names,
verdicts, messages) reaches it only through Jinja2's escaping.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from rnncourse.files import write_atomically
from rnncourse.grading.directory import GradingError, Opened, file_to_write, open_directory
from rnncourse.grading.journal import Entry
from rnncourse.grading.marks import Submission, read_submissions
from rnncourse.grading.reporting import OK, Mark

_TEMPLATE = Path(__file__).with_name("overview.html.jinja")

#: With fewer submissions a correlation says nothing: its standard error is about 1 / sqrt(n).
FEWEST = 20

#: How many kinds of failure and how many slow submissions are shown.
_KINDS, _SLOWEST = 8, 5

#: Longer texts of a student's are cut.
_LONGEST = 400


@dataclass(frozen=True)
class Bin:
    """A bar of the histogram: marks from ``low`` on; the last one holds full marks, too."""

    label: str
    count: int
    percent: float
    holds_median: bool


@dataclass(frozen=True)
class Failures:
    """Answers that failed in the same way, with one to look at."""

    count: int
    text: str
    student: str = ""


@dataclass(frozen=True)
class ExerciseSummary:
    """How a class did in one exercise.

    Parameters
    ----------
    name, points
        Which one, and what it is worth.
    full, part, none, unstarted, waiting
        How many submissions got how much; ``unstarted`` still raised NotImplementedError,
        and ``waiting`` must be marked by hand.
    difficulty
        Mean share of the points, from 0 to 1, of those that are marked.
    discrimination
        See `discrimination`; None if it cannot be told.
    why_no_discrimination
        Then a word about why.
    misconceptions
        By how often they came: what a student read.
    unexplained
        By how often they came: failures that no catalogued misconception explains.
    more_unexplained
        Kinds that are not among them.
    """

    name: str
    points: float
    full: int
    part: int
    none: int
    unstarted: int
    waiting: int
    difficulty: float | None
    discrimination: float | None
    why_no_discrimination: str
    misconceptions: tuple[Failures, ...]
    unexplained: tuple[Failures, ...]
    more_unexplained: int

    @property
    def outcomes(self) -> tuple[tuple[str, str, int], ...]:
        """CSS class, words and count of each outcome that occurs."""
        every = (
            ("full", "full marks", self.full),
            ("part", "part", self.part),
            ("none", "none", self.none),
            ("unstarted", "not started", self.unstarted),
            ("waiting", "to mark by hand", self.waiting),
        )
        return tuple(one for one in every if one[2])


@dataclass(frozen=True)
class Usage:
    """What grading took of one thing: seconds or bytes."""

    name: str
    median: str
    high: str
    most: str


@dataclass(frozen=True)
class AssignmentSummary:
    """All that the page says about one assignment."""

    name: str
    submissions: tuple[Submission, ...]
    graded: tuple[Submission, ...]
    refused: tuple[Submission, ...]
    flagged: tuple[tuple[str, tuple[str, ...]], ...]
    waiting: int
    ungraded: int
    max_score: float | None
    median: float | None
    bins: tuple[Bin, ...]
    exercises: tuple[ExerciseSummary, ...]
    usage: tuple[Usage, ...]
    slowest: tuple[tuple[str, str, str, str], ...]
    when: str
    sandboxes: dict[str, int]

    @property
    def by_point(self) -> bool:
        """Tell whether a bar of the histogram is a point, not a tenth of all points."""
        return _by_point(self.max_score or 0.0)

    @property
    def unprotected(self) -> int:
        """How many ran without a sandbox."""
        return self.sandboxes.get("none", 0)


def write_report(directory: str | Path, path: str | Path, assignment: str | None = None) -> Path:
    """Write the page.

    Parameters
    ----------
    directory
        The course directory.
    path
        The file to write; an old one is replaced at once or not at all.
    assignment
        A chapter such as ``02_rnn_cell``; default: all.

    Raises
    ------
    GradingError
        If the course directory is none, or has no such assignment, nothing was handed in, or
        the file cannot be where it should.
    """
    opened = open_directory(directory)
    assignment = opened.require(assignment)
    path = file_to_write(path)
    found = read_submissions(opened, assignment)
    if not found:
        raise GradingError(f"{opened.root}: no marks and no submissions; run 'rnncourse grade'")
    summaries = [summarise(opened, name, many) for name, many in found.items()]
    write_atomically(path, render(summaries).encode("utf-8", "replace"))
    return path


def summarise(opened: Opened, name: str, submissions: Sequence[Submission]) -> AssignmentSummary:
    """Count and measure everything about one assignment."""
    graded = tuple(one for one in submissions if one.marks)
    entries = [one.entry for one in submissions if one.entry]
    ran = [entry for entry in entries if entry.graded]
    scores = [one.score for one in graded if one.score is not None]
    max_score = max((one.max_score or 0.0 for one in graded), default=None)
    median = statistics.median(scores) if scores else None
    return AssignmentSummary(
        name=name,
        submissions=tuple(submissions),
        graded=graded,
        refused=tuple(one for one in submissions if one.is_refused),
        flagged=tuple((entry.student, tuple(entry.flags)) for entry in entries if entry.flags),
        waiting=sum(one.needs_manual_grade for one in graded),
        ungraded=sum(not one.marks and not one.is_refused for one in submissions),
        max_score=max_score,
        median=median,
        bins=histogram(scores, max_score or 0.0, median),
        exercises=tuple(
            summarise_exercise(exercise, graded)
            for exercise in dict.fromkeys(e for one in graded for e in one.marks)
        ),
        usage=usage(ran),
        slowest=slowest(ran),
        when=graded_when(opened, name, graded),
        sandboxes=dict(Counter(entry.sandbox for entry in ran)),
    )


def histogram(scores: Sequence[float], max_score: float, median: float | None) -> tuple[Bin, ...]:
    """Count marks: by the point where there are few points, else in ten equal parts."""
    if not scores or max_score <= 0:
        return ()
    by_point = _by_point(max_score)
    number = int(max_score) + 1 if by_point else 10
    width = 1.0 if by_point else max_score / number

    def place(score: float) -> int:
        return min(max(int(score / width + 1e-9), 0), number - 1)

    counts = Counter(map(place, scores))
    most = max(counts.values())
    labels = (
        [f"{n}" for n in range(number)]
        if by_point
        else [f"{10 * n}–{10 * n + 10}" for n in range(number)]
    )
    return tuple(
        Bin(label, counts[n], 100 * counts[n] / most, median is not None and place(median) == n)
        for n, label in enumerate(labels)
    )


def _by_point(max_score: float) -> bool:
    return max_score <= 12 and float(max_score).is_integer()


def summarise_exercise(exercise: str, graded: Sequence[Submission]) -> ExerciseSummary:
    """Count what became of one exercise, and what went wrong where it went wrong."""
    own = [(one, one.marks[exercise]) for one in graded if exercise in one.marks]
    marked = [(one, mark) for one, mark in own if not mark.needs_manual_grade]
    results = [(one.person.id, _result(one, exercise)) for one, _ in own]
    unstarted = sum(
        mark.score <= 0 and _result(one, exercise).get("error") == "NotImplementedError"
        for one, mark in marked
    )
    value, why = discrimination(exercise, graded)
    unexplained = _unexplained(results)
    return ExerciseSummary(
        name=exercise,
        points=max(mark.max_score for _, mark in own),
        full=sum(mark.score >= mark.max_score for _, mark in marked),
        part=sum(0 < mark.score < mark.max_score for _, mark in marked),
        none=sum(mark.score <= 0 < mark.max_score for _, mark in marked) - unstarted,
        unstarted=unstarted,
        waiting=len(own) - len(marked),
        difficulty=statistics.fmean(map(_share, (m for _, m in marked))) if marked else None,
        discrimination=value,
        why_no_discrimination=why,
        misconceptions=_misconceptions(results),
        unexplained=unexplained[:_KINDS],
        more_unexplained=len(unexplained[_KINDS:]),
    )


def discrimination(exercise: str, graded: Sequence[Submission]) -> tuple[float | None, str]:
    """Tell whether who does well elsewhere does well here: a corrected item-total correlation.

    That is Pearson's r of the exercise's points with the sum of the other exercises' points;
    the exercise itself must not be in the sum (S. Henrysson, "Correction of item-total
    correlations in item analysis", Psychometrika 28, 1963, 211-218). From 0.4 on an item is
    very good, below 0.2 poor (R. L. Ebel, D. A. Frisbie, "Essentials of Educational
    Measurement", 5th ed. 1991, chapter 13).

    Parameters
    ----------
    exercise
        Its name. It does not count, nor does any other, while an answer waits to be marked.
    graded
        Submissions with marks.

    Returns
    -------
    r, from -1 to 1, or None and why it cannot be told.
    """
    waiting = {n for one in graded for n, mark in one.marks.items() if mark.needs_manual_grade}
    if exercise in waiting:
        return None, "after marking"
    names = sorted({n for one in graded for n in one.marks} - waiting)
    complete = [one.marks for one in graded if all(n in one.marks for n in names)]
    if len(complete) < FEWEST:
        return None, f"fewer than {FEWEST}"
    if len(names) < 2:
        return None, "no other exercise"
    points = np.array([[marks[n].score for n in names] for marks in complete])  # (students, items)
    item = points[:, names.index(exercise)]
    others = points.sum(axis=1) - item
    if np.ptp(item) < 1e-9 or np.ptp(others) < 1e-9:
        return None, "all alike"
    return float(np.corrcoef(item, others)[0, 1]), ""


def _share(mark: Mark) -> float:
    return mark.score / mark.max_score if mark.max_score else 1.0


def _result(one: Submission, exercise: str) -> dict[str, Any]:
    return one.entry.results.get(exercise, {}) if one.entry else {}


def _misconceptions(results: Iterable[tuple[str, dict[str, Any]]]) -> tuple[Failures, ...]:
    hints: dict[str, list[str]] = {}
    for student, result in results:
        if result.get("misconception"):
            hints.setdefault(result["misconception"], []).append(student)
    return _most_first(Failures(len(who), hint, who[0]) for hint, who in hints.items())


def _unexplained(results: Iterable[tuple[str, dict[str, Any]]]) -> tuple[Failures, ...]:
    """Failed answers without a misconception, the same behaviour together."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for student, result in results:
        is_failure = result.get("share", 1.0) < 1 and not result.get("misconception")
        if is_failure and result.get("error") != "NotImplementedError":
            message = result.get("message") or result.get("error") or "no message"
            kinds.setdefault(result.get("behaviour") or message, []).append((student, message))
    return _most_first(Failures(len(who), who[0][1], who[0][0]) for who in kinds.values())


def _most_first(failures: Iterable[Failures]) -> tuple[Failures, ...]:
    return tuple(sorted(failures, key=lambda one: (-one.count, one.text)))


def usage(ran: Sequence[Entry]) -> tuple[Usage, ...]:
    """Median, 95th percentile and maximum of what is recorded."""
    kinds = (
        ("wall time", [entry.seconds for entry in ran], seconds),
        ("processor time", [entry.cpu_seconds for entry in ran], seconds),
        ("memory", [entry.memory_bytes for entry in ran], megabytes),
    )
    found = []
    for name, values, show in kinds:
        if any(values):  # lines of earlier versions have only the first
            levels = np.percentile(values, (50, 95, 100))
            found.append(Usage(name, *(show(float(level)) for level in levels)))
    return tuple(found)


def slowest(ran: Sequence[Entry]) -> tuple[tuple[str, str, str, str], ...]:
    """Student, wall time, processor time and memory of those that took longest."""
    first = sorted(ran, key=lambda entry: (-entry.seconds, entry.student))[:_SLOWEST]
    return tuple(
        (
            entry.student,
            seconds(entry.seconds),
            seconds(entry.cpu_seconds),
            megabytes(entry.memory_bytes),
        )
        for entry in first
    )


def graded_when(opened: Opened, assignment: str, graded: Iterable[Submission]) -> str:
    """From when to when the graded notebooks were written; empty if none is there."""
    times = []
    for one in graded:
        path = opened.path("autograded", one.person.id, assignment) / f"{assignment}.ipynb"
        with suppress(OSError, ValueError):  # marks from elsewhere: there is no such file
            times.append(path.stat().st_mtime)
    if not times:
        return ""
    first, last = (datetime.fromtimestamp(time).astimezone() for time in (min(times), max(times)))
    if first.date() == last.date():
        return f"{last:%d %B %Y, %H:%M}"
    return f"{first:%d %B %Y} to {last:%d %B %Y}"


def seconds(value: float) -> str:
    """A time for people."""
    if not value:
        return "–"
    if value < 59.95:
        return f"{value:.2f} s" if value < 1 else f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"


def megabytes(value: float) -> str:
    """An amount of memory for people."""
    return f"{value / 1e6:,.0f} MB" if value else "–"


def render(summaries: Sequence[AssignmentSummary]) -> str:
    """Make the page."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"points": _points, "plain": _plain, "percent": _percent}
    people = {one.person.id: one.person for s in summaries for one in s.submissions}
    scores = {s.name: {one.person.id: one.score for one in s.graded} for s in summaries}
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        summaries=summaries,
        students=[
            (people[student], [scores[s.name].get(student) for s in summaries])
            for student in sorted(people)
        ],
        now=f"{datetime.now().astimezone():%d %B %Y, %H:%M %Z}",
        OK=OK,
        FEWEST=FEWEST,
    )


def _points(score: float | None) -> str:
    return "–" if score is None else f"{round(score, 2):g}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _plain(text: str) -> str:
    """A text of a student's: cut, and without what a page cannot show or what turns it round."""
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "\ufffd", text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
