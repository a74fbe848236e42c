"""Training in practice: padding, masks, dropout, loss curves, and noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure, square

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@drawn
def padded_batches(panels: Mapping[str, Any], mask: Mapping[str, Any]) -> Figure:
    """Draw batches of symbols, with the steps that are padding in grey.

    Parameters
    ----------
    panels
        Title of each panel, with its symbols, of shape ``(batch, time)``.
    mask
        For the same titles, which steps are real, of the same shape.
    """
    shapes = [np.shape(x) for x in panels.values()]
    rows, columns = sum(batch for batch, _ in shapes), max(time for _, time in shapes)
    figure, axes = new_figure(len(panels), 1, height=0.45 * rows + 0.6 * len(panels) + 0.4)
    for axis, (title, x) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        for row, (symbols, real) in enumerate(zip(np.asarray(x), mask[title], strict=True)):
            for step, (symbol, is_real) in enumerate(zip(symbols, real, strict=True)):
                colour = PALETTE["sky"] if is_real else "0.88"
                axis.add_patch(square((step, -row - 1), colour))
                axis.text(
                    step + 0.5,
                    -row - 0.5,
                    f"{symbol:g}",
                    ha="center",
                    va="center",
                    color="black" if is_real else "0.45",
                )
        axis.set(xlim=(-0.1, columns + 0.1), ylim=(-len(x) - 0.1, 0.1), aspect="equal")
        axis.set_title(title)
        axis.set_axis_off()
    handles = [
        square((0, 0), PALETTE["sky"], label="real step"),
        square((0, 0), "0.88", label="padding"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


@drawn
def fading_memory(
    gaps: Mapping[str, Any], length: int, ylabel: str = "distance of the two states"
) -> Figure:
    """Draw how far apart two states are, step by step, on a logarithmic scale.

    Parameters
    ----------
    gaps
        Name of each curve, with its distances, of shape ``(time,)``; zeros are left out.
    length
        How many steps are real; padding follows.
    ylabel
        What the distances are.
    """
    figure, axis = new_figure(height=3.4)
    end = 1
    for name, values in gaps.items():
        numbers = np.asarray(values, dtype=float)
        end = max(end, len(numbers))
        axis.plot(
            np.arange(1, len(numbers) + 1),
            np.where(numbers > 0, numbers, np.nan),
            linewidth=2,
            label=name,
        )
    axis.axvspan(length + 0.5, end + 0.5, color="0.92", zorder=0)
    axis.text(length + 1, 0.04, "padding", transform=axis.get_xaxis_transform(), color="0.3")
    axis.set(xlabel="time step", ylabel=ylabel, yscale="log", xlim=(0.5, end + 0.5))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def dropout_masks(panels: Mapping[str, Any]) -> Figure:
    """Draw dropout masks of one sequence: a row for each unit, a column for each time step.

    Parameters
    ----------
    panels
        Title of each panel, with its mask, of shape ``(time, units)``.
    """
    figure, axes = new_figure(len(panels), 1, height=2.1 * len(panels), sharex=True)
    highest = max(float(np.max(mask)) for mask in panels.values())
    for axis, (title, mask) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        heat_map(axis, np.asarray(mask).T, "factor", limits=(0.0, highest))
        axis.set_title(title)
        axis.set_ylabel("unit")
    np.atleast_1d(axes)[-1].set_xlabel("time step")
    return figure


@drawn
def early_stopping(train: Any, validation: Any, best: int, stopped: int) -> Figure:
    """Draw the losses of training and validation, the best epoch, and where training stops.

    Parameters
    ----------
    train, validation
        The losses after each epoch, of shape ``(epochs,)``.
    best, stopped
        The epoch of the lowest validation loss and the last one that a patient trainer runs,
        counted from 0.
    """
    figure, axis = new_figure(height=3.5)
    epochs = np.arange(len(train))
    axis.plot(epochs, train, linewidth=2, label="training")
    axis.plot(epochs, validation, linewidth=2, label="validation")
    axis.plot(
        best,
        np.asarray(validation)[best],
        "o",
        color="black",
        markersize=9,
        linestyle="none",
        label=f"best epoch, {best}",
    )
    axis.axvline(stopped, color="0.35", linestyle=":", linewidth=2, label=f"stop, epoch {stopped}")
    axis.set(xlabel="epoch", ylabel="loss", ylim=(0, None))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def loss_curves(
    curves: Mapping[str, Any], level: float | None = None, level_name: str = "", log: bool = False
) -> Figure:
    """Draw losses against the number of updates.

    Parameters
    ----------
    curves
        Name of each curve, with the loss after each update, of shape ``(updates,)``.
    level, level_name
        A loss to compare with, such as that of guessing, and what it is called.
    log
        Whether the losses stand on a logarithmic scale; what is not finite is left out.
    """
    figure, axis = new_figure(height=3.4)
    for name, values in curves.items():
        losses = np.asarray(values, dtype=float)
        losses = np.where(np.isfinite(losses), losses, np.nan)
        axis.plot(np.arange(len(losses)), losses, linewidth=2, label=name)
    if level is not None:
        axis.axhline(level, color="0.45", linestyle="-", linewidth=1, label=level_name)
    axis.set(xlabel="updates", ylabel="loss")
    if log:
        axis.set_yscale("log")
    else:
        axis.set_ylim(0, None)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def padding_cost(panels: Mapping[str, Any]) -> Figure:
    """Draw how many steps of each batch are real and how many are padding.

    Parameters
    ----------
    panels
        Title of each panel, with the real and the padded steps of each batch, of shape
        ``(batches, 2)``.
    """
    figure, axes = new_figure(len(panels), 1, height=1.8 * len(panels) + 0.6, sharey=True)
    for axis, (title, counts) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        real, padded = np.asarray(counts).T
        at = np.arange(1, len(real) + 1)
        axis.bar(at, real, color=PALETTE["sky"], edgecolor="black", linewidth=0.5)
        axis.bar(
            at, padded, bottom=real, color="0.85", hatch="//", edgecolor="black", linewidth=0.5
        )
        axis.set_title(title)
        axis.set_ylabel("steps")
    np.atleast_1d(axes)[-1].set_xlabel("batch")
    figure.legend(
        handles=np.atleast_1d(axes)[0].containers,
        labels=["real", "padding"],
        loc="outside upper center",
        ncols=2,
    )
    return figure
