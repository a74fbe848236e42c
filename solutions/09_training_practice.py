# %% answer overfit_one_batch
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps):
        loss = float(step(batch))
        losses.append(loss)
        if loss < threshold:
            return losses, True
        if not np.isfinite(loss):
            break
    return losses, False


# %% hidden overfit_one_batch
def _counted(sequence):
    """A step that returns a sequence's numbers in turn, and the batches that it was given."""
    seen = []

    def step(*given):
        checks.true(len(given) == 1, "Call step(batch): one argument, the batch as it is.")
        seen.append(np.array(given[0]))
        checks.true(len(seen) <= len(sequence), "step is called too often: once for each loss.")
        return sequence[len(seen) - 1]

    return step, seen


def _where_it_ends(sequence, threshold, max_steps):
    """How many calls there should be, and whether they end in success, from the definition."""
    first = sequence[:max_steps]
    passed = [i for i, loss in enumerate(first) if loss < threshold]
    lost = [i for i, loss in enumerate(first) if not abs(loss) < float("inf")]
    end = min([*passed, *lost, len(first) - 1])
    return end + 1, end in passed


_rng = np.random.default_rng()
_hint = "Stop at the first loss below the threshold, the first that is not finite, or max_steps."
for _round in range(24):
    _length = int(_rng.integers(1, 9))
    _sequence = (1 + _rng.random(_length + 1)).tolist()
    if _round % 4 == 1:
        _sequence[int(_rng.integers(0, _length))] = float(_rng.uniform(0.1, 0.5))
    if _round % 4 == 2:
        _sequence[int(_rng.integers(0, _length))] = [float("nan"), float("inf")][_round // 4 % 2]
    if _round % 4 == 3:
        _sequence[0] = 0.75  # exactly the threshold
    _batch = _rng.normal(size=(3, 2))
    _step, _seen = _counted(_sequence)
    _losses, _success = overfit_one_batch(_step, _batch, 0.75, _length)
    _calls, _passed = _where_it_ends(_sequence, 0.75, _length)
    checks.equal(len(_seen), _calls, "the number of calls of step", hint=_hint)
    checks.close(_losses, _sequence[:_calls], "losses", hint="All losses, in order.")
    checks.equal(bool(_success), _passed, "success", hint="Is the last loss below the threshold?")
    for _given in _seen:
        checks.close(_given, _batch, "the batch", hint="Every call gets the same whole batch.")

# a success after a loss that rose: only the threshold counts
_step, _seen = _counted([0.5, 3.0, 0.1, 0.0])
_losses, _success = overfit_one_batch(_step, np.ones(2), 0.2, 4)
checks.close(_losses, [0.5, 3.0, 0.1], "losses", hint="A loss may rise on the way.")
checks.equal(bool(_success), True, "success", hint="The last loss is below the threshold.")

# nan and infinity are the end, even where a success would follow
for _lost in (float("nan"), float("inf")):
    _step, _seen = _counted([0.9, _lost, 0.8, 0.1])
    _losses, _success = overfit_one_batch(_step, np.ones(2), 0.2, 4)
    checks.equal(len(_losses), 2, f"the number of losses, the second being {_lost}", hint=_hint)
    checks.equal(bool(_success), False, "success", hint=f"A loss of {_lost} is no success.")


# %% also-correct overfit_one_batch
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = [step(batch)]
    while len(losses) < max_steps and np.isfinite(losses[-1]) and losses[-1] >= threshold:
        losses.append(step(batch))
    return losses, bool(losses[-1] < threshold)


# %% also-correct overfit_one_batch
def overfit_one_batch(step, batch, threshold, max_steps):
    loss = step(batch)
    if loss < threshold:
        return [loss], True
    if max_steps == 1 or np.isnan(loss) or np.isinf(loss):
        return [loss], False
    rest, success = overfit_one_batch(step, batch, threshold, max_steps - 1)
    return [loss, *rest], success


# %% misconception overfit_one_batch
# hint: A loss that equals the threshold is not below it yet.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps):
        losses.append(step(batch))
        if losses[-1] <= threshold:
            return losses, True
        if not np.isfinite(losses[-1]):
            break
    return losses, False


# %% misconception overfit_one_batch
# hint: The loss that passed the threshold belongs to the list, too. It seems to be missing.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps):
        loss = step(batch)
        if loss < threshold:
            return losses, True
        losses.append(loss)
        if not np.isfinite(loss):
            break
    return losses, False


# %% misconception overfit_one_batch
# hint: Stop at the first success. Here the training seems to go on to the last update.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = [step(batch) for _ in range(max_steps)]
    return losses, losses[-1] < threshold


# %% misconception overfit_one_batch
# hint: After nan or infinity no update helps. Stop there, without success.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps):
        losses.append(step(batch))
        if losses[-1] < threshold:
            return losses, True
    return losses, False


# %% misconception overfit_one_batch
# hint: At most max_steps updates. Here there is one too many.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps + 1):
        losses.append(step(batch))
        if losses[-1] < threshold:
            return losses, True
        if not np.isfinite(losses[-1]):
            break
    return losses, False


# %% misconception overfit_one_batch
# hint: A loss that falls is not enough: success means a loss below the threshold.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps):
        losses.append(step(batch))
        if losses[-1] < threshold or not np.isfinite(losses[-1]):
            break
    return losses, losses[-1] <= losses[0]


# %% misconception overfit_one_batch
# hint: The test is to learn one whole batch. Here each call gets only a part of it.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for i in range(max_steps):
        losses.append(step(batch[i % len(batch)]))
        if losses[-1] < threshold:
            return losses, True
        if not np.isfinite(losses[-1]):
            break
    return losses, False


# %% misconception overfit_one_batch
# hint: A loss may rise on its way down. Only the threshold, nan and max_steps end the test.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps):
        losses.append(step(batch))
        if losses[-1] < threshold:
            return losses, True
        if not np.isfinite(losses[-1]) or (len(losses) > 1 and losses[-1] > losses[-2]):
            break
    return losses, False


# %% misconception overfit_one_batch
# hint: Return all losses, not the last one alone: their course tells where the fault is.
def overfit_one_batch(step, batch, threshold, max_steps):
    for _ in range(max_steps):
        loss = step(batch)
        if loss < threshold:
            return [loss], True
        if not np.isfinite(loss):
            break
    return [loss], False


# %% misconception overfit_one_batch
# hint: The whole batch goes into each call. Here its rows are taken one by one.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for row in batch[:max_steps]:
        losses.append(step(row))
        if losses[-1] < threshold or not np.isfinite(losses[-1]):
            break
    return losses, losses[-1] < threshold


# %% misconception overfit_one_batch
# hint: step takes the batch as one argument, whatever it holds. Here it is unpacked.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps):
        losses.append(step(*batch))
        if losses[-1] < threshold:
            return losses, True
        if not np.isfinite(losses[-1]):
            break
    return losses, False


# %% misconception overfit_one_batch
# hint: Infinity is not finite either: stop there as at nan.
def overfit_one_batch(step, batch, threshold, max_steps):
    losses = []
    for _ in range(max_steps):
        losses.append(step(batch))
        if losses[-1] < threshold:
            return losses, True
        if np.isnan(losses[-1]):
            break
    return losses, False


# %% answer pad_and_mask
def pad_and_mask(sequences, length, side):
    _, features = np.concatenate(sequences).shape
    x = np.zeros((len(sequences), length, features))  # (batch, length, features)
    mask = np.zeros((len(sequences), length), dtype=bool)  # (batch, length)
    for row, sequence in enumerate(sequences):
        time = len(sequence)
        if time > length:
            raise ValueError(f"sequence {row} has {time} steps, more than {length}")
        start = 0 if side == "post" else length - time
        x[row, start : start + time] = sequence
        mask[row, start : start + time] = True
    return x, mask


# %% hidden pad_and_mask
def _step_by_step(sequences, length, side):
    """Lists of zeros and numbers, put together one step at a time."""
    features = len(sequences[0][0])
    rows, real = [], []
    for sequence in sequences:
        row = [[float(value) for value in step] for step in sequence]
        marks = [True] * len(row)
        while len(row) < length:
            empty = [0.0] * features
            row, marks = (
                (row + [empty], marks + [False])
                if side == "post"
                else ([empty] + row, [False] + marks)
            )
        rows.append(row)
        real.append(marks)
    return rows, real


_rng = np.random.default_rng()
# names made at run time, as a program reads them from a file
for _side in "post pre".split():
    for _features, _longest, _room in [(1, 5, 0), (3, 7, 2), (2, 2, 6), (4, 6, 3)]:
        _times = [_longest, *(int(time) for time in _rng.integers(1, _longest + 1, 4))]
        _sequences = [_rng.normal(size=(time, _features)) for time in _times]
        _sequences[1][-1] = 0.0  # a measured zero
        _sequences[2][0] = 0.0
        _x, _mask = checks.unchanged(pad_and_mask, _sequences, _longest + _room, _side)
        _expected, _real = _step_by_step(_sequences, _longest + _room, _side)
        _hint = "Each sequence as it is, zeros on the side that was asked for."
        checks.close(_x, _expected, "x", hint=_hint, axes=("batch", "time", "features"))
        _hint = "True at real steps, also where zeros were measured."
        checks.equal(_mask, _real, "mask", hint=_hint)
        _bool = np.asarray(_mask).dtype == bool
        checks.true(_bool, "mask holds numbers, expected True and False: make it with dtype=bool.")
    _long = [_rng.normal(size=(2, 1)), _rng.normal(size=(5, 1))]
    _hint = "A sequence longer than length is a mistake, on both sides."
    checks.raises(ValueError, pad_and_mask, _long, 4, _side, hint=_hint)
    checks.shape(pad_and_mask(_long, 5, _side)[0], (2, 5, 1), "x", hint="Just long enough.")


# %% equivalent pad_and_mask
# mutant: pass  # raise ValueError(f"sequence {row} has {time} steps, more than {length}")
# reason: NumPy refuses to write more steps than there is room for, with a ValueError, too


# %% also-correct pad_and_mask
def pad_and_mask(sequences, length, side):
    rows, masks = [], []
    for sequence in sequences:
        missing = length - len(sequence)
        if missing < 0:
            raise ValueError("too long")
        around = (0, missing) if side == "post" else (missing, 0)
        rows.append(np.pad(sequence, (around, (0, 0))))
        masks.append(np.pad(np.ones(len(sequence), bool), around))
    return np.stack(rows), np.stack(masks)


# %% also-correct pad_and_mask
def pad_and_mask(sequences, length, side):
    times = np.array([len(sequence) for sequence in sequences])
    if times.max() > length:
        raise ValueError("a sequence is longer than the array")
    steps = np.arange(length)
    mask = steps < times[:, None] if side == "post" else steps >= length - times[:, None]
    x = np.zeros((*mask.shape, np.shape(sequences[0])[-1]))
    x[mask] = np.concatenate(sequences)
    return x, mask


# %% also-correct pad_and_mask
def pad_and_mask(sequences, length, side):
    if side == "pre":
        x, mask = pad_and_mask([sequence[::-1] for sequence in sequences], length, "post")
        return x[:, ::-1], mask[:, ::-1]
    x, mask = [], []
    for sequence in sequences:
        if len(sequence) > length:
            raise ValueError(len(sequence))
        empty = [[0.0] * len(sequence[0])] * (length - len(sequence))
        x.append([*map(list, sequence), *empty])
        mask.append([step < len(sequence) for step in range(length)])
    return np.array(x), np.array(mask)


# %% misconception pad_and_mask
# hint: True marks what is real, False what is padding. Here the mask is inverted.
def pad_and_mask(sequences, length, side):
    x = np.zeros((len(sequences), length, sequences[0].shape[1]))
    mask = np.ones((len(sequences), length), bool)
    for row, sequence in enumerate(sequences):
        time = len(sequence)
        if time > length:
            raise ValueError(time)
        part = slice(0, time) if side == "post" else slice(length - time, length)
        x[row, part] = sequence
        mask[row, part] = False
    return x, mask


# %% misconception pad_and_mask
# hint: Post-padding comes after the sequence, pre-padding before it. The sides are swapped.
def pad_and_mask(sequences, length, side):
    x = np.zeros((len(sequences), length, sequences[0].shape[1]))
    mask = np.zeros((len(sequences), length), bool)
    for row, sequence in enumerate(sequences):
        time = len(sequence)
        if time > length:
            raise ValueError(time)
        part = slice(0, time) if side == "pre" else slice(length - time, length)
        x[row, part] = sequence
        mask[row, part] = True
    return x, mask


# %% misconception pad_and_mask
# hint: A sequence that is too long must not be cut: raise a ValueError.
def pad_and_mask(sequences, length, side):
    x = np.zeros((len(sequences), length, sequences[0].shape[1]))
    mask = np.zeros((len(sequences), length), bool)
    for row, sequence in enumerate(sequences):
        sequence = sequence[:length]
        time = len(sequence)
        part = slice(0, time) if side == "post" else slice(length - time, length)
        x[row, part] = sequence
        mask[row, part] = True
    return x, mask


# %% misconception pad_and_mask
# hint: A measured zero is a real step. Make the mask from the lengths, not from the numbers.
def pad_and_mask(sequences, length, side):
    x = np.zeros((len(sequences), length, sequences[0].shape[1]))
    for row, sequence in enumerate(sequences):
        time = len(sequence)
        if time > length:
            raise ValueError(time)
        x[row, slice(0, time) if side == "post" else slice(length - time, length)] = sequence
    return x, (x != 0).any(axis=-1)


# %% misconception pad_and_mask
# hint: The padding has the wrong side: the side that was asked for seems to be ignored.
def pad_and_mask(sequences, length, side):
    x = np.zeros((len(sequences), length, sequences[0].shape[1]))
    mask = np.zeros((len(sequences), length), bool)
    for row, sequence in enumerate(sequences):
        if len(sequence) > length:
            raise ValueError(len(sequence))
        x[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = True
    return x, mask


# %% misconception pad_and_mask
# hint: Numbers with decimals are rounded here. The padded array must not hold whole numbers.
def pad_and_mask(sequences, length, side):
    x = np.zeros((len(sequences), length, sequences[0].shape[1]), dtype=int)
    mask = np.zeros((len(sequences), length), bool)
    for row, sequence in enumerate(sequences):
        time = len(sequence)
        if time > length:
            raise ValueError(time)
        part = slice(0, time) if side == "post" else slice(length - time, length)
        x[row, part] = sequence
        mask[row, part] = True
    return x, mask


# %% misconception pad_and_mask
# hint: The padded array has as many steps as length says, not as many as the longest sequence.
def pad_and_mask(sequences, length, side):
    longest = max(len(sequence) for sequence in sequences)
    if longest > length:
        raise ValueError(longest)
    x = np.zeros((len(sequences), longest, sequences[0].shape[1]))
    mask = np.zeros((len(sequences), longest), bool)
    for row, sequence in enumerate(sequences):
        time = len(sequence)
        part = slice(0, time) if side == "post" else slice(longest - time, longest)
        x[row, part] = sequence
        mask[row, part] = True
    return x, mask


# %% misconception pad_and_mask
# hint: A step is real or not, whatever its features: the mask is (batch, length), no features.
def pad_and_mask(sequences, length, side):
    x = np.zeros((len(sequences), length, sequences[0].shape[1]))
    mask = np.zeros(x.shape, bool)
    for row, sequence in enumerate(sequences):
        time = len(sequence)
        if time > length:
            raise ValueError(time)
        part = slice(0, time) if side == "post" else slice(length - time, length)
        x[row, part] = sequence
        mask[row, part] = True
    return x, mask


# %% misconception pad_and_mask
# hint: A sequence that exactly fills the array fits. Only a longer one is a mistake.
def pad_and_mask(sequences, length, side):
    x = np.zeros((len(sequences), length, sequences[0].shape[1]))
    mask = np.zeros((len(sequences), length), bool)
    for row, sequence in enumerate(sequences):
        time = len(sequence)
        if time >= length:
            raise ValueError(time)
        part = slice(0, time) if side == "post" else slice(length - time, length)
        x[row, part] = sequence
        mask[row, part] = True
    return x, mask


# %% answer masked_loss
def masked_loss(y, y_hat, mask):
    squares = (y - y_hat) ** 2  # (batch, time)
    return np.sum(squares[mask]) / np.sum(mask)


# %% hidden masked_loss
_rng = np.random.default_rng()
for _batch, _time in [(1, 4), (3, 5), (4, 4), (6, 3)]:
    _y, _y_hat = _rng.normal(size=(2, _batch, _time))
    _mask = _rng.random((_batch, _time)) < 0.6
    _mask[0] = True
    _mask[-1, 1:] = False  # sequences of different lengths
    _total, _count = 0.0, 0
    for _i in range(_batch):
        for _t in range(_time):
            if _mask[_i, _t]:
                _total += (float(_y[_i, _t]) - float(_y_hat[_i, _t])) ** 2
                _count += 1
    _loss = checks.unchanged(masked_loss, _y, _y_hat, _mask)
    checks.shape(_loss, (), "the loss", hint="One number.")
    _hint = "Squared errors of the real steps, added up and divided by their number."
    checks.close(_loss, _total / _count, "the loss", hint=_hint)
    _junk = masked_loss(_y, np.where(_mask, _y_hat, 1e3 * _rng.normal(size=_y.shape)), _mask)
    checks.close(_junk, _total / _count, "the loss", hint="Padded steps must not matter.")
    # more padding does not change the loss
    _wide = [np.pad(array, ((0, 0), (0, 3))) for array in (_y, _y_hat, _mask)]
    checks.close(masked_loss(*_wide), _total / _count, "the loss", hint="Padding means nothing.")


# %% also-correct masked_loss
def masked_loss(y, y_hat, mask):
    return np.mean(np.square(y[mask] - y_hat[mask]))


# %% also-correct masked_loss
def masked_loss(y, y_hat, mask):
    real = mask.astype(float)
    return float(np.einsum("bt,bt,bt->", real, y - y_hat, y - y_hat) / real.sum())


# %% also-correct masked_loss
def masked_loss(y, y_hat, mask):
    total, count = 0.0, 0
    for i in range(len(y)):
        for t in range(len(y[i])):
            if mask[i][t]:
                total += (y_hat[i][t] - y[i][t]) ** 2
                count += 1
    return total / count


# %% misconception masked_loss
# hint: The padded steps still count here. Leave them out of the sum and of the count.
def masked_loss(y, y_hat, mask):
    return np.mean((y - y_hat) ** 2)


# %% misconception masked_loss
# hint: Divide by the number of real steps. Here padded steps are counted, so the loss is small.
def masked_loss(y, y_hat, mask):
    return np.mean((y - y_hat) ** 2 * mask)


# %% misconception masked_loss
# hint: The mask is True at real steps. Here the padded steps are kept: it is used inverted.
def masked_loss(y, y_hat, mask):
    with np.errstate(all="ignore"):
        return np.sum(((y - y_hat) ** 2)[~mask]) / np.sum(~mask)


# %% misconception masked_loss
# hint: Each real step counts the same. A mean of the sequences' means favours short sequences.
def masked_loss(y, y_hat, mask):
    with np.errstate(all="ignore"):
        means = np.sum((y - y_hat) ** 2 * mask, axis=1) / np.sum(mask, axis=1)
    return np.mean(means[np.any(mask, axis=1)])


# %% misconception masked_loss
# hint: Divide by the number of real steps, not by the number of sequences.
def masked_loss(y, y_hat, mask):
    return np.sum(((y - y_hat) ** 2)[mask]) / len(y)


# %% misconception masked_loss
# hint: Setting forecasts at padded steps to 0 is not enough: targets and the count matter, too.
def masked_loss(y, y_hat, mask):
    return np.mean((y - y_hat * mask) ** 2)


# %% misconception masked_loss
# hint: A mean was asked for: divide the sum by the number of real steps.
def masked_loss(y, y_hat, mask):
    return np.sum(((y - y_hat) ** 2)[mask])


# %% misconception masked_loss
# hint: The squared error is asked for. Here errors of opposite sign cancel, or are not squared.
def masked_loss(y, y_hat, mask):
    return np.mean(np.abs(y - y_hat)[mask])


# %% answer fit_scaler_train_only
def fit_scaler_train_only(train, test):
    mean = np.mean(train, axis=(0, 1))  # (features,)
    std = np.std(train, axis=(0, 1))  # (features,)
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std, mean, std


# %% hidden fit_scaler_train_only
def _by_hand(train, test):
    """One feature at a time, from sums over plain lists."""
    scaled, scaled_test = np.zeros(train.shape), np.zeros(test.shape)
    means, stds = [], []
    for feature in range(train.shape[2]):
        values = [float(v) for sample in train for v in sample[:, feature]]
        mean = sum(values) / len(values)
        std = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        if max(values) == min(values):
            std = 1.0
        means.append(mean)
        stds.append(std)
        for old, new in ((train, scaled), (test, scaled_test)):
            for i in range(len(old)):
                for t in range(old.shape[1]):
                    new[i, t, feature] = (float(old[i, t, feature]) - mean) / std
    return scaled, scaled_test, means, stds


_rng = np.random.default_rng()
for _samples, _steps, _features in [(1, 4, 1), (5, 3, 3), (3, 3, 3), (4, 6, 2)]:
    _level = 100.0 ** _rng.uniform(-1, 1, _features)
    _train = _level * (_rng.normal(size=(_samples, _steps, _features)) + 2)
    _test = _level * (3 * _rng.normal(size=(_samples + 1, _steps, _features)) - 1)
    if _features == 3:
        _train[:, :, 1] = 8.0  # a feature that never changes
    _got = checks.unchanged(fit_scaler_train_only, _train, _test)
    _expected = _by_hand(_train, _test)
    _names = ("train_scaled", "test_scaled", "mean", "std")
    checks.equal(len(_got), 4, "the number of results", hint="Four arrays, in this order.")
    for _name, _came, _should in zip(_names, _got, _expected):
        _hint = "One mean and one standard deviation for each feature, both from train."
        checks.close(_came, _should, _name, hint=_hint)
    # other test data: the scale stays
    _other = fit_scaler_train_only(_train, _test + 1000.0)
    checks.close(_other[2], _expected[2], "mean", hint="The test data must not change it.")
    checks.close(_other[3], _expected[3], "std", hint="The test data must not change it.")


# %% also-correct fit_scaler_train_only
def fit_scaler_train_only(train, test):
    rows = train.reshape(-1, train.shape[-1])
    mean = rows.sum(axis=0) / len(rows)
    std = np.sqrt(((rows - mean) ** 2).sum(axis=0) / len(rows))
    std[std < 1e-9 * (1 + np.abs(mean))] = 1
    return (train - mean) / std, (test - mean) / std, mean, std


# %% also-correct fit_scaler_train_only
def fit_scaler_train_only(train, test):
    mean, std = [], []
    for feature in range(train.shape[-1]):
        values = train[..., feature]
        mean.append(values.mean())
        std.append(values.std() or 1.0)
    scaled = [np.stack([(x[..., i] - m) / s for i, (m, s) in enumerate(zip(mean, std))], axis=-1)
              for x in (train, test)]
    return [*scaled, np.array(mean), np.array(std)]


# %% misconception fit_scaler_train_only
# hint: The scaler has seen the test data: mean and std come from train alone.
def fit_scaler_train_only(train, test):
    both = np.concatenate([train, test])
    mean, std = both.mean(axis=(0, 1)), both.std(axis=(0, 1))
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std, mean, std


# %% misconception fit_scaler_train_only
# hint: The test data are scaled with the numbers of train, not with their own.
def fit_scaler_train_only(train, test):
    mean, std = train.mean(axis=(0, 1)), train.std(axis=(0, 1))
    std = np.where(std == 0, 1.0, std)
    with np.errstate(all="ignore"):
        return (train - mean) / std, (test - test.mean((0, 1))) / test.std((0, 1)), mean, std


# %% misconception fit_scaler_train_only
# hint: Each feature has a scale of its own. Here all features share one mean and deviation.
def fit_scaler_train_only(train, test):
    features = train.shape[-1]
    mean, std = np.full(features, train.mean()), np.full(features, train.std())
    return (train - mean) / std, (test - mean) / std, mean, std


# %% misconception fit_scaler_train_only
# hint: A scale for each time step is too many: work over samples and steps, axis=(0, 1).
def fit_scaler_train_only(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std, mean, std


# %% misconception fit_scaler_train_only
# hint: Divide by the standard deviation, which is the root of the variance.
def fit_scaler_train_only(train, test):
    mean, var = train.mean(axis=(0, 1)), train.var(axis=(0, 1))
    var = np.where(var == 0, 1.0, var)
    return (train - mean) / var, (test - mean) / var, mean, var


# %% misconception fit_scaler_train_only
# hint: A feature that never changes has a deviation of 0. Divide it by 1.
def fit_scaler_train_only(train, test):
    mean, std = train.mean(axis=(0, 1)), train.std(axis=(0, 1))
    with np.errstate(all="ignore"):
        return (train - mean) / std, (test - mean) / std, mean, std


# %% misconception fit_scaler_train_only
# hint: First subtract the mean, then divide: (x - mean) / std. The mean is divided, too.
def fit_scaler_train_only(train, test):
    mean, std = train.mean(axis=(0, 1)), train.std(axis=(0, 1))
    std = np.where(std == 0, 1.0, std)
    return train / std - mean, test / std - mean, mean, std


# %% misconception fit_scaler_train_only
# hint: The test data are to be scaled as the training data are. They came back as they were.
def fit_scaler_train_only(train, test):
    mean, std = train.mean(axis=(0, 1)), train.std(axis=(0, 1))
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, test, mean, std


# %% misconception fit_scaler_train_only
# hint: This scales to the range from 0 to 1. Asked for are mean 0 and standard deviation 1.
def fit_scaler_train_only(train, test):
    low, high = train.min(axis=(0, 1)), train.max(axis=(0, 1))
    width = np.where(high == low, 1.0, high - low)
    return (train - low) / width, (test - low) / width, low, width


# %% misconception fit_scaler_train_only
# hint: Divide the sum of squares by the number of values, as np.std does, not by one less.
def fit_scaler_train_only(train, test):
    mean, std = train.mean(axis=(0, 1)), train.std(axis=(0, 1), ddof=1)
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, (test - mean) / std, mean, std


# %% answer early_stopping_epoch
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best] - min_delta:
            best = epoch
        elif epoch - best == patience:
            return epoch, best
    return len(val_losses) - 1, best


# %% hidden early_stopping_epoch
def _jump_from_best_to_best(losses, patience, min_delta):
    """From each best epoch, look ahead as far as the patience reaches."""
    best = 0
    while True:
        ahead = range(best + 1, min(best + patience, len(losses) - 1) + 1)
        better = [epoch for epoch in ahead if losses[epoch] < losses[best] - min_delta]
        if not better:
            return min(best + patience, len(losses) - 1), best
        best = better[0]


_rng = np.random.default_rng()
_hint = "The best loss so far minus min_delta is to be beaten; count epochs without that in a row."
for _ in range(60):
    _epochs = int(_rng.integers(1, 16))
    # whole numbers over 8: sums and differences of these are exact, so ties are real ties
    _losses = (_rng.integers(1, 12, _epochs) / 8).tolist()
    _patience = int(_rng.integers(1, 5))
    _min_delta = float(_rng.integers(0, 4) / 8)
    _expected = _jump_from_best_to_best(_losses, _patience, _min_delta)
    _got = checks.unchanged(early_stopping_epoch, _losses, _patience, _min_delta)
    checks.equal(_got, _expected, "(stopped, best)", hint=_hint)

# a slow fall: each step is smaller than min_delta, together they are not
_slow = [1.0 - epoch / 64 for epoch in range(40)]
_got = early_stopping_epoch(_slow, 8, 0.0625)
checks.equal(_got, _jump_from_best_to_best(_slow, 8, 0.0625), "(stopped, best)", hint=_hint)


# %% also-correct early_stopping_epoch
def early_stopping_epoch(val_losses, patience, min_delta):
    best, best_loss, wait = 0, float("inf"), 0
    for epoch, loss in enumerate(val_losses):
        wait += 1
        if loss < best_loss - min_delta:
            best, best_loss, wait = epoch, loss, 0
        if wait >= patience:
            break
    return epoch, best


# %% also-correct early_stopping_epoch
def early_stopping_epoch(val_losses, patience, min_delta):
    bests = [0]
    for epoch in range(1, len(val_losses)):
        if val_losses[bests[-1]] - val_losses[epoch] > min_delta:
            bests.append(epoch)
        if epoch >= bests[-1] + patience:
            return [epoch, bests[-1]]
    return [len(val_losses) - 1, bests[-1]]


# %% misconception early_stopping_epoch
# hint: One epoch late: training stops as soon as `patience` epochs in a row brought no new best.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best] - min_delta:
            best = epoch
        elif epoch - best > patience:
            return epoch, best
    return len(val_losses) - 1, best


# %% misconception early_stopping_epoch
# hint: One epoch early: `patience` epochs without a new best are allowed, then training stops.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best] - min_delta:
            best = epoch
        elif epoch - best >= max(patience - 1, 1):
            return epoch, best
    return len(val_losses) - 1, best


# %% misconception early_stopping_epoch
# hint: The epoch to keep is the one with the best validation loss, not the last one that ran.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best] - min_delta:
            best = epoch
        elif epoch - best == patience:
            return epoch, epoch
    return len(val_losses) - 1, len(val_losses) - 1


# %% misconception early_stopping_epoch
# hint: Compare with the best loss so far, not with the loss of the epoch before.
def early_stopping_epoch(val_losses, patience, min_delta):
    best, wait = 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < val_losses[epoch - 1] - min_delta:
            best, wait = epoch, 0
        else:
            wait += 1
        if wait == patience:
            return epoch, best
    return len(val_losses) - 1, best


# %% misconception early_stopping_epoch
# hint: A gain of min_delta or less does not count. Here every gain seems to count.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        elif epoch - best == patience:
            return epoch, best
    return len(val_losses) - 1, best


# %% misconception early_stopping_epoch
# hint: Whoever trains does not see the future: the best epoch must come before the stop.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = int(np.argmin(val_losses))
    return min(best + patience, len(val_losses) - 1), best


# %% misconception early_stopping_epoch
# hint: Epochs without a new best count in a row. Each new best starts the count anew.
def early_stopping_epoch(val_losses, patience, min_delta):
    best, wait = 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < val_losses[best] - min_delta:
            best = epoch
        else:
            wait += 1
        if wait == patience:
            return epoch, best
    return len(val_losses) - 1, best


# %% misconception early_stopping_epoch
# hint: min_delta is taken off the best loss: a new best lies below it by more than that.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if epoch and loss < val_losses[best] + min_delta:
            best = epoch
        elif epoch - best == patience:
            return epoch, best
    return len(val_losses) - 1, best


# %% misconception early_stopping_epoch
# hint: An equal loss, or a gain of exactly min_delta, is no new best: it must be more than that.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if epoch and loss <= val_losses[best] - min_delta:
            best = epoch
        elif epoch - best == patience:
            return epoch, best
    return len(val_losses) - 1, best


# %% misconception early_stopping_epoch
# hint: Epochs are counted from 0, so the first epoch is number 0.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best] - min_delta:
            best = epoch
        elif epoch - best == patience:
            return epoch + 1, best + 1
    return len(val_losses), best + 1


# %% misconception early_stopping_epoch
# hint: min_delta is a difference of losses. Here it is taken as a part of the best loss.
def early_stopping_epoch(val_losses, patience, min_delta):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best] * (1 - min_delta):
            best = epoch
        elif epoch - best == patience:
            return epoch, best
    return len(val_losses) - 1, best


# %% answer variational_mask
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    kept = rng.random((batch, 1, units)) >= rate
    return np.repeat(kept / (1 - rate), time, axis=1)  # (batch, time, units)


# %% hidden variational_mask
_rng = np.random.default_rng()
for _batch, _time, _units, _rate in [(60, 4, 50, 0.3), (40, 6, 80, 0.75), (70, 1, 60, 0.5)]:
    _seed = int(_rng.integers(1 << 30))
    _m = variational_mask((_batch, _time, _units), _rate, np.random.default_rng(_seed))
    _axes = ("batch", "time", "units")
    checks.shape(_m, (_batch, _time, _units), "the mask", hint="As asked for.", axes=_axes)
    _m = np.asarray(_m, dtype=float)
    _factor = 1 / (1 - _rate)
    _known = np.isclose(_m, 0) | np.isclose(_m, _factor)
    _hint = f"With rate {_rate} every factor is 0 or 1 / (1 - rate) = {_factor:.4g}."
    checks.true(_known.all(), _hint)
    for _t in range(_time):
        checks.close(_m[:, _t], _m[:, 0], "a step", hint="All time steps share one mask.")
    # each of batch * units draws is an own one: no two rows, no two columns are equal
    _first = _m[:, 0] > 0
    _rows = {tuple(row) for row in _first.tolist()}
    checks.true(len(_rows) == _batch, "Two sequences share a mask. Draw one for each.")
    _columns = {tuple(column) for column in _first.T.tolist()}
    checks.true(len(_columns) == _units, "Two units share their factors. Draw one for each.")
    # chance also decides how many: a fixed number in each row or column is no dropout
    for _way in (_first, _first.T):
        _counts = {sum(row) for row in _way.tolist()}
        checks.true(len(_counts) > 1, "The same number is dropped everywhere. Draw for each unit.")
    # seven standard deviations: a right answer fails once in a million million runs
    _slack = 7 * (_rate * (1 - _rate) / _first.size) ** 0.5
    _part = 1 - _first.mean()
    checks.true(
        abs(_part - _rate) < _slack,
        f"{_part:.3f} of the factors are 0, expected about {_rate}: rate is what is dropped.",
    )
    _same = variational_mask((_batch, _time, _units), _rate, np.random.default_rng(_seed))
    checks.close(_same, _m, "the mask", hint="The numbers come from rng: same seed, same mask.")
    _other = variational_mask((_batch, _time, _units), _rate, np.random.default_rng(_seed + 1))
    _differs = not np.allclose(np.asarray(_other, dtype=float), _m)
    checks.true(_differs, "Another seed gives the same mask. Draw from rng.")


# %% equivalent variational_mask
# mutant: kept = rng.random((batch, 1, units)) > rate
# reason: a draw equals the rate with a probability of about 1 in 10 ** 16


# %% also-correct variational_mask
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    one = rng.choice([0.0, 1 / (1 - rate)], size=(batch, units), p=[rate, 1 - rate])
    return np.stack([one] * time, axis=1)


# %% also-correct variational_mask
def variational_mask(shape, rate, rng):
    mask = np.zeros(shape)
    for sequence in mask:
        for unit in range(shape[2]):
            if rng.uniform() < 1 - rate:
                sequence[:, unit] = 1 / (1 - rate)
    return mask


# %% also-correct variational_mask
def variational_mask(shape, rate, rng):
    kept = rng.binomial(1, 1 - rate, size=(shape[0], 1, shape[2]))
    return np.broadcast_to(kept, shape).astype("float32") / np.float32(1 - rate)


# %% misconception variational_mask
# hint: A new mask at every step is the naive way. Draw once, and use it at all time steps.
def variational_mask(shape, rate, rng):
    return (rng.random(shape) >= rate) / (1 - rate)


# %% misconception variational_mask
# hint: The units that stay must be divided by 1 - rate, so that the sum keeps its mean.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    return np.repeat((rng.random((batch, 1, units)) >= rate) * 1.0, time, axis=1)


# %% misconception variational_mask
# hint: rate is the probability to drop a unit, not to keep it.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    kept = rng.random((batch, 1, units)) < rate
    return np.repeat(kept / rate if rate else kept + 1.0, time, axis=1)


# %% misconception variational_mask
# hint: Divide by the part that stays, 1 - rate. Dividing by the rate gives another factor.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    kept = rng.random((batch, 1, units)) >= rate
    return np.repeat(kept / (rate or 1.0), time, axis=1)


# %% misconception variational_mask
# hint: Each sequence of the batch gets a mask of its own. Here all share one.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    kept = rng.random((1, 1, units)) >= rate
    return np.broadcast_to(kept / (1 - rate), shape).copy()


# %% misconception variational_mask
# hint: Whole sequences are dropped here. Draw for each unit of each sequence.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    kept = rng.random((batch, 1, 1)) >= rate
    return np.broadcast_to(kept / (1 - rate), shape).copy()


# %% misconception variational_mask
# hint: The factor is 0 or 1 / (1 - rate). Multiplying by 1 - rate shrinks what stays.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    kept = rng.random((batch, 1, units)) >= rate
    return np.repeat(kept * (1 - rate), time, axis=1)


# %% misconception variational_mask
# hint: Draw from the rng that is passed in, so that the same seed gives the same mask.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    kept = np.random.default_rng().random((batch, 1, units)) >= rate
    return np.repeat(kept / (1 - rate), time, axis=1)


# %% misconception variational_mask
# hint: Every unit is dropped at random. Here the same number, or the same place, is dropped.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    mask = np.full(shape, 1 / (1 - rate))
    mask[:, :, : round(rate * units)] = 0
    return mask


# %% misconception variational_mask
# hint: Chance decides for each unit by itself. Here every sequence loses the same number of units.
def variational_mask(shape, rate, rng):
    batch, time, units = shape
    mask = np.full((batch, 1, units), 1 / (1 - rate))
    for row in mask[:, 0]:
        row[rng.permutation(units)[: round(rate * units)]] = 0
    return np.repeat(mask, time, axis=1)


# %% answer repair
def repair(recordings, labels, cell, classes, steps, rate):
    count = len(recordings)
    train, test = np.arange(3 * count // 4), np.arange(3 * count // 4, count)
    known = np.concatenate([recordings[i] for i in train])  # (real steps of training, features)
    mean, std = np.mean(known, axis=0), np.std(known, axis=0)
    lengths = np.array([len(values) for values in recordings])  # (samples,)
    scaled = [(np.asarray(values) - mean) / std for values in recordings]
    x, _ = pad_and_mask(scaled, max(lengths), "post")  # (samples, time, features)
    h = rnn_forward(x, np.zeros((count, cell[2].size)), *cell)  # (samples, time, units)
    last = h[np.arange(count), lengths - 1]  # (samples, units)
    one_hot = np.eye(classes)[labels[train]]  # (training samples, classes)
    W_y, b_y = np.zeros((last.shape[1], classes)), np.zeros(classes)
    losses = []
    for _ in range(steps):
        p = softmax(last[train] @ W_y + b_y)  # (training samples, classes)
        losses.append(-np.mean(np.log(p[one_hot == 1])))
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * last[train].T @ d_scores
        b_y = b_y - rate * np.sum(d_scores, axis=0)
    return {
        "train": train,
        "test": test,
        "mean": mean,
        "std": std,
        "last": last,
        "losses": losses,
        "W_y": W_y,
        "b_y": b_y,
    }


# %% hidden repair
import math


def _last_states(recordings, mean, std, cell):
    """Each recording by itself, without any padding, one number at a time."""
    W_x, W_h, b = cell
    states = []
    for values in recordings:
        h = [0.0] * len(b)
        for step in values:
            z = [(float(v) - m) / s for v, m, s in zip(step, mean, std)]
            h = [
                math.tanh(
                    float(b[j])
                    + sum(z[i] * float(W_x[i, j]) for i in range(len(z)))
                    + sum(h[k] * float(W_h[k, j]) for k in range(len(h)))
                )
                for j in range(len(b))
            ]
        states.append(h)
    return np.array(states)


def _mean_loss(parameters, states, labels, classes):
    """Cross-entropy of weights and bias in one row, from log-sum-exp."""
    table = parameters.reshape(-1, classes)  # (units + 1, classes)
    scores = states @ table[:-1] + table[-1]
    top = scores.max(axis=1)
    log_sum = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return float(np.mean(log_sum - scores[np.arange(len(labels)), labels]))


def _descend(states, labels, classes, steps, rate):
    """Gradient descent with central differences for the gradient."""
    parameters = np.zeros((states.shape[1] + 1) * classes)
    losses = []
    for _ in range(steps):
        losses.append(_mean_loss(parameters, states, labels, classes))
        gradient = np.zeros_like(parameters)
        for i in range(len(parameters)):
            nudge = np.zeros_like(parameters)
            nudge[i] = 1e-5
            up = _mean_loss(parameters + nudge, states, labels, classes)
            down = _mean_loss(parameters - nudge, states, labels, classes)
            gradient[i] = (up - down) / 2e-5
        parameters = parameters - rate * gradient
    return losses, parameters.reshape(-1, classes)


_rng = np.random.default_rng()
for _count, _features, _units, _classes in [(8, 1, 3, 2), (13, 2, 2, 3), (10, 3, 4, 4)]:
    _times = _rng.integers(1, 7, _count)
    _times[[0, -1]] = 2, 9  # the longest one is a test recording
    _sets = [5 + i + 2 * _rng.normal(size=(time, _features)) for i, time in enumerate(_times)]
    _labels = np.append(np.arange(_classes), _rng.integers(0, _classes, _count - _classes))
    _cell = (
        _rng.normal(size=(_features, _units)),
        _rng.normal(size=(_units, _units)) / 2,
        _rng.uniform(0.2, 0.6, size=_units),
    )
    _rate = float(_rng.uniform(0.3, 0.8))
    _out = checks.unchanged(repair, _sets, _labels, _cell, _classes, 4, _rate)
    _old = 3 * _count // 4
    _hint = "The oldest three quarters train, the rest tests, in order: no shuffling."
    checks.equal(_out["train"], list(range(_old)), "train", hint=_hint)
    checks.equal(_out["test"], list(range(_old, _count)), "test", hint=_hint)
    _real = [[float(step[f]) for values in _sets[:_old] for step in values] for f in range(_features)]
    _mean = [sum(values) / len(values) for values in _real]
    _std = [
        math.sqrt(sum((v - m) ** 2 for v in values) / len(values))
        for values, m in zip(_real, _mean)
    ]
    _hint = "The scaler sees the real steps of the training recordings: no padding, no test."
    checks.close(_out["mean"], _mean, "mean", hint=_hint)
    checks.close(_out["std"], _std, "std", hint=_hint)
    _states = _last_states(_sets, _mean, _std, _cell)
    _hint = "The state at each recording's own last real step, whatever the padding."
    checks.close(_out["last"], _states, "last", hint=_hint)
    _losses, _table = _descend(_states[:_old], _labels[:_old], _classes, 4, _rate)
    _hint = "Softmax, the mean cross-entropy of the training recordings, before each update."
    checks.close(_out["losses"], _losses, "losses", hint=_hint, atol=1e-5)
    _hint = "One update is rate times the gradient of the mean loss: (p - one-hot) / samples."
    checks.close(_out["W_y"], _table[:-1], "W_y", hint=_hint, atol=1e-5)
    checks.close(_out["b_y"], _table[-1], "b_y", hint=_hint, atol=1e-5)


# %% also-correct repair
def repair(recordings, labels, cell, classes, steps, rate):
    count = len(recordings)
    first = count * 3 // 4
    known = [step for values in recordings[:first] for step in values]
    mean, std = np.mean(known, axis=0), np.std(known, axis=0)
    last = []
    for values in recordings:
        x = ((values - mean) / std)[None]
        last.append(rnn_forward(x, np.zeros((1, len(cell[2]))), *cell)[0, -1])
    last = np.array(last)
    h = np.hstack([last[:first], np.ones((first, 1))])
    table = np.zeros((h.shape[1], classes))
    losses = []
    for _ in range(steps):
        p = softmax(h @ table)
        right = p[np.arange(first), labels[:first]]
        losses.append(float(np.mean(-np.log(right))))
        gradient = np.zeros_like(table)
        for i in range(first):
            wrong = p[i].copy()
            wrong[labels[i]] -= 1
            gradient += np.outer(h[i], wrong) / first
        table = table - rate * gradient
    return dict(train=list(range(first)), test=list(range(first, count)), mean=mean, std=std,
                last=last, losses=losses, W_y=table[:-1], b_y=table[-1])


# %% also-correct repair
def repair(recordings, labels, cell, classes, steps, rate):
    W_x, W_h, b = cell
    order = np.arange(len(recordings))
    train, test = np.split(order, [3 * len(order) // 4])
    known = np.vstack([recordings[i] for i in train])
    mean = known.sum(axis=0) / len(known)
    std = (((known - mean) ** 2).sum(axis=0) / len(known)) ** 0.5
    longest = max(map(len, recordings))
    state = np.zeros((len(recordings), len(b)))
    for t in range(longest):  # the state stands still after a recording's last step
        here = np.array([t < len(values) for values in recordings])[:, None]
        x_t = np.array([(values[min(t, len(values) - 1)] - mean) / std for values in recordings])
        state = np.where(here, np.tanh(x_t @ W_x + state @ W_h + b), state)
    W_y, b_y, losses = np.zeros((len(b), classes)), np.zeros(classes), []
    target = (labels[train][:, None] == np.arange(classes)).astype(float)
    for _ in range(steps):
        scores = state[train] @ W_y + b_y
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        losses.append(-(target * log_p).sum() / len(train))
        wrong = (np.exp(log_p) - target) / len(train)
        W_y, b_y = W_y - rate * (state[train].T @ wrong), b_y - rate * wrong.sum(axis=0)
    return {"b_y": b_y, "W_y": W_y, "losses": losses, "last": state, "std": std, "mean": mean,
            "train": train, "test": test}


# %% misconception repair
# hint: The recordings are shuffled before the split. The oldest train, the newest test.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.random.default_rng(0).permutation(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The scaler sees the test recordings: mean and std come from training recordings alone.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate(recordings)
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The state after the padding is read. Read it at the last real step of each recording.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[:, -1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: A sigmoid does not let the classes compete. Exactly one class is right: softmax.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = 1 / (1 + np.exp(-(h @ W_y + b_y)))
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = one_hot * (p - 1) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The step grows with the number of recordings: divide the gradient by it, as the mean does.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = p - one_hot
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The gradient of softmax moves the scores of the wrong classes, too: p - one-hot for all.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = one_hot * (p - 1) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The state is read one step early: the last of n steps, counted from 0, is n - 1.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 2]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The scaler counts padded zeros as measurements. Concatenate the real steps only.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = values
    mean, std = x[train].mean(axis=(0, 1)), x[train].std(axis=(0, 1))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The mean is over the training recordings: divide by their number, not by that of all.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / count
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The oldest recordings train. Here the newest train, and the past is forecast.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[count - 3 * count // 4 :], order[: count - 3 * count // 4]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: The output weights are trained on the test recordings, too.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last, np.eye(classes)[labels]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / count
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: Scale each recording with the training mean and std, not each with its own.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-9)
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = softmax(h @ W_y + b_y)
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% misconception repair
# hint: p - one-hot is the gradient of softmax. The probabilities still come from a sigmoid.
def repair(recordings, labels, cell, classes, steps, rate):
    count, longest = len(recordings), max(len(values) for values in recordings)
    order = np.arange(count)
    train, test = order[: 3 * count // 4], order[3 * count // 4 :]
    known = np.concatenate([recordings[i] for i in train])
    mean, std = known.mean(axis=0), known.std(axis=0)
    x = np.zeros((count, longest, known.shape[1]))
    for row, values in zip(x, recordings):
        row[: len(values)] = (values - mean) / std
    every = rnn_forward(x, np.zeros((count, len(cell[2]))), *cell)
    lengths = np.array([len(values) for values in recordings])
    last = every[np.arange(count), lengths - 1]
    h, one_hot = last[train], np.eye(classes)[labels[train]]
    W_y, b_y, losses = np.zeros((last.shape[1], classes)), np.zeros(classes), []
    for _ in range(steps):
        p = 1 / (1 + np.exp(-(h @ W_y + b_y)))
        losses.append(-np.log(p[one_hot == 1]).mean())
        d_scores = (p - one_hot) / len(train)
        W_y = W_y - rate * h.T @ d_scores
        b_y = b_y - rate * d_scores.sum(axis=0)
    return {"train": train, "test": test, "mean": mean, "std": std, "last": last,
            "losses": losses, "W_y": W_y, "b_y": b_y}


# %% answer which_first [markdown]
# (1) With three classes a network that gives each the probability 1/3 has a cross-entropy of
# $\ln 3 = 1.0986$. So the network answers as if it had never seen its input: it guesses.
#
# (2) I let it learn one batch by heart: some 64 messages, update after update on the same ones. If
# the loss goes to zero, the wiring is sound, and the trouble lies with the amount of data, the
# learning rate or the labels of the rest. If it stays at 1.10, which is what I expect, then more data
# and longer training are ruled out as remedies, because the network cannot even learn what it sees
# again and again. More units did not help either.
#
# (3) I suspect the padding without a mask. A short message of 15 words is followed by 185 padded
# steps, at each of which the LSTM updates its state. What it knew of the message fades, so that the
# last state is nearly the same for all messages. The output layer then sees no difference between
# them, and the gradient that comes back through the padding is as small. To check: give the untrained
# network two messages that differ and print the distance of their states at the last real step and at
# step 200. If it has not shrunk, I was wrong. With a mask the two distances are equal.
#
# Rubric, one point each:
#
# - (1) $\ln 3$, as the loss of equal probabilities for three classes. (Half a point for "it guesses"
#   without the number's origin.)
# - (2) overfitting one batch (or a test as cheap), with both outcomes and what each rules out.
# - (3) padding without a mask, or another fault that fits all that is known, with its mechanism and a
#   check without training that could fail: states of two messages, the first loss with shuffled
#   inputs, the same message with more padding. "Use a mask" alone earns half a point.
