"""Two directions and many layers: who sees what, what it costs, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure, square

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@drawn
def two_chains(x: Any, forward: Any, backward: Any) -> Figure:
    """Draw a bidirectional network unrolled: each input feeds two chains of states.

    Parameters
    ----------
    x
        Inputs of one sequence with one feature, of shape ``(time,)``, time up to 5.
    forward, backward
        States of one unit for each direction, both of shape ``(time,)``, in the order of time.
    """
    figure, axis = new_figure(height=3.6)
    rows = (
        ("backward\nstate", backward, 3.2, "orange"),
        ("input", x, 1.6, "sky"),
        ("forward\nstate", forward, 0.0, "yellow"),
    )
    gap, arrow = 1.6, {"arrowstyle": "->", "linewidth": 1.4}
    last = len(x) - 1
    for name, values, height, colour in rows:
        axis.text(-0.3, height + 0.5, name, ha="right", va="center")
        for t, value in enumerate(values):
            axis.add_patch(square((gap * t, height), PALETTE[colour]))
            shown = f"{value:g}" if name == "input" else f"{value:.2f}"
            text = shown.replace("-", "−")
            axis.text(gap * t + 0.5, height + 0.5, text, ha="center", va="center", fontsize=10)
    for t in range(len(x)):
        left = gap * t
        axis.annotate("", (left + 0.5, 3.2), (left + 0.5, 2.6), arrowprops=arrow)
        axis.annotate("", (left + 0.5, 1.0), (left + 0.5, 1.6), arrowprops=arrow)
        axis.text(left + 0.5, -0.2, f"step {t + 1}", ha="center", va="top", fontsize=10)
        if t < last:
            axis.annotate("", (left + gap, 0.5), (left + 1, 0.5), arrowprops=arrow)
            axis.annotate("", (left + 1, 3.7), (left + gap, 3.7), arrowprops=arrow)
    axis.set(xlim=(-1.9, gap * last + 1.2), ylim=(-0.8, 4.3), aspect="equal")
    axis.set_axis_off()
    return figure


@drawn
def tagged_sequence(numbers: Any, truth: Any, tags: Mapping[str, Any]) -> Figure:
    """Draw a sequence of numbers, its true tags, and what taggers say, step by step.

    Parameters
    ----------
    numbers
        The sequence, of shape ``(time,)``.
    truth
        1 where a step has the tag, else 0, of shape ``(time,)``.
    tags
        Name of each tagger, with what it says, as ``truth``. Wrong tags are crossed out.
    """
    figure, (above, below) = new_figure(
        2,
        1,
        height=2.4 + 0.42 * (len(tags) + 1),
        sharex=True,
        gridspec_kw={"height_ratios": [2, 0.45 * (len(tags) + 1)]},
    )
    right, steps = np.asarray(truth), np.arange(1, len(truth) + 1)
    above.plot(steps, numbers, "o-", markersize=4, color=PALETTE["blue"])
    peaks = right == 1
    above.plot(
        steps[peaks],
        np.asarray(numbers)[peaks],
        "o",
        linestyle="none",
        markersize=11,
        markerfacecolor="none",
        markeredgewidth=1.8,
        color=PALETTE["vermillion"],
        label="local maximum",
    )
    above.set(ylabel="number", ylim=(-0.05, 1.25))
    above.legend(loc="upper right")
    rows = {"truth": right} | {name: np.asarray(said) for name, said in tags.items()}
    for row, (name, said) in enumerate(rows.items()):
        for step, value in zip(steps, said, strict=True):
            colour = PALETTE["vermillion"] if value else "white"
            below.add_patch(square((step - 0.5, -row - 1), colour))
        wrong = np.flatnonzero(said != right)
        below.plot(
            steps[wrong], -row - 0.5 + 0 * wrong, "x", linestyle="none", color="black", label=name
        )
    below.set_yticks([-row - 0.5 for row in range(len(rows))], list(rows))
    below.set(xlabel="time step", xlim=(0.4, len(steps) + 0.6), ylim=(-len(rows), 0))
    below.set_xticks([1, *range(5, len(steps) + 1, 5)])
    below.spines[:].set_visible(False)
    below.tick_params(length=0)
    return figure


@drawn
def what_it_sees(maps: Mapping[str, Any]) -> Figure:
    """Draw how strongly every output of a network depends on every input.

    Parameters
    ----------
    maps
        Title of each panel, with a matrix of shape ``(time, time)``: row t holds how strongly
        output t answers to a small change of each input. Each is drawn relative to its largest.
    """
    figure, axes = new_figure(1, len(maps), height=2.6, sharey=True)
    for axis, (title, values) in zip(np.atleast_1d(axes), maps.items(), strict=True):
        strength = np.asarray(values, dtype=float)
        image = heat_map(axis, strength / strength.max(), "", limits=(0, 1), colorbar=False)
        ends = [0, len(strength) - 1]
        axis.set_xticks(ends, [str(end + 1) for end in ends])
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("input step")
    np.atleast_1d(axes)[0].set_ylabel("output step")
    figure.colorbar(image, ax=axes, label="strength / largest")
    return figure


@drawn
def accuracy_by_step(curves: Mapping[str, Any], ceiling: Any) -> Figure:
    """Draw how often taggers are right at each time step, with the best that is possible.

    Parameters
    ----------
    curves
        Name of each tagger, with its accuracy at each step, of shape ``(time,)``.
    ceiling
        The accuracy that nobody without the future can beat, of shape ``(time,)``.
    """
    figure, axis = new_figure(height=3.6)
    steps = np.arange(1, len(ceiling) + 1)
    axis.plot(
        steps, ceiling, color="0.45", linewidth=6, linestyle="-", alpha=0.5, label="causal ceiling"
    )
    for (name, values), marker in zip(curves.items(), "os^D", strict=False):
        axis.plot(steps, values, marker=marker, markersize=4, label=name)
    axis.set(xlabel="time step", ylabel="share of right tags")
    axis.set_xticks([1, *range(5, len(steps) + 1, 5)])
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def responses(inputs: Any, panels: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Draw how a state answers when one input is moved and all others stay.

    Parameters
    ----------
    inputs
        The values that the input takes, of shape ``(values,)``.
    panels
        Title of each panel, with the name of each curve and its states, of shape ``(values,)``.
    """
    figure, axes = new_figure(1, len(panels), height=3.2, sharey=True)
    for axis, (title, curves) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        for name, states in curves.items():
            axis.plot(inputs, states, linewidth=2, label=name)
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("value of the input")
    np.atleast_1d(axes)[0].set_ylabel("state of a unit at step t")
    handles, names = np.atleast_1d(axes)[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2)
    return figure


