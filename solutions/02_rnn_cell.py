# %% answer rnn_step
def rnn_step(x_t, h_prev, W_x, W_h, b):
    a_t = x_t @ W_x + h_prev @ W_h + b  # (batch, units)
    return np.tanh(a_t)


# %% hidden rnn_step
import math


def _slow_step(x_t, h_prev, W_x, W_h, b):
    """One number at a time, with tanh written out in exponentials."""
    h_t = np.zeros((len(x_t), len(b)))
    for row in range(len(x_t)):
        for unit in range(len(b)):
            total = float(b[unit])
            for feature in range(len(W_x)):
                total += float(x_t[row, feature]) * float(W_x[feature, unit])
            for old in range(len(W_h)):
                total += float(h_prev[row, old]) * float(W_h[old, unit])
            h_t[row, unit] = 1 - 2 / (math.exp(2 * total) + 1)
    return h_t


_rng = np.random.default_rng()
for _batch, _features, _units in [(1, 1, 1), (3, 2, 4), (2, 3, 3), (4, 5, 2), (5, 4, 4)]:
    _x_t = _rng.normal(size=(_batch, _features))
    _h_prev = _rng.uniform(-0.9, 0.9, size=(_batch, _units))
    _W_x = _rng.normal(size=(_features, _units)) / 2
    _W_h = _rng.normal(size=(_units, _units)) / 2
    _b = _rng.uniform(0.2, 0.6, size=_units) * _rng.choice([-1, 1], size=_units)
    _h_t = checks.unchanged(rnn_step, _x_t, _h_prev, _W_x, _W_h, _b)
    checks.close(
        _h_t,
        _slow_step(_x_t, _h_prev, _W_x, _W_h, _b),
        "h_t",
        hint="Which weights meet the input, which the old state, and what is applied last?",
    )


# %% also-correct rnn_step
def rnn_step(x_t, h_prev, W_x, W_h, b):
    joined = np.concatenate([x_t, h_prev], axis=1)
    stacked = np.concatenate([W_x, W_h], axis=0)
    return np.tanh(joined @ stacked + b)


# %% also-correct rnn_step
def rnn_step(x_t, h_prev, W_x, W_h, b):
    new = np.empty(np.shape(h_prev))
    for row in range(new.shape[0]):
        for unit in range(new.shape[1]):
            inner = b[unit]
            for i, value in enumerate(x_t[row]):
                inner = inner + value * W_x[i][unit]
            for k, value in enumerate(h_prev[row]):
                inner = inner + value * W_h[k][unit]
            new[row, unit] = np.tanh(inner)
    return new


# %% also-correct rnn_step
def rnn_step(x_t, h_prev, W_x, W_h, b):
    a = np.einsum("bf,fu->bu", x_t, W_x) + np.einsum("bk,ku->bu", h_prev, W_h)
    up, down = np.exp(a + b), np.exp(-a - b)
    return (up - down) / (up + down)


# %% misconception rnn_step
# hint: The input meets W_x and the old state meets W_h. Here they seem to be swapped.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh(x_t @ W_h + h_prev @ W_x + b)


# %% misconception rnn_step
# hint: Each unit has a bias, a number that is added whatever the input is. It seems to be missing.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh(x_t @ W_x + h_prev @ W_h)


# %% misconception rnn_step
# hint: The bias belongs to the sum once, not once for the input and once for the old state.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh((x_t @ W_x + b) + (h_prev @ W_h + b))


# %% misconception rnn_step
# hint: The weighted sum is the pre-activation. The new state is tanh of it.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return x_t @ W_x + h_prev @ W_h + b


# %% misconception rnn_step
# hint: The bias is part of the sum that tanh squashes; add it before tanh, not after.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh(x_t @ W_x + h_prev @ W_h) + b


# %% misconception rnn_step
# hint: First add up all parts, then squash the sum once. Tanh of a sum is not a sum of tanhs.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh(x_t @ W_x) + np.tanh(h_prev @ W_h + b)


# %% misconception rnn_step
# hint: A column of W_h belongs to a new unit. Here its rows seem to, as if it were transposed.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh(x_t @ W_x + h_prev @ W_h.T + b)


# %% misconception rnn_step
# hint: Without the old state the cell is a dense layer with no memory. Where does h_prev come in?
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh(x_t @ W_x + b)


