# %% answer lstm_step
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)  # (batch, units)
    h_t = sigmoid(a_o) * np.tanh(c_t)  # (batch, units)
    return h_t, c_t


# %% hidden lstm_step
import math


def _slow_lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    """One number at a time, with sigmoid and tanh written out in exponentials."""
    batch, units = h_prev.shape
    h_t, c_t = np.zeros((2, batch, units))
    for row in range(batch):
        for unit in range(units):
            sums = []
            for block in range(4):
                column = block * units + unit
                total = float(b[column])
                for feature in range(len(W_x)):
                    total += float(x_t[row, feature]) * float(W_x[feature, column])
                for old in range(units):
                    total += float(h_prev[row, old]) * float(W_h[old, column])
                sums.append(total)
            write, keep, show = (1 / (1 + math.exp(-sums[block])) for block in (0, 1, 3))
            new = 1 - 2 / (math.exp(2 * sums[2]) + 1)
            cell = keep * float(c_prev[row, unit]) + write * new
            c_t[row, unit] = cell
            h_t[row, unit] = show * (1 - 2 / (math.exp(2 * cell) + 1))
    return h_t, c_t


_rng = np.random.default_rng()
for _batch, _features, _units in [(1, 1, 1), (3, 2, 4), (2, 3, 3), (4, 5, 2)]:
    _args = (
        _rng.normal(size=(_batch, _features)),
        _rng.uniform(-0.9, 0.9, size=(_batch, _units)),
        _rng.uniform(0.5, 1.5, size=(_batch, _units)) * _rng.choice([-1, 1], (_batch, _units)),
        _rng.normal(size=(_features, 4 * _units)) / 2,
        _rng.normal(size=(_units, 4 * _units)) / 2,
        _rng.uniform(0.3, 0.9, size=4 * _units) * _rng.choice([-1, 1], 4 * _units),
    )
    _h_t, _c_t = _pair(checks.unchanged(lstm_step, *_args))
    _expected = _slow_lstm_step(*_args)
    _hint = "Keep a part of c_prev, write a part of the candidate: which gate does which?"
    checks.close(_c_t, _expected[1], "c_t", hint=_hint, atol=1e-5)
    _hint = "The output gate times tanh of the new cell state."
    checks.close(_h_t, _expected[0], "h_t", hint=_hint, atol=1e-5)


# %% also-correct lstm_step
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    units = h_prev.shape[1]
    blocks = [slice(k * units, (k + 1) * units) for k in range(4)]
    sums = [x_t @ W_x[:, s] + h_prev @ W_h[:, s] + b[s] for s in blocks]
    write, keep, show = (1 / (1 + np.exp(-sums[k])) for k in (0, 1, 3))
    cell = c_prev * keep + write * np.tanh(sums[2])
    return [show * np.tanh(cell), cell]


# %% also-correct lstm_step
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    new_h, new_c = np.empty(h_prev.shape), np.empty(h_prev.shape)
    units = h_prev.shape[1]
    for row in range(len(x_t)):
        inner = np.array(b, dtype=float)
        for value, weights in zip(x_t[row], W_x):
            inner = inner + value * weights
        for value, weights in zip(h_prev[row], W_h):
            inner = inner + value * weights
        for j in range(units):
            i, f, c, o = (inner[k * units + j] for k in range(4))
            new_c[row, j] = c_prev[row, j] * sigmoid(f) + np.tanh(c) * sigmoid(i)
            new_h[row, j] = np.tanh(new_c[row, j]) * sigmoid(o)
    return new_h, new_c


# %% also-correct lstm_step
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    joined = np.concatenate([x_t, h_prev], axis=1).astype("float32")
    stacked = np.concatenate([W_x, W_h], axis=0).astype("float32")
    a = (joined @ stacked + b.astype("float32")).reshape(len(x_t), 4, -1)
    gates = 1 / (1 + np.exp(-a))
    cell = gates[:, 1] * c_prev + gates[:, 0] * np.tanh(a[:, 2])
    return gates[:, 3] * np.tanh(cell), cell


# %% misconception lstm_step
# hint: The four blocks stand in the order i, f, c, o. Here the last two seem to be exchanged.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_o, a_c = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The input gate stands first, then the forget gate. Here they seem to be exchanged.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_f, a_i, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: A forget gate of 1 keeps the cell state, of 0 clears it. Here it works the other way round.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = (1 - sigmoid(a_f)) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The cell state can be large. It passes through tanh on its way into h_t.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * c_t, c_t


# %% misconception lstm_step
# hint: The candidate is what may be written, of either sign: tanh. Only the gates are sigmoids.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * sigmoid(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: A gate lets through between nothing and all: sigmoid, from 0 to 1. Tanh can be negative.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.tanh(np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1))
    c_t = a_f * c_prev + a_i * a_c
    return a_o * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The input gate decides how much of the candidate is written. Here all of it is.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The forget gate decides how much of the old cell state is kept. Here all of it is.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The input gate has weights of its own. Here it is 1 minus the forget gate.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + (1 - sigmoid(a_f)) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The bias belongs to each sum once, not once for the input and once for the old state.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split((x_t @ W_x + b) + (h_prev @ W_h + b), 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The hidden state shows the new cell state c_t. Here it shows the old one.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_prev), c_t


# %% misconception lstm_step
# hint: The gates read the old hidden state h_prev. Here they seem to read the cell state.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + c_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The hidden state comes first, then the cell state: return h_t, c_t.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return c_t, sigmoid(a_o) * np.tanh(c_t)


# %% misconception lstm_step
# hint: The step hands on two states. Without c_t the next step does not know what was kept.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t)


