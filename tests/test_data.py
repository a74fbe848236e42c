"""The data sets of the chapters."""

import datetime
import hashlib
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnncourse import data
from rnncourse.data import _pairs


def test_does_the_nile_have_every_year_from_1871_to_1970():
    years, flow = data.nile()
    assert years.tolist() == list(range(1871, 1971))
    assert flow.shape == (100,)
    assert flow.dtype == np.float64


def test_is_the_nile_the_published_series():
    # R's datasets::Nile: first three and last three years, mean 919.35, smallest year 1913
    years, flow = data.nile()
    assert flow[:3].tolist() == [1120, 1160, 963]
    assert flow[-3:].tolist() == [718, 714, 740]
    assert flow.mean() == pytest.approx(919.35)
    assert years[flow.argmin()] == 1913


def test_does_the_nile_drop_near_1898():
    years, flow = data.nile()
    assert flow[years <= 1898].mean() > flow[years > 1898].mean() + 200


def test_is_the_nile_equal_to_what_statsmodels_loads():
    datasets = pytest.importorskip("statsmodels.datasets")
    frame = datasets.nile.load_pandas().data
    years, flow = data.nile()
    assert frame["year"].tolist() == years.tolist()
    assert frame["volume"].tolist() == flow.tolist()


def test_does_the_nile_load_without_statsmodels_or_pandas_being_imported():
    code = (
        "import sys; from rnncourse import data; data.nile(); "
        "print({'statsmodels', 'pandas', 'matplotlib', 'tensorflow'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "set()", answer.stderr


def test_does_a_missing_statsmodels_say_how_to_get_it(monkeypatch):
    monkeypatch.setattr("rnncourse.data._bundled.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install statsmodels"):
        data.nile()


def test_does_a_sine_begin_at_zero_and_come_back_after_a_period():
    wave = data.sine(time=41, period=20)
    assert wave.shape == (41,)
    assert wave[[0, 10, 20, 40]] == pytest.approx(0, abs=1e-12)
    assert wave[5] == pytest.approx(1)
    assert wave[15] == pytest.approx(-1)


def test_does_a_phase_move_a_sine_ahead():
    assert data.sine(30, period=12, phase=4) == pytest.approx(data.sine(34, period=12)[4:])


def test_is_the_target_of_the_adding_problem_the_sum_of_the_two_marked_numbers():
    x, y = data.adding_problem(500, 50, np.random.default_rng(0))
    assert x.shape == (500, 50, 2)
    assert y.shape == (500, 1)
    assert x.dtype == y.dtype == np.float32
    numbers, marks = x[:, :, 0], x[:, :, 1]
    np.testing.assert_allclose((numbers * marks).sum(axis=1, keepdims=True), y, rtol=1e-6)
    assert set(np.unique(marks)) == {0, 1}
    assert (marks[:, :25].sum(axis=1) == 1).all()  # one mark in each half
    assert (marks[:, 25:].sum(axis=1) == 1).all()


def test_is_always_answering_one_wrong_by_a_sixth_in_the_adding_problem():
    _, y = data.adding_problem(200_000, 2, np.random.default_rng(1))
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, rel=0.02)


def test_is_every_step_of_a_half_marked_in_some_adding_problem():
    x, _ = data.adding_problem(2000, 7, np.random.default_rng(2))
    assert x[:, :, 1].any(axis=0).all()


def test_can_an_adding_problem_of_one_step_not_be_made():
    with pytest.raises(ValueError, match="two time steps"):
        data.adding_problem(3, 1, np.random.default_rng(0))


def test_is_the_target_of_a_padded_recall_the_first_symbol_counted_from_zero():
    sequences, y = data.padded_recall(300, 12, np.random.default_rng(0), symbols=4)
    assert len(sequences) == 300
    assert y.tolist() == [int(sequence[0]) - 1 for sequence in sequences]
    assert set(np.concatenate(sequences).tolist()) == {1, 2, 3, 4}  # 0 is left for padding
    assert set(y.tolist()) == {0, 1, 2, 3}


def test_does_a_padded_recall_have_every_length_from_the_shortest_to_the_longest():
    sequences, _ = data.padded_recall(500, 15, np.random.default_rng(1))
    assert {len(sequence) for sequence in sequences} == set(range(5, 16))


