"""The figures of the chapters, each one call that returns a matplotlib ``Figure``.

A figure reads well at 375 px: it is five inches wide with eleven-point labels, and its
lines differ in style as well as in colour. Colours are Okabe and Ito's palette, which
colour-blind readers can tell apart (Color Universal Design, 2008).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np

if TYPE_CHECKING:
    from IPython.display import HTML
    from matplotlib.figure import Figure

P = ParamSpec("P")

PALETTE = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "purple": "#CC79A7",
}

_STYLE: dict[str, Any] = {
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "legend.fontsize": 10,
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "rnncourse",
}


def _drawn(function: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw in the course's style, and as vectors where a notebook shows the figure."""

    @functools.wraps(function)
    def draw(*args: P.args, **kwargs: P.kwargs) -> Figure:
        import matplotlib.pyplot as plt
        from cycler import cycler
        from IPython import get_ipython
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        if get_ipython() is not None:
            set_matplotlib_formats("svg")
        colours = [PALETTE[name] for name in ("blue", "vermillion", "green", "purple", "black")]
        cycle = cycler(color=colours) + cycler(linestyle=["-", "--", "-.", ":", "-"])
        style: Any = _STYLE | {"axes.prop_cycle": cycle}
        with plt.rc_context(style):
            return function(*args, **kwargs)

    return draw


