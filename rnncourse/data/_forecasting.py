"""Series to forecast: measured ones that statsmodels carries, and generated ones."""

from __future__ import annotations

import csv

import numpy as np

from rnncourse.data._bundled import bundled_file, statsmodels_table

FAULTS = ("spike", "stuck", "drift", "noise", "timing")


def sunspots() -> tuple[np.ndarray, np.ndarray]:
    """Load the yearly sunspot number, 1700 to 2008.

    Data card
    ---------
    What: how many spots and groups of spots were seen on the sun, as a yearly mean of the
    relative sunspot number. No unit. It rises and falls in about eleven years, by no clock.
    How made: counted through telescopes, by many observers. Size: 309 years, none missing.
    Source: National Geophysical Data Center, USA; the copy bundled with statsmodels.
    Licence: public domain, as statsmodels states.

    Returns
    -------
    years
        1700, 1701, ..., 2008, of shape ``(time,)``.
    number
        The sunspot number of each of them, of shape ``(time,)``.

    Raises
    ------
    ModuleNotFoundError
        If statsmodels, which carries the file, is not installed.
    """
    years, number = statsmodels_table("sunspots").T
    return years.astype(int), number


def co2() -> tuple[np.ndarray, np.ndarray]:
    """Load the weekly carbon dioxide in the air at Mauna Loa, 1958 to 2001, with its gaps.

    Data card
    ---------
    What: carbon dioxide in dry air on a mountain of Hawaii, in parts per million by volume.
    It rises from year to year, and swings with the seasons.
    How made: measured four times an hour, averaged over the steady hours of a week. Size: 2284
    weeks, 59 of them without a value: ``nan``. No gap is filled here.
    Source: C. D. Keeling and T. P. Whorf, "Atmospheric CO2 concentrations derived from flask air
    samples at sites in the SIO network", CDIAC, Oak Ridge (2004); the copy bundled with
    statsmodels. Licence: public domain, as statsmodels states.

    Returns
    -------
    weeks
        The first day of each week, ``datetime64[D]``, of shape ``(time,)``.
    ppm
        The measured value, or ``nan``, of shape ``(time,)``.

    Raises
    ------
    ModuleNotFoundError
        If statsmodels, which carries the file, is not installed.
    """
    with bundled_file("statsmodels", "datasets/co2/co2.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    days = [f"{day[:4]}-{day[4:6]}-{day[6:]}" for day, _ in rows]
    values = [float(value) if value.strip() else np.nan for _, value in rows]
    return np.array(days, dtype="datetime64[D]"), np.array(values)


def elnino() -> tuple[np.ndarray, np.ndarray]:
    """Load the monthly temperature of the sea off Peru, 1950 to 2010, where El Niño is felt.

    Data card
    ---------
    What: the temperature of the sea's surface, in degrees Celsius, averaged over the region
    Niño 1+2: 0 to 10 degrees south, 80 to 90 degrees west. Every few years, with El Niño, the
    water stays warm when it should cool.
    How made: a reconstruction (ERSST.V3B) from ships and buoys. Size: 732 months, none missing.
    Source: National Oceanic and Atmospheric Administration, USA; the copy bundled with
    statsmodels. Licence: public domain, as statsmodels states.

    Returns
    -------
    months
        January 1950, ..., December 2010, ``datetime64[M]``, of shape ``(time,)``.
    celsius
        The temperature of each of them, of shape ``(time,)``.

    Raises
    ------
    ModuleNotFoundError
        If statsmodels, which carries the file, is not installed.
    """
    table = statsmodels_table("elnino")  # (years, 1 + 12)
    start = np.datetime64(f"{int(table[0, 0])}-01", "M")
    return start + np.arange(12 * len(table)), table[:, 1:].ravel()


def random_walk(time: int, rng: np.random.Generator, start: float = 100.0) -> np.ndarray:
    """Make a price that nobody can forecast: each day adds a step that knows nothing of the past.

    Data card
    ---------
    What: a made-up share price. Each step is drawn from a normal distribution with mean 0 and
    standard deviation 1, so the best forecast of tomorrow's price is today's. It may fall
    below 0, as no real price would. No unit.
    How made: drawn at random. Size: as asked. Licence: none needed.

    Parameters
    ----------
    time
        How many days.
    rng
        Where the random numbers come from.
    start
        The price on the first day.

    Returns
    -------
    The price of each day, of shape ``(time,)``.
    """
    steps = rng.normal(size=time)
    steps[0] = 0.0
    return start + np.cumsum(steps)


def demand(days: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Make the hourly electricity demand of a small town, and the temperature outside.

    Data card
    ---------
    What: demand in megawatts: a level of 50, the rhythm of a day with a morning and an evening
    peak, less of it on days 6 and 7 of each week, heating of 0.8 for each degree below 15, and
    noise of two kinds: a standard deviation of 1 that is new every hour, and a part that lasts
    for some hours. Temperature in degrees Celsius: a mean of 8, a swing of a day, and weather
    that lasts for days. The first hour is midnight on day 1 of a week.
    How made: drawn at random. Size: as asked. Licence: none needed. Source: made for this
    course; the idea of day, week and temperature is common to demand data everywhere.

    Parameters
    ----------
    days
        How many days.
    rng
        Where the random numbers come from.

    Returns
    -------
    load
        The demand of each hour, of shape ``(24 * days,)``.
    celsius
        The temperature of each hour, of the same shape.
    """
    hours = 24 * days
    hour, day = np.arange(hours) % 24, np.arange(hours) // 24 % 7
    weather = _fading(hours, 0.985, 4.0, rng)
    celsius = 8 - 4 * np.cos(2 * np.pi * (hour - 3) / 24) + weather
    peaks = 12 * np.exp(-((hour - 8) ** 2) / 8) + 16 * np.exp(-((hour - 19) ** 2) / 10)
    people = np.where(day < 5, peaks, 0.6 * peaks - 4)
    heating = 0.8 * np.maximum(15 - celsius, 0)
    lasting = _fading(hours, 0.85, 1.5, rng)
    return 50 + people + heating + lasting + rng.normal(size=hours), celsius


def faulty_machine(
    time: int, rng: np.random.Generator, faults: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make the load of a motor and its temperature, by a sensor that was broken on purpose.

    Data card
    ---------
    What: a load between 0 and 1, higher by day, that changes every few hours at random; and
    the motor's temperature in degrees Celsius, read once an hour. The motor heats with the
    square of its load and cools slowly. Above 45 degrees a fan starts, which runs until 38
    degrees: so the same load can mean different temperatures. The sensor adds noise with a
    standard deviation of 0.5. Faults begin at random places, one in each of as many equal parts
    of the series, and take turns: a spike of 6 to 10 degrees up or down for an hour or two;
    stuck at one value for 24 to 48 hours; a drift that grows to 6 to 10 degrees within 48 to 72
    hours; noise five times as strong for 24 to 48 hours; timing that is 4 to 6 hours late for
    24 to 48 hours.
    How made: drawn at random. Size: as asked. Licence: none needed. Source: made for this
    course.

    Parameters
    ----------
    time
        How many hours.
    rng
        Where the random numbers come from.
    faults
        How many faults; each needs 150 hours or more.

    Returns
    -------
    load
        The load of each hour, of shape ``(time,)``.
    celsius
        What the sensor says, of the same shape.
    kind
        0 where the sensor is sound, else the number of the fault, counted from 1 in the order
        spike, stuck, drift, noise, timing; of the same shape.

    Raises
    ------
    ValueError
        If the series is too short for so many faults.
    """
    if time < 150 * faults:
        raise ValueError(f"{faults} faults need {150 * faults} hours, not {time}")
    load = _motor_load(time, rng)
    true = _motor_temperature(load)
    noise = 0.5 * rng.normal(size=time)
    celsius, kind = true + noise, np.zeros(time, dtype=int)
    part = time // max(faults, 1)
    for number in range(faults):
        name = FAULTS[number % len(FAULTS)]
        low, high = {"spike": (1, 2), "drift": (48, 72)}.get(name, (24, 48))
        length = int(rng.integers(low, high + 1))
        start = number * part + int(rng.integers(24, part - length))
        size, late = rng.uniform(6, 10) * rng.choice([-1, 1]), rng.integers(4, 7)
        place = slice(start, start + length)
        celsius[place] = {
            "spike": celsius[place] + size,
            "stuck": np.full(length, celsius[start]),
            "drift": celsius[place] + size * np.arange(1, length + 1) / length,
            "noise": true[place] + 5 * noise[place],
            "timing": true[start - late : start + length - late] + noise[place],
        }[name]
        kind[place] = 1 + number % len(FAULTS)
    return load, celsius, kind


def _motor_load(time: int, rng: np.random.Generator) -> np.ndarray:
    hour = np.arange(time) % 24
    usual = np.where((hour >= 7) & (hour < 19), 0.6, 0.25)
    change = np.zeros(time)
    start = 0
    while start < time:
        hours = int(rng.integers(4, 13))
        change[start : start + hours] = rng.uniform(-0.3, 0.4)
        start += hours
    return np.clip(usual + change, 0, 1)


def _motor_temperature(load: np.ndarray) -> np.ndarray:
    celsius, fan = 30.0, False
    history = []
    for now in load:
        celsius += 0.2 * (20 + 60 * now**2 - celsius)
        fan = celsius > 38 if fan else celsius > 45
        celsius -= 0.15 * (celsius - 20) * fan
        history.append(celsius)
    return np.array(history)


def _fading(time: int, kept: float, spread: float, rng: np.random.Generator) -> np.ndarray:
    """Noise that lasts: each value keeps a part of the last; ``spread`` is its deviation."""
    new = spread * np.sqrt(1 - kept**2) * rng.normal(size=time)
    values = np.zeros(time)
    values[0] = spread * rng.normal()
    for t in range(1, time):
        values[t] = kept * values[t - 1] + new[t]
    return values
