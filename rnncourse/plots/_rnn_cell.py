"""The recurrent cell: tanh, unrolling, memory, and the output layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, new_figure

if TYPE_CHECKING:
    from IPython.display import HTML
    from matplotlib.figure import Figure


@drawn
def tanh_curve(a: Any, h: Any) -> Figure:
    """Draw the hyperbolic tangent, its straight line near zero, and values that met it.

    Parameters
    ----------
    a
        Pre-activations, of shape ``(time, units)``, units up to 3.
    h
        The hidden states they became, of the same shape.
    """
    figure, axis = new_figure(height=3.2)
    line = np.linspace(-3, 3, 301)
    axis.axhline(0, color="0.6", linewidth=0.8, linestyle="-")
    axis.plot(line, np.tanh(line), label="tanh(a)")
    axis.plot(line[100:201], line[100:201], color="0.35", linestyle=":", label="a itself")
    marks = zip("os^", ("vermillion", "green", "purple"), strict=True)
    for unit, (marker, colour) in zip(range(np.shape(a)[1]), marks, strict=False):
        axis.plot(
            np.asarray(a)[:, unit],
            np.asarray(h)[:, unit],
            marker,
            color=PALETTE[colour],
            markersize=8,
            linestyle="none",
            label=f"unit {unit + 1}",
        )
    axis.set(xlabel="pre-activation a", ylabel="hidden state h", ylim=(-1.1, 1.1))
    axis.legend()
    return figure


def unrolling_animation(x: Any, h: Any, h_0: Any = None) -> HTML:
    """Show a cell unrolled in time, step by step, with the values that it computed.

    Parameters
    ----------
    x
        Inputs of one sequence, of shape ``(time, features)``.
    h
        Its hidden states, of shape ``(time, units)``.
    h_0
        The state before the first step, of shape ``(units,)``; zeros if left out.

    Returns
    -------
    HTML that needs neither a network nor a kernel, works by keyboard, and stands still
    until asked to move.

    Raises
    ------
    ValueError
        If there are more than 4 steps, 3 features or 3 units, or lengths that do not fit.
    """
    from IPython.display import HTML

    from rnncourse.plots._unrolling import unrolling_html

    states = np.asarray(h, dtype=float)
    first = np.zeros(states.shape[-1]) if h_0 is None else np.asarray(h_0, dtype=float)
    return HTML(unrolling_html(np.asarray(x, dtype=float), states, first))


@drawn
def impulse_response(states: Mapping[str, Any]) -> Figure:
    """Draw how hidden states go on after one impulse at the first step.

    Parameters
    ----------
    states
        Label of each cell, with its hidden state at every step, of shape ``(time,)``.
    """
    figure, axis = new_figure(height=3.2)
    axis.axhline(0, color="0.6", linewidth=0.8, linestyle="-")
    for label, state in states.items():
        axis.plot(np.arange(1, len(state) + 1), state, linewidth=2, label=label)
    axis.set(xlabel="time step", ylabel="hidden state h")
    axis.set_ylim(bottom=min(0, axis.get_ylim()[0]), top=1)
    axis.legend(title="recurrent weight", loc="center right")
    return figure


@drawn
def two_beginnings(inputs: Any, gaps: Mapping[str, Any]) -> Figure:
    """Draw two inputs that end alike, and how far apart they leave the hidden states.

    Parameters
    ----------
    inputs
        The two sequences, of shape ``(2, time)``.
    gaps
        Label of each cell, with the distance between its two hidden states at every step,
        of shape ``(time,)``. A distance of zero is not drawn: the scale is logarithmic.
    """
    figure, (above, below) = new_figure(2, 1, height=4.8, sharex=True)
    steps = np.arange(1, np.shape(inputs)[1] + 1)
    above.plot(steps, inputs[0], "o-", markersize=7, linewidth=3.5, label="first sequence")
    above.plot(steps, inputs[1], "s--", markersize=4, label="second sequence")
    above.set(ylabel="input x")
    above.legend(loc="upper right", ncols=2)
    above.margins(y=0.25)
    for (label, gap), style in zip(gaps.items(), ("o-", "s--", "^-."), strict=False):
        drawn = np.where(np.asarray(gap) > 0, gap, np.nan)
        below.semilogy(steps, drawn, style, markersize=4, label=label)
    below.set(xlabel="time step", ylabel="distance of states")
    below.legend()
    return figure


@drawn
def scores_and_probabilities(scores: Any, probabilities: Any, names: Sequence[str]) -> Figure:
    """Draw the scores of an output layer beside the probabilities that softmax makes.

    Parameters
    ----------
    scores
        Any real numbers, of shape ``(outputs,)``.
    probabilities
        What softmax makes of them, of shape ``(outputs,)``.
    names
        What each output stands for.
    """
    figure, (left, right) = new_figure(1, 2, height=2.8)
    panels = (
        (left, scores, "scores", "blue", "{:.1f}"),
        (right, probabilities, "probabilities", "orange", "{:.4f}"),
    )
    for axis, values, title, colour, style in panels:
        bars = axis.bar(list(names), values, color=PALETTE[colour], edgecolor="black")
        axis.bar_label(bars, fmt=style, padding=3)
        axis.axhline(0, color="black", linewidth=0.8, linestyle="-")
        axis.margins(y=0.2)
        axis.set_title(title)
    right.set_ylim(0, 1)
    return figure
