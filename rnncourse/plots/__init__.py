"""The figures of the chapters, each one call that returns a matplotlib ``Figure``.

A figure reads well at 375 px: it is five inches wide with eleven-point labels, and its
lines differ in style as well as in colour. Colours are Okabe and Ito's palette, which
colour-blind readers can tell apart (Color Universal Design, 2008).

Each module holds the figures of one topic; a chapter imports this face alone:
``from rnncourse import plots``.
"""

from rnncourse.plots._drawing import PALETTE
from rnncourse.plots._rnn_cell import (
    impulse_response,
    scores_and_probabilities,
    tanh_curve,
    two_beginnings,
    unrolling_animation,
)
from rnncourse.plots._sequences import (
    batch_shape,
    forecasts,
    lag_scatter,
    sequence_patterns,
    series_and_shuffle,
    sliding_windows,
    splits,
    step_weights,
)

__all__ = [
    "PALETTE",
    "batch_shape",
    "forecasts",
    "impulse_response",
    "lag_scatter",
    "scores_and_probabilities",
    "sequence_patterns",
    "series_and_shuffle",
    "sliding_windows",
    "splits",
    "step_weights",
    "tanh_curve",
    "two_beginnings",
    "unrolling_animation",
]