# %% misconception lstm_step
# hint: Each block holds all units of one gate. Here every fourth column seems to be taken.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b
    a_i, a_f, a_c, a_o = (a_t[:, k::4] for k in range(4))
    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_t), c_t


# %% misconception lstm_step
# hint: The old cell state belongs to whoever called you. Here it is changed in place.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_c, a_o = np.split(x_t @ W_x + h_prev @ W_h + b, 4, axis=-1)
    c_prev *= sigmoid(a_f)
    c_prev += sigmoid(a_i) * np.tanh(a_c)
    return sigmoid(a_o) * np.tanh(c_prev), c_prev


# %% misconception lstm_step
# hint: Nothing is squashed on the belt: return c_t as it is. Only the way to h_t has a tanh.
def lstm_step(x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    c_t = np.tanh(sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c))  # (batch, units)
    return sigmoid(a_o) * c_t, c_t


# %% answer lstm_forward
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0  # (batch, units) each
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)  # (batch, units) each
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)  # (batch, time, units) each


# %% hidden lstm_forward
import math


def _unrolled_lstm(x, h_0, c_0, W_x, W_h, b):
    """Each sequence and each unit by itself."""
    batch, time, features = x.shape
    units = h_0.shape[1]
    h, c = np.zeros((2, batch, time, units))
    for row in range(batch):
        old_h, old_c = list(h_0[row]), list(c_0[row])
        for t in range(time):
            sums = [
                float(b[k])
                + sum(float(x[row, t, i] * W_x[i, k]) for i in range(features))
                + sum(float(old_h[m] * W_h[m, k]) for m in range(units))
                for k in range(4 * units)
            ]
            gates = [1 / (1 + math.exp(-value)) for value in sums]
            new_c = [
                gates[units + j] * old_c[j] + gates[j] * math.tanh(sums[2 * units + j])
                for j in range(units)
            ]
            old_h = [gates[3 * units + j] * math.tanh(new_c[j]) for j in range(units)]
            old_c = new_c
            h[row, t], c[row, t] = old_h, old_c
    return h, c


_rng = np.random.default_rng()
for _batch, _time, _features, _units in [(2, 5, 3, 4), (4, 3, 2, 3), (3, 3, 3, 3), (1, 7, 1, 2)]:
    _args = (
        _rng.normal(size=(_batch, _time, _features)),
        _rng.uniform(0.3, 0.9, size=(_batch, _units)) * _rng.choice([-1, 1], (_batch, _units)),
        _rng.uniform(0.5, 1.5, size=(_batch, _units)) * _rng.choice([-1, 1], (_batch, _units)),
        _rng.normal(size=(_features, 4 * _units)) / 2,
        _rng.normal(size=(_units, 4 * _units)) / 2,
        _rng.uniform(0.3, 0.9, size=4 * _units),
    )
    _h, _c = _pair(checks.unchanged(lstm_forward, *_args), "lstm_forward", "h, c")
    _expected = _unrolled_lstm(*_args)
    _hint = "Both states are handed from step to step, and all steps are returned."
    _axes = ("batch", "time", "units")
    checks.close(_h, _expected[0], "h", hint=_hint, atol=1e-5, axes=_axes)
    checks.close(_c, _expected[1], "c", hint=_hint, atol=1e-5, axes=_axes)

# a cell that keeps everything and writes nothing holds c_0 for ever
_c_0 = _rng.uniform(0.5, 1.5, size=(2, 3))
_bias = np.repeat([-50.0, 50.0, 0.0, 0.0], 3)
_args = (np.zeros((2, 9, 1)), np.zeros((2, 3)), _c_0, np.zeros((1, 12)), np.zeros((3, 12)), _bias)
_h, _c = _pair(lstm_forward(*_args), "lstm_forward", "h, c")
checks.close(_c, np.repeat(_c_0[:, None], 9, axis=1), "c", hint="Is the cell state handed on?")


# %% also-correct lstm_forward
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    batch, time, _ = x.shape
    h = np.empty((batch, time, h_0.shape[1]))
    c = np.empty((batch, time, h_0.shape[1]))
    for t in range(time):
        before = (h_0, c_0) if t == 0 else (h[:, t - 1], c[:, t - 1])
        h[:, t], c[:, t] = lstm_step(x[:, t], *before, W_x, W_h, b)
    return h, c


# %% also-correct lstm_forward
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    from_input = np.einsum("btf,fu->tbu", x, W_x) + b
    state, cell = np.array(h_0, dtype=float), np.array(c_0, dtype=float)
    kept = []
    for part in from_input:
        i, f, g, o = np.split(part + state.dot(W_h), 4, axis=1)
        cell = cell / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        state = np.tanh(cell) / (1 + np.exp(-o))
        kept.append([state, cell])
    return np.transpose(np.array(kept), (1, 2, 0, 3))


# %% also-correct lstm_forward
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_step(x[:, 0], h_0, c_0, W_x, W_h, b)
    if x.shape[1] == 1:
        return h[:, None], c[:, None]
    later_h, later_c = lstm_forward(x[:, 1:], h, c, W_x, W_h, b)
    return (
        np.concatenate([h[:, None], later_h], axis=1),
        np.concatenate([c[:, None], later_c], axis=1),
    )


# %% misconception lstm_forward
# hint: The cell state is handed from step to step. Here every step starts from c_0 again.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t = h_0
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_t, c_0, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


# %% misconception lstm_forward
# hint: The hidden state is handed from step to step. Here every step starts from h_0 again.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    c_t = c_0
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_0, c_t, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


# %% misconception lstm_forward
# hint: All time steps are returned, not the last states only.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
    return h_t, c_t


