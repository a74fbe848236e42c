# %% answer classify_pattern
def classify_pattern(input_shape, output_shape):
    def count(shape):
        return "many" if len(shape) == 3 and shape[1] != 1 else "one"

    return f"{count(input_shape)}-to-{count(output_shape)}"


# %% hidden classify_pattern
_generator = np.random.default_rng()
for _samples in (None, 1, 2, int(_generator.integers(3, 500))):
    for _first, _steps_in in [("one", 0), ("one", 1), ("many", None), ("many", 2), ("many", 40)]:
        for _second, _steps_out in [("one", 0), ("one", 1), ("many", None), ("many", 2), ("many", 7)]:
            # 0 stands for a shape without a time axis
            _shapes = []
            for _steps in (_steps_in, _steps_out):
                _features = int(_generator.integers(1, 9))
                _shapes.append(
                    (_samples, _features) if _steps == 0 else (_samples, _steps, _features)
                )
            checks.equal(
                classify_pattern(_shapes[0], _shapes[1]),
                _first + "-to-" + _second,
                "the pattern",
                hint="Only time steps count: neither samples nor features do.",
            )


# %% also-correct classify_pattern
def classify_pattern(input_shape, output_shape):
    names = {(False, False): "one-to-one", (False, True): "one-to-many",
             (True, False): "many-to-one", (True, True): "many-to-many"}
    many = []
    for shape in (input_shape, output_shape):
        steps = 1 if len(shape) == 2 else shape[1]
        many.append(steps is None or steps > 1)
    return names[tuple(many)]


# %% also-correct classify_pattern
def classify_pattern(input_shape, output_shape):
    words = []
    for shape in (input_shape, output_shape):
        middle = list(shape)[1:-1]
        words.append("one" if middle in ([], [1]) else "many")
    return "-to-".join(words)


# %% misconception classify_pattern
# hint: Samples are not steps. A hundred reviews are a hundred separate questions; the pattern
# describes what happens within one of them.
def classify_pattern(input_shape, output_shape):
    def count(shape):
        return "one" if shape[0] == 1 else "many"

    return f"{count(input_shape)}-to-{count(output_shape)}"


# %% misconception classify_pattern
# hint: Input and output are the wrong way round: the word before "to" describes what goes in.
def classify_pattern(input_shape, output_shape):
    def count(shape):
        return "many" if len(shape) == 3 and shape[1] != 1 else "one"

    return f"{count(output_shape)}-to-{count(input_shape)}"


# %% misconception classify_pattern
# hint: Features are not steps. Four measurements of one flower are four features of a single step.
def classify_pattern(input_shape, output_shape):
    def count(shape):
        return "many" if shape[-1] != 1 else "one"

    return f"{count(input_shape)}-to-{count(output_shape)}"


# %% misconception classify_pattern
# hint: A time axis alone does not make a sequence of many: look at how many steps it holds.
def classify_pattern(input_shape, output_shape):
    def count(shape):
        return "many" if len(shape) == 3 else "one"

    return f"{count(input_shape)}-to-{count(output_shape)}"


# %% misconception classify_pattern
# hint: A size of None is not a missing axis. It says that the number of steps is not fixed, and a
# sequence of unknown length is still a sequence.
def classify_pattern(input_shape, output_shape):
    def count(shape):
        return "many" if len(shape) == 3 and shape[1] not in (None, 1) else "one"

    return f"{count(input_shape)}-to-{count(output_shape)}"


# %% misconception classify_pattern
# hint: Many-to-many does not ask for equal lengths. A translation may be longer or shorter than its
# original.
def classify_pattern(input_shape, output_shape):
    def count(shape):
        return "many" if len(shape) == 3 and shape[1] != 1 else "one"

    first, second = count(input_shape), count(output_shape)
    if first == second == "many" and input_shape[1] != output_shape[1]:
        second = "one"
    return f"{first}-to-{second}"


# %% misconception classify_pattern
# hint: In a shape without a time axis the second entry counts features. Only a shape of three
# entries has steps.
def classify_pattern(input_shape, output_shape):
    def count(shape):
        return "one" if shape[1] == 1 else "many"

    return f"{count(input_shape)}-to-{count(output_shape)}"


# %% answer make_windows
def make_windows(series, steps):
    samples = len(series) - steps
    x = np.stack([series[i : i + steps] for i in range(samples)])  # (samples, steps, features)
    y = series[steps:]  # (samples, features)
    return x, y