# %% misconception rnn_step
# hint: This cell squashes with tanh, which reaches from -1 to 1. A sigmoid reaches from 0 to 1.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return 1 / (1 + np.exp(-(x_t @ W_x + h_prev @ W_h + b)))


# %% misconception rnn_step
# hint: Every old unit has a weight into every new unit, not only into itself.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh(x_t @ W_x + h_prev * np.diag(W_h) + b)


# %% misconception rnn_step
# hint: The old state belongs to whoever called you. Here it is overwritten with the new one.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    h_prev[:] = np.tanh(x_t @ W_x + h_prev @ W_h + b)
    return h_prev


# %% misconception rnn_step
# hint: The old state was squashed when it was made. It enters the sum as it is.
def rnn_step(x_t, h_prev, W_x, W_h, b):
    return np.tanh(x_t @ W_x + np.tanh(h_prev) @ W_h + b)


# %% answer rnn_forward
def rnn_forward(x, h_0, W_x, W_h, b):
    h_t = h_0  # (batch, units)
    states = []
    for t in range(x.shape[1]):
        h_t = rnn_step(x[:, t], h_t, W_x, W_h, b)  # (batch, units)
        states.append(h_t)
    return np.stack(states, axis=1)  # (batch, time, units)


# %% hidden rnn_forward
import math


def _unrolled(x, h_0, W_x, W_h, b):
    """Each sequence by itself, one number at a time."""
    batch, time, features = x.shape
    units = len(b)
    h = np.zeros((batch, time, units))
    for row in range(batch):
        old = [float(value) for value in h_0[row]]
        for t in range(time):
            new = []
            for j in range(units):
                total = float(b[j]) + sum(float(x[row, t, i] * W_x[i, j]) for i in range(features))
                total += sum(old[k] * float(W_h[k, j]) for k in range(units))
                new.append(math.tanh(total))
            h[row, t] = old = new
    return h


_rng = np.random.default_rng()
for _batch, _time, _features, _units in [(2, 5, 3, 4), (4, 3, 2, 3), (3, 3, 3, 3), (1, 7, 1, 2)]:
    _x = _rng.normal(size=(_batch, _time, _features))
    _h_0 = _rng.uniform(-0.9, 0.9, size=(_batch, _units))
    _W_x = _rng.normal(size=(_features, _units)) / 2
    _W_h = _rng.normal(size=(_units, _units)) / 2
    _b = _rng.uniform(0.2, 0.6, size=_units)
    _h = checks.unchanged(rnn_forward, _x, _h_0, _W_x, _W_h, _b)
    _expected = _unrolled(_x, _h_0, _W_x, _W_h, _b)
    _axes = ("batch", "time", "units")
    checks.shape(_h, _expected.shape, "h", hint="The states of all time steps.", axes=_axes)
    checks.close(_h, _expected, "h", hint="Each step starts from the state of the step before.")

# a sequence cut in two gives the same states when the second part starts where the first ended
_x = _rng.normal(size=(2, 6, 3))
_W_x, _W_h, _b = _rng.normal(size=(3, 4)) / 2, _rng.normal(size=(4, 4)) / 2, np.full(4, 0.3)
_whole = np.asarray(rnn_forward(_x, np.zeros((2, 4)), _W_x, _W_h, _b))
_rest = rnn_forward(_x[:, 2:], _whole[:, 1], _W_x, _W_h, _b)
checks.close(_rest, _whole[:, 2:], "h", hint="The state before the first step is h_0.")

# small numbers: tanh is almost a straight line there, so a single unit sums fading inputs
_x = 1e-4 * _rng.normal(size=(1, 8, 1))
_w = float(_rng.uniform(0.5, 0.9))
_h = rnn_forward(_x, np.zeros((1, 1)), np.ones((1, 1)), np.array([[_w]]), np.zeros(1))
_sums = [sum(_w ** (t - s) * _x[0, s, 0] for s in range(t + 1)) for t in range(8)]
checks.close(
    _h, np.reshape(_sums, (1, 8, 1)), "h", hint="Old inputs fade from step to step.", atol=1e-9
)


# %% also-correct rnn_forward
def rnn_forward(x, h_0, W_x, W_h, b):
    batch, time, _ = x.shape
    h = np.empty((batch, time, len(b)))
    for t in range(time):
        before = h_0 if t == 0 else h[:, t - 1]
        h[:, t] = np.tanh(x[:, t] @ W_x + before @ W_h + b)
    return h


