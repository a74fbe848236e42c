"""The figures of chapter 11: language models, how they draw, and what their cells hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = (
    ("blue", "o", "-"),
    ("vermillion", "s", "--"),
    ("green", "^", "-."),
    ("purple", "D", ":"),
    ("black", "*", "-"),
)


@drawn
def perplexity_by_n(orders: Sequence[int], curves: Mapping[str, Sequence[float]]) -> Figure:
    """Draw the perplexity of n-gram models against the length of the n-gram.

    Parameters
    ----------
    orders
        How many tokens an n-gram has.
    curves
        Name of each text, with the perplexity at each length.
    """
    figure, axis = new_figure(height=3.2)
    for (name, values), (colour, marker, line) in zip(curves.items(), _LOOKS, strict=False):
        axis.plot(
            list(orders),
            list(values),
            color=PALETTE[colour],
            marker=marker,
            linestyle=line,
            label=name,
        )
    axis.set(xlabel="tokens of an n-gram, n", ylabel="perplexity", yscale="log")
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50) if axis.get_ylim()[0] <= tick]
    axis.set_yticks(ticks, [str(tick) for tick in ticks])
    axis.yaxis.set_minor_formatter("")
    axis.set_ylim(top=max(max(values) for values in curves.values()) * 1.2)
    axis.set_xticks(list(orders))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def token_distributions(tokens: Sequence[str], panels: Mapping[str, Any]) -> Figure:
    """Draw the probabilities of the same tokens, a panel for each way to draw among them.

    Parameters
    ----------
    tokens
        What each bar stands for.
    panels
        Title of each panel, with probabilities of shape ``(tokens,)``.
    """
    figure, axes = new_figure(
        len(panels), 1, height=1.35 * len(panels), sharex=True, sharey=True, squeeze=False
    )
    for axis, (title, values) in zip(axes[:, 0], panels.items(), strict=True):
        axis.bar(range(len(tokens)), np.asarray(values), color=PALETTE["blue"], edgecolor="black")
        axis.set_title(title)
        axis.set_ylim(0, 1)
    axes[-1, 0].set_xticks(range(len(tokens)), list(tokens))
    axes[-1, 0].set_xlabel("next character")
    figure.supylabel("probability", fontsize=11)
    return figure


@drawn
def unit_correlations(names: Sequence[str], found: Mapping[str, Any]) -> Figure:
    """Draw how closely the best unit of each network follows each mark.

    Parameters
    ----------
    names
        What is marked.
    found
        Name of each network, with the size of its best unit's correlation with each mark.
    """
    figure, axis = new_figure(height=4.4)
    thick = 0.8 / len(found)
    colours = (("blue", ""), ("sky", "//"), ("vermillion", ".."), ("orange", "xx"))
    for k, ((name, values), (colour, hatch)) in enumerate(
        zip(found.items(), colours, strict=False)
    ):
        places = np.arange(len(names)) + (k - (len(found) - 1) / 2) * thick
        axis.barh(
            places,
            np.asarray(values),
            thick,
            color=PALETTE[colour],
            edgecolor="black",
            hatch=hatch,
            label=name,
        )
    axis.set_yticks(range(len(names)), [name.replace(" ", "\n", 1) for name in names])
    axis.invert_yaxis()
    axis.set(xlim=(0, 1), xlabel="correlation on the test text (size)")
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def coloured_text(text: str, values: Any, label: str, columns: int = 38) -> Figure:
    """Draw a text whose characters stand on the colour of a number each.

    Parameters
    ----------
    text
        The characters; a line ends at a line end, or when it is full.
    values
        A number from -1 to 1 for each character, of shape ``(time,)``.
    label
        What the numbers are.
    columns
        Characters of the longest line.
    """
    numbers = np.asarray(values, dtype=float)
    if len(text) != len(numbers):
        raise ValueError(f"{len(text)} characters and {len(numbers)} values: one for each, please")
    places, row, column = [], 0, 0
    for character in text:
        if column == columns:
            row, column = row + 1, 0
        places.append((row, column))
        row, column = (row + 1, 0) if character == "\n" else (row, column + 1)
    rows = places[-1][0] + 1
    grid = np.full((rows, columns), np.nan)
    for place, value in zip(places, numbers, strict=True):
        grid[place] = value
    figure, axis = new_figure(height=0.19 * rows + 0.9)
    image = heat_map(axis, grid, label, limits=(-1.0, 1.0), colorbar=False)
    figure.colorbar(image, ax=axis, location="bottom", label=label, aspect=40, ticks=[-1, 0, 1])
    for (row, column), character, value in zip(places, text, numbers, strict=True):
        axis.text(
            column,
            row,
            "↵" if character == "\n" else character.replace("$", r"\$"),
            ha="center",
            va="center",
            family="DejaVu Sans Mono",
            fontsize=10,
            color="white" if abs(value) > 0.7 else "black",
        )
    axis.set(xticks=[], yticks=[])
    return figure


@drawn
def copy_lengths(lengths: Mapping[str, Sequence[int]]) -> Figure:
    """Draw the length of the longest copied passage of some texts, a row for each source.

    Parameters
    ----------
    lengths
        Name of each source of texts, with the longest copy of each text in characters.
    """
    figure, axis = new_figure(height=0.5 * len(lengths) + 1.2)
    for row, ((_, values), (colour, marker, _)) in enumerate(
        zip(lengths.items(), _LOOKS, strict=False)
    ):
        axis.plot(
            list(values),
            np.full(len(values), row),
            linestyle="none",
            marker=marker,
            markersize=8,
            color=PALETTE[colour],
            markeredgecolor="black",
        )
    axis.set_yticks(range(len(lengths)), list(lengths))
    axis.set_ylim(len(lengths) - 0.5, -0.5)
    longest = max(max(values) for values in lengths.values())
    if longest > 200:
        axis.set_xscale("log")
        axis.xaxis.set_major_formatter("{x:.0f}")
        axis.set_xlim(10 if min(map(min, lengths.values())) > 10 else 1, 1.3 * longest)
    else:
        axis.set_xlim(left=0)
    axis.set_xlabel("longest copied passage (characters)")
    axis.grid(axis="x", linestyle=":")
    return figure
