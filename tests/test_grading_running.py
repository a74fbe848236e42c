"""The seam: what becomes of a notebook's cells and tests, however they behave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from rnncourse.grading.running import run_notebook, runs_end_here, stop
from rnncourse.grading.task import Code, Known, Limits, Run, Task

pytestmark = pytest.mark.xdist_group("engine")

MB = 1_000_000

#: For an exercise f: its tests, as the second of a pair is.
Cell = str | tuple[str, str]


def run(
    *cells: Cell,
    files: tuple[tuple[str, bytes], ...] = (),
    known: dict[str, Known] | None = None,
    **limits: Any,
) -> Run:
    """Run student's cells (texts), set-up cells and tests (``("setup" or a name, text)``)."""
    codes = []
    for number, cell in enumerate(cells):
        kind, source = cell if isinstance(cell, tuple) else ("student", cell)
        source = textwrap.dedent(source)
        if kind in ("setup", "student"):
            codes.append(Code(number, source, kind))  # type: ignore[arg-type]
        else:
            codes.append(Code(number, source, "tests", kind))
    return run_notebook(Task(tuple(codes), files, known or {}), Limits(**limits))


def errors(run: Run, number: int) -> list[str]:
    return [o["ename"] for o in run.cells[number].outputs if o["output_type"] == "error"]


def printed(run: Run, number: int, name: str = "stdout") -> str:
    outputs = run.cells[number].outputs
    return "".join(o["text"] for o in outputs if o.get("name") == name)


def shares(run: Run) -> dict[str, float]:
    return {name: result.share for name, result in run.results.items()}


# cells and their outputs


def test_do_cells_run_in_order_with_their_files_and_past_an_error() -> None:
    result = run(
        "x = open('data/a.txt').read()", "1 / 0", "print(x)", files=(("data/a.txt", b"hello"),)
    )
    assert result.ended == "finished"
    assert errors(result, 1) == ["ZeroDivisionError"]
    assert printed(result, 2) == "hello\n"
    assert [result.cells[n].execution_count for n in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("print('a', end=''); print('b')", "ab\n"),
        ("!echo {1 + 1} && echo err >&2", "2\nerr\n"),
        ("x = !echo a; echo b\nprint(list(x))", "['a', 'b']\n"),
        ("%%bash\necho from bash", "from bash\n"),
        ("import asyncio\nawait asyncio.sleep(0.01)\nprint('later')", "later\n"),
        ("print(1)\nfrom IPython.display import clear_output\nclear_output()\nprint(2)", "2\n"),
        ("from multiprocessing import Pool\nwith Pool(2) as p: print(p.map(abs, [-1]))", "[1]\n"),
        ("import sys; sys.stdout.write('a'); sys.stdout.flush(); print(sys.stdout.isatty())", None),
        ("%%time\nprint('timed')", None),
        ("help(len)", None),
    ],
)
def test_is_what_a_cell_prints_kept(source: str, text: str | None) -> None:
    result = run(source)
    assert errors(result, 0) == []
    assert printed(result, 0) == text if text else printed(result, 0)


def test_are_warnings_and_logs_kept_apart_from_what_is_printed() -> None:
    result = run("import warnings, logging\nwarnings.warn('hm')\nlogging.warning('log')\nprint(1)")
    assert printed(result, 0) == "1\n"
    assert "hm" in printed(result, 0, "stderr")
    assert "log" in printed(result, 0, "stderr")