# %% hidden make_windows
_generator = np.random.default_rng()
for _time, _steps, _features in [
    (int(_generator.integers(15, 40)), int(_generator.integers(2, 12)), int(_generator.integers(2, 6))),
    (int(_generator.integers(15, 40)), int(_generator.integers(2, 12)), 1),
    (12, 1, 3),
    (9, 8, 2),
    (2, 1, 1),
]:
    _series = _generator.normal(size=(_time, _features))
    _x, _y = checks.unchanged(make_windows, _series, _steps)
    checks.true(
        isinstance(_x, np.ndarray) and isinstance(_y, np.ndarray),
        "x and y should be arrays: np.stack turns a list of equal arrays into one.",
    )
    checks.shape(
        _x, (_time - _steps, _steps, _features), "x",
        hint="Samples first, then steps, then features; the last target is the last value.",
    )
    checks.shape(_y, (_time - _steps, _features), "y", hint="One target for each sample.")
    for _sample in range(_time - _steps):
        for _step in range(_steps):
            checks.close(
                _x[_sample, _step], _series[_sample + _step], f"x[{_sample}, {_step}]",
                hint="Step j of sample i is step i + j of the series, with all of its features.",
            )
        checks.close(
            _y[_sample], _series[_sample + _steps], f"y[{_sample}]",
            hint="The target is the first value after the window.",
        )


# %% also-correct make_windows
def make_windows(series, steps):
    views = np.lib.stride_tricks.sliding_window_view(series, steps, axis=0)
    return np.swapaxes(views, 1, 2)[:-1], series[steps:]


# %% also-correct make_windows
def make_windows(series, steps):
    time, features = series.shape
    x = np.zeros((time - steps, steps, features))
    y = np.zeros((time - steps, features))
    for i in range(time - steps):
        for k in range(steps):
            for j in range(features):
                x[i, k, j] = series[i + k, j]
        y[i] = series[i + steps]
    return x, y


# %% also-correct make_windows
def make_windows(series, steps):
    start = np.arange(len(series) - steps)
    return series[start[:, None] + np.arange(steps)], series[start + steps]


# %% also-correct make_windows
def make_windows(series, steps):
    x, y = [], []
    for end in range(steps, len(series)):
        x.append(series[end - steps : end].tolist())
        y.append(series[end].tolist())
    return [np.array(x), np.array(y)]


# %% misconception make_windows
# hint: The number of samples is one too small. The last value of the series may be a target.
def make_windows(series, steps):
    samples = len(series) - steps - 1
    x = np.stack([series[i : i + steps] for i in range(samples)])
    y = np.stack([series[i + steps] for i in range(samples)])
    return x, y


# %% misconception make_windows
# hint: The answer stands in the question: the target is also the last step of its input, so a
# network need only copy it.
def make_windows(series, steps):
    samples = len(series) - steps
    x = np.stack([series[i + 1 : i + steps + 1] for i in range(samples)])
    return x, series[steps:]


# %% misconception make_windows
# hint: A step is left out between input and target. The target is the value right after the window.
def make_windows(series, steps):
    samples = len(series) - steps - 1
    x = np.stack([series[i : i + steps] for i in range(samples)])
    return x, series[steps + 1 :]


# %% misconception make_windows
# hint: The windows lie end to end. They should overlap: each begins one step after the one before.
def make_windows(series, steps):
    starts = range(0, len(series) - steps, steps)
    x = np.stack([series[i : i + steps] for i in starts])
    y = np.stack([series[i + steps] for i in starts])
    return x, y


# %% misconception make_windows
# hint: The axes are (samples, features, steps). Time is the second axis, features are the last.
def make_windows(series, steps):
    views = np.lib.stride_tricks.sliding_window_view(series, steps, axis=0)
    return views[:-1], series[steps:]


# %% misconception make_windows
# hint: Only the first feature is kept. Every step has all of its features.
def make_windows(series, steps):
    samples = len(series) - steps
    x = np.stack([series[i : i + steps, :1] for i in range(samples)])
    return x, series[steps:, :1]


# %% misconception make_windows
# hint: The windows run backwards. The oldest step of each input comes first.
def make_windows(series, steps):
    samples = len(series) - steps
    x = np.stack([series[i : i + steps][::-1] for i in range(samples)])
    return x, series[steps:]


# %% misconception make_windows
# hint: The target is a whole window, moved on by one step. It should be the single next value.
def make_windows(series, steps):
    samples = len(series) - steps
    x = np.stack([series[i : i + steps] for i in range(samples)])
    y = np.stack([series[i + 1 : i + steps + 1] for i in range(samples)])
    return x, y


