# %% answer gru_step
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=1)  # (batch, units) each
    W_hz, W_hr, W_hc = np.split(W_h, 3, axis=1)  # (units, units) each
    b_hz, b_hr, b_hc = np.split(b_h, 3)  # (units,) each
    z_t = sigmoid(x_z + h_prev @ W_hz + b_hz)  # (batch, units)
    r_t = sigmoid(x_r + h_prev @ W_hr + b_hr)  # (batch, units)
    if reset_after:
        q_t = r_t * (h_prev @ W_hc + b_hc)  # (batch, units)
    else:
        q_t = (r_t * h_prev) @ W_hc  # (batch, units)
    return z_t * h_prev + (1 - z_t) * np.tanh(x_c + q_t)


# %% hidden gru_step
import math


def _slow_gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    """One number at a time, with sigmoid and tanh written out in exponentials."""
    batch, units = len(h_prev), len(W_h)
    from_x = [float(v) for v in (b[0] if reset_after else b)]
    from_h = [float(v) for v in b[1]] if reset_after else [0.0] * (3 * units)
    h_t = np.zeros((batch, units))

    def total(values, weights, column):
        return sum(float(v) * float(row[column]) for v, row in zip(values, weights))

    def gate(row, column):
        a = total(x_t[row], W_x, column) + total(h_prev[row], W_h, column)
        return 1 / (1 + math.exp(-(a + from_x[column] + from_h[column])))

    for row in range(batch):
        reset = [gate(row, units + j) for j in range(units)]
        for j in range(units):
            column = 2 * units + j
            if reset_after:
                past = reset[j] * (total(h_prev[row], W_h, column) + from_h[column])
            else:
                kept = [reset[k] * float(h_prev[row, k]) for k in range(units)]
                past = total(kept, W_h, column)
            new = total(x_t[row], W_x, column) + from_x[column] + past
            new = 1 - 2 / (math.exp(2 * new) + 1)
            update = gate(row, j)
            h_t[row, j] = update * float(h_prev[row, j]) + (1 - update) * new
    return h_t


def _signed(rng, low, high, shape):
    return rng.uniform(low, high, size=shape) * rng.choice([-1, 1], size=shape)


_rng = np.random.default_rng()
for _batch, _features, _units in [(1, 1, 1), (3, 2, 4), (2, 3, 3), (4, 5, 2)]:
    for _after in (False, True):
        _args = (
            _rng.normal(size=(_batch, _features)),
            _signed(_rng, 0.3, 0.9, (_batch, _units)),
            _rng.normal(size=(_features, 3 * _units)) / 2,
            _rng.normal(size=(_units, 3 * _units)),
            _signed(_rng, 0.3, 0.9, (2, 3 * _units) if _after else 3 * _units),
            _after,
        )
        _h_t = checks.unchanged(gru_step, *_args)
        _hint = f"reset_after is {_after} here: which gate goes where, and which bias row?"
        checks.close(_h_t, _slow_gru_step(*_args), "h_t", hint=_hint, atol=1e-5)


# %% also-correct gru_step
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    units = h_prev.shape[1]
    z_block, r_block, c_block = (slice(k * units, (k + 1) * units) for k in range(3))
    rows = np.atleast_2d(b)
    gates = [
        1 / (1 + np.exp(-(x_t @ W_x[:, s] + h_prev @ W_h[:, s] + rows[:, s].sum(axis=0))))
        for s in (z_block, r_block)
    ]
    fresh = np.einsum("bf,fu->bu", x_t, W_x[:, c_block]) + rows[0, c_block]
    if reset_after:
        fresh = fresh + gates[1] * (h_prev @ W_h[:, c_block] + rows[1, c_block])
    else:
        fresh = fresh + np.einsum("bk,ku->bu", gates[1] * h_prev, W_h[:, c_block])
    return np.tanh(fresh) + gates[0] * (h_prev - np.tanh(fresh))


# %% also-correct gru_step
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    batch, units = h_prev.shape
    h_t = np.empty((batch, units))
    b_x = b[0] if reset_after else b
    b_h = b[1] if reset_after else 0 * b
    for row in range(batch):
        a_x = x_t[row] @ W_x + b_x
        a_h = h_prev[row] @ W_h + b_h
        z, r = sigmoid(a_x[:units] + a_h[:units]), sigmoid((a_x + a_h)[units : 2 * units])
        if reset_after:
            past = r * a_h[2 * units :]
        else:
            past = np.dot(r * h_prev[row], W_h[:, 2 * units :])
        for unit in range(units):
            new = 2 / (1 + np.exp(-2 * (a_x[2 * units + unit] + past[unit]))) - 1
            h_t[row, unit] = z[unit] * h_prev[row, unit] + (1 - z[unit]) * new
    return h_t


# %% misconception gru_step
# hint: The update gate seems inverted: here z keeps the old state and 1 - z lets the candidate in.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    before = (r * h_prev) @ W_h[:, 2 * h_prev.shape[1] :]
    new = np.tanh(x_c + (r * h_c if reset_after else before))
    return (1 - z) * h_prev + z * new


# %% misconception gru_step
# hint: The blocks stand in the order z, r, h. Here they seem to be read as r, z, h.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_r, x_z, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_r, h_z, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    before = (r * h_prev) @ W_h[:, 2 * h_prev.shape[1] :]
    new = np.tanh(x_c + (r * h_c if reset_after else before))
    return z * h_prev + (1 - z) * new


# %% misconception gru_step
# hint: Without reset_after, r meets the old state before the product with W_h, not after it.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    return z * h_prev + (1 - z) * np.tanh(x_c + r * h_c)


# %% misconception gru_step
# hint: With reset_after, r meets the result of the product with W_h, not the old state.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    units = h_prev.shape[1]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, _ = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    new = np.tanh(x_c + (r * h_prev) @ W_h[:, 2 * units :] + b_h[2 * units :])
    return z * h_prev + (1 - z) * new


