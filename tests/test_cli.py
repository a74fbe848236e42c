"""The command line: help with an example, one clear line for what a user got wrong."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_course import CHAPTER, write_small_course
from typer.main import get_command

from rnncourse.cli import app

COMMANDS = sorted(get_command(app).commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_does_the_help_of_a_command_show_an_example(command, rnncourse):
    done = rnncourse(command, "--help")
    assert done.returncode == 0
    assert f"Example: rnncourse {command}" in done.stdout


def test_does_the_help_list_every_command(rnncourse):
    listed = rnncourse("--help").stdout
    assert all(re.search(rf"\b{command}\b", listed) for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["verify", "lstn"], "no chapter is called 'lstn'; the chapters are: 01_sequences"),
        (["check", "nowhere.ipynb"], "nowhere.ipynb"),
        (["grade", "nowhere"], "is not a course directory"),
        (["release", "nowhere"], "no chapter is called 'nowhere'"),
        (["demo", "--students", "0"], "greater than or equal to 1"),
    ],
    ids=["verify", "check", "grade", "release", "demo"],
)
def test_does_a_mistake_cost_one_clear_line_and_no_traceback(
    arguments, expected, rnncourse, tmp_path
):
    if arguments[0] in ("grade", "release", "demo"):
        arguments = [*arguments, "--course", tmp_path / "course"]
    done = rnncourse(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_does_a_command_outside_a_checkout_say_where_to_go(rnncourse, tmp_path):
    done = rnncourse("verify", cwd=tmp_path)
    assert done.returncode == 2
    assert "not inside a checkout of the course; change to the folder" in done.stderr


def test_are_faults_of_sources_shown_a_line_each(rnncourse, tmp_path):
    chapter = CHAPTER.replace(":points: 2", ":points: 0").replace(":points: 3", ":points: x")
    root = write_small_course(tmp_path, chapter)
    done = rnncourse("verify", cwd=root)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    for line in done.stderr.splitlines():
        assert re.fullmatch(r"chapters/01_doubling\.md:\d+: points are .+; .+", line)


def test_is_the_package_light_to_import():
    code = "import sys; from rnncourse import checks, data, plots, quiz; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"tensorflow", "keras", "matplotlib", "nbgrader", "pandas", "statsmodels", "IPython"}
    assert heavy & set(done.stdout.split()) == set()


def test_does_importing_the_package_take_less_than_three_tenths_of_a_second():
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import rnncourse"], check=True)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.3


def test_does_ctrl_c_end_a_build_at_once_and_leave_no_kernel(tmp_path):
    chapter = CHAPTER.replace("import numpy as np", "import time; time.sleep(50)", 1)
    root = write_small_course(tmp_path, chapter.replace("np.array", "list"))
    program = str(Path(sys.executable).parent / "rnncourse")
    build = subprocess.Popen(
        [program, "site"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 40
    while not (kernels := _kernels_of(build.pid)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert kernels
    time.sleep(3)  # the kernel is busy with its first cell
    started = time.monotonic()
    build.send_signal(signal.SIGINT)
    _, errors = build.communicate(timeout=40)
    assert time.monotonic() - started < 10
    assert build.returncode == 130
    assert "stopped; run the same command again to continue" in errors
    assert "Traceback" not in errors
    assert not [kernel for kernel in kernels if Path(f"/proc/{kernel}").exists()]


def _kernels_of(parent):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            own_parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if own_parent == parent and b"ipykernel_launcher" in command:
            found.append(int(stat.parent.name))
    return found


def test_is_the_course_directory_the_checkouts_from_any_folder_inside(rnncourse, tmp_path):
    root = write_small_course(tmp_path)
    done = rnncourse("release", "doubling", cwd=root / "chapters")
    assert done.returncode == 0, done.stderr
    assert (root / "course" / "release" / "01_doubling" / "01_doubling.ipynb").is_file()
    assert not (root / "chapters" / "course").exists()
    done = rnncourse("grade", cwd=root / "chapters")
    assert done.returncode == 2
    assert "no submissions; put them at" in done.stderr
