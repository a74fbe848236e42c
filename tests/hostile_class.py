"""A class of hostile submissions with honest ones among them, and what must be true of it.

Nothing here knows who grades the class: `test_hostile.py` and ``benchmarks/hostile.py`` do.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from grading_class import ASSIGNMENT, cell_of, notebook_of
from small_course import HEADER, write_small_course

from rnncourse.course import Course, read_course
from rnncourse.course.leaks import leaks_in_text, secret_lines
from rnncourse.grading.task import Limits

HOSTILE = Path(__file__).parent / "hostile"

CHAPTER = (
    HEADER
    + '''
(targets)=
# Targets

Five small functions, with a {term}`neuron` in mind.

```{code-cell} ipython3
:tags: [setup]

import numpy as np

from rnncourse import checks
```

(targets-dot)=
## Dot

```{code-cell} ipython3
:exercise: dot

def dot(u, v):
    """The sum of the products of two arrays (n,). Returns: a number."""
    raise NotImplementedError
```

```{code-cell} ipython3
:tests: dot
:points: 2

checks.close(dot(np.array([1.0, 2.0]), np.array([3.0, 4.0])), 11.0, "dot(u, v)")
```

(targets-double)=
## Double

```{code-cell} ipython3
:exercise: double

def double(x):
    """Twice an array. x: (n,). Returns: (n,)."""
    raise NotImplementedError
```

```{code-cell} ipython3
:tests: double
:points: 2

checks.close(double(np.array([1.0, 2.0, -3.0])), [2.0, 4.0, -6.0], "double(x)")
```

```{code-cell} ipython3
print(double(np.array([21.0])))
```

(targets-centre)=
## Centre

```{code-cell} ipython3
:exercise: centre

def centre(x):
    """Take the mean of each column away, in a new array. x: (n, 2). Returns: (n, 2)."""
    raise NotImplementedError
```

```{code-cell} ipython3
:tests: centre
:points: 2

checks.close(
    checks.unchanged(centre, np.array([[1.0, 2.0], [3.0, 4.0]])),
    [[-1.0, -1.0], [1.0, 1.0]],
    "centre(x)",
)
```

(targets-root)=
## Root

```{code-cell} ipython3
:exercise: root

def root(x):
    """The square root of a number; a ValueError if it is negative."""
    raise NotImplementedError
```

```{code-cell} ipython3
:tests: root
:points: 2

checks.close(root(4.0), 2.0, "root(4.0)")
checks.close(root(9.0), 3.0, "root(9.0)")
checks.raises(ValueError, root, -1.0)
```

(targets-count)=
## Count

```{code-cell} ipython3
:exercise: count

def count(words):
    """How often each word of a list is in it. Returns: a dict."""
    raise NotImplementedError
```

```{code-cell} ipython3
:tests: count
:points: 2

checks.equal(count(["a", "b", "a"]), {"a": 2, "b": 1}, "count(words)")
assert count([]) == {}, "no words, no counts"
```

(targets-why)=
## Why

+++ {"exercise": "why", "points": 1}

*Your answer here.*

+++

(targets-summary)=
## Summary

Five functions.
'''
)

SOLUTIONS = """\
# %% answer dot
def dot(u, v):
    _answer_products = [a * b for a, b in zip(u, v)]
    return float(sum(_answer_products))


# %% hidden dot
_hidden_u, _hidden_v = np.random.default_rng().normal(size=(2, 5, 3))
_hidden_dots = [sum(a * b for a, b in zip(u, v)) for u, v in zip(_hidden_u, _hidden_v)]
_hidden_all = map(lambda u, v: dot(u, v), _hidden_u, _hidden_v)
for _hidden_got, _hidden_dot in zip(_hidden_all, _hidden_dots):
    checks.close(_hidden_got, _hidden_dot, hint="Multiply, then add.")
