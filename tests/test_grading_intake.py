"""What lies in the folder that a student handed in, and what of it is read."""

import os
import shutil
import socket
import stat
import unicodedata
from pathlib import Path

import nbformat
import pytest
from grading_class import ASSIGNMENT, RIGHT, notebook_of, prepared_directory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnncourse.grading import intake as module
from rnncourse.grading.intake import intake, name_fault
from rnncourse.grading.sanitise import Refusal, released_cells

pytestmark = pytest.mark.xdist_group("grading")

NAME = f"{ASSIGNMENT}.ipynb"
RUNS_AS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return prepared_directory(tmp_path_factory)


@pytest.fixture(scope="module")
def grade_ids(directory):
    return set(released_cells(directory / "source" / ASSIGNMENT / NAME))


@pytest.fixture(scope="module")
def content(directory):
    return nbformat.writes(notebook_of(directory, RIGHT)).encode()


@pytest.fixture
def folder(tmp_path, content):
    """A student's folder with the notebook in it."""
    folder = tmp_path / "submitted" / "anna" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(content)
    return folder


@pytest.fixture
def take(grade_ids):
    return lambda folder: intake(folder, ASSIGNMENT, grade_ids)


@pytest.fixture
def refusal(take):
    """The verdict on a folder that is refused; always one printable line with a mend."""

    def refused(folder):
        before = snapshot(folder)
        with pytest.raises(Refusal) as caught:
            take(folder)
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 400
        assert ";" in str(caught.value)
        assert str(folder.parent) not in str(caught.value)
        assert snapshot(folder) == before
        return str(caught.value)

    return refused


def snapshot(folder):
    return sorted(
        (os.fsencode(path), path.lstat().st_mode, path.lstat().st_mtime_ns, path.lstat().st_size)
        for path in folder.rglob("*")
    )


def test_is_an_honest_submission_taken_as_it_is(folder, take, content):
    (folder / "timestamp.txt").write_text("2026-03-01 10:00:00.000000 UTC")
    (folder / "data").mkdir()
    (folder / "data" / "résumé.csv").write_text("1,2\n")
    (folder / "helpers.py").write_text("x = 1\n")
    before = snapshot(folder)
    taken = take(folder)
    assert (taken.name, taken.notebook) == (NAME, content)
    assert taken.files == (("data/résumé.csv", b"1,2\n"), ("helpers.py", b"x = 1\n"))
    assert taken.timestamp == "2026-03-01 10:00:00.000000 UTC"
    assert (taken.notes, taken.flags) == ((), ())
    assert snapshot(folder) == before


def test_is_what_systems_leave_behind_not_worth_a_word(folder, take):
    for name in (".DS_Store", "._x.csv", "Thumbs.db", "notes.txt~", ".gitignore"):
        (folder / name).write_bytes(b"\0")
    for name in ("__pycache__", ".ipynb_checkpoints", "__MACOSX", ".git"):
        (folder / name).mkdir()
        (folder / name / NAME).write_bytes(b"old")
        (folder / name / "link").symlink_to("/etc/passwd")
    taken = take(folder)
    assert (taken.files, taken.notes, taken.flags) == ((), (), ())


def test_is_the_digest_that_of_the_content(folder, take, tmp_path):
    first = take(folder).digest
    assert take(folder).digest == first
    copy = tmp_path / "elsewhere" / "bert" / ASSIGNMENT
    shutil.copytree(folder, copy)
    assert take(copy).digest == first
    (copy / ".DS_Store").write_bytes(b"x")
    assert take(copy).digest == first
    for name in ("timestamp.txt", "a.csv", "b.ipynb"):
        (copy / name).write_text("2026-03-01 10:00:00 UTC")
        before, first = first, take(copy).digest
        assert first != before
    (copy / "a.csv").write_text("other")
    assert take(copy).digest != first
    first = take(copy).digest
    (copy / "a.csv").rename(copy / "c.csv")
    assert take(copy).digest != first


# links and what is no file


@pytest.mark.parametrize("target", ["/etc/passwd", NAME, "nowhere", "..", "/proc/self/mem"])
@pytest.mark.parametrize("name", [NAME, "data.csv", "__pycache__", "deep/data.csv", "x.ipynb"])
def test_is_a_link_refused(folder, refusal, name, target):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    assert refusal(folder) == f"{name} is a link, not a file; put the file itself there"