# %% also-correct rnn_forward
def rnn_forward(x, h_0, W_x, W_h, b):
    from_input = np.einsum("btf,fu->tbu", x, W_x) + b
    outputs = []
    state = np.array(h_0, dtype=float)
    for step in from_input:
        state = np.tanh(step + state.dot(W_h))
        outputs += [state]
    return np.transpose(np.array(outputs), (1, 0, 2))


# %% also-correct rnn_forward
def rnn_forward(x, h_0, W_x, W_h, b):
    first = rnn_step(x[:, 0, :], h_0, W_x, W_h, b)
    if x.shape[1] == 1:
        return first[:, None, :]
    rest = rnn_forward(x[:, 1:, :], first, W_x, W_h, b)
    return np.concatenate([first[:, None, :], rest], axis=1)


# %% also-correct rnn_forward
def rnn_forward(x, h_0, W_x, W_h, b):
    rows = []
    for sequence, start in zip(x, h_0):
        state = start[None, :]
        row = []
        for x_t in sequence:
            state = rnn_step(x_t[None, :], state, W_x, W_h, b)
            row.append(state[0])
        rows.append(row)
    return np.array(rows)


# %% misconception rnn_forward
# hint: The state is the memory. Here every step seems to start from h_0 again.
def rnn_forward(x, h_0, W_x, W_h, b):
    states = [rnn_step(x[:, t], h_0, W_x, W_h, b) for t in range(x.shape[1])]
    return np.stack(states, axis=1)


# %% misconception rnn_forward
# hint: The result holds the states of all time steps, not only the last one.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = h_0
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_x, W_h, b)
    return h


# %% misconception rnn_forward
# hint: The axes are (batch, time, units). Here time comes first: along which axis do you stack?
def rnn_forward(x, h_0, W_x, W_h, b):
    h = h_0
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_x, W_h, b)
        states.append(h)
    return np.array(states)


# %% misconception rnn_forward
# hint: Reshaping changes the shape but mixes up sequences and steps. Move the time axis instead.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = h_0
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_x, W_h, b)
        states.append(h)
    return np.array(states).reshape(x.shape[0], x.shape[1], len(b))


# %% misconception rnn_forward
# hint: The result begins with the state after the first step. Here it begins with h_0.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = h_0
    states = []
    for t in range(x.shape[1]):
        states.append(h)
        h = rnn_step(x[:, t], h, W_x, W_h, b)
    return np.stack(states, axis=1)


# %% misconception rnn_forward
# hint: The first step starts from the h_0 that is passed in. It need not be zero.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = np.zeros_like(h_0)
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, W_x, W_h, b)
        states.append(h)
    return np.stack(states, axis=1)


# %% misconception rnn_forward
# hint: At t = 0 the step before is h_0. Here index t - 1 is -1 there, which is the last place.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = np.zeros((x.shape[0], x.shape[1], len(b)))
    h[:, 0] = h_0
    for t in range(x.shape[1]):
        h[:, t] = rnn_step(x[:, t], h[:, t - 1], W_x, W_h, b)
    return h


# %% misconception rnn_forward
# hint: The first axis of x is the batch. Go along the second axis, which is time.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = h_0
    states = []
    for t in range(x.shape[0]):
        h = rnn_step(x[t], h, W_x, W_h, b)
        states.append(h)
    return np.stack(states, axis=0)


# %% misconception rnn_forward
# hint: Every list entry seems to be one and the same array, overwritten at each step.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = np.array(h_0, dtype=float)
    states = []
    for t in range(x.shape[1]):
        h[:] = rnn_step(x[:, t], h, W_x, W_h, b)
        states.append(h)
    return np.stack(states, axis=1)


# %% misconception rnn_forward
# hint: A sequence is read from its first step to its last.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = h_0
    states = []
    for t in reversed(range(x.shape[1])):
        h = rnn_step(x[:, t], h, W_x, W_h, b)
        states.append(h)
    return np.stack(states, axis=1)


