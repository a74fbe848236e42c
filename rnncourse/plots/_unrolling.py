"""The picture of a recurrent cell unrolled in time, as one self-contained piece of HTML.

It needs no network and no kernel. Without scripts it shows the whole unrolled row; with
them a reader steps through it by button or arrow key. Nothing moves until asked to, and
nothing slides for readers who prefer reduced motion.
"""

from __future__ import annotations

import hashlib
from html import escape
from string import Template

import numpy as np

_LEFT = 64  # room for h_0, in the units of the SVG's viewBox
_COLUMN = 100  # width of one time step
_HEIGHT = 236

_PAGE = Template("""\
<div class="rnn-unroll" data-unroll="$key" role="group" tabindex="0"
 aria-label="Unrolling a recurrent cell, step by step. Left and right arrow keys move.">
<style>$style</style>
<svg viewBox="0 0 $width $height" role="img" aria-label="$label">
<defs><marker id="rnn-tip-$key" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5"
 markerHeight="5" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker></defs>
$drawing
</svg>
<ol class="rnn-say" aria-live="polite">$sentences</ol>
<div class="rnn-buttons" hidden>
<button type="button" data-do="back">Back</button>
<button type="button" data-do="play">Play</button>
<button type="button" data-do="next">Next</button>
<span class="rnn-where"></span>
</div>
<script>$script</script>
</div>""")

_STYLE = """
.rnn-unroll{--ink:#1a1a1a;--paper:#fff;--edge:#6b6b6b;--in:#0072B2;--back:#A84300;--now:#FFF3C4;
box-sizing:border-box;max-width:34rem;padding:.75rem;border:1px solid var(--edge);
border-radius:.5rem;background:var(--paper);color:var(--ink);font:1rem/1.45 sans-serif}
html[data-theme=dark] .rnn-unroll,html[theme=dark] .rnn-unroll,
body[data-jp-theme-light=false] .rnn-unroll{--ink:#f2f2f2;--paper:#1b1e23;--edge:#9a9a9a;
--in:#6FC3F2;--back:#F2B33D;--now:#3d3a20}
html[data-theme=dark] .text_html:has(.rnn-unroll){background:none!important;padding:0!important}
.rnn-unroll svg{display:block;width:100%;height:auto}
.rnn-unroll text{fill:var(--ink);font:14px sans-serif;text-anchor:middle}
.rnn-unroll .sub{font-size:11px}
.rnn-unroll .in text{fill:var(--in)}.rnn-unroll .back text{fill:var(--back)}
.rnn-unroll line,.rnn-unroll path.loop{stroke-width:2;fill:none;stroke:var(--ink)}
.rnn-unroll .in line{stroke:var(--in)}
.rnn-unroll .back line,.rnn-unroll path.loop{stroke:var(--back);stroke-dasharray:6 3}
.rnn-unroll marker path{fill:var(--ink)}
.rnn-unroll rect{fill:var(--paper);stroke:var(--ink);stroke-width:2}
.rnn-unroll .now rect{fill:var(--now);stroke-width:3}
.rnn-unroll .step{transition:transform .6s,opacity .6s}
.rnn-unroll .off{opacity:0;transform:translateX(-100px)}
.rnn-unroll .folded{display:none}.rnn-unroll[data-at="0"] .folded{display:inline}
.rnn-unroll .rnn-say{margin:.25rem 0;padding:0;list-style:none}
.rnn-unroll[data-at] .rnn-say{min-height:6em}
.rnn-unroll .rnn-say li{margin:0 0 .4em}
.rnn-unroll .rnn-buttons{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.rnn-unroll [hidden]{display:none!important}
.rnn-unroll button{min-width:4.5rem;min-height:2.5rem;border:1px solid var(--edge);
border-radius:.35rem;background:var(--paper);color:var(--ink);font:inherit;cursor:pointer}
.rnn-unroll:focus-visible,.rnn-unroll button:focus-visible{outline:3px solid var(--in);
outline-offset:2px}
@media (prefers-reduced-motion:reduce){.rnn-unroll .step{transition:none}}
@media print{.rnn-unroll .off{opacity:1;transform:none}.rnn-unroll .rnn-buttons{display:none}}
"""

_SCRIPT = Template("""
for (const root of document.querySelectorAll('[data-unroll="$key"]:not([data-at])')) {
  const steps = [...root.querySelectorAll('.step')];
  const says = [...root.querySelectorAll('.rnn-say li')];
  const play = root.querySelector('[data-do=play]');
  let timer = null;
  const show = (at) => {
    at = Math.max(0, Math.min(steps.length, at));
    root.dataset.at = at;
    steps.forEach((step, i) => {
      step.classList.toggle('off', i >= at);
      step.classList.toggle('now', i === at - 1);
    });
    says.forEach((say, i) => { say.hidden = i !== at; });
    root.querySelector('.rnn-where').textContent = 'Step ' + at + ' of ' + steps.length;
    return at;
  };
  const pause = () => { clearInterval(timer); timer = null; play.textContent = 'Play'; };
  const move = (by) => show(Number(root.dataset.at) + by);
  const start = () => {
    if (Number(root.dataset.at) === steps.length) show(0);
    play.textContent = 'Pause';
    timer = setInterval(() => { if (move(1) === steps.length) pause(); }, 2500);
  };
  root.addEventListener('click', (event) => {
    const what = event.target.dataset.do;
    if (what === 'play') { if (timer) pause(); else start(); }
    if (what === 'back' || what === 'next') { pause(); move(what === 'next' ? 1 : -1); }
  });
  root.addEventListener('keydown', (event) => {
    const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (by) { pause(); move(by); event.preventDefault(); event.stopPropagation(); }
  });
  root.querySelector('.rnn-buttons').hidden = false;
  show(0);
}
""")


