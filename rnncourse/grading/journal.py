"""Remember which submissions are finished, and what is known of them besides their marks.

nbgrader calls a submission graded once its folder under ``autograded/`` is there, also when a
run was killed before the marks were saved. The journal gets its line last, and the line holds
a hash of everything that the marks depend on.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rnncourse.grading.directory import Opened
from rnncourse.grading.task import Limits


@dataclass(frozen=True)
class Entry:
    """One finished submission.

    Parameters
    ----------
    student, assignment
        Whose submission, and for what.
    key
        The hash of what its marks depend on; see `submission_key`.
    graded
        False if there was nothing that could be graded.
    verdict
        What the report says of it.
    seconds, cpu_seconds
        What it took: wall time from the first look to the mark, processor time of its code.
    memory_bytes
        The most that it had in memory at a time.
    sandbox
        What kept it in: ``bubblewrap``, or ``none``.
    flags
        Sentences that say why a person should look at it.
    results
        By exercise, `rnncourse.grading.task.Result` as a dictionary.
    """

    student: str
    assignment: str
    key: str
    graded: bool
    verdict: str
    seconds: float
    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    sandbox: str = "none"
    flags: list[str] = field(default_factory=list)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)


class Journal:
    """The finished submissions of a course directory; a later line overrides an earlier one.

    Only the place of each line is kept in memory: a large class has a large journal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[tuple[str, str], int] = {}
        if path.is_file():
            with path.open("rb") as file:
                place = 0
                for line in file:
                    entry = _parse(line)
                    if entry is not None:
                        self._places[entry.student, entry.assignment] = place
                    place += len(line)

    def __iter__(self) -> Iterator[Entry]:
        """Every submission's latest entry."""
        for student, assignment in self._places:
            entry = self.find(student, assignment)
            if entry is not None:
                yield entry

    def find(self, student: str, assignment: str) -> Entry | None:
        """What is known of a submission."""
        place = self._places.get((student, assignment))
        if place is None:
            return None
        with self._path.open("rb") as file:
            file.seek(place)
            return _parse(file.readline())

    def add(self, entry: Entry) -> None:
        """Write a line that survives whatever comes next."""
        line = json.dumps(asdict(entry), ensure_ascii=False).encode(errors="backslashreplace")
        with self._path.open("ab") as file:
            # the newline first: what a killed run left must not swallow this line
            place = file.tell() + 1
            file.write(b"\n" + line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._places[entry.student, entry.assignment] = place


def _parse(line: bytes) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None  # empty, or a run was killed while it wrote this line


@cache
def environment() -> dict[str, str]:
    """The versions of what a notebook runs with."""
    versions = {"python": platform.python_version()}
    for name in ("rnncourse", "numpy", "keras", "tensorflow"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "missing"
    return versions


def work_cells(notebook: str) -> list[Any]:
    """The cells of a notebook that marks can depend on: a changed sentence is not among them.

    Raises
    ------
    ValueError
        If the text is not a notebook.
    """
    try:
        cells = json.loads(notebook)["cells"]
        return [
            (cell["cell_type"], cell["source"], cell["metadata"])
            for cell in cells
            if cell["cell_type"] == "code" or "nbgrader" in cell["metadata"]
        ]
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"not a notebook: {error!r}") from None


def assignment_key(opened: Opened, assignment: str, limits: Limits, sandbox: bool) -> str:
    """Hash what the marks of all submissions of an assignment depend on.

    Parameters
    ----------
    opened, assignment
        Where the graded source and what lies beside it are; its prose does not count.
    limits
        What a submission may use.
    sandbox
        Whether it is kept in.
    """
    source = opened.source(assignment)
    digest = hashlib.sha256()
    versions = {**environment(), "nbgrader": version("nbgrader")}
    cells = work_cells(source.read_text(encoding="utf-8"))
    digest.update(json.dumps([versions, repr(limits), sandbox, cells]).encode())
    catalogue = opened.catalogue(assignment)
    beside = [path for path in source.parent.rglob("*") if path.suffix != ".ipynb"]
    for path in [catalogue, *sorted(beside)]:
        if path.is_file():
            digest.update(str(path.relative_to(opened.root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def submission_key(assignment: str, content: str) -> str:
    """Hash everything that a submission's marks depend on.

    Parameters
    ----------
    assignment
        See `assignment_key`.
    content
        The hash of what was handed in; see `rnncourse.grading.intake.Intake`.
    """
    return hashlib.sha256(f"{assignment} {content}".encode()).hexdigest()
