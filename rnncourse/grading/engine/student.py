"""The student's side: an IPython shell that runs cells and answers the judge's calls.

Nothing here is trusted once the first cell has run: a submission can change all of it. It is
written for honest work; what the judge accepts is decided in `wire` and `judge`.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from rnncourse.grading.engine.raised import describe, rebuilt
from rnncourse.grading.engine.wire import Channel, Closed, Codec
from rnncourse.grading.task import Limits

#: How often a cell that is out of time is told so again, in seconds.
_AGAIN = 0.5


class CellTimeoutError(BaseException):
    """A cell has run for longer than it may; no ``except Exception`` holds it up."""


class Recorder:
    """Collects the outputs of a cell as nbformat stores them, up to a size."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.begin()

    def begin(self) -> None:
        """Start with a new cell."""
        self.outputs: list[dict[str, Any]] = []
        self._left = self.most_bytes

    def stream(self, name: str, text: str) -> None:
        """What was printed."""
        if self._left < 0:
            return
        self._left -= len(text)
        if self._left < 0:
            text = text[: self._left] + "\n... output cut ...\n"
        last = self.outputs[-1] if self.outputs else None
        if last and last["output_type"] == "stream" and last["name"] == name:
            last["text"].append(text)
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def add(self, kind: str, **content: Any) -> None:
        """Anything else; errors are kept however much there is already."""
        if kind != "error":
            self._left -= len(str(content))
            if self._left < 0:
                return self.stream("stdout", "")
        self.outputs.append({"output_type": kind, **content})
        return None

    def taken(self) -> list[dict[str, Any]]:
        """The outputs of the cell."""
        for output in self.outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        return self.outputs


class _Stream(io.TextIOBase):
    """Standard output or standard error of the cells."""

    def __init__(self, name: str) -> None:
        self._name = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        recorder.stream(self._name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    encoding = "UTF-8"


class _Hook(DisplayHook):
    """The value of a cell's last line."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        recorder.add(
            "execute_result",
            data=format_dict,
            metadata=md_dict or {},
            execution_count=self.prompt_count,
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    """What ``display`` shows."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        if not update:
            recorder.add("display_data", data=data, metadata=metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        recorder.outputs.clear()


class Shell(InteractiveShell):
    """IPython whose outputs go to the recorder."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        recorder.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)

    def ask_exit(self) -> None:
        """Stay: the next cells are still to run."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window to open."""

    def system(self, cmd: str) -> None:
        """Run a command of the system; what it prints belongs to the cell."""
        command = self.var_expand(cmd, depth=1)
        with subprocess.Popen(
            command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line.decode(errors="replace"), end="")
        self.user_ns["_exit_code"] = process.returncode


recorder = Recorder(1_000_000)


def make_shell() -> Shell:
    """Make the shell; done once, before the warm process forks."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell: Shell = Shell.instance(config=config)
    return shell


def serve(sock: socket.socket, limits: Limits, shell: Shell) -> None:
    """Do what the judge asks for until it hangs up."""
    channel = Channel(sock, 8 * limits.value_bytes)
    recorder.most_bytes = limits.output_bytes
    builtins.input = _no_input
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    calls = _Calls(channel, limits, shell)
    tasks: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
        "files": _write_files,
        "run": lambda message: _run(message, shell),
        "call": calls.answer,
    }
    try:
        while True:
            message = channel.receive()
            channel.send(tasks[message["do"]](message))
    except Closed:
        return


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() waits for somebody to type, and nobody does in grading")


def _out_of_time(*_: Any) -> None:
    raise CellTimeoutError


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    left, _ = signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), _AGAIN)
    try:
        yield
    finally:
        if left:  # this was a call within a call
            left = max(left - (time.monotonic() - started), 0.01)
        signal.setitimer(signal.ITIMER_REAL, left, _AGAIN)


def _write_files(message: dict[str, Any]) -> dict[str, Any]:
    for name, content in message["files"]:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {}


def _run(message: dict[str, Any], shell: Shell) -> dict[str, Any]:
    recorder.begin()
    seconds = message["seconds"]
    try:
        with _at_most(seconds):
            result = shell.run_cell(message["source"], store_history=True)
        error: BaseException | None = result.error_before_exec or result.error_in_exec
    except CellTimeoutError as late:  # IPython was just about to show something
        error = late
    shown = any(output.get("ename") == "CellTimeoutError" for output in recorder.outputs)
    if isinstance(error, CellTimeoutError) and not shown:
        # a busy machine: the alarm came again while IPython was showing it
        recorder.add("error", ename="CellTimeoutError", evalue="", traceback=[])
    outputs = recorder.taken()
    for output in outputs:
        if output.get("ename") == "CellTimeoutError":
            output["evalue"] = f"the cell ran longer than {round(seconds, 1):g} s"
    return {"outputs": outputs}


class _Calls:
    """Calls functions of the student's, for the judge."""

    def __init__(self, channel: Channel, limits: Limits, shell: Shell) -> None:
        self._channel = channel
        self._shell = shell
        self._functions: list[Callable[..., Any]] = []
        self._codec = Codec(self._register, self._remote, limits.value_bytes)

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Call a function, by its name or its handle."""
        packed: list[bytes] = message["args"]
        names: list[str] = message["names"]
        values = [self._codec.decode(data) for data in packed]
        # what the codec makes of them once more is what they are compared with afterwards
        before = [self._codec.encode(value) for value in values]
        recorder.begin()
        place = len(values) - len(names)
        keywords = dict(zip(names, values[place:], strict=True))
        try:
            with _at_most(message["seconds"]):
                function = self._find(message["function"])
                result = function(*values[:place], **keywords)
                reply: dict[str, Any] = {"value": self._codec.encode(result)}
        except BaseException as error:
            reply = {"error": describe(error)}
        after = [self._codec.encode(value) for value in values]
        changed = {
            n: new for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new
        }
        return {**reply, "changed": list(changed.items())}

    def _find(self, function: str | int) -> Callable[..., Any]:
        if isinstance(function, int):
            return self._functions[function]
        try:
            found: Callable[..., Any] = self._shell.user_ns[function]
        except KeyError:
            raise NameError(f"name {function!r} is not defined") from None
        return found

    def _register(self, function: Callable[..., Any]) -> int:
        self._functions.append(function)
        return len(self._functions) - 1

    def _remote(self, handle: int) -> Callable[..., Any]:
        """Stand for a function of the judge's that was passed as an argument."""

        def function(*args: Any, **keywords: Any) -> Any:
            values = [*args, *keywords.values()]
            packed = [self._codec.encode(value) for value in values]
            self._channel.send({"callback": handle, "args": packed, "names": list(keywords)})
            reply = self._channel.receive()
            while "do" in reply:  # the judge's function calls one of ours in turn
                self._channel.send(self.answer(reply))
                reply = self._channel.receive()
            if "error" in reply:
                raise rebuilt(reply["error"])
            return self._codec.decode(reply["value"])

        return function


def start(work: str) -> None:
    """Make the work folder this process's own and only one."""
    os.makedirs(work, exist_ok=True)
    os.chdir(work)
    if "" not in sys.path:
        sys.path.insert(0, "")
