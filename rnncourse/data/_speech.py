"""Toy speech: syllables said by a source-filter voice that is written in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

SPOKEN_RATE = 8000
SPOKEN_PHONEMES = "aeiouksm"
# first three formants of five vowels in Hz: means of 33 men, Peterson and Barney (1952)
SPOKEN_FORMANTS = {
    "a": (730.0, 1090.0, 2440.0),
    "e": (530.0, 1840.0, 2480.0),
    "i": (270.0, 2290.0, 3010.0),
    "o": (570.0, 840.0, 2410.0),
    "u": (300.0, 870.0, 2240.0),
}

_VOWELS = "aeiou"
_STEP = 64  # samples from one setting of the voice to the next: 8 ms
_SIZE = 4 * _STEP
_MURMUR = (250.0, 1100.0, 2200.0)
_BANDWIDTHS = (70.0, 100.0, 140.0, 250.0)
_LENGTH = {"k": 80.0, "s": 90.0, "m": 75.0}  # ms; a vowel lasts 120


def spoken_syllables(
    samples: int, rng: np.random.Generator, shortest: int = 2, longest: int = 4
) -> list[str]:
    """Draw made-up words of open syllables, such as ``"kimosa"``.

    Data card
    ---------
    What: each word has ``shortest`` to ``longest`` syllables; a syllable is a vowel
    (a, e, i, o, u), two times in three with a consonant (k, s, m) before it. No letter comes
    twice in a row. No unit.
    How made: drawn at random. Size: as asked. Licence: none needed.

    Parameters
    ----------
    samples
        How many words.
    rng
        Where the random numbers come from.
    shortest, longest
        Fewest and most syllables.

    Returns
    -------
    The words, each a string of letters; each letter is a phoneme of `spoken_words`.
    """
    words = []
    for syllables in rng.integers(shortest, longest, samples, endpoint=True):
        word = ""
        while sum(letter in _VOWELS for letter in word) < syllables:
            start = "ksm"[rng.integers(3)] if rng.random() < 2 / 3 else ""
            vowel = _VOWELS[rng.integers(5)]
            if start or not word.endswith(vowel):
                word += start + vowel
        words.append(word)
    return words


def spoken_words(
    words: Sequence[str],
    rng: np.random.Generator,
    pitch: Any = 120.0,
    tract: Any = 1.0,
    speed: Any = 1.0,
    swing: Any = 3.0,
    loudness: Any = 1.0,
    seconds: float = 0.96,
) -> tuple[np.ndarray, np.ndarray]:
    """Let a toy voice say words; returns the sounds, and what is said when.

    Data card
    ---------
    What: sound pressure, 8,000 values a second, no unit. A word is a string of the eight
    phonemes a, e, i, o, u, k, s, m. Vowels and m are pulses of the voice shaped by formants,
    s is hissing, k is a silence and a burst. It begins after 20 to 100 ms of silence, and
    silence follows to the end. Each phoneme's length varies by 25 %, its formants by 3 %.
    How made: pulses at the pitch, and white noise, filtered every 8 ms by resonances at the
    formants (the source-filter model). The vowels' formants are the means of 33 men in
    G. E. Peterson and H. L. Barney, "Control methods used in a study of the vowels", JASA 24
    (1952), 175-184. It is a toy: eight sounds, no stress, no accent, no room, no real
    speaker. What is learned from it says nothing about how well real speech is recognized.
    Size: as asked. Licence: none needed.

    Parameters
    ----------
    words
        What to say, strings of phonemes.
    rng
        Where the random numbers come from.
    pitch
        Mean pulses of the voice per second, in Hz. This and the next four are one number for
        all words, or one for each.
    tract
        What the formants are multiplied by: above 1 for a shorter vocal tract, as a child's.
    speed
        How fast it is said; 2 takes half the time.
    swing
        Semitones by which the pitch rises and falls in a word.
    loudness
        Root mean square of the sound while a word is said.
    seconds
        Length of each sound; a word that lasts longer is cut.

    Returns
    -------
    signals
        The sounds, of shape ``(words, time)``, float32.
    said
        The phoneme every 8 ms, as its place in ``SPOKEN_PHONEMES`` counted from 1, or 0 for
        silence; of shape ``(words, time / 64)``.

    Raises
    ------
    ValueError
        If a word is empty or holds something else than the eight phonemes.
    """
    wrong = [word for word in words if not word or set(word) - set(SPOKEN_PHONEMES)]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no word of the phonemes {SPOKEN_PHONEMES}")
    settings = np.stack(
        [np.broadcast_to(value, len(words)) for value in (pitch, tract, speed, swing, loudness)],
        axis=-1,
    ).astype(float)  # (words, 5)
    steps = round(seconds * SPOKEN_RATE / _STEP)
    signals = np.zeros((len(words), steps * _STEP), dtype=np.float32)
    said = np.zeros((len(words), steps), dtype=int)
    for start in range(0, len(words), 64):  # a part at a time, to save memory
        part = slice(start, start + 64)
        tracks, said[part] = _tracks(words[part], settings[part], steps, rng)
        signals[part] = _filtered(tracks, settings[part, 4], said[part] > 0, rng)
    return signals, said


def _tracks(
    words: Sequence[str], settings: np.ndarray, steps: int, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """How the voice is set every 8 ms: pitch, formants, and what sounds."""
    count = len(words)
    said = np.zeros((count, steps), dtype=int)
    formants = np.tile(np.array([500.0, 1500.0, 2500.0, 3500.0]), (count, steps, 1))
    gains = np.zeros((count, steps, 3))  # voice, hiss, burst
    height = np.zeros((count, steps))
    for row, (word, (_, tract, speed, _, _)) in enumerate(zip(words, settings, strict=True)):
        place = int(rng.integers(3, 13))
        begin = place
        for letter in word:
            lasts = _LENGTH.get(letter, 120.0) / speed * rng.uniform(0.75, 1.25) / 8
            end = min(place + max(3, round(lasts)), steps)
            said[row, place:end] = SPOKEN_PHONEMES.index(letter) + 1
            shape = SPOKEN_FORMANTS.get(letter, _MURMUR if letter == "m" else None)
            if shape:
                formants[row, place:end, :3] = np.array(shape) * rng.normal(1, 0.03, 3)
                gains[row, place:end, 0] = 0.4 if letter == "m" else 1.0
            elif letter == "s":
                gains[row, place:end, 1] = 1.0
            else:
                gains[row, max(place, end - 3) : end, 2] = 1.0
            if not shape and place > begin:
                formants[row, place:end] = formants[row, place - 1]
            place = end
        formants[row] *= tract
        whole = max(place - begin, 1)
        height[row] = np.sin(np.pi * np.clip((np.arange(steps) - begin) / whole, 0, 1) ** 0.7)
    pitch = settings[:, :1] * 2 ** (settings[:, 3:4] * (height - 0.5) / 12)
    return {
        "pitch": pitch,
        "formants": _smooth(formants, 5),
        "gains": _smooth(gains, 3),
    }, said


def _smooth(values: np.ndarray, width: int) -> np.ndarray:
    """A moving average along axis 1: a mouth does not jump."""
    edge = width // 2
    padded = np.pad(values, ((0, 0), (edge, edge), (0, 0)), mode="edge")
    moved = [padded[:, k : k + values.shape[1]] for k in range(width)]
    return np.mean(moved, axis=0)


def _filtered(
    tracks: dict[str, np.ndarray],
    loudness: np.ndarray,
    sounding: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Pulses and noise through resonances, short piece by short piece; overlapped and added."""
    pitch = np.repeat(tracks["pitch"], _STEP, axis=1)  # (words, time)
    turns = np.cumsum(pitch / SPOKEN_RATE, axis=1) + rng.random((len(pitch), 1))
    passed = np.diff(np.floor(turns), axis=1, prepend=0) > 0
    # a pulse falls between two samples: share it, so that the pitch is exact
    row, place = np.nonzero(passed)
    period = SPOKEN_RATE / pitch[row, place]
    late = turns[row, place] % 1 * period
    pulses = np.zeros(pitch.shape, dtype=np.float32)
    pulses[row, place] = (1 - late) * np.sqrt(period)
    inside = place > 0
    pulses[row[inside], place[inside] - 1] += (late * np.sqrt(period))[inside]
    noise = rng.standard_normal(pitch.shape, dtype=np.float32)

    hz = np.fft.rfftfreq(_SIZE, 1 / SPOKEN_RATE).astype(np.float32)
    tone = 1.0 / (1.0 + hz / 100.0)  # the voice is weaker the higher
    hissing = 0.25 * np.exp(-(((hz - 3400) / 600) ** 2))
    bursting = 0.6 * np.exp(-(((hz - 1800) / 400) ** 2))
    window = np.sin(np.pi * (np.arange(_SIZE) + 0.5) / _SIZE).astype(np.float32)

    gains = tracks["gains"].astype(np.float32)
    waves = np.zeros((*gains.shape[:2], _SIZE), dtype=np.float32)  # (words, steps, size)
    voiced, noisy = gains[..., 0] > 0, (gains[..., 1:] > 0).any(axis=-1)  # silence is left out
    damping = np.ones((np.count_nonzero(voiced), len(hz)), dtype=np.complex64)
    term = np.empty_like(damping)
    for number, width in enumerate(_BANDWIDTHS):
        centres = tracks["formants"][voiced][:, number, None].astype(np.float32)
        ratio = hz / centres
        term.real, term.imag = 1 - ratio**2, ratio * (width / centres)
        damping *= term
    spectra = np.fft.rfft(_pieces(pulses)[voiced] * window)
    waves[voiced] = np.fft.irfft(spectra * (tone * gains[voiced][:, :1] / damping), _SIZE)
    spectra = np.fft.rfft(_pieces(noise)[noisy] * window)
    hiss, burst = gains[noisy][:, 1:2], gains[noisy][:, 2:]
    waves[noisy] += np.fft.irfft(spectra * (hissing * hiss + bursting * burst), _SIZE)
    waves *= window
    count, steps = waves.shape[:2]
    blocks = np.zeros((count, steps + 3, _STEP))
    for quarter in range(4):
        blocks[:, quarter : quarter + steps] += waves[..., quarter * _STEP : (quarter + 1) * _STEP]
    signals = blocks[:, 2 : 2 + steps].reshape(count, steps * _STEP)
    power = (signals**2).mean(axis=1) * steps / np.maximum(sounding.sum(axis=1), 1)
    return signals * (loudness / np.sqrt(power))[:, None]


def _pieces(signals: np.ndarray) -> np.ndarray:
    """Overlapping pieces around every 8 ms, of shape (words, steps, size)."""
    padded = np.pad(signals, ((0, 0), (2 * _STEP, 2 * _STEP)))
    views = np.lib.stride_tricks.sliding_window_view(padded, _SIZE, axis=1)
    return views[:, ::_STEP][:, : signals.shape[1] // _STEP]