@pytest.mark.parametrize("level", [0, 1])
def test_is_a_folder_refused_that_is_a_link_or_lies_in_one(folder, take, tmp_path, level):
    linked = folder if level == 0 else folder.parent
    linked.rename(tmp_path / "classmate")
    linked.symlink_to(tmp_path / "classmate")
    with pytest.raises(Refusal, match=f"^the folder {linked.name} is a link; put the folder"):
        take(folder)


def test_may_the_folder_of_all_submissions_be_a_link(folder, take, tmp_path):
    (tmp_path / "submitted").rename(tmp_path / "disk")
    (tmp_path / "submitted").symlink_to(tmp_path / "disk")
    assert take(folder).name == NAME


def test_is_a_file_in_place_of_the_folder_refused(folder, take, content):
    shutil.rmtree(folder)
    folder.write_bytes(content)
    with pytest.raises(Refusal, match="is not a folder; put the notebook into one"):
        take(folder)


def test_is_a_folder_that_is_gone_a_verdict(folder, take):
    shutil.rmtree(folder)
    with pytest.raises(Refusal, match="cannot be read"):
        take(folder)


def test_is_a_pipe_refused_without_waiting_for_it(folder, refusal):
    os.mkfifo(folder / "pipe")
    assert refusal(folder) == "pipe is no file but a pipe; remove it"
    (folder / NAME).unlink()
    os.mkfifo(folder / NAME)
    assert "is no file but a pipe" in refusal(folder)


def test_is_a_socket_refused(folder, refusal, monkeypatch):
    monkeypatch.chdir(folder)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert refusal(folder) == "s is no file but a socket; remove it"