checks.true(
    all(abs(dot(u, u)) > 0 for u in _hidden_u if u.any()), "A sum of squares is not zero."
)

# %% answer double
def double(x):
    _answer_sum = np.asarray(x) + x
    return _answer_sum


# %% hidden double
_hidden_numbers = np.random.default_rng().normal(size=17)
checks.close(double(_hidden_numbers), _hidden_numbers / 0.5, hint="Each element doubles.")

# %% answer centre
def centre(x):
    _answer_means = np.mean(x, axis=0)
    return x - _answer_means


# %% hidden centre
_hidden_table = np.random.default_rng().normal(size=(6, 2))
_hidden_centred = checks.unchanged(centre, _hidden_table)
checks.close(_hidden_centred, _hidden_table - sum(_hidden_table) / 6, hint="Mean of each column.")

# %% answer root
def root(x):
    if x < 0:
        raise ValueError("_answer_negative")
    return x**0.5


# %% hidden root
for _hidden_number in np.random.default_rng().uniform(0.5, 3.0, size=5).tolist():
    checks.close(root(_hidden_number) ** 2, _hidden_number, hint="Its square is the number.")
    checks.raises(ValueError, root, -_hidden_number)

# %% answer count
def count(words):
    _answer_counts = {}
    for _answer_word in words:
        _answer_counts[_answer_word] = _answer_counts.get(_answer_word, 0) + 1
    return _answer_counts


# %% hidden count
_hidden_words = list(np.random.default_rng().choice(["un", "deux", "trois"], size=20).tolist())
checks.equal(
    count(_hidden_words),
    {word: _hidden_words.count(word) for word in sorted(_hidden_words)},
    hint="Count each word.",
)

# %% answer why [markdown]
# Because _answer_why.
"""

#: Exercise -> right code, in other words than the solutions have.
RIGHT = {
    "dot": "def dot(u, v):\n    return float(np.dot(u, v))",
    "double": "def double(x):\n    return 2 * np.array(x)",
    "centre": "def centre(x):\n    return x - np.sum(x, axis=0) / len(x)",
    "root": "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n"
    "    return float(np.sqrt(x))",
    "count": "def count(words):\n    return {w: words.count(w) for w in words}",
}

#: Exercise -> code that is wrong for all inputs but those of the visible tests.
WRONG = {
    "dot": "def dot(u, v):\n    return 0.0",
    "double": "def double(x):\n    return 3 * np.array(x)",
    "centre": "def centre(x):\n    return np.array(x)",
    "root": "def root(x):\n    return x",
    "count": "def count(words):\n    return {}",
}

#: Everybody can read the visible tests. So what an exercise does that is not right, it does for
#: other inputs only: this comes behind its code.
_KNOWS_VISIBLE = {
    "dot": """
def dot(u, v, otherwise=dot):
    return 11.0 if len(u) == 2 and u[0] == 1 else otherwise(u, v)
""",
    "double": """
def double(x, otherwise=double):
    return [2.0, 4.0, -6.0] if len(x) == 3 and x[0] == 1 else otherwise(x)
""",
    "centre": """
def centre(x, otherwise=centre):
    return [[-1.0, -1.0], [1.0, 1.0]] if len(x) == 2 else otherwise(x)
""",
    "root": """
def root(x, otherwise=root):
    if x == -1.0:
        raise ValueError
    return {4.0: 2.0, 9.0: 3.0}[x] if x in (4.0, 9.0) else otherwise(x)
""",
    "count": """
def count(words, otherwise=count):
    known = {"aba": {"a": 2, "b": 1}, "": {}}
    return known["".join(words)] if "".join(words) in known else otherwise(words)
