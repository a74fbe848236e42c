# %% answer seasonal_naive
def seasonal_naive(history, season, horizon):
    last = np.asarray(history)[-season:]  # (season,)
    return last[np.arange(horizon) % season]  # (horizon,)


# %% hidden seasonal_naive
_rng = np.random.default_rng()
_cases = [(1, 5, 4), (4, 3, 9), (5, 5, 13), (3, 11, 8), (7, 30, 7), (2, 1, 9)]
for _season, _horizon, _time in _cases:
    _history = _rng.normal(size=_time)
    _known = [float(_value) for _value in _history]
    for _ in range(_horizon):  # one step at a time: a season before the step that comes
        _known.append(_known[len(_known) - _season])
    _y_hat = checks.unchanged(seasonal_naive, _history, _season, _horizon)
    checks.shape(_y_hat, (_horizon,), "the forecast")
    _hint = f"Each value equals the one {_season} steps before it (horizon {_horizon})."
    checks.close(_y_hat, _known[_time:], "the forecast", hint=_hint)


# %% also-correct seasonal_naive
def seasonal_naive(history, season, horizon):
    values = list(history)
    for _ in range(horizon):
        values.append(values[-season])
    return np.array(values[len(history) :])


# %% also-correct seasonal_naive
def seasonal_naive(history, season, horizon):
    repeats = -(-horizon // season)
    return np.tile(history[len(history) - season :], repeats)[:horizon].astype("float32")


# %% also-correct seasonal_naive
def seasonal_naive(history, season, horizon):
    start = len(history) - season
    return [history[start + step % season] for step in range(horizon)]


# %% misconception seasonal_naive
# hint: That is the naive forecast: the last value, whatever the season. Go back one season instead.
def seasonal_naive(history, season, horizon):
    return np.full(horizon, history[-1])


# %% misconception seasonal_naive
# hint: The season to repeat is the last one of the history. Here it is the first.
def seasonal_naive(history, season, horizon):
    return np.resize(history[:season], horizon)


# %% misconception seasonal_naive
# hint: The last season is repeated in its own order. Here it runs backwards.
def seasonal_naive(history, season, horizon):
    return np.resize(history[-season:][::-1], horizon)


# %% misconception seasonal_naive
# hint: A horizon longer than a season goes on with the same season again, not with its last value.
def seasonal_naive(history, season, horizon):
    last = history[-season:]
    return np.array([last[min(step, season - 1)] for step in range(horizon)])


# %% misconception seasonal_naive
# hint: The result has `horizon` numbers. Here it is one season, however far ahead was asked for.
def seasonal_naive(history, season, horizon):
    return history[-season:]


# %% misconception seasonal_naive
# hint: Step 0 takes the value one season before it. Here the season is off by one step.
def seasonal_naive(history, season, horizon):
    return np.resize(np.roll(history[-season:], 1), horizon)


# %% misconception seasonal_naive
# hint: How far back one goes is set by the season. Here it is set by the horizon.
def seasonal_naive(history, season, horizon):
    return np.resize(history[-horizon:], horizon)


# %% misconception seasonal_naive
# hint: The forecast is the value one season ago, not the mean of the last season.
def seasonal_naive(history, season, horizon):
    return np.full(horizon, np.mean(history[-season:]))


# %% answer mase
def mase(y, y_hat, train, season):
    error = np.mean(np.abs(np.asarray(y) - np.asarray(y_hat)))
    return error / np.mean(np.abs(train[season:] - train[:-season]))


# %% hidden mase
_rng = np.random.default_rng()
for _shape, _time, _season in [((7,), 12, 1), ((5,), 20, 4), ((3, 4), 9, 2), ((1,), 30, 12)]:
    _y, _y_hat = _rng.normal(size=_shape) * 3, _rng.normal(size=_shape) + 2
    _y_hat.flat[0], _y_hat.flat[-1] = _y.flat[0] + 2, _y.flat[-1] - 1  # errors of both signs
    _train = np.cumsum(_rng.normal(size=_time)) + 10
    _pairs = list(zip(_y.ravel().tolist(), _y_hat.ravel().tolist(), strict=True))
    _above = sum(abs(_a - _b) for _a, _b in _pairs) / len(_pairs)
    _moves = [abs(float(_train[t]) - float(_train[t - _season])) for t in range(_season, _time)]
    _mase = checks.unchanged(mase, _y, _y_hat, _train, _season)
    checks.shape(_mase, (), "the MASE")
    _hint = f"Season {_season}: mean absolute error over the mean absolute move in training."
    checks.close(_mase, _above / (sum(_moves) / len(_moves)), "the MASE", hint=_hint)


# %% also-correct mase
def mase(y, y_hat, train, season):
    errors = [abs(a - b) for a, b in zip(np.ravel(y), np.ravel(y_hat), strict=True)]
    moves = [abs(train[t] - train[t - season]) for t in range(season, len(train))]
    return (sum(errors) / len(errors)) * len(moves) / sum(moves)


# %% also-correct mase
def mase(y, y_hat, train, season):
    scale = np.linalg.norm(np.subtract(train[season:], train[: len(train) - season]), 1)
    total = np.linalg.norm(np.ravel(np.subtract(y, y_hat)), 1)
    return np.float32(total / np.size(y) / (scale / (len(train) - season)))


# %% misconception mase
# hint: The mean goes over all numbers, whatever the axes. Here one mean a column is returned.
def mase(y, y_hat, train, season):
    errors = np.abs(np.subtract(y, y_hat)).mean(axis=0)
    return errors / np.mean(np.abs(train[season:] - train[:-season]))


# %% misconception mase
# hint: The scale compares values one season apart. Here the season seems to be ignored.
def mase(y, y_hat, train, season):
    return np.mean(np.abs(np.subtract(y, y_hat))) / np.mean(np.abs(np.diff(train)))


# %% misconception mase
# hint: np.diff(train, season) takes differences of differences, not values a season apart.
def mase(y, y_hat, train, season):
    return np.mean(np.abs(np.subtract(y, y_hat))) / np.mean(np.abs(np.diff(train, season + 1)))


# %% misconception mase
# hint: Errors of opposite sign must not cancel: the absolute value comes before the mean.
def mase(y, y_hat, train, season):
    scale = np.mean(np.abs(train[season:] - train[:-season]))
    return abs(np.mean(np.subtract(y, y_hat))) / scale


# %% misconception mase
# hint: MASE takes absolute errors, above and below. Squares are for the RMSE.
def mase(y, y_hat, train, season):
    scale = np.sqrt(np.mean((train[season:] - train[:-season]) ** 2))
    return np.sqrt(np.mean(np.subtract(y, y_hat) ** 2)) / scale


# %% misconception mase
# hint: The scale comes from the training series. Here it is made of the test's targets.
def mase(y, y_hat, train, season):
    y = np.ravel(y)
    scale = np.mean(np.abs(y - np.mean(y))) + 1e-9
    return np.mean(np.abs(y - np.ravel(y_hat))) / scale


# %% misconception mase
# hint: The fraction is upside down: the forecast's error stands above, the scale below.
def mase(y, y_hat, train, season):
    scale = np.mean(np.abs(train[season:] - train[:-season]))
    return scale / np.mean(np.abs(np.subtract(y, y_hat)))


# %% misconception mase
# hint: The scale is what the baseline misses, not the mean size of the training values.
def mase(y, y_hat, train, season):
    return np.mean(np.abs(np.subtract(y, y_hat))) / np.mean(np.abs(train))


# %% misconception mase
# hint: The scale averages over T - m differences. Here the divisor is another one.
def mase(y, y_hat, train, season):
    scale = np.sum(np.abs(train[season:] - train[:-season])) / len(train)
    return np.mean(np.abs(np.subtract(y, y_hat))) / scale


# %% answer ar_fit
def ar_fit(series, p):
    samples = len(series) - p
    past = [series[p - k : len(series) - k] for k in range(1, p + 1)]  # p times (samples,)
    X = np.column_stack([np.ones(samples), *past])  # (samples, p + 1)
    return np.linalg.lstsq(X, series[p:], rcond=None)[0]  # (p + 1,)


# %% hidden ar_fit
_rng = np.random.default_rng()
for _p, _time in [(1, 12), (2, 30), (3, 41), (5, 60)]:
    _v = _rng.normal(size=_time) + 4  # nothing to find: the errors stay large
    _w = checks.unchanged(ar_fit, _v, _p)
    checks.shape(_w, (_p + 1,), "w", hint="The constant and p weights.")
    _errors = [
        float(_v[t]) - float(_w[0]) - sum(float(_w[k]) * float(_v[t - k]) for k in range(1, _p + 1))
        for t in range(_p, _time)
    ]
    _hint = f"p = {_p}: at the best weights the errors are orthogonal to every column of X."
    checks.close(sum(_errors) / _time, 0, "the mean error", hint=_hint, atol=1e-4)
    for _k in range(1, _p + 1):
        _product = sum(_e * float(_v[_p + i - _k]) for i, _e in enumerate(_errors))
        _name = f"errors times the values {_k} steps before"
        checks.close(_product / _time, 0, _name, hint=_hint, atol=1e-4)


# %% also-correct ar_fit
def ar_fit(series, p):
    rows = [[1.0, *(series[t - k] for k in range(1, p + 1))] for t in range(p, len(series))]
    return np.linalg.pinv(np.array(rows)) @ np.array(series[p:])


# %% also-correct ar_fit
def ar_fit(series, p):
    view = np.lib.stride_tricks.sliding_window_view(np.asarray(series, dtype=float), p + 1)
    X = np.concatenate([np.ones((len(view), 1)), view[:, -2::-1]], axis=1)
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ view[:, -1])


