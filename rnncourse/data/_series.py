"""Series of numbers, generated and measured."""

from __future__ import annotations

import numpy as np

from rnncourse.data._bundled import statsmodels_table


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


def noisy_sines(
    samples: int,
    time: int,
    rng: np.random.Generator,
    noise: float = 0.05,
    periods: tuple[tuple[float, float], ...] = ((10, 40),),
    amplitudes: tuple[float, ...] = (1.0,),
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Make series of sine waves with noise, and the value that follows each of them.

    Data card
    ---------
    What: every series is a sum of sine waves, each of a random period and phase, plus noise
    with a normal distribution. No unit. The noise of the target cannot be known before it
    comes: no forecast has a mean squared error below ``noise ** 2``, on average.
    How made: drawn at random, periods evenly from their range. Size: as asked. Licence: none
    needed.
    Source of the idea: the two waves with noise in chapter 15 of A. Geron, "Hands-On Machine
    Learning with Scikit-Learn, Keras, and TensorFlow", 2nd edition, O'Reilly (2019).

    Parameters
    ----------
    samples
        How many series.
    time
        Time steps of each, without the one to be forecast.
    rng
        Where the random numbers come from.
    noise
        Standard deviation of the noise.
    periods
        For each wave, the shortest and the longest period, in time steps.
    amplitudes
        For each wave, its height.

    Returns
    -------
    x
        The series, of shape ``(samples, time, 1)``, float32.
    y
        The value that follows, with its noise, of shape ``(samples, 1)``, float32.
    clean
        Series and following value without noise, of shape ``(samples, time + 1)``.
    period
        The period of each wave, of shape ``(samples, waves)``.

    Raises
    ------
    ValueError
        If there are not as many amplitudes as ranges of periods.
    """
    if len(periods) != len(amplitudes):
        raise ValueError(f"{len(periods)} ranges of periods and {len(amplitudes)} amplitudes")
    clean = np.zeros((samples, time + 1))
    drawn = []
    for (shortest, longest), amplitude in zip(periods, amplitudes, strict=True):
        period = rng.uniform(shortest, longest, (samples, 1))
        phase = rng.uniform(0, 1, (samples, 1))  # as a part of the period
        clean += amplitude * np.sin(2 * np.pi * (np.arange(time + 1) / period + phase))
        drawn.append(period)
    series = clean + noise * rng.normal(size=clean.shape)  # (samples, time + 1)
    x = series[:, :time, None].astype(np.float32)  # (samples, time, 1)
    y = series[:, time:].astype(np.float32)  # (samples, 1)
    return x, y, clean, np.concatenate(drawn, axis=1)


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
    years, flow = statsmodels_table("nile").T
    return years.astype(int), flow
