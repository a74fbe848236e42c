"""Training and looking inside: descent, learning curves, feature maps, and what layers hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS = ("o-", "s--", "^-.", "D:")


@drawn
def descent_paths(weights: Any, losses: Any, paths: Mapping[str, tuple[Any, Any]]) -> Figure:
    """Draw the loss of one weight, a panel a learning rate, with the steps of its descent.

    Parameters
    ----------
    weights, losses
        Points of the loss curve, both of shape ``(points,)``.
    paths
        Title of each panel, with the weights that descent visited and their losses, both of
        shape ``(steps + 1,)``. Steps off the curve's ends are left out of the panel.
    """
    figure, axes = new_figure(len(paths), 1, height=1.75 * len(paths), sharex=True, sharey=True)
    looks = zip(_MARKS, ("blue", "vermillion", "green", "purple"), strict=True)
    for axis, (title, path), (mark, colour) in zip(
        np.atleast_1d(axes), paths.items(), looks, strict=False
    ):
        axis.plot(weights, losses, color="0.35", linestyle="-", linewidth=1.2)
        axis.plot(*path, mark, color=PALETTE[colour], markersize=6, linewidth=1.2, label="steps")
        axis.annotate(
            "start", (path[0][0], path[1][0]), (-6, -12), textcoords="offset points", ha="right"
        )
        axis.set(title=title, ylabel="loss")
    np.atleast_1d(axes)[-1].set_xlabel("weight w")
    np.atleast_1d(axes)[-1].set(
        xlim=(np.min(weights), np.max(weights)), ylim=(-1.5, np.max(losses) * 1.05)
    )
    return figure


@drawn
def noisy_series(x: Any, y: Any, clean: Any) -> Figure:
    """Draw series with the value to be forecast, over the waves without their noise.

    Parameters
    ----------
    x
        What a network sees, of shape ``(samples, time, 1)``; a panel each.
    y
        The next value of each, of shape ``(samples, 1)``.
    clean
        The waves without noise, of shape ``(samples, time + 1)``.
    """
    samples, time, _ = np.shape(x)
    figure, axes = new_figure(samples, 1, height=1.5 * samples + 0.6, sharex=True, sharey=True)
    for row, axis in enumerate(np.atleast_1d(axes)):
        axis.plot(np.arange(1, time + 2), clean[row], linewidth=1.2, label="wave without noise")
        axis.plot(
            np.arange(1, time + 1),
            np.asarray(x)[row, :, 0],
            "o",
            color="black",
            markersize=3,
            linestyle="none",
            label="what the network sees",
        )
        axis.plot(
            [time + 1],
            np.asarray(y)[row],
            "^",
            color=PALETTE["orange"],
            markeredgecolor="black",
            markersize=9,
            linestyle="none",
            label="target",
        )
    np.atleast_1d(axes)[-1].set_xlabel("time step")
    figure.supylabel("value", fontsize=11)
    handles, names = np.atleast_1d(axes)[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2)
    return figure


@drawn
def learning_curves(
    curves: Mapping[str, Any], levels: Mapping[str, float], ylabel: str = "mean squared error"
) -> Figure:
    """Draw losses after each epoch, beside errors to compare them with.

    Parameters
    ----------
    curves
        Name of each curve, with its loss after every epoch, of shape ``(epochs,)``.
    levels
        Name of each level, such as a baseline's error, with its value.
    ylabel
        What the loss is, with units; its axis is logarithmic.
    """
    figure, axis = new_figure(height=3.4)
    epochs = 1
    for (name, losses), mark in zip(curves.items(), _MARKS, strict=False):
        epochs = max(epochs, len(losses))
        axis.semilogy(np.arange(1, len(losses) + 1), losses, mark, markersize=4, label=name)
    for name, level in levels.items():
        axis.axhline(level, color="black", linestyle=":", linewidth=1.2)
        axis.annotate(
            name, (epochs, level), (0, 3), textcoords="offset points", ha="right", va="bottom"
        )
    axis.set(xlabel="epoch", ylabel=ylabel)
    axis.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def layer_activations(activations: Mapping[str, Any], x: Any = None) -> Figure:
    """Draw what each layer of a network puts out for one sequence.

    An output with a time axis becomes a heat map, a row a feature and a column a time step;
    an output of the last step becomes bars.

    Parameters
    ----------
    activations
        Name of each layer, with its output for ONE sequence, of shape ``(time, features)``
        or ``(features,)``.
    x
        The sequence, of shape ``(time,)``, to be drawn above; left out if None.

    Raises
    ------
    ValueError
        If an output has another number of axes; the message names the layer and the shape.
    """
    outputs = {name: np.asarray(values, dtype=float) for name, values in activations.items()}
    for name, values in outputs.items():
        if values.ndim not in (1, 2):
            raise ValueError(
                f"the output of layer {name!r} for one sequence has shape {values.shape}, "
                "expected (time, features) or (features,)"
            )
    maps = [values for values in outputs.values() if values.ndim == 2]
    heights = [1.0] * (x is not None) + [1.7 if v.ndim == 2 else 1.1 for v in outputs.values()]
    figure, axes = new_figure(
        len(heights), 1, height=1.2 * sum(heights) + 0.6, height_ratios=heights
    )
    panels = list(np.atleast_1d(axes))
    if x is not None:
        axis = panels.pop(0)
        axis.plot(np.arange(len(x)), x, "o-", color="black", markersize=3, linewidth=1)
        axis.set(title="input", ylabel="value", xlim=(-0.5, len(x) - 0.5), xticks=[])
    limit = max((np.abs(values).max() for values in maps), default=1.0) or 1.0
    images = []
    for axis, (name, values) in zip(panels, outputs.items(), strict=True):
        if values.ndim == 2:
            image = heat_map(axis, values.T, "", limits=(-limit, limit), colorbar=False)
            images.append((image, axis))
            axis.set_ylabel("feature")
            axis.set_xlabel("time step")
        else:
            places = np.arange(1, len(values) + 1)
            axis.bar(places, values, color=PALETTE["sky"], edgecolor="black", linewidth=0.6)
            axis.axhline(0, color="black", linewidth=0.8, linestyle="-")
            axis.set(xlabel="feature", ylabel="output")
            axis.xaxis.get_major_locator().set_params(integer=True)
            if len(values) == 1:
                axis.set(xlim=(-2, 4), xticks=[1])
        axis.set_title(f"{name}, {values.shape}")
    if images:
        figure.colorbar(images[0][0], ax=[axis for _, axis in images], label="output")
    return figure


@drawn
def layer_contents(shares: Mapping[str, Mapping[str, Any]], layers: Any) -> Figure:
    """Draw how well quantities can be read out of layers, a panel a quantity.

    Parameters
    ----------
    shares
        Title of each panel, with the name of each network, at most three, and the share of
        the quantity's variance that was read out of its layers, of shape ``(seeds, layers)``.
    layers
        What each layer is called.
    """
    figure, axes = new_figure(2, -(-len(shares) // 2), height=4.9, sharex=True, sharey=True)
    looks = (("o", "blue", 0.18), ("s", "vermillion", -0.18), ("^", "green", 0.0))
    places = np.arange(len(layers))
    for axis, (title, networks) in zip(np.ravel(axes), shares.items(), strict=False):
        for (name, values), (marker, colour, shift) in zip(networks.items(), looks, strict=False):
            rows = np.atleast_2d(values)
            axis.plot(places + shift, rows.mean(axis=0), color=PALETTE[colour], linewidth=1)
            for row in rows:
                axis.plot(
                    places + shift,
                    row,
                    marker,
                    color=PALETTE[colour],
                    markerfacecolor=PALETTE[colour] if marker == "o" else "none",
                    linestyle="none",
                    markersize=5,
                    label=name,
                )
        axis.axhline(0, color="0.6", linewidth=0.8, linestyle="-")
        axis.set_title(title)
        axis.set_xticks(places, [str(layer) for layer in layers])
        axis.set(ylim=(-0.12, 1.08), xlim=(-0.5, len(layers) - 0.5))
    figure.supxlabel("layer", fontsize=11)
    figure.supylabel("share read out (1 = all)", fontsize=11)
    handles, names = np.ravel(axes)[0].get_legend_handles_labels()
    found = dict(zip(names, handles, strict=True))
    figure.legend(found.values(), found.keys(), loc="outside upper center", ncols=len(found))
    return figure