# %% misconception lstm_forward
# hint: Two sequences of states are returned, h and c. The cell states seem to be missing.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden = []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
        hidden.append(h_t)
    return np.stack(hidden, axis=1)


# %% misconception lstm_forward
# hint: The axes are (batch, time, units). Here time comes first: along which axis do you stack?
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.array(hidden), np.array(cells)


# %% misconception lstm_forward
# hint: The two initial states are passed in and need not be zero. Here zeros seem to be used.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = np.zeros_like(h_0), np.zeros_like(c_0)
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


# %% misconception lstm_forward
# hint: The states begin after the first step. Here they begin with h_0 and c_0.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden, cells = [], []
    for t in range(x.shape[1]):
        hidden.append(h_t)
        cells.append(c_t)
        h_t, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


# %% misconception lstm_forward
# hint: The first axis of x is the batch. Go along the second axis, which is time.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden, cells = [], []
    for t in range(x.shape[0]):
        h_t, c_t = lstm_step(x[t], h_t, c_t, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden), np.stack(cells)


# %% misconception lstm_forward
# hint: The step takes the hidden state first, then the cell state. Here they are exchanged.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], c_t, h_t, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


# %% misconception lstm_forward
# hint: A sequence is read from its first step to its last.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden, cells = [], []
    for t in reversed(range(x.shape[1])):
        h_t, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


# %% misconception lstm_forward
# hint: The next step gets c_t itself. Here it gets tanh of c_t: on the belt nothing is squashed.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_t, np.tanh(c_t), W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


# %% misconception lstm_forward
# hint: One call makes both new states from both old ones. Here c_t is made with the new h_t.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, _ = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
        _, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


# %% misconception lstm_forward
# hint: A reshape does not exchange axes: it deals the numbers out anew. Stack along axis 1.
def lstm_forward(x, h_0, c_0, W_x, W_h, b):
    h_t, c_t = h_0, c_0
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h_t, c_t = lstm_step(x[:, t], h_t, c_t, W_x, W_h, b)
        hidden.append(h_t)
        cells.append(c_t)
    shape = x.shape[:2] + h_0.shape[1:]  # (batch, time, units)
    return np.array(hidden).reshape(shape), np.array(cells).reshape(shape)


# %% answer lstm_step_backward
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% hidden lstm_step_backward
def _plain_step(x_t, h_prev, c_prev, W_x, W_h, b):
    """A forward step of the test's own, each gate with its own matrices."""
    units = h_prev.shape[1]
    i, f, c, o = (
        x_t @ W_x[:, k : k + units] + h_prev @ W_h[:, k : k + units] + b[k : k + units]
        for k in range(0, 4 * units, units)
    )
    c_t = c_prev / (1 + np.exp(-f)) + np.tanh(c) / (1 + np.exp(-i))
    return np.tanh(c_t) / (1 + np.exp(-o)), c_t


def _slopes(loss, args, step=1e-5):
    """The gradient of loss(*args) by central differences, for every argument."""
    gradients = []
    for array in args:
        gradient = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            kept = array[place]
            array[place] = kept + step
            above = loss(*args)
            array[place] = kept - step
            gradient[place] = (above - loss(*args)) / (2 * step)
            array[place] = kept
        gradients.append(gradient)
    return gradients


_rng = np.random.default_rng()
_hints = {
    "dx_t": "The input reaches the loss through the four sums: da_t @ W_x.T.",
    "dh_prev": "The old hidden state reaches the loss through the four sums: da_t @ W_h.T.",
    "dc_prev": "The whole gradient of the cell state, times the forget gate.",
    "dW_x": "x_t.T @ da_t, with the four blocks of da_t in the order i, f, c, o.",
    "dW_h": "h_prev.T @ da_t, with the four blocks of da_t in the order i, f, c, o.",
    "db": "The bias is added in every row of the batch: sum da_t over the batch.",
}
for _batch, _features, _units in [(1, 1, 1), (3, 2, 2), (2, 3, 3)]:
    _args = [
        _rng.normal(size=(_batch, _features)),
        _rng.uniform(0.3, 0.9, size=(_batch, _units)) * _rng.choice([-1, 1], (_batch, _units)),
        _rng.uniform(0.5, 1.5, size=(_batch, _units)) * _rng.choice([-1, 1], (_batch, _units)),
        _rng.normal(size=(_features, 4 * _units)) / 2,
        _rng.normal(size=(_units, 4 * _units)) / 2,
        _rng.uniform(0.2, 0.7, size=4 * _units) * _rng.choice([-1, 1], 4 * _units),
    ]
    _dh_t, _dc_t = _rng.uniform(0.5, 1.5, size=(2, _batch, _units))

    def _loss(*args, _dh_t=_dh_t, _dc_t=_dc_t):
        h_t, c_t = _plain_step(*args)
        return float(np.sum(_dh_t * h_t) + np.sum(_dc_t * c_t))

    _gradients = _six(checks.unchanged(lstm_step_backward, _dh_t, _dc_t, *_args))
    _expected = dict(zip(_hints, _slopes(_loss, _args)))
    for _name in ("dc_prev", "db", "dW_x", "dW_h", "dx_t", "dh_prev"):
        _axes = ("batch", "units") if _name in ("dh_prev", "dc_prev") else ()
        checks.close(
            _gradients[_name], _expected[_name], _name, _hints[_name], atol=1e-5, axes=_axes
        )


