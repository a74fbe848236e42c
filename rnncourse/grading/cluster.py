"""Run notebooks elsewhere: threads of this process by default, or any Dask cluster.

Threads are enough: a notebook runs in processes of its own, and a thread waits for them.
"""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar

import dask
from distributed import Client, Future, KilledWorker, Scheduler, SpecCluster, Worker, as_completed
from distributed.utils import silence_logging_cmgr

from rnncourse.grading.directory import GradingError
from rnncourse.grading.journal import environment
from rnncourse.grading.running import run_notebook, runs_end_here, sandbox_fault, stop
from rnncourse.grading.task import Limits, Run, Task

Job = TypeVar("Job")

#: How long a scheduler may take to answer, and to have its first worker.
_SCHEDULER_SECONDS = 10

#: How often to ask a cluster how many workers it has.
_COUNT_SECONDS = 5.0

# dask looks for them in its configuration while it starts
_CONFIGURATION = {
    # it looks at all threads' frames, which can lock Python 3.11 up for good (gh-106883)
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.comm.timeouts.connect": f"{_SCHEDULER_SECONDS}s",
    "distributed.diagnostics.nvml": False,
    # what it keeps of the past: a run may have 100,000 notebooks
    "distributed.admin.log-length": 10,
    "distributed.admin.low-level-log-length": 10,
}


class Workers(Generic[Job]):
    """Notebooks on their way, and those that are done."""

    def __init__(self, client: Client, where: str, limits: Limits, sandbox: bool) -> None:
        self._client, self._where = client, where
        self._limits, self._sandbox = limits, sandbox
        self._running: dict[Any, Job] = {}
        self._completed = as_completed(loop=client.loop)
        self._count, self._counted = 1, float("-inf")

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is on its way."""
        return not self._running

    @property
    def is_full(self) -> bool:
        """Tell whether more would only wait: then memory stays flat."""
        now = time.monotonic()
        if now - self._counted > _COUNT_SECONDS:
            with self._reached():
                threads = sum(self._client.nthreads().values())
            self._count, self._counted = max(threads, 1), now
        return len(self._running) >= 2 * self._count

    def submit(self, job: Job, task: Task) -> None:
        """Send a notebook on its way."""
        with warnings.catch_warnings(), self._reached():
            # of a task beyond 10 MB: then the submission has large files
            warnings.simplefilter("ignore", UserWarning)
            future = self._client.submit(
                _run, task, self._limits, self._sandbox, environment(), pure=False
            )
        self._running[future.key] = job
        self._completed.add(future)

    def next(self) -> tuple[Job, Run]:
        """Wait for the next one that is done.

        Raises
        ------
        GradingError
            If the cluster is gone.
        """
        with self._reached():
            future: Future = next(self._completed)
            try:
                run: Run = future.result()
            except (OSError, CancelledError):
                raise
            except KilledWorker:
                run = Run(ended="not started", message="its workers died again and again")
            except Exception as error:
                run = Run(ended="not started", message=f"the worker failed ({_one_line(error)})")
        return self._running.pop(future.key), run

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (OSError, CancelledError, StopIteration):
            raise GradingError(
                f"{self._where}: the scheduler is gone; start it and run this again"
            ) from None


@contextmanager
def started_workers(
    count: int | None, scheduler: str | None, limits: Limits, sandbox: bool
) -> Iterator[Workers[Any]]:
    """Workers for the length of the block; what still runs at its end is given up.

    Parameters
    ----------
    count
        How many notebooks run at a time in this process; default: one a core.
    scheduler
        The address of a Dask scheduler, such as ``tcp://192.0.2.1:8786``, instead.
    limits, sandbox
        For every notebook.

    Raises
    ------
    GradingError
        If there is no such scheduler, it has no workers, or they have other versions.
    """
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(_CONFIGURATION))
        # what goes wrong is said by us, in a line
        stack.enter_context(silence_logging_cmgr(logging.CRITICAL + 1))
        address: SpecCluster | str
        if scheduler is None:
            address = stack.enter_context(_threads(count or os.cpu_count() or 1))
            where = "this machine"
        else:
            address, where = scheduler, scheduler
        try:
            client = Client(address, set_as_default=False, timeout=_SCHEDULER_SECONDS)
        except (OSError, ValueError) as error:
            raise GradingError(
                f"{where}: no Dask scheduler answers there ({_one_line(error)}); "
                "start one with 'dask scheduler', or leave --scheduler out"
            ) from None
        stack.callback(client.close, timeout=2)
        if scheduler is not None:
            _check_versions(client, where)
        if sandbox:
            _check_sandbox(client)
        pool: Workers[Any] = Workers(client, where, limits, sandbox)
        try:
            yield pool
        finally:
            if scheduler is not None and not pool.is_idle:
                with suppress(Exception):  # they may be gone
                    client.run(stop)


def _run(task: Task, limits: Limits, sandbox: bool, versions: dict[str, str]) -> Run:
    """What a worker does; it may have come after the versions were checked."""
    if environment() != versions:
        return Run(ended="not started", message="a worker has other versions than this machine")
    return run_notebook(task, limits, sandbox)


def _check_versions(client: Client, where: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_SCHEDULER_SECONDS)
    except TimeoutError:
        raise GradingError(
            f"{where}: the scheduler has no workers; start some with 'dask worker {where}'"
        ) from None
    try:
        found = client.run(environment)
    except Exception as error:
        raise GradingError(
            f"{where}: a worker cannot run this course's package ({_one_line(error)}); "
            "install the same versions there"
        ) from None
    here = environment()
    for worker, there in found.items():
        for name, own in here.items():
            if there.get(name) != own:
                raise GradingError(
                    f"{worker}: the worker has {name} {there.get(name, 'of no version')}, "
                    f"this machine {own}; install the same versions there"
                )


def _check_sandbox(client: Client) -> None:
    """Ask every worker; that warms it up, too."""
    asked = {
        worker: client.submit(sandbox_fault, workers=[worker], pure=False)
        for worker in client.nthreads()
    }
    for worker, answer in asked.items():
        fault = answer.result()
        if fault:
            place = "" if worker.startswith("inproc") else f"{worker}: "
            raise GradingError(
                f"{place}{fault}. To grade without a sandbox, where submissions can do whatever "
                "you can, add --no-sandbox"
            )


@contextmanager
def _threads(count: int) -> Iterator[SpecCluster]:
    """A cluster of threads of this process, reached without a port."""
    with runs_end_here(), TemporaryDirectory(prefix="rnncourse-dask-") as folder:
        options = {"protocol": "inproc://", "dashboard": False}
        own = {**options, "nthreads": count, "memory_limit": 0, "local_directory": folder}
        cluster = SpecCluster(
            scheduler={"cls": _Scheduler, "options": options},
            workers={0: {"cls": _Worker, "options": own}},
            silence_logs=False,
        )
        try:
            yield cluster
        finally:
            cluster.close(timeout=5)


class _Scheduler(Scheduler):
    """Without the web page that Dask opens to the network even if told not to."""

    def start_http_server(self, *arguments: Any, **options: Any) -> None:
        """Open no port."""


class _Worker(Worker):
    """Without the web page, too."""

    def start_http_server(self, *arguments: Any, **options: Any) -> None:
        """Open no port."""

    async def close(self, *arguments: Any, **options: Any) -> Any:
        """End without waiting for what runs: nobody wants it any more."""
        return await super().close(*arguments, **{**options, "executor_wait": False})


def _one_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}".strip(": ")