# %% misconception make_windows
# hint: A reshape counts the numbers into new rows; it does not move the axes. Step and feature are
# mixed up.
def make_windows(series, steps):
    samples = len(series) - steps
    x = np.stack([series[i : i + steps].T.reshape(steps, -1) for i in range(samples)])
    return x, series[steps:]


# %% misconception make_windows
# hint: These are lists of windows. A network, and the cells that follow, need arrays: np.stack makes
# one of each list.
def make_windows(series, steps):
    samples = range(len(series) - steps)
    return [series[i : i + steps] for i in samples], [series[i + steps] for i in samples]


# %% answer chronological_split
def chronological_split(samples, validation, test):
    end_of_validation = len(samples) - test
    end_of_train = end_of_validation - validation
    return (
        samples[:end_of_train],
        samples[end_of_train:end_of_validation],
        samples[end_of_validation:],
    )


# %% hidden chronological_split
_generator = np.random.default_rng()
for _shape in [(), (2,), (4, 3)]:
    for _sizes in [
        (int(_generator.integers(2, 9)), int(_generator.integers(2, 9)), int(_generator.integers(2, 9))),
        (5, 0, int(_generator.integers(1, 4))),
        (4, int(_generator.integers(1, 4)), 0),
        (3, 0, 0),
        (1, 2, 3),
        (0, 2, 1),
    ]:
        _train = _generator.normal(size=(_sizes[0], *_shape))
        _validation = _generator.normal(size=(_sizes[1], *_shape))
        _test = _generator.normal(size=(_sizes[2], *_shape))
        _parts = checks.unchanged(
            chronological_split, np.concatenate([_train, _validation, _test]), _sizes[1], _sizes[2]
        )
        checks.equal(len(_parts), 3, "the number of parts")
        checks.true(
            all(isinstance(_part, np.ndarray) for _part in _parts),
            "Each part should be an array; a slice of an array is one.",
        )
        checks.close(_parts[0], _train, "train", hint="What neither validates nor tests, trains.")
        checks.close(_parts[1], _validation, "validation", hint="It follows the training set.")
        checks.close(_parts[2], _test, "test", hint="The newest samples test.")


# %% also-correct chronological_split
def chronological_split(samples, validation, test):
    train = len(samples) - validation - test
    return tuple(np.split(samples, [train, train + validation]))


# %% also-correct chronological_split
def chronological_split(samples, validation, test):
    place = np.arange(len(samples))
    train = place < len(samples) - validation - test
    newest = place >= len(samples) - test
    return [samples[train], samples[~train & ~newest], samples[newest]]


# %% misconception chronological_split
# hint: The samples are shuffled before they are split, so the training set holds the future of the
# test set.
def chronological_split(samples, validation, test):
    samples = np.random.default_rng().permutation(samples)
    train = len(samples) - validation - test
    return samples[:train], samples[train : train + validation], samples[train + validation :]


# %% misconception chronological_split
# hint: Time runs backwards: the oldest samples test and the newest ones train.
def chronological_split(samples, validation, test):
    return samples[test + validation :], samples[test : test + validation], samples[:test]


# %% misconception chronological_split
# hint: A negative index of zero means the beginning. With no test samples, samples[-0:] is all of
# them.
def chronological_split(samples, validation, test):
    return (
        samples[: -(validation + test)],
        samples[-(validation + test) : -test],
        samples[-test:],
    )


# %% misconception chronological_split
# hint: Minus zero is zero. With no test samples, samples[start:-0] is samples[start:0], and that is
# empty.
def chronological_split(samples, validation, test):
    end = len(samples) - test
    start = end - validation
    return samples[:start], samples[start:-test], samples[end:]


# %% misconception chronological_split
# hint: The validation and the test set have changed places. The newest samples are for the test.
def chronological_split(samples, validation, test):
    train = len(samples) - validation - test
    return samples[:train], samples[train + validation :], samples[train : train + validation]


# %% misconception chronological_split
# hint: The test samples are in the training set as well. No sample may be in two sets.
def chronological_split(samples, validation, test):
    end = len(samples) - test
    return samples[: end], samples[end - validation : end], samples[end:]


# %% misconception chronological_split
# hint: A sample gets lost at each border. A slice ends before its second index, so the next one
# begins at that very index.
def chronological_split(samples, validation, test):
    train = len(samples) - validation - test
    return (
        samples[: train - 1],
        samples[train : max(train + validation - 1, train)],
        samples[train + validation :],
    )