# %% misconception gru_step
# hint: In the candidate the two bias rows may not be summed: the second stands inside r * (...).
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_all = b[0] + b[1] if reset_after else b
    x_z, x_r, x_c = np.split(x_t @ W_x + b_all, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    before = (r * h_prev) @ W_h[:, 2 * h_prev.shape[1] :]
    new = np.tanh(x_c + (r * h_c if reset_after else before))
    return z * h_prev + (1 - z) * new


# %% misconception gru_step
# hint: With reset_after the bias has two rows. Only the first seems to be used.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    x_z, x_r, x_c = np.split(x_t @ W_x + (b[0] if reset_after else b), 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    before = (r * h_prev) @ W_h[:, 2 * h_prev.shape[1] :]
    new = np.tanh(x_c + (r * h_c if reset_after else before))
    return z * h_prev + (1 - z) * new


# %% misconception gru_step
# hint: Without reset_after there is one bias, added once. Here it seems to be added twice.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, b)
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    before = (r * h_prev) @ W_h[:, 2 * h_prev.shape[1] :]
    new = np.tanh(x_c + (r * h_c if reset_after else before))
    return z * h_prev + (1 - z) * new


# %% misconception gru_step
# hint: The reset gate belongs inside tanh, on the part from the old state. Here it comes after.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    return z * h_prev + (1 - z) * (r * np.tanh(x_c + h_c))


# %% misconception gru_step
# hint: The reset gate holds back the old state only. Here it holds back the input as well.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    return z * h_prev + (1 - z) * np.tanh(r * (x_c + h_c))


# %% misconception gru_step
# hint: The candidate sees the old state through the reset gate. No reset gate seems to be used.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, _, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, _, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z = sigmoid(x_z + h_z)
    return z * h_prev + (1 - z) * np.tanh(x_c + h_c)


# %% misconception gru_step
# hint: What is let in is 1 - z of the candidate. Here the whole candidate is added.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    before = (r * h_prev) @ W_h[:, 2 * h_prev.shape[1] :]
    return z * h_prev + np.tanh(x_c + (r * h_c if reset_after else before))


# %% misconception gru_step
# hint: The candidate is squashed by tanh, from -1 to 1. The sigmoid is for the gates.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    before = (r * h_prev) @ W_h[:, 2 * h_prev.shape[1] :]
    return z * h_prev + (1 - z) * sigmoid(x_c + (r * h_c if reset_after else before))


# %% misconception gru_step
# hint: The new state is the mix itself. An LSTM has a tanh on its way out; a GRU has none.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    before = (r * h_prev) @ W_h[:, 2 * h_prev.shape[1] :]
    new = np.tanh(x_c + (r * h_c if reset_after else before))
    return np.tanh(z * h_prev + (1 - z) * new)


# %% misconception gru_step
# hint: The update gate sees the whole old state. Only the candidate sees it through the reset gate.
def gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    _, h_r, h_c = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    r = sigmoid(x_r + h_r)
    s_z, _, s_c = np.split((r * h_prev) @ W_h, 3, axis=-1)
    z = sigmoid(x_z + s_z + np.split(b_h, 3)[0])
    new = np.tanh(x_c + (r * h_c if reset_after else s_c))
    return z * h_prev + (1 - z) * new


# %% answer gru_forward
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h_t = h_0  # (batch, units)
    states = []
    for t in range(x.shape[1]):
        h_t = gru_step(x[:, t], h_t, W_x, W_h, b, reset_after)  # (batch, units)
        states.append(h_t)
    return np.stack(states, axis=1)  # (batch, time, units)


# %% hidden gru_forward
import math


def _slow_gru(x, h_0, W_x, W_h, b, reset_after):
    """Each sequence by itself, one number at a time."""
    batch, time, features = x.shape
    units = len(W_h)
    b_x, b_h = b if reset_after else (b, [0.0] * (3 * units))
    h = np.zeros((batch, time, units))

    def sigma(a):
        return 1 / (1 + math.exp(-a))

    for row in range(batch):
        old = [float(value) for value in h_0[row]]
        for t in range(time):
            a_x = [
                float(b_x[c]) + sum(float(x[row, t, i] * W_x[i, c]) for i in range(features))
                for c in range(3 * units)
            ]
            a_h = [
                float(b_h[c]) + sum(old[k] * float(W_h[k, c]) for k in range(units))
                for c in range(3 * units)
            ]
            r = [sigma(a_x[units + j] + a_h[units + j]) for j in range(units)]
            new = []
            for j in range(units):
                c = 2 * units + j
                past = r[j] * a_h[c]
                if not reset_after:
                    past = sum(r[k] * old[k] * float(W_h[k, c]) for k in range(units))
                z = sigma(a_x[j] + a_h[j])
                new.append(z * old[j] + (1 - z) * math.tanh(a_x[c] + past))
            h[row, t] = old = new
    return h


_rng = np.random.default_rng()
for _batch, _time, _features, _units in [(2, 5, 3, 4), (4, 3, 2, 3), (3, 3, 3, 3), (1, 7, 1, 2)]:
    for _after in (False, True):
        _args = (
            _rng.normal(size=(_batch, _time, _features)),
            _rng.uniform(0.3, 0.9, size=(_batch, _units)),
            _rng.normal(size=(_features, 3 * _units)),
            _rng.normal(size=(_units, 3 * _units)),
            _rng.uniform(0.3, 0.9, size=(2, 3 * _units) if _after else 3 * _units),
            _after,
        )
        _h = checks.unchanged(gru_forward, *_args)
        _axes = ("batch", "time", "units")
        _expected = _slow_gru(*_args)
        checks.shape(_h, _expected.shape, "h", hint="The states of all time steps.", axes=_axes)
        _hint = f"Each step starts from the state of the step before. (reset_after={_after})"
        checks.close(_h, _expected, "h", hint=_hint, atol=1e-5)
# whole numbers come in, as a one-hot input has them; the states are not whole
_one_hot = np.eye(3, dtype=int)[_rng.integers(0, 3, size=(2, 4))]  # (batch, time, features)
_args = (_one_hot, np.zeros((2, 2)), _rng.normal(size=(3, 6)), *_args[3:])
_hint = "The input is whole numbers here, the states are not: which kind of array holds them?"
checks.close(gru_forward(*_args), _slow_gru(*_args), "h", hint=_hint, atol=1e-5)


# %% also-correct gru_forward
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    batch, time, _ = x.shape
    h = np.empty((batch, time, len(W_h)))
    for t in range(time):
        before = h_0 if t == 0 else h[:, t - 1]
        h[:, t] = gru_step(x[:, t], before, W_x, W_h, b, reset_after)
    return h


# %% also-correct gru_forward
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    units = len(W_h)
    b_x, b_h = (b[0], b[1]) if reset_after else (b, 0 * b)
    from_x = np.einsum("btf,fu->tbu", x, W_x) + b_x
    state, outputs = np.array(h_0, dtype=float), []
    for a_x in from_x:
        a_h = state @ W_h + b_h
        z, r = 1 / (1 + np.exp(-(a_x + a_h)[:, : 2 * units].reshape(-1, 2, units).swapaxes(0, 1)))
        past = r * a_h[:, 2 * units :] if reset_after else (r * state) @ W_h[:, 2 * units :]
        new = np.tanh(a_x[:, 2 * units :] + past)
        state = new + z * (state - new)
        outputs.append(state)
    return np.transpose(np.array(outputs), (1, 0, 2))


# %% also-correct gru_forward
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    rows = []
    for sequence, start in zip(x, h_0):
        state, row = start[None, :], []
        for x_t in sequence:
            state = gru_step(x_t[None, :], state, W_x, W_h, b, reset_after)
            row.append(state[0])
        rows.append(row)
    return np.array(rows)


# %% misconception gru_forward
# hint: The state is the memory. Here every step seems to start from h_0 again.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    steps = range(x.shape[1])
    return np.stack([gru_step(x[:, t], h_0, W_x, W_h, b, reset_after) for t in steps], axis=1)


# %% misconception gru_forward
# hint: The result holds the states of all time steps, not only the last one.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h = h_0
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, W_x, W_h, b, reset_after)
    return h