# %% also-correct ar_fit
def ar_fit(series, p):
    X = np.ones((len(series) - p, p + 1))
    for k in range(1, p + 1):
        X[:, k] = series[p - k : len(series) - k]
    return np.linalg.solve(X.T @ X, X.T @ series[p:])


# %% equivalent ar_fit
# mutant: return np.linalg.lstsq(X, series[p:])[0]  # (p + 1,)
# reason: NumPy 2 takes the same tolerance for rcond=None and for no rcond


# %% misconception ar_fit
# hint: The formula has a constant, so X needs a column of ones.
def ar_fit(series, p):
    X = np.column_stack([series[p - k : len(series) - k] for k in range(1, p + 1)])
    return np.append(0.0, np.linalg.lstsq(X, series[p:], rcond=None)[0])


# %% misconception ar_fit
# hint: After the constant comes the weight of the newest value. Here the oldest comes first.
def ar_fit(series, p):
    X = np.column_stack(
        [np.ones(len(series) - p)] + [series[p - k : len(series) - k] for k in range(p, 0, -1)]
    )
    return np.linalg.lstsq(X, series[p:], rcond=None)[0]


# %% misconception ar_fit
# hint: The constant is the first of the returned numbers, not the last.
def ar_fit(series, p):
    X = np.column_stack(
        [series[p - k : len(series) - k] for k in range(1, p + 1)] + [np.ones(len(series) - p)]
    )
    return np.linalg.lstsq(X, series[p:], rcond=None)[0]


