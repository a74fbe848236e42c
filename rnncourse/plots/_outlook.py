"""RNN against Transformer: examples, costs, compression, and an agent in a maze."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = (("blue", "o", "-"), ("vermillion", "s", "--"), ("green", "^", "-."), ("purple", "D", ":"))


@drawn
def few_examples(
    counts: Sequence[int],
    shares: Mapping[str, Sequence[Sequence[float]]],
    chance: float,
    xlabel: str,
) -> Figure:
    """Draw the share of right answers against the number of training examples.

    Parameters
    ----------
    counts
        How many examples there were.
    shares
        For each kind of model, the shares of its seeds for each count.
    chance
        The share of the naive answer.
    xlabel
        What the examples are.
    """
    figure, axis = new_figure(height=3.6)
    width = 1.06
    for place, ((name, rows), (colour, marker, style)) in enumerate(
        zip(shares.items(), _LOOKS, strict=False)
    ):
        at = np.array(counts) * width ** (place - (len(shares) - 1) / 2)
        middles = [float(np.median(row)) for row in rows]
        axis.plot(at, middles, color=PALETTE[colour], linestyle=style, linewidth=1.6)
        axis.plot(
            np.repeat(at, [len(row) for row in rows]),
            np.concatenate([np.asarray(row, dtype=float) for row in rows]),
            color=PALETTE[colour],
            marker=marker,
            markersize=6,
            markeredgecolor="black",
            markeredgewidth=0.5,
            linestyle="none",
            label=name,
        )
    axis.axhline(chance, color="black", linestyle=":", linewidth=1.5, label="naive")
    axis.set(xscale="log", xlabel=xlabel, ylabel="share right", ylim=(chance - 0.05, 1.03))
    axis.set_xticks(list(counts), [str(count) for count in counts])
    axis.minorticks_off()
    figure.legend(loc="outside upper center", ncols=3)
    return figure


@drawn
def stream_cost(
    steps: Sequence[int],
    kept: Mapping[str, Sequence[float]],
    work: Mapping[str, Sequence[float]],
    spent: Mapping[str, Sequence[float]],
) -> Figure:
    """Draw what a step of a stream costs, against its number.

    Parameters
    ----------
    steps
        Numbers of the steps, counted from 1.
    kept
        For each network, the bytes that it keeps after each of them.
    work
        For each network, its multiplications at each of them.
    spent
        For each network, the measured microseconds.
    """
    figure, axes = new_figure(3, 1, height=6.4, sharex=True)
    panels = (("bytes kept", kept), ("multiplications", work), ("microseconds\n(measured)", spent))
    for axis, (label, values) in zip(axes, panels, strict=True):
        for (name, row), (colour, _, style) in zip(values.items(), _LOOKS, strict=False):
            axis.plot(steps, row, color=PALETTE[colour], linestyle=style, linewidth=2, label=name)
        axis.set(ylabel=label, xscale="log")
    axes[0].set_yscale("log")
    axes[1].yaxis.set_major_formatter("{x:,.0f}")
    axes[-1].set_xlabel("step of the stream")
    axes[-1].xaxis.set_major_formatter("{x:,.0f}")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    figure.align_ylabels(axes)
    return figure


@drawn
def compression_curves(
    pruned: Mapping[float, Sequence[float]], bits: Mapping[float, Sequence[float]], chance: float
) -> Figure:
    """Draw the share of right answers against the share pruned, and against the bits.

    Parameters
    ----------
    pruned
        For each share of weights pruned, the shares right of several networks.
    bits
        For each number of bits, the same.
    chance
        The share of the naive answer.
    """
    figure, axes = new_figure(2, 1, height=5.4)
    panels = ((axes[0], pruned, "share of weights pruned"), (axes[1], bits, "bits a weight"))
    for axis, curves, label in panels:
        amounts = sorted(curves)
        rows = np.array([list(curves[amount]) for amount in amounts]).T  # (networks, amounts)
        for row, (colour, marker, style) in zip(rows, _LOOKS, strict=False):
            axis.plot(
                amounts, row, color=PALETTE[colour], linestyle=style, marker=marker, markersize=5
            )
        axis.axhline(chance, color="black", linestyle=":", linewidth=1.5, label="naive")
        axis.set(xlabel=label, ylabel="share right", ylim=(chance - 0.05, 1.03))
    axes[1].invert_xaxis()
    axes[1].set_xticks(sorted(bits))
    axes[0].legend(loc="center left")
    return figure


@drawn
def maze_success(runs: Mapping[str, Sequence[Sequence[float]]], width: int = 10) -> Figure:
    """Draw how often agents found the goal, as a running mean over their updates.

    Parameters
    ----------
    runs
        For each kind of agent, the shares of mazes solved in each update, a row a seed.
    width
        How many updates a mean takes in.
    """
    figure, axis = new_figure(height=3.4)
    for (name, rows), (colour, _, style) in zip(runs.items(), _LOOKS, strict=False):
        for row in rows:
            means = np.convolve(np.asarray(row, dtype=float), np.ones(width) / width, "valid")
            axis.plot(
                np.arange(width, len(row) + 1),
                means,
                color=PALETTE[colour],
                linestyle=style,
                linewidth=1.6,
                label=name if row is rows[0] else f"_{name}",
            )
    axis.set(xlabel="update", ylabel="share of goals found", ylim=(0, 1.03))
    figure.legend(loc="outside upper center", ncols=2)
    return figure
