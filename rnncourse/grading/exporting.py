"""Write the marks to a CSV file: plain, or in the shape that Moodle or Canvas imports.

nbgrader's own ``nbgrader export`` takes plugins, but hands them the gradebook alone: not the
verdicts, which are in the journal, nor the order of the exercises. So this is no plugin.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from rnncourse.files import write_atomically
from rnncourse.grading.directory import GradingError, file_to_write, open_directory
from rnncourse.grading.marks import Person, Submission, read_submissions
from rnncourse.grading.reporting import OK

Format = Literal["plain", "moodle", "canvas"]

_Class = dict[str, tuple[Submission, ...]]
_Cell = str | float

#: What makes a spreadsheet take a cell for a formula, wherever it stands in the world: the
#: full-width signs, too, are signs to a spreadsheet set to Japanese (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

#: So that Excel reads UTF-8. Moodle takes it off (lib/csvlib.class.php: trim_utf8_bom), and
#: Canvas writes it itself if asked to, and takes it back (lib/gradebook_exporter.rb).
_BOM = "\ufeff"


def export(
    directory: str | Path,
    path: str | Path,
    assignment: str | None = None,
    format: Format = "plain",
    report: Callable[[str], None] = print,
) -> Path:
    """Write the marks of the gradebook to a CSV file.

    Parameters
    ----------
    directory
        The course directory.
    path
        The file to write; an old one is replaced at once or not at all.
    assignment
        A chapter such as ``02_rnn_cell``; default: all.
    format
        ``plain``: a row for each submission, with each exercise's mark and the verdict if
        there is something to say. ``moodle`` and ``canvas``: a row for each student who has
        a mark, and a column for each assignment; see `moodle_rows` and `canvas_rows`.
    report
        Called with a line about marks that are not final or not in the file.

    Raises
    ------
    GradingError
        If the course directory is none, has no such assignment, or no marks, or the file cannot
        be where it should.
    """
    make = {"plain": plain_rows, "moodle": moodle_rows, "canvas": canvas_rows}
    if format not in make:
        raise GradingError(f"no format is called '{format}'; there are: {', '.join(make)}")
    opened = open_directory(directory)
    assignment = opened.require(assignment)
    path = file_to_write(path)
    found = read_submissions(opened, assignment)
    is_plain = format == "plain"
    if not (found if is_plain else _marked(found)):
        raise GradingError(f"{opened.root}: no marks to write; run 'rnncourse grade'")
    text = io.StringIO()
    # plain is for programs: no mark at its start, and lines end as on this system
    csv.writer(text, lineterminator="\n" if is_plain else "\r\n").writerows(
        [safe(cell) for cell in row] for row in make[format](found)
    )
    write_atomically(path, ("" if is_plain else _BOM) + text.getvalue())
    _say_what_is_missing(found, is_plain, report)
    return path


def _say_what_is_missing(found: _Class, is_plain: bool, report: Callable[[str], None]) -> None:
    for name, submissions in found.items():
        by_hand = sum(one.needs_manual_grade for one in submissions)
        without = sum(not one.marks for one in submissions)
        if by_hand:
            report(f"{name}: {by_hand} marks are not final: an answer waits to be marked by hand")
        if without and not is_plain:
            report(f"{name}: {without} submissions have no mark; '--format plain' says why")


def plain_rows(found: _Class) -> list[list[_Cell]]:
    """A row a submission: the sum, each exercise, and what there is to say."""
    names = list(dict.fromkeys(n for many in found.values() for one in many for n in one.marks))
    head = ["student", "assignment", "score", "max_score", "needs_manual_grade"]
    rows: list[list[_Cell]] = [[*head, *names, "verdict"]]
    for submissions in found.values():
        for one in submissions:
            sums: list[_Cell] = ["" if v is None else v for v in (one.score, one.max_score)]
            by_hand = "" if one.score is None else "yes" if one.needs_manual_grade else "no"
            marks = [one.marks[n].score if n in one.marks else "" for n in names]
            verdict = "" if one.verdict == OK else one.verdict
            rows.append([one.person.id, one.assignment, *sums, by_hand, *marks, verdict])
    return rows


def moodle_rows(found: _Class) -> list[list[_Cell]]:
    """The shape of Moodle's grade import (MoodleDocs, "Grade import"; grade/import/csv).

    The importer asks which column says who a student is: ``Username`` is nbgrader's student
    id, ``ID number`` its ``lms_user_id``, ``Email address`` its ``email``. Each assignment has
    a column for the mark, ``-`` where there is none, and one for feedback: the marks by
    exercise. A student without any mark is left out, and a student whom Moodle does not know
    makes it refuse the whole file.
    """
    found = _marked(found)
    head: list[_Cell] = ["First name", "Last name", "Username", "ID number", "Email address"]
    for name in found:
        head += [name, f"{name} (feedback)"]
    rows = [head]
    for person, own in _by_person(found):
        row: list[_Cell] = [
            person.first_name,
            person.last_name,
            person.id,
            person.lms_id,
            person.email,
        ]
        for name in found:
            one = own.get(name)
            row += ["-", ""] if one is None else [_points(one.score), _by_exercise(one)]
        rows.append([_one_line(cell) for cell in row])
    return rows


def canvas_rows(found: _Class) -> list[list[_Cell]]:
    """The shape of Canvas's gradebook import (canvas-lms, lib/gradebook_importer.rb).

    Canvas looks a student up by ``ID`` (its own number: nbgrader's ``lms_user_id``, if that is
    a number), then by ``SIS Login ID`` (nbgrader's student id), then by name. A column whose
    title is an assignment's is that assignment; else Canvas offers to make one, worth what
    the row ``Points Possible`` says. A student without any mark is left out: an empty cell
    would empty the mark that Canvas has.
    """
    found = _marked(found)
    head: list[_Cell] = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *found]
    worth = [max((one.max_score or 0.0) for one in many) for many in found.values()]
    possible: list[_Cell] = ["    Points Possible", "", "", "", "", *map(_points, worth)]
    rows = [head, possible]
    for person, own in _by_person(found):
        name = ", ".join(part for part in (person.last_name, person.first_name) if part)
        # Ruby's "12ab".to_i is 12, which is another student
        number = person.lms_id if person.lms_id.isascii() and person.lms_id.isdigit() else ""
        marks = [_points(own[title].score) if title in own else "" for title in found]
        row: list[_Cell] = [name or person.id, number, "", person.id, "", *marks]
        rows.append([_one_line(cell) for cell in row])
    return rows


def _marked(found: _Class) -> _Class:
    """Only the assignments and submissions that have marks.

    A column without marks would make an assignment in Canvas worth nothing.
    """
    marked = {name: tuple(one for one in many if one.marks) for name, many in found.items()}
    return {name: many for name, many in marked.items() if many}


def _by_person(found: _Class) -> list[tuple[Person, dict[str, Submission]]]:
    """Everyone, with the own submissions by assignment."""
    own: dict[str, dict[str, Submission]] = {}
    people: dict[str, Person] = {}
    for name, submissions in found.items():
        for one in submissions:
            people[one.person.id] = one.person
            own.setdefault(one.person.id, {})[name] = one
    return [(people[student], own[student]) for student in sorted(own)]


def _points(score: float | None) -> str:
    """A mark with at most five decimals, which is what Moodle keeps, and a decimal point."""
    return "" if score is None else f"{score:.5f}".rstrip("0").rstrip(".")


def _by_exercise(one: Submission) -> str:
    parts = [
        f"{name}: to be marked by hand"
        if mark.needs_manual_grade
        else f"{name}: {_points(mark.score)} of {_points(mark.max_score)}"
        for name, mark in one.marks.items()
    ]
    if one.penalty:
        parts.append(f"late: -{_points(one.penalty)}")
    return "; ".join(parts)


def _one_line(cell: _Cell) -> _Cell:
    # old Moodles and Canvas's search for the separator read line by line, quoted or not
    return " ".join(cell.splitlines()) if isinstance(cell, str) else cell


def safe(cell: _Cell) -> _Cell:
    """Keep a spreadsheet from taking a text for a formula, and a text from breaking the file.

    A lone ``-`` and a number stay: neither calculates anything.
    """
    if not isinstance(cell, str):
        return cell
    # what UTF-8 cannot hold comes from a file's name; NUL ends the text for some readers
    text = cell.encode("utf-8", "replace").decode().replace("\0", "")
    if text == "-" or _is_number(text):
        return text
    is_risky = text[:1] in ("\t", "\r", "\n") or _first_seen(text) in _FORMULA
    return "'" + text if is_risky else text


def _first_seen(text: str) -> str:
    """The first character that is not a space, a control or an invisible mark."""
    hidden = ("Cc", "Cf", "Zl", "Zp", "Zs")
    return next((c for c in text if unicodedata.category(c) not in hidden), "")


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()
