"""The data sets of the chapters."""

import subprocess
import sys

import numpy as np
import pytest

from rnncourse import data


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