def test_are_values_and_figures_kept_as_a_notebook_shows_them() -> None:
    result = run(
        "1 + 1",
        "2;",
        "class A:\n    def _repr_html_(self):\n        return '<b>'\nA()",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "from IPython.display import display\ndisplay('shown')",
    )
    kinds = [[o["output_type"] for o in result.cells[n].outputs] for n in range(5)]
    assert kinds == [["execute_result"], [], ["execute_result"], ["display_data"], ["display_data"]]
    assert result.cells[0].outputs[0]["data"] == {"text/plain": "2"}
    assert result.cells[2].outputs[0]["data"]["text/html"] == "<b>"
    assert result.cells[3].outputs[0]["data"]["image/png"].startswith("iVBOR")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(:", "SyntaxError"),
        ("input('?')", "RuntimeError"),
        ("raise SystemExit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import nothing_like_this", "ModuleNotFoundError"),
        ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", None),
        ("raise type('E', (BaseException,), {})", "E"),
    ],
)
def test_does_an_error_of_any_kind_end_only_its_cell(source: str, name: str | None) -> None:
    result = run(source, "exit", "41 + 1")
    assert result.ended == "finished"
    assert errors(result, 0) if name is None else errors(result, 0) == [name]
    assert result.cells[2].outputs[0]["data"] == {"text/plain": "42"}


def test_is_a_flood_of_output_cut_and_its_error_kept() -> None:
    result = run(
        "for _ in range(500): print('x' * 1000)\n1 / 0",
        "print('y' * 1_000_000)",
        "from IPython.display import display, HTML\nfor _ in range(500): display(HTML('z' * 1000))",
        "!yes | head -c 1000000",
        "print('still here')",
        output_bytes=10_000,
    )
    assert errors(result, 0) == ["ZeroDivisionError"]
    assert all(len(str(cell.outputs)) < 22_000 for cell in result.cells.values())
    assert printed(result, 4) == "still here\n"


def test_are_half_characters_and_nulls_replaced_in_what_comes_back() -> None:
    result = run(
        "print('a\\ud800\\0')\nraise ValueError('\\udc00\\0')",
        "def f(x): raise AssertionError('\\ud800\\0')",
        ("f", "f(1)"),
    )
    for text in (str(result.cells[0].outputs), result.results["f"].message):
        assert "\0" not in text
        assert "\\x00" not in text
        text.encode()


# the judge


def test_do_calls_carry_keywords_and_defaults_and_return_functions() -> None:
    result = run(
        "def f(a, *b, c=3, **d): return [a, b, c, d]",
        ("f", "assert f(1, 2, x=4) == [1, (2,), 3, {'x': 4}] and f(1, c=0) == [1, (), 0, {}]"),
        "def g(x): return lambda y: lambda z: x + y + z",
        ("g", "assert g(1)(2)(3) == 6 and list(map(g(1)(2), [1, 2])) == [4, 5]"),
    )
    assert shares(result) == {"f": 1, "g": 1}


def test_can_a_function_call_back_into_the_tests_and_these_into_another_exercise() -> None:
    result = run(
        "def f(h): return h(2) + h(x=3)",
        "def g(x): return 2 * x",
        ("f", "assert f(lambda x: x * x) == 13\nassert f(g) == 10\nassert f(lambda x: g(x)) == 10"),
        ("g", "assert g(1) == 2"),
        "def c(h):\n    try: h(0)\n    except ZeroDivisionError: return 'caught'",
        ("c", "assert c(lambda x: 1 / x) == 'caught'"),
        "def endless(h): return h(h)",
        ("endless", "def again(h): return endless(h)\nassert endless(again)"),
    )
    assert shares(result) == {"f": 1, "g": 1, "c": 1, "endless": 0}


def test_does_an_exception_keep_its_name_and_its_built_in_class() -> None:
    result = run(
        """
        class Mine(KeyError): pass
        def f(x): raise Mine("mine")
        """,
        (
            "f",
            """
            try:
                f(1)
            except KeyError as error:
                assert type(error).__name__ == "Mine" and "mine" in str(error)
            else:
                assert False
            """,
        ),
        "def g(x): return [][x]",
        ("g", "from rnncourse import checks\nchecks.raises(IndexError, g, 1)"),
        "def h(x): raise AssertionError('forged')",
        ("h", "assert h(1) == 1"),
    )
    assert shares(result) == {"f": 1, "g": 1, "h": 0}
    assert result.results["h"].message == "forged"


