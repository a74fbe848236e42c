"""Backpropagation through time: values and gradients on a graph, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@drawn
def backward_values(x: Any, a: Any, h: Any, dh: Any, da: Any, shares: Any, loss: float) -> Figure:
    """Draw a cell of one unit unrolled, with the values forward and the gradients backward.

    Parameters
    ----------
    x, a, h
        Inputs, pre-activations and hidden states of every step, of shape ``(time,)``, time up
        to 4.
    dh, da
        Gradients of the loss with respect to ``h`` and ``a``, of the same shape.
    shares
        What each step adds to the gradient of the recurrent weight, of the same shape.
    loss
        The loss after the last step.

    Raises
    ------
    ValueError
        If there are more than 4 steps, which would not be readable.
    """
    time = len(h)
    if not 1 <= time <= 4:
        raise ValueError("the graph is drawn for up to 4 steps")
    figure, axis = new_figure(height=3.8)
    forward = {"color": PALETTE["blue"], "arrowstyle": "-|>", "linewidth": 1.8}
    backward = {"color": PALETTE["vermillion"], "arrowstyle": "-|>", "linewidth": 1.8}
    backward["linestyle"] = "--"
    box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": "black"}

    def arrow(start: tuple[float, float], end: tuple[float, float], look: dict[str, Any]) -> None:
        axis.annotate("", end, start, arrowprops=look)

    def write(place: tuple[float, float], name: str, value: float, colour: str) -> None:
        text = f"{name}\n{value:.4f}".replace("-", "\N{MINUS SIGN}")
        axis.text(*place, text, color=PALETTE[colour], ha="center", va="center", fontsize=9.5)

    for t in range(time + 1):
        if t < time:
            axis.text(t, 0, f"step {t + 1}", ha="center", va="center", bbox=box, fontsize=10)
            arrow((t, -0.95), (t, -0.3), forward)
            axis.text(
                t,
                -1.15,
                f"$x_{t + 1}$ = {x[t]:g}",
                color=PALETTE["blue"],
                ha="center",
                va="center",
                fontsize=10,
            )
            write((t, 0.72), f"$a_{t + 1}$", a[t], "blue")
            write((t, -1.85), f"$da_{t + 1}$", da[t], "vermillion")
            write((t, -2.6), "share of\n$dw_h$", shares[t], "vermillion")
        if t > 0:
            arrow((t - 0.66, 0.1), (t - 0.34, 0.1), forward)
            arrow((t - 0.34, -0.1), (t - 0.66, -0.1), backward)
            write((t - 0.5, 0.72), f"$h_{t}$", h[t - 1], "blue")
            write((t - 0.5, -0.55), f"$dh_{t}$", dh[t - 1], "vermillion")
    axis.text(time, 0, "loss", ha="center", va="center", bbox=box, fontsize=10)
    write((time, 0.72), "$L$", loss, "blue")
    handles = [
        axis.plot([], [], color=PALETTE["blue"], linestyle="-", label="values, forward")[0],
        axis.plot([], [], color=PALETTE["vermillion"], linestyle="--", label="gradients, backward")[
            0
        ],
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    axis.set(xlim=(-0.45, time + 0.4), ylim=(-3.05, 1.1))
    axis.set_axis_off()
    return figure


@drawn
def nudge_errors(eps: Any, errors: Mapping[str, Any]) -> Figure:
    """Draw how wrong a numerical gradient is for nudges of many sizes.

    Parameters
    ----------
    eps
        Sizes of the nudge, of shape ``(sizes,)``.
    errors
        Name of each method, with its relative error for every size. An error of zero is not
        drawn: the scale is logarithmic.
    """
    figure, axis = new_figure(height=3.4)
    for (name, error), style in zip(errors.items(), ("o-", "s--"), strict=False):
        seen = np.where(np.asarray(error) > 0, error, np.nan)
        axis.loglog(eps, seen, style, markersize=5, label=name)
    axis.set(xlabel="size of the nudge, eps", ylabel="relative error")
    axis.legend(loc="lower left")
    return figure


@drawn
def blame_map(tokens: Sequence[str], panels: Mapping[str, Any]) -> Figure:
    """Draw how much of the gradient of each step's loss reaches each earlier input.

    Parameters
    ----------
    tokens
        The inputs and the last target: the step of row t reads token t and predicts token t + 1.
    panels
        Title of each panel, with an array of shape ``(time, time)``: row t, column s is the size
        of the gradient of loss t at input s, from 0 to 1, the largest of its row. What a step
        has not read yet (s > t) is not drawn.
    """
    time = len(tokens) - 1
    figure, axes = new_figure(len(panels), 1, height=4.1 * len(panels))
    for axis, (title, values) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        shown = np.where(np.tri(time, dtype=bool), np.asarray(values, dtype=float), np.nan)
        heat_map(
            axis,
            shown,
            "gradient (1: largest of the row)",
            limits=(0.0, 1.0),
            columns=tokens[:-1],
            rows=tokens[1:],
        )
        axis.tick_params(axis="x", rotation=90)
        axis.set_title(title)
        axis.set(xlabel="token read", ylabel="loss of predicting")
    return figure


@drawn
def accuracy_curves(curves: Mapping[str, Any], baselines: Mapping[str, float]) -> Figure:
    """Draw the accuracy on the test data after every epoch, over several seeds.

    Parameters
    ----------
    curves
        Name of each network, with its accuracies from 0 to 1, of shape ``(seeds, epochs)``. The
        line is the mean, the band reaches from the worst seed to the best.
    baselines
        Name of each baseline, with its accuracy.
    """
    figure, axis = new_figure(height=3.9)
    markers = "os^Dv"
    for (name, values), marker in zip(curves.items(), markers, strict=False):
        accuracy = 100 * np.asarray(values)  # (seeds, epochs)
        epochs = np.arange(1, accuracy.shape[1] + 1)
        line = axis.plot(epochs, accuracy.mean(axis=0), marker=marker, markersize=5, label=name)[0]
        axis.fill_between(
            epochs,
            accuracy.min(axis=0),
            accuracy.max(axis=0),
            color=line.get_color(),
            alpha=0.2,
            linewidth=0,
        )
    for (name, value), style in zip(baselines.items(), ((0, (1, 1)), (0, (5, 2))), strict=False):
        axis.axhline(100 * value, color="0.35", linewidth=1.5, linestyle=style, label=name)
    axis.set(xlabel="epoch", ylabel="correct next tokens (%)", ylim=(0, 100))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def truncation_cost(steps: Any, errors: Mapping[str, Any], costs: Mapping[str, Any]) -> Figure:
    """Draw the error of a truncated gradient, and what it costs, against its length.

    Parameters
    ----------
    steps
        Truncation lengths k, of shape ``(lengths,)``.
    errors
        Name of each gradient, with its relative error, from 0 to 1, for every length.
    costs
        Name of each cost, with its values for every length, as a multiple of the first.
    """
    figure, (above, below) = new_figure(2, 1, height=5.6, sharex=True)
    for axis, curves, markers in ((above, errors, "os^D"), (below, costs, "os")):
        for (name, values), marker in zip(curves.items(), markers, strict=False):
            axis.plot(steps, values, marker=marker, markersize=5, label=name)
        axis.legend()
    above.set(ylabel="error of the gradient", ylim=(0, 1))
    below.set(xlabel="truncation length k (steps)", ylabel="times the cost of the first")
    below.set(xscale="log", yscale="log")
    below.set_xticks(list(steps), [f"{k}" for k in steps])
    below.minorticks_off()
    return figure
