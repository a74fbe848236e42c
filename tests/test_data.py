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