# %% misconception gru_forward
# hint: The axes are (batch, time, units). Here time comes first: along which axis do you stack?
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, states = h_0, []
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, W_x, W_h, b, reset_after)
        states.append(h)
    return np.array(states)


# %% misconception gru_forward
# hint: The result begins with the state after the first step. Here it begins with h_0.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, states = h_0, []
    for t in range(x.shape[1]):
        states.append(h)
        h = gru_step(x[:, t], h, W_x, W_h, b, reset_after)
    return np.stack(states, axis=1)


# %% misconception gru_forward
# hint: The first step starts from the h_0 that is passed in. It need not be zero.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, states = np.zeros_like(h_0), []
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, W_x, W_h, b, reset_after)
        states.append(h)
    return np.stack(states, axis=1)


# %% misconception gru_forward
# hint: Both forms are asked for: hand reset_after on to the step instead of fixing it.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, states = h_0, []
    rows = b if reset_after else np.stack([b, 0 * b])
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, W_x, W_h, rows, True)
        states.append(h)
    return np.stack(states, axis=1)


# %% misconception gru_forward
# hint: A sequence is read from its first step to its last.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, states = h_0, []
    for t in reversed(range(x.shape[1])):
        h = gru_step(x[:, t], h, W_x, W_h, b, reset_after)
        states.append(h)
    return np.stack(states, axis=1)


# %% misconception gru_forward
# hint: The first axis of x is the batch. Go along the second axis, which is time.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, states = h_0, []
    for t in range(x.shape[0]):
        h = gru_step(x[t], h, W_x, W_h, b, reset_after)
        states.append(h)
    return np.stack(states, axis=0)


# %% misconception gru_forward
# hint: Each sequence of a batch has its own memory. Here one seems to start where another ends.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, rows = h_0[:1], []
    for row in range(x.shape[0]):
        states = []
        for t in range(x.shape[1]):
            h = gru_step(x[row : row + 1, t], h, W_x, W_h, b, reset_after)
            states.append(h[0])
        rows.append(states)
    return np.array(rows)


# %% misconception gru_forward
# hint: Reshaping changes the shape but mixes up sequences and steps. Move the time axis instead.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, states = h_0, []
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, W_x, W_h, b, reset_after)
        states.append(h)
    return np.array(states).reshape(x.shape[0], x.shape[1], -1)


# %% misconception gru_forward
# hint: The cell mixes the old state in already. Here its result is averaged with h_prev again.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h, states = h_0, []
    for t in range(x.shape[1]):
        h = (h + gru_step(x[:, t], h, W_x, W_h, b, reset_after)) / 2
        states.append(h)
    return np.stack(states, axis=1)


# %% misconception gru_forward
# hint: An array shaped or typed like x cannot hold the states: they are (units,), and not whole.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h = np.zeros((len(x), x.shape[1], len(W_h)), dtype=x.dtype)
    for t in range(x.shape[1]):
        h_0 = gru_step(x[:, t], h_0, W_x, W_h, b, reset_after)
        h[:, t] = h_0
    return h


# %% misconception gru_forward
# hint: The result has one number for each unit. Here it is shaped like x: one for each feature.
def gru_forward(x, h_0, W_x, W_h, b, reset_after):
    h = np.empty_like(x)
    for t in range(x.shape[1]):
        h_0 = gru_step(x[:, t], h_0, W_x, W_h, b, reset_after)
        h[:, t] = h_0
    return h


# %% answer gru_step_backward
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    units = len(W_h)
    W_hg, W_hc = W_h[:, : 2 * units], W_h[:, 2 * units :]  # the two gates; the candidate
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=1)  # (batch, units) each
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=1)  # (batch, units) each
    z_t, r_t = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    past = r_t * q_t if reset_after else (r_t * h_prev) @ W_hc
    candidate = np.tanh(x_c + past)  # (batch, units)

    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    ds_t = da_c @ W_hc.T  # (batch, units); reset before: reaches r_t * h_prev
    dr_t = da_c * q_t if reset_after else ds_t * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=1)  # (batch, 3 * units)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=1)  # (batch, 3 * units)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])  # (2, 3 * units)
    else:
        da_g = np.concatenate([da_z, da_r], axis=1)  # (batch, 2 * units)
        dh_prev = dh_t * z_t + ds_t * r_t + da_g @ W_hg.T
        dW_h = np.concatenate([h_prev.T @ da_g, (r_t * h_prev).T @ da_c], axis=1)
        db = da_x.sum(axis=0)  # (3 * units,)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% hidden gru_step_backward
def _signed(rng, low, high, shape):
    return rng.uniform(low, high, size=shape) * rng.choice([-1, 1], size=shape)


def _plain_gru_step(x_t, h_prev, W_x, W_h, b, reset_after):
    """A forward step of the test's own, each block with its own matrices."""
    n = h_prev.shape[1]
    from_x, from_h = b if reset_after else (b, 0 * b)
    z, r = (
        1 / (1 + np.exp(-(x_t @ W_x[:, s] + h_prev @ W_h[:, s] + from_x[s] + from_h[s])))
        for s in (slice(n), slice(n, 2 * n))
    )
    s = slice(2 * n, 3 * n)
    past = r * (h_prev @ W_h[:, s] + from_h[s]) if reset_after else (r * h_prev) @ W_h[:, s]
    new = np.tanh(x_t @ W_x[:, s] + from_x[s] + past)
    return new + z * (h_prev - new)


