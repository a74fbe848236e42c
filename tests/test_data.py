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
    monkeypatch.setattr(data, "find_spec", lambda name: None)
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