# %% also-correct lstm_step_backward
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    batch, units = h_prev.shape
    a_t = (x_t @ W_x + h_prev @ W_h + b).reshape(batch, 4, units)
    gate, new = 1 / (1 + np.exp(-a_t)), np.tanh(a_t[:, 2])
    out = np.tanh(gate[:, 1] * c_prev + gate[:, 0] * new)
    dc = dc_t + dh_t * gate[:, 3] / np.cosh(gate[:, 1] * c_prev + gate[:, 0] * new) ** 2
    slope = gate * (1 - gate)
    slope[:, 2] = 1 - new**2
    da = slope * np.stack([dc * new, dc * c_prev, dc * gate[:, 0], dh_t * out], axis=1)
    da = da.reshape(batch, 4 * units)
    dW_x = np.einsum("bf,bu->fu", x_t, da)
    dW_h = np.einsum("bk,bu->ku", h_prev, da)
    dx_t, dh_prev = np.einsum("bu,fu->bf", da, W_x), np.einsum("bu,ku->bk", da, W_h)
    return [dx_t, dh_prev, gate[:, 1] * dc, dW_x, dW_h, np.sum(da, axis=0)]


# %% also-correct lstm_step_backward
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    dx, dh, dc = np.zeros(x_t.shape), np.zeros(h_prev.shape), np.zeros(c_prev.shape)
    dW_x, dW_h, db = np.zeros(W_x.shape), np.zeros(W_h.shape), np.zeros(b.shape)
    units = h_prev.shape[1]
    for row in range(len(x_t)):
        a = x_t[row] @ W_x + h_prev[row] @ W_h + b
        da = np.zeros(4 * units)
        for j in range(units):
            i, f, o = (float(sigmoid(a[k * units + j])) for k in (0, 1, 3))
            g = float(np.tanh(a[2 * units + j]))
            seen = float(np.tanh(f * c_prev[row, j] + i * g))
            whole = dc_t[row, j] + dh_t[row, j] * o * (1 - seen * seen)
            da[j] = whole * g * i * (1 - i)
            da[units + j] = whole * c_prev[row, j] * f * (1 - f)
            da[2 * units + j] = whole * i * (1 - g * g)
            da[3 * units + j] = dh_t[row, j] * seen * o * (1 - o)
            dc[row, j] = whole * f
        dx[row], dh[row] = W_x @ da, W_h @ da
        dW_x += np.outer(x_t[row], da)
        dW_h += np.outer(h_prev[row], da)
        db += da
    return dx, dh, dc, dW_x, dW_h, db


# %% also-correct lstm_step_backward
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    joined = np.concatenate([x_t, h_prev, np.ones((len(x_t), 1))], axis=1)
    stacked = np.concatenate([W_x, W_h, b[None, :]], axis=0)
    a_i, a_f, a_c, a_o = np.split(joined @ stacked, 4, axis=1)

    def slope(a):
        return sigmoid(a) * sigmoid(-a)

    c_t = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_c)
    dc = dc_t + dh_t * sigmoid(a_o) * (1 - np.tanh(c_t) ** 2)
    da = np.hstack(
        [
            dc * np.tanh(a_c) * slope(a_i),
            dc * c_prev * slope(a_f),
            dc * sigmoid(a_i) * (1 - np.tanh(a_c) ** 2),
            dh_t * np.tanh(c_t) * slope(a_o),
        ]
    )
    d_joined, d_stacked = da @ stacked.T, joined.T @ da
    features = x_t.shape[1]
    dx_t, dh_prev = d_joined[:, :features], d_joined[:, features:-1]
    dW_x, dW_h, db = d_stacked[:features], d_stacked[features:-1], d_stacked[-1]
    return dx_t, dh_prev, dc * sigmoid(a_f), dW_x, dW_h, db


# %% misconception lstm_step_backward
# hint: The loss also reaches c_t through h_t. Here dh_t adds nothing to the cell's gradient.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + 0 * dh_t  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: The gradient dc_t that comes along the belt from the future belongs to dc. It is left out.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: h_t shows tanh of c_t, so its slope, 1 minus tanh squared, belongs on the way back.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: A gate's slope is g * (1 - g) with the gate itself. Here the sum before sigmoid is used.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * a_i * (1 - a_i)
    da_f = dc * c_prev * a_f * (1 - a_f)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * a_o * (1 - a_o)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: A gate's slope is g * (1 - g). Here sigmoid seems to be applied to the gate once more.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * sigmoid(i_t) * (1 - sigmoid(i_t))
    da_f = dc * c_prev * sigmoid(f_t) * (1 - sigmoid(f_t))
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * sigmoid(o_t) * (1 - sigmoid(o_t))
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: Behind each gate there is a sigmoid. Its slope is missing on the way to the sums.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate
    da_f = dc * c_prev
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: The candidate is a tanh: its slope is 1 minus its square, not that of a sigmoid.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * candidate * (1 - candidate)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: c_t holds the forget gate times c_prev. So dc_prev is dc times the forget gate.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: All of dc goes back to c_prev, with the part that came through h_t, not dc_t alone.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc_t * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: The output gate multiplies tanh of c_t. Here its gradient seems to take c_t itself.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * np.arctanh(shown) * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: The forget gate multiplies the OLD cell state. Here its gradient takes the new one.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * np.arctanh(shown) * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: The input gate multiplies the candidate, and the other way round. They are exchanged here.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * i_t * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * candidate * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: The recurrent weights met the OLD hidden state h_prev. Here h_t is taken.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, (o_t * shown).T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: Each row of the batch adds to the gradient: sum over the batch, do not take the mean.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t / len(x_t), h_prev.T @ da_t / len(x_t), da_t.mean(axis=0)


# %% misconception lstm_step_backward
# hint: The bias has one number for each column and serves all rows: sum da_t over the batch.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t