@pytest.mark.parametrize(
    "raised",
    [
        *("StopIteration", "StopAsyncIteration", "SystemExit(0)", "KeyboardInterrupt"),
        *("GeneratorExit", "type('Gone', (BaseException,), {})", "type('a b', (SystemExit,), {})"),
        "ExceptionGroup('g', [ValueError()])",
        "UnicodeDecodeError('utf-8', b'', 0, 1, '')",
        "type('E', (Exception,), {'__str__': lambda s: 1 / 0})",
        "type('TestsTimeout', (BaseException,), {})",
    ],
)
def test_does_no_exception_end_a_loop_of_the_tests_or_the_judge(raised: str) -> None:
    result = run(
        f"def f(x): raise {raised}",
        ("f", "count = 0\nfor x in map(f, [1]):\n    count += 1\ncount"),
        "def g(x): return 2",
        ("g", "assert g(1) == 2"),
    )
    assert shares(result) == {"f": 0, "g": 1}
    assert result.results["f"].error


@pytest.mark.parametrize(
    ("last", "share"),
    [
        *(("np.float64(0.5)", 0.5), ("np.float64(1.0)", 1), ("np.array(0.25)", 0.25), ("0", 0)),
        *(("False", 0), ("True", 1), ("np.False_", 0), ("float('nan')", 0), ("np.nan", 0)),
        *(("float('inf')", 1), ("-float('inf')", 0), ("-1", 0), ("7", 1), ("2 ** 2000", 1)),
        *(("None", 1), ("'0'", 1), ("np.zeros(3)", 1), ("[]", 1), ("x = 0", 1), ("", 1)),
    ],
)
def test_what_does_the_last_value_of_a_test_give(last: str, share: float) -> None:
    result = run("def f(): pass", ("f", f"import numpy as np\nf()\n{last}"))
    assert shares(result) == {"f": share}


def test_does_a_test_see_arguments_that_a_function_changed() -> None:
    test = "import numpy as np\nfrom rnncourse import checks\nchecks.unchanged({0}, {1})\n"
    result = run(
        "def a(x): x += 1; return x",
        ("a", test.format("a", "np.zeros(2)")),
        "def b(x): x.sort(); return x",
        ("b", test.format("b", "[(2, 'b'), (1, 'a')]")),
        "def c(x): x['new'] = 1; return x",
        ("c", test.format("c", "{}")),
        "def d(x): return x + 1",
        ("d", test.format("d", "np.zeros(2)")),
        "def e(x): x[0] = [0, 0, 0]",
        ("e", "x = [[1], 2]\ne(x)\nassert x == [[0, 0, 0], 2]"),
        "def g(rng): return rng.normal()",
        ("g", "import numpy as np\nr = np.random.default_rng(1)\nassert g(r) != g(r)"),
    )
    # e: only checks.unchanged sees it, or a function could change what a test compares with
    assert shares(result) == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 0, "g": 1}


def test_do_tests_use_the_function_that_is_there_when_they_run() -> None:
    result = run(
        "def f(): return 1",
        ("f", "assert f() == 1"),
        "def f(): return 2\ndef g(): return f()",
        ("g", "assert g() == 2"),
    )
    assert shares(result) == {"f": 1, "g": 1}


@pytest.mark.parametrize(
    "source", ["pass", "def f(:", "f = 3", "def f(): raise NotImplementedError"]
)
def test_does_a_function_that_is_not_there_give_a_clear_line(source: str) -> None:
    result = run(source, ("f", "f()"))
    message = result.results["f"].message
    assert result.results["f"].share == 0
    expected = {"f = 3": "not callable", "pass": "no function named f"}
    expected["def f(:"] = expected["pass"]
    assert expected.get(source, "Not started") in message