def _slopes(loss, args, step=1e-5):
    """The gradient of loss(*args) by central differences, for every argument."""
    gradients = []
    for position, arg in enumerate(args):
        slope = np.zeros(arg.shape)
        for place in np.ndindex(arg.shape):
            ends = []
            for sign in (1, -1):
                moved = [np.array(other, dtype=float) for other in args]
                moved[position][place] += sign * step
                ends.append(loss(*moved))
            slope[place] = (ends[0] - ends[1]) / (2 * step)
        gradients.append(slope)
    return gradients


_rng = np.random.default_rng()
for _batch, _features, _units in [(1, 1, 1), (3, 2, 2), (2, 1, 3)]:
    for _after in (False, True):
        _args = (
            _rng.normal(size=(_batch, _features)),
            _signed(_rng, 0.3, 0.9, (_batch, _units)),
            _rng.normal(size=(_features, 3 * _units)) / 2,
            _rng.normal(size=(_units, 3 * _units)),
            _signed(_rng, 0.3, 0.9, (2, 3 * _units) if _after else 3 * _units),
        )
        _dh_t = _signed(_rng, 0.5, 1.5, (_batch, _units))

        def _loss(x_t, h_prev, W_x, W_h, b):
            return float(np.sum(_dh_t * _plain_gru_step(x_t, h_prev, W_x, W_h, b, _after)))

        _result = checks.unchanged(gru_step_backward, _dh_t, *_args, _after)
        checks.true(len(_result) == 5, "Return the five gradients.")
        _names = ("dx_t", "dh_prev", "dW_x", "dW_h", "db")
        for _name, _got, _slope in zip(_names, _result, _slopes(_loss, _args)):
            _hint = f"Compared with finite differences, reset_after={_after}: is a path missing?"
            checks.close(_got, _slope, _name, hint=_hint, atol=2e-5, rtol=1e-3)


# %% also-correct gru_step_backward
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    units = h_prev.shape[1]
    dx_t, dh_prev = np.zeros(x_t.shape), np.zeros(h_prev.shape)
    dW_x, dW_h, db = np.zeros(W_x.shape), np.zeros(W_h.shape), np.zeros(b.shape)
    rows = np.atleast_2d(b)
    cut = slice(units), slice(units, 2 * units), slice(2 * units, None)
    for n in range(len(x_t)):
        x, h, dh = x_t[n], h_prev[n], dh_t[n]
        gates = [sigmoid(x @ W_x[:, s] + h @ W_h[:, s] + rows[:, s].sum(0)) for s in cut[:2]]
        z, r = gates
        q = h @ W_h[:, cut[2]] + (b[1][cut[2]] if reset_after else 0)
        past = r * q if reset_after else (r * h) @ W_h[:, cut[2]]
        new = np.tanh(x @ W_x[:, cut[2]] + rows[0][cut[2]] + past)
        back_z = dh * (h - new) * z * (1 - z)
        back_c = dh * (1 - z) * (1 - new**2)
        through = W_h[:, cut[2]] @ back_c
        back_r = (back_c * q if reset_after else through * h) * r * (1 - r)
        dh_prev[n] = dh * z + W_h[:, cut[0]] @ back_z + W_h[:, cut[1]] @ back_r
        dh_prev[n] += W_h[:, cut[2]] @ (back_c * r) if reset_after else through * r
        for s, back in zip(cut, (back_z, back_r, back_c)):
            dx_t[n] += W_x[:, s] @ back
            dW_x[:, s] += np.outer(x, back)
            last = s == cut[2]
            if reset_after:
                db[0, s] += back
                db[1, s] += back * r if last else back
                dW_h[:, s] += np.outer(h, back * r if last else back)
            else:
                db[s] += back
                dW_h[:, s] += np.outer(r * h if last else h, back)
    return dx_t, dh_prev, dW_x, dW_h, db


# %% also-correct gru_step_backward
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    # the two forms differ in how q is made and undone; einsum for the products
    u = W_h.shape[0]
    names = ("z", "r", "c")
    W = {k: W_x[:, i * u : (i + 1) * u] for i, k in enumerate(names)}
    U = {k: W_h[:, i * u : (i + 1) * u] for i, k in enumerate(names)}
    b_x, b_h = (b[0], b[1]) if reset_after else (b, 0 * b)
    A = {k: x_t @ W[k] + b_x[i * u : (i + 1) * u] for i, k in enumerate(names)}
    B = {k: h_prev @ U[k] + b_h[i * u : (i + 1) * u] for i, k in enumerate(names)}
    z, r = 1 / (1 + np.exp(-A["z"] - B["z"])), 1 / (1 + np.exp(-A["r"] - B["r"]))
    seen = np.ones_like(r) if reset_after else r  # what h_prev is multiplied by
    n = np.tanh(A["c"] + (r * B["c"] if reset_after else (seen * h_prev) @ U["c"]))
    g = {"z": (h_prev - n) * dh_t * (z - z**2), "c": (1 - n**2) * (dh_t - dh_t * z)}
    if reset_after:
        back = r * g["c"]
        g["r"] = g["c"] * B["c"] * (r - r**2)
    else:
        back = g["c"]
        g["r"] = np.einsum("bj,kj->bk", g["c"], U["c"]) * h_prev * (r - r**2)
    dx_t = sum(np.einsum("bj,fj->bf", g[k], W[k]) for k in names)
    dh_prev = z * dh_t + np.einsum("bj,kj->bk", back, U["c"]) * seen
    dh_prev = dh_prev + np.einsum("bj,kj->bk", g["z"], U["z"])
    dh_prev = dh_prev + np.einsum("bj,kj->bk", g["r"], U["r"])
    dW_x = np.hstack([np.einsum("bf,bj->fj", x_t, g[k]) for k in names])
    left = {"z": h_prev, "r": h_prev, "c": seen * h_prev}
    right = {"z": g["z"], "r": g["r"], "c": back}
    dW_h = np.hstack([np.einsum("bk,bj->kj", left[k], right[k]) for k in names])
    db = np.hstack([g[k].sum(0) for k in names])
    if reset_after:
        db = np.vstack([db, np.hstack([right[k].sum(0) for k in names])])
    return [dx_t, dh_prev, dW_x, dW_h, db]


