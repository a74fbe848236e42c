"""Long short-term memory: the cell, its belt, its gates over time, and how well it trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = (("blue", "-", "o"), ("vermillion", "--", "s"), ("green", "-.", "^"), ("black", ":", "D"))


@drawn
def lstm_cell() -> Figure:
    """Draw one step of an LSTM: the belt of the cell state, the gates on it, the hidden state."""
    figure, axis = new_figure(height=4.3)
    flow = {"arrowstyle": "-|>", "linewidth": 1.6, "color": "black", "shrinkA": 0, "shrinkB": 0}
    belt = flow | {"linewidth": 4, "color": PALETTE["blue"], "mutation_scale": 18}

    def arrow(start: tuple[float, float], end: tuple[float, float], look: Any = flow) -> None:
        axis.annotate("", end, start, arrowprops=look)

    arrow((0.6, 5), (9.6, 5), belt)
    for place, sign in ((2.3, "×"), (4.6, "+")):
        _knot(axis, (place, 5), sign)
    _knot(axis, (4.6, 3.6), "×")
    _knot(axis, (7.5, 2.6), "×")
    blocks = (
        (2.3, "forget\ngate", "σ", "sky"),
        (4.0, "input\ngate", "σ", "sky"),
        (5.6, "candi-\ndate", "tanh", "orange"),
        (7.5, "output\ngate", "σ", "sky"),
    )
    for place, name, function, colour in blocks:
        box = {"boxstyle": "square,pad=0.35", "facecolor": PALETTE[colour], "edgecolor": "black"}
        axis.text(place, 1.55, function, ha="center", va="center", fontsize=11, bbox=box)
        axis.text(place, 0.95, name, ha="center", va="top", fontsize=10)
        arrow((place, -0.35), (place, -0.05))
    arrow((2.3, 1.95), (2.3, 4.65))
    arrow((4.0, 1.95), (4.45, 3.25))
    arrow((5.6, 1.95), (4.85, 3.3))
    arrow((4.6, 3.95), (4.6, 4.65))
    arrow((7.5, 1.95), (7.5, 2.25))
    arrow((7.5, 5), (7.5, 4.2))
    box = {"boxstyle": "square,pad=0.3", "facecolor": "white", "edgecolor": "black"}
    axis.text(7.5, 3.85, "tanh", ha="center", va="center", fontsize=11, bbox=box)
    arrow((7.5, 3.5), (7.5, 2.95))
    arrow((7.85, 2.6), (9.6, 2.6))
    axis.plot([0.6, 7.5], [-0.35, -0.35], color="black", linewidth=1.6, linestyle="-")
    words = {"ha": "left", "va": "bottom", "fontsize": 11}
    axis.text(0.4, 5.25, r"$c_{t-1}$", **words)
    axis.text(9.0, 5.25, r"$c_t$", **words)
    axis.text(9.0, 2.75, r"$h_t$", **words)
    axis.text(0.4, -0.25, r"$x_t,\ h_{t-1}$", **words)
    axis.text(5.0, 5.35, "the belt", color=PALETTE["blue"], **words)
    axis.set(xlim=(0.2, 9.8), ylim=(-0.6, 5.9))
    axis.set_axis_off()
    return figure


def _knot(axis: Any, place: tuple[float, float], sign: str) -> None:
    look = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": "black"}
    axis.text(*place, sign, ha="center", va="center", fontsize=12, bbox=look, zorder=5)


@drawn
def seed_curves(
    curves: Mapping[str, Any], baseline: float, updates: int, ylabel: str = "mean squared error"
) -> Figure:
    """Draw how the loss falls, one line for each seed, beside what costs nothing.

    Parameters
    ----------
    curves
        Name of each network, with its loss at every epoch for every seed, of shape
        ``(seeds, epochs)``.
    baseline
        The loss of the naive answer.
    updates
        Weight updates in one epoch.
    ylabel
        What the loss is, with units.
    """
    figure, axis = new_figure(height=3.2)
    for (name, losses), (colour, style, marker) in zip(curves.items(), _LOOKS, strict=False):
        for seed, loss in enumerate(np.atleast_2d(losses)):
            done = updates * np.arange(1, len(loss) + 1)
            label = name if seed == 0 else f"_{name} {seed}"
            axis.semilogy(
                done,
                loss,
                color=PALETTE[colour],
                linestyle=style,
                marker=marker,
                markersize=4,
                label=label,
            )
    axis.axhline(baseline, color="0.4", linestyle=":", linewidth=1.5, label="always the mean")
    axis.set(xlabel="weight updates", ylabel=ylabel)
    figure.legend(loc="outside upper center", ncols=3)
    return figure


@drawn
def kept_after(gates: Sequence[float], steps: int) -> Figure:
    """Draw what a constant forget gate leaves of the cell state after every number of steps.

    Parameters
    ----------
    gates
        Values of the forget gate, between 0 and 1.
    steps
        The largest number of steps.
    """
    figure, axis = new_figure(height=3.2)
    lags = np.arange(steps + 1)
    for gate, (colour, style, _) in zip(gates, _LOOKS, strict=False):
        kept = gate**lags
        axis.semilogy(lags, kept, color=PALETTE[colour], linestyle=style, label=f"{gate:.3f}")
    axis.set(xlabel="steps", ylabel="part that is left", ylim=(1e-8, 3), xlim=(0, steps))
    figure.legend(loc="outside upper center", ncols=4, title="forget gate")
    return figure


@drawn
def conveyor(values: Any, marked: Any, cells: Mapping[str, Any]) -> Figure:
    """Draw a stream of numbers, of which some are written, above the cell states that hold them.

    Parameters
    ----------
    values
        What is read at each step, of shape ``(time,)``.
    marked
        Whether it is to be kept, of the same shape.
    cells
        Name of each cell, with its cell state at every step, of shape ``(time,)``.
    """
    figure, (above, below) = new_figure(2, 1, height=4.6, sharex=True)
    numbers, chosen = np.asarray(values), np.asarray(marked).astype(bool)
    steps = np.arange(1, len(numbers) + 1)
    above.axhline(0, color="0.6", linewidth=0.8, linestyle="-")
    above.vlines(steps, 0, numbers, color="0.75", linewidth=1)
    plain = {"linestyle": "none", "marker": "o", "markersize": 4, "color": "0.55"}
    above.plot(steps[~chosen], numbers[~chosen], label="passes by", **plain)
    bold = plain | {"marker": "D", "markersize": 8, "color": PALETTE["orange"]}
    above.plot(steps[chosen], numbers[chosen], markeredgecolor="black", label="marked", **bold)
    above.set(ylabel="input")
    below.axhline(0, color="0.6", linewidth=0.8, linestyle="-")
    for (name, cell), (colour, style, _) in zip(cells.items(), _LOOKS, strict=False):
        below.plot(steps, cell, color=PALETTE[colour], linestyle=style, linewidth=2, label=name)
    below.set(xlabel="time step", ylabel="cell state")
    above.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    below.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return figure


@drawn
def gates_over_text(text: str, gates: Mapping[str, Any], states: Mapping[str, Any]) -> Figure:
    """Draw what the gates of one unit did at every character of a text, and what it held.

    Parameters
    ----------
    text
        What was read, one time step a character.
    gates
        Name of each gate, with its values from 0 to 1, of shape ``(time,)``.
    states
        Name of each signed quantity, such as the cell state, with its values, of shape
        ``(time,)``. Each is drawn as a part of its own largest absolute value.
    """
    figure, (above, below) = new_figure(
        2, 1, height=3.9, height_ratios=[len(gates), len(states)], sharex=True
    )
    letters = [character.replace(" ", "\u00b7") for character in text]
    shut = np.stack([np.asarray(values, dtype=float) for values in gates.values()])
    signed = np.stack([np.asarray(v) / (np.abs(v).max() or 1) for v in states.values()])
    heat_map(above, shut, "gate", (0, 1), columns=letters, rows=list(gates))
    heat_map(below, signed, "part of largest", (-1, 1), columns=letters, rows=list(states))
    for axis in (above, below):
        axis.tick_params(axis="x", labelsize=9.5, length=0, pad=2, labelbottom=True)
        axis.tick_params(axis="y", length=0)
    return figure


@drawn
def gradient_reach(norms: Mapping[str, Any]) -> Figure:
    """Draw how much of the loss's gradient reaches every time step.

    Parameters
    ----------
    norms
        Name of each network, with the size of its gradient at every step, of shape
        ``(time,)``. The scale is logarithmic.
    """
    figure, axis = new_figure(height=3.4)
    for (name, sizes), (colour, style, _) in zip(norms.items(), _LOOKS, strict=False):
        steps = np.arange(1, len(sizes) + 1)
        axis.semilogy(steps, sizes, color=PALETTE[colour], linestyle=style, linewidth=2, label=name)
    axis.set(xlabel="time step (the loss is after the last)", ylabel="size of the gradient")
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def seed_dots(
    results: Mapping[str, Any], baseline: float, xlabel: str = "mean squared error on test data"
) -> Figure:
    """Draw one dot for each seed, a row for each network, beside the naive answer.

    Parameters
    ----------
    results
        Name of each network, with its result for each seed.
    baseline
        The result of the naive answer.
    xlabel
        What the result is, with units.
    """
    figure, axis = new_figure(height=0.5 * len(results) + 1.3)
    shapes = "osD^v"
    for row, values in enumerate(results.values()):
        axis.axhline(row, color="0.85", linewidth=0.8, linestyle="-", zorder=0)
        for value, marker in zip(values, shapes, strict=False):
            look = {"markersize": 8, "color": PALETTE["blue"], "markeredgecolor": "black"}
            axis.plot(value, row, marker, linestyle="none", **look)
    axis.axvline(baseline, color="0.4", linestyle=":", linewidth=1.5)
    axis.set_xscale("log")
    axis.set(xlabel=xlabel, ylim=(len(results) - 0.4, -0.9))
    axis.text(baseline, -0.5, "always the mean ", ha="right", va="center", fontsize=10)
    axis.set_yticks(range(len(results)), list(results))
    return figure
