"""The benchmark of grading runs, says what it must, and finds the same marks; not how fast."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from metering import ProcessorTime, measure  # noqa: E402
from scaling import MARKERS, Wish, plan, put_into  # noqa: E402

from rnncourse.errors import UserError  # noqa: E402

pytestmark = pytest.mark.xdist_group("benchmarks")

#: Burns a second of processor time in a process that nobody waits for.
_UNSEEN = """\
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if os.fork() == 0:
    held = bytearray(200_000_000)
    while time.process_time() < 1:
        pass
    os._exit(0)
try:
    os.wait()
except ChildProcessError:
    pass
"""


def benchmark(*arguments: object) -> str:
    command = [sys.executable, str(BENCHMARKS / "grading.py"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    path = tmp_path_factory.mktemp("benchmark") / "figures.json"
    benchmark("--quick", "--json", path)
    return path


def test_does_a_quick_run_find_the_same_marks_and_all_figures(figures):
    found = json.loads(figures.read_text())
    # of one student three exercises, of two eight or more
    assert found["marks_equal"] is True
    assert found["marks_compared"] >= 3 + 2 * 4
    for name in ("tensorflow", "numpy"):
        assert found[f"{name}_ratio"] == found[name]["ratio"]["median"] > 0
        for who in ("stock", "ours"):
            rates = found[name][who]
            assert 0 < rates["per_minute_low"] <= rates["per_minute"] <= rates["per_minute_high"]
            assert rates["seconds_per_submission"] == pytest.approx(60 / rates["per_minute"])
            assert rates["memory_mb"] > 50
            assert rates["cpu_seconds_per_submission"] > 0.1
        assert found[name]["core_seconds"] > 0
        assert found["cpu_seconds_per_submission"][name] > 0
    coordinator = found["coordinator"]
    assert found["coordinator_per_minute"] == coordinator["per_minute"] > 0
    assert coordinator["first_quarter_seconds"] > 0 < coordinator["last_quarter_seconds"]
    assert coordinator["memory_mb_at_the_end"] > 50
    assert coordinator["task_kb"] > 1
    assert found["machine"]["cores_used"] <= 2
    # nothing that names this machine
    assert str(ROOT) not in figures.read_text()


def test_does_the_page_take_the_tables_and_keep_the_rest(figures, tmp_path):
    page = tmp_path / "page.md"
    original = (ROOT / "how-grading-scales.md").read_text()
    page.write_text(original)
    said = benchmark("--read", figures, "--page", page, "--students", 5000, "--price", 1)
    text = page.read_text()
    assert "for 5,000 students" in text
    assert "for 5,000 students" in said
    for begin, end in MARKERS.values():
        before, _, rest = original.partition(begin)
        after = rest.partition(end)[2]
        assert before.rpartition(" -->")[2] in text
        assert after.partition("<!--")[0] in text
    benchmark("--read", figures, "--page", page, "--students", 5000, "--price", 1)
    assert page.read_text() == text


def test_is_a_page_without_markers_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Nothing\n")
    with pytest.raises(UserError, match="add them"):
        put_into(page, {"measured": "x"})
    assert page.read_text() == "# Nothing\n"


def test_does_the_plan_add_up():
    wish = Wish(students=100_000, hours=10, price=0.5)
    # 36 s each is a core-hour for a hundred; 50 a minute is 30,000 in ten hours
    found = plan(core_seconds=36.0, coordinator_per_minute=50.0, wish=wish)
    assert (found.core_hours, found.cores, found.coordinators) == (1000, 100, 4)
    assert found.cores_of_one == 30  # which do 50 a minute
    assert found.cost == 500


def test_is_the_processor_time_of_processes_counted_that_nobody_waits_for(tmp_path):
    processor = ProcessorTime()
    if processor.seconds() is None:
        pytest.skip("this machine does not let us count")
    measured = measure(processor, [sys.executable, "-c", _UNSEEN], tmp_path, submissions=1)
    assert 0.9 < measured.cpu_seconds < 1.6
    assert measured.memory_bytes > 200e6
    assert measured.seconds > 0.9
