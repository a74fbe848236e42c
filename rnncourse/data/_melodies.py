"""Melodies: generated ones of a known form, and one old tune."""

from __future__ import annotations

from functools import cache

import numpy as np

MELODY_SCALE = (60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79)  # white keys from middle C
_CHORDS = ((0, 2, 4), (3, 5, 0), (4, 6, 1), (5, 0, 2))  # C, F, G and A minor, as degrees
# lengths of the notes of a motif, in eighths; a negative one is a rest
_RHYTHMS = ((1, 1, 1, 1), (2, 1, 1), (1, 1, 2), (2, 2), (3, 1), (4,), (2, 1, -1))
_RHYTHM_SHARES = (0.22, 0.2, 0.2, 0.16, 0.1, 0.06, 0.06)
_MOVES = {-2: 0.12, -1: 0.34, 0: 0.08, 1: 0.34, 2: 0.12}

Melody = list[tuple[int | None, int]]


def melodies(samples: int, form: str, rng: np.random.Generator) -> tuple[list[Melody], np.ndarray]:
    """Make melodies in C major whose motifs repeat by a form, such as ``"AABA"``.

    Data card
    ---------
    What: each letter of the form is a motif of four eighth notes, half a bar, made at random;
    the same letter is the same motif, note by note. A note is a pair: MIDI pitch (60 is middle
    C, ``None`` a rest) and duration in eighths. The first note of a motif belongs to one of
    four chords and lies near the G above middle C; the others move by a step or two on the
    white keys.
    How made: drawn at random, from the shares in this module. As these are known, so is the
    probability of each melody, and no predictor can have a smaller mean surprise than the
    maker. Size: as asked. Licence: none needed; original.

    Parameters
    ----------
    samples
        How many melodies.
    form
        A letter for each motif.
    rng
        Where the random numbers come from.

    Returns
    -------
    melodies
        A list of notes for each melody.
    surprise
        Minus the natural logarithm of each melody's probability, of shape ``(samples,)``.

    Raises
    ------
    ValueError
        If the form has no letter.
    """
    if not form:
        raise ValueError("a form needs a letter for each motif, such as 'AABA'")
    made, surprises = [], []
    for _ in range(samples):
        motifs: dict[str, Melody] = {}
        surprise = 0.0
        for letter in form:
            if letter not in motifs:
                motifs[letter], one = _motif(rng)
                surprise += one
        made.append([note for letter in form for note in motifs[letter]])
        surprises.append(surprise)
    return made, np.array(surprises)


def ode_to_joy() -> Melody:
    """Return the theme of the last movement of Beethoven's ninth symphony, in C major.

    Data card
    ---------
    What: 62 notes in sixteen bars of the form A-A'-B-A', as pairs of MIDI pitch and duration in
    eighths.
    How made: written down by hand, without the tie that brings the last A' in early. Size: one
    tune. Licence: public domain (Ludwig van Beethoven, 1824).
    """
    first = "E2 E2 F2 G2 G2 F2 E2 D2 C2 C2 D2 E2"
    half, close = "E3 D1 D4", "D3 C1 C4"
    middle = "D2 D2 E2 C2 D2 E1 F1 E2 C2 D2 E1 F1 E2 D2 C2 D2 g4"
    text = f"{first} {half} {first} {close} {middle} {first} {close}"
    pitches = {"g": 55, "C": 60, "D": 62, "E": 64, "F": 65, "G": 67}
    return [(pitches[note[0]], int(note[1])) for note in text.split()]


def _motif(rng: np.random.Generator) -> tuple[Melody, float]:
    """Make a motif; returns its notes and its surprise, whatever chord stands below it."""
    shares = _start_shares()
    number = rng.choice(len(_RHYTHMS), p=_RHYTHM_SHARES)
    surprise = -np.log(_RHYTHM_SHARES[number])
    notes: Melody = []
    for duration in _RHYTHMS[number]:
        if duration < 0:
            notes.append((None, -duration))
            continue
        degree = int(rng.choice(len(MELODY_SCALE), p=shares))
        surprise -= np.log(shares[degree])
        notes.append((MELODY_SCALE[degree], duration))
        shares = _move_shares(degree)
    return notes, float(surprise)


@cache
def _start_shares() -> np.ndarray:
    """Probability of each degree as the first of a motif, whatever chord stands below it."""
    return np.asarray(np.mean([_first_shares(chord) for chord in _CHORDS], axis=0))


def _first_shares(chord: tuple[int, ...]) -> np.ndarray:
    """Probability of each degree as the first of a motif: in the chord, and near G."""
    degrees = np.arange(len(MELODY_SCALE))
    shares = np.exp(-np.abs(degrees - 4) / 1.5) * np.isin(degrees % 7, chord)
    return np.asarray(shares / shares.sum())


@cache
def _move_shares(degree: int) -> np.ndarray:
    """Probability of each degree after another: a step or two away."""
    shares = np.zeros(len(MELODY_SCALE))
    for move, share in _MOVES.items():
        if 0 <= degree + move < len(MELODY_SCALE):
            shares[degree + move] = share
    return shares / shares.sum()