# %% misconception chronological_split
# hint: The test set comes second in the result. The order asked for is train, validation, test.
def chronological_split(samples, validation, test):
    train = len(samples) - validation - test
    return samples[:train], samples[train : train + test], samples[train + test :]


# %% misconception chronological_split
# hint: Every n-th sample is held out. That leaves training samples on both sides of each test
# sample.
def chronological_split(samples, validation, test):
    place = np.arange(len(samples))
    held_out = np.unique(np.linspace(0, len(samples) - 1, validation + test).astype(int))
    train = samples[~np.isin(place, held_out)]
    return train, samples[held_out[:validation]], samples[held_out[validation:]]


# %% answer naive_forecast
def naive_forecast(x):
    return x[:, -1]  # (samples, features)


# %% hidden naive_forecast
_generator = np.random.default_rng()
for _samples, _steps, _features in [(1, 1, 1), (5, 1, 3), (1, 6, 2), (7, 4, 1), (6, 5, 3), (3, 3, 3)]:
    _last = _generator.normal(size=(_samples, _features))
    _before = _generator.normal(size=(_samples, _steps - 1, _features))
    _windows = np.concatenate([_before, _last.reshape(_samples, 1, _features)], axis=1)
    _forecast = checks.unchanged(naive_forecast, _windows)
    checks.shape(
        _forecast, (_samples, _features), "y_hat", hint="The axis of steps is gone, the others stay."
    )
    checks.close(_forecast, _last, "y_hat", hint="The newest step of each sample is the forecast.")
    checks.true(
        isinstance(_forecast, np.ndarray),
        "y_hat should be an array: np.stack turns a list of equal arrays into one.",
    )


# %% also-correct naive_forecast
def naive_forecast(x):
    return np.take(x, x.shape[1] - 1, axis=1).copy()


# %% also-correct naive_forecast
def naive_forecast(x):
    return np.array([[float(value) for value in sample[-1]] for sample in x])


# %% misconception naive_forecast
# hint: This is the oldest step of each window. The naive forecast repeats the newest one.
def naive_forecast(x):
    return x[:, 0]


# %% misconception naive_forecast
# hint: The mean of the window is a baseline too, but not the naive one: that repeats the last value.
def naive_forecast(x):
    return x.mean(axis=1)


# %% misconception naive_forecast
# hint: This is the last sample, with all of its steps. Samples are the first axis, steps the second.
def naive_forecast(x):
    return x[-1]


# %% misconception naive_forecast
# hint: This is the last feature of every step. Features are the last axis, steps the one before it.
def naive_forecast(x):
    return x[:, :, -1]


# %% misconception naive_forecast
# hint: A slice keeps its axis. The forecasts have an axis of steps too many, and compared with the
# targets they would broadcast.
def naive_forecast(x):
    return x[:, -1:]


# %% misconception naive_forecast
# hint: Only the first feature is forecast. Every feature gets its own forecast.
def naive_forecast(x):
    return x[:, -1, :1]


# %% misconception naive_forecast
# hint: This goes on along the last change, which is the drift forecast. The naive one assumes no
# change.
def naive_forecast(x):
    before = x[:, -2] if x.shape[1] > 1 else x[:, -1]
    return 2 * x[:, -1] - before


# %% misconception naive_forecast
# hint: This is a list of arrays. What works with targets, shapes and axes needs one array.
def naive_forecast(x):
    return [sample[-1] for sample in x]


# %% answer mean_absolute_error
def mean_absolute_error(y, y_hat):
    if y.shape != y_hat.shape:
        raise ValueError(f"targets of shape {y.shape}, forecasts of shape {y_hat.shape}")
    return np.mean(np.abs(y - y_hat))


# %% hidden mean_absolute_error
_generator = np.random.default_rng()
for _shape in [(1,), (6,), (5, 1), (4, 3), (2, 3, 4)]:
    _misses = _generator.uniform(0.1, 3.0, size=_shape)
    _targets = _generator.normal(size=_shape)
    for _signs in (1.0, -1.0, _generator.choice([-1.0, 1.0], size=_shape)):
        _total = 0.0
        for _miss in _misses.ravel().tolist():
            _total += _miss
        checks.close(
            checks.unchanged(mean_absolute_error, _targets, _targets + _signs * _misses),
            _total / _misses.size,
            "the mean absolute error",
            hint="The mean of the absolute differences, over every number in the array.",
        )
    checks.close(mean_absolute_error(_targets, _targets), 0.0, "the error of a perfect forecast")