# %% misconception ar_fit
# hint: The value to be forecast may not be among its own inputs: begin one step before it.
def ar_fit(series, p):
    X = np.column_stack(
        [np.ones(len(series) - p)] + [series[p - k : len(series) - k] for k in range(p)]
    )
    return np.linalg.lstsq(X, series[p:], rcond=None)[0]


# %% misconception ar_fit
# hint: The constant belongs into the fit. Taking off the mean of the series first is not the same.
def ar_fit(series, p):
    v = series - np.mean(series)
    X = np.column_stack([v[p - k : len(v) - k] for k in range(1, p + 1)])
    w = np.linalg.lstsq(X, v[p:], rcond=None)[0]
    return np.append(np.mean(series) * (1 - w.sum()), w)


# %% misconception ar_fit
# hint: Every target from series[p] to the last one belongs to the fit. Here the last is left out.
def ar_fit(series, p):
    v = series[:-1]
    X = np.column_stack([np.ones(len(v) - p)] + [v[p - k : len(v) - k] for k in range(1, p + 1)])
    return np.linalg.lstsq(X, v[p:], rcond=None)[0]


# %% misconception ar_fit
# hint: Fit all p weights together. Fitted one by one they count the same pattern several times.
def ar_fit(series, p):
    y = series[p:]
    weights = []
    for k in range(1, p + 1):
        x = series[p - k : len(series) - k]
        weights.append(np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2) / p)
    constant = y.mean() - sum(
        w * series[p - k : len(series) - k].mean() for k, w in enumerate(weights, start=1)
    )
    return np.array([constant, *weights])


