"""Read what a student handed in: once, without trusting a name, a link or a size.

Every later step works on the bytes in an `Intake`, so what is hashed, run and marked is the
same content, whatever happens to the folder meanwhile. Nothing in the folder is changed.

The file system is asked through descriptors of folders that are open already, never through
a path twice: a file cannot be exchanged for a link between the check and its use.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rnncourse.grading.sanitise import MAX_BYTES, Refusal, grade_ids_in, shown

#: What one submission may hold; honest ones have one file.
MAX_FILES = 200
MAX_DEPTH = 8
MAX_TOTAL_BYTES = 2 * MAX_BYTES
MAX_NAME_BYTES = 200

_TIMESTAMP = "timestamp.txt"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# what operating systems and editors leave behind: never opened, not worth a word
_LITTER = _words(
    ".DS_Store Thumbs.db desktop.ini __MACOSX __pycache__ .ipynb_checkpoints .git "
    ".gitignore .idea .vscode .venv .mypy_cache .ruff_cache .pytest_cache .Trash "
    ".directory"
)
# read by Python, Jupyter or a library when it starts in the folder where they lie
_SETTINGS = _words(
    "sitecustomize.py usercustomize.py conftest.py nbgrader_config.py matplotlibrc "
    "kernel.json pyvenv.cfg pytest.ini .env .python-version .keras .ipython .jupyter "
    ".local .config .bashrc .profile .netrc .pythonrc.py"
)
_COMPILED = (".so", ".pyd", ".dll", ".dylib", ".pyc", ".pyo", ".pth", ".egg-link")
# modules of Python's or of careless packages that a student's own file may well be called like
_COMMON_NAMES = _words(
    "test tests this docs doc examples example src scripts tools benchmarks data utils"
)
_WINDOWS = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u200b\u2060\ufeff")


@dataclass(frozen=True)
class Intake:
    """A submission's content.

    Parameters
    ----------
    name
        The notebook's path in the folder, as the student called it.
    notebook
        Its bytes, not looked into yet; see `rnncourse.grading.sanitise.read_submission`.
    files
        What may lie beside the notebook while it runs: relative path (with ``/``) and
        content, sorted. Neither notebooks nor ``timestamp.txt`` are among them.
    timestamp
        The text of nbgrader's ``timestamp.txt``, which it can parse; None if there is none.
    notes
        Sentences about honest accidents, for the verdict.
    flags
        Sentences that say why a person should look at the submission.
    digest
        SHA-256 of everything that was read, names included: equal for equal submissions.
    """

    name: str
    notebook: bytes
    files: tuple[tuple[str, bytes], ...]
    timestamp: str | None
    notes: tuple[str, ...]
    flags: tuple[str, ...]
    digest: str


def intake(folder: Path, assignment: str, grade_ids: Collection[str]) -> Intake:
    """Read a submission's folder once.

    Parameters
    ----------
    folder
        Where the student's files lie. Neither it nor the folder that it lies in may be a link.
    assignment
        The assignment's name; the notebook is called after it.
    grade_ids
        The ids of the assignment's graded cells (the keys of `released_cells`). A notebook of
        another name is taken if it is the only one that has most of them.

    Returns
    -------
    The content. The same folder gives the same `Intake`.

    Raises
    ------
    Refusal
        If the folder holds what cannot be trusted or read, or no notebook. Its text is all
        that is known of it, and the fault may be gone the next time: ask again every run.
    """
    found: dict[str, bytes] = {}
    flags: list[str] = []
    try:
        with _opened_folder(folder) as descriptor:
            _read_folder(descriptor, "", _Owner(os.fstat(descriptor).st_uid), found, flags)
    except OSError as error:
        # a path in the message would be the instructor's
        raise Refusal(
            f"{shown(folder.name)} cannot be read ({error.strerror}); mend its permissions"
        ) from None
    _refuse_twins(found)
    notes: list[str] = []
    name = _find_notebook(found, assignment, grade_ids, notes)
    notebook = found[name]
    if len(notebook) > MAX_BYTES:
        raise Refusal(f"{name} is larger than {MAX_BYTES // 1_000_000} MB; clear its outputs")
    timestamp = _timestamp(found.get(_TIMESTAMP), notes)
    files = _beside(found, name, notes, flags)
    return Intake(
        name, notebook, tuple(files), timestamp, tuple(notes), tuple(flags), _digest(found)
    )


def student_fault(student: str) -> str | None:
    """What is wrong with the name of a student's folder, as `name_fault` says it.

    nbgrader takes some characters for patterns, and would find other students' files.
    """
    if any(character in "*?[]" for character in student):
        return "has a name with one of the characters * ? [ ], which stand for others"
    return name_fault(student)


def name_fault(name: str) -> str | None:
    """What is wrong with the name of a file or folder, such as "holds a control character".

    Parameters
    ----------
    name
        One part of a path, as `os.listdir` gives it.

    Returns
    -------
    The end of a sentence that begins with the name; None if the name is fine.
    """
    if any(unicodedata.category(c) == "Cs" for c in name):
        return "has a name that is not UTF-8"
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in name):
        return "has a control character in its name"
    if any(c in _BIDI or c in _INVISIBLE for c in name):
        return "has an invisible character in its name"
    if "\\" in name:
        return "has a backslash in its name"
    if name.startswith("-"):
        return "has a name that begins with '-', like an option"
    if name.startswith("~"):
        return "has a name that begins with '~', like a home folder"
    if name != name.strip() or name.endswith("."):
        return "has a name that begins or ends with a space, or ends with a dot"
    if name.split(".")[0].lower() in _WINDOWS:
        return "has a name that Windows keeps for a device"
    if len(name.encode()) > MAX_NAME_BYTES:
        return f"has a name longer than {MAX_NAME_BYTES} bytes"
    return None


@dataclass(frozen=True)
class _Owner:
    """Who made the folder: a link to somebody else's file would be that person's content."""

    uid: int


@contextmanager
def _opened_folder(folder: Path) -> Iterator[int]:
    """A descriptor of a folder that is no link, nor is the one above it (the student's)."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    parent, own = folder.absolute().parent, folder.name
    for path in (parent, folder):
        mode = os.stat(path, follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            raise Refusal(f"the folder {shown(path.name)} is a link; put the folder itself there")
        if not stat.S_ISDIR(mode):
            raise Refusal(f"{shown(path.name)} is not a folder; put the notebook into one")
    above = os.open(parent, flags)
    try:
        descriptor = os.open(own, flags, dir_fd=above)
    finally:
        os.close(above)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read_folder(
    descriptor: int, prefix: str, owner: _Owner, found: dict[str, bytes], flags: list[str]
) -> None:
    """Read the files of an open folder, and of those in it, into ``found``."""
    if prefix.count("/") >= MAX_DEPTH:
        raise Refusal(
            f"{shown(prefix)} lies more than {MAX_DEPTH} folders deep; ask for the notebook alone"
        )
    for name in _names(descriptor, prefix):
        path = prefix + name
        place = shown(path)
        status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            raise Refusal(f"{place} is a link, not a file; put the file itself there")
        if _is_litter(name):
            continue
        fault = name_fault(name)
        if fault is not None:
            raise Refusal(f"{place} {fault}; rename it")
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise Refusal(f"{place} is no file but a {_kind(status.st_mode)}; remove it")
        try:
            inner = os.open(
                name,
                os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC,
                dir_fd=descriptor,
            )
        except OSError as error:
            raise Refusal(
                f"{place} cannot be read ({error.strerror}); mend its permissions"
            ) from None
        try:
            # what was opened, not what had that name a moment ago
            status = os.fstat(inner)
            if stat.S_ISDIR(status.st_mode):
                _read_folder(inner, f"{path}/", owner, found, flags)
            elif stat.S_ISREG(status.st_mode):
                _check_links(place, status, owner, flags)
                found[path] = _read_file(inner, place, status, found)
            else:
                raise Refusal(f"{place} is no file but a {_kind(status.st_mode)}; remove it")
        finally:
            os.close(inner)


def _names(descriptor: int, prefix: str) -> list[str]:
    names = []
    with os.scandir(descriptor) as entries:
        for entry in entries:
            names.append(entry.name)
            # not all are counted: a folder may have millions
            if len(names) > MAX_FILES:
                place = shown(prefix) if prefix else "the submission"
                raise Refusal(
                    f"{place} holds more than {MAX_FILES} files; ask for the notebook alone"
                )
    return sorted(names)


def _read_file(
    descriptor: int, place: str, status: os.stat_result, found: dict[str, bytes]
) -> bytes:
    if len(found) >= MAX_FILES:
        raise Refusal(
            f"the submission holds more than {MAX_FILES} files; ask for the notebook alone"
        )
    if status.st_size > MAX_BYTES:
        raise Refusal(
            f"{place} is larger than {MAX_BYTES // 1_000_000} MB; clear a notebook's outputs, "
            "ask for it without other files"
        )
    parts = []
    # a file may grow while it is read
    left = min(MAX_BYTES, MAX_TOTAL_BYTES - sum(map(len, found.values()))) + 1
    try:
        while left > 0 and (part := os.read(descriptor, min(left, 1 << 20))):
            parts.append(part)
            left -= len(part)
    except OSError as error:
        raise Refusal(f"{place} cannot be read ({error.strerror}); ask for it again") from None
    if left <= 0:
        raise Refusal(
            f"the files are larger than {MAX_TOTAL_BYTES // 1_000_000} MB together; "
            "ask for the notebook alone"
        )
    return b"".join(parts)


def _check_links(place: str, status: os.stat_result, owner: _Owner, flags: list[str]) -> None:
    """Look at a file that has a second name.

    Refused only if it belongs to somebody else than the folder. To refuse every second name
    would let a student who links a classmate's file spoil that classmate's submission.
    """
    if status.st_nlink < 2:
        return
    if status.st_uid != owner.uid:
        raise Refusal(f"{place} is a hard link to another user's file; ask for the file itself")
    flags.append(f"{place} has a second name elsewhere (a hard link): whose file is it?")


def _kind(mode: int) -> str:
    kinds = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return kinds.get(stat.S_IFMT(mode), "device")


def _is_litter(name: str) -> bool:
    return name in _LITTER or name.startswith("._") or name.endswith("~")


def _refuse_twins(found: dict[str, bytes]) -> None:
    """Refuse names that are one name on another computer."""
    seen: dict[str, str] = {}
    for path in found:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            own = "/".join(parts[:depth])
            key = unicodedata.normalize("NFKC", own).casefold()
            other = seen.setdefault(key, own)
            if other != own:
                raise Refusal(
                    f"{shown(own)} and {shown(other)} are one name on other computers; "
                    "rename one of them"
                )


def _find_notebook(
    found: dict[str, bytes], assignment: str, grade_ids: Collection[str], notes: list[str]
) -> str:
    """The path of the notebook to grade; never a guess between two."""
    expected = f"{assignment}.ipynb"
    notebooks = [path for path in found if path.lower().endswith(".ipynb")]
    others = ", ".join(shown(path) for path in notebooks if path != expected)
    if expected in found:
        if others:
            notes.append(f"only {expected} was graded; beside it lies {others}")
        return expected
    ours = {
        path: found[path]
        for path in notebooks
        if 2 * len(grade_ids_in(found[path]) & set(grade_ids)) > len(grade_ids)
    }
    if len(set(ours.values())) == 1:
        name = min(ours, key=lambda path: (path.count("/"), path))
        notes.append(f"{shown(name)} was taken for {expected}: it has the same exercises")
        return name
    if ours:
        several = ", ".join(shown(path) for path in ours)
        raise Refusal(
            f"{expected} is missing and several could be meant ({several}); "
            "ask which, and rename it"
        )
    raise Refusal(
        f"{expected} is missing (there is {others or 'no notebook'}); rename or ask for it"
    )


def _beside(
    found: dict[str, bytes], notebook: str, notes: list[str], flags: list[str]
) -> Iterator[tuple[str, bytes]]:
    """The files that may lie beside the notebook while it runs."""
    root = notebook.rpartition("/")[0]
    root = root + "/" if root else ""
    code = {p.removeprefix(root).split("/")[0] for p in found if p.endswith((".py", ".pyc"))}
    kept_out: dict[str, str] = {}
    elsewhere = []
    for path, content in sorted(found.items()):
        if path == _TIMESTAMP or path.lower().endswith(".ipynb"):
            continue
        if not path.startswith(root):
            elsewhere.append(path)
            continue
        own = path.removeprefix(root)
        reason = _danger(own, code)
        if reason is not None:
            kept_out.setdefault(reason[0], reason[1])
        elif not own.startswith("."):
            yield own, content
    flags += [f"{shown(name)} was kept out of the run: it {why}" for name, why in kept_out.items()]
    if elsewhere:
        names = ", ".join(shown(path) for path in elsewhere[:3])
        notes.append(f"files outside the notebook's folder were left out ({names})")


def _danger(path: str, code: Collection[str]) -> tuple[str, str] | None:
    """Which part of a path must not lie beside the notebook, and why."""
    top, _, rest = path.partition("/")
    last = path.rpartition("/")[2]
    for name in (top, last):
        is_config = name.startswith(("jupyter_", "ipython_")) and "config" in name
        if name in _SETTINGS or is_config:
            return name, "would change how Python or Jupyter starts"
    if last.lower().endswith(_COMPILED):
        return path, "is compiled code, or adds to Python's path"
    module = top.split(".")[0]
    is_module = top in code if rest else last.endswith(".py")
    if is_module and module in _importable() and module not in _COMMON_NAMES:
        return top, f"would stand in for the module '{module}'"
    return None


@lru_cache(maxsize=1)
def _importable() -> frozenset[str]:
    """The modules that a file beside the notebook could stand in for."""
    from importlib.metadata import packages_distributions

    return frozenset({"rnncourse", *sys.stdlib_module_names, *packages_distributions()})


def _timestamp(content: bytes | None, notes: list[str]) -> str | None:
    """The time of submission that nbgrader wrote, if nbgrader can read it back."""
    from nbgrader.utils import parse_utc

    if content is None:
        return None
    try:
        text = content[:200].decode("utf-8-sig").strip()
        if 2000 <= parse_utc(text).year <= 2200:
            return text
    except (ValueError, OverflowError, TypeError, AttributeError):
        pass
    notes.append(f"{_TIMESTAMP} holds no time, so it counts as missing")
    return None


def _digest(found: dict[str, bytes]) -> str:
    parts = [[path, hashlib.sha256(content).hexdigest()] for path, content in sorted(found.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
