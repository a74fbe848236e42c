"""Turn LaTeX formulas into MathML, which browsers show without a script and without a network."""

from __future__ import annotations

import re
from xml.etree import ElementTree

__all__ = ["to_mathml"]

#: Nobody writes a longer formula by hand, and converting takes time.
_MAX_LENGTH = 3000

_TAGS = (
    "math mrow mi mn mo ms mtext mspace msub msup msubsup munder mover munderover mmultiscripts "
    "mprescripts none mfrac msqrt mroot mtable mtr mtd mstyle mpadded mphantom menclose"
)
_ATTRIBUTES = (
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence "
    "form height largeop linebreak linethickness lspace mathvariant maxsize minsize movablelimits "
    "notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset "
    "width"
)
_KNOWN_TAGS, _KNOWN_ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())
#: How many parts an element must have; a broken formula lacks some.
_PARTS = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
#: Plain words and lengths of one digit: nothing that could load, run or cover the page.
_VALUE = re.compile(r"[a-z][a-z -]*|[+-]?\d?(\.\d+)?(em|ex|pt|px|mu|%)?")
_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{1,6});")


def to_mathml(latex: str, display: bool = False) -> str:
    """Convert a formula.

    Parameters
    ----------
    latex
        The formula without its dollar signs. It may be anybody's: what comes out holds
        mathematics and nothing else.
    display
        Whether it stands on a line of its own.

    Returns
    -------
    A ``<math>`` element.

    Raises
    ------
    ValueError
        If the formula is broken, or says what cannot be shown.
    """
    from latex2mathml.converter import convert_to_element

    if len(latex) > _MAX_LENGTH:
        raise ValueError("the formula is too long")
    try:
        formula = convert_to_element(latex, display="block" if display else "inline")
    except Exception as error:  # of many kinds, RecursionError among them
        raise ValueError(f"the formula is broken: {type(error).__name__}") from None
    _clean(formula)
    return ElementTree.tostring(formula, encoding="unicode", short_empty_elements=False)


def _clean(formula: ElementTree.Element) -> None:
    """Drop what is no mathematics."""
    for element in formula.iter():
        text = element.text or ""
        # an unknown command and a stray & come back as they were
        if element.tag not in _KNOWN_TAGS or text.startswith("\\") or text == "&":
            raise ValueError(f"the formula has an unknown part: {text or element.tag}")
        if len(element) != _PARTS.get(element.tag, len(element)):
            raise ValueError("the formula is broken: something is missing")
        element.attrib = {
            name: value
            for name, value in element.attrib.items()
            if name == "xmlns" or (name in _KNOWN_ATTRIBUTES and _VALUE.fullmatch(value))
        }
        # the converter writes signs as references, and leaves the rest unescaped
        element.text = _REFERENCE.sub(_sign, text)


def _sign(reference: re.Match[str]) -> str:
    number = int(reference[1], 16)
    return chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