# %% misconception lstm_step_backward
# hint: The four blocks of da_t stand in the order i, f, c, o, like the columns of the weights.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_o, da_c], axis=-1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: The output gate's gradient comes from h_t: dh_t times tanh of c_t. Here dc is taken.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dc * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    return da_t @ W_x.T, da_t @ W_h.T, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: A forget gate of 1 lets the gradient pass. Here dc is multiplied by 1 minus the gate.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    dc_prev = dc * (1 - f_t)
    return da_t @ W_x.T, da_t @ W_h.T, dc_prev, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception lstm_step_backward
# hint: h_prev acts through the four sums alone. Here dh_t is handed on past them as well.
def lstm_step_backward(dh_t, dc_t, x_t, h_prev, c_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, 4 * units)
    a_i, a_f, a_c, a_o = np.split(a_t, 4, axis=1)  # (batch, units) each
    i_t, f_t, o_t, candidate = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_c)
    shown = np.tanh(f_t * c_prev + i_t * candidate)  # (batch, units)

    dc = dc_t + dh_t * o_t * (1 - shown**2)  # (batch, units)
    da_i = dc * candidate * i_t * (1 - i_t)
    da_f = dc * c_prev * f_t * (1 - f_t)
    da_c = dc * i_t * (1 - candidate**2)
    da_o = dh_t * shown * o_t * (1 - o_t)
    da_t = np.concatenate([da_i, da_f, da_c, da_o], axis=1)  # (batch, 4 * units)
    dh_prev = dh_t + da_t @ W_h.T  # (batch, units)
    return da_t @ W_x.T, dh_prev, dc * f_t, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% answer lstm_backward
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% hidden lstm_backward
def _plain_sequence(x, h_0, c_0, W_x, W_h, b):
    """All hidden states, by a forward loop of the test's own."""
    h_t, c_t, states = h_0, c_0, []
    units = h_0.shape[1]
    for t in range(x.shape[1]):
        i, f, c, o = (
            x[:, t] @ W_x[:, k : k + units] + h_t @ W_h[:, k : k + units] + b[k : k + units]
            for k in range(0, 4 * units, units)
        )
        c_t = c_t / (1 + np.exp(-f)) + np.tanh(c) / (1 + np.exp(-i))
        h_t = np.tanh(c_t) / (1 + np.exp(-o))
        states.append(h_t)
    return np.stack(states, axis=1)


def _all_slopes(loss, args, step=1e-5):
    """The gradient of loss(*args) by central differences, for every argument."""
    gradients = []
    for array in args:
        gradient = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            kept = array[place]
            array[place] = kept + step
            above = loss(*args)
            array[place] = kept - step
            gradient[place] = (above - loss(*args)) / (2 * step)
            array[place] = kept
        gradients.append(gradient)
    return gradients


_rng = np.random.default_rng()
for _batch, _time, _features, _units in [(2, 4, 2, 2), (2, 3, 1, 3), (1, 1, 2, 2), (3, 2, 2, 1)]:
    _args = [
        _rng.normal(size=(_batch, _time, _features)),
        _rng.uniform(0.3, 0.9, size=(_batch, _units)) * _rng.choice([-1, 1], (_batch, _units)),
        _rng.uniform(0.5, 1.5, size=(_batch, _units)) * _rng.choice([-1, 1], (_batch, _units)),
        _rng.normal(size=(_features, 4 * _units)) / 2,
        _rng.normal(size=(_units, 4 * _units)) / 2,
        _rng.uniform(0.2, 0.7, size=4 * _units) * _rng.choice([-1, 1], 4 * _units),
    ]
    _dh = _rng.uniform(0.5, 1.5, size=(_batch, _time, _units))

    def _sequence_loss(*args, _dh=_dh):
        return float(np.sum(_dh * _plain_sequence(*args)))

    _gradients = _six_of_sequence(checks.unchanged(lstm_backward, _dh, *_args))
    _names = ("dx", "dh_0", "dc_0", "dW_x", "dW_h", "db")
    _expected = dict(zip(_names, _all_slopes(_sequence_loss, _args)))
    for _name in ("dc_0", "dh_0", "db", "dW_x", "dW_h", "dx"):
        _hint = "Go through the steps from last to first and hand dh_prev and dc_prev on."
        if _name in ("dW_x", "dW_h", "db"):
            _hint = "Every time step adds its gradient to that of the shared weights."
        checks.close(_gradients[_name], _expected[_name], _name, _hint, atol=1e-5)

# a cell that keeps a part of its state and writes nothing: dc_0 is a power of the gate
_keep = float(_rng.uniform(0.6, 0.95))
_bias = np.array([-60.0, np.log(_keep / (1 - _keep)), 0.0, 60.0])
_dh = np.zeros((1, 8, 1))
_dh[0, -1, 0] = 1.0
_c_0 = np.array([[1e-4]])
_args = (np.zeros((1, 8, 1)), np.zeros((1, 1)), _c_0, np.zeros((1, 4)), np.zeros((1, 4)), _bias)
_gradients = _six_of_sequence(lstm_backward(_dh, *_args))
_hint = "Along the belt each step multiplies the gradient by its forget gate."
checks.close(_gradients["dc_0"], [[_keep**8]], "dc_0", _hint, atol=1e-5)


# %% also-correct lstm_backward
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)
    before_h = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    before_c = np.concatenate([c_0[:, None], c[:, :-1]], axis=1)
    total = [np.zeros(W_x.shape), np.zeros(W_h.shape), np.zeros(b.shape)]
    dx = np.zeros(x.shape)
    dh_t, dc_t = np.zeros(h_0.shape), np.zeros(c_0.shape)
    for t in range(x.shape[1] - 1, -1, -1):
        step = (x[:, t], before_h[:, t], before_c[:, t], W_x, W_h, b)
        dx[:, t], dh_t, dc_t, *parts = lstm_step_backward(dh_t + dh[:, t], dc_t, *step)
        for place, part in enumerate(parts):
            total[place] += part
    return [dx, dh_t, dc_t, *total]


