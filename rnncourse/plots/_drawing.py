"""What every figure shares: the palette, the style, and how a figure is made."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np

if TYPE_CHECKING:
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


def drawn(function: Callable[P, Figure]) -> Callable[P, Figure]:
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


def new_figure(
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


def heat_map(
    axis: Any,
    values: Any,
    label: str,
    limits: tuple[float, float] | None = None,
    columns: Sequence[Any] | None = None,
    rows: Sequence[Any] | None = None,
    colorbar: bool = True,
) -> Any:
    """Draw a matrix as coloured cells, with a bar that says what the colours mean.

    Parameters
    ----------
    axis
        Where to draw.
    values
        Of shape ``(rows, columns)``; row 0 is drawn at the top.
    label
        What the colours mean, with units.
    limits
        Values of the first and the last colour; the smallest and the largest if left out.
        Limits of opposite sign get colours that part at zero.
    columns, rows
        What each column and row is called; counted from 1 if left out.
    colorbar
        Whether to draw the bar; several panels with the same limits need one.

    Returns
    -------
    The image, for its data and its colours.
    """
    numbers = np.asarray(values, dtype=float)
    low, high = limits if limits is not None else (numbers.min(), numbers.max())
    image = axis.imshow(
        numbers,
        aspect="auto",
        interpolation="nearest",
        cmap="PuOr_r" if low < 0 < high else "cividis",
        vmin=low,
        vmax=high,
    )
    for names, side in ((columns, axis.xaxis), (rows, axis.yaxis)):
        count = numbers.shape[1 if side is axis.xaxis else 0]
        if names is not None:
            side.set_ticks(range(count), [str(name) for name in names])
        else:
            every = max(1, round(count / 8))
            side.set_ticks(range(0, count, every), [str(n + 1) for n in range(0, count, every)])
    axis.spines[:].set_visible(True)
    if colorbar:
        axis.figure.colorbar(image, ax=axis, label=label)
    return image


def square(corner: tuple[float, float], colour: str, bold: bool = False, label: str = "") -> Any:
    """Make a unit square, whose lower left corner is given."""
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