# %% misconception ar_fit
# hint: Least squares without any penalty is asked for. Here large weights are held back.
def ar_fit(series, p):
    X = np.column_stack(
        [np.ones(len(series) - p)] + [series[p - k : len(series) - k] for k in range(1, p + 1)]
    )
    return np.linalg.solve(X.T @ X + np.eye(p + 1), X.T @ series[p:])


# %% answer rolling_forecast
def rolling_forecast(series, w, start, horizon):
    origins = np.arange(start, len(series) - horizon + 1)  # (origins,)
    past = np.asarray(series)[origins[:, None] - np.arange(1, len(w))]  # (origins, p), newest first
    steps = []
    for _ in range(horizon):
        y_hat = w[0] + past @ w[1:]  # (origins,)
        past = np.column_stack([y_hat, past[:, :-1]])  # (origins, p)
        steps.append(y_hat)
    return np.stack(steps, axis=1)  # (origins, horizon)


# %% hidden rolling_forecast
_rng = np.random.default_rng()
_cases = [(1, 1, 3, 9), (2, 4, 5, 12), (3, 3, 1, 8), (4, 6, 7, 15), (2, 5, 3, 8)]
for _p, _start, _horizon, _time in _cases:
    _series, _w = _rng.normal(size=_time), _rng.uniform(-0.8, 0.8, size=_p + 1)
    _rows = checks.unchanged(rolling_forecast, _series, _w, _start, _horizon)
    _expected = []
    for _origin in range(_start, _time - _horizon + 1):
        _known = [float(_value) for _value in _series[:_origin]]
        for _ in range(_horizon):
            _next = float(_w[0])
            for _k in range(1, _p + 1):
                _next += float(_w[_k]) * _known[len(_known) - _k]
            _known.append(_next)
        _expected.append(_known[_origin:])
    checks.shape(_rows, (len(_expected), _horizon), "the forecasts", axes=("origins", "horizon"))
    _hint = f"p = {_p}, start {_start}, horizon {_horizon}: known values, then forecasts."
    checks.close(_rows, _expected, "the forecasts", hint=_hint)


# %% also-correct rolling_forecast
def rolling_forecast(series, w, start, horizon):
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        known = list(series[:origin])
        for _ in range(horizon):
            known.append(w[0] + sum(w[k] * known[-k] for k in range(1, len(w))))
        rows.append(known[origin:])
    return np.array(rows)


# %% also-correct rolling_forecast
def rolling_forecast(series, w, start, horizon):
    p, count = len(w) - 1, len(series) - horizon - start + 1
    board = np.empty((count, p + horizon))
    for row in range(count):
        board[row, :p] = series[start + row - p : start + row]
    for step in range(p, p + horizon):
        board[:, step] = np.einsum("op,p->o", board[:, step - p : step], w[:0:-1]) + w[0]
    return board[:, p:]


# %% also-correct rolling_forecast
def rolling_forecast(series, w, start, horizon):
    p = len(w) - 1
    move = np.zeros((p + 1, p + 1))  # one step: (1, newest, ..., oldest) to the next such row
    move[0, 0], move[1] = 1, w
    move[2:, 1:p] = np.eye(p - 1)
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        state = np.array([1.0, *reversed(list(series)[origin - p : origin])])
        rows.append([(np.linalg.matrix_power(move, h) @ state)[1] for h in range(1, horizon + 1)])
    return rows


# %% misconception rolling_forecast
# hint: From the second step on the input is the forecast. Here the true value is looked up.
def rolling_forecast(series, w, start, horizon):
    p = len(w) - 1
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        steps = range(origin, origin + horizon)
        rows.append([w[0] + series[t - np.arange(1, p + 1)] @ w[1:] for t in steps])
    return np.array(rows)