# %% misconception rnn_forward
# hint: Each sequence of a batch has its own memory. Here one seems to start where another ends.
def rnn_forward(x, h_0, W_x, W_h, b):
    h = h_0[:1]
    rows = []
    for row in range(x.shape[0]):
        states = []
        for t in range(x.shape[1]):
            h = rnn_step(x[row : row + 1, t], h, W_x, W_h, b)
            states.append(h[0])
        rows.append(states)
    return np.array(rows)


# %% answer softmax
def softmax(scores):
    shifted = scores - np.max(scores, axis=-1, keepdims=True)  # the largest is 0 now
    positive = np.exp(shifted)
    return positive / np.sum(positive, axis=-1, keepdims=True)


# %% hidden softmax
import math


def _one_row(scores):
    """The definition, in a form that needs no shift: p_i = 1 / sum_j exp(s_j - s_i)."""
    return [1 / sum(math.exp(min(other - score, 700.0)) for other in scores) for score in scores]


_rng = np.random.default_rng()
_scores = 2 * _rng.normal(size=5)
checks.close(softmax(_scores), _one_row(_scores), "p", hint="One axis: one row of scores.")
for _shape in [(4, 3), (3, 3), (2, 5)]:
    _scores = 2 * _rng.normal(size=_shape)
    _p = checks.unchanged(softmax, _scores)
    checks.close(_p, [_one_row(row) for row in _scores], "p", hint="Each row by itself.")
_scores = 2 * _rng.normal(size=(3, 2, 4))
_p = softmax(_scores)
_expected = [[_one_row(row) for row in rows] for rows in _scores]
checks.close(_p, _expected, "p", hint="Work along the last axis only.")

# rows on very different levels: each needs its own shift
_scores = _rng.normal(size=(3, 4)) + np.array([[1000.0], [0.0], [-1000.0]])
_p = softmax(_scores)
_expected = [_one_row(row) for row in _scores]
checks.close(_p, _expected, "p", hint="Shift each row by its own largest score.")
_p = softmax(np.array([[0.0, 900.0, 900.0]]))
checks.close(_p, [[0.0, 0.5, 0.5]], "p", hint="Shift each row by its own largest score.")


# %% also-correct softmax
def softmax(scores):
    scores = np.asarray(scores, dtype=float)
    top = scores.max(-1)[..., None]
    log_sum = top + np.log(np.exp(scores - top).sum(-1))[..., None]
    return np.exp(scores - log_sum)


# %% also-correct softmax
def softmax(scores):
    differences = scores[..., None, :] - scores[..., :, None]  # other minus own
    return 1 / np.exp(np.minimum(differences, 700)).sum(axis=-1)


# %% also-correct softmax
def softmax(scores):
    def row(values):
        top = max(values)
        exponentials = [np.exp(value - top) for value in values]
        return [e / sum(exponentials) for e in exponentials]

    return np.apply_along_axis(row, -1, scores)


# %% misconception softmax
# hint: Each row sums to 1: the outputs compete with each other, not the sequences of the batch.
def softmax(scores):
    positive = np.exp(scores - np.max(scores, axis=0, keepdims=True))
    return positive / np.sum(positive, axis=0, keepdims=True)


# %% misconception softmax
# hint: Every row is a question of its own and sums to 1. Here all rows together sum to 1.
def softmax(scores):
    positive = np.exp(scores - np.max(scores))
    return positive / np.sum(positive)


# %% misconception softmax
# hint: The exponential of a large score is infinity. Subtract the row's largest score first.
def softmax(scores):
    with np.errstate(all="ignore"):
        positive = np.exp(scores)
        return positive / np.sum(positive, axis=-1, keepdims=True)


# %% misconception softmax
# hint: One shift for all rows sends low rows to zero. Each row needs its own largest score.
def softmax(scores):
    with np.errstate(all="ignore"):
        positive = np.exp(scores - np.max(scores))
        return positive / np.sum(positive, axis=-1, keepdims=True)


# %% misconception softmax
# hint: Dividing scores by their sum leaves negative ones negative. First take the exponential.
def softmax(scores):
    with np.errstate(all="ignore"):
        return scores / np.sum(scores, axis=-1, keepdims=True)


# %% misconception softmax
# hint: A sigmoid looks at one score at a time. Softmax makes the scores of a row compete.
def softmax(scores):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-scores))


# %% misconception softmax
# hint: Softmax gives every class a share. It does not give everything to the largest score.
def softmax(scores):
    return (scores == np.max(scores, axis=-1, keepdims=True)).astype(float)


