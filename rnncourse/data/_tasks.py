"""Tasks made to ask one question of a network: does it remember, does it look ahead?"""

from __future__ import annotations

import numpy as np


def adding_problem(
    samples: int, time: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences of numbers of which two are marked; the target is the sum of these two.

    Data card
    ---------
    What: feature 0 is uniform on [0, 1); feature 1 is 1 at two time steps, one in each half of
    the sequence, and 0 elsewhere. No unit. Whoever always answers 1, the mean, has a mean
    squared error of 1/6, the variance of the sum of two uniform numbers.
    How made: drawn at random. Size: as asked. Licence: none needed.
    Source: the adding problem of S. Hochreiter and J. Schmidhuber, "Long short-term memory",
    Neural Computation 9 (1997), 1735-1780, with uniform numbers and a fixed length.

    Parameters
    ----------
    samples
        How many sequences.
    time
        Time steps of each, two or more.
    rng
        Where the random numbers come from.

    Returns
    -------
    x
        Numbers and marks, of shape ``(samples, time, 2)``, float32.
    y
        The sum of the two marked numbers, of shape ``(samples, 1)``, float32.

    Raises
    ------
    ValueError
        If there are fewer than two time steps.
    """
    if time < 2:
        raise ValueError(f"the adding problem marks two time steps, and there are {time}")
    numbers = rng.random((samples, time), dtype=np.float32)
    first = rng.integers(0, time // 2, samples)
    second = rng.integers(time // 2, time, samples)
    marks = np.zeros_like(numbers)
    row = np.arange(samples)
    marks[row, first] = marks[row, second] = 1.0
    x = np.stack([numbers, marks], axis=-1)  # (samples, time, 2)
    y = (numbers[row, first] + numbers[row, second])[:, None]  # (samples, 1)
    return x, y