def test_does_nothing_that_a_submission_patches_reach_the_tests() -> None:
    result = run(
        ("setup", "import numpy as np\nfrom rnncourse import checks"),
        """
        import builtins, sys
        np.isclose = np.allclose = lambda *a, **k: True
        checks.close = checks.equal = lambda *a, **k: None
        builtins.AssertionError = type("A", (Exception,), {})
        builtins.abs = builtins.print = lambda *a: 0
        sys.settrace(lambda *a: None)
        def f(x): return 3
        """,
        ("f", "checks.close(f(1.0), 2.0)"),
    )
    assert shares(result) == {"f": 0}


def test_is_a_set_up_that_fails_not_the_students_fault() -> None:
    result = run(("setup", "1 / 0"), "1")
    assert result.ended == "not started"
    assert "set-up" in result.message


def test_is_a_hidden_test_nowhere_in_the_memory_of_the_students_process() -> None:
    mark = "hidden-" + os.urandom(8).hex()
    search = """
        def found(word):
            import gc, re, sys
            places = []
            for line in open("/proc/self/maps"):
                start, end = (int(n, 16) for n in line.split()[0].split("-"))
                if line.split()[1].startswith("r") and "[v" not in line:
                    with open("/proc/self/mem", "rb", 0) as memory:
                        memory.seek(start)
                        try:
                            if word in memory.read(end - start): places.append(line)
                        except OSError:
                            pass
            return places
        def f(x): return len(found(b"".join([b"hid", b"den-"]))), len(found(b"pl" + b"anted"))
        planted = "plan" + "ted"
        """
    test = f"# {mark}\nassert f(1) == ({mark!r}, 1)"
    known = {"f": Known(f"def f(x): return {mark!r}", ((mark, f"def f(x): return {mark!r} * 2"),))}
    after = "print(found(b'hid' + b'den-'), len(found(b'plan' + b'ted')) > 0)"
    result = run(search, ("f", test), after, ("f", test), after, known=known)
    for number in (2, 4):
        assert printed(result, number).count("hidden") == 0
        assert "True" in printed(result, number)


def test_is_the_same_failure_described_alike_every_time() -> None:
    known = {"f": Known("def f(x): return 2 * x", (("Is it doubled?", "def f(x): return x"),))}
    test = "import numpy as np\nx = np.random.default_rng().normal(size=3)\n"
    test += "assert (f(x) == 2 * x).all()"
    same = [run("def f(x): return 1 * x", ("f", test), known=known).results["f"] for _ in range(2)]
    assert {r.misconception for r in same} == {"Is it doubled?"}
    others = [
        run(f"def f(x): return {source}", ("f", test), known=known).results["f"].behaviour
        for source in ("x * 3", "3 * x", "x + x + x")
    ]
    assert others[0]
    assert len(set(others)) == 1


def test_are_random_numbers_new_in_every_run_and_on_both_sides() -> None:
    draw = "import random, numpy as np\ndef f(): return [random.random(), np.random.rand()]"
    see = "mine = f()\nimport random, numpy as np\n"
    see += "raise AssertionError(str(mine + [random.random(), np.random.rand()]))"
    drawn = [run(draw, ("f", see)).results["f"].message for _ in range(2)]
    assert len(set(" ".join(drawn).replace("[", "").replace("]", "").replace(",", "").split())) == 8


# limits


def test_is_a_cell_that_runs_too_long_interrupted_and_the_next_one_run() -> None:
    result = run("while True: pass", "41 + 1", "!sleep 20", "42", cell_seconds=1)
    assert [errors(result, n) for n in range(4)] == [["CellTimeoutError"], []] * 2
    assert result.cells[1].outputs[0]["data"] == {"text/plain": "42"}


def test_is_a_cell_out_of_time_named_where_the_error_is_never_shown() -> None:
    hidden = "get_ipython().showtraceback = lambda *args, **options: None\nwhile True: pass"
    result = run(hidden, "41 + 1", cell_seconds=1)
    assert [errors(result, n) for n in range(2)] == [["CellTimeoutError"], []]