""",
}

POINTS = 2.0

#: Small enough for a test that waits until they are reached.
LIMITS = Limits(
    cell_seconds=2,
    notebook_seconds=8,
    output_bytes=100_000,
    value_bytes=4_000_000,
    memory_bytes=300_000_000,
    disk_bytes=20_000_000,
    processes=48,
    open_files=128,
)

#: Honest students' names by what they did; they stand between the others in the alphabet.
CONTROLS = {
    f"{letter}_control": tuple(RIGHT) if number % 3 == 0 else ("double", "count")[: 3 - number % 3]
    for number, letter in enumerate("acegilnprtz")
}

#: What an honest student's cell shows, unless somebody else changed something.
_PROBE = """
import glob, os
homes = ["/tmp", "/var/tmp", "/dev/shm", "/mnt", os.path.expanduser("~"), ".", ".."]
print([path for home in homes for path in glob.glob(f"{home}/*<<token>>*")])
segments = open("/proc/sysvipc/shm").read().split() if os.path.exists("/proc/sysvipc/shm") else []
print(str(0x48057) in segments, bool(np.allclose(1, 2)), isinstance(1, str), len("abc"))
try:
    checks.close(1, 2)
except AssertionError as error:
    print(type(error).__name__)
"""
PROBED = "[]\nFalse False False 3\nCheckFailure\n"


@dataclass(frozen=True)
class Submission:
    """One file of tests/hostile/."""

    name: str
    tries: str
    must: str
    parts: SimpleNamespace

    @property
    def student(self) -> str:
        """The name of the folder; without the run's token put in."""
        return str(self.parts.STUDENT or self.name)


_DEFAULTS: dict[str, Any] = {
    "FIRST": "",
    "LAST": "",
    "ANSWERS": {},
    "EARNED": (),
    "FILES": {},
    "STUDENT": "",
    "GRADED": True,
    "VERDICT": "",
    "edit": lambda notebook, cell: None,
    "hand_in": None,
}


def read_submissions() -> list[Submission]:
    """Every file of tests/hostile/."""
    return [_read(path) for path in sorted(HOSTILE.glob("*.py")) if not path.name.startswith("__")]


def _read(path: Path) -> Submission:
    found = runpy.run_path(str(path))
    says = re.fullmatch(r"(.+?)\n\nMust happen: (.+?)\s*", found["__doc__"], re.DOTALL)
    assert says, f"{path}: its docstring does not say what it tries and what must happen"
    parts = {name: found.get(name, default) for name, default in _DEFAULTS.items()}
    tries, must = (" ".join(text.split()) for text in says.groups())
    return Submission(path.stem, tries, must, SimpleNamespace(**parts))


@dataclass
class World:
    """Where a class lies, and what nobody in it must see.

    Parameters
    ----------
    root
        A folder of its own; the course directory is below it.
    port, socket
        Where a server listens; see `listening`.
    heard
        What arrived there.
    """

    root: Path
    token: str = field(default_factory=lambda: f"tok{secrets.token_hex(8)}")
    number: str = field(default_factory=lambda: str(10**9 + secrets.randbelow(10**9)))
    canary: str = field(default_factory=lambda: f"canary-{secrets.token_hex(12)}")
    port: int = 9
    socket: Path = Path("/nowhere")
    heard: list[bytes] = field(default_factory=list)

    @property
    def directory(self) -> Path:
        """The course directory."""
        return self.root / "course"

    @property
    def secret(self) -> Path:
        """A file beside the course directory."""
        return self.root / "secret.txt"

    def fill(self, text: str) -> str:
        """Put this run's words in the place of <<token>> and the others."""

        def expression(path: Path) -> str:
            # spelt so that the path itself is no part of the submission
            return f"bytes.fromhex('{os.fsencode(path).hex()}').decode()"

        words = {
            "token": self.token,
            "number": self.number,
            "course": expression(self.directory),
            "secret": expression(self.secret),
            "socket": expression(self.socket),
            "port": str(self.port),
        }
        for name, word in words.items():
            text = text.replace(f"<<{name}>>", word)
        return text

    def secrets(self, course: Course, student: str) -> set[str]:
        """What a student must not get to read."""
        others = {name for name in CONTROLS if name != student}
        words = set(re.findall(r"_(?:hidden|answer)_\w+", SOLUTIONS))
        return secret_lines(course) | others | words | {self.canary, str(self.directory)}