@pytest.mark.skipif(not RUNS_AS_ROOT, reason="only root makes devices")
def test_is_a_device_refused(folder, refusal):
    try:
        os.mknod(folder / "zero", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("no devices can be made here")
    assert refusal(folder) == "zero is no file but a device; remove it"


@pytest.mark.skipif(RUNS_AS_ROOT, reason="root reads everything")
@pytest.mark.parametrize("name", ["data.csv", "folder"])
def test_is_what_cannot_be_read_refused(folder, refusal, name):
    path = folder / name
    path.mkdir() if name == "folder" else path.write_text("x")
    path.chmod(0)
    assert "cannot be read (Permission denied); mend its permissions" in refusal(folder)
    path.chmod(0o700)


def test_is_the_folder_as_a_file_of_the_same_name_refused(folder, refusal):
    (folder / NAME).unlink()
    (folder / NAME).mkdir()
    assert "is missing" in refusal(folder)


def test_does_a_classmates_link_to_my_file_not_cost_me_my_mark(folder, take, tmp_path, content):
    os.link(folder / NAME, tmp_path / "stolen.ipynb")
    taken = take(folder)
    assert taken.notebook == content
    assert taken.flags == (f"{NAME} has a second name elsewhere (a hard link): whose file is it?",)


@pytest.mark.skipif(not RUNS_AS_ROOT, reason="only root gives files away")
def test_is_a_hard_link_to_another_users_file_refused(folder, refusal, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("marks")
    os.chown(secret, 12345, -1)
    os.link(secret, folder / "data.csv")
    assert refusal(folder).startswith("data.csv is a hard link to another user's file; ")


def test_is_a_file_that_turns_into_a_link_meanwhile_not_followed(folder, refusal, monkeypatch):
    (folder / "data.csv").write_text("x")
    look = os.stat

    def exchange(name, **options):
        status = look(name, **options)
        if name == "data.csv":
            os.unlink(folder / name)
            os.symlink("/etc/passwd", folder / name)
        return status

    monkeypatch.setattr(module.os, "stat", exchange)
    with pytest.raises(Refusal, match=r"data\.csv cannot be read"):
        intake(folder, ASSIGNMENT, ())


def test_is_a_growing_file_not_read_for_ever(folder, refusal, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 20_000)
    (folder / NAME).write_bytes(b"")
    (folder / "grows").write_text("x")
    real = os.read
    monkeypatch.setattr(module.os, "read", lambda fd, n: real(fd, n) and b"x" * n)
    with pytest.raises(Refusal, match="larger than"):
        intake(folder, ASSIGNMENT, ())


# sizes and numbers


def test_is_a_file_too_large_refused(folder, refusal):
    with (folder / "weights.h5").open("wb") as file:
        file.truncate(100_000_001)  # takes no disk
    assert refusal(folder).startswith("weights.h5 is larger than 100 MB; ")


def test_are_files_that_are_too_large_together_refused(folder, refusal, monkeypatch):
    monkeypatch.setattr(module, "MAX_TOTAL_BYTES", 50_000)
    for number in range(6):
        (folder / f"{number}.bin").write_bytes(b"x" * 10_000)
    assert "larger than 0 MB together" in refusal(folder)


@pytest.mark.parametrize("spread", [1, 5])
def test_are_too_many_files_refused(folder, refusal, spread):
    for number in range(spread):
        (folder / f"part{number}").mkdir()
        for n in range(1000 // spread):
            (folder / f"part{number}" / f"{n}.txt").touch()
    assert "more than 200 files; ask for the notebook alone" in refusal(folder)


def test_are_folders_too_deep_refused(folder, refusal):
    path = folder
    for _ in range(300):
        path = path / "d"
        path.mkdir()
    assert "more than 8 folders deep" in refusal(folder)


# names


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("a\nb.csv", "a control character"),
        ("a\x1b[31m.csv", "a control character"),
        ("a\x7f", "a control character"),
        ("a\u2028b", "a control character"),
        ("gpj.\u202eexe.csv", "an invisible character"),
        ("a\u200bb", "an invisible character"),
        ("\ufeffa", "an invisible character"),
        ("a\udcff.csv", "not UTF-8"),
        ("-rf", "like an option"),
        ("~root", "like a home folder"),
        ("..\\..\\x", "a backslash"),
        ("CON.txt", "for a device"),
        ("com1", "for a device"),
        ("x ", "a space"),
        ("x.", "a dot"),
        ("é" * 120, "longer than 200 bytes"),
    ],
)
def test_is_an_odd_name_refused(folder, refusal, name, fault):
    (folder / name).write_text("x")
    verdict = refusal(folder)
    assert fault in verdict
    assert verdict.endswith("; rename it")
    assert fault in (name_fault(name) or "")


@pytest.mark.parametrize(
    "name",
    [
        "résumé.csv",
        "データ.csv",
        "bild 1.png",
        "x-1_(2).csv",
        "a'b\"c.txt",
        "10:30.png",
        "👩‍🔬.txt",
    ],
)
def test_is_an_honest_name_taken(folder, take, name):
    (folder / name).write_text("x")
    assert take(folder).files == ((name, b"x"),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("data.csv", "Data.CSV"),
        ("é.txt", unicodedata.normalize("NFD", "é.txt")),
        ("Data/a", "data/b"),
        (NAME, NAME.upper()),
        ("straße", "STRASSE"),
    ],
)
def test_are_names_refused_that_are_one_elsewhere(folder, refusal, one, other):
    for name in (one, other):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    assert "are one name on other computers; rename one of them" in refusal(folder)


# which notebook


@pytest.mark.parametrize(
    "name",
    [
        f"{ASSIGNMENT} (1).ipynb",
        f"{ASSIGNMENT}-Copy1.ipynb",
        f"{ASSIGNMENT.upper()}.ipynb",
        f"{ASSIGNMENT}.IPYNB",
        "anna.ipynb",
        f"{ASSIGNMENT}/{NAME}",
    ],
)
def test_is_a_renamed_notebook_taken(folder, take, content, name):
    (folder / NAME).unlink()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    (folder / "notes.ipynb").write_text('{"nbformat": 4, "cells": []}')
    taken = take(folder)
    assert (taken.name, taken.notebook) == (name, content)
    assert taken.notes == (f"{name} was taken for {NAME}: it has the same exercises",)