def test_are_tests_that_run_too_long_interrupted_and_the_next_ones_run() -> None:
    result = run(
        "def f():\n    while True:\n        try:\n            while True: pass\n"
        "        except Exception: pass",
        ("f", "f()"),
        "def g(): return 1",
        ("g", "assert g() == 1"),
        cell_seconds=1,
    )
    assert shares(result) == {"f": 0, "g": 1}
    assert "loop without an end" in result.results["f"].message


def test_is_what_cannot_be_interrupted_killed_and_what_came_before_kept() -> None:
    loop = "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"
    result = run("def f(): return 1", ("f", "assert f() == 1"), "print(1)", loop, cell_seconds=1)
    assert (result.ended, result.cell, shares(result)) == ("killed", 3, {"f": 1})
    assert printed(result, 2) == "1\n"
    assert result.seconds < 15


def test_is_a_notebook_that_runs_too_long_killed() -> None:
    result = run("import time; time.sleep(60)", "1", notebook_seconds=1)
    assert result.ended == "killed" or errors(result, 0) == ["CellTimeoutError"]
    assert 1 not in result.cells
    assert result.seconds < 15


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import os; os._exit(3)", "exit code 3"),
        ("import os; os._exit(0)", "exit code 0"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os, time\nif os.fork(): os._exit(0)\ntime.sleep(60)", "exit code 0"),
    ],
)
def test_does_a_process_that_ends_leave_what_came_before(source: str, message: str) -> None:
    result = run("1", source, "2")
    assert (result.ended, result.cell, list(result.cells)) == ("died", 1, [0])
    assert message in result.message
    assert result.seconds < 15


def test_does_a_process_that_stops_and_shoots_around_itself_only_fail_itself() -> None:
    result = run(
        "import os, signal\nfor s in range(1, 32):\n    try: os.kill(-1, s)\n"
        "    except ProcessLookupError: pass",
        "def g(): return 1",
        ("g", "assert g() == 1"),
        cell_seconds=2,
    )
    assert result.ended in ("finished", "died", "killed")
    assert run("1").ended == "finished"


MEMORY = {
    "at once": "x = bytearray(1_000_000_000)",
    "slowly": "x = []\nwhile True: x.append(bytearray(10_000_000))",
    "by many": """
        import os, time
        for _ in range(20):
            if os.fork() == 0:
                x = bytearray(60_000_000)
                time.sleep(60)
        time.sleep(60)
        """,
    "with its first thread gone": """
        import ctypes, os, threading, time
        if os.fork() == 0:
            def fill():
                x = []
                while True: x.append(bytearray(1_000_000)); time.sleep(0.001)
            threading.Thread(target=fill).start()
            ctypes.CDLL(None).pthread_exit(None)
        time.sleep(60)
        """,
    "that may not be looked at": """
        import ctypes, os, time
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
        if os.fork() == 0:
            x = []
            while True: x.append(bytearray(1_000_000)); time.sleep(0.001)
        time.sleep(60)
        """,
    "in buffers of sockets": """
        import os, socket, time
        for _ in range(8):
            if os.fork() == 0:
                kept = []
                try:
                    while True:
                        kept.append(socket.socketpair())
                        for end in kept[-1]:
                            end.setblocking(False)
                            try:
                                while True: end.send(bytes(30_000))
                            except BlockingIOError: pass
                except OSError: pass
                time.sleep(60)
        time.sleep(60)
        """,
}


@pytest.mark.parametrize("how", MEMORY)
def test_is_too_much_memory_however_taken_the_end_of_the_run(how: str) -> None:
    result = run("print(1)", MEMORY[how], memory_bytes=150 * MB, cell_seconds=10)
    assert (result.ended, list(result.cells)) == ("killed", [0])
    assert "150 MB of memory" in result.message
    assert result.memory_bytes > 150 * MB
    assert result.seconds < 12