for _one, _other in [((4, 1), (4,)), ((4,), (4, 1)), ((3, 2), (1, 2)), ((1, 5), (5, 1)), ((2, 3), (3, 2)), ((2, 2, 1), (2, 2))]:
    checks.raises(
        ValueError, mean_absolute_error, _generator.normal(size=_one), _generator.normal(size=_other),
        hint="Arrays of different shapes must not be compared, whether or not NumPy could stretch them.",
    )


# %% also-correct mean_absolute_error
def mean_absolute_error(y, y_hat):
    if np.shape(y) != np.shape(y_hat):
        raise ValueError("the shapes differ")
    total = 0.0
    for target, forecast in zip(np.ravel(y).tolist(), np.ravel(y_hat).tolist()):
        total += target - forecast if target > forecast else forecast - target
    return total / np.size(y)


# %% also-correct mean_absolute_error
def mean_absolute_error(y, y_hat):
    if not np.array_equal(y.shape, y_hat.shape):
        raise ValueError
    difference = (y_hat - y).astype(np.float64)
    return float(np.sqrt(difference**2).sum() / difference.size)


# %% misconception mean_absolute_error
# hint: Without the absolute value, a forecast that is too high makes up for one that is too low.
def mean_absolute_error(y, y_hat):
    if y.shape != y_hat.shape:
        raise ValueError
    return np.mean(y - y_hat)


# %% misconception mean_absolute_error
# hint: The absolute value is taken after the mean. Each difference has to lose its sign before.
def mean_absolute_error(y, y_hat):
    if y.shape != y_hat.shape:
        raise ValueError
    return np.abs(np.mean(y - y_hat))


# %% misconception mean_absolute_error
# hint: This is the mean squared error. Its unit is the square of the unit of the series.
def mean_absolute_error(y, y_hat):
    if y.shape != y_hat.shape:
        raise ValueError
    return np.mean((y - y_hat) ** 2)


# %% misconception mean_absolute_error
# hint: This is the root of the mean squared error, in which large misses weigh more.
def mean_absolute_error(y, y_hat):
    if y.shape != y_hat.shape:
        raise ValueError
    return np.sqrt(np.mean((y - y_hat) ** 2))


# %% misconception mean_absolute_error
# hint: This is the sum of the misses. Divide by how many there are.
def mean_absolute_error(y, y_hat):
    if y.shape != y_hat.shape:
        raise ValueError
    return np.sum(np.abs(y - y_hat))


# %% misconception mean_absolute_error
# hint: Arrays of different shapes are compared after NumPy has stretched them, so everything is
# subtracted from everything.
def mean_absolute_error(y, y_hat):
    return np.mean(np.abs(y - y_hat))


# %% misconception mean_absolute_error
# hint: The sum is divided by the number of samples. With several features or steps a sample has more
# than one number.
def mean_absolute_error(y, y_hat):
    if y.shape != y_hat.shape:
        raise ValueError
    return np.sum(np.abs(y - y_hat)) / len(y)


# %% misconception mean_absolute_error
# hint: Only the lengths are compared. Two arrays can hold equally many samples and still differ in
# shape.
def mean_absolute_error(y, y_hat):
    if len(y) != len(y_hat):
        raise ValueError
    return np.mean(np.abs(y - y_hat))


# %% misconception mean_absolute_error
# hint: This is the error of each feature. One number is asked for, over all samples and features.
def mean_absolute_error(y, y_hat):
    if y.shape != y_hat.shape:
        raise ValueError
    return np.mean(np.abs(y - y_hat), axis=0)


# %% answer skill
def skill(y, y_hat, y_naive):
    return 1 - mean_absolute_error(y, y_hat) / mean_absolute_error(y, y_naive)


# %% hidden skill
_generator = np.random.default_rng()
for _shape in [(8,), (6, 1), (5, 3), (4, 2, 2)]:
    for _part in (0.0, 0.25, 1.0, 3.5, float(_generator.uniform(0.3, 0.9))):
        # a forecaster whose misses are, on average, this part of the baseline's
        _targets = 50 + _generator.normal(size=_shape)
        _naive_misses = _generator.uniform(0.5, 2.0, size=_shape)
        _misses = _generator.uniform(0.5, 2.0, size=_shape)
        _misses = _misses * (_part * _naive_misses.sum() / _misses.sum())
        _signs = _generator.choice([-1.0, 1.0], size=_shape)
        _naive_signs = _generator.choice([-1.0, 1.0], size=_shape)
        _forecasts = _targets + _signs * _misses
        _naive = _targets + _naive_signs * _naive_misses
        checks.close(
            checks.unchanged(skill, _targets, _forecasts, _naive), 1 - _part, "the skill",
            hint="Which part of the baseline's mean absolute error is gone?",
        )