# %% misconception softmax
# hint: The sum over a row has lost an axis, so it lines up with the columns. Keep the axis.
def softmax(scores):
    positive = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return positive / np.sum(positive, axis=-1)


# %% misconception softmax
# hint: The largest score is subtracted, not divided by: dividing changes the probabilities.
def softmax(scores):
    with np.errstate(all="ignore"):
        positive = np.exp(scores / np.max(scores, axis=-1, keepdims=True))
        return positive / np.sum(positive, axis=-1, keepdims=True)


# %% misconception softmax
# hint: The second axis is the last one only for two axes. Scores may have one axis, or three.
def softmax(scores):
    positive = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return positive / np.sum(positive, axis=1, keepdims=True)


# %% answer output_layer
def output_layer(h, W_y, b_y, task):
    scores = h @ W_y + b_y  # (..., outputs)
    if task == "regression":
        return scores
    if task == "classification":
        return softmax(scores)
    raise ValueError(f"the task is {task!r}, expected 'regression' or 'classification'")


# %% hidden output_layer
import math


def _weighted_sums(h, W_y, b_y):
    return [
        float(b_y[k]) + sum(float(h[u]) * float(W_y[u, k]) for u in range(len(h)))
        for k in range(len(b_y))
    ]


def _shares(scores):
    return [1 / sum(math.exp(other - score) for other in scores) for score in scores]


# names made at run time, as a program reads them from a file
_regression, _classification = "regression classification".split()
_rng = np.random.default_rng()
for _units, _outputs in [(4, 3), (3, 3), (5, 2)]:
    _W_y = _rng.normal(size=(_units, _outputs))
    _b_y = _rng.uniform(0.5, 1.5, size=_outputs) * np.resize([1, -1], _outputs)
    _h = _rng.uniform(-1, 1, size=(2, 4, _units))
    _sums = [[_weighted_sums(state, _W_y, _b_y) for state in states] for states in _h]
    _p = [[_shares(row) for row in rows] for rows in _sums]
    _hint = "A weighted sum of the units plus b_y, at every time step."
    checks.close(output_layer(_h, _W_y, _b_y, _regression), _sums, "y", hint=_hint)
    checks.close(output_layer(_h[:, -1], _W_y, _b_y, _regression), [s[-1] for s in _sums], "y")
    _hint = "Softmax of the weighted sums, at every time step."
    checks.close(output_layer(_h, _W_y, _b_y, _classification), _p, "p", hint=_hint)
    checks.close(output_layer(_h[:, -1], _W_y, _b_y, _classification), [q[-1] for q in _p], "p")

_h, _W_y, _b_y = np.ones((1, 2)), np.ones((2, 2)), np.zeros(2)
checks.unchanged(output_layer, _h, _W_y, _b_y, _regression)
checks.unchanged(output_layer, _h, _W_y, _b_y, _classification)
for _task in ("", "binary", "forecast", "softmax", "Regression"):
    checks.raises(
        ValueError, output_layer, _h, _W_y, _b_y, _task, hint="Only two tasks have an output."
    )


# %% also-correct output_layer
def output_layer(h, W_y, b_y, task):
    if task not in ("regression", "classification"):
        raise ValueError(task)
    y = np.einsum("...u,uk->...k", h, W_y) + b_y
    if task == "classification":
        positive = np.exp(y - y.max(axis=-1, keepdims=True))
        y = positive / positive.sum(axis=-1, keepdims=True)
    return y


# %% also-correct output_layer
def output_layer(h, W_y, b_y, task):
    activations = {"regression": np.array, "classification": softmax}
    try:
        activation = activations[task]
    except KeyError:
        raise ValueError("no such task: " + task) from None
    return activation(np.dot(h, W_y) + b_y)


# %% also-correct output_layer
def output_layer(h, W_y, b_y, task):
    if h.ndim == 3:
        steps = [output_layer(h[:, t], W_y, b_y, task) for t in range(h.shape[1])]
        return np.stack(steps, axis=1)
    match task:
        case "regression":
            return h @ W_y + b_y
        case "classification":
            return softmax(h @ W_y + b_y)
        case _:
            raise ValueError("unknown task")


# %% misconception output_layer
# hint: A regression output is the weighted sum itself. Probabilities are for classes.
def output_layer(h, W_y, b_y, task):
    if task not in ("regression", "classification"):
        raise ValueError(task)
    return softmax(h @ W_y + b_y)