def unrolling_html(x: np.ndarray, h: np.ndarray, h_0: np.ndarray) -> str:
    """Draw a cell unrolled over the given inputs and hidden states.

    Parameters
    ----------
    x
        Inputs of one sequence, of shape ``(time, features)``.
    h
        Its hidden states, of shape ``(time, units)``.
    h_0
        The state before the first step, of shape ``(units,)``.

    Returns
    -------
    HTML, the same for the same numbers.

    Raises
    ------
    ValueError
        If the row would not be readable on a telephone: more than 4 steps, 3 features or
        3 units; or if the lengths do not fit together.
    """
    time, features = x.shape
    units = len(h_0)
    if h.shape != (time, units):
        raise ValueError(f"h has shape {h.shape}, expected {(time, units)}")
    if not 1 <= time <= 4 or features > 3 or units > 3:
        raise ValueError("the row is drawn for up to 4 steps, 3 features and 3 units")
    drawing = "\n".join(
        [_folded(), _start(h_0)] + [_step(t, x[t - 1], h[t - 1]) for t in range(1, time + 1)]
    )
    sentences = _sentences(x, h, h_0)
    key = hashlib.sha256(drawing.encode()).hexdigest()[:10]
    label = f"One recurrent cell drawn {time} times, once per time step. " + " ".join(
        f"h_{t} is {_tuple(h[t - 1])}." for t in range(1, time + 1)
    )
    return _PAGE.substitute(
        key=key,
        style=_STYLE,
        script=_SCRIPT.substitute(key=key),
        width=_LEFT + _COLUMN * time,
        height=_HEIGHT,
        label=escape(label, quote=True),
        drawing=drawing.replace("TIP", f"url(#rnn-tip-{key})"),
        sentences="".join(f"<li>{sentence}</li>" for sentence in sentences),
    )


def _sentences(x: np.ndarray, h: np.ndarray, h_0: np.ndarray) -> list[str]:
    """What is said at each step; the first sentence belongs to the folded drawing."""
    said = [
        f"Folded: one cell, and its output comes back to it at the next step. "
        f"It starts from h<sub>0</sub> = {_tuple(h_0)}."
    ]
    before = h_0
    for t, (now, after) in enumerate(zip(x, h, strict=True), start=1):
        said.append(
            f"Step {t}: x<sub>{t}</sub> = {_tuple(now)} and "
            f"h<sub>{t - 1}</sub> = {_tuple(before)} go in. "
            f"h<sub>{t}</sub> = {_tuple(after)} comes out. "
            + ("" if t == 1 else "W<sub>x</sub>, W<sub>h</sub> and b are the ones of step 1.")
        )
        before = after
    return said


def _start(h_0: np.ndarray) -> str:
    return "<g>" + _symbol(20, 120, "h", "0") + _below(20, 142, h_0) + "</g>"


def _folded() -> str:
    """One cell with a loop, in the place of the first step."""
    x = _LEFT + _COLUMN // 2
    loop = f"M{x + 26} 118h22v-50h-96v38h20"
    return (
        f'<g class="folded"><rect x="{x - 26}" y="98" width="52" height="44" rx="6"/>'
        f'<text x="{x}" y="125">cell</text>{_input(x, "t")}'
        f'<g class="back"><path class="loop" d="{loop}" marker-end="TIP"/>'
        f"{_symbol(x, 58, 'W', 'h')}</g></g>"
    )


def _step(t: int, x_t: np.ndarray, h_t: np.ndarray) -> str:
    x = _LEFT + _COLUMN * (t - 1) + _COLUMN // 2
    start = x - 26 - (_COLUMN - 52) if t > 1 else 38
    return (
        f'<g class="step"><g class="back"><line x1="{start}" y1="120" x2="{x - 28}" y2="120" '
        f'marker-end="TIP"/>{_symbol((start + x - 28) / 2 - 2, 110, "W", "h")}</g>'
        f'<rect x="{x - 26}" y="98" width="52" height="44" rx="6"/>'
        f'<text x="{x}" y="125">cell</text>{_input(x, str(t))}{_beside(x, 228, x_t)}'
        f'<line x1="{x}" y1="98" x2="{x}" y2="70" marker-end="TIP"/>'
        f"{_symbol(x - 20, 88, 'h', str(t))}{_below(x, 62 - 17 * (len(h_t) - 1), h_t)}</g>"
    )


def _input(x: float, index: str) -> str:
    return (
        f'<g class="in"><line x1="{x}" y1="192" x2="{x}" y2="144" marker-end="TIP"/>'
        f"{_symbol(x + 22, 172, 'W', 'x')}{_symbol(x, 208, 'x', index)}</g>"
    )


def _symbol(x: float, y: float, letter: str, index: str) -> str:
    return f'<text x="{x:g}" y="{y:g}">{letter}<tspan class="sub" dy="4">{index}</tspan></text>'


def _below(x: float, y: float, values: np.ndarray) -> str:
    """Write the values of a state, one a line."""
    return "".join(
        f'<text x="{x:g}" y="{y + 17 * row:g}">{_number(value, ".2f")}</text>'
        for row, value in enumerate(values)
    )


def _beside(x: float, y: float, values: np.ndarray) -> str:
    """Write the values of an input on one line."""
    return f'<text x="{x:g}" y="{y:g}">{_tuple(values)[1:-1]}</text>'


def _tuple(values: np.ndarray) -> str:
    return "(" + ", ".join(_number(value, ".4f") for value in values) + ")"


def _number(value: float, style: str) -> str:
    """Write a number with a true minus sign; whole numbers without decimals."""
    text = f"{value:.0f}" if float(value).is_integer() else f"{value:{style}}"
    return text.replace("-", "\N{MINUS SIGN}")