UNCOUNTED = {
    "a file in memory": "os.memfd_create('x')",
    "shared memory": "mmap.mmap(-1, 4096)",
    "shared memory of zeros": "mmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)",
    "a System V segment": "check(libc.shmget(0, 4096, 0o1600))",
    "semaphores": "check(libc.semget(0, 32000, 0o1600))",
    "messages": "check(libc.msgget(0, 0o1600))",
    "pages in pipes": "check(libc.vmsplice(os.pipe()[1], b'x' * 16, 1, 0))",
    "wide sockets": "socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, 7, 9 << 20)",
    "sessions, each with its share of the processors": "os.setsid()",
}


@pytest.mark.parametrize("what", UNCOUNTED)
def test_is_what_nobody_counts_refused(what: str) -> None:
    source = f"""
        import ctypes, mmap, os, socket
        libc = ctypes.CDLL(None, use_errno=True)
        def check(result):
            if result < 0: raise OSError(ctypes.get_errno(), "refused")
        {UNCOUNTED[what]}
        """
    assert errors(run(source), 0) in (["PermissionError"], ["OSError"])


def test_are_disk_processes_threads_and_files_bounded() -> None:
    result = run(
        "with open('x', 'wb') as f:\n    for _ in range(100): f.write(bytes(1_000_000))",
        "import os\nos.remove('x')\nfor n in range(30_000): open(f'f{n}', 'w').close()",
        """
        import os, time
        for _ in range(100):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        """,
        """
        import threading, time
        for _ in range(100): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
        """,
        "kept = [open('/dev/null') for _ in range(100)]",
        "kept = []\nprint('still here')",
        disk_bytes=20 * MB,
        processes=40,
        open_files=64,
    )
    assert result.ended == "finished"
    names = [errors(result, n) for n in range(6)]
    assert names == [
        ["OSError"],
        ["OSError"],
        ["BlockingIOError"],
        ["RuntimeError"],
        ["OSError"],
        [],
    ]


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("def f(): return 10 ** 12", "sum(range(f()))"),
        ("def f(): return 10 ** 10", "list(range(f()))"),
        ("def f(): return [complex(-1000003 * k, k) for k in range(150_000)]", "set(f())"),
    ],
    ids=["sum", "list", "hashes"],
)
def test_can_no_value_keep_the_judge_busy_for_ever(source: str, test: str) -> None:
    result = run(
        "def g(): return 1",
        ("g", "assert g() == 1"),
        source,
        ("f", f"assert {test} == 0"),
        cell_seconds=1,
        notebook_seconds=60,
        memory_bytes=300 * MB,
    )
    assert shares(result).get("f", 0) == 0
    assert result.results["g"].share == 1
    assert result.seconds < 75  # of waiting; it is 15 s of work


PROTOCOL = """
import gc, os, struct, time, msgpack
from rnncourse.grading.engine import wire
channel = next(o for o in gc.get_objects() if isinstance(o, wire.Channel))
sock = channel._sock
def send(message):
    body = msgpack.packb(message)
    sock.sendall(struct.pack(">Q", len(body)) + body)
"""


@pytest.mark.parametrize(
    "source",
    [
        "sock.sendall(struct.pack('>Q', 1000) + b'abc'); time.sleep(60)",
        "sock.sendall(struct.pack('>Q', 2 << 30)); time.sleep(60)",
        "sock.close(); time.sleep(60)",
        "while True: send({'callback': 0, 'args': [], 'names': []})",
        "send({}); send({'value': 1}); send({'tests': 'g', 'result': {'share': 1.0}})",
        "send({'outputs': 7}); send({'error': 7}); send({'error': [['kind', {}]]})",
        "send({'outputs': [{'output_type': 'stream', 'text': eval('[' * 90 + ']' * 90)}] * 9})",
        "sock.sendall(struct.pack('>Q', 30_000_000) + b'\\x81\\xa1a\\x99' + b'\\x80' * 30_000_000)",
        "if os.fork() == 0: time.sleep(60)\nos._exit(0)",
        "os.kill(os.getpid(), 19); os.close(sock.fileno()); time.sleep(60)",
    ],
    ids=range(10),
)
def test_does_a_broken_line_to_the_judge_give_nothing_and_hurt_nobody(source: str) -> None:
    wrong = "def g(): return 2"
    result = run(
        wrong, PROTOCOL + source, ("g", "assert g() == [1]"), cell_seconds=2, value_bytes=10 * MB
    )
    assert result.ended in ("finished", "died", "killed")
    assert shares(result).get("g", 0) == 0
    assert result.seconds < 15


