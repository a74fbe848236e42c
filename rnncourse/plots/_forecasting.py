"""Forecasts: series, errors by horizon, intervals, a walk that nobody forecasts, and faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = (
    ("black", ":", ""),
    ("orange", "-.", "s"),
    ("green", "--", "^"),
    ("purple", "-.", "D"),
    ("vermillion", "--", "v"),
    ("blue", "-", "o"),
)


@drawn
def measured_series(series: Mapping[str, tuple[Any, Any]]) -> Figure:
    """Draw one series above the other, each over its own times.

    Parameters
    ----------
    series
        What is measured, with its unit, and the times and values, of shape ``(time,)`` each.
        A value that is ``nan`` leaves a gap.
    """
    figure, axes = new_figure(len(series), 1, height=1.9 * len(series), squeeze=False)
    for axis, (name, (times, values)) in zip(axes[:, 0], series.items(), strict=True):
        axis.plot(np.asarray(times), np.asarray(values), linewidth=1)
        axis.set_title(name)
    axes[-1, 0].set_xlabel("year")
    return figure


@drawn
def error_by_horizon(errors: Mapping[str, Any], ylabel: str, xlabel: str) -> Figure:
    """Draw the error of several forecasters against how far ahead they forecast.

    Parameters
    ----------
    errors
        Name of each forecaster, with its errors 1, 2, ... steps ahead, of shape
        ``(horizon,)``, or of shape ``(seeds, horizon)``: then the mean is drawn, in a band from
        the smallest to the largest.
    ylabel, xlabel
        What the errors and the steps are, with units.
    """
    figure, axis = new_figure(height=4.0)
    for (name, values), (colour, style, marker) in zip(errors.items(), _LOOKS, strict=False):
        rows = np.atleast_2d(values)
        steps = np.arange(1, rows.shape[1] + 1)
        if len(rows) > 1:
            low, high = rows.min(axis=0), rows.max(axis=0)
            axis.fill_between(steps, low, high, color=PALETTE[colour], alpha=0.2, linewidth=0)
        axis.plot(
            steps,
            rows.mean(axis=0),
            color=PALETTE[colour],
            linestyle=style,
            marker=marker,
            markersize=5,
            markevery=max(1, len(steps) // 8),
            label=name,
        )
    axis.set(xlabel=xlabel, ylabel=ylabel, ylim=(0, None))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def forecast_fan(past: Any, truth: Any, forecast: Any, low: Any, high: Any, ylabel: str) -> Figure:
    """Draw a forecast of several steps with its interval, after the values before it.

    Parameters
    ----------
    past
        Values up to the forecast, of shape ``(time,)``.
    truth, forecast, low, high
        What came, what was forecast, and the ends of the interval, of shape ``(horizon,)``.
    ylabel
        What the values are, with their unit.
    """
    before, steps = np.asarray(past), np.arange(1, len(truth) + 1)
    figure, axis = new_figure(height=3.4)
    times = np.arange(1 - len(before), 1)
    axis.plot(times, before, color="black", linestyle="-", marker="o", markersize=3, label="past")
    axis.fill_between(
        steps, np.asarray(low), np.asarray(high), color=PALETTE["sky"], alpha=0.4, label="interval"
    )
    axis.plot(steps, np.asarray(forecast), color=PALETTE["blue"], linestyle="-", label="forecast")
    axis.plot(
        steps,
        np.asarray(truth),
        color=PALETTE["vermillion"],
        linestyle="none",
        marker="o",
        markersize=5,
        label="what came",
    )
    axis.set(xlabel="months from the forecast", ylabel=ylabel)
    figure.legend(loc="outside upper center", ncols=4, columnspacing=1.0)
    return figure


@drawn
def levels_and_changes(price: Any, forecast: Any, shown: int = 100) -> Figure:
    """Draw forecasts of a price twice: as levels, where they look right, and as changes.

    Parameters
    ----------
    price
        The price of each day, of shape ``(time,)``.
    forecast
        What had been forecast for days 2, 3, ..., of shape ``(time - 1,)``.
    shown
        How many of the last days the upper panel shows.
    """
    levels, ahead = np.asarray(price), np.asarray(forecast)
    figure, (above, below) = new_figure(2, 1, height=6.4, gridspec_kw={"height_ratios": (2, 3)})
    days = np.arange(len(levels))[-shown:]
    above.plot(days, levels[-shown:], color="black", linestyle="-", label="price")
    above.plot(days, ahead[-shown:], color=PALETTE["orange"], linestyle="--", label="forecast")
    above.set(xlabel="day of the test", ylabel="price", title="levels")
    above.legend(loc="best")
    change, expected = levels[1:] - levels[:-1], ahead - levels[:-1]
    below.plot(
        change, expected, linestyle="none", marker=".", markersize=4, color=PALETTE["blue"],
        label="a day",
    )  # fmt: skip
    reach = float(np.abs(change).max())
    below.plot(
        [-reach, reach], [-reach, reach], color="black", linestyle=":", label="a perfect forecast"
    )
    below.set(xlabel="change that came", ylabel="change that was forecast", title="changes")
    below.legend(loc="upper left")
    return figure


@drawn
def fault_alarms(
    measured: Any, expected: Any, score: Any, threshold: float, faulty: Any, ylabel: str
) -> Figure:
    """Draw readings with what was expected, over the score that raises an alarm.

    Parameters
    ----------
    measured, expected, score
        What the sensor said, what was forecast, and how unusual that is, of shape ``(time,)``.
    threshold
        Above this score there is an alarm.
    faulty
        True where the sensor was broken, of shape ``(time,)``.
    ylabel
        What the readings are, with their unit.
    """
    broken, values = np.asarray(faulty).astype(bool), np.asarray(score)
    hours = np.arange(len(values))
    figure, (above, below) = new_figure(2, 1, height=4.8, sharex=True)
    above.plot(hours, measured, color="black", linestyle="-", linewidth=1.2, label="measured")
    above.plot(hours, expected, color=PALETTE["orange"], linestyle="--", label="expected")
    above.set_ylabel(ylabel)
    below.plot(hours, values, color=PALETTE["blue"], linestyle="-", label="score")
    below.axhline(threshold, color=PALETTE["vermillion"], linestyle="--", label="threshold")
    below.set(xlabel="hour", ylabel="score")
    edges = np.flatnonzero(np.diff(broken.astype(int), prepend=0, append=0)).reshape(-1, 2)
    for axis in (above, below):
        for number, (start, end) in enumerate(edges):  # half an hour to each side
            label = "broken" if axis is below and number == 0 else None
            axis.axvspan(start - 0.5, end - 0.5, color="0.85", linewidth=0, zorder=0, label=label)
    handles = [axis.get_legend_handles_labels() for axis in (above, below)]
    figure.legend(
        handles[0][0] + handles[1][0],
        handles[0][1] + handles[1][1],
        loc="outside upper center",
        ncols=3,
    )
    return figure


@drawn
def roc_curves(curves: Mapping[str, tuple[Any, Any]]) -> Figure:
    """Draw ROC curves: faults found against false alarms, for every threshold.

    Parameters
    ----------
    curves
        Name of each detector, with its false alarm rates and its hit rates, of shape
        ``(thresholds,)`` each.
    """
    figure, axis = new_figure(height=4.6)
    looks = _LOOKS[1:]
    for (name, (alarms, hits)), (colour, style, _) in zip(curves.items(), looks, strict=False):
        axis.plot(alarms, hits, color=PALETTE[colour], linestyle=style, linewidth=2, label=name)
    axis.plot([0, 1], [0, 1], color="0.5", linestyle=":", label="a coin")
    axis.set(
        xlabel="share of sound hours with a false alarm",
        ylabel="share of broken hours found",
        aspect="equal",
    )
    figure.legend(loc="outside upper center", ncols=2)
    return figure