def _figure(
    rows: int = 1, columns: int = 1, height: float = 3.0, width: float = 5.0, **options: Any
) -> tuple[Figure, Any]:
    """Make a figure; returns it and its axes.

    The figure is not pyplot's current one, so a notebook shows it once: where it is
    returned.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(rows, columns, figsize=(width, height), **options)
    plt.close(figure)
    return figure, axes


@_drawn
def tanh_curve(a: Any, h: Any) -> Figure:
    """Draw the hyperbolic tangent, its straight line near zero, and values that met it.

    Parameters
    ----------
    a
        Pre-activations, of shape ``(time, units)``, units up to 3.
    h
        The hidden states they became, of the same shape.
    """
    figure, axis = _figure(height=3.2)
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

    from rnncourse._unrolling import unrolling_html

    states = np.asarray(h, dtype=float)
    first = np.zeros(states.shape[-1]) if h_0 is None else np.asarray(h_0, dtype=float)
    return HTML(unrolling_html(np.asarray(x, dtype=float), states, first))


@_drawn
def impulse_response(states: Mapping[str, Any]) -> Figure:
    """Draw how hidden states go on after one impulse at the first step.

    Parameters
    ----------
    states
        Label of each cell, with its hidden state at every step, of shape ``(time,)``.
    """
    figure, axis = _figure(height=3.2)
    axis.axhline(0, color="0.6", linewidth=0.8, linestyle="-")
    for label, state in states.items():
        axis.plot(np.arange(1, len(state) + 1), state, linewidth=2, label=label)
    axis.set(xlabel="time step", ylabel="hidden state h")
    axis.set_ylim(bottom=min(0, axis.get_ylim()[0]), top=1)
    axis.legend(title="recurrent weight", loc="center right")
    return figure


@_drawn
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
    figure, (above, below) = _figure(2, 1, height=4.8, sharex=True)
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


@_drawn
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
    figure, (left, right) = _figure(1, 2, height=2.8)
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


@_drawn
def forecasts(
    time: Any,
    actual: Any,
    predicted: Mapping[str, Any],
    xlabel: str = "time step",
    ylabel: str = "value",
) -> Figure:
    """Draw forecasts over what really came.

    Parameters
    ----------
    time
        The time steps, of shape ``(time,)``.
    actual
        What came at each of them, of the same shape.
    predicted
        Name of each forecast, with its values, of the same shape.
    xlabel, ylabel
        What the axes show, with units.
    """
    figure, axis = _figure(height=3.4)
    axis.plot(time, actual, "o", color="black", markersize=4, linestyle="none", label="what came")
    for name, values in predicted.items():
        axis.plot(time, values, linewidth=2, label=name)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@_drawn
def series_and_shuffle(
    time: Any, series: Any, shuffled: Any, xlabel: str = "time step", ylabel: str = "value"
) -> Figure:
    """Draw a series over the same values in a random order.

    Parameters
    ----------
    time
        The time steps, of shape ``(time,)``.
    series, shuffled
        The values in their own order and in another, both of shape ``(time,)``.
    xlabel, ylabel
        What the axes show, with units.
    """
    figure, axes = _figure(2, 1, height=4.4, sharex=True, sharey=True)
    panels = (("in order", series, "blue", "o"), ("shuffled", shuffled, "vermillion", "s"))
    for axis, (title, values, colour, marker) in zip(axes, panels, strict=True):
        axis.plot(
            time,
            values,
            color=PALETTE[colour],
            linestyle="-",
            linewidth=1,
            marker=marker,
            markersize=3,
        )
        axis.set_title(title)
    axes[1].set_xlabel(xlabel)
    figure.supylabel(ylabel, fontsize=11)
    return figure


@_drawn
def lag_scatter(panels: Mapping[str, Any]) -> Figure:
    """Draw each value of a series against the value one step later.

    Parameters
    ----------
    panels
        Title of each panel, with its series, of shape ``(time,)``.
    """
    figure, axes = _figure(1, len(panels), height=2.9, sharex=True, sharey=True)
    styles = (("blue", "o"), ("vermillion", "s"))
    for axis, (title, series), (colour, marker) in zip(
        np.atleast_1d(axes), panels.items(), styles, strict=False
    ):
        values = np.asarray(series)
        axis.scatter(values[:-1], values[1:], s=14, color=PALETTE[colour], marker=marker)
        ends = [values.min(), values.max()]
        axis.plot(ends, ends, color="0.5", linestyle=":", linewidth=1.5)
        axis.set_title(title)
        axis.set_xlabel("value now")
    np.atleast_1d(axes)[0].set_ylabel("value one step later")
    return figure


@_drawn
def batch_shape(steps: int, features: int) -> Figure:
    """Draw an array of shape (samples, steps, features) as a stack of sheets.

    Parameters
    ----------
    steps, features
        Rows and columns of a sheet, small enough to count.
    """
    figure, axis = _figure(height=3.4)
    sheets, shift = 3, 0.45
    for sheet in reversed(range(sheets)):  # the first sample lies in front
        left, top = shift * sheet, shift * sheet
        colour = PALETTE["sky"] if sheet == 0 else "0.9"
        for row in range(steps):
            for column in range(features):
                corner = (left + column, top - row - 1)
                axis.add_patch(_square(corner, colour))
    for row in range(steps):
        for column in range(features):
            axis.text(column + 0.5, -row - 0.5, f"0,{row},{column}", ha="center", va="center")
    end = shift * (sheets - 1)
    arrow = {"arrowstyle": "->", "linewidth": 1.5}
    axis.annotate("", (-0.3, -steps), (-0.3, 0), arrowprops=arrow)
    axis.text(-0.45, -steps / 2, "steps (time)", ha="right", va="center")
    axis.annotate("", (features, -steps - 0.25), (0, -steps - 0.25), arrowprops=arrow)
    axis.text(features / 2, -steps - 0.4, "features", ha="center", va="top")
    axis.annotate(
        "", (features + end + 0.25, end - steps), (features + 0.25, -steps), arrowprops=arrow
    )
    axis.text(features + end + 0.15, end / 2 - steps - 0.1, "samples", ha="left", va="center")
    axis.set(xlim=(-2.2, features + end + 1.6), ylim=(-steps - 1, end + 0.1), aspect="equal")
    axis.set_axis_off()
    return figure


@_drawn
def sliding_windows(series: Any, steps: int) -> Figure:
    """Draw how a short series is cut into inputs and targets, one sample a row.

    Parameters
    ----------
    series
        A handful of values, of shape ``(time,)``.
    steps
        How many values make one input.
    """
    values = np.asarray(series)
    samples = len(values) - steps
    figure, axis = _figure(height=0.5 * (samples + 3))
    rows = [("series", range(len(values)), len(values))]
    rows += [(f"sample {i}", range(i, i + steps + 1), i + steps) for i in range(samples)]
    for row, (name, columns, target) in enumerate(rows):
        axis.text(-0.2, -row - 0.5, name, ha="right", va="center")
        for column in columns:
            colour = "white" if row == 0 else PALETTE["orange" if column == target else "sky"]
            square = _square((column, -row - 1), colour, bold=column == target)
            axis.add_patch(square)
            axis.text(column + 0.5, -row - 0.5, f"{values[column]:g}", ha="center", va="center")
    handles = [
        _square((0, 0), PALETTE["sky"], label="input x"),
        _square((0, 0), PALETTE["orange"], bold=True, label="target y"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    axis.set(xlim=(-1.8, len(values) + 0.1), ylim=(-len(rows) - 0.1, 0.1), aspect="equal")
    axis.set_axis_off()
    return figure


@_drawn
def sequence_patterns() -> Figure:
    """Draw the ways in which a recurrent network takes in and gives out steps.

    One step in and one out; one in and many out; many in and one out; many in and many out,
    step by step or after all of the input has been read.
    """
    patterns = (
        ("one-to-one", (0,), (0,), 1),
        ("one-to-many", (0,), (0, 1, 2), 3),
        ("many-to-one", (0, 1, 2), (2,), 3),
        ("many-to-many:\nan output a step", (0, 1, 2), (0, 1, 2), 3),
        ("many-to-many:\nread, then write", (0, 1, 2), (2, 3, 4), 5),
    )
    figure, axes = _figure(2, 3, height=5.2)
    line = {"color": "black", "linestyle": "-", "linewidth": 1.2}
    kinds = {
        "output": {"marker": "^", "color": PALETTE["orange"]},
        "network": {"marker": "s", "color": PALETTE["green"]},
        "input": {"marker": "o", "color": PALETTE["sky"]},
    }
    for axis, (title, inputs, outputs, length) in zip(axes.flat, patterns, strict=False):
        at = {"input": inputs, "network": range(length), "output": outputs}
        axis.plot([0, length - 1], [1, 1], **line)
        for step in inputs:
            axis.plot([step, step], [0, 1], **line)
        for step in outputs:
            axis.plot([step, step], [1, 2], **line)
        for height, (kind, steps) in enumerate(at.items()):
            for step in steps:
                axis.plot(step, height, markersize=13, markeredgecolor="black", **kinds[kind])
        middle = (length - 1) / 2
        axis.set(xlim=(middle - 2.6, middle + 2.6), ylim=(-0.6, 2.6))
        axis.set_title(title, loc="center", fontsize=10)
        axis.set_axis_off()
    legend = axes.flat[-1]
    for kind, look in kinds.items():
        legend.plot(
            [], [], linestyle="none", markersize=11, markeredgecolor="black", label=kind, **look
        )
    legend.plot([], [], label="information", **line)
    legend.legend(loc="center", fontsize=10)
    legend.set_axis_off()
    return figure


@_drawn
def splits(
    time: Any, series: Any, panels: Mapping[str, Any], xlabel: str = "year", ylabel: str = "value"
) -> Figure:
    """Draw which steps of a series train, validate and test, for one or more ways to split it.

    Parameters
    ----------
    time, series
        Time steps and values, of shape ``(time,)``.
    panels
        Title of each panel, with the indices of its train, validation and test steps. A part
        without steps is left out.
    xlabel, ylabel
        What the axes show, with units.
    """
    figure, axes = _figure(len(panels), 1, height=2.2 * len(panels), sharex=True)
    times, values = np.asarray(time), np.asarray(series)
    looks = (("train", "blue", "o"), ("validation", "black", "x"), ("test", "orange", "^"))
    for axis, (title, parts) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        axis.plot(times, values, color="0.8", linestyle="-", linewidth=1)
        for indices, (name, colour, marker) in zip(parts, looks, strict=True):
            if len(indices) == 0:
                continue  # the legend names what there is to see
            axis.plot(
                times[indices],
                values[indices],
                linestyle="none",
                marker=marker,
                markersize=5,
                color=PALETTE[colour],
                label=name,
            )
        axis.set_title(title)
    np.atleast_1d(axes)[-1].set_xlabel(xlabel)
    figure.supylabel(ylabel, fontsize=11)
    handles, names = np.atleast_1d(axes)[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=3)
    return figure


@_drawn
def step_weights(weights: Mapping[str, Any]) -> Figure:
    """Draw how much every step of a window counts in a forecast.

    Parameters
    ----------
    weights
        Name of each forecaster, with its weight for every step, oldest first, of shape
        ``(steps,)``.
    """
    figure, axis = _figure(height=3.2)
    width = 0.8 / len(weights)
    looks = (("blue", ""), ("orange", "///"))
    for number, ((name, values), (colour, hatch)) in enumerate(
        zip(weights.items(), looks, strict=False)
    ):
        steps_back = np.arange(len(values), 0, -1)
        places = -steps_back + (number - (len(weights) - 1) / 2) * width
        axis.bar(
            places,
            values,
            width,
            label=name,
            color=PALETTE[colour],
            hatch=hatch,
            edgecolor="black",
            linewidth=0.6,
        )
        axis.set_xticks(-steps_back, [str(back) for back in steps_back])
    axis.axhline(0, color="black", linewidth=0.8, linestyle="-")
    axis.set(xlabel="steps before the target", ylabel="weight in the forecast")
    axis.legend(loc="upper left")
    return figure


def _square(corner: tuple[float, float], colour: str, bold: bool = False, label: str = "") -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(
        corner,
        1,
        1,
        facecolor=colour,
        edgecolor="black",
        linewidth=2.2 if bold else 0.8,
        label=label,
    )
