"""The data sets of the chapters: generated, or bundled with a package that is installed anyway.

Nothing is downloaded. A generator that draws random numbers takes a ``numpy`` ``Generator``,
so that the same seed gives the same data.

Each module holds one kind of data; a chapter imports this face alone:
``from rnncourse import data``. A data set's docstring is its card: what it is, how it was
made, its size and its licence.
"""

from rnncourse.data._corpora import japanese_text, language_reference
from rnncourse.data._forecasting import (
    co2,
    demand,
    elnino,
    faulty_machine,
    random_walk,
    sunspots,
)
from rnncourse.data._images import digits
from rnncourse.data._melodies import MELODY_SCALE, melodies, ode_to_joy
from rnncourse.data._moving_shapes import DIRECTIONS, moving_shapes
from rnncourse.data._pairs import additions, dates, machine_logs, small_talk, verb_last
from rnncourse.data._reviews import imdb, reviews
from rnncourse.data._series import nile, noisy_sines, sine
from rnncourse.data._speech import (
    SPOKEN_FORMANTS,
    SPOKEN_PHONEMES,
    SPOKEN_RATE,
    spoken_syllables,
    spoken_words,
)
from rnncourse.data._t_maze import TMaze
from rnncourse.data._tasks import adding_problem, bracketed_text, local_maxima, padded_recall
from rnncourse.data._text import spelled_numbers

__all__ = [
    "DIRECTIONS",
    "MELODY_SCALE",
    "SPOKEN_FORMANTS",
    "SPOKEN_PHONEMES",
    "SPOKEN_RATE",
    "TMaze",
    "adding_problem",
    "additions",
    "bracketed_text",
    "co2",
    "dates",
    "demand",
    "digits",
    "elnino",
    "faulty_machine",
    "imdb",
    "japanese_text",
    "language_reference",
    "local_maxima",
    "machine_logs",
    "melodies",
    "moving_shapes",
    "nile",
    "noisy_sines",
    "ode_to_joy",
    "padded_recall",
    "random_walk",
    "reviews",
    "sine",
    "small_talk",
    "spelled_numbers",
    "spoken_syllables",
    "spoken_words",
    "sunspots",
    "verb_last",
]
