"""Music and video: piano rolls, repetition in melodies, films of moving shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOOKS = (("blue", "o", "-"), ("vermillion", "s", "--"), ("green", "^", "-."), ("purple", "D", ":"))
_NAMES = {0: "C", 2: "D", 4: "E", 5: "F", 7: "G", 9: "A", 11: "B"}


@drawn
def piano_rolls(melodies: Mapping[str, Sequence[tuple[int | None, int]]], bar: int = 8) -> Figure:
    """Draw melodies as piano rolls: time to the right, pitch upwards, a bar for each note.

    Parameters
    ----------
    melodies
        Title of each panel, with its notes: pairs of MIDI pitch (``None`` for a rest) and
        duration in eighths.
    bar
        Eighths in a bar; a line stands at the start of each.
    """
    figure, axes = new_figure(len(melodies), 1, height=0.7 + 1.55 * len(melodies), squeeze=False)
    pitches = [pitch for notes in melodies.values() for pitch, _ in notes if pitch is not None]
    low, high = min(pitches) - 1, max(pitches) + 1
    for axis, (title, notes) in zip(axes[:, 0], melodies.items(), strict=True):
        start = 0
        for pitch, duration in notes:
            if pitch is not None:
                axis.barh(
                    pitch,
                    duration - 0.12,
                    left=start,
                    height=0.95,
                    align="center",
                    color=PALETTE["blue"],
                )
            start += duration
        marks = [p for p in range(low, high + 1) if p % 12 in (0, 7)]
        axis.set_yticks(marks, [f"{p} ({_NAMES[p % 12]})" for p in marks])
        for place in range(0, start + 1, bar):
            axis.axvline(place, color="0.7", linestyle="-", linewidth=0.8, zorder=0)
        axis.set(title=title, xlim=(0, start), ylim=(low, high), xticks=range(0, start + 1, bar))
    axes[-1, 0].set(xlabel="time in eighths")
    figure.supylabel("MIDI pitch", fontsize=11)
    return figure


@drawn
def self_similarity(matrices: Mapping[str, Any], letters: str = "", bar: int = 4) -> Figure:
    """Draw where melodies repeat themselves: dark cells are pairs of equal time steps.

    Parameters
    ----------
    matrices
        Title of each panel, with its matrix of 0 and 1, of shape ``(time, time)``.
    letters
        The form, a letter for each motif, written below the first panel; none if left out.
    bar
        Time steps in a motif.
    """
    figure, axes = new_figure(1, len(matrices), height=2.9, squeeze=False)
    for axis, (title, matrix) in zip(axes[0], matrices.items(), strict=True):
        numbers = np.asarray(matrix, dtype=float)
        time = len(numbers)
        axis.imshow(numbers, cmap="Greys", vmin=0, vmax=1, interpolation="nearest")
        ticks = np.arange(0, time, bar)
        for place in ticks[1:] - 0.5:
            axis.axhline(place, color=PALETTE["orange"], linestyle="-", linewidth=1)
            axis.axvline(place, color=PALETTE["orange"], linestyle="-", linewidth=1)
        if letters and axis is axes[0, 0]:
            names = list(letters)
        else:
            names = [str(number + 1) for number in range(len(ticks))]
        axis.set_xticks(ticks + bar / 2 - 0.5, names[: len(ticks)])
        axis.set_yticks(ticks + bar / 2 - 0.5, names[: len(ticks)])
        axis.tick_params(length=0)
        axis.spines[:].set_visible(True)
        axis.set(title=title, xlabel="motif")
    axes[0, 0].set_ylabel("motif")
    return figure


@drawn
def surprise_by_part(panels: Mapping[str, Mapping[str, Any]], floors: Mapping[str, Any]) -> Figure:
    """Draw how surprised models are in each motif of a melody.

    Parameters
    ----------
    panels
        Title of each panel (the form, such as ``"A A B A"``), with the perplexities of each
        model, of shape ``(seeds, motifs)``.
    floors
        For each panel, the perplexity that no model can beat, of shape ``(motifs,)``.
    """
    figure, axes = new_figure(1, len(panels), height=3.4, sharey=True, squeeze=False)
    for axis, (title, models) in zip(axes[0], panels.items(), strict=True):
        floor = np.asarray(floors[title], dtype=float)
        places = np.arange(1, len(floor) + 1)
        _means_and_extremes(axis, places, models)
        axis.plot(places, floor, color="black", linestyle=":", marker="_", label="floor")
        letters = title.split()
        axis.set(title=title, xlabel="motif", xticks=places, xticklabels=letters[: len(places)])
        axis.set_xlim(0.6, len(places) + 0.4)
    axes[0, 0].set_ylabel("perplexity on held-out\nmelodies")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return figure


@drawn
def repetition_scores(scores: Mapping[str, Any]) -> Figure:
    """Draw the repetition scores of several kinds of melodies, a row for each kind.

    Parameters
    ----------
    scores
        Name of each kind, with the scores of its melodies, of shape ``(samples,)``. The black
        line is the mean; the bar holds the middle eight tenths.
    """
    figure, axis = new_figure(height=0.9 + 0.45 * len(scores))
    for row, (name, values) in enumerate(scores.items()):
        numbers = np.asarray(values, dtype=float)
        low, high = np.quantile(numbers, (0.1, 0.9))
        colour = PALETTE[("sky", "orange")[row % 2]]
        axis.barh(row, high - low, left=low, height=0.5, color=colour, label=name)
        axis.vlines(numbers.mean(), row - 0.35, row + 0.35, color="black", linewidth=3)
    axis.set_yticks(range(len(scores)), list(scores))
    axis.invert_yaxis()
    axis.set(xlabel="repetition score", xlim=(-0.02, None))
    return figure


@drawn
def film_frames(films: Mapping[str, Any], title: str = "frame") -> Figure:
    """Draw the frames of films side by side, a row for each film.

    Parameters
    ----------
    films
        Name of each film, with its frames, of shape ``(time, height, width)``. White is
        bright; each film has its own scale.
    title
        What a column is; it is counted from 1.
    """
    time = max(len(frames) for frames in films.values())
    figure, axes = new_figure(
        len(films), time, height=0.55 + 0.85 * len(films), squeeze=False, sharex=True, sharey=True
    )
    for row, (name, frames) in enumerate(films.items()):
        low, high = float(np.min(frames)), float(np.max(frames))
        for number, (axis, frame) in enumerate(zip(axes[row], frames, strict=False)):
            axis.imshow(frame, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_visible(True)
            if row == 0:
                axis.set_title(f"{title} {number + 1}" if number == 0 else f"{number + 1}")
        axes[row, 0].set_ylabel(name)
    return figure


@drawn
def shares_by(
    curves: Mapping[str, Any], x: Sequence[float], xlabel: str, chance: float | None = None
) -> Figure:
    """Draw shares of right answers of several models against one number.

    Parameters
    ----------
    curves
        Name of each model, with its shares, of shape ``(seeds, points)`` or ``(points,)``; the
        line is the mean of the seeds, a bar reaches from the worst seed to the best.
    x
        The number that is varied, one for each point.
    xlabel
        What it is, with its unit.
    chance
        The share that guessing gives, if it is the same at all points.
    """
    figure, axis = new_figure(height=3.3)
    _means_and_extremes(axis, x, curves)
    if chance is not None:
        axis.axhline(chance, color="black", linestyle=":", linewidth=1.5, label="chance")
    axis.set(xlabel=xlabel, ylabel="share of right answers", ylim=(0, 1.04), xticks=list(x))
    figure.legend(loc="outside upper center", ncols=3)
    return figure


@drawn
def directions_said(matrices: Mapping[str, Any], names: Sequence[str]) -> Figure:
    """Draw what a model says of films that move in each direction.

    Parameters
    ----------
    matrices
        Title of each panel, with shares of shape ``(moved, said)``: each row adds up to 1.
    names
        The directions, in the order of rows and columns.
    """
    figure, axes = new_figure(1, len(matrices), height=2.5, squeeze=False, sharey=True)
    for number, (axis, (title, matrix)) in enumerate(zip(axes[0], matrices.items(), strict=True)):
        last = number == len(matrices) - 1
        heat_map(axis, matrix, "share", (0.0, 1.0), names, names, colorbar=last)
        axis.tick_params(axis="both", labelsize=9)
        axis.set(title=title, xlabel="network says")
        axis.set_aspect("equal")
    axes[0, 0].set_ylabel("the film's direction")
    return figure


def _means_and_extremes(axis: Axes, x: Any, curves: Mapping[str, Any]) -> None:
    """Draw each curve's mean over the seeds, and a bar from the worst seed to the best."""
    for (name, values), (colour, marker, line) in zip(curves.items(), _LOOKS, strict=False):
        runs = np.atleast_2d(np.asarray(values, dtype=float))
        axis.plot(
            x,
            runs.mean(axis=0),
            color=PALETTE[colour],
            linestyle=line,
            marker=marker,
            markeredgecolor="black",
            markeredgewidth=0.5,
            label=name,
        )
        low, high = runs.min(axis=0), runs.max(axis=0)
        axis.vlines(x, low, high, color=PALETTE[colour], linestyle="-", linewidth=4, alpha=0.5)
