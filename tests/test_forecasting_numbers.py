"""What chapter 10 says about forecasts holds beyond the cells that show it."""

import numpy as np
import pytest
from chapter_code import functions_of

from rnncourse import data


@pytest.fixture(scope="module")
def answers():
    return functions_of("10_forecasting")


def test_do_the_sunspots_give_the_errors_that_the_course_quotes(answers):
    _, spots = data.sunspots()
    w = answers["ar_fit"](spots[:-61], 9)
    y_hat = answers["rolling_forecast"](spots, w, len(spots) - 61, 1)[:, 0]
    rmse = answers["rmse"]
    assert abs(rmse(spots[-61:], spots[-62:-1]) - 32.7) < 0.2
    assert abs(rmse(spots[-61:], y_hat) - 19.2) < 0.2


def test_are_the_weights_those_of_statsmodels(answers):
    autoreg = pytest.importorskip("statsmodels.tsa.ar_model").AutoReg
    _, spots = data.sunspots()
    for p in (1, 2, 9):
        np.testing.assert_allclose(
            answers["ar_fit"](spots, p), autoreg(spots, p).fit().params, rtol=1e-6, atol=1e-8
        )


def test_are_recursive_forecasts_those_of_statsmodels(answers):
    autoreg = pytest.importorskip("statsmodels.tsa.ar_model").AutoReg
    _, celsius = data.elnino()
    for origin in (600, 650):
        fit = autoreg(celsius[:origin], 13).fit()
        theirs = fit.predict(start=origin, end=origin + 11)
        w = answers["ar_fit"](celsius[:origin], 13)
        ours = answers["rolling_forecast"](celsius[: origin + 12], w, origin, 12)
        assert ours.shape == (1, 12)
        np.testing.assert_allclose(ours[0], theirs, rtol=1e-6)


def test_is_the_auc_that_of_scikit_learn(answers):
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    for kinds in (2, 5, 1000):
        scores, faulty = rng.integers(0, kinds, 80) / 8, rng.random(80) < 0.3
        theirs = metrics.roc_auc_score(faulty, scores)
        assert abs(answers["roc_auc"](scores, faulty) - theirs) < 1e-12


def test_is_the_area_under_the_drawn_curve_the_share_of_pairs(answers):
    rng = np.random.default_rng(1)
    scores, faulty = rng.normal(size=300), rng.random(300) < 0.2
    alarms, hits = answers["roc_curve"](scores, faulty)
    area = np.sum(np.diff(alarms, prepend=0) * hits)  # no ties: the curve moves along one axis
    assert abs(area - answers["roc_auc"](scores, faulty)) < 1e-12


@pytest.mark.parametrize("time", [2, 3, 10, 57])
def test_is_the_spread_of_a_walk_the_derived_one(time):
    """The covariance of two levels of a walk is the earlier one's count of steps."""
    steps = np.minimum(*np.meshgrid(np.arange(time), np.arange(time)))
    centring = np.eye(time) - 1 / time
    assert abs(np.trace(centring @ steps @ centring) - (time**2 - 1) / 6) < 1e-9


def test_grows_the_error_of_a_recursion_as_derived():
    rng, w = np.random.default_rng(2), 0.8
    values = rng.normal(size=40_000) / 0.6  # the variance of the series is 1 / (1 - w ** 2)
    start, total = values.copy(), 0.0
    for ahead in range(1, 6):
        values = w * values + rng.normal(size=values.size)
        total += w ** (2 * (ahead - 1))
        assert abs(np.mean((values - w**ahead * start) ** 2) / total - 1) < 0.05


def test_is_nothing_forecast_of_a_walk_by_the_simple_models(answers):
    for seed in range(5):
        walk = data.random_walk(3000, np.random.default_rng(seed))
        w = answers["ar_fit"](walk[:2000], 10)
        y_hat = answers["rolling_forecast"](walk, w, 2000, 1)[:, 0]
        naive = answers["rmse"](walk[2000:], walk[1999:-1])
        assert answers["rmse"](walk[2000:], y_hat) > 0.98 * naive


def test_do_the_smoothers_of_the_page_leak_as_it_says(answers):
    series, rng = data.random_walk(30, np.random.default_rng(3)), np.random.default_rng(4)

    def late(smooth):
        return lambda values: np.append(0.0, smooth(values, 5)[:-1])

    assert answers["detect_leakage"](late(answers["trailing"]), series, rng) == []
    assert answers["detect_leakage"](late(answers["centred"]), series, rng) == list(range(1, 30))


def test_is_recent_the_mean_of_the_last_hours(answers):
    errors = np.array([1.0, -2.0, 3.0, 4.0, -10.0])
    expected = [1, 1.5, 2, 3, 17 / 3]
    np.testing.assert_allclose(answers["recent"](errors, 3), expected)
