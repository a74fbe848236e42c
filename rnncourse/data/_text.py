"""Text as a stream of tokens, made by rules."""

from __future__ import annotations

_SMALL = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelled_numbers(first: int = 1, last: int = 9999) -> list[str]:
    """Count from one number to another in English words; a full stop ends each number.

    Data card
    ---------
    What: the numbers ``first`` to ``last`` in order, one token a word, as in "one thousand two
    hundred three ." There is no "and" and no hyphen. From 1 to 9999 these are 63,099 tokens, of
    which 30 are different. After the first few tokens of a stream the rest is certain: whoever
    knows how to count and remembers the number before makes no mistake.
    How made: by the rules of English, without chance. Licence: none needed.
    Source: the idea is that of the data set Human Numbers in J. Howard and S. Gugger, "Deep
    Learning for Coders with fastai and PyTorch", O'Reilly, 2020, chapter 12.

    Parameters
    ----------
    first, last
        Where the counting begins and ends, both included.

    Returns
    -------
    The tokens.

    Raises
    ------
    ValueError
        If ``first`` is below 0, ``last`` is above 9999, or ``first`` comes after ``last``.
    """
    if not 0 <= first <= last <= 9999:
        raise ValueError(f"from {first} to {last}: the words are known for 0 to 9999, in order")
    return [token for number in range(first, last + 1) for token in [*_spell(number), "."]]


def _spell(number: int) -> list[str]:
    """Spell one number from 0 to 9999."""
    words: list[str] = []
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            words += [_SMALL[number // size], name]
            number %= size
    if number >= 20:
        words.append(_TENS[number // 10 - 2])
        number %= 10
    if number or not words:
        words.append(_SMALL[number])
    return words