def test_is_a_padded_recall_the_same_for_the_same_seed():
    first, second = (data.padded_recall(5, 9, np.random.default_rng(3))[0] for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(("shortest", "longest"), [(0, 5), (6, 5)])
def test_can_a_padded_recall_of_no_steps_not_be_made(shortest, longest):
    with pytest.raises(ValueError, match="lengths"):
        data.padded_recall(3, longest, np.random.default_rng(0), shortest=shortest)


def test_is_a_local_maximum_larger_than_both_its_neighbours():
    x, y = data.local_maxima(200, 9, np.random.default_rng(0))
    assert x.shape == y.shape == (200, 9, 1)
    assert x.dtype == y.dtype == np.float32
    for numbers, tags in zip(x[:, :, 0].tolist(), y[:, :, 0].tolist(), strict=True):
        for t in range(9):
            inside = 0 < t < 8
            assert tags[t] == (inside and numbers[t] == max(numbers[t - 1 : t + 2]))


def test_how_often_is_whoever_never_tags_a_local_maximum_right():
    _, y = data.local_maxima(50_000, 20, np.random.default_rng(1))
    assert np.mean(y == 0) == pytest.approx(42 / 60, abs=0.003)


def test_can_local_maxima_of_two_steps_not_be_made():
    with pytest.raises(ValueError, match="two neighbours"):
        data.local_maxima(3, 2, np.random.default_rng(0))


def test_are_the_digits_the_published_ones():
    # the counts of each digit in UCI's optdigits.tes, from its description
    images, labels = data.digits()
    assert images.shape == (1797, 8, 8)
    assert images.dtype == np.float32
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert sorted(np.unique(images * 16).tolist()) == list(range(17))


def test_do_the_rows_of_a_digit_run_from_top_to_bottom():
    images, labels = data.digits()
    seven = images[labels == 7].mean(axis=0)
    assert seven[:2].sum() > 1.5 * seven[-2:].sum()  # a seven has its bar at the top


def test_are_the_digits_equal_to_what_scikit_learn_loads():
    datasets = pytest.importorskip("sklearn.datasets")
    bunch = datasets.load_digits()
    images, labels = data.digits()
    np.testing.assert_array_equal(images, bunch.images / 16)
    np.testing.assert_array_equal(labels, bunch.target)


def test_do_the_digits_load_without_scikit_learn_being_imported():
    code = (
        "import sys; from rnncourse import data; data.digits(); "
        "print({'sklearn', 'pandas', 'matplotlib', 'tensorflow'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "set()", answer.stderr


def test_is_every_character_between_brackets_marked_as_inside():
    texts, inside = data.bracketed_text(50, 40, np.random.default_rng(0))
    assert {len(text) for text in texts} == {40}
    assert inside.shape == (50, 40)
    for text, marks in zip(texts, inside, strict=True):
        last = ""
        for character, mark in zip(text, marks, strict=True):
            last = character if character in "()" else last
            assert mark == (last == "(")
    assert 0.2 < inside.mean() < 0.5


def test_are_brackets_never_nested_or_closed_before_they_open():
    texts, _ = data.bracketed_text(200, 60, np.random.default_rng(1))
    for text in texts:
        brackets = [character for character in text if character in "()"]
        assert brackets == ["(", ")"] * (len(brackets) // 2) + ["("] * (len(brackets) % 2)


def test_does_the_same_seed_give_the_same_bracketed_text():
    first, second, other = (
        data.bracketed_text(3, 30, np.random.default_rng(seed)) for seed in (5, 5, 6)
    )
    assert first[0] == second[0] != other[0]
    np.testing.assert_array_equal(first[1], second[1])


def test_is_the_value_after_a_noisy_sine_off_by_the_noise_and_nothing_else():
    x, y, clean, period = data.noisy_sines(4000, 30, np.random.default_rng(0), noise=0.1)
    assert x.shape == (4000, 30, 1)
    assert y.shape == (4000, 1)
    assert clean.shape == (4000, 31)
    assert period.shape == (4000, 1)
    assert x.dtype == y.dtype == np.float32
    assert np.mean((y - clean[:, -1:]) ** 2) == pytest.approx(0.01, rel=0.1)
    assert np.mean((x[:, :, 0] - clean[:, :-1]) ** 2) == pytest.approx(0.01, rel=0.02)


def test_does_every_noisy_sine_obey_the_recurrence_of_its_own_period():
    _, _, clean, period = data.noisy_sines(50, 40, np.random.default_rng(1), periods=((10, 40),))
    assert period.min() >= 10
    assert period.max() <= 40
    assert len(np.unique(period)) == 50
    expected = 2 * np.cos(2 * np.pi / period) * clean[:, 1:-1] - clean[:, :-2]
    np.testing.assert_allclose(clean[:, 2:], expected, atol=1e-10)
    assert np.abs(clean).max() <= 1


def test_do_two_waves_add_up_to_the_sum_of_their_amplitudes_at_most():
    x, y, clean, period = data.noisy_sines(
        300, 60, np.random.default_rng(2), noise=0, periods=((16, 31), (8, 16)), amplitudes=(1, 0.5)
    )
    assert period.shape == (300, 2)
    assert 1 < np.abs(clean).max() <= 1.5
    np.testing.assert_allclose(np.concatenate([x[:, :, 0], y], axis=1), clean, atol=1e-6)


def test_is_a_wave_without_an_amplitude_refused():
    with pytest.raises(ValueError, match="amplitudes"):
        data.noisy_sines(2, 5, np.random.default_rng(0), periods=((10, 40), (5, 8)))


def test_are_the_numbers_from_1_to_9999_spelled_in_63099_tokens_of_30_kinds():
    tokens = data.spelled_numbers()
    assert len(tokens) == 63_099
    assert len(set(tokens)) == 30
    assert tokens.count(".") == 9999


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (10, "ten"),
        (19, "nineteen"),
        (20, "twenty"),
        (45, "forty five"),
        (100, "one hundred"),
        (1000, "one thousand"),
        (1010, "one thousand ten"),
        (3005, "three thousand five"),
        (9999, "nine thousand nine hundred ninety nine"),
    ],
)
def test_is_a_number_spelled_as_a_person_would(number, words):
    assert data.spelled_numbers(number, number) == [*words.split(), "."]


def test_can_every_spelled_number_be_read_back():
    small = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    small += " fifteen sixteen seventeen eighteen nineteen"
    value = {word: n for n, word in enumerate(small.split())}
    tens = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
    value |= {word: 10 * n for n, word in enumerate(tens, start=2)}
    read, total, part = [], 0, 0
    for token in data.spelled_numbers(0, 9999):
        if token == ".":
            read.append(total + part)
            total = part = 0
        elif token in ("thousand", "hundred"):
            total, part = total + part * (1000 if token == "thousand" else 100), 0
        else:
            part += value[token]
    assert read == list(range(10_000))


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (5, 4), (9000, 10_000)])
def test_are_numbers_without_words_refused(first, last):
    with pytest.raises(ValueError, match="0 to 9999"):
        data.spelled_numbers(first, last)


