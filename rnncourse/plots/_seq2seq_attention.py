"""Reading, then writing: the two networks, what free running costs, where a decoder looks."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rnncourse.plots._drawing import PALETTE, drawn, heat_map, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@drawn
def encoder_decoder(source: Sequence[str], target: Sequence[str]) -> Figure:
    """Draw an encoder that reads, the context vector, and a decoder that writes.

    Parameters
    ----------
    source
        The tokens that are read.
    target
        The tokens that are written; the inputs of the decoder are these, one step late.
    """
    figure, axis = new_figure(height=4.6)
    inputs = ["start", *target[:-1]]
    rows = (("encoder", 3.8, source, None), ("decoder", 0.6, inputs, target))
    for name, low, below, above in rows:
        colour = PALETTE["sky"] if above is None else PALETTE["orange"]
        axis.text(-0.3, low + 0.5, name, ha="right", va="center")
        for place, token in enumerate(below):
            _box(axis, place, low, colour)
            axis.text(place + 0.4, low - 0.65, token, ha="center", va="center", fontsize=10)
            _arrow(axis, (place + 0.4, low - 0.4), (place + 0.4, low))
            if place:
                _arrow(axis, (place - 0.2, low + 0.4), (place, low + 0.4))
            if above is not None:
                _arrow(axis, (place + 0.4, low + 0.8), (place + 0.4, low + 1.15))
                axis.text(
                    place + 0.4, low + 1.4, above[place], ha="center", va="center", fontsize=10
                )
    end = len(source) - 0.2
    path = [(end, 4.2), (end + 0.5, 4.2), (end + 0.5, 2.45), (-0.15, 2.45), (-0.15, 1.0)]
    axis.plot(*zip(*path, strict=True), color="black", linestyle="-", linewidth=3)
    _arrow(axis, (-0.15, 1.0), (0.0, 1.0), width=3.0)
    axis.text(end / 2, 2.48, "context vector", ha="center", va="bottom", fontweight="bold")
    axis.set(xlim=(-1.6, max(len(source), len(inputs)) + 0.5), ylim=(-0.4, 4.8))
    axis.set_axis_off()
    return figure


@drawn
def exposure_bias(true_prefix: Any, own_prefix: Any, places: Sequence[str]) -> Figure:
    """Draw how often each place of an answer is right, with the true prefix and with its own.

    Parameters
    ----------
    true_prefix
        Share of right tokens at each place under teacher forcing, of shape ``(time,)``.
    own_prefix
        The same when the decoder runs free.
    places
        What each place is called.
    """
    figure, axis = new_figure(height=3.2)
    steps = np.arange(len(places))
    axis.plot(steps, np.asarray(true_prefix), "o-", label="true prefix")
    axis.plot(steps, np.asarray(own_prefix), "s--", label="own prefix")
    axis.set_xticks(steps, list(places))
    axis.set(xlabel="place in the answer", ylabel="share of right tokens", ylim=(0, 1.05))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@drawn
def alignments(*maps: tuple[Sequence[str], Sequence[str], Any]) -> Figure:
    """Draw attention weights: a row for each token written, a column for each token read.

    Parameters
    ----------
    maps
        For each panel: the tokens that were read, those that were written, and the weights, of
        shape ``(target_time, source_time)``. Tokens may be Japanese: a figure made of vectors
        leaves the choice of the font to whoever shows it.
    """
    figure, axes = new_figure(len(maps), 1, height=3.3 * len(maps), squeeze=False)
    for axis, (source, target, weights) in zip(axes[:, 0], maps, strict=True):
        heat_map(axis, weights, "attention weight", (0.0, 1.0), source, target)
        axis.set(xlabel="read", ylabel="written")
        axis.tick_params(length=0)
        for label in axis.get_xticklabels():
            if not label.get_text().isascii():
                _leave_font_to_reader(label)
    return figure


@drawn
def wait_k_curve(share: Any, ceiling: Any) -> Figure:
    """Draw how many translations are right against the words that are read first.

    Parameters
    ----------
    share
        Share of right translations, of shape ``(seeds, k)``; ``k`` is counted from 1.
    ceiling
        What the best possible translator would reach, of shape ``(k,)``.
    """
    values, best = np.asarray(share), np.asarray(ceiling)
    figure, axis = new_figure(height=3.2)
    steps = np.arange(1, len(best) + 1)
    axis.step(
        steps, best, where="mid", color=PALETTE["black"], linestyle="-", label="best possible"
    )
    for row, marker, name in zip(
        values, "os^vD", ("blue", "vermillion", "green") * 2, strict=False
    ):
        axis.plot(steps, row, linestyle="none", marker=marker, color=PALETTE[name], alpha=0.8)
    axis.plot(
        [], [], linestyle="none", marker="o", color=PALETTE["blue"], label="network, each seed"
    )
    axis.set(xlabel="k, tokens read before the first word", ylabel="exact match", ylim=(0, 1.05))
    axis.set_xticks(steps)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


def _box(axis: Any, x: float, y: float, colour: str) -> None:
    from matplotlib.patches import Rectangle

    axis.add_patch(Rectangle((x, y), 0.8, 0.8, facecolor=colour, edgecolor="black"))


def _arrow(
    axis: Any, start: tuple[float, float], end: tuple[float, float], width: float = 1.2
) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "->", "linewidth": width})


def _leave_font_to_reader(text: Any) -> None:
    """Write a text as text into a figure of vectors, even if this machine lacks its font."""
    draw, extent = text.draw, text.get_window_extent

    def quiet(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            import matplotlib as mpl

            with warnings.catch_warnings(), mpl.rc_context({"svg.fonttype": "none"}):
                warnings.filterwarnings("ignore", message="Glyph .* missing from")
                return function(*args, **kwargs)

        return call

    text.draw, text.get_window_extent = quiet(draw), quiet(extent)
