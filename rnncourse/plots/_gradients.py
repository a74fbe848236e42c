"""Vanishing and exploding gradients: norms, eigenvalues, cliffs and clipping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS = (("blue", "-"), ("vermillion", "--"), ("green", "-."), ("purple", ":"))


@drawn
def norms_by_lag(panels: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Draw how a gradient's norm changes with the lag, on a logarithmic scale.

    Parameters
    ----------
    panels
        Title of each panel, with the lines in it: the label of each, with its norm at every
        lag from 0, of shape ``(lags,)``. A norm of zero is not drawn. A label that several
        panels share looks the same in each and stands in the legend once.
    """
    figure, axes = new_figure(
        len(panels), 1, height=1.2 + 2.1 * len(panels), sharex=True, sharey=True, squeeze=False
    )
    for axis, (title, lines) in zip(axes[:, 0], panels.items(), strict=True):
        axis.axhline(1, color="0.6", linewidth=0.8, linestyle="-")
        for (label, norms), (colour, style) in zip(lines.items(), _LOOKS, strict=False):
            shown = np.where(np.asarray(norms) > 0, norms, np.nan)
            axis.semilogy(shown, color=PALETTE[colour], linestyle=style, linewidth=2, label=label)
        axis.set_title(title)
    axes[-1, 0].set_xlabel("lag in time steps")
    figure.supylabel("norm", fontsize=11)
    handles, names = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=min(3, -(-len(names) // 2) + 1))
    return figure


@drawn
def eigenvalue_circles(clouds: Mapping[str, Any]) -> Figure:
    """Draw the eigenvalues of matrices in the complex plane, with the unit circle.

    Parameters
    ----------
    clouds
        Label of each matrix, up to 4, with its eigenvalues, of shape ``(units,)``.
    """
    figure, axis = new_figure(height=4.6)
    turn = np.linspace(0, 2 * np.pi, 200)
    circle = {"color": "black", "linestyle": "--", "linewidth": 1}
    axis.plot(np.cos(turn), np.sin(turn), label="absolute value 1", **circle)
    for (label, values), (colour, _), marker in zip(clouds.items(), _LOOKS, "os^D", strict=False):
        axis.plot(
            np.real(values),
            np.imag(values),
            marker,
            linestyle="none",
            color=PALETTE[colour],
            markersize=4.5,
            label=label,
        )
    axis.set(xlabel="real part", ylabel="imaginary part", aspect="equal")
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def activation_slopes() -> Figure:
    """Draw tanh, sigmoid and ReLU, and below them their slopes."""
    a = np.linspace(-4, 4, 801)
    sigmoid = 1 / (1 + np.exp(-a))
    curves = {
        "tanh": (np.tanh(a), 1 - np.tanh(a) ** 2),
        "sigmoid": (sigmoid, sigmoid * (1 - sigmoid)),
        "ReLU": (np.maximum(0, a), np.where(a == 0, np.nan, a > 0)),
    }
    figure, (above, below) = new_figure(2, 1, height=4.8, sharex=True)
    for (name, (value, slope)), (colour, style) in zip(curves.items(), _LOOKS, strict=False):
        look: dict[str, Any] = {"color": PALETTE[colour], "linestyle": style, "linewidth": 2}
        above.plot(a, value, label=name, **look)
        below.plot(a, slope, label=name, **look)
    above.set(ylabel="value", ylim=(-1.2, 2.2))
    below.set(ylabel="slope", xlabel="pre-activation a", ylim=(-0.05, 1.1))
    figure.legend(*above.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return figure


@drawn
def loss_cliff(w: Any, b: Any, loss: Any, paths: Mapping[str, Any]) -> Figure:
    """Draw a loss over two parameters as a map, with the paths of gradient descent.

    Parameters
    ----------
    w, b, loss
        The parameters and the loss at the points of a grid, of shape ``(rows, columns)``.
    paths
        Label of each path, up to 2, with w, b and the loss before every update in its first
        three columns, of shape ``(updates, 3)`` or wider. A point outside the map is not drawn
        there; an arrow shows where the path leaves.
    """
    from matplotlib.colors import LinearSegmentedColormap

    figure, (map_, curve) = new_figure(2, 1, height=6.4, height_ratios=(5, 3))
    greys = LinearSegmentedColormap.from_list("greys", ["white", "0.5"])  # the paths stay visible
    colours = map_.pcolormesh(w, b, loss, cmap=greys, vmin=0, shading="nearest", rasterized=True)
    figure.colorbar(colours, ax=map_, label="loss")
    left, right, bottom, top = np.min(w), np.max(w), np.min(b), np.max(b)
    looks = (("vermillion", "s", "--", 7), ("blue", "o", "-", 3.5))
    for (label, path), (colour, marker, style, size) in zip(paths.items(), looks, strict=False):
        look: dict[str, Any] = {"color": PALETTE[colour], "linestyle": style}
        points = np.asarray(path)[:, :2]
        inside = np.all((points >= (left, bottom)) & (points <= (right, top)), axis=1)
        visible = np.where(np.column_stack([inside, inside]), points, np.nan)
        map_.plot(*visible.T, marker=marker, markersize=size, linewidth=1, label=label, **look)
        if not inside.all():
            first = int(np.argmin(inside))
            start, way = points[first - 1], points[first] - points[first - 1]
            end = start + 0.3 * (top - bottom) * way / np.hypot(*way)
            arrow = {"arrowstyle": "-|>", "color": PALETTE[colour], "linewidth": 2}
            map_.annotate("", end, start, arrowprops=arrow)
        curve.semilogy(np.asarray(path)[:, 2], linewidth=2, label=label, **look)
    map_.set(xlabel="weight w", ylabel="bias b", xlim=(left, right), ylim=(bottom, top))
    curve.set(xlabel="update", ylabel="loss")
    figure.legend(*map_.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


@drawn
def clipped_arrows(vectors: Mapping[str, Any]) -> Figure:
    """Draw a gradient of two numbers and what ways of clipping make of it, as arrows.

    Parameters
    ----------
    vectors
        Label of each vector, up to 4, with its two numbers. Vectors that are equal are drawn
        over each other, in lines of different width.
    """
    figure, axis = new_figure(height=1.9)
    looks = zip(
        ("0.5", *(PALETTE[c] for c in ("blue", "vermillion", "green"))), "dos^", strict=True
    )
    widths = (1.5, 4, 5, 2)
    for (label, vector), (colour, marker), width in zip(
        vectors.items(), looks, widths, strict=False
    ):
        axis.plot(
            [0, vector[0]],
            [0, vector[1]],
            marker=marker,
            markevery=[1],
            markersize=9,
            linestyle="-",
            color=colour,
            linewidth=width,
            label=label,
        )
    axis.set(xlabel="part for w", ylabel="part for b", aspect="equal")
    axis.margins(0.05, 0.25)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def accuracy_dots(
    results: Mapping[str, Mapping[Any, Sequence[float]]], chance: float, xlabel: str
) -> Figure:
    """Draw the share of right answers of several trials, one dot for each seed.

    Parameters
    ----------
    results
        Label of each way of training, up to 4, with the shares of its seeds by group.
    chance
        The share that a guess gets right.
    xlabel
        What the groups are.
    """
    figure, axis = new_figure(height=3.4)
    looks = zip(("vermillion", "blue", "green", "purple"), "xos^", strict=True)
    groups = [str(group) for group in next(iter(results.values()))]
    for number, ((label, by_group), (colour, marker)) in enumerate(
        zip(results.items(), looks, strict=False)
    ):
        aside = 0.2 * (number - (len(results) - 1) / 2)
        dots = [
            (place + aside + 0.05 * (seed - (len(shares) - 1) / 2), share)
            for place, shares in enumerate(by_group.values())
            for seed, share in enumerate(shares)
        ]
        axis.plot(
            *np.transpose(dots),
            marker,
            linestyle="none",
            color=PALETTE[colour],
            markersize=7,
            label=label,
        )
    axis.axhline(chance, color="black", linestyle="--", linewidth=1, label="chance")
    axis.set_xticks(range(len(groups)), groups)
    axis.set(xlabel=xlabel, ylabel="share of right answers", ylim=(-0.03, 1.05))
    figure.legend(loc="outside upper center", ncols=len(results) + 1)
    return figure