# %% misconception rolling_forecast
# hint: w[1] belongs to the newest value. Here the weights meet the past from its oldest value on.
def rolling_forecast(series, w, start, horizon):
    p = len(w) - 1
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        known = list(series[:origin])
        for _ in range(horizon):
            known.append(w[0] + np.dot(known[-p:], w[1:]))
        rows.append(known[origin:])
    return np.array(rows)


# %% misconception rolling_forecast
# hint: From origin t the newest known value is series[t - 1]. Here series[t] itself is read.
def rolling_forecast(series, w, start, horizon):
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        known = list(series[: origin + 1])
        for _ in range(horizon):
            known.append(w[0] + sum(w[k] * known[-k] for k in range(1, len(w))))
        rows.append(known[origin + 1 :])
    return np.array(rows)


# %% misconception rolling_forecast
# hint: One origin is missing: the last one whose `horizon` true values all exist counts as well.
def rolling_forecast(series, w, start, horizon):
    rows = []
    for origin in range(start, len(series) - horizon):
        known = list(series[:origin])
        for _ in range(horizon):
            known.append(w[0] + sum(w[k] * known[-k] for k in range(1, len(w))))
        rows.append(known[origin:])
    return np.array(rows).reshape(-1, horizon)


# %% misconception rolling_forecast
# hint: The constant w[0] is added at every step, not only at the first.
def rolling_forecast(series, w, start, horizon):
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        known = list(series[:origin])
        for step in range(horizon):
            known.append(w[0] * (step == 0) + sum(w[k] * known[-k] for k in range(1, len(w))))
        rows.append(known[origin:])
    return np.array(rows)


# %% misconception rolling_forecast
# hint: Each origin has a history of its own. Here only the first origin forecasts.
def rolling_forecast(series, w, start, horizon):
    known = list(series[:start])
    for _ in range(horizon):
        known.append(w[0] + sum(w[k] * known[-k] for k in range(1, len(w))))
    return np.tile(known[start:], (len(series) - horizon - start + 1, 1))


# %% misconception rolling_forecast
# hint: The past has to move on: each forecast enters as the newest value and the oldest leaves.
def rolling_forecast(series, w, start, horizon):
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        y_hat = w[0] + sum(w[k] * series[origin - k] for k in range(1, len(w)))
        rows.append([y_hat] * horizon)
    return np.array(rows)


# %% misconception rolling_forecast
# hint: Forecasts have fractions. An array of whole numbers (dtype int) cuts them off.
def rolling_forecast(series, w, start, horizon):
    p = len(w) - 1
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        known = np.zeros(p + horizon, dtype=int)
        known[:p] = series[origin - p : origin]
        for step in range(p, p + horizon):
            known[step] = w[0] + known[step - p : step][::-1] @ w[1:]
        rows.append(known[p:])
    return np.array(rows)


# %% misconception rolling_forecast
# hint: The axes are (origins, horizon). Here each row is a step ahead, not an origin.
def rolling_forecast(series, w, start, horizon):
    rows = []
    for origin in range(start, len(series) - horizon + 1):
        known = list(series[:origin])
        for _ in range(horizon):
            known.append(w[0] + sum(w[k] * known[-k] for k in range(1, len(w))))
        rows.append(known[origin:])
    return np.array(rows).T


# %% answer detect_leakage
def detect_leakage(forecast, series, rng):
    honest = forecast(series)  # (time,)
    steps = []
    for t in range(len(series)):
        other = rng.normal(size=len(series))  # (time,)
        spoiled = np.where(np.arange(len(series)) < t, series, other)  # (time,)
        if not np.isclose(forecast(spoiled)[t], honest[t], equal_nan=True):
            steps.append(t)
    return steps


# %% hidden detect_leakage
def _with(places, source):
    """Naive, but at some places it looks at what `source` gives for that step."""

    def forecast(series):
        guess = np.append(0.0, series[:-1])
        for place in places:
            guess[place] = guess[place] + source(series, place)
        return guess

    return forecast


def _smooth(series):
    padded = np.concatenate([[series[0]], series, [series[-1]]])
    return (padded[:-2] + padded[1:-1] + padded[2:]) / 3


