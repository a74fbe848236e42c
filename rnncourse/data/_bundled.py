"""Data files that installed packages carry."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def bundled_file(package: str, name: str) -> Path:
    """Find a package's data file without importing the package, which takes seconds.

    Parameters
    ----------
    package
        Its import name, such as ``"statsmodels"``.
    name
        The file's path inside it.

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed; the message says how to install it.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        install = {"sklearn": "scikit-learn"}.get(package, package)
        raise ModuleNotFoundError(
            f"the data file is part of {install}, which is missing: run %pip install {install}"
        )
    return Path(spec.origin).parent / name