@drawn
def accuracy_by_seed(
    accuracies: Mapping[str, Any], baselines: Mapping[str, float], xlabel: str
) -> Figure:
    """Draw the accuracy of several networks, a mark a seed, over lines of baselines.

    Parameters
    ----------
    accuracies
        What each network is called, with its accuracy for each seed, of shape ``(seeds,)``.
    baselines
        Name and accuracy of each baseline.
    xlabel
        What the networks differ in.
    """
    figure, axis = new_figure(height=3.4)
    for number, values in enumerate(accuracies.values()):
        for aside, value, marker in zip((-0.16, 0.0, 0.16), values, "os^", strict=False):
            axis.plot(
                number + aside,  # so that equal values do not hide each other
                value,
                marker,
                markersize=8,
                markeredgecolor="black",
                color=PALETTE["sky"],
                linestyle="none",
            )
    for (name, value), style in zip(baselines.items(), ("--", ":"), strict=False):
        axis.axhline(value, color="black", linestyle=style, linewidth=1.4, label=name)
    axis.set_xticks(range(len(accuracies)), list(accuracies))
    axis.set(xlabel=xlabel, ylabel="test accuracy", xlim=(-0.5, len(accuracies) - 0.5))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def cost_growth(panels: Mapping[str, Mapping[int, float]]) -> Figure:
    """Draw measured costs against what they grow with, beside exact proportion.

    Parameters
    ----------
    panels
        What grows, such as ``"layers"``, with the cost at each size. Costs are drawn relative to
        that of the smallest size.
    """
    figure, axes = new_figure(1, len(panels), height=3.0)
    for axis, (name, costs) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        sizes = np.array(sorted(costs))
        relative = np.array([costs[size] for size in sizes]) / costs[sizes[0]]
        axis.plot(sizes, sizes / sizes[0], "-", color="0.6", label="in proportion")
        axis.plot(sizes, relative, "o", linestyle="none", color=PALETTE["blue"], label="measured")
        axis.set_xticks(sizes)
        axis.set(xlabel=name, ylim=(0, None))
    np.atleast_1d(axes)[0].set_ylabel("time / time of the smallest")
    handles, names = np.atleast_1d(axes)[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2)
    return figure
