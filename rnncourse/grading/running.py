"""Run the code cells of one notebook in a kernel of their own.

This is the seam between marking and execution. What goes in (`Task`, `Limits`) and what comes
out (`Run`) is plain data, so that a worker may be anywhere and the kernel in any sandbox.
Nothing here knows nbgrader.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, v4


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    cell_seconds
        For one cell; it is interrupted then, and the next ones run.
    notebook_seconds
        For all cells together; the kernel is killed then.
    output_bytes
        Of one cell's outputs; what is more is dropped.
    """

    cell_seconds: int = 30
    notebook_seconds: int = 600
    output_bytes: int = 1_000_000


@dataclass(frozen=True)
class Task:
    """What to run: code cells as (number, source), and the files to lie beside them."""

    cells: tuple[tuple[int, str], ...]
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class CellRun:
    """What one cell gave: outputs as nbformat stores them."""

    outputs: list[dict[str, Any]]
    execution_count: int | None


@dataclass
class Run:
    """What became of a task.

    Parameters
    ----------
    cells
        By the number of the cell. A cell that is not here did not run.
    ended
        ``finished``; ``killed`` (ran out of its time or could not be interrupted); ``died``
        (the kernel is gone); ``not started`` (no kernel: not the student's fault).
    message
        What happened, if the task did not finish.
    cell
        The number of the cell it happened in.
    seconds
        Wall time.
    """

    cells: dict[int, CellRun] = field(default_factory=dict)
    ended: Literal["finished", "killed", "died", "not started"] = "finished"
    message: str = ""
    cell: int | None = None
    seconds: float = 0.0


def run_notebook(task: Task, limits: Limits) -> Run:
    """Run the cells one after the other; an error in one does not keep the next from running.

    Parameters
    ----------
    task
        The cells and files.
    limits
        What they may use.

    Returns
    -------
    What they gave. Whatever the cells do, this returns.
    """
    started = time.monotonic()
    run = Run()
    with tempfile.TemporaryDirectory(prefix="rnncourse-", ignore_cleanup_errors=True) as folder:
        try:
            asyncio.run(_run(task, limits, run, Path(folder)))
        except Exception as error:
            run.ended = "not started"
            run.message = f"the kernel did not start ({type(error).__name__}: {error})"
    run.seconds = time.monotonic() - started
    return run


def kill_kernels() -> None:
    """End every run of this process at once; later ones end before they start."""
    _stopping.set()
    for manager in list(_managers):
        provisioner = manager.provisioner
        pid = getattr(provisioner, "pid", None)
        if pid:
            with suppress(OSError):
                os.killpg(pid, 9)


@contextmanager
def kernels_end_here() -> Iterator[None]:
    """Make sure that no kernel outlives this block, however it is left."""
    _stopping.clear()
    try:
        yield
    except BaseException:
        kill_kernels()
        raise


_managers: set[AsyncKernelManager] = set()
_stopping = threading.Event()


class _Stopped(Exception):
    """Somebody pressed Ctrl-C."""


class _OwnPython(KernelSpecManager):
    """Knows one kernel: ipykernel in the Python that runs us, whatever the notebook says."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=[
                sys.executable,
                *("-m", "ipykernel_launcher", "-f", "{connection_file}"),
                "--HistoryManager.enabled=False",
            ],
            display_name="Python 3",
            language="python",
        )


class _Client(NotebookClient):
    """nbclient with a cap on outputs, which records errors as nbgrader's Execute does."""

    output_bytes = 0
    written = 0

    def output(self, outs: list[NotebookNode], msg: Any, *rest: Any) -> Any:
        """Keep an output unless the cell has written too much; errors are always kept."""
        content = msg["content"]
        if msg["msg_type"] != "error":
            size = len(str(content))
            self.written += size
            if self.written > self.output_bytes:
                if self.written - size > self.output_bytes:
                    return None
                # the name stays: anything on stderr matters to the mark
                note = {"name": content.get("name", "stdout"), "text": "... output cut ...\n"}
                msg = {**msg, "msg_type": "stream", "content": note}
                msg["header"] = {**msg["header"], "msg_type": "stream"}
        return super().output(outs, msg, *rest)

    def on_cell_executed(self, cell: NotebookNode, execute_reply: Any, **_: Any) -> None:
        """Record an error that left no output, such as a time-out."""
        content = execute_reply["content"]
        if content["status"] != "error":
            return
        recorded = any(
            output.output_type == "error" and output.ename == content["ename"]
            for output in cell.outputs
        )
        if not recorded:
            trace = content["traceback"] or [f"{content['ename']}: {content['evalue']}"]
            cell.outputs.append(
                v4.new_output(
                    "error", ename=content["ename"], evalue=content["evalue"], traceback=trace
                )
            )


async def _run(task: Task, limits: Limits, run: Run, folder: Path) -> None:
    work = folder / "work"
    for name, content in task.files:
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(content)
    work.mkdir(exist_ok=True)
    manager = AsyncKernelManager(
        kernel_spec_manager=_OwnPython(),
        # no port that another kernel, or another user, could take
        transport="ipc",
        ip=str(folder / "ipc"),
        connection_file=str(folder / "kernel.json"),
    )
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for _, source in task.cells])
    client = _Client(
        notebook,
        km=manager,
        timeout=limits.cell_seconds,
        interrupt_on_timeout=True,
        allow_errors=True,
        raise_on_iopub_timeout=True,
        error_on_timeout={
            "ename": "CellTimeoutError",
            "evalue": f"the cell ran longer than {limits.cell_seconds} s",
            "traceback": [],
        },
        resources={"metadata": {"path": str(work)}},
    )
    client.output_bytes = limits.output_bytes
    _managers.add(manager)
    try:
        if _stopping.is_set():
            raise _Stopped
        async with client.async_setup_kernel(env=_environment(folder)):
            await _run_cells(client, task, limits, run)
    finally:
        _managers.discard(manager)
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)
        if client.kc is not None:
            client.kc.stop_channels()
        manager.context.destroy(linger=0)


async def _run_cells(client: _Client, task: Task, limits: Limits, run: Run) -> None:
    deadline = time.monotonic() + limits.notebook_seconds
    for place, (number, _) in enumerate(task.cells):
        cell = client.nb.cells[place]
        client.written = 0
        left = max(deadline - time.monotonic(), 0.01)
        try:
            await asyncio.wait_for(client.async_execute_cell(cell, place), left)
        except CellTimeoutError:
            _end(run, "killed", number, "a cell ran too long and could not be interrupted")
        except (TimeoutError, DeadKernelError, RuntimeError):
            # nbclient takes our cancelling for a dead kernel
            if time.monotonic() >= deadline:
                _end(run, "killed", number, f"all cells took over {limits.notebook_seconds} s")
            else:
                _end(run, "died", number, "the kernel died")
        if run.ended != "finished":
            return
        outputs = [_plain(output) for output in cell.outputs]
        run.cells[number] = CellRun(outputs, cell.execution_count)


def _end(run: Run, ended: Literal["killed", "died"], number: int, message: str) -> None:
    run.ended, run.cell, run.message = ended, number, message


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _environment(folder: Path) -> dict[str, str]:
    one_thread = {
        # as many kernels as cores run at once
        name: "1"
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    }
    return {
        **one_thread,
        **os.environ,
        "IPYTHONDIR": str(folder / "ipython"),
        "NBGRADER_EXECUTION": "autograde",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