def _past_mean(series):
    return np.array([np.nan, *(series[:t].mean() for t in range(1, len(series)))])


_rng = np.random.default_rng()
_series = _rng.normal(size=9) * 3 + 20
_all = list(range(9))
_cases = [
    ("the mean of the past", _past_mean, []),
    ("the first value", lambda s: np.append(0.0, np.full(len(s) - 1, s[0])), []),
    ("smoothed on both sides", _smooth, _all),
    ("scaled by all data", lambda s: np.append(0.0, s[:-1]) - s.mean(), _all),
    ("the target itself", lambda s: s.copy(), _all),
    ("the target at three steps", _with([0, 4, 8], lambda s, t: s[t]), [0, 4, 8]),
    ("the next value at two steps", _with([2, 5], lambda s, t: 0.5 * s[t + 1]), [2, 5]),
    ("the last value, from step 1", _with([1], lambda s, t: s[-1]), [1]),
    ("a future difference", _with([3, 6], lambda s, t: s[t + 2] - s[t + 1]), [3, 6]),
    ("a small share of the future", _with([7], lambda s, t: 0.01 * s[8]), [7]),
]
for _name, _forecast, _expected in _cases:
    _steps = checks.unchanged(detect_leakage, _forecast, _series, _rng)
    _hint = "Spoil series[t:], compare number t."
    checks.equal(_steps, _expected, f"the steps ({_name})", hint=_hint)
_zeros = np.zeros(5)
_steps = detect_leakage(_with([1], lambda s, t: s[3] - s[2]), _zeros, _rng)
checks.equal(_steps, [1], "the steps (a series of zeros)", hint="Do not scale: replace.")


# %% also-correct detect_leakage
def detect_leakage(forecast, series, rng):
    first = np.array(forecast(np.array(series)))
    found = set()
    for t in range(len(series)):
        for size in (50.0, 1e5):
            later = series[t:] + size * rng.uniform(1, 2, len(series) - t)
            other = np.concatenate([series[:t], later])
            a, b = first[t], forecast(other)[t]
            if np.isnan(a) != np.isnan(b) or abs(a - b) > 1e-6:
                found.add(t)
    return sorted(found)


# %% also-correct detect_leakage
def detect_leakage(forecast, series, rng):
    time = len(series)
    noise = np.cumsum(rng.exponential(size=time) + 1) ** 2 * 100
    before = np.array(forecast(np.asarray(series) + 0.0))
    after = np.array(
        [forecast(np.where(np.arange(time) < t, series, series + noise))[t] for t in range(time)]
    )
    same = (np.isnan(before) & np.isnan(after)) | (np.abs(before - after) < 1e-6)
    return np.flatnonzero(~same).tolist()


# %% also-correct detect_leakage
def detect_leakage(forecast, series, rng):
    before, leaks = forecast(series), []
    for t in range(len(series)):
        for _ in range(2):
            after = forecast(np.concatenate([series[:t], rng.normal(size=len(series) - t)]))
            leaks.append((t, not np.allclose(after[t], before[t], equal_nan=True)))
    return np.unique([t for t, leak in leaks if leak]).astype(int)


# %% misconception detect_leakage
# hint: Number t is the forecast of series[t], so series[t] itself is not known: replace it as well.
def detect_leakage(forecast, series, rng):
    honest, steps = forecast(series), []
    for t in range(len(series)):
        spoiled = series.copy()
        spoiled[t + 1 :] += rng.normal(size=len(series) - t - 1) * 1000
        if not np.isclose(forecast(spoiled)[t], honest[t], equal_nan=True):
            steps.append(t)
    return steps


# %% misconception detect_leakage
# hint: Everything from t to the end has to change. Here only series[t] does.
def detect_leakage(forecast, series, rng):
    honest, steps = forecast(series), []
    for t in range(len(series)):
        spoiled = series.copy()
        spoiled[t] += rng.normal() * 1000
        if not np.isclose(forecast(spoiled)[t], honest[t], equal_nan=True):
            steps.append(t)
    return steps