def test_do_both_goals_of_a_maze_look_alike_from_the_second_cell_on():
    maze = data.TMaze(3, 200, np.random.default_rng(0))
    assert len(np.unique(maze.look(), axis=0)) == 2
    for _ in range(3):
        maze.act(np.zeros(200, dtype=int))
        assert len(np.unique(maze.look(), axis=0)) == 1
    assert maze.look()[0].tolist() == [0, 1, 0]


def test_does_an_agent_that_guesses_at_the_junction_find_half_of_the_goals():
    maze = data.TMaze(2, 20_000, np.random.default_rng(1))
    for action in (0, 0, 1):
        maze.act(np.full(20_000, action))
    assert abs(maze.right.mean() - 0.5) < 0.02
    assert maze.done.all()


def test_does_standing_still_in_a_maze_cost_a_tenth_and_lead_nowhere():
    maze = data.TMaze(1, 3, np.random.default_rng(2))
    np.testing.assert_allclose(maze.act(np.array([0, 1, 2])), [0, -0.1, -0.1])
    assert maze.cell.tolist() == [1, 0, 0]
    assert maze.act(np.array([0, 0, 0])).tolist() == [-0.1, 0, 0]
    assert not maze.done.any()


def test_does_a_finished_episode_stay_finished():
    maze = data.TMaze(1, 8, np.random.default_rng(3))
    maze.act(np.zeros(8, dtype=int))
    assert set(maze.act(np.full(8, 2)).tolist()) <= {4.0, -0.1}
    right = maze.right.copy()
    assert maze.act(np.full(8, 1)).tolist() == [0.0] * 8
    assert not maze.look().any()
    np.testing.assert_array_equal(maze.right, right)