# %% also-correct lstm_backward
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    def back(t, h_prev, c_prev):
        h_t, c_t = lstm_step(x[:, t], h_prev, c_prev, W_x, W_h, b)
        if t + 1 < x.shape[1]:
            dx, dh_t, dc_t, *later = back(t + 1, h_t, c_t)
        else:
            dx, dh_t, dc_t = [], 0 * h_0, 0 * c_0
            later = [np.zeros_like(array) for array in (W_x, W_h, b)]
        dx_t, dh_prev, dc_prev, *now = lstm_step_backward(
            dh[:, t] + dh_t, dc_t, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        return [[dx_t, *dx], dh_prev, dc_prev] + [a + p for a, p in zip(later, now)]

    dx, *others = back(0, h_0, c_0)
    return np.stack(dx, axis=1), *others


# %% also-correct lstm_backward
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    rows = []
    for row in range(len(x)):
        h_t, c_t = h_0[row : row + 1], c_0[row : row + 1]
        stack = []
        for t in range(x.shape[1]):
            stack.append((t, h_t, c_t))
            h_t, c_t = lstm_step(x[row : row + 1, t], h_t, c_t, W_x, W_h, b)
        dx, sums = np.zeros(x[row].shape), [0.0, 0.0, 0.0]
        dh_t = dc_t = np.zeros(h_t.shape)
        while stack:
            t, h_prev, c_prev = stack.pop()
            dx_t, dh_t, dc_t, *parts = lstm_step_backward(
                dh_t + dh[row : row + 1, t], dc_t, x[row : row + 1, t], h_prev, c_prev, W_x, W_h, b
            )
            dx[t] = dx_t[0]
            sums = [old + part for old, part in zip(sums, parts)]
        rows.append((dx, dh_t[0], dc_t[0], sums))
    totals = [sum(row[3][k] for row in rows) for k in range(3)]
    return tuple(np.array([row[k] for row in rows]) for k in range(3)) + tuple(totals)


# %% misconception lstm_backward
# hint: The weights serve every time step: add the gradients of all steps. Here one step is left.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = step_W_x, step_W_h, step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: A state gets gradient from outside AND from the next step. Here dh_prev is not added.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t], dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: The cell state's gradient travels back from step to step. Here it is dropped at each step.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, 0 * dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: The gradient comes from the future: the loop runs from the last step to the first.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in range(x.shape[1]):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: The step at t started from the states of step t - 1. Here those of step t are taken.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t], c[:, t]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: The cell state before step t is c at t - 1. Here the one after step t is taken.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: Every hidden state may feed the loss. Here only the last step's dh is used.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            (dh[:, t] if t == x.shape[1] - 1 else 0) + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: The first step started from h_0 and c_0. Here zeros, or other states, are taken.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (0 * h_0, 0 * c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: The gradients of the steps are added up. Here they are divided by the number of steps.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, *(g / x.shape[1] for g in (dW_x, dW_h, db))


# %% misconception lstm_backward
# hint: The steps were visited from last to first: dx must be turned round to run forward again.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx, axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: dh reaches the hidden states from outside. It does not reach the cell states directly.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next + dh[:, t], x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh_next, dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: The gradient of the last state is not that of the first: return what leaves step 1.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dh[:, 0], dc_next, dW_x, dW_h, db


# %% misconception lstm_backward
# hint: The order is dx, dh_0, dc_0 and the weights. Here dh_0 and dc_0 seem to be exchanged.
def lstm_backward(dh, x, h_0, c_0, W_x, W_h, b):
    h, c = lstm_forward(x, h_0, c_0, W_x, W_h, b)  # (batch, time, units) each
    dW_x, dW_h, db = 0, 0, 0
    dh_next, dc_next = np.zeros_like(h_0), np.zeros_like(c_0)  # nothing comes after the end
    dx = []
    for t in reversed(range(x.shape[1])):
        h_prev, c_prev = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h_0, c_0)
        dx_t, dh_next, dc_next, step_W_x, step_W_h, step_b = lstm_step_backward(
            dh[:, t] + dh_next, dc_next, x[:, t], h_prev, c_prev, W_x, W_h, b
        )
        dx.append(dx_t)
        dW_x, dW_h, db = dW_x + step_W_x, dW_h + step_W_h, db + step_b
    return np.stack(dx[::-1], axis=1), dc_next, dh_next, dW_x, dW_h, db


# %% answer lstm_param_count
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 4 * (features * units + units * units + units)  # W_x, W_h, b of four blocks


# %% hidden lstm_param_count
def _count_lstm_arrows(features, units):
    """Count connections one by one, as if drawn on paper."""
    count = 0
    for _ in ("input gate", "forget gate", "candidate", "output gate"):
        for _ in range(units):
            count += 1  # the bias
            for _ in range(features):
                count += 1  # from a feature
            for _ in range(units):
                count += 1  # from an old unit
    return count


_rng = np.random.default_rng()
for _features, _units in [(1, 1), (1, 32), (3, 7), (5, 4)]:
    _time = int(_rng.integers(11, 60))
    _hint = "Every unit has a sum of its own in each of the four blocks."
    _expected = _count_lstm_arrows(_features, _units)
    checks.equal(lstm_param_count((_time, _features), _units), _expected, "the count", _hint)
for _ in range(5):
    _time, _features, _units = (int(size) for size in _rng.integers(2, 12, size=3))
    _count = lstm_param_count((_time, _features), _units)
    _hint = "Draw the arrows of one block and count them; there are four blocks."
    checks.equal(_count, _count_lstm_arrows(_features, _units), "the count", _hint)
    _whole = isinstance(_count, (int, np.integer))
    checks.true(_whole, f"The count is {_count}, expected a whole number.")


