"""Short films of a shape that moves in one of eight directions."""

from __future__ import annotations

import numpy as np

DIRECTIONS = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")
_STEPS = ((0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1))
_SHAPES = (
    ("11", "11"),
    ("010", "111", "010"),
    ("101", "010", "101"),
    ("111", "101", "111"),
)


def moving_shapes(
    samples: int,
    time: int,
    rng: np.random.Generator,
    size: int = 12,
    speed: float = 1,
    noise: float = 0.5,
) -> tuple[np.ndarray, np.ndarray]:
    """Make films of a small shape that moves in one of eight directions.

    Data card
    ---------
    What: grey frames. A square, a plus, a cross or a ring, two or three pixels wide and of
    brightness 1, starts anywhere and moves by ``speed`` pixels a frame along a row, a column
    or both. What leaves at one edge comes in at the opposite one, so that in each single frame
    every place is equally likely, whatever the direction: one frame says nothing about it, and
    neither do all frames in a random order say which way round. Normal noise is added.
    How made: drawn at random. Size: as asked. Licence: none needed.

    Parameters
    ----------
    samples
        How many films.
    time
        Frames of each.
    rng
        Where the random numbers come from.
    size
        Height and width of a frame, in pixels; four or more.
    speed
        Pixels a frame; positions are rounded down to whole pixels.
    noise
        Standard deviation of the noise, in units of the shape's brightness.

    Returns
    -------
    frames
        Of shape ``(samples, time, size, size, 1)``, float32.
    directions
        Which of `DIRECTIONS`, counted anti-clockwise from 0 (to the right), of shape
        ``(samples,)``.

    Raises
    ------
    ValueError
        If the frames are too small for the shapes.
    """
    if size < 4:
        raise ValueError(f"a frame of {size} pixels is too small: the shapes need 4")
    directions = rng.integers(0, 8, samples)
    starts = rng.integers(0, size, (samples, 1, 2))
    moved = np.floor(speed * np.arange(time)).astype(int)[None, :, None]  # (1, time, 1)
    corners = starts + moved * np.array(_STEPS)[directions][:, None]  # (samples, time, 2)
    frames = rng.normal(0, noise, (samples, time, size, size)).astype("float32")
    rows, columns = np.arange(samples)[:, None], np.arange(time)[None]
    kinds = rng.integers(0, len(_SHAPES), samples)
    for kind, shape in enumerate(_SHAPES):
        for i, line in enumerate(shape):
            for j, pixel in enumerate(line):
                if pixel == "1":
                    here = (kinds == kind).nonzero()[0]
                    y, x = (corners[here, :, axis] + (i, j)[axis] for axis in (0, 1))
                    frames[rows[here], columns, y % size, x % size] += 1
    return frames[..., None], directions