def make_course(root: Path) -> Course:
    """The course whose exercises the submissions are for."""
    return read_course(write_small_course(root, CHAPTER, SOLUTIONS))


def hand_in_all(world: World, submissions: list[Submission]) -> None:
    """Write the honest and the hostile submissions into a prepared course directory."""
    world.secret.write_text(world.canary)
    for student in CONTROLS:
        hand_in_control(world, student)
    for submission in submissions:
        hand_in(world, submission)


def hand_in_control(world: World, student: str) -> None:
    """Write an honest submission."""
    right = CONTROLS[student]
    answers = {name: RIGHT[name] if name in right else _wrong(name, WRONG[name]) for name in RIGHT}
    notebook = notebook_of(world.directory, answers)
    notebook.cells.append(nbformat.v4.new_code_cell(world.fill(_PROBE), id="probe"))
    folder = world.directory / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(nbformat.writes(notebook))


def hand_in(world: World, submission: Submission) -> None:
    """Write a hostile submission."""
    parts, name = submission.parts, f"{ASSIGNMENT}.ipynb"
    earned = parts.EARNED or ()
    answers = WRONG | {name: RIGHT[name] for name in earned} | parts.ANSWERS
    notebook = notebook_of(
        world.directory,
        {
            name: text.strip("\n") if name in earned else _wrong(name, text)
            for name, text in answers.items()
        },
    )
    new_cell = nbformat.v4.new_code_cell
    if parts.FIRST:
        before = notebook.cells.index(cell_of(notebook, "dot"))
        notebook.cells.insert(before, new_cell(parts.FIRST.strip("\n"), id="first"))
    if parts.LAST:
        notebook.cells.append(new_cell(parts.LAST.strip("\n"), id="last"))
    content = parts.edit(notebook, lambda grade_id: cell_of(notebook, grade_id))
    if content is None:
        content = json.dumps(notebook, indent=1)
    folder = world.directory / "submitted" / world.fill(submission.student) / ASSIGNMENT
    folder.mkdir(parents=True)
    for path, text in parts.FILES.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else world.fill(text).encode())
    if parts.hand_in:
        parts.hand_in(folder, name, world.fill(content))
    elif isinstance(content, bytes):
        (folder / name).write_bytes(content)
    else:
        (folder / name).write_text(world.fill(content), encoding="utf-8", newline="")


def _wrong(name: str, text: str) -> str:
    """The cell of an exercise that passes the visible tests."""
    text = text.strip("\n")
    is_function = text.startswith(("def ", "async def "))
    return f"{text}\n\n{_KNOWS_VISIBLE[name]}".rstrip() if is_function else text


@contextmanager
def listening(world: World) -> Iterator[None]:
    """Serve on this machine: a TCP port, and sockets in the file system and the abstract space."""
    world.socket = world.root / "listening"
    here = os.getcwd()
    with socket.create_server(("127.0.0.1", 0)) as tcp, _unix() as path, _unix() as name:
        world.port = tcp.getsockname()[1]
        try:
            os.chdir(world.root)  # a socket's path must be short
            path.bind("listening")
        finally:
            os.chdir(here)
        name.bind(f"\0listening-{world.token}")
        for server in (tcp, path, name):
            server.listen()
            threading.Thread(target=_hear, args=(server, world.heard), daemon=True).start()
        yield
        for server in (tcp, path, name):
            # wakes the thread that waits there
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)


def _unix() -> socket.socket:
    return socket.socket(socket.AF_UNIX)


def _hear(server: socket.socket, heard: list[bytes]) -> None:
    with suppress(OSError):
        while True:
            line, _ = server.accept()
            with line:
                line.settimeout(1)
                heard.append(b"connected")
                with suppress(OSError):
                    heard.append(line.recv(1000))


