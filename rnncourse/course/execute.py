"""Run the solved notebooks and keep their outputs for the book.

A chapter runs again only if what its outputs depend on has changed: its code cells, its
answers, its quizzes, the package modules that chapters import, or the libraries. The outputs
go into the jupyter-cache under the key of the *chapter*, stubs and all, so that a plain
``jupyter-book build .`` shows them and runs nothing.
"""

from __future__ import annotations

import ast
import atexit
import hashlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from rnncourse.course.assemble import solved_notebook
from rnncourse.course.plain import PlainContext
from rnncourse.course.source import Chapter, Course, CourseError, Fault
from rnncourse.files import write_atomically

#: Longer than any chapter should take; a chapter's own budget is 90 s.
TIME_LIMIT = 600

#: As many chapters run at a time as there are cores: more threads would wait for each other.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}

_LIBRARIES = (
    *("jupyterquiz", "keras", "latex2mathml", "matplotlib", "numpy"),
    *("scikit-learn", "statsmodels", "tensorflow"),
)

#: Modules of the package that no chapter imports; all others count as what outputs depend on.
_NOT_IN_CHAPTERS = {
    *("_check_run.py", "check.py", "cli.py", "errors.py", "files.py", "progress.py"),
}


@dataclass(frozen=True)
class Executed:
    """What became of one chapter: did it have to run, and for how long."""

    chapter: str
    ran: bool
    seconds: float


def execute_course(
    course: Course,
    context: PlainContext,
    report: Callable[[str], None] = print,
    workers: int | None = None,
) -> list[Executed]:
    """Bring the outputs of all chapters up to date, running the stale ones in parallel.

    Raises
    ------
    CourseError
        If a chapter does not run to its end or writes to stderr: the chapter, the line of
        the cell, and the error. The other chapters' outputs are kept.
    """
    build = course.root / "_build"
    stale = []
    done = []
    for chapter in course:
        record = _read_record(build, chapter)
        if record.get("fingerprint") == fingerprint(course, chapter):
            done.append(Executed(chapter.name, False, record["seconds"]))
        else:
            stale.append(chapter)
    faults: list[Fault] = []
    with (
        ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool,
        # left first: the pool waits for its runs, and without kernels they end
        _kernels_end_here(pool) as clients,
    ):
        runs = {pool.submit(_run, course, chapter, context, clients): chapter for chapter in stale}
        for run in as_completed(runs):
            chapter = runs[run]
            try:
                seconds = run.result()
            except CourseError as error:
                faults += error.faults
                continue
            report(f"ran {chapter.name} in {seconds:.0f} s")
            done.append(Executed(chapter.name, True, seconds))
    if faults:
        raise CourseError(faults)
    store_outputs(course)
    return sorted(done, key=lambda executed: executed.chapter)


def fingerprint(course: Course, chapter: Chapter) -> str:
    """Everything that a chapter's outputs depend on, as one hash."""
    package = Path(__file__).parent.parent
    code = [cell.source for cell in chapter.cells if cell.is_code]
    modules = [path for path in sorted(package.glob("[!.]*")) if path.name not in _NOT_IN_CHAPTERS]
    modules += [
        path
        for folder in ("data", "plots")
        for path in sorted((package / folder).glob("*.py"))
        if _may_matter(path, "\n".join(code))
    ]
    quiz = course.root / "quizzes" / f"{chapter.name}.yml"
    answers = [solution.answer.source for solution in chapter.solutions.values()]
    return _hash(
        code,
        answers,
        chapter.metadata.get("kernelspec"),
        [_file_hash(path) for path in (*modules, quiz) if path.is_file()],
        [version(library) for library in _LIBRARIES if _is_installed(library)],
    )