# %% also-correct lstm_param_count
def lstm_param_count(input_shape, units):
    shapes = [(input_shape[-1], 4 * units), (units, 4 * units), (4 * units,)]
    return sum(np.zeros(shape).size for shape in shapes)


# %% also-correct lstm_param_count
def lstm_param_count(input_shape, units):
    rows = input_shape[1] + units + 1  # W_x on top of W_h on top of b
    return np.int64(rows) * len("ifco") * units


# %% misconception lstm_param_count
# hint: Three gates, and the candidate has weights of its own too: four blocks.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 3 * (features * units + units * units + units)


# %% misconception lstm_param_count
# hint: That is the count of a plain recurrent cell. An LSTM has four such blocks.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return features * units + units * units + units


# %% misconception lstm_param_count
# hint: A bias is a parameter like a weight: one for each unit of each block.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 4 * (features * units + units * units)


# %% misconception lstm_param_count
# hint: One bias for each sum. Here there are two, one for the input and one for the old state.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 4 * (features * units + units * units + 2 * units)


# %% misconception lstm_param_count
# hint: All time steps share one set of weights. Here each step seems to have its own.
def lstm_param_count(input_shape, units):
    time, features = input_shape
    return time * 4 * (features * units + units * units + units)


# %% misconception lstm_param_count
# hint: The shape of a sequence is (time, features). The length seems to be taken for the features.
def lstm_param_count(input_shape, units):
    return 4 * (input_shape[0] * units + units * units + units)


# %% misconception lstm_param_count
# hint: The cell state is computed, not learned. It adds nothing to the count.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 4 * (features * units + units * units + units) + units


# %% misconception lstm_param_count
# hint: The old hidden state enters all four blocks, not the candidate alone.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 4 * (features * units + units) + units * units


# %% misconception lstm_param_count
# hint: Every old unit has a weight into every sum: units times units, not one for each unit.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 4 * (features * units + units + units)


# %% misconception lstm_param_count
# hint: The gates do not look at the cell state here: without peepholes there are fewer weights.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 4 * (features * units + units * units + units) + 3 * units


# %% misconception lstm_param_count
# hint: Parameters are counted, so the number is a whole one: 32, not 32.0.
def lstm_param_count(input_shape, units):
    _, features = input_shape
    return 4.0 * (features * units + units * units + units)


# %% misconception lstm_param_count
# hint: Each of the four blocks has biases of its own. Here the four share one set.
def lstm_param_count(input_shape, units):
    features = input_shape[1]
    return 4 * (features * units + units * units) + units


# %% misconception lstm_param_count
# hint: There are as many hidden states as units: W_h has units rows, not four times as many.
def lstm_param_count(input_shape, units):
    features = input_shape[1]
    return (features + 4 * units + 1) * 4 * units


# %% answer chrono_bias
def chrono_bias(units, longest, rng):
    b_f = np.log(rng.uniform(1, longest - 1, units))  # (units,)
    rest = np.zeros(2 * units)  # candidate and output gate
    return np.concatenate([-b_f, b_f, rest])  # (4 * units,)


# %% hidden chrono_bias
_rng = np.random.default_rng()
for _longest in (5, int(_rng.integers(20, 200)), 1000):
    _units = 4000
    _b = chrono_bias(_units, _longest, np.random.default_rng(_rng.integers(2**32)))
    checks.shape(_b, (4 * _units,), "b", hint="Four blocks of one number for each unit.")
    _input, _forget, _candidate, _output = np.split(np.asarray(_b, dtype=float), 4)
    _none = np.zeros(_units)
    checks.close(_candidate, _none, "the candidate's bias", hint="Only i and f get a bias.")
    checks.close(_output, _none, "the output gate's bias", hint="Only i and f get a bias.")
    checks.close(_input + _forget, _none, "b_i + b_f", hint="b_i is the negative of b_f.")
    _drawn = np.sort(np.exp(_forget))
    _inside = _drawn[0] > 0.999 and _drawn[-1] < 1.001 * (_longest - 1)
    _message = f"exp(b_f) lies between {_drawn[0]:.3g} and {_drawn[-1]:.3g} for longest = "
    checks.true(_inside, f"{_message}{_longest}, expected between 1 and {_longest - 1}.")
    _even = 1 + (_longest - 2) * (np.arange(_units) + 0.5) / _units
    _apart = float(np.abs(_drawn - _even).max()) / (_longest - 2)
    _message = "exp(b_f) is not spread evenly from 1 to longest - 1: which numbers are drawn, "
    checks.true(_apart < 0.06, f"{_message}and where does the logarithm come in?")

_same = [chrono_bias(6, 50, np.random.default_rng(_seed)) for _seed in (1, 1, 2)]
checks.close(_same[1], _same[0], "b", hint="The same generator gives the same bias: use rng.")
_differs = not np.allclose(np.sort(_same[0]), np.sort(_same[2]))
_message = "Two generators with different seeds gave the same numbers. "
checks.true(_differs, _message + "Does each unit draw from rng?")


# %% also-correct chrono_bias
def chrono_bias(units, longest, rng):
    b = np.zeros((4, units))
    b[1] = np.log(1 + (longest - 2) * rng.random(units))
    b[0] = -b[1]
    return b.ravel()


# %% also-correct chrono_bias
def chrono_bias(units, longest, rng):
    b = [0.0] * (4 * units)
    for unit in range(units):
        steps = rng.uniform(1, longest - 1)
        b[unit], b[units + unit] = float(np.log(1 / steps)), float(np.log(steps))
    return b


