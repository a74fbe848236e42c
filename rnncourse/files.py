"""Files that a crash, a second run or an odd encoding does no harm to."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnncourse.errors import UserError


def read_text(path: Path) -> str:
    """Read a UTF-8 text file.

    Raises
    ------
    UserError
        If it cannot be read, or is not UTF-8: with the line of the first odd byte.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UserError(f"{path}:{line}: not UTF-8; save the file in that encoding") from None


def write_atomically(path: Path, content: str | bytes, mode: int = 0o666) -> bool:
    """Write a file through a temporary one beside it, making its folder if need be.

    Parameters
    ----------
    path, content
        What to write; text in UTF-8.
    mode
        Who may read and write the file, as for `os.open`: the umask is taken off.

    Returns
    -------
    False, with the file untouched, if it holds that content already.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


@contextmanager
def locked(path: Path, busy: UserError) -> Iterator[None]:
    """Hold a lock file; raise ``busy`` if another process holds it."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        yield


@contextmanager
def temporary_folder(path: Path) -> Iterator[Path]:
    """An empty folder for what is not finished yet, gone afterwards."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
