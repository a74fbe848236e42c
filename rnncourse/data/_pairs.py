"""Pairs of sequences: what comes in, and what should be written in answer to it."""

from __future__ import annotations

import datetime

import numpy as np

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FIRST_DAY, _LAST_DAY = datetime.date(1873, 1, 1), datetime.date(2049, 12, 31)
_ERAS = (  # first day that is written with the era, and its name
    (datetime.date(2019, 5, 1), "令和"),
    (datetime.date(1989, 1, 8), "平成"),
    (datetime.date(1926, 12, 25), "昭和"),
    (datetime.date(1912, 7, 30), "大正"),
    (datetime.date(1868, 1, 25), "明治"),
)


def dates(samples: int, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Make dates as people write them, and the same dates as ISO 8601 writes them.

    Data card
    ---------
    What: a date from 1 January 1873 to 31 December 2049. Half of them are written in a
    Western way: ``3 March 2024``, ``3 Mar 2024``, ``March 3, 2024``, ``March 3rd, 2024``,
    ``2024/3/3``, ``03.03.2024`` or ``03.03.24``; with dots, the day comes first. Two digits of a
    year mean 1950 to 2049; dates before 1950 are never written so. The other half are Japanese:
    three of four as ``令和6年3月3日``, one of four as ``2024年3月3日``. The first year of an
    era is written ``元年``. The day on which an era changed carries the new name: 大正 from 30
    July 1912, 昭和 from 25 December 1926, 平成 from 8 January 1989, 令和 from 1 May 2019. Japan
    counted months by the moon until the end of 1872, so 明治 begins here with its sixth year.
    Years after today's are written with 令和 as if it went on. Every date has one reading, so a
    program of some lines can be right always.
    How made: the day is drawn at random, each as likely as any other, then the way of writing
    among those that serve. Size: as asked. Licence: none needed.
    Source: made for this course.

    Parameters
    ----------
    samples
        How many pairs.
    rng
        Where the random numbers come from.

    Returns
    -------
    written
        The dates as people write them.
    iso
        The same dates as ``year-month-day``, ten characters each.
    """
    written, iso = [], []
    for _ in range(samples):
        day = _FIRST_DAY + datetime.timedelta(
            days=int(rng.integers((_LAST_DAY - _FIRST_DAY).days, endpoint=True))
        )
        western, japanese = _western(day), _japanese(day)
        ways = western if rng.random() < 0.5 else japanese
        written.append(ways[int(rng.integers(len(ways)))])
        iso.append(day.isoformat())
    return written, iso


def _western(day: datetime.date) -> list[str]:
    """All Western ways in which the card lets this day be written."""
    year, month, number, name = day.year, day.month, day.day, _MONTHS[day.month - 1]
    ending = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    ways = [
        f"{number} {name} {year}",
        f"{number} {name[:3]} {year}",
        f"{name} {number}, {year}",
        f"{name} {number}{ending}, {year}",
        f"{year}/{month}/{number}",
        f"{number:02}.{month:02}.{year}",
    ]
    return [*ways, f"{number:02}.{month:02}.{year % 100:02}"] if year >= 1950 else ways


def _japanese(day: datetime.date) -> list[str]:
    """The Japanese ways of writing this day: by era, three times over, and by year."""
    start, era = next(row for row in _ERAS if row[0] <= day)
    count = day.year - start.year + 1
    rest = f"年{day.month}月{day.day}日"
    return [f"{era}{'元' if count == 1 else count}{rest}"] * 3 + [f"{day.year}{rest}"]


def additions(
    samples: int, rng: np.random.Generator, digits: int = 3
) -> tuple[list[str], list[str]]:
    """Make sums of two whole numbers, written as text, and their results.

    Data card
    ---------
    What: ``"123+456"`` and ``"579"``. Both numbers have ``digits`` digits, the first of them
    not 0; the result has as many, or one more.
    How made: both numbers are drawn at random, all equally likely; a pair may come twice.
    Size: as asked. Licence: none needed. Source: made for this course, after the addition
    task of W. Zaremba and I. Sutskever, "Learning to execute", arXiv 1410.4615 (2014).

    Parameters
    ----------
    samples
        How many sums.
    rng
        Where the random numbers come from.
    digits
        Digits of each number, one or more.

    Returns
    -------
    sums
        The sums, ``2 * digits + 1`` characters each.
    results
        The results, ``digits`` or ``digits + 1`` characters each.

    Raises
    ------
    ValueError
        If ``digits`` is below one.
    """
    if digits < 1:
        raise ValueError(f"digits is {digits}, expected one or more")
    low = 10 ** (digits - 1) if digits > 1 else 0
    pairs = rng.integers(low, 10**digits, (samples, 2)).tolist()
    return [f"{a}+{b}" for a, b in pairs], [str(a + b) for a, b in pairs]


_PEOPLE = {"母": "mother", "父": "father", "姉": "sister", "先生": "teacher"}
_WHEN = {"今日": "today", "昨日": "yesterday", "毎朝": "daily"}
_THINGS = {  # with the usual verb and a rarer one
    "本": ("books", "読む", "書く"),
    "手紙": ("letters", "書く", "読む"),
    "パン": ("bread", "食べる", "焼く"),
    "魚": ("fish", "食べる", "買う"),
    "花": ("flowers", "買う", "描く"),
    "歌": ("songs", "歌う", "聞く"),
}
_VERBS = {
    "読む": "reads",
    "書く": "writes",
    "食べる": "eats",
    "焼く": "bakes",
    "買う": "buys",
    "描く": "paints",
    "歌う": "sings",
    "聞く": "hears",
    "好き": "likes",
}


def verb_last(samples: int, rng: np.random.Generator) -> tuple[list[list[str]], list[list[str]]]:
    """Make sentences in the word order of Japanese, and their English in the order of English.

    Data card
    ---------
    What: six tokens such as ``母 は 今日 魚 を 食べる`` (mother, topic, today, fish, object,
    eats) and four words such as ``mother eats fish today``. Tense and style are left out. Four
    people, three times and six things are equally likely. A thing has a usual verb (probability
    .60) and a rarer one (.25), both with the particle を; with .15 it is liked, and the particle
    is が. So before the verb is heard, the thing tells it with .60, thing and particle with .75.
    How made: drawn at random from the lists above. Size: as asked. Licence: none needed.
    Source: made for this course.

    Parameters
    ----------
    samples
        How many pairs.
    rng
        Where the random numbers come from.

    Returns
    -------
    sources
        Sentences of six tokens.
    targets
        Their translations, four words each.
    """
    sources, targets = [], []
    for _ in range(samples):
        who = list(_PEOPLE)[int(rng.integers(len(_PEOPLE)))]
        when = list(_WHEN)[int(rng.integers(len(_WHEN)))]
        thing = list(_THINGS)[int(rng.integers(len(_THINGS)))]
        name, usual, rare = _THINGS[thing]
        verb = (usual, rare, "好き")[int(rng.choice(3, p=(0.6, 0.25, 0.15)))]
        sources.append([who, "は", when, thing, "が" if verb == "好き" else "を", verb])
        targets.append([_PEOPLE[who], _VERBS[verb], name, _WHEN[when]])
    return sources, targets


_NAMES = [
    "anna",
    "ben",
    "chen",
    "dora",
    "emil",
    "fatima",
    "goro",
    "hana",
    "ivan",
    "jun",
    "kofi",
    "lena",
]
_CAPITALS = {
    "japan": "tokyo",
    "france": "paris",
    "egypt": "cairo",
    "peru": "lima",
    "kenya": "nairobi",
    "norway": "oslo",
}
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def small_talk(samples: int, rng: np.random.Generator) -> tuple[list[list[str]], list[list[str]]]:
    """Make what visitors ask at the desk of a museum, and what a polite machine answers.

    Data card
    ---------
    What: questions and answers in lower case, cut into words. Greetings, thanks, names (12),
    capitals (6), and opening hours: 9 on weekdays, 11 at the weekend, closed on Mondays.
    How made: one of six kinds of question is drawn, then its words. Size: as asked. Licence:
    none needed. Source: made for this course.

    Parameters
    ----------
    samples
        How many pairs.
    rng
        Where the random numbers come from.

    Returns
    -------
    questions
        Lists of words.
    answers
        Lists of words.
    """

    def pick(words: object) -> str:
        listed = list(words)  # type: ignore[call-overload]
        return str(listed[int(rng.integers(len(listed)))])

    questions, answers = [], []
    for kind in rng.integers(6, size=samples):
        name, land, day = pick(_NAMES), pick(_CAPITALS), pick(_DAYS)
        hour = "11" if day in ("saturday", "sunday") else "9"
        opens = "we are closed" if day == "monday" else f"we open at {hour}"
        question, answer = (
            (pick(("hello", "hi", "good morning")), "hello , what can i do for you ?"),
            (pick(("thank you", "thanks", "many thanks")), "you are welcome ."),
            (pick((f"i am {name}", f"my name is {name}")), f"nice to meet you , {name} ."),
            (f"what is the capital of {land} ?", f"it is {_CAPITALS[land]} ."),
            (f"when do you open on {day} ?", f"on {day} {opens} ."),
            (pick((f"are you open on {day} ?", f"is it open on {day} ?")), f"on {day} {opens} ."),
        )[kind]
        questions.append(question.split())
        answers.append(answer.split())
    return questions, answers


_PARTS = ("pump", "fan", "valve", "belt", "motor", "door")
_FAULTS = ("hot", "loud", "stuck", "slow")


def machine_logs(samples: int, rng: np.random.Generator) -> tuple[list[list[str]], list[list[str]]]:
    """Make the log of a machine, and the one line that its keeper wants to read.

    Data card
    ---------
    What: five entries of an hour, a part and its state, such as ``9 pump ok``, with the hours
    in order. In nine logs of ten one entry, anywhere, is not ``ok``; the line is then ``fan
    hot at 14``, else ``all is well``.
    How made: hours (0 to 23), parts (six) and the fault (one of four) are drawn at random.
    Size: as asked. Licence: none needed. Source: made for this course.

    Parameters
    ----------
    samples
        How many pairs.
    rng
        Where the random numbers come from.

    Returns
    -------
    logs
        Lists of 15 words.
    lines
        Lists of three or four words.
    """
    logs, lines = [], []
    for _ in range(samples):
        hours = sorted(rng.choice(24, size=5, replace=False).tolist())
        parts = [_PARTS[int(n)] for n in rng.integers(len(_PARTS), size=5)]
        states, line = ["ok"] * 5, "all is well"
        if rng.random() < 0.9:
            place = int(rng.integers(5))
            states[place] = _FAULTS[int(rng.integers(len(_FAULTS)))]
            line = f"{parts[place]} {states[place]} at {hours[place]}"
        entries = zip(hours, parts, states, strict=True)
        logs.append([str(word) for entry in entries for word in entry])
        lines.append(line.split())
    return logs, lines
