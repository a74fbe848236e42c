"""Reviews made by rules, in English and in Japanese, and the loader of a real set of reviews."""

from __future__ import annotations

from pathlib import Path

import numpy as np

_NOUNS = ["food", "service", "room", "story", "acting", "music", "staff", "view", "soup", "film"]
_WORDS = {
    ("known", 1): [
        *("good", "great", "lovely", "nice", "fine", "pleasant", "superb", "charming"),
        *("delightful", "enjoyable", "brilliant", "excellent"),
    ],
    ("known", 0): [
        *("bad", "awful", "dreadful", "poor", "dull", "boring", "weak", "terrible", "bland"),
        *("horrible", "tedious", "mediocre"),
    ],
    ("unseen", 1): ["wonderful", "fantastic", "splendid", "impressive", "marvellous", "terrific"],
    ("unseen", 0): ["disappointing", "lousy", "dismal", "miserable", "atrocious", "shoddy"],
}
_ADVERBS = ("", "", "really", "very", "quite")
_TAILS = ("", "for us", "to me", "that evening", "on the whole", "this time")
_DEEDS = ("book", "wait", "stay long", "pay much", "ask for more")
_TAGS = ("#foodie", "#travel", "#movienight", "#review", "#weekend")
_FILLERS = ("um", "uh", "you know", "like", "i mean")

# Japanese nouns with what they are; the adjectives that suit them. An adjective that ends in だ
# is a na-adjective (快適だ, 快適ではない), one that ends in い is inflected (良い, 良くない).
_JA_NOUNS = {
    **{"料理": "food", "味": "food", "スープ": "food"},
    **{"映画": "story", "物語": "story", "音楽": "story"},
    **{"部屋": "place", "接客": "place", "雰囲気": "place"},
}
_JA_WORDS = {
    ("known", 1): {
        **{"良い": "any", "素晴らしい": "any", "最高だ": "any", "見事だ": "any", "好評だ": "any"},
        **{"優秀だ": "any", "美味しい": "food", "面白い": "story", "楽しい": "story"},
        **{"快適だ": "place"},
    },
    ("known", 0): {
        **{"悪い": "any", "ひどい": "any", "最悪だ": "any", "残念だ": "any", "粗末だ": "any"},
        **{"貧弱だ": "any", "不味い": "food", "つまらない": "story", "長い": "story"},
        **{"不便だ": "place"},
    },
    ("unseen", 1): dict.fromkeys(["良好だ", "優良だ", "良質だ", "優美だ", "好調だ", "快い"], "any"),
    ("unseen", 0): dict.fromkeys(
        ["不快だ", "不評だ", "劣悪だ", "粗悪だ", "悪質だ", "貧相だ"], "any"
    ),
}
_JA_TAILS = ("", "やはり", "正直", "今回は", "全体に")

_KINDS = {
    "en": ("plain", "order", "twice", "inverted", "posts", "voice"),
    "ja": ("plain", "order", "twice", "inverted"),
}


