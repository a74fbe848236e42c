"""Speech: sounds and spectrograms, mel filters, the paths of CTC, errors under noise."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = (("blue", "o", "-"), ("vermillion", "s", "--"), ("green", "^", "-."), ("purple", "D", ":"))


@drawn
def sound_and_spectrogram(
    signal: Any, spectrogram: Any, sample_rate: int, hop: int, said: Sequence[tuple[str, float]]
) -> Figure:
    """Draw a sound above its spectrogram, with what is said between them.

    Parameters
    ----------
    signal
        The sound pressure, of shape ``(time,)``.
    spectrogram
        Logarithms of power, of shape ``(frames, bins)``; bin 0 is 0 Hz and the last is half
        of the sampling rate.
    sample_rate
        Values per second, in Hz.
    hop
        Values from the start of a frame to the start of the next.
    said
        Each phoneme with the second at its middle.
    """
    wave, power = np.asarray(signal), np.asarray(spectrogram)
    figure, (above, below) = new_figure(
        2, 1, height=5.0, sharex=True, gridspec_kw={"height_ratios": (1, 2)}
    )
    seconds = np.arange(len(wave)) / sample_rate
    above.plot(seconds, wave, linewidth=0.6)
    above.set(ylabel="pressure", yticks=[], xlim=(0, len(wave) / sample_rate))
    top = 1.05 * np.abs(wave).max()
    above.set_ylim(-top, 1.5 * top)
    for phoneme, middle in said:
        above.text(middle, 1.2 * top, phoneme, ha="center", va="center", fontweight="bold")
    image = below.imshow(
        power.T,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap="cividis",
        vmin=np.quantile(power, 0.2),
        extent=(0, len(power) * hop / sample_rate, 0, sample_rate / 2000),
    )
    below.set(xlabel="seconds", ylabel="frequency (kHz)")
    figure.colorbar(image, ax=below, label="log power")
    return figure


@drawn
def mel_filter_bank(filters: Any, hz: Any) -> Figure:
    """Draw the triangles that turn the bins of a spectrum into mel bands.

    Parameters
    ----------
    filters
        The weight of each bin in each band, of shape ``(bins, bands)``.
    hz
        The frequency of each bin, of shape ``(bins,)``.
    """
    weights = np.asarray(filters)
    figure, axis = new_figure(height=2.8)
    for band, column in enumerate(weights.T):
        colour, _, style = _LOOKS[band % 2]
        axis.plot(np.asarray(hz) / 1000, column, color=PALETTE[colour], linestyle=style)
    axis.set(xlabel="frequency (kHz)", ylabel="weight in its band", ylim=(0, 1.05))
    return figure


@drawn
def ctc_lattice(values: Any, symbols: Sequence[str], label: str) -> Figure:
    """Draw a number for each place in the extended label and each frame.

    Parameters
    ----------
    values
        Of shape ``(frames, places)``.
    symbols
        What each place stands for.
    label
        What the numbers are.
    """
    table = np.asarray(values, dtype=float)
    figure, axis = new_figure(height=3.2)
    heat_map(axis, table.T, label, rows=symbols)
    axis.set(xlabel="frame", ylabel="extended label")
    return figure


@drawn
def ctc_spikes(
    probabilities: Any, names: Sequence[str], said: Any, seconds_per_frame: float
) -> Figure:
    """Draw a recognizer's probabilities over time, above what was said when.

    Parameters
    ----------
    probabilities
        Of shape ``(frames, classes)``; class 0 is the blank.
    names
        What each class is called.
    said
        The class that is said in each frame, 0 for silence, of shape ``(frames,)``.
    seconds_per_frame
        Seconds from frame to frame.
    """
    table, truth = np.asarray(probabilities), np.asarray(said)
    figure, (above, below) = new_figure(
        2, 1, height=4.0, sharex=True, gridspec_kw={"height_ratios": (4, 1)}
    )
    seconds = np.arange(len(table)) * seconds_per_frame
    above.plot(seconds, table[:, 0], color="0.6", linestyle=":", linewidth=2, label="blank")
    for number in range(1, table.shape[1]):
        if table[:, number].max() < 0.3:
            continue
        above.plot(
            seconds, table[:, number], color=PALETTE["blue"], linestyle="-", label=names[number]
        )
        around = np.pad(table[:, number], 1)
        rises = (around[1:-1] > around[:-2]) & (around[1:-1] >= around[2:])
        for peak in np.flatnonzero(rises & (table[:, number] > 0.3)):
            above.text(
                seconds[peak], 1.04, names[number], ha="center", va="bottom", fontweight="bold"
            )
    above.set(ylabel="probability", ylim=(0, 1.2), yticks=(0, 0.5, 1))
    handles, labels = above.get_legend_handles_labels()
    figure.legend(handles[:2], [*labels[:1], "phonemes"], loc="outside upper center", ncols=2)
    edges = np.flatnonzero(np.diff(truth, prepend=-1, append=-1))
    for place, (start, end) in enumerate(itertools.pairwise(edges)):
        kind = int(truth[start])
        if kind == 0:
            continue
        below.axvspan(
            start * seconds_per_frame,
            end * seconds_per_frame,
            facecolor=PALETTE["orange"] if place % 2 else PALETTE["yellow"],
            edgecolor="black",
        )
        middle = (start + end) / 2 * seconds_per_frame
        below.text(middle, 0.5, names[kind], ha="center", va="center", fontweight="bold")
    below.set(xlabel="seconds", ylabel="said", yticks=[], ylim=(0, 1))
    return figure


@drawn
def error_against_noise(curves: Mapping[str, Any], snrs: Sequence[float], worst: str) -> Figure:
    """Draw error rates against the signal-to-noise ratio, a dot for each seed.

    Parameters
    ----------
    curves
        Name of each method, with its errors of shape ``(seeds, snrs)``.
    snrs
        The signal-to-noise ratios in dB.
    worst
        What an error of 1 is, the answer of whoever says nothing.
    """
    figure, axis = new_figure(height=3.6)
    for (name, errors), (colour, marker, style) in zip(curves.items(), _LOOKS, strict=False):
        table = np.atleast_2d(np.asarray(errors, dtype=float))
        axis.plot(snrs, table.mean(axis=0), color=PALETTE[colour], linestyle=style, label=name)
        for row in table:
            axis.plot(
                snrs,
                row,
                color=PALETTE[colour],
                marker=marker,
                linestyle="none",
                markersize=6,
                markeredgecolor="black",
                markeredgewidth=0.6,
            )
    axis.axhline(1.0, color="black", linestyle=":", linewidth=1.5, label=worst)
    axis.set(xlabel="signal-to-noise ratio (dB)", ylabel="phoneme error rate", xticks=list(snrs))
    axis.set_ylim(bottom=0)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def wake_scores(
    scores: Any, threshold: float, words: Sequence[tuple[str, float]], seconds_per_frame: float
) -> Figure:
    """Draw what a wake word spotter says at each moment, with the words above.

    Parameters
    ----------
    scores
        The probability of a wake word at each frame, of shape ``(frames,)``.
    threshold
        Above it, the spotter answers.
    words
        Each word with the second at its middle.
    seconds_per_frame
        Seconds from frame to frame.
    """
    values = np.asarray(scores)
    figure, axis = new_figure(height=2.9)
    seconds = np.arange(len(values)) * seconds_per_frame
    axis.plot(seconds, values, label="network")
    axis.axhline(
        threshold, color=PALETTE["vermillion"], linestyle="--", linewidth=1.5, label="threshold"
    )
    for place, (word, middle) in enumerate(words):  # on two lines, so that long ones fit
        axis.text(middle, 1.24 - 0.16 * (place % 2), word, ha="center", va="bottom")
    axis.set(xlabel="seconds", ylabel="probability", ylim=(0, 1.42), yticks=(0, 0.5, 1))
    figure.legend(loc="outside upper center", ncols=2)
    return figure