# %% misconception gru_step_backward
# hint: The old state reaches the new one directly, too, through z: dh_t * z is missing.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: z multiplies h_prev and 1 - z the candidate, so dz is dh_t * (h_prev - candidate).
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (candidate - h_prev) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: On the way back through a sigmoid the gradient is multiplied by its slope, z * (1 - z).
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) 
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: On the way back through tanh the gradient is multiplied by 1 - candidate**2.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: What reaches the old state goes back through the transposed weights, W_h.T.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        blocks = zip(np.split(da_h, 3, axis=-1), np.split(W_h, 3, axis=-1))
        dh_prev = dh_t * z_t + sum(da @ block for da, block in blocks)
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: The bias serves every sequence: its gradient is the sum over the batch, not the mean.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.mean(axis=0), da_h.mean(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.mean(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: With reset_after, da_c * r goes back to h_prev W_h: the reset gate stands in between.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: Without reset_after, the candidate's block of W_h meets r * h_prev, not h_prev.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, h_prev.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: Without reset_after, the old state is reached through r * h_prev: multiply by r on the way.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: The two bias rows differ in the candidate: only the second stands behind the reset gate.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_x.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: The gates see the old state too, so they are two more ways back to it.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + (da_c * r_t) @ W_hc.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: W_h met the old state on the way in. Here its gradient is made with the new state.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_z, da_r, da_c], axis=-1)
    h_t = z_t * h_prev + (1 - z_t) * candidate
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_t.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_t.T @ da_h, (r_t * h_t).T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: The blocks stand in the order z, r, candidate, in the gradients as in the weights.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    W_hc = W_h[:, 2 * len(W_h) :]
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q_t = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z_t, r_t, kept = sigmoid(x_z + h_z), sigmoid(x_r + h_r), sigmoid(x_r + h_r) * h_prev
    candidate = np.tanh(x_c + (r_t * q_t if reset_after else kept @ W_hc))
    da_z = dh_t * (h_prev - candidate) * z_t * (1 - z_t)
    da_c = dh_t * (1 - z_t) * (1 - candidate**2)
    dkept = da_c @ W_hc.T
    dr_t = da_c * q_t if reset_after else dkept * h_prev
    da_r = dr_t * r_t * (1 - r_t)
    da_x = np.concatenate([da_r, da_z, da_c], axis=-1)
    if reset_after:
        da_h = np.concatenate([da_z, da_r, da_c * r_t], axis=-1)
        dh_prev = dh_t * z_t + da_h @ W_h.T
        dW_h = h_prev.T @ da_h
        db = np.stack([da_x.sum(axis=0), da_h.sum(axis=0)])
    else:
        da_h = np.concatenate([da_z, da_r], axis=-1)
        dh_prev = dh_t * z_t + dkept * r_t + da_h @ W_h[:, : 2 * len(W_h)].T
        dW_h = np.concatenate([h_prev.T @ da_h, kept.T @ da_c], axis=-1)
        db = da_x.sum(axis=0)
    return da_x @ W_x.T, dh_prev, x_t.T @ da_x, dW_h, db


# %% misconception gru_step_backward
# hint: The input goes into both gates and the candidate, so dx_t needs all three blocks of W_x.
def gru_step_backward(dh_t, x_t, h_prev, W_x, W_h, b, reset_after):
    units = h_prev.shape[1]
    W_z, W_r, W_c = np.split(W_h, 3, axis=-1)
    b_x, b_h = b if reset_after else (b, np.zeros_like(b))
    x_z, x_r, x_c = np.split(x_t @ W_x + b_x, 3, axis=-1)
    h_z, h_r, q = np.split(h_prev @ W_h + b_h, 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    s = r * h_prev
    c = np.tanh(x_c + (r * q if reset_after else s @ W_c))
    da_z = dh_t * (h_prev - c) * z * (1 - z)
    da_c = dh_t * (1 - z) * (1 - c**2)
    ds = da_c @ W_c.T
    da_r = (da_c * q if reset_after else ds * h_prev) * r * (1 - r)
    direct = (da_c * r) @ W_c.T if reset_after else ds * r
    dh_prev = dh_t * z + da_z @ W_z.T + da_r @ W_r.T + direct
    last = h_prev.T @ (da_c * r) if reset_after else s.T @ da_c
    dW_h = np.hstack([h_prev.T @ da_z, h_prev.T @ da_r, last])
    da_x = np.hstack([da_z, da_r, da_c])
    db = da_x.sum(axis=0)
    if reset_after:
        db = np.stack([db, np.hstack([da_z, da_r, da_c * r]).sum(axis=0)])
    return da_c @ W_x[:, 2 * units :].T, dh_prev, x_t.T @ da_x, dW_h, db


# %% answer gru_param_count
def gru_param_count(features, units, reset_after):
    biases = 2 * units if reset_after else units
    return 3 * (features * units + units * units + biases)


# %% hidden gru_param_count
def _count_one_by_one(features, units, reset_after):
    """Count connections one by one, as if drawn on paper."""
    count = 0
    for _block in ("update", "reset", "candidate"):
        for _unit in range(units):
            count += sum(1 for _ in range(features))  # from the input
            count += sum(1 for _ in range(units))  # from the old state
            count += 1 if not reset_after else 2  # one bias beside the input, one beside the state
    return count


_rng = np.random.default_rng()
_sizes = [(1, 1), (1, 32), (5, 3), (2, 16)]
_sizes += [tuple(int(n) for n in _rng.integers(2, 20, size=2)) for _ in range(4)]
for _features, _units in _sizes:
    for _after in (False, True):
        _count = gru_param_count(_features, _units, _after)
        _hint = "Three blocks; each has weights from the input, from the old state, and biases."
        checks.equal(_count, _count_one_by_one(_features, _units, _after), "the count", hint=_hint)
        _whole = isinstance(_count, (int, np.integer))
        checks.true(_whole, f"The count is {_count!r}, expected a whole number.")


# %% also-correct gru_param_count
def gru_param_count(features, units, reset_after):
    shapes = [(features, 3 * units), (units, 3 * units), (1 + bool(reset_after), 3 * units)]
    return sum(int(np.prod(shape)) for shape in shapes)


# %% also-correct gru_param_count
def gru_param_count(features, units, reset_after):
    arrays = [np.zeros((features, units)), np.zeros((units, units)), np.zeros(units)]
    if reset_after:
        arrays.append(np.zeros(units))
    return np.int64(3) * sum(array.size for array in arrays)


# %% misconception gru_param_count
# hint: Four blocks are an LSTM's. A GRU has three: update, reset, candidate.
def gru_param_count(features, units, reset_after):
    return 4 * (features * units + units * units + (2 if reset_after else 1) * units)


# %% misconception gru_param_count
# hint: With reset_after each block has two biases, one beside the input and one beside the state.
def gru_param_count(features, units, reset_after):
    return 3 * (features * units + units * units + units)


# %% misconception gru_param_count
# hint: The second bias row is there only with reset_after.
def gru_param_count(features, units, reset_after):
    return 3 * (features * units + units * units + 2 * units)


# %% misconception gru_param_count
# hint: The two forms seem to be swapped: reset_after=True is the one with two bias rows.
def gru_param_count(features, units, reset_after):
    return 3 * (features * units + units * units + (1 if reset_after else 2) * units)


# %% misconception gru_param_count
# hint: A GRU has three blocks of weights: two gates and the candidate. Here one is missing.
def gru_param_count(features, units, reset_after):
    return 2 * (features * units + units * units + (2 if reset_after else 1) * units)


# %% misconception gru_param_count
# hint: Both bias rows have a number for all three blocks, not for the candidate alone.
def gru_param_count(features, units, reset_after):
    return 3 * (features * units + units * units + units) + (units if reset_after else 0)


# %% misconception gru_param_count
# hint: Each old unit has a weight into every new unit, not only into itself.
def gru_param_count(features, units, reset_after):
    return 3 * (features * units + units + (2 if reset_after else 1) * units)


# %% misconception gru_param_count
# hint: Biases are parameters too.
def gru_param_count(features, units, reset_after):
    return 3 * (features * units + units * units)


# %% misconception gru_param_count
# hint: The gates see the old state as well: each block has units times units recurrent weights.
def gru_param_count(features, units, reset_after):
    biases = 3 * (2 if reset_after else 1) * units
    return 3 * features * units + units * units + biases


# %% misconception gru_param_count
# hint: Parameters are counted, so the result is a whole number: 60, not 60.0.
def gru_param_count(features, units, reset_after):
    return 3.0 * (features * units + units * units + (2 if reset_after else 1) * units)


# %% answer pareto_front
def pareto_front(costs, errors):
    points = list(zip(costs, errors))
    front = []
    for index, (cost, error) in enumerate(points):
        beaten = False
        for other_cost, other_error in points:
            no_worse = other_cost <= cost and other_error <= error
            if no_worse and (other_cost, other_error) != (cost, error):
                beaten = True
        if not beaten:
            front.append(index)
    return front


# %% hidden pareto_front
def _unbeaten(costs, errors):
    """By the definition, with sets: what is at least as good, less what is equal."""
    everyone = range(len(costs))
    front = []
    for i in everyone:
        cheap = {j for j in everyone if not costs[j] > costs[i]}
        good = {j for j in everyone if not errors[j] > errors[i]}
        same = {j for j in everyone if costs[j] == costs[i] and errors[j] == errors[i]}
        if cheap & good == same:
            front.append(i)
    return front


_rng = np.random.default_rng()
_hint = "On the front: nobody else is as good in both and better in one."
for _size in (1, 2, 5, 9, 14):
    for _levels in (3, 6, 1000):  # few levels: many ties
        _costs = [int(n) for n in _rng.integers(1, _levels, size=_size)]
        _errors = [float(n) / 8 for n in _rng.integers(1, _levels, size=_size)]
        _front = checks.unchanged(pareto_front, _costs, _errors)
        checks.equal(_front, _unbeaten(_costs, _errors), "the front", hint=_hint)
_corner = pareto_front([3, 2, 1, 2], [0.1, 0.2, 0.3, 0.2])
checks.equal(_corner, [0, 1, 2, 3], "the front", hint="Equal points do not beat each other.")
checks.equal(pareto_front([5, 5, 7], [0.2, 0.1, 0.1]), [1], "the front", hint=_hint)
checks.equal(pareto_front([], []), [], "the front of nothing")
# a bend inward: on the front although a straight line between its neighbours passes below it
checks.equal(pareto_front([1, 2, 3], [3.0, 2.9, 1.0]), [0, 1, 2], "the front", hint=_hint)


# %% also-correct pareto_front
def pareto_front(costs, errors):
    costs, errors = np.array(costs, dtype=float), np.array(errors, dtype=float)
    no_worse = (costs[:, None] <= costs) & (errors[:, None] <= errors)  # (other, one)
    better = (costs[:, None] < costs) | (errors[:, None] < errors)
    return [int(i) for i in np.flatnonzero(~(no_worse & better).any(axis=0))]


# %% also-correct pareto_front
def pareto_front(costs, errors):
    front, best, paid = [], float("inf"), None
    for error, cost, index in sorted(
        zip(errors, costs, range(len(costs))), key=lambda point: (point[1], point[0])
    ):
        if error < best:
            front, best, paid = front + [index], error, cost
        elif error == best and cost == paid:
            front = front + [index]
    return sorted(front)


# %% also-correct pareto_front
def pareto_front(costs, errors):
    return tuple(
        i
        for i in range(len(costs))
        if all(
            costs[i] < costs[j] or errors[i] < errors[j]
            for j in range(len(costs))
            if (costs[i], errors[i]) != (costs[j], errors[j])
        )
    )


# %% also-correct pareto_front
def pareto_front(costs, errors):
    cost, error = np.array(costs, dtype=float), np.array(errors, dtype=float)
    alone = [
        not np.any((cost <= c) & (error <= e) & ((cost < c) | (error < e)))
        for c, e in zip(cost, error)
    ]
    return np.flatnonzero(alone)  # an array instead of a list


# %% misconception pareto_front
# hint: A point is beaten, too, by one that is equal in one of the two and better in the other.
def pareto_front(costs, errors):
    every = range(len(costs))
    return [
        i for i in every if not any(costs[j] < costs[i] and errors[j] < errors[i] for j in every)
    ]


# %% misconception pareto_front
# hint: Two equal points do not beat each other: both stay. One of them seems to be thrown out.
def pareto_front(costs, errors):
    front, best = [], float("inf")
    for cost, error, index in sorted(zip(costs, errors, range(len(costs)))):
        if error < best:
            front.append(index)
            best = error
    return sorted(front)


# %% misconception pareto_front
# hint: Equal points do not beat each other. Here they throw each other out, and both are lost.
def pareto_front(costs, errors):
    every = range(len(costs))
    return [
        i
        for i in every
        if not any(costs[j] <= costs[i] and errors[j] <= errors[i] for j in every if j != i)
    ]


# %% misconception pareto_front
# hint: A small error is good. Here large ones seem to be.
def pareto_front(costs, errors):
    return [
        i
        for i, (cost, error) in enumerate(zip(costs, errors))
        if not any(
            c <= cost and e >= error and (c, e) != (cost, error) for c, e in zip(costs, errors)
        )
    ]


# %% misconception pareto_front
# hint: To be beaten takes a rival that is as good in both. Better in one alone is not enough.
def pareto_front(costs, errors):
    return [
        i
        for i, (cost, error) in enumerate(zip(costs, errors))
        if not any(c < cost or e < error for c, e in zip(costs, errors))
    ]


# %% misconception pareto_front
# hint: The front is more than its two ends, the cheapest point and the one with the least error.
def pareto_front(costs, errors):
    every = range(len(costs))
    if not every:
        return []
    ends = {
        min(every, key=lambda i: (costs[i], errors[i])),
        min(every, key=lambda i: (errors[i], costs[i])),
    }
    return sorted(ends)


# %% misconception pareto_front
# hint: The indices stand in rising order. Here they seem to follow the costs.
def pareto_front(costs, errors):
    every = sorted(range(len(costs)), key=lambda i: (costs[i], errors[i], i))
    return [
        i
        for i in every
        if not any(
            costs[j] <= costs[i]
            and errors[j] <= errors[i]
            and (costs[j], errors[j]) != (costs[i], errors[i])
            for j in every
        )
    ]


# %% misconception pareto_front
# hint: Asked for are the places of the points in the lists, counted from 0, not the points.
def pareto_front(costs, errors):
    points = list(zip(costs, errors))
    return [
        (c, e)
        for c, e in points
        if not any(p <= c and q <= e and (p, q) != (c, e) for p, q in points)
    ]


# %% misconception pareto_front
# hint: Compare each point with all others. Here it is compared only with the one just before it.
def pareto_front(costs, errors):
    order = sorted(range(len(costs)), key=lambda i: (costs[i], errors[i]))
    front = [b for a, b in zip(order, order[1:]) if errors[b] <= errors[a]]
    return sorted(order[:1] + front)


# %% answer convert_gates
def convert_gates(W_x, W_h, b, cell):
    if cell == "gru" and np.ndim(b) == 2:
        b_x, b_h = b
        order = [1, 0, 2]  # z, r, h become r, z, n
    elif cell == "lstm":
        b_x, b_h = b, np.zeros_like(b)
        order = [0, 1, 2, 3]  # i, f, c, o are i, f, g, o
    else:
        raise ValueError(f"no such cell in PyTorch: {cell!r} with a bias of shape {np.shape(b)}")

    def turned(weights):
        blocks = np.split(weights.T, len(order))  # (units, features) each
        return np.concatenate([blocks[k] for k in order])

    return {
        "weight_ih_l0": turned(W_x),
        "weight_hh_l0": turned(W_h),
        "bias_ih_l0": turned(b_x),
        "bias_hh_l0": turned(b_h),
    }


# %% hidden convert_gates
import math


def _sigma(a):
    return 1 / (1 + math.exp(-a))


def _keras_cell(x, h, c, W_x, W_h, b, cell):
    """One step of one sequence with the weights as Keras keeps them, by loops."""
    units = len(h)
    rows = b if cell == "gru" else (b, 0 * b)

    def sums(block, j):
        k = block * units + j
        from_x = sum(float(v * w) for v, w in zip(x, W_x[:, k])) + float(rows[0][k])
        return from_x, sum(float(v * w) for v, w in zip(h, W_h[:, k])) + float(rows[1][k])

    new = []
    for j in range(units):
        if cell == "gru":
            z, r = (_sigma(sum(sums(block, j))) for block in (0, 1))
            from_x, from_h = sums(2, j)
            new.append(z * float(h[j]) + (1 - z) * math.tanh(from_x + r * from_h))
        else:
            write, keep, fresh, show = (sum(sums(block, j)) for block in range(4))
            kept = _sigma(keep) * float(c[j]) + _sigma(write) * math.tanh(fresh)
            new.append(_sigma(show) * math.tanh(kept))
    return new


def _torch_cell(state, x, h, c):
    """One step of one sequence, by the formulas in PyTorch's documentation."""
    from_x = np.asarray(state["weight_ih_l0"]) @ x + np.asarray(state["bias_ih_l0"])
    from_h = np.asarray(state["weight_hh_l0"]) @ h + np.asarray(state["bias_hh_l0"])
    if len(from_x) == 4 * len(h):
        i, f, g, o = np.split(from_x + from_h, 4)
        return sigmoid(o) * np.tanh(sigmoid(f) * c + sigmoid(i) * np.tanh(g))
    r, z, n = zip(np.split(from_x, 3), np.split(from_h, 3))
    new = np.tanh(n[0] + sigmoid(sum(r)) * n[1])
    return (1 - sigmoid(sum(z))) * new + sigmoid(sum(z)) * h


_rng = np.random.default_rng()
for _cell, _blocks in (("gru", 3), ("lstm", 4)):
    for _features, _units in [(1, 1), (2, 3), (4, 2), (3, 3)]:
        _width = _blocks * _units
        _x, _h = _rng.normal(size=_features), _rng.uniform(-0.9, 0.9, size=_units)
        _c = _rng.normal(size=_units)
        _W_x, _W_h = _rng.normal(size=(_features, _width)), _rng.normal(size=(_units, _width))
        _b = _rng.normal(size=(2, _width) if _cell == "gru" else _width)
        _state = checks.unchanged(convert_gates, _W_x, _W_h, _b, _cell)
        _shapes = {"weight_ih_l0": (_width, _features), "weight_hh_l0": (_width, _units)}
        _shapes |= {"bias_ih_l0": (_width,), "bias_hh_l0": (_width,)}
        checks.equal(sorted(_state), sorted(_shapes), "the names, sorted")
        for _name, _shape in _shapes.items():
            checks.shape(_state[_name], _shape, _name, hint="A row for each gate and unit.")
        _expected = _keras_cell(_x, _h, _c, _W_x, _W_h, _b, _cell)
        _got = _torch_cell(_state, _x, _h, _c)
        _message = f"PyTorch's {_cell} with these weights"
        _hint = "It should compute what Keras computes: order of the gates, transposes, biases."
        checks.close(_got, _expected, _message, hint=_hint, atol=1e-5)
_W_x, _W_h = _rng.normal(size=(2, 9)), _rng.normal(size=(3, 9))
_hint = "With reset_after=False the GRU has one bias row, and PyTorch has no such GRU."
checks.raises(ValueError, convert_gates, _W_x, _W_h, np.zeros(9), "gru", hint=_hint)
for _name in ("rnn", "GRU", ""):
    _hint = "Only 'gru' and 'lstm' are known."
    checks.raises(ValueError, convert_gates, _W_x, _W_h, np.zeros((2, 9)), _name, hint=_hint)


# %% also-correct convert_gates
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm"):
        raise ValueError(cell)
    if cell == "gru" and len(np.shape(b)) != 2:
        raise ValueError("reset_after=False")
    units = W_h.shape[0]
    if cell == "lstm":
        parts = [W_x, W_h, b / 2, b / 2]  # any split of an LSTM's bias has the same sum
    else:
        columns = np.r_[units : 2 * units, 0:units, 2 * units : 3 * units]
        parts = [W_x[:, columns], W_h[:, columns], b[0, columns], b[1, columns]]
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    return {name: np.array(part.T) for name, part in zip(names, parts)}


# %% also-correct convert_gates
def convert_gates(W_x, W_h, b, cell):
    match cell:
        case "gru" if b.ndim == 2:
            rows, blocks = (b[0], b[1]), (1, 0, 2)
        case "lstm":
            rows, blocks = (0 * b, b), (0, 1, 2, 3)
        case _:
            raise ValueError("cannot be converted")
    units = len(W_h)
    places = [block * units + unit for block in blocks for unit in range(units)]
    return {
        "weight_ih_l0": np.array([W_x[:, place] for place in places]),
        "weight_hh_l0": np.array([W_h[:, place] for place in places]),
        "bias_ih_l0": np.array([rows[0][place] for place in places]),
        "bias_hh_l0": np.array([rows[1][place] for place in places]),
    }


# %% misconception convert_gates
# hint: PyTorch's GRU wants r before z. Here the blocks are still in the order of Keras.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [0, 1, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: PyTorch's matrices have a row for each gate and unit: they are ours transposed.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places],
        "weight_hh_l0": W_h[:, places],
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: The recurrent blocks are square, so nothing complains: they have to be transposed as well.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": np.concatenate(np.split(W_h[:, places], len(order), axis=-1)),
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: Reshaping keeps the reading order of the numbers. To turn rows into columns, transpose.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].reshape(len(places), -1),
        "weight_hh_l0": W_h[:, places].reshape(len(places), -1),
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: A GRU's bias rows may not be summed: the candidate's second is behind the reset gate.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = (b[0] + b[1], 0 * b[0]) if cell == "gru" else (b, 0 * b)
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: The biases move with their gates: they need the new order as well.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x,
        "bias_hh_l0": b_h,
    }


# %% misconception convert_gates
# hint: PyTorch adds its two LSTM biases, so the bias may go into one of them, not into both.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, b)
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: The candidate is PyTorch's g, and stands third as in Keras: an LSTM needs no new order.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 3, 2]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: The first bias row belongs to the input, ih, and the second to the state, hh.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    b_x, b_h = b_h, b_x
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: A GRU with one bias row (reset_after=False) does not exist in PyTorch: raise a ValueError.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm"):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if np.ndim(b) == 2 else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: A cell that is neither 'gru' nor 'lstm' is a mistake: raise a ValueError.
def convert_gates(W_x, W_h, b, cell):
    if cell == "gru" and np.ndim(b) != 2:
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3][: W_h.shape[1] // units]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: In PyTorch's GRU the candidate comes last, as in Keras; only r and z change places.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [2, 1, 0] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) + block * units for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% misconception convert_gates
# hint: The blocks lie one after the other. Here the gates seem to be taken from alternate columns.
def convert_gates(W_x, W_h, b, cell):
    if cell not in ("gru", "lstm") or (cell == "gru" and np.ndim(b) != 2):
        raise ValueError(cell)
    units = len(W_h)
    order = [1, 0, 2] if cell == "gru" else [0, 1, 2, 3]
    places = np.concatenate([np.arange(units) * len(order) + block for block in order])
    b_x, b_h = b if cell == "gru" else (b, np.zeros_like(b))
    return {
        "weight_ih_l0": W_x[:, places].T,
        "weight_hh_l0": W_h[:, places].T,
        "bias_ih_l0": b_x[places],
        "bias_hh_l0": b_h[places],
    }


# %% answer which_cell [markdown]
# (1) He trained each network once. The difference of 0.002 may be chance: train at least three
# seeds of each and look at the spread. He compared equal units, which gives the LSTM a third more
# parameters: compare at equal parameters, too, or draw both on a Pareto plot. Also good: no naive
# baseline beside them; one learning rate for both; no word about the time; one data set.
#
# (2) The LSTM has $4 \cdot (3 \cdot 64 + 64 \cdot 64 + 64) = 17{,}408$ parameters. The GRU has
# $3 \cdot (3 \cdot 64 + 64 \cdot 64 + 2 \cdot 64) = 13{,}248$ with Keras's default
# `reset_after=True`. Neither beats the other: the GRU has fewer parameters, the LSTM the smaller
# error. So both are on the front of these two.
#
# (3) If he converts the weights: each matrix has to be transposed, and the one bias goes into one
# of PyTorch's two. (For a GRU, the blocks z and r change places as well, and the two rows of the
# bias stay apart.) If he trains afresh: PyTorch starts from other random weights and without the
# forget bias of 1, so the results can differ although the formulas are the same.
#
# Rubric, one point each:
#
# - (1) two faults, each with a mend. (Half a point for two faults without a mend, or one with.)
# - (2) 17,408 and 13,248 with a derivation, and "both are on the front" with the reason. (13,056,
#   the count with `reset_after=False`, is right if the answer says so. Half a point if only the
#   numbers or only the front is right.)
# - (3) one thing for each case. "Nothing changes" earns no point.
