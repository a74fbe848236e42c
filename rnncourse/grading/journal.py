"""Remember which submissions are finished.

nbgrader calls a submission graded once its folder under ``autograded/`` is there, also when a
run was killed before the marks were saved. The journal gets its line last, and the line holds
a hash of everything that the marks depend on.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rnncourse.grading.running import Limits


@dataclass(frozen=True)
class Entry:
    """One finished submission: the hash, and what the report says of it."""

    student: str
    assignment: str
    key: str
    graded: bool
    verdict: str
    seconds: float


class Journal:
    """The finished submissions of a course directory; a later line overrides an earlier one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[tuple[str, str], Entry] = {}
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    entry = Entry(**json.loads(line))
                except (ValueError, TypeError):
                    continue  # a run was killed while it wrote this line
                self._entries[entry.student, entry.assignment] = entry

    def find(self, student: str, assignment: str) -> Entry | None:
        """What is known of a submission."""
        return self._entries.get((student, assignment))

    def add(self, entry: Entry) -> None:
        """Write a line that survives whatever comes next."""
        self._entries[entry.student, entry.assignment] = entry
        with self._path.open("ab") as file:
            # the newline first: what a killed run left must not swallow this line
            line = json.dumps(asdict(entry), ensure_ascii=False)
            file.write(f"\n{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())


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


def submission_key(folder: Path, source: Path, limits: Limits) -> str:
    """Hash everything that a submission's marks depend on.

    Parameters
    ----------
    folder
        The submitted files.
    source
        The graded source of the assignment; its prose does not count.
    limits
        What the submission may use.
    """
    digest = hashlib.sha256()
    packages = [f"{name} {version(name)}" for name in ("rnncourse", "nbgrader", "numpy")]
    for part in (sys.version, *packages, repr(limits)):
        digest.update(part.encode() + b"\0")
    digest.update(json.dumps(work_cells(source.read_text(encoding="utf-8"))).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            digest.update(str(path.relative_to(folder)).encode(errors="surrogateescape") + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