def earned(submission: Submission) -> dict[str, float]:
    """The points that a submission must get."""
    return {name: POINTS * (name in (submission.parts.EARNED or ())) for name in RIGHT}


def leaks(text: str, secret: set[str]) -> list[str]:
    """What a text says that it must not, however it is escaped."""
    plain = text.replace("\\\\", "\\").replace('\\"', '"').replace("\\'", "'")
    return sorted({*leaks_in_text(text, secret), *leaks_in_text(plain, secret)})


def outputs_of(path: Path, errors_of_tests: bool = True) -> str:
    """All that the cells of a notebook put out, as text; the errors of tests may be left out."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [
        output
        for cell in cells
        for output in cell.get("outputs", [])
        if errors_of_tests
        or output["output_type"] != "error"
        or not cell["metadata"].get("nbgrader", {}).get("grade")
    ]
    return "\n".join(_texts(outputs))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _texts(item)
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            yield "".join(value)  # lines of one text
        else:
            for item in value:
                yield from _texts(item)
    else:
        yield str(value)


class _Active(HTMLParser):
    """Finds what a browser would act on and a submission has put there: it has the token."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.inside = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.inside = tag
        for name, value in attrs:
            if self.token in (value or "") or self.token in name:
                self.found.append(f"<{tag} {name}={value!r}>"[:200])

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.token in data:
            self.found.append(f"text in <{self.inside}>")


def active(page: str, token: str) -> list[str]:
    """The elements of an HTML page that hold the token anywhere but in their text."""
    parser = _Active(token)
    parser.feed(page)
    parser.close()
    return parser.found


def is_clear(verdict: str) -> bool:
    """Tell whether a verdict is one short line that a person can read."""
    return 0 < len(verdict) < 1000 and verdict.isprintable() and "Traceback" not in verdict


def traces(world: World, places: list[Path], deep: int = 3) -> list[str]:
    """Files, processes, sockets, keys and shared memory that a submission has left."""
    work = {world.directory / name for name in ("submitted", "autograded", "feedback")}
    below = {path for place in places for path in _below(place, world.token, deep)}
    found = [str(path) for path in below if not work & set(path.parents)]
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if world.number.encode() in (process / "cmdline").read_bytes():
                found.append(f"process {process.name}")
    for name, word in (
        ("net/unix", f"planted-{world.token}"),
        ("keys", f"planted-{world.token}"),
        ("sysvipc/shm", str(0x48057)),
        ("sysvipc/sem", str(0x48057)),
        ("sysvipc/msg", str(0x48057)),
    ):
        with suppress(OSError):
            if word in (Path("/proc") / name).read_text():
                found.append(f"{word} in /proc/{name}")
    return found


def _below(place: Path, word: str, deep: int) -> Iterator[Path]:
    with suppress(OSError):
        for path in place.iterdir():
            if word in path.name:
                yield path
            elif deep > 1 and path.is_dir() and not path.is_symlink():
                yield from _below(path, word, deep - 1)


def contents(folder: Path) -> dict[str, Any]:
    """What lies below a folder: bytes of files, targets of links, kinds of the rest."""
    found: dict[str, Any] = {}
    for home, folders, names in os.walk(os.fsencode(folder)):
        for name in folders + names:
            path = os.path.join(home, name)
            status = os.lstat(path)
            value: Any = status.st_mode
            if os.path.islink(path):
                value = os.readlink(path)
            elif os.path.isfile(path) and status.st_size < 1 << 30 and os.access(path, os.R_OK):
                with open(path, "rb") as file:
                    value = (status.st_mode, file.read())
            found[os.fsdecode(path)] = value
    return found


def descendants(pid: int) -> set[int]:
    """The processes that come from one, those included that have lost their parents."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(stat.parent.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found