def test_does_the_same_seed_make_the_same_maze():
    first, second = (data.TMaze(4, 50, np.random.default_rng(4)).look() for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(("length", "episodes"), [(0, 5), (3, 0)])
def test_can_a_maze_without_a_corridor_or_an_episode_not_be_made(length, episodes):
    with pytest.raises(ValueError, match="1 or more"):
        data.TMaze(length, episodes, np.random.default_rng(0))


def test_is_the_language_reference_the_pinned_copy():
    whole = data.language_reference(repeats=True)
    assert len(whole) == 464_970
    assert len(set(whole)) == 103
    assert whole.startswith('The "assert" statement')
    assert hashlib.sha256(whole.encode()).hexdigest().startswith("37d06970fc926e60")


def test_stands_each_long_passage_of_the_language_reference_once():
    once = data.language_reference()
    passages = [" ".join(part.split()) for part in once.split("\n\n")]
    long = [part for part in passages if len(part) > 40]
    assert len(long) == len(set(long)) > 1000
    whole = " ".join(data.language_reference(repeats=True).split())
    assert all(part in whole for part in long)
    assert 370_000 < len(once) < 385_000


def test_stands_the_licence_of_the_language_reference_beside_it():
    notice = Path(data.__file__).parent / "files" / "language_reference.LICENSE.txt"
    text = notice.read_text(encoding="utf-8")
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in text
    assert "Changes made for this course" in text


def test_is_the_japanese_text_of_the_size_that_its_card_says_and_japanese():
    text = data.japanese_text()
    lines = [line for line in text.split("\n") if line]
    assert (len(text), len(lines), len(text.strip().split("\n\n"))) == (6496, 366, 24)
    assert len(set(lines)) == len(lines)
    assert not set(text) & set("abcdefghijklmnopqrstuvwxyz ,.")


def test_are_the_sunspots_309_years_of_which_none_is_missing():
    years, number = data.sunspots()
    np.testing.assert_array_equal(years, np.arange(1700, 2009))
    assert number.shape == (309,)
    assert (number[0], number[257], number[-1]) == (5.0, 190.2, 2.9)
    assert number.min() == 0


def test_are_the_gaps_of_the_carbon_dioxide_left_open():
    weeks, ppm = data.co2()
    assert weeks.shape == ppm.shape == (2284,)
    assert set(np.diff(weeks).astype(int)) == {7}
    assert (str(weeks[0]), str(weeks[-1])) == ("1958-03-29", "2001-12-29")
    assert np.isnan(ppm).sum() == 59
    assert ppm[:2].tolist() == [316.1, 317.3]
    assert 310 < np.nanmin(ppm) < np.nanmax(ppm) < 375


def test_is_the_sea_off_peru_warmest_early_in_the_year_and_in_the_known_el_ninos():
    months, celsius = data.elnino()
    assert (len(months), str(months[0]), str(months[-1])) == (732, "1950-01", "2010-12")
    table = celsius.reshape(61, 12)
    assert table[0, :3].tolist() == [23.11, 24.2, 25.37]
    assert table.mean(axis=0).argmax() == 2
    yearly = table.mean(axis=1)
    assert {1983, 1997} <= set(1950 + np.argsort(yearly)[-4:])


def test_is_a_walk_the_sum_of_steps_of_size_one():
    walk = data.random_walk(20_000, np.random.default_rng(0), start=50.0)
    steps = np.diff(walk)
    assert walk[0] == 50
    assert abs(steps.mean()) < 0.03
    assert abs(steps.std() - 1) < 0.02
    assert abs(np.corrcoef(steps[1:], steps[:-1])[0, 1]) < 0.03


def test_has_the_demand_a_day_a_week_and_heating():
    load, celsius = data.demand(700, np.random.default_rng(0))
    assert load.shape == celsius.shape == (16_800,)
    hour, day = np.arange(16_800) % 24, np.arange(16_800) // 24 % 7
    work = np.array([load[(hour == h) & (day < 5)].mean() for h in range(24)])
    assert work.argmax() == 19
    assert work[3] < work[8] - 5
    assert load[(hour == 19) & (day < 5)].mean() > load[(hour == 19) & (day > 4)].mean() + 7
    night = (hour == 2) & (day < 5) & (celsius < 15)
    assert abs(np.polyfit(celsius[night], load[night], 1)[0] + 0.8) < 0.1


def test_is_every_fault_of_the_machine_where_the_labels_say():
    load, celsius, kind = data.faulty_machine(6000, np.random.default_rng(1), faults=40)
    assert load.shape == celsius.shape == kind.shape == (6000,)
    assert 0 <= load.min() < load.max() <= 1
    edges = np.flatnonzero(np.diff(kind, prepend=0, append=0))
    starts, ends = edges[::2], edges[1::2]
    assert kind[starts].tolist() == [1, 2, 3, 4, 5] * 8
    lengths = ends - starts
    assert set(lengths[::5]) <= {1, 2}
    assert lengths[2::5].min() >= 48
    for start, end in zip(starts[1::5], ends[1::5], strict=True):
        assert np.ptp(celsius[start:end]) == 0  # stuck


def test_is_a_machine_without_faults_warm_by_day_and_sound():
    _, celsius, kind = data.faulty_machine(4800, np.random.default_rng(2))
    assert not kind.any()
    assert 15 < celsius.min() < celsius.max() < 70
    by_hour = celsius.reshape(-1, 24).mean(axis=0)
    assert by_hour[16] > by_hour[5] + 3


def test_needs_every_fault_room():
    with pytest.raises(ValueError, match="10 faults need 1500 hours"):
        data.faulty_machine(1000, np.random.default_rng(0), faults=10)


@pytest.mark.parametrize("make", [data.random_walk, data.demand, data.faulty_machine])
def test_gives_the_same_seed_the_same_series(make):
    first, second = (make(300, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


# chapter 12: reviews


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", ["order", "twice", "inverted"])
@pytest.mark.parametrize("words", ["known", "unseen", "all"])
def test_has_every_review_a_mirror_of_the_same_words_with_the_other_label(language, kind, words):
    texts, y = data.reviews(300, np.random.default_rng(0), kind, language, words)
    bags = [" ".join(sorted(text.split())) for text in texts]
    balance = {bag: 0 for bag in bags}
    for bag, label in zip(bags, y, strict=True):
        balance[bag] += 1 if label else -1
    assert set(balance.values()) == {0}
    assert y.shape == (300,)
    assert y.sum() == 150
    assert len(set(texts)) > 280


def test_do_the_labels_of_english_reviews_follow_from_the_words():
    good = "good great lovely nice fine pleasant superb charming delightful enjoyable brilliant"
    positive = {*good.split(), "excellent"}

    def verdict(text, part):
        clause = text.split(part)[-1 if "but" in part else 0].split(" , and the")[-1].split()
        return bool(positive & {*clause}) != ("not" in clause)

    for kind, part in (("order", " , but "), ("twice", " , but "), ("inverted", " , though ")):
        texts, y = data.reviews(200, np.random.default_rng(1), kind)
        assert [verdict(text, part) for text in texts] == y.astype(bool).tolist(), kind


def test_do_the_labels_of_japanese_reviews_follow_from_what_decides():
    good = ["良", "素晴らし", "最高", "見事", "好評", "優秀", "美味し", "面白", "楽し", "快適"]

    def verdict(clause):
        negated = "く ない" in clause or "では ない" in clause or "とは 言えない" in clause
        return any(stem in clause for stem in good) != negated

    for kind, place in (("order", -1), ("twice", -1), ("inverted", 0)):
        texts, y = data.reviews(200, np.random.default_rng(1), kind, "ja")
        assert [verdict(t.split(" 、 ")[place]) for t in texts] == y.astype(bool).tolist(), kind


def test_do_plain_reviews_agree_with_themselves_and_have_no_negation():
    texts, y = data.reviews(200, np.random.default_rng(2), "plain")
    words = {
        label: {w for t, z in zip(texts, y, strict=True) if z == label for w in t.split()}
        for label in (0, 1)
    }
    assert "not" not in words[0] | words[1]
    assert "good" in words[1] - words[0]
    assert "bad" in words[0] - words[1]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_have_unseen_reviews_adjectives_of_their_own(language):
    seen, new = (
        {
            w
            for t in data.reviews(600, np.random.default_rng(3), "plain", language, words)[0]
            for w in t.split()
        }
        for words in ("known", "unseen")
    )
    assert len(new - seen) == 12 if language == "en" else len(new - seen) >= 11
    every = {
        w
        for t in data.reviews(900, np.random.default_rng(3), "plain", language, "all")[0]
        for w in t.split()
    }
    assert every == seen | new


def test_is_an_emoticon_in_two_of_three_posts_and_does_it_tell_the_label():
    texts, y = data.reviews(1200, np.random.default_rng(4), "posts")
    faces = [(":)" in text, ":(" in text) for text in texts]
    assert sum(a or b for a, b in faces) == pytest.approx(800, abs=70)
    assert all(a == z for (a, b), z in zip(faces, y, strict=True) if a or b)
    assert all("#" in text for text in texts)


def test_has_a_spoken_review_fillers_and_no_punctuation():
    texts, _ = data.reviews(100, np.random.default_rng(5), "voice")
    assert not any("," in text for text in texts)
    assert sum(" um " in text or " uh " in text for text in texts) > 50


def test_are_reviews_the_same_for_the_same_seed():
    first, second = (data.reviews(50, np.random.default_rng(6), "order", "ja") for _ in range(2))
    assert first[0] == second[0]
    assert first[1].tolist() == second[1].tolist()
    assert data.reviews(50, np.random.default_rng(7), "order", "ja")[0] != first[0]


@pytest.mark.parametrize(
    "arguments",
    [
        (3, "order", "en", "known"),
        (2, "novel", "en", "known"),
        (2, "posts", "ja", "known"),
        (2, "order", "fr", "known"),
        (2, "order", "en", "rare"),
    ],
)
def test_is_a_wrong_request_for_reviews_refused(arguments):
    samples, *names = arguments
    with pytest.raises(ValueError, match=r"even number|there is"):
        data.reviews(samples, np.random.default_rng(0), *names)


@pytest.fixture
def imdb_folder(tmp_path):
    """A folder laid out as the real one, with two reviews in each of its four places."""
    for part in ("train", "test"):
        for name in ("pos", "neg"):
            place = tmp_path / "aclImdb" / part / name
            place.mkdir(parents=True)
            for number in (1, 0):
                file = place / f"{number}_{7 + number}.txt"
                file.write_text(f"{part} {name} {number}: café<br />", encoding="utf-8")
            (place / "urls.html").write_text("not a review")
    return tmp_path / "aclImdb"


def test_does_the_imdb_loader_read_its_folders_in_order(imdb_folder):
    texts, y = data.imdb(imdb_folder, "test")
    assert texts == [f"test {n} {i}: café<br />" for n in ("pos", "neg") for i in (0, 1)]
    assert y.tolist() == [1, 1, 0, 0]
    assert data.imdb(str(imdb_folder))[0][0].startswith("train pos 0")


def test_does_a_missing_imdb_say_in_one_line_what_to_get_and_where_to_put_it(tmp_path, imdb_folder):
    with pytest.raises(FileNotFoundError, match="Large Movie Review Dataset") as caught:
        data.imdb(tmp_path / "nowhere")
    message = str(caught.value)
    assert "\n" not in message
    assert "ai.stanford.edu/~amaas/data/sentiment" in message
    assert f"{tmp_path / 'nowhere'} holds train/pos, train/neg, test/pos and test/neg" in message
    for file in (imdb_folder / "train" / "neg").glob("*.txt"):
        file.unlink()
    with pytest.raises(FileNotFoundError, match="neg"):
        data.imdb(imdb_folder)
    with pytest.raises(ValueError, match="'train' and 'test'"):
        data.imdb(imdb_folder, "validation")


@pytest.mark.parametrize("vowel", "aeiou")
@pytest.mark.parametrize("tract", [1.0, 1.15])
def test_do_spoken_vowels_have_their_formants(vowel, tract):
    # linear prediction fits resonances to the sound, by solving a Toeplitz system
    rng = np.random.default_rng(0)
    pitch = rng.uniform(70, 100, 60)
    signals, _ = data.spoken_words([vowel] * 60, rng, pitch=pitch, tract=tract, speed=0.3)
    frames = np.diff(signals[:, 1200:3200].astype(float), axis=1) * np.hanning(1999)
    lags = np.array([(frames[:, : 1999 - k] * frames[:, k:]).sum() for k in range(13)])
    table = lags[np.abs(np.subtract.outer(np.arange(12), np.arange(12)))]
    poles = np.roots([1, *-np.linalg.solve(table, lags[1:])])
    resonances = np.sort(np.angle(poles[poles.imag > 0])) * 8000 / (2 * np.pi)
    first, second, _ = data.SPOKEN_FORMANTS[vowel]
    for formant in (tract * first, tract * second):
        assert np.abs(resonances - formant).min() < 0.08 * formant + 20, resonances


def test_are_spoken_words_the_same_for_a_seed():
    def one():
        rng = np.random.default_rng(3)
        words = data.spoken_syllables(5, rng)
        return words, *data.spoken_words(words, rng, pitch=[100, 120, 140, 160, 180])

    (words, signals, said), (again, same, alike) = one(), one()
    assert words == again
    np.testing.assert_array_equal(signals, same)
    np.testing.assert_array_equal(said, alike)
    assert signals.dtype == np.float32
    assert signals.shape == (5, 7680)
    assert said.shape == (5, 120)


def test_is_each_phoneme_said_in_order_with_silence_around_it():
    words = ["kasumi", "ae", "mosu"]
    signals, said = data.spoken_words(words, np.random.default_rng(0))
    for word, row, signal in zip(words, said, signals, strict=True):
        changes = row[np.flatnonzero(np.diff(row, prepend=0))]
        assert "".join(data.SPOKEN_PHONEMES[k - 1] for k in changes if k) == word
        assert row[0] == row[-1] == 0
        assert np.abs(signal[-640:]).max() < 0.01 * np.abs(signal).max()


def test_does_the_toy_voice_obey_pitch_loudness_and_speed():
    rng = np.random.default_rng(1)
    for pitch in (100.0, 200.0):
        signals, _ = data.spoken_words(["a"], rng, pitch=pitch, swing=0, speed=0.3)
        middle = signals[0, 1200:3200].astype(float)
        lags = np.array([middle[:-lag] @ middle[lag:] for lag in range(30, 100)])
        assert 8000 / (30 + lags.argmax()) == pytest.approx(pitch, rel=0.02)
    signals, said = data.spoken_words(["mosu"] * 2, rng, loudness=[1.0, 2.0], speed=[1.0, 1.0])
    power = (signals**2).sum(axis=1) / 64 / (said > 0).sum(axis=1)
    np.testing.assert_allclose(power, [1, 4], rtol=1e-4)
    _, said = data.spoken_words(["mosu"] * 40, rng, speed=np.repeat([1.0, 2.0], 20))
    lengths = (said > 0).sum(axis=1)
    assert lengths[:20].mean() == pytest.approx(2 * lengths[20:].mean(), rel=0.15)


def test_do_made_up_syllables_never_repeat_a_letter_side_by_side():
    words = data.spoken_syllables(300, np.random.default_rng(0))
    assert all(a != b for word in words for a, b in itertools.pairwise(word))
    assert {sum(letter in "aeiou" for letter in word) for word in words} == {2, 3, 4}
    assert set("".join(words)) == set(data.SPOKEN_PHONEMES)


@pytest.mark.parametrize("word", ["", "hello", "ka su"])
def test_is_a_word_with_foreign_sounds_refused(word):
    with pytest.raises(ValueError, match="no word"):
        data.spoken_words(["aka", word], np.random.default_rng(0))


def test_are_dates_iso_and_written_in_many_ways():
    written, iso = data.dates(4000, np.random.default_rng(0))
    days = [datetime.date.fromisoformat(day) for day in iso]
    assert min(days) >= datetime.date(1873, 1, 1)
    assert max(days) <= datetime.date(2049, 12, 31)
    japanese = [text for text in written if "年" in text]
    assert len(japanese) == pytest.approx(2000, abs=150)
    for era in ("明治", "大正", "昭和", "平成", "令和"):
        assert any(text.startswith(era) for text in japanese)
    assert {"/", ".", ","} <= {sign for text in written for sign in text}


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("1873-01-01", "明治6年1月1日"),
        ("1912-07-29", "明治45年7月29日"),
        ("1912-07-30", "大正元年7月30日"),
        ("1926-12-24", "大正15年12月24日"),
        ("1926-12-25", "昭和元年12月25日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1989-01-08", "平成元年1月8日"),
        ("2019-04-30", "平成31年4月30日"),
        ("2019-05-01", "令和元年5月1日"),
        ("2024-03-03", "令和6年3月3日"),
    ],
)
def test_do_eras_change_on_the_right_day(day, text):
    assert text in _pairs._japanese(datetime.date.fromisoformat(day))


def test_do_two_digits_stand_only_for_years_from_1950_to_2049():
    assert "03.03.24" in _pairs._western(datetime.date(2024, 3, 3))
    assert "03.03.50" in _pairs._western(datetime.date(1950, 3, 3))
    assert not any(text.endswith(".49") for text in _pairs._western(datetime.date(1949, 3, 3)))
    assert "March 3rd, 2024" in _pairs._western(datetime.date(2024, 3, 3))
    endings = [_pairs._western(datetime.date(2024, 3, day))[3] for day in (1, 2, 11, 12, 13, 21)]
    assert [text.split(",")[0][-2:] for text in endings] == ["st", "nd", "th", "th", "th", "st"]


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_are_additions_right_and_as_long_as_asked(digits):
    sums, results = data.additions(500, np.random.default_rng(0), digits)
    for text, result in zip(sums, results, strict=True):
        first, second = text.split("+")
        assert len(first) == len(second) == digits
        assert int(first) + int(second) == int(result)


def test_are_additions_without_digits_refused():
    with pytest.raises(ValueError, match="one or more"):
        data.additions(3, np.random.default_rng(0), 0)


def test_does_the_verb_stand_last_in_one_language_and_second_in_the_other():
    sources, targets = data.verb_last(20_000, np.random.default_rng(0))
    assert {len(source) for source in sources} == {6}
    assert {len(target) for target in targets} == {4}
    books = [(s[4], t[1]) for s, t in zip(sources, targets, strict=True) if s[3] == "本"]
    usual = np.mean([verb == "reads" for _, verb in books])
    assert usual == pytest.approx(0.6, abs=0.04)
    assert all((particle == "が") == (verb == "likes") for particle, verb in books)


def test_are_questions_answered_and_logs_summed_up():
    questions, answers = data.small_talk(2000, np.random.default_rng(0))
    pairs = {" ".join(q): " ".join(a) for q, a in zip(questions, answers, strict=True)}
    assert pairs["are you open on monday ?"] == "on monday we are closed ."
    assert pairs["when do you open on sunday ?"] == "on sunday we open at 11 ."
    assert pairs["what is the capital of japan ?"] == "it is tokyo ."
    assert pairs["my name is lena"] == "nice to meet you , lena ."
    logs, lines = data.machine_logs(500, np.random.default_rng(0))
    for log, line in zip(logs, lines, strict=True):
        assert len(log) == 15
        faults = [log[n : n + 3] for n in range(0, 15, 3) if log[n + 2] != "ok"]
        said = [[part, state, "at", hour] for hour, part, state in faults]
        assert [line] == (said or [["all", "is", "well"]])


@pytest.mark.parametrize(
    "make", [data.dates, data.additions, data.verb_last, data.small_talk, data.machine_logs]
)
def test_are_pairs_the_same_for_the_same_seed(make):
    first, again = (make(20, np.random.default_rng(5)) for _ in range(2))
    assert first == again
    assert first != make(20, np.random.default_rng(6))
    assert len(first[0]) == len(first[1]) == 20


def test_do_melodies_keep_their_form_and_their_length():
    made, surprise = data.melodies(100, "AABA", np.random.default_rng(0))
    assert surprise.shape == (100,)
    for notes in made:
        steps = [pitch for pitch, duration in notes for _ in range(duration)]
        starts = np.cumsum([0, *(duration for _, duration in notes)])
        assert len(steps) == 16
        assert set(range(0, 17, 4)) <= set(starts)  # no note reaches into the next motif
        assert steps[:4] == steps[4:8] == steps[12:]
    different = [notes for notes in made if notes[:3] != notes[-3:]]
    assert len({tuple(notes) for notes in made}) > 95, different


def test_are_melodies_made_of_the_notes_of_the_scale():
    made, _ = data.melodies(200, "ABC", np.random.default_rng(1))
    pitches = {pitch for notes in made for pitch, _ in notes}
    assert pitches <= {None, *data.MELODY_SCALE}
    assert len(pitches) > 8
    assert all(pitch % 12 in (0, 2, 4, 5, 7, 9, 11) for pitch in data.MELODY_SCALE)


def test_is_the_surprise_of_a_melody_that_of_how_often_it_comes():
    made, surprise = data.melodies(60_000, "A", np.random.default_rng(2))
    counts = {}
    for notes, one in zip(made, surprise, strict=True):
        count, _ = counts.get(tuple(notes), (0, 0.0))
        counts[tuple(notes)] = (count + 1, one)
    often = [(count, one) for count, one in counts.values() if count > 100]
    assert len(often) > 20
    for count, one in often:
        wanted = 60_000 * np.exp(-one)
        assert abs(count - wanted) < 6 * np.sqrt(wanted)


def test_does_a_repeated_motif_surprise_only_once():
    one = data.melodies(3, "AAAA", np.random.default_rng(3))[1]
    np.testing.assert_allclose(one, data.melodies(3, "A", np.random.default_rng(3))[1])


def test_do_melodies_need_a_form():
    with pytest.raises(ValueError, match="a letter for each motif"):
        data.melodies(1, "", np.random.default_rng(0))


def test_has_the_ode_to_joy_sixteen_bars_of_which_the_first_and_the_last_theme_agree():
    ode = data.ode_to_joy()
    steps = [pitch for pitch, duration in ode for _ in range(duration)]
    assert len(steps) == 16 * 8
    assert steps[:24] == steps[32:56] == steps[96:120]
    assert steps[32:64] == steps[96:]
    assert [pitch for pitch, _ in ode[:7]] == [64, 64, 65, 67, 67, 65, 64]


def test_does_a_shape_move_by_one_pixel_a_frame_in_its_direction():
    films, directions = data.moving_shapes(400, 4, np.random.default_rng(4), noise=0.0)
    assert films.shape == (400, 4, 12, 12, 1)
    assert films.dtype == np.float32
    assert set(directions.tolist()) == set(range(8))
    steps = [(0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1)]
    for film, direction in zip(films[..., 0], directions, strict=True):
        assert film[0].sum() in (4, 5, 8)
        for old, new in itertools.pairwise(film):
            np.testing.assert_array_equal(np.roll(old, steps[direction], (0, 1)), new)
    assert data.DIRECTIONS[0] == "E"
    assert data.DIRECTIONS[2] == "N"


def test_says_a_single_frame_nothing_about_the_direction():
    films, directions = data.moving_shapes(8000, 3, np.random.default_rng(5), noise=0.0)
    for way in range(8):
        means = films[directions == way][:, 2, :, :, 0].mean(axis=0)  # (height, width)
        assert abs(means - films[:, 2, :, :, 0].mean()).max() < 0.05


def test_is_a_slow_shape_still_in_some_frames_and_is_the_same_seed_the_same_film():
    films, _ = data.moving_shapes(5, 5, np.random.default_rng(6), speed=0.5, noise=0.0)
    np.testing.assert_array_equal(films[:, 0], films[:, 1])  # 0.5 is rounded down
    again, _ = data.moving_shapes(5, 5, np.random.default_rng(6), speed=0.5, noise=0.0)
    np.testing.assert_array_equal(films, again)
    with pytest.raises(ValueError, match="too small"):
        data.moving_shapes(1, 2, np.random.default_rng(0), size=3)
