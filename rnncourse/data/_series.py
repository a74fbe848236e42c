"""Series of numbers, generated and measured."""

from __future__ import annotations

import numpy as np

from rnncourse.data._bundled import bundled_file


def sine(time: int, period: float = 20.0, phase: float = 0.0) -> np.ndarray:
    """Make a sine wave, the cleanest sequence there is: nothing in it is random.

    Data card
    ---------
    What: ``sin(2 pi (t + phase) / period)`` for ``t = 0, 1, ..., time - 1``. No unit.
    How made: computed. Size: as asked. Licence: none needed.

    Parameters
    ----------
    time
        How many time steps.
    period
        Time steps from one crest to the next.
    phase
        Time steps by which the wave is ahead of one that starts at zero and rises.

    Returns
    -------
    Values between -1 and 1, of shape ``(time,)``.
    """
    return np.sin(2 * np.pi * (np.arange(time) + phase) / period)


def nile() -> tuple[np.ndarray, np.ndarray]:
    """Load the yearly flow of the Nile at Aswan, 1871 to 1970.

    Data card
    ---------
    What: the volume of water that passed Aswan in a year, in 10^8 cubic metres.
    How made: measured; the level drops near 1898. Size: 100 years, none missing.
    Source: G. W. Cobb, "The problem of the Nile: conditional solution to a changepoint
    problem", Biometrika 65 (1978), 243-251; the copy bundled with statsmodels.
    Licence: public domain, as statsmodels states.

    Returns
    -------
    years
        1871, 1872, ..., 1970, of shape ``(time,)``.
    flow
        The flow in each of them, of shape ``(time,)``.

    Raises
    ------
    ModuleNotFoundError
        If statsmodels, which carries the file, is not installed.
    """
    years, flow = np.loadtxt(
        bundled_file("statsmodels", "datasets/nile/nile.csv"),
        delimiter=",",
        skiprows=1,
        unpack=True,
    )
    return years.astype(int), flow
