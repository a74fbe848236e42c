"""Sequences: series, windows, splits, forecasts, and the patterns of networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, new_figure, square

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@drawn
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
    figure, axis = new_figure(height=3.4)
    axis.plot(time, actual, "o", color="black", markersize=4, linestyle="none", label="what came")
    for name, values in predicted.items():
        axis.plot(time, values, linewidth=2, label=name)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
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
    figure, axes = new_figure(2, 1, height=4.4, sharex=True, sharey=True)
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


@drawn
def lag_scatter(panels: Mapping[str, Any]) -> Figure:
    """Draw each value of a series against the value one step later.

    Parameters
    ----------
    panels
        Title of each panel, with its series, of shape ``(time,)``.
    """
    figure, axes = new_figure(1, len(panels), height=2.9, sharex=True, sharey=True)
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


@drawn
def batch_shape(steps: int, features: int) -> Figure:
    """Draw an array of shape (samples, steps, features) as a stack of sheets.

    Parameters
    ----------
    steps, features
        Rows and columns of a sheet, small enough to count.
    """
    figure, axis = new_figure(height=3.4)
    sheets, shift = 3, 0.45
    for sheet in reversed(range(sheets)):  # the first sample lies in front
        left, top = shift * sheet, shift * sheet
        colour = PALETTE["sky"] if sheet == 0 else "0.9"
        for row in range(steps):
            for column in range(features):
                corner = (left + column, top - row - 1)
                axis.add_patch(square(corner, colour))
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


@drawn
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
    figure, axis = new_figure(height=0.5 * (samples + 3))
    rows = [("series", range(len(values)), len(values))]
    rows += [(f"sample {i}", range(i, i + steps + 1), i + steps) for i in range(samples)]
    for row, (name, columns, target) in enumerate(rows):
        axis.text(-0.2, -row - 0.5, name, ha="right", va="center")
        for column in columns:
            colour = "white" if row == 0 else PALETTE["orange" if column == target else "sky"]
            axis.add_patch(square((column, -row - 1), colour, bold=column == target))
            axis.text(column + 0.5, -row - 0.5, f"{values[column]:g}", ha="center", va="center")
    handles = [
        square((0, 0), PALETTE["sky"], label="input x"),
        square((0, 0), PALETTE["orange"], bold=True, label="target y"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    axis.set(xlim=(-1.8, len(values) + 0.1), ylim=(-len(rows) - 0.1, 0.1), aspect="equal")
    axis.set_axis_off()
    return figure


@drawn
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
    figure, axes = new_figure(2, 3, height=5.2)
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


@drawn
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
    figure, axes = new_figure(len(panels), 1, height=2.2 * len(panels), sharex=True)
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


@drawn
def step_weights(weights: Mapping[str, Any]) -> Figure:
    """Draw how much every step of a window counts in a forecast.

    Parameters
    ----------
    weights
        Name of each forecaster, with its weight for every step, oldest first, of shape
        ``(steps,)``.
    """
    figure, axis = new_figure(height=3.2)
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
