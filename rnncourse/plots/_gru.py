"""The gated recurrent unit: its gates, its memory line beside an LSTM's, and what cells cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = (("blue", "o", "-"), ("vermillion", "s", "--"), ("green", "^", "-."), ("purple", "D", ":"))


@drawn
def kept_value(values: Any, marks: Any, state: Any, gate: Any) -> Figure:
    """Draw a state that holds the last marked number, over the gate that decides.

    Parameters
    ----------
    values
        The numbers that come in, of shape ``(time,)``.
    marks
        1 where a number is marked and 0 elsewhere, of the same shape.
    state
        The state after each time step, of the same shape.
    gate
        The update gate, between 0 (overwrite) and 1 (keep), of the same shape.
    """
    numbers, marked = np.asarray(values), np.asarray(marks) > 0
    steps = np.arange(1, len(numbers) + 1)
    figure, (above, below) = new_figure(
        2, 1, height=4.2, sharex=True, gridspec_kw={"height_ratios": (2, 1)}
    )
    dots = {"linestyle": "none", "color": PALETTE["black"]}
    above.plot(
        steps[~marked],
        numbers[~marked],
        marker="o",
        markersize=5,
        markerfacecolor="white",
        label="number",
        **dots,
    )
    above.plot(
        steps[marked], numbers[marked], marker="*", markersize=12, label="marked number", **dots
    )
    above.step(
        steps,
        np.asarray(state),
        where="mid",
        color=PALETTE["blue"],
        linestyle="-",
        linewidth=2,
        label="state",
    )
    above.set_ylabel("value")
    below.bar(steps, np.asarray(gate), color=PALETTE["orange"], edgecolor="black", linewidth=0.6)
    below.set(xlabel="time step", ylabel="update\ngate", ylim=(0, 1.05))
    figure.legend(*above.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return figure


@drawn
def memory_lines() -> Figure:
    """Draw the line on which an LSTM and a GRU carry their memory, with the gates on it."""
    figure, axes = new_figure(2, 1, height=5.6)
    panels = (
        ("LSTM: two states, three gates", "cell state c", ("f", "i"), True),
        ("GRU: one state, two gates", "hidden state h", ("z", "1 − z"), False),
    )
    for axis, (title, name, (keep, write), shows) in zip(axes, panels, strict=True):
        axis.set_title(title)
        _arrow(axis, (0.2, 2.0), (9.8, 2.0), width=3.0)
        axis.text(0.2, 2.3, f"old {name}", ha="left", va="bottom")
        axis.text(9.8, 2.3, "new", ha="right", va="bottom")
        _node(axis, (3.0, 2.0), "×")
        _node(axis, (5.2, 2.0), "+")
        _node(axis, (5.2, 0.9), "×")
        _arrow(axis, (5.2, 1.15), (5.2, 1.72))
        _gate(axis, (3.0, 0.9), keep, (3.0, 1.72))
        _gate(axis, (4.0, 0.9), write, (4.92, 0.9))
        axis.text(5.2, -0.55, "candidate", ha="center", va="center")
        _arrow(axis, (5.2, -0.25), (5.2, 0.62))
        if shows:
            _arrow(axis, (7.6, 2.0), (7.6, 1.4))
            axis.text(7.6, 1.1, "tanh", ha="center", va="center")
            _arrow(axis, (7.6, 0.85), (7.6, 0.3))
            _node(axis, (7.6, 0.0), "×")
            _gate(axis, (6.6, 0.0), "o", (7.32, 0.0))
            _arrow(axis, (7.88, 0.0), (9.8, 0.0))
            axis.text(9.8, -0.25, "hidden state h", ha="right", va="top")
        else:
            axis.plot([1.0, 1.0], [2.0, -0.55], color="black", linestyle="-", linewidth=1.4)
            _arrow(axis, (1.0, -0.55), (1.72, -0.55))
            _node(axis, (2.0, -0.55), "×")
            _gate(axis, (2.0, 0.4), "r", (2.0, -0.27))
            _arrow(axis, (2.28, -0.55), (4.15, -0.55))
        axis.set(xlim=(-0.1, 10.1), ylim=(-1.4, 2.9))
        axis.set_axis_off()
    return figure


@drawn
def pareto(
    points: Mapping[str, tuple[Any, Any]],
    front: Sequence[tuple[float, float]],
    xlabel: str,
    baseline: float | None = None,
    ylabel: str = "test error (MSE)",
) -> Figure:
    """Draw errors against costs, and the line of the points that no other point beats.

    Parameters
    ----------
    points
        Name of each kind of model, with the costs and the errors of its models.
    front
        Cost and error of the points on the Pareto front.
    xlabel, ylabel
        What a cost and an error are, with units.
    baseline
        Error of the naive answer; left out if ``None``.
    """
    figure, axis = new_figure(height=3.6)
    line = np.array(sorted(front, key=lambda point: (point[0], -point[1])), dtype=float)
    axis.plot(
        line[:, 0],
        line[:, 1],
        color="0.55",
        linestyle="-",
        linewidth=5,
        alpha=0.5,
        drawstyle="steps-post",
        label="Pareto front",
        zorder=1,
    )
    for (name, (costs, errors)), (colour, marker, _) in zip(points.items(), _LOOKS, strict=False):
        axis.plot(
            costs,
            errors,
            linestyle="none",
            color=PALETTE[colour],
            marker=marker,
            markersize=7,
            markeredgecolor="black",
            markeredgewidth=0.6,
            label=name,
        )
    if baseline is not None:
        axis.axhline(baseline, color="black", linestyle=":", linewidth=1.5, label="baseline")
    costs = np.concatenate([np.ravel(costs) for costs, _ in points.values()])
    axis.set(yscale="log", xlabel=xlabel, ylabel=ylabel)
    if costs.min() >= 10 and costs.max() > 8 * costs.min():  # its ticks are whole numbers
        axis.set_xscale("log")
        axis.xaxis.set_major_formatter("{x:,.0f}")
        axis.xaxis.set_minor_formatter("")
    figure.legend(loc="outside upper center", ncols=3)
    return figure


@drawn
def update_gates(gates: Any, marks: Any) -> Figure:
    """Draw a GRU's update gates over time, with the marked time steps above them.

    Parameters
    ----------
    gates
        The update gate of every unit, of shape ``(time, units)``; drawn from the unit
        that keeps most on average to the one that keeps least.
    marks
        1 where a time step is marked and 0 elsewhere, of shape ``(time,)``.
    """
    values, marked = np.asarray(gates), np.flatnonzero(np.asarray(marks) > 0)
    figure, axis = new_figure(height=3.8)
    order = np.argsort(-values.mean(axis=0), kind="stable")
    heat_map(axis, values[:, order].T, "update gate (1 keeps)", limits=(0.0, 1.0))
    axis.plot(
        marked,
        np.full(len(marked), 1.045),
        transform=axis.get_xaxis_transform(),
        marker="v",
        markersize=9,
        color=PALETTE["vermillion"],
        linestyle="none",
        clip_on=False,
        label="marked",
    )

    axis.set(xlabel="time step (▼ marked)", ylabel="unit")
    return figure


def _node(axis: Any, centre: tuple[float, float], sign: str) -> None:
    box = {"boxstyle": "circle,pad=0.18", "facecolor": "white", "edgecolor": "black"}
    axis.text(*centre, sign, ha="center", va="center", fontsize=12, bbox=box)


def _gate(axis: Any, centre: tuple[float, float], name: str, target: tuple[float, float]) -> None:
    box = {"boxstyle": "round,pad=0.3", "facecolor": PALETTE["orange"], "edgecolor": "black"}
    _arrow(axis, centre, target)
    axis.text(*centre, name, ha="center", va="center", bbox=box)


def _arrow(
    axis: Any, start: tuple[float, float], end: tuple[float, float], width: float = 1.4
) -> None:
    style = {"arrowstyle": "-|>", "linewidth": width, "color": "black", "shrinkA": 0, "shrinkB": 0}
    axis.annotate("", end, start, arrowprops=style)