# %% also-correct chrono_bias
def chrono_bias(units, longest, rng):
    gate = 1 - 1 / (1 + rng.uniform(1, longest - 1, size=units))
    forget = np.log(gate / (1 - gate))
    bias = np.hstack([-forget, forget, 0 * forget, 0 * forget])
    return bias.astype("float32")


# %% misconception chrono_bias
# hint: b_i is the NEGATIVE of b_f: a cell that keeps for long writes little at a time.
def chrono_bias(units, longest, rng):
    b_f = np.log(rng.uniform(1, longest - 1, units))
    return np.concatenate([b_f, b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: The blocks stand in the order i, f, c, o. Here the forget gate comes first.
def chrono_bias(units, longest, rng):
    b_f = np.log(rng.uniform(1, longest - 1, units))
    return np.concatenate([b_f, -b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: What is drawn is a number of steps. The bias is its logarithm.
def chrono_bias(units, longest, rng):
    b_f = rng.uniform(1, longest - 1, units)
    return np.concatenate([-b_f, b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: The number of steps is drawn evenly, then its logarithm is taken. Not the other way round.
def chrono_bias(units, longest, rng):
    b_f = rng.uniform(0, np.log(longest - 1), units)
    return np.concatenate([-b_f, b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: Every unit draws a memory of its own. Here all units share one number.
def chrono_bias(units, longest, rng):
    b_f = np.log(rng.uniform(1, longest - 1)) * np.ones(units)
    return np.concatenate([-b_f, b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: No draw is made: every unit gets the longest memory. The units should differ.
def chrono_bias(units, longest, rng):
    b_f = np.log(longest - 1) * np.ones(units)
    return np.concatenate([-b_f, b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: The input gate gets a bias too, the negative of the forget gate's. Here it is 0.
def chrono_bias(units, longest, rng):
    b_f = np.log(rng.uniform(1, longest - 1, units))
    return np.concatenate([np.zeros(units), b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: Draw once and use it for both gates. Here each gate has a draw of its own.
def chrono_bias(units, longest, rng):
    b_f = np.log(rng.uniform(1, longest - 1, units))
    b_i = -np.log(rng.uniform(1, longest - 1, units))
    return np.concatenate([b_i, b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: The draw goes from 1 to longest - 1. From 0 on, a unit may forget faster than by half.
def chrono_bias(units, longest, rng):
    b_f = np.log(rng.uniform(0, longest, units))
    return np.concatenate([-b_f, b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: The generator rng is passed in, so that a seed decides. Here another one is made.
def chrono_bias(units, longest, rng):
    b_f = np.log(np.random.default_rng(0).uniform(1, longest - 1, units))
    return np.concatenate([-b_f, b_f, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: The result holds all four blocks, zeros for the candidate and the output gate.
def chrono_bias(units, longest, rng):
    b_f = np.log(rng.uniform(1, longest - 1, units))
    return np.concatenate([-b_f, b_f])


# %% misconception chrono_bias
# hint: The u are drawn evenly between two numbers, not among the whole numbers only.
def chrono_bias(units, longest, rng):
    forget = np.log(rng.integers(1, longest, size=units))  # (units,)
    return np.concatenate([-forget, forget, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: A u gives a memory of 1 + u steps: u ends at longest - 1. Here it goes up to longest.
def chrono_bias(units, longest, rng):
    forget = np.log(rng.uniform(1, longest, size=units))  # (units,)
    return np.concatenate([-forget, forget, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: Each unit draws a u by itself. Here the same numbers are dealt out in another order.
def chrono_bias(units, longest, rng):
    forget = np.log(rng.permutation(np.linspace(1, longest - 1, units)))  # (units,)
    return np.concatenate([-forget, forget, np.zeros(2 * units)])


# %% misconception chrono_bias
# hint: The four blocks stand one after the other. Here the four numbers of a unit stand together.
def chrono_bias(units, longest, rng):
    forget = np.log(rng.uniform(1, longest - 1, size=units))  # (units,)
    return np.stack([-forget, forget, 0 * forget, 0 * forget], axis=1).ravel()


# %% answer long_memory [markdown]
# (1) With the forget gate at 0.73, $0.73^{100} \approx 2 \cdot 10^{-14}$ of the gradient is left
# (and as much of the cell state). With 0.99 it is $0.99^{100} \approx 0.37$. So the cell can carry
# a gradient over 100 steps, but whether it does depends on its forget gates.
#
# (2) From $c_t$ straight to $c_{t-1}$: only the factor $f_t$, no matrix and no tanh. The other way
# goes through $h_{t-1}$: the old hidden state enters the four sums, so there is the matrix $W_h$,
# the slopes of the sigmoids and tanh, and the output gate with the slope of tanh. That way can
# vanish or explode, as in a plain cell.
#
# (3) The plain cell of Keras starts with orthogonal recurrent weights, which keep the length of a
# vector, so on a task with no input after the first step the symbol stays readable for 50 steps.
# The LSTM starts with forget gates near 0.73 and so loses it, and the gradient that would teach it
# otherwise is lost as well. She should raise the bias of the forget gate so that the
# memory fits the task, by `chrono_bias(units, 50, rng)` or by a constant such as 3 or 4, and repeat
# with several seeds.
#
# Rubric, one point each:
#
# - (1) both numbers of the right size, and that the forget gates decide. (Half a point for one
#   number, or for numbers without the conclusion. $0.731^{100} \approx 2.5 \cdot 10^{-14}$ is right.)
# - (2) both ways, and that the matrix is on the way through the hidden state.
# - (3) the start of the forget gate as the cause, and a change of its bias as the mend. Longer
#   training or more units alone earn half a point if the cause is right.
