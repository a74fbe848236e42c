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


def padded_recall(
    samples: int, longest: int, rng: np.random.Generator, shortest: int = 5, symbols: int = 2
) -> tuple[list[np.ndarray], np.ndarray]:
    """Make sequences of different lengths; the question is which symbol came first.

    Data card
    ---------
    What: each step is a whole number from 1 to ``symbols``, drawn at random; 0 never occurs, so
    it is free for padding. The target is the first number, counted from 0. No unit. Whoever
    guesses is right once in ``symbols`` times.
    How made: drawn at random; every length from ``shortest`` to ``longest`` is as likely as
    any other. Size: as asked. Licence: none needed. Source: made for this course.

    Parameters
    ----------
    samples
        How many sequences.
    longest
        Time steps of the longest sequence that may come.
    rng
        Where the random numbers come from.
    shortest
        Time steps of the shortest sequence that may come, one or more.
    symbols
        How many symbols there are.

    Returns
    -------
    sequences
        A list of whole-number arrays, each of shape ``(time,)`` with a length of its own.
    y
        The first symbol less 1, of shape ``(samples,)``.

    Raises
    ------
    ValueError
        If ``shortest`` is below one or above ``longest``.
    """
    if not 1 <= shortest <= longest:
        raise ValueError(
            f"the lengths run from {shortest} to {longest}, expected 1 or more, in order"
        )
    lengths = rng.integers(shortest, longest, samples, endpoint=True)
    sequences = [rng.integers(1, symbols, length, endpoint=True) for length in lengths]
    return sequences, np.array([sequence[0] - 1 for sequence in sequences], dtype=int)


def local_maxima(
    samples: int, time: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences of numbers, each tagged: is it larger than both its neighbours?

    Data card
    ---------
    What: the numbers are uniform on [0, 1). No unit. The first and the last number lack a
    neighbour and are never tagged as a maximum. A third of the others are, because each of three
    numbers in a row is as likely as the others to be the largest: so whoever never tags is right
    at ``(2 * time + 2) / (3 * time)`` of the steps. Whoever may not look ahead is right at most at
    ``1 - (time - 2) / (8 * time)`` of them; chapter 8 derives it.
    How made: drawn at random. Size: as asked. Licence: none needed.

    Parameters
    ----------
    samples
        How many sequences.
    time
        Time steps of each, three or more.
    rng
        Where the random numbers come from.

    Returns
    -------
    x
        The numbers, of shape ``(samples, time, 1)``, float32.
    y
        1 at each local maximum and 0 elsewhere, of the same shape, float32.

    Raises
    ------
    ValueError
        If there are fewer than three time steps.
    """
    if time < 3:
        raise ValueError(f"a local maximum has two neighbours, and there are {time} time steps")
    x = rng.random((samples, time, 1), dtype=np.float32)
    y = np.zeros_like(x)
    y[:, 1:-1] = (x[:, 1:-1] > x[:, :-2]) & (x[:, 1:-1] > x[:, 2:])
    return x, y


_WORDS = "a cat dog sat ran on in the mat hat and saw red big old one two it is was he she"


def bracketed_text(
    samples: int, time: int, rng: np.random.Generator
) -> tuple[list[str], np.ndarray]:
    """Make lines of short words, some of them in brackets; the target says which steps are inside.

    Data card
    ---------
    What: lines of common English words in a random order. Four groups of one to three words in
    ten stand in round brackets, which are never nested. A line is cut at its last time step,
    within a word or a bracket if need be. The target of a character is 1 from an opening
    bracket up to the character before the closing one, and 0 elsewhere.
    How made: drawn at random. Size: as asked. Licence: none needed.

    Parameters
    ----------
    samples
        How many lines.
    time
        Characters of each.
    rng
        Where the random numbers come from.

    Returns
    -------
    texts
        The lines, each of ``time`` characters.
    inside
        1 inside brackets and 0 outside, of shape ``(samples, time)``.
    """
    texts = []
    for _ in range(samples):
        text = ""
        while len(text) < time:
            group = " ".join(rng.choice(_WORDS.split(), rng.integers(1, 4)))
            text += f"({group}) " if rng.random() < 0.4 else f"{group} "
        texts.append(text[:time])
    opened = np.array([[character == "(" for character in text] for text in texts], dtype=int)
    closed = np.array([[character == ")" for character in text] for text in texts], dtype=int)
    inside = np.cumsum(opened - closed, axis=1).astype(float)  # (samples, time)
    return texts, inside
