"""The child process of `rnncourse check`: runs cells one by one and reports each as JSON.

It is run as a script and imports nothing of the package, so that it starts fast and the
cells meet an interpreter as fresh as a notebook's kernel. `rnncourse.check` writes a plan
to its standard input and reads one line a beginning and one line an end of a cell.
"""

from __future__ import annotations

import ast
import builtins
import faulthandler
import io
import json
import linecache
import os
import re
import signal
import sys
import types
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

#: How long after the time limit a cell that cannot be interrupted is killed, in seconds.
GRACE = 1.0
MAX_OUTPUT = 20_000
MAX_MESSAGE = 2_000
MAX_FRAMES = 20

#: A terminal's colours, which Keras puts into its messages.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

_MAGIC = re.compile(r"^\s*[%!?]|\?\s*$|=\s*[%!]", re.MULTILINE)
#: Magics for which a check has no use: they install things, or set up the screen.
_SKIPPED = re.compile(
    r"^(\s*)(?:[%!]\s*(?:pip3?|conda|mamba|uv|apt|apt-get)|%(?:matplotlib|config|load_ext|autoreload))"
    r"\b.*",
    re.MULTILINE,
)


class OutOfTime(BaseException):
    """A cell has run for longer than it may; no ``except Exception`` holds it up."""


class Tail(io.StringIO):
    """Keeps the first part of what is printed, however much that is."""

    def write(self, text: str) -> int:
        room = MAX_OUTPUT - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)

    def close(self) -> None:
        """Stay open: a cell that closes its output must not lose it."""


class Runner:
    """Runs cells in one namespace, as a kernel does."""

    def __init__(self, timeout: float):
        self.timeout = timeout
        self.armed = False
        main = types.ModuleType("__main__")
        self.namespace = main.__dict__
        self.namespace.update(display=lambda *things, **options: None, get_ipython=self.shell)
        sys.modules["__main__"] = main
        builtins.input = no_input
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, self.out_of_time)

    def out_of_time(self, *_: Any) -> None:
        if self.armed:
            raise OutOfTime

    def shell(self) -> Any:
        """IPython's shell, for cells with magics; it takes a moment to start."""
        import tempfile

        from traitlets.config import Config

        os.environ.setdefault("IPYTHONDIR", tempfile.mkdtemp(prefix="rnncourse-check-"))
        from IPython.core.interactiveshell import InteractiveShell

        config = Config()
        config.HistoryManager.enabled = False
        return InteractiveShell.instance(user_ns=self.namespace, config=config)

    def compile(self, source: str, filename: str) -> Any:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            return compile(source, filename, "exec", flags=flags, dont_inherit=True)
        except SyntaxError:
            if not _MAGIC.search(source):
                raise
        from IPython.core.inputtransformer2 import TransformerManager

        source = _SKIPPED.sub(r"\1pass", source)
        source = TransformerManager().transform_cell(source)
        return compile(source, filename, "exec", flags=flags, dont_inherit=True)

    def run(self, index: int, source: str) -> dict[str, Any]:
        """Run one cell; what went wrong, or None, and what it printed."""
        filename = f"<cell {index}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        printed = Tail()
        error = None
        code = None
        with redirect_stdout(printed), redirect_stderr(printed):
            self.arm()
            try:
                code = self.compile(source, filename)
                if code.co_flags & 0x80:  # a coroutine: the cell awaits something
                    import asyncio

                    asyncio.run(eval(code, self.namespace))
                else:
                    exec(code, self.namespace)
                self.armed = False
            except BaseException as caught:
                self.armed = False
                error = describe(caught, in_cell=index if code is None else None)
            finally:
                self.disarm()
        return {"end": index, "error": error, "printed": printed.getvalue()}

    def arm(self) -> None:
        self.armed = True
        faulthandler.dump_traceback_later(self.timeout + GRACE, exit=True, file=2)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, self.timeout)

    def disarm(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()


def no_input(prompt: object = "") -> str:
    raise RuntimeError(
        "input() waits for somebody to type, and nobody does in grading; "
        "put the value into a variable instead"
    )


def describe(error: BaseException, in_cell: int | None) -> dict[str, Any]:
    """An exception as plain data. ``in_cell`` is the cell whose code did not even compile."""
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        match = re.fullmatch(r"<cell (\d+)>", traceback.tb_frame.f_code.co_filename)
        if match:
            frames.append((int(match[1]), traceback.tb_lineno))
        traceback = traceback.tb_next
    if in_cell is not None and isinstance(error, SyntaxError):
        frames.append((in_cell, error.lineno or 1))
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:  # an exception class of the student's own may fail at this, too
        message = ""
    return {
        "kind": type(error).__name__,
        "bases": [base.__name__ for base in type(error).__mro__],
        "message": _COLOURS.sub("", str(message))[:MAX_MESSAGE],
        "frames": frames[:2] + frames[2:][-MAX_FRAMES:],
        "name": getattr(error, "name", None) if isinstance(error, NameError) else None,
    }


def main() -> None:
    plan = json.load(sys.stdin)
    # Keep the report to ourselves: what the cells read and write is something else.
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    faulthandler.enable()
    sys.argv = [""]
    sys.path.insert(0, plan["folder"])
    sys.path.append(plan["package"])
    runner = Runner(plan["timeout"])
    for index, source in plan["cells"]:
        print(json.dumps({"begin": index}), file=report, flush=True)
        print(json.dumps(runner.run(index, source)), file=report, flush=True)
    if "rnncourse-check-" in os.environ.get("IPYTHONDIR", ""):
        import shutil

        shutil.rmtree(os.environ["IPYTHONDIR"], ignore_errors=True)
    # The parent ends us now, and whatever threads and processes the cells have left behind.
    print(json.dumps({"finished": True}), file=report, flush=True)


if __name__ == "__main__":
    main()