def test_do_the_files_beside_a_notebook_in_a_folder_stay_beside_it(folder, take, content):
    inner = folder / "my work"
    inner.mkdir()
    (folder / NAME).rename(inner / NAME)
    (inner / "data.csv").write_text("1")
    (inner / "numpy.py").write_text("1")
    (folder / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC")
    (folder / "outside.csv").write_text("2")
    taken = take(folder)
    assert taken.files == (("data.csv", b"1"),)
    assert taken.timestamp
    assert "outside.csv" in taken.notes[1]
    assert "numpy.py" in taken.flags[0]


def test_is_there_no_guess_between_two_notebooks(folder, refusal, take, content):
    (folder / NAME).rename(folder / "a.ipynb")
    (folder / "b.ipynb").write_bytes(content)
    assert take(folder).name == "a.ipynb"  # the same twice is no choice
    (folder / "b.ipynb").write_bytes(content + b"\n")
    assert "several could be meant (a.ipynb, b.ipynb)" in refusal(folder)


@pytest.mark.parametrize("other", [b"", b"[", b'{"nbformat": 4, "cells": []}'])
def test_is_a_notebook_of_something_else_not_taken(folder, refusal, other):
    (folder / NAME).unlink()
    (folder / "other.ipynb").write_bytes(other)
    assert refusal(folder) == f"{NAME} is missing (there is other.ipynb); rename or ask for it"


def test_is_an_empty_folder_a_verdict(folder, refusal):
    (folder / NAME).unlink()
    assert refusal(folder) == f"{NAME} is missing (there is no notebook); rename or ask for it"


def test_are_other_notebooks_left_out_and_told(folder, take, content):
    (folder / f"{ASSIGNMENT}-Copy1.ipynb").write_bytes(b"x")
    taken = take(folder)
    assert taken.notebook == content
    assert taken.files == ()
    assert taken.notes == (f"only {NAME} was graded; beside it lies {ASSIGNMENT}-Copy1.ipynb",)


# what must not lie beside the notebook


@pytest.mark.parametrize(
    "name",
    [
        "numpy.py",
        "numpy/__init__.py",
        "numpy.cpython-311-x86_64-linux-gnu.so",
        "random.pyc",
        "rnncourse/checks.py",
        "tensorflow.py",
        "inspect.py",
        "sitecustomize.py",
        "usercustomize.py",
        "conftest.py",
        "ipython_config.py",
        "ipython_kernel_config.json",
        "jupyter_server_config.py",
        "nbgrader_config.py",
        "kernel.json",
        "kernels/x/kernel.json",
        "matplotlibrc",
        "evil.pth",
        "lib/evil.so",
        ".env",
        ".keras/keras.json",
        ".ipython/profile_default/startup/x.py",
    ],
)
def test_is_what_python_would_pick_up_kept_out_and_flagged(folder, take, name):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("x")
    taken = take(folder)
    assert taken.files == ()
    assert len(taken.flags) == 1
    assert " was kept out of the run: it " in taken.flags[0]


@pytest.mark.parametrize(
    "name", ["helpers.py", "test.py", "utils.py", "html/page.css", "lib/numpy.py", "numpy.csv"]
)
def test_may_an_honest_file_lie_beside_the_notebook(folder, take, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    taken = take(folder)
    assert (taken.files, taken.flags) == (((name, b"x"),), ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "9" * 5000,
        "2026-13-45",
        "0001-01-01 00:00:00 +2359",
        "0001-01-01",
        "9999-12-31",
        "\0",
        "\xff",
    ],
)
def test_is_a_timestamp_that_nbgrader_cannot_read_left_out(folder, take, text):
    (folder / "timestamp.txt").write_bytes(text.encode("latin-1"))
    taken = take(folder)
    assert taken.timestamp is None
    assert taken.notes == ("timestamp.txt holds no time, so it counts as missing",)


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)
@given(
    names=st.lists(
        st.text(
            st.characters(blacklist_characters="\0/", codec="utf-8")
            | st.sampled_from("abcAé.-_~ \n\u202e\\"),
            min_size=1,
            max_size=12,
        ),
        max_size=4,
    ),
    content=st.binary(max_size=30),
)
def test_does_any_folder_give_an_intake_or_a_verdict(tmp_path_factory, grade_ids, names, content):
    folder = tmp_path_factory.mktemp("any") / "anna" / ASSIGNMENT
    folder.mkdir(parents=True)
    for name in names:
        if name not in (".", "..") and len(name.encode()) < 255:
            Path(folder, name).write_bytes(content)
    Path(folder, NAME).write_bytes(content)
    before = snapshot(folder)
    try:
        taken = intake(folder, ASSIGNMENT, grade_ids)
    except Refusal as refusal:
        verdict = str(refusal)
    else:
        verdict = taken.name
        assert all(name_fault(name) is None for name, _ in taken.files)
        assert all(line.isprintable() for line in (*taken.notes, *taken.flags))
    assert snapshot(folder) == before
    assert verdict.isprintable()