def reviews(
    samples: int,
    rng: np.random.Generator,
    kind: str = "order",
    language: str = "en",
    words: str = "known",
) -> tuple[list[str], np.ndarray]:
    """Make short reviews and say of each whether it is favourable.

    Data card
    ---------
    What: reviews of meals, films and rooms, in lower case. The label is 1 for favourable and 0
    for not; each makes up half. What decides depends on ``kind``:

    - ``"plain"``: two or three statements that agree. There is no negation and no contrast.
    - ``"order"``: a contrast ("the food was good , but the room was not nice"), in which what
      comes after "but" decides, or, in English, one statement after a remark ("we did not wait ,
      and the food was good"). Adjectives may be negated, near ("not very good") or from afar ("i
      would not call the food good"). Each review has a mirror in the set: the same words in
      another order, with the other label. So whoever only counts words is right in exactly
      half of them.
    - ``"twice"``: as the contrasts, but with two: "... , but ... , but ...". The last decides.
    - ``"inverted"``: what decides comes first: "the room was bad , though the food was good".
    - ``"posts"``: half plain and half order, in the style of short messages: letters repeated,
      abbreviations, hashtags; two of three end in an emoticon, which agrees with the label.
    - ``"voice"``: half plain and half order, as a recogniser of speech writes them: no
      punctuation, with fillers and repeated words.

    In Japanese, words are separated by spaces, as a morphological analyser would give them;
    without the spaces it is the text as people write it. The adjectives of ``words="unseen"``
    and ``words="known"`` have none in common; ``"all"`` draws from both. Most characters of
    unseen Japanese adjectives occur in known ones.
    How made: by a grammar, at random; the mirrors are made, then everything is shuffled.
    Size: as asked; 24 known and 12 unseen adjectives in English, 20 and 12 in Japanese.
    Licence: none needed. Source: made for this course.

    Parameters
    ----------
    samples
        How many reviews, an even number.
    rng
        Where the random numbers come from.
    kind
        See above; ``"posts"`` and ``"voice"`` are English only.
    language
        ``"en"`` or ``"ja"``.
    words
        ``"known"``, ``"unseen"`` or ``"all"``.

    Returns
    -------
    texts
        The reviews.
    y
        1 where a review is favourable and 0 elsewhere, of shape ``(samples,)``.

    Raises
    ------
    ValueError
        If ``samples`` is odd, or a name is none of the above.
    """
    if samples < 0 or samples % 2:
        raise ValueError(f"reviews come in pairs, and {samples} is not an even number of them")
    if kind not in _KINDS.get(language, ()) or words not in ("known", "unseen", "all"):
        known = ", ".join(_KINDS.get(language, ())) or "nothing"
        raise ValueError(
            f"no reviews of kind {kind!r} in {language!r} with {words!r} words: there is {known}, "
            "with 'known', 'unseen' or 'all' words, in 'en' and 'ja'"
        )
    pairs = [_pair(kind, language, words, rng) for _ in range(samples // 2)]
    texts = [text for pair in pairs for text in pair]
    labels = np.tile([1, 0], samples // 2)  # of each pair, the favourable one stands first
    order = rng.permutation(samples)
    return [texts[i] for i in order], labels[order]


def imdb(folder: str | Path, part: str = "train") -> tuple[list[str], np.ndarray]:
    """Read the Large Movie Review Dataset from a local copy.

    Data card
    ---------
    What: film reviews from IMDb in English, as people wrote them, HTML line breaks included; 1 for
    seven or more stars of ten, 0 for four or fewer. At most 30 reviews of one film; no film is in
    both parts. How made: collected by A. L. Maas et al., "Learning Word Vectors for Sentiment
    Analysis", ACL 2011, P11-1015. Size: 25,000 reviews in each part, half of each label.
    Licence: see the README of the data set, which asks to cite the paper.
    Source: https://ai.stanford.edu/~amaas/data/sentiment/. Nothing is downloaded here.

    Parameters
    ----------
    folder
        The unpacked folder ``aclImdb``, with ``train/pos/*.txt``, ``train/neg/*.txt`` and the same
        for ``test``.
    part
        ``"train"`` or ``"test"``.

    Returns
    -------
    texts
        The reviews: first the favourable ones, then the others, each in the order of file names.
    y
        1 where a review is favourable and 0 elsewhere, of shape ``(samples,)``.

    Raises
    ------
    FileNotFoundError
        If the folder does not hold the reviews; the message says where they come from.
    ValueError
        If ``part`` is none of the above.
    """
    if part not in ("train", "test"):
        raise ValueError(f"the parts of IMDb are 'train' and 'test', not {part!r}")
    texts: list[str] = []
    labels: list[int] = []
    for name, label in (("pos", 1), ("neg", 0)):
        place = Path(folder) / part / name
        files = sorted(place.glob("*.txt"))
        if not files:
            raise FileNotFoundError(
                f"no reviews in {place}: get the Large Movie Review Dataset of Maas et al. (2011) "
                "from https://ai.stanford.edu/~amaas/data/sentiment/ and unpack it, so that "
                f"{Path(folder)} holds train/pos, train/neg, test/pos and test/neg"
            )
        texts += [file.read_text(encoding="utf-8") for file in files]
        labels += [label] * len(files)
    return texts, np.array(labels)


def _pair(kind: str, language: str, words: str, rng: np.random.Generator) -> tuple[str, str]:
    """A favourable review and its counterpart: its mirror, except in plain reviews."""
    if kind in ("posts", "voice"):
        inner = "plain" if rng.random() < 0.5 else "order"
        pair = _pair(inner, language, words, rng)
        style = _as_post if kind == "posts" else _as_voice
        return style(pair[0], 1, rng), style(pair[1], 0, rng)
    make = _japanese if language == "ja" else _english
    return make(kind, words, rng)


def _one(items: tuple[str, ...] | list[str], rng: np.random.Generator) -> str:
    return items[int(rng.integers(len(items)))]


def _lexicon(table: dict, words: str, favourable: int) -> list[str]:
    which = ("known", "unseen") if words == "all" else (words,)
    return [word for part in which for word in table[part, favourable]]


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _english(kind: str, words: str, rng: np.random.Generator) -> tuple[str, str]:
    if kind == "plain":
        count = int(rng.integers(2, 4))
        return tuple(  # type: ignore[return-value]
            " , and ".join(_english_clause(label, False, words, rng) for _ in range(count))
            for label in (1, 0)
        )
    if kind == "order" and rng.random() < 0.3:
        return _english_remark(words, rng)
    good, bad = (_english_clause(label, rng.random() < 0.5, words, rng) for label in (1, 0))
    if kind == "twice":
        middle = _english_clause(int(rng.integers(2)), rng.random() < 0.5, words, rng)
        return f"{bad} , but {middle} , but {good}", f"{good} , but {middle} , but {bad}"
    if kind == "inverted":
        return f"{good} , though {bad}", f"{bad} , though {good}"
    return f"{bad} , but {good}", f"{good} , but {bad}"


def _english_clause(label: int, negated: bool, words: str, rng: np.random.Generator) -> str:
    """One statement that amounts to the label."""
    noun, adverb, tail = _one(_NOUNS, rng), _one(_ADVERBS, rng), _one(_TAILS, rng)
    adjective = _one(_lexicon(_WORDS, words, label ^ negated), rng)
    if negated and rng.random() < 0.4:
        return _join("i would not call the", noun, adverb, adjective, tail)
    return _join("the", noun, "was", "not" if negated else "", adverb, adjective, tail)


def _english_remark(words: str, rng: np.random.Generator) -> tuple[str, str]:
    """One statement after a remark: "not" stands in the statement, or in the remark."""
    polarity = int(rng.integers(2))
    noun, adverb, tail = _one(_NOUNS, rng), _one(_ADVERBS, rng), _one(_TAILS, rng)
    adjective, deed = _one(_lexicon(_WORDS, words, polarity), rng), _one(_DEEDS, rng)
    as_is = _join("we did not", deed, ", and the", noun, "was", adverb, adjective, tail)
    negated = _join("we did", deed, ", and the", noun, "was not", adverb, adjective, tail)
    return (as_is, negated) if polarity else (negated, as_is)


def _japanese(kind: str, words: str, rng: np.random.Generator) -> tuple[str, str]:
    if kind == "plain":
        count = int(rng.integers(2, 4))
        return tuple(  # type: ignore[return-value]
            " 。 ".join(_japanese_clause(label, False, words, rng) for _ in range(count)) + " 。"
            for label in (1, 0)
        )
    good, bad = (_japanese_clause(label, rng.random() < 0.5, words, rng) for label in (1, 0))
    link = _one(("けど", "が", "けれど"), rng)
    if kind == "twice":
        middle = _japanese_clause(int(rng.integers(2)), rng.random() < 0.5, words, rng)
        return (
            f"{bad} {link} 、 {middle} {link} 、 {good} 。",
            f"{good} {link} 、 {middle} {link} 、 {bad} 。",
        )
    if kind == "inverted":
        return f"{good} 、 {bad} けど 。", f"{bad} 、 {good} けど 。"
    return f"{bad} {link} 、 {good} 。", f"{good} {link} 、 {bad} 。"


def _japanese_clause(label: int, negated: bool, words: str, rng: np.random.Generator) -> str:
    """One statement that amounts to the label, its words apart."""
    noun, tail = _one(list(_JA_NOUNS), rng), _one(_JA_TAILS, rng)
    which = ("known", "unseen") if words == "all" else (words,)
    suited = [
        word
        for part in which
        for word, sort in _JA_WORDS[part, label ^ negated].items()
        if sort in ("any", _JA_NOUNS[noun])
    ]
    adjective = _one(suited, rng)
    stem, takes_da = adjective[:-1], adjective.endswith("だ")
    as_is = f"{stem} だ" if takes_da else adjective
    if not negated:
        return _join(tail, noun, "は", as_is)
    if rng.random() < 0.4:
        return _join(tail, noun, "が", stem if takes_da else adjective, "とは 言えない")
    return _join(tail, noun, "は", f"{stem} では ない" if takes_da else f"{stem}く ない")


def _as_post(text: str, label: int, rng: np.random.Generator) -> str:
    """A review in the style of a short message."""
    tokens = [token for token in text.split() if token != ","]
    swap = {"the": "da", "was": "wuz", "really": "rly", "very": "soooo", "and": "n", "for": "4"}
    tokens = [swap.get(token, token) if rng.random() < 0.5 else token for token in tokens]
    adjectives = {word for group in _WORDS.values() for word in group}
    for i, token in enumerate(tokens):
        if token in adjectives and rng.random() < 0.3:
            middle = len(token) // 2
            tokens[i] = token[:middle] + 3 * token[middle] + token[middle + 1 :]
    face = (":)" if label else ":(") if rng.random() < 2 / 3 else _one(("", "lol", "tbh"), rng)
    return _join(_one(("", "omg", "ngl", "ok so"), rng), *tokens, face, _one(_TAGS, rng))


def _as_voice(text: str, label: int, rng: np.random.Generator) -> str:
    """A review as a recogniser of speech writes it down."""
    spoken: list[str] = []
    for token in text.split():
        if token == ",":
            continue
        if rng.random() < 0.2:
            spoken += [_one(_FILLERS, rng)]
        spoken += [token] * (2 if rng.random() < 0.1 else 1)
    return _join(_one(("", "well", "so", "okay so"), rng), *spoken)
