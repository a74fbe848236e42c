"""Sentiment: accuracies on several test sets, rows of words, and what a review does to a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = (("blue", "o"), ("vermillion", "s"), ("green", "^"), ("purple", "D"))


@drawn
def accuracy_by_set(results: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """Draw the accuracy of several classifiers, a row each, with a mark for every test set.

    Parameters
    ----------
    results
        For each classifier, the accuracies of its runs on each test set, by name.
    """
    names = list(results)
    kinds = list(next(iter(results.values())))
    figure, axis = new_figure(height=1.3 + 0.42 * len(names))
    axis.axvline(0.5, color="black", linestyle=":", linewidth=1.5, label="guessing")
    for number, (kind, (colour, marker)) in enumerate(zip(kinds, _LOOKS, strict=False)):
        shift = 0.28 * (number - (len(kinds) - 1) / 2)
        points = [
            (value, row + shift) for row, name in enumerate(names) for value in results[name][kind]
        ]
        axis.plot(
            *zip(*points, strict=True),
            linestyle="none",
            marker=marker,
            markersize=8,
            color=PALETTE[colour],
            markeredgecolor="black",
            markeredgewidth=0.6,
            alpha=0.85,
            label=kind,
        )
    axis.set_yticks(range(len(names)), names)
    low = min(value for sets in results.values() for runs in sets.values() for value in runs)
    axis.set(xlabel="accuracy", xlim=(min(0.4, low - 0.05), 1.05), ylim=(len(names) - 0.4, -0.6))
    axis.grid(axis="y", linewidth=0.4)
    figure.legend(
        *axis.get_legend_handles_labels(), loc="outside upper center", ncols=len(kinds) + 1
    )
    return figure


@drawn
def polarity_axis(places: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> Figure:
    """Draw where words stand along one axis: a row each, the largest at the top.

    Parameters
    ----------
    places
        For each group of words, their positions along the axis, of shape ``(words,)``.
    words
        For each group, its words, in the same order.
    """
    everything = sorted(
        (float(place), word, group)
        for group in places
        for place, word in zip(places[group], words[group], strict=True)
    )[::-1]
    figure, axis = new_figure(height=1.1 + 0.185 * len(everything))
    axis.axvline(0, color="black", linestyle=":", linewidth=1.2)
    for name, (colour, marker) in zip(places, _LOOKS, strict=False):
        rows = [row for row, (_, _, group) in enumerate(everything) if group == name]
        axis.plot(
            [everything[row][0] for row in rows],
            rows,
            linestyle="none",
            marker=marker,
            markersize=7,
            color=PALETTE[colour],
            markeredgecolor="black",
            markeredgewidth=0.6,
            label=name,
        )
    axis.set_yticks(range(len(everything)), [word for _, word, _ in everything], fontsize=9)
    axis.set(xlabel="along the polarity axis", ylim=(len(everything) - 0.3, -0.7))
    axis.grid(axis="y", linewidth=0.4)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def running_score(scores: Mapping[Sequence[str], Any]) -> Figure:
    """Draw the score of a review after each of its words, a panel for each review.

    Parameters
    ----------
    scores
        For each review, as its words, the scores after each word, of shape ``(time,)``.
    """
    figure, axes = new_figure(len(scores), 1, height=2.6 * len(scores), squeeze=False)
    reach = 1.15 * max(np.abs(np.asarray(values)).max() for values in scores.values())
    for axis, (words, values) in zip(axes[:, 0], scores.items(), strict=True):
        numbers = np.asarray(values, dtype=float)
        steps = np.arange(len(numbers))
        axis.axhline(0, color="black", linestyle=":", linewidth=1.2)
        colours = [PALETTE["sky" if number > 0 else "orange"] for number in numbers]
        axis.bar(steps, numbers, width=1, color=colours, alpha=0.5)
        axis.plot(
            steps,
            numbers,
            color="black",
            linestyle="-",
            marker="o",
            markersize=5,
            drawstyle="steps-mid",
        )
        axis.set_xticks(steps, words, rotation=55, ha="right", rotation_mode="anchor")
        axis.set(ylabel="score", ylim=(-reach, reach))
        axis.text(0.01, 0.97, "favourable", transform=axis.transAxes, va="top", fontsize=9)
        axis.text(0.01, 0.03, "unfavourable", transform=axis.transAxes, va="bottom", fontsize=9)
    return figure


@drawn
def word_effects(words: Sequence[str], effects: Any) -> Figure:
    """Draw how much each word of a review moves the score, from the first word at the top.

    Parameters
    ----------
    words
        The words of the review.
    effects
        Score with the word less score without it, of shape ``(time,)``.
    """
    numbers = np.asarray(effects, dtype=float)
    figure, axis = new_figure(height=1.0 + 0.3 * len(words))
    rows = np.arange(len(words))
    for sign, colour, hatch in ((1, "sky", ""), (-1, "orange", "//")):
        chosen = numbers * sign > 0
        axis.barh(
            rows[chosen],
            numbers[chosen],
            color=PALETTE[colour],
            edgecolor="black",
            linewidth=0.6,
            hatch=hatch,
        )
    axis.axvline(0, color="black", linestyle="-", linewidth=1)
    axis.set_yticks(rows, words)
    axis.set(xlabel="what the word adds to the score", ylim=(len(words) - 0.4, -0.6))
    return figure


@drawn
def confusion_matrices(answers: Mapping[str, tuple[Any, Any]], classes: tuple[str, str]) -> Figure:
    """Draw the confusion matrix of each classifier: rows are the truth, columns the answers.

    Parameters
    ----------
    answers
        For each classifier the truth and its guesses, each 0 or 1 and of shape ``(samples,)``.
    classes
        What 1 and 0 are called.
    """
    figure, axes = new_figure(1, len(answers), height=3.0, squeeze=False)
    for number, (axis, (name, (truth, guess))) in enumerate(
        zip(axes[0], answers.items(), strict=True)
    ):
        right, said = np.asarray(truth), np.asarray(guess)
        counts = np.array([[np.sum((right == i) & (said == j)) for j in (1, 0)] for i in (1, 0)])
        share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        axis.imshow(share, cmap="cividis", vmin=0, vmax=1, aspect="auto")
        for i in range(2):
            for j in range(2):
                colour = "black" if share[i, j] > 0.5 else "white"
                axis.text(
                    j, i, str(counts[i, j]), ha="center", va="center", color=colour, fontsize=14
                )
        axis.set_xticks((0, 1), classes)
        axis.set_yticks((0, 1), classes if number == 0 else ("", ""))
        axis.set(title=name, xlabel="it says")
        axis.spines[:].set_visible(True)
    axes[0, 0].set_ylabel("it is")
    return figure