# many runs, and their end


def test_do_many_runs_at_a_time_not_mix() -> None:
    def one(number: int) -> tuple[str, dict[str, float]]:
        result = run(
            f"print({number})",
            f"def f(): return {number}",
            ("f", f"assert f() == {number}"),
            files=(("n", b"%d" % number),),
        )
        return printed(result, 0), shares(result)

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(one, range(20)))
    assert came == [(f"{number}\n", {"f": 1.0}) for number in range(20)]


def open_now() -> tuple[int, int]:
    return len(os.listdir("/proc/self/fd")), threading.active_count()


def below() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def gone(is_so: Callable[[], Any], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_do_a_hundred_runs_leave_nothing_open_and_nothing_behind(
    tmp_path: Path, monkeypatch: Any
) -> None:
    stop()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run("1")
    before, processes = open_now(), len(below())
    for number in range(50):
        with ThreadPoolExecutor(2) as pool:
            sources = [f"{number}", "import os; os._exit(1)"]
            list(pool.map(lambda source: run(source, ("f", "f()")), sources))
    assert open_now() == before
    assert gone(lambda: len(below()) <= processes)
    stop()
    assert list(tmp_path.iterdir()) == []


def test_does_stop_end_a_run_at_once_and_leave_no_process() -> None:
    stop()
    before = len(below())
    results = []

    def work() -> None:
        results.append(
            run("import os, time\nfor _ in range(3): os.fork()\nwhile True: time.sleep(1)")
        )

    thread = threading.Thread(target=work)
    with suppress(KeyboardInterrupt), runs_end_here():
        thread.start()
        assert gone(lambda: len(below()) > before + 8, 30)
        started = time.monotonic()
        raise KeyboardInterrupt
    thread.join(timeout=10)
    assert time.monotonic() - started < 5
    assert results[0].ended != "finished"
    assert gone(lambda: len(below()) == before)
    assert run("1").ended == "finished"


def test_does_nothing_outlive_a_worker_that_is_killed() -> None:
    source = (
        "from rnncourse.grading.running import run_notebook\n"
        "from rnncourse.grading.task import Code, Limits, Task\n"
        "cell = 'import os, time\\nfor _ in range(3): os.fork()\\nwhile True: time.sleep(1)'\n"
        "run_notebook(Task((Code(0, cell, 'student'),)), Limits())\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", source])
    mine = psutil.Process(worker.pid)
    assert gone(lambda: len(mine.children(recursive=True)) >= 10, 30)
    left = mine.children(recursive=True)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    alive = psutil.wait_procs(left, timeout=5)[1]
    assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []


def test_is_a_warm_process_that_died_replaced() -> None:
    run("1")
    for process in below():
        with suppress(psutil.NoSuchProcess):
            process.kill()
    again = [run("1"), run("1")]
    assert again[-1].ended == "finished"


def test_does_a_run_without_a_sandbox_say_so_and_work() -> None:
    task = Task((Code(0, "def f(): return 1", "student"), Code(1, "assert f() == 1", "tests", "f")))
    result = run_notebook(task, Limits(), sandbox=False)
    assert (result.ended, result.sandbox, shares(result)) == ("finished", "none", {"f": 1})
    assert run("1").sandbox == "bubblewrap"


def test_does_importing_the_package_leave_nbgrader_alone() -> None:
    code = (
        "import sys, rnncourse.grading\n"
        "slow = {'nbgrader', 'nbformat', 'sqlalchemy', 'nbconvert'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)