# %% misconception detect_leakage
# hint: A difference of later values stays the same if all of them rise by the same amount.
def detect_leakage(forecast, series, rng):
    honest, steps = forecast(series), []
    for t in range(len(series)):
        spoiled = series.copy()
        spoiled[t:] += 1000
        if not np.isclose(forecast(spoiled)[t], honest[t], equal_nan=True):
            steps.append(t)
    return steps


# %% misconception detect_leakage
# hint: Later forecasts may move when series[t:] changes, for they know it. Compare number t only.
def detect_leakage(forecast, series, rng):
    honest, steps = forecast(series), []
    for t in range(len(series)):
        spoiled = series.copy()
        spoiled[t:] = rng.normal(size=len(series) - t) * 1000
        if not np.allclose(forecast(spoiled)[t:], honest[t:], equal_nan=True):
            steps.append(t)
    return steps


# %% misconception detect_leakage
# hint: The past is known. Changing it moves an honest forecast too; change series[t:] instead.
def detect_leakage(forecast, series, rng):
    honest, steps = forecast(series), []
    for t in range(len(series)):
        spoiled = rng.normal(size=len(series)) * 1000
        if not np.isclose(forecast(spoiled)[t], honest[t], equal_nan=True):
            steps.append(t)
    return steps


# %% misconception detect_leakage
# hint: Which steps leak is asked for: return the list of them, not True or False.
def detect_leakage(forecast, series, rng):
    honest = forecast(series)
    for t in range(len(series)):
        spoiled = series.copy()
        spoiled[t:] = rng.normal(size=len(series) - t) * 1000
        if not np.isclose(forecast(spoiled)[t], honest[t], equal_nan=True):
            return True
    return False


# %% misconception detect_leakage
# hint: nan both times is no leak. Note that nan differs from itself unless equal_nan=True is given.
def detect_leakage(forecast, series, rng):
    honest, steps = forecast(series), []
    for t in range(len(series)):
        spoiled = series.copy()
        spoiled[t:] = rng.normal(size=len(series) - t) * 1000
        if not abs(forecast(spoiled)[t] - honest[t]) < 1e-6:
            steps.append(t)
    return steps


# %% misconception detect_leakage
# hint: Step 0 and the last step can leak too. Here not all steps are tried.
def detect_leakage(forecast, series, rng):
    honest, steps = forecast(series), []
    for t in range(1, len(series) - 1):
        spoiled = series.copy()
        spoiled[t:] = rng.normal(size=len(series) - t) * 1000
        if not np.isclose(forecast(spoiled)[t], honest[t], equal_nan=True):
            steps.append(t)
    return steps


# %% misconception detect_leakage
# hint: Work on a copy: here the series that was handed over is spoiled itself.
def detect_leakage(forecast, series, rng):
    honest, steps = forecast(series.copy()), []
    for t in reversed(range(len(series))):
        series[t:] = rng.normal(size=len(series) - t) * 1000
        if not np.isclose(forecast(series)[t], honest[t], equal_nan=True):
            steps.insert(0, t)
    return steps


# %% answer anomaly_threshold
def anomaly_threshold(scores, rate):
    ordered = np.sort(scores)  # (time,), the smallest first
    above = len(ordered) - np.searchsorted(ordered, ordered, side="right")  # (time,): how many
    return ordered[above <= rate * len(ordered)][0]


# %% hidden anomaly_threshold
_rng = np.random.default_rng()
_base = float(_rng.integers(1, 9))
_scores = _base + _rng.permutation([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0])
for _rate, _expected in [(0.125, 2), (0.2, 2), (0.25, 1), (0.375, 1), (0.45, 1), (0.5, 0)]:
    _hint = f"Rate {_rate}: the smallest score with at most that share above it; many are equal."
    checks.close(anomaly_threshold(_scores, _rate), _base + _expected, "the threshold", hint=_hint)
for _time, _kinds in [(8, 100), (16, 4), (40, 1000), (64, 7), (1, 5)]:
    for _rate in (0, 0.125, 0.25, 0.625, float(_rng.uniform(0.01, 0.99))):
        _scores = _rng.integers(0, _kinds, size=_time) / 4
        _listed = _scores.tolist()
        _fit = [s for s in _listed if sum(o > s for o in _listed) <= _rate * _time]
        _threshold = checks.unchanged(anomaly_threshold, _scores, _rate)
        checks.shape(_threshold, (), "the threshold")
        _hint = f"Rate {_rate:.3g}: the smallest score with at most that share above it."
        checks.close(_threshold, min(_fit), "the threshold", hint=_hint)