# %% misconception output_layer
# hint: Tanh would keep every answer between -1 and 1. A regression output has no bound.
def output_layer(h, W_y, b_y, task):
    scores = h @ W_y + b_y
    if task == "regression":
        return np.tanh(scores)
    if task == "classification":
        return softmax(scores)
    raise ValueError(task)


# %% misconception output_layer
# hint: The two tasks seem to be swapped: softmax belongs to classification.
def output_layer(h, W_y, b_y, task):
    scores = h @ W_y + b_y
    if task == "classification":
        return scores
    if task == "regression":
        return softmax(scores)
    raise ValueError(task)


# %% misconception output_layer
# hint: The output layer has a bias of its own, b_y. It seems to be missing.
def output_layer(h, W_y, b_y, task):
    scores = h @ W_y
    if task == "regression":
        return scores
    if task == "classification":
        return softmax(scores)
    raise ValueError(task)


# %% misconception output_layer
# hint: Classification returns the probabilities of all classes, not the number of the best one.
def output_layer(h, W_y, b_y, task):
    scores = h @ W_y + b_y
    if task == "regression":
        return scores
    if task == "classification":
        return np.argmax(scores, axis=-1)
    raise ValueError(task)


# %% misconception output_layer
# hint: Classification turns scores into probabilities. These still look like scores.
def output_layer(h, W_y, b_y, task):
    if task not in ("regression", "classification"):
        raise ValueError(task)
    return h @ W_y + b_y


# %% misconception output_layer
# hint: A task that nobody knows is a mistake. Raise a ValueError instead of guessing.
def output_layer(h, W_y, b_y, task):
    scores = h @ W_y + b_y
    if task == "regression":
        return scores
    return softmax(scores)


# %% misconception output_layer
# hint: A task that nobody knows is a mistake. Raise a ValueError instead of guessing.
def output_layer(h, W_y, b_y, task):
    scores = h @ W_y + b_y
    if task == "classification":
        return softmax(scores)
    return scores


# %% misconception output_layer
# hint: States with a time axis get an output at every step, not only at the last one.
def output_layer(h, W_y, b_y, task):
    if h.ndim == 3:
        h = h[:, -1]
    scores = h @ W_y + b_y
    if task == "regression":
        return scores
    if task == "classification":
        return softmax(scores)
    raise ValueError(task)


# %% misconception output_layer
# hint: The bias is part of the scores. Add it before softmax, not to the probabilities.
def output_layer(h, W_y, b_y, task):
    if task == "regression":
        return h @ W_y + b_y
    if task == "classification":
        return softmax(h @ W_y) + b_y
    raise ValueError(task)


# %% answer param_count
def param_count(input_shape, units, outputs):
    _, features = input_shape
    cell = features * units + units * units + units  # W_x, W_h, b
    output = units * outputs + outputs  # W_y, b_y
    return cell, output


# %% hidden param_count
def _count_arrows(features, units, outputs):
    """Count connections one by one, as if drawn on paper."""
    cell = output = 0
    for _ in range(units):
        cell += 1  # the bias of this unit
        for _ in range(features):
            cell += 1  # from a feature
        for _ in range(units):
            cell += 1  # from an old unit
    for _ in range(outputs):
        output += 1  # the bias of this output
        for _ in range(units):
            output += 1  # from a unit
    return cell, output


_rng = np.random.default_rng()
for _features, _units, _outputs in [(1, 1, 1), (1, 32, 1), (3, 7, 2), (5, 4, 6)]:
    _time = int(_rng.integers(11, 60))
    _counts = param_count((_time, _features), _units, _outputs)
    _expected = _count_arrows(_features, _units, _outputs)
    _hint = "One number for each connection and each bias; time steps share them."
    checks.equal(_counts, _expected, "(cell, output)", hint=_hint)
for _ in range(5):
    _time, _features, _units, _outputs = (int(size) for size in _rng.integers(2, 12, size=4))
    _counts = param_count((_time, _features), _units, _outputs)
    _expected = _count_arrows(_features, _units, _outputs)
    checks.equal(_counts, _expected, "(cell, output)", hint="Draw the arrows and count them.")
    _whole = all(isinstance(_count, (int, np.integer)) for _count in _counts)
    checks.true(_whole, f"(cell, output) is {_counts}, expected whole numbers.")


