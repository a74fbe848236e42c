"""Data files that installed packages carry."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np


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


def statsmodels_table(name: str) -> np.ndarray:
    """Read one of the data sets of numbers that statsmodels carries.

    Parameters
    ----------
    name
        The data set's folder and file name, such as ``"nile"``.

    Returns
    -------
    Its rows without the header, of shape ``(rows, columns)``.

    Raises
    ------
    ModuleNotFoundError
        As in `bundled_file`.
    """
    path = bundled_file("statsmodels", f"datasets/{name}/{name}.csv")
    return np.loadtxt(path, delimiter=",", skiprows=1)