def _may_matter(module: Path, code: str) -> bool:
    """Tell whether a chapter calls a module of figures or data, or what it calls may.

    A module whose public functions the chapter does not name says nothing to it, so a new
    figure does not run every other chapter again; nor does the face, which only hands on.
    Modules that it hands nothing on from are shared by the others, and count.
    """
    if module.name == "__init__.py":
        return False
    face = (module.parent / "__init__.py").read_text(encoding="utf-8")
    tree = ast.parse(module.read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    public = [name for name in functions if f'"{name}"' in face]
    return not public or any(f".{name}(" in code for name in public)


def store_outputs(course: Course) -> None:
    """Put the solved notebooks' outputs into the jupyter-cache under the chapters' keys."""
    from jupyter_cache import get_cache
    from jupyter_cache.cache.main import CacheBundleIn
    from myst_nb.core.read import read_myst_markdown_notebook

    build = course.root / "_build"
    cache_path = build / ".jupyter_cache"
    pending = []
    for chapter in course:
        record = _read_record(build, chapter)
        code = [(cell.source, cell.metadata) for cell in chapter.cells if cell.is_code]
        key = _hash(record["fingerprint"], record["ran_at"], code)
        if record.get("stored") != key or not cache_path.is_dir():
            pending.append((chapter, record, key))
    if not pending:
        return
    cache = get_cache(str(cache_path))
    for chapter, record, key in pending:
        path = course.root / chapter.path
        notebook = read_myst_markdown_notebook(path.read_text(encoding="utf-8"))
        solved = nbformat.read(build / "solved" / f"{chapter.name}.ipynb", as_version=4)
        outputs = iter(cell.outputs for cell in solved.cells if cell.cell_type == "code")
        cells = (cell for cell in notebook.cells if cell.cell_type == "code")
        for count, cell in enumerate(cells, start=1):
            cell.outputs = next(outputs)
            cell.execution_count = count
        cache.cache_notebook_bundle(
            CacheBundleIn(notebook, str(path)), check_validity=False, overwrite=True
        )
        _write_record(build, chapter, record | {"stored": key})


@contextmanager
def _kernels_end_here(pool: ThreadPoolExecutor) -> Iterator[list[NotebookClient]]:
    """Kill what still runs when the block is left early, by Ctrl-C for one."""
    clients: list[NotebookClient] = []
    try:
        yield clients
    except BaseException:
        # what has not begun is dropped; what runs ends with its kernel
        pool.shutdown(wait=False, cancel_futures=True)
        for client in clients:
            pid = getattr(getattr(client.km, "provisioner", None), "pid", None)
            with suppress(ProcessLookupError):
                if pid:
                    os.killpg(pid, signal.SIGKILL)
        raise


def _run(
    course: Course, chapter: Chapter, context: PlainContext, clients: list[NotebookClient]
) -> float:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = solved_notebook(chapter, context)
    public_copy = not course.has_solutions
    build = course.root / "_build"
    # before the run: what is edited meanwhile must make the chapter stale again
    key = fingerprint(course, chapter)
    started = time.monotonic()
    current = [0]
    cost = {"processor_seconds": 0.0, "megabytes": 0.0}
    client: NotebookClient = NotebookClient(
        notebook,
        timeout=TIME_LIMIT,
        kernel_name=chapter.metadata.get("kernelspec", {}).get("name", "python3"),
        allow_errors=public_copy,
        extra_arguments=["--log-level=40"],  # it warns of every start
        resources={"metadata": {"path": str(course.root)}},
        on_cell_start=lambda cell, cell_index: current.__setitem__(0, cell_index),
        on_cell_executed=lambda **_: _note_cost(cost, client),
    )
    clients.append(client)
    try:
        client.execute(env={**os.environ, **_ONE_THREAD})
    except CellExecutionError as error:
        raise _failure(chapter, notebook, current[0], f"{error.ename}: {error.evalue}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        first = str(error).strip().splitlines()[0]
        raise _failure(chapter, notebook, current[0], first) from None
    finally:
        # nbclient leaves its clean-up registered after an error, and it would fail at exit
        atexit.unregister(client._cleanup_kernel)
    seconds = time.monotonic() - started
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr" and not public_copy:
                line = output.text.strip().splitlines()[0][:200]
                raise _failure(chapter, notebook, index, f"the cell writes to stderr: {line}")
    if public_copy:
        _drop_errors(notebook)
    write_atomically(build / "solved" / f"{chapter.name}.ipynb", nbformat.writes(notebook) + "\n")
    record = {
        "fingerprint": key,
        "seconds": round(seconds, 1),
        **{name: round(value, 1) for name, value in cost.items()},
        "ran_at": time.time(),
    }
    _write_record(build, chapter, record)
    return seconds


def _note_cost(cost: dict[str, float], client: NotebookClient) -> None:
    """Note after a cell what the kernel has cost, which is the same beside other chapters."""
    import psutil

    process = psutil.Process(getattr(getattr(client.km, "provisioner", None), "pid", None))
    times, now = process.cpu_times(), process.memory_info().rss / 1e6
    cost["processor_seconds"] = times.user + times.system
    cost["megabytes"] = max(cost["megabytes"], now)


def _failure(chapter: Chapter, notebook: NotebookNode, index: int, error: str) -> CourseError:
    number = int(notebook.cells[index].id.rsplit("-", 1)[1])
    cell = chapter.cells[number]
    what = f"the {cell.role} cell" + (f" of '{cell.exercise}'" if cell.exercise else "")
    return CourseError(
        [Fault(chapter.path, cell.line, f"{what} fails with {error}", "mend the cell")]
    )


def _drop_errors(notebook: NotebookNode) -> None:
    """The public copy has no answers, so its tests and some demonstrations cannot run."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and any(o.output_type == "error" for o in cell.outputs):
            cell.outputs = []


def _record_path(build: Path, chapter: Chapter) -> Path:
    # the Sphinx extension re-reads a page when this file is newer than the page
    return build / "outputs" / f"{chapter.name}.json"


def _read_record(build: Path, chapter: Chapter) -> dict[str, Any]:
    path = _record_path(build, chapter)
    if not path.is_file() or not (build / "solved" / f"{chapter.name}.ipynb").is_file():
        return {}
    return json.loads(path.read_text(encoding="utf-8"))


def _write_record(build: Path, chapter: Chapter, record: dict[str, Any]) -> None:
    write_atomically(_record_path(build, chapter), json.dumps(record, indent=1) + "\n")


def _hash(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_installed(library: str) -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version(library)
    except PackageNotFoundError:
        return False
    return True