# %% also-correct skill
def skill(y, y_hat, y_naive):
    error = np.abs(np.asarray(y) - np.asarray(y_hat)).sum()
    baseline = np.abs(np.asarray(y) - np.asarray(y_naive)).sum()
    return float((baseline - error) / baseline)


# %% also-correct skill
def skill(y, y_hat, y_naive):
    error = mean_absolute_error(np.asarray(y_hat), np.asarray(y))
    return -(error / mean_absolute_error(np.asarray(y_naive), np.asarray(y)) - 1)


# %% misconception skill
# hint: The ratio alone is 1 for the baseline itself and grows with the error. Take it from 1.
def skill(y, y_hat, y_naive):
    return mean_absolute_error(y, y_hat) / mean_absolute_error(y, y_naive)


# %% misconception skill
# hint: The ratio is upside down: the baseline's error belongs below the line.
def skill(y, y_hat, y_naive):
    error = max(mean_absolute_error(y, y_hat), 1e-12)
    return 1 - mean_absolute_error(y, y_naive) / error


# %% misconception skill
# hint: This is the difference of the errors, in the unit of the series. Skill is a part of the
# baseline's error and has no unit.
def skill(y, y_hat, y_naive):
    return mean_absolute_error(y, y_naive) - mean_absolute_error(y, y_hat)


# %% misconception skill
# hint: The sign is the wrong way round. A forecaster better than the baseline has a positive skill.
def skill(y, y_hat, y_naive):
    return mean_absolute_error(y, y_hat) / mean_absolute_error(y, y_naive) - 1


# %% misconception skill
# hint: The ratio is taken sample by sample and then averaged, so a year in which the baseline
# happened to be close dominates. Average the errors first.
def skill(y, y_hat, y_naive):
    return 1 - np.mean(np.abs(y - y_hat) / np.abs(y - y_naive))


# %% misconception skill
# hint: A negative skill is cut off at zero. It has to show when a forecaster is worse than the
# baseline.
def skill(y, y_hat, y_naive):
    return max(0.0, 1 - mean_absolute_error(y, y_hat) / mean_absolute_error(y, y_naive))


# %% misconception skill
# hint: The errors are squared. Here skill compares mean absolute errors.
def skill(y, y_hat, y_naive):
    return 1 - np.mean((y - y_hat) ** 2) / np.mean((y - y_naive) ** 2)


# %% misconception skill
# hint: The forecaster is compared with the baseline's forecasts. Both have to be compared with the
# targets.
def skill(y, y_hat, y_naive):
    return 1 - mean_absolute_error(y_naive, y_hat) / mean_absolute_error(y, y_naive)


# %% misconception skill
# hint: This is a percentage. A perfect forecaster has a skill of 1, not of 100.
def skill(y, y_hat, y_naive):
    return 100 * (1 - mean_absolute_error(y, y_hat) / mean_absolute_error(y, y_naive))


# %% answer shuffled_split [markdown]
# After shuffling, almost every test hour lies between two training hours. The model gets the date
# and the hour as inputs, so it can find these neighbours and fill the gap between them: demand at
# 14:00 is close to the mean of the demand at 13:00 and at 15:00 of the same day. On the day of the
# forecast, 15:00 has not happened yet. The test therefore measured interpolation, with information
# from the future; the model is used for forecasting, and there it has no neighbour on one side.
#
# I would split in time: train on the first two years or so, choose the variant on the months after
# them, test once on the last ones. Beside the error I would report the error of a naive forecast on
# the same test hours (for demand, better still that of the same hour of the day or week before), and
# the skill.
#
# A set of separate, short reviews by different people may be shuffled as wholes. Each review is a
# sample of its own. No review contains the answer to another, and new reviews will come from the same
# source. The order of the words within each review stays as it is.
#
# Rubric, one point each:
#
# 1. Training values lie on both sides of a test value in time, and the model can use them (date as
#    input): interpolation, future information, a leak. "It overfits" alone earns nothing.
# 2. A chronological split, and the error of a named baseline on the same test data, or the skill
#    against it.
# 3. Sequences that are independent of one another, shuffled as wholes, with the reason that no sample
#    tells about another one. Half a point if related samples (the same speaker, the same patient)
#    could come into both sets.