# %% also-correct param_count
def param_count(input_shape, units, outputs):
    features = input_shape[-1]
    shapes = [(features, units), (units, units), (units,)], [(units, outputs), (outputs,)]
    return tuple(sum(np.zeros(shape).size for shape in group) for group in shapes)


# %% also-correct param_count
def param_count(input_shape, units, outputs):
    return [units * (input_shape[1] + units + 1), outputs * (units + 1)]


# %% misconception param_count
# hint: All time steps share one set of weights. Here each step seems to have its own.
def param_count(input_shape, units, outputs):
    time, features = input_shape
    return time * (features * units + units * units + units), units * outputs + outputs


# %% misconception param_count
# hint: The old state has weights too: one from each old unit into each new unit.
def param_count(input_shape, units, outputs):
    _, features = input_shape
    return features * units + units, units * outputs + outputs


# %% misconception param_count
# hint: A bias is a parameter like a weight: one for each unit and one for each output.
def param_count(input_shape, units, outputs):
    _, features = input_shape
    return features * units + units * units, units * outputs


# %% misconception param_count
# hint: One number for each unit too many: there is one bias each, and the state is not learned.
def param_count(input_shape, units, outputs):
    _, features = input_shape
    return features * units + units * units + 2 * units, units * outputs + outputs


# %% misconception param_count
# hint: The shape of a sequence is (time, features). The length seems to be taken for the features.
def param_count(input_shape, units, outputs):
    features = input_shape[0]
    return features * units + units * units + units, units * outputs + outputs


# %% misconception param_count
# hint: Each old unit has a weight into every new unit, not only into itself.
def param_count(input_shape, units, outputs):
    _, features = input_shape
    return features * units + units + units, units * outputs + outputs


# %% misconception param_count
# hint: The output layer reads the units of one state, not the states of all time steps.
def param_count(input_shape, units, outputs):
    time, features = input_shape
    return features * units + units * units + units, time * units * outputs + outputs


# %% misconception param_count
# hint: Two numbers are asked for: the cell's and the output layer's, not their sum.
def param_count(input_shape, units, outputs):
    _, features = input_shape
    return features * units + units * units + units + units * outputs + outputs


# %% misconception param_count
# hint: The bias of the cell has one number for each unit, not one for the whole cell.
def param_count(input_shape, units, outputs):
    _, features = input_shape
    return features * units + units * units + 1, units * outputs + 1


# %% misconception param_count
# hint: Parameters are counted, so both numbers are whole ones: 16, not 16.0.
def param_count(input_shape, units, outputs):
    _, features = input_shape
    return features * units + units**2.0 + units, (units + 1.0) * outputs


# %% misconception param_count
# hint: Every old unit has a weight into every new unit: units times units, not twice the units.
def param_count(input_shape, units, outputs):
    _, features = input_shape
    return features * units + 2 * units + units, units * outputs + outputs


# %% answer why_share [markdown]
# (1) One cell has $1 \cdot 32 + 32 \cdot 32 + 32 = 1{,}088$ parameters. Twenty cells of their own
# have $20 \cdot 1{,}088 = 21{,}760$; one shared cell has 1,088.
#
# (2) A network with shared weights can read a sequence of 21 or 200 values, because the same rule
# works at every step. Hers has no weights for a 21st step. Also good: a dip in the series that
# was learned at step 3 is known at step 15 too, while hers must learn it once for each place.
# Also good: every time step of a window is an example for the same weights, so fewer windows are
# needed.
#
# (3) She could be right when the position itself carries meaning, and the length never changes: a
# form whose fields come in a fixed order, or the 24 hours of a day, where "hour 3" is always night.
# Even then a shared cell can be told the position as one more feature.
#
# Rubric, one point each:
#
# - (1) both numbers, 21,760 and 1,088, with a derivation. (Half a point for one number, or for the
#   right method with a slip. Saying that $W_h$ is idle at step 1, where the state is zero, is right
#   too: 20,736 if it is left out and the text says so.)
# - (2) a reason that follows from sharing (any length; a pattern wherever it comes; more examples
#   for each weight) and an example that fits it. "It has fewer parameters" alone repeats part 1.
# - (3) a case in which the position matters and the length is fixed. "Never" earns no point.