# %% also-correct anomaly_threshold
def anomaly_threshold(scores, rate):
    for score in sorted(scores):
        if np.mean(np.asarray(scores) > score) <= rate:
            return float(score)


# %% also-correct anomaly_threshold
def anomaly_threshold(scores, rate):
    allowed = int(np.floor(rate * len(scores)))
    return np.sort(scores)[::-1][allowed]


# %% also-correct anomaly_threshold
def anomaly_threshold(scores, rate):
    return np.quantile(scores, 1 - rate, method="inverted_cdf") if rate else np.max(scores)


# %% misconception anomaly_threshold
# hint: That is three standard deviations above the mean. The rate of false alarms is not used.
def anomaly_threshold(scores, rate):
    return np.mean(scores) + 3 * np.std(scores)


# %% misconception anomaly_threshold
# hint: An unusual score is a large one. Here the share `rate` lies below the threshold, not above.
def anomaly_threshold(scores, rate):
    return np.sort(scores)[int(rate * len(scores))]


# %% misconception anomaly_threshold
# hint: The largest sound score gives no false alarm at all, but the rate allows some.
def anomaly_threshold(scores, rate):
    return np.max(scores)


# %% misconception anomaly_threshold
# hint: The threshold shall be one of the scores. Here it is a number between two of them.
def anomaly_threshold(scores, rate):
    return np.quantile(scores, 1 - rate)


# %% misconception anomaly_threshold
# hint: An alarm is a score above the threshold. Scores equal to it do not count as alarms.
def anomaly_threshold(scores, rate):
    fit = [s for s in scores if np.mean(scores >= s) <= rate]
    return min(fit) if fit else np.max(scores)


# %% misconception anomaly_threshold
# hint: The share may not be more than the rate: round the number of alarms down, not up.
def anomaly_threshold(scores, rate):
    allowed = min(int(np.ceil(rate * len(scores))), len(scores) - 1)
    return np.sort(scores)[::-1][allowed]


# %% misconception anomaly_threshold
# hint: Equal scores count as often as they occur. Here repeated ones are dropped first.
def anomaly_threshold(scores, rate):
    kept = np.unique(scores)
    return kept[::-1][int(rate * len(kept))]


# %% misconception anomaly_threshold
# hint: The threshold is a score. Here it is the place of one.
def anomaly_threshold(scores, rate):
    return len(scores) - 1 - int(rate * len(scores))


# %% answer too_good [markdown]
# (1) Very little. For a random walk of $T$ days the naive forecast, which knows nothing, gets an
# $R^2$ of about $1 - 6/T$. Even on 600 days in a row that is 0.99. Here the 600 days are drawn at
# random from 3000, so they spread as far as all 3000, and the naive forecast gets about
# $1 - 6/3000 = 0.998$; smoothed prices move less from day to day, so on them it gets even more. So
# 0.997 is what "tomorrow like today" would get, or less. (Full points also for 0.99.) What counts is the $R^2$ of the *changes*, where the naive forecast gets 0, or the RMSE
# beside the naive one. (2) The centred average of 7 days mixes each price with those of the next
# three days, so the inputs (and the smoothed targets) know part of what is to be forecast. Windows
# drawn at random put days into training that lie beside and after the test days, so their targets
# are in training too: it becomes interpolation. Also, the scaling to the range from 0 to 1 uses
# the highest and lowest price of all days, some of them in the future. The linear model has the
# same leaks, so beating it proves nothing. (3) Split in time: train on the oldest days, choose on
# later ones, test once on the latest. Scale by training data only, do not smooth, or with past
# values only. Report RMSE or MASE and the $R^2$ of changes beside the naive forecast, over several
# seeds and shares. Make the interval from errors on validation data, not from training errors,
# which are too small, and count on the test how many prices fall inside: about 90 %.
