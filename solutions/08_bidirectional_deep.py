# %% answer merge_modes
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_forward, h_backward], axis=-1)  # (..., 2 * units)
    if mode == "sum":
        return h_forward + h_backward
    if mode == "mul":
        return h_forward * h_backward
    if mode == "ave":
        return (h_forward + h_backward) / 2
    if mode is None:
        return h_forward, h_backward
    raise ValueError(f"unknown merge mode {mode!r}")


# %% hidden merge_modes
def _one_by_one(first, second, mode):
    """A row of units at a time, in plain Python."""
    first, second = [float(value) for value in first], [float(value) for value in second]
    if mode == "concat":
        return [*first, *second]
    pairs = list(zip(first, second))
    if mode == "mul":
        return [a * b for a, b in pairs]
    return [sum(pair) / (1 if mode == "sum" else 2) for pair in pairs]


# names made at run time, as a program reads them from a file
_modes = "concat sum mul ave".split()
_rng = np.random.default_rng()
for _shape in [(3, 2), (2, 2), (2, 4, 3), (3, 3, 3)]:
    _forward, _backward = _rng.normal(size=(2, *_shape))
    for _mode in _modes:
        _rows = zip(_forward.reshape(-1, _shape[-1]), _backward.reshape(-1, _shape[-1]))
        _expected = [_one_by_one(first, second, _mode) for first, second in _rows]
        _expected = np.reshape(_expected, (*_shape[:-1], -1))
        _merged = checks.unchanged(merge_modes, _forward, _backward, _mode)
        checks.close(_merged, _expected, f"{_mode}", hint="Along the last axis, unit by unit.")
    _pair = merge_modes(_forward, _backward, None)
    _is_pair = isinstance(_pair, (tuple, list)) and len(_pair) == 2
    checks.true(_is_pair, "For the mode None, return the pair (h_forward, h_backward).")
    checks.close(_pair[0], _forward, "the first of the pair", hint="As it came in.")
    checks.close(_pair[1], _backward, "the second of the pair", hint="As it came in.")
# "concat" works for directions of different width, too
_forward, _backward = _rng.normal(size=(2, 3, 4)), _rng.normal(size=(2, 3, 1))
_merged = merge_modes(_forward, _backward, _modes[0])
checks.close(_merged[..., :4], _forward, "the first units", hint="Forward comes first.")
checks.close(_merged[..., 4:], _backward, "the last units", hint="Backward comes second.")
for _mode in ("", "average", "max", "Sum", "none"):
    checks.raises(
        ValueError, merge_modes, _forward, _forward, _mode, hint="Only five modes are known."
    )


# %% also-correct merge_modes
def merge_modes(h_forward, h_backward, mode):
    if mode is None:
        return [h_forward, h_backward]
    modes = {
        "concat": lambda a, b: np.concatenate((a, b), axis=a.ndim - 1),
        "sum": np.add,
        "mul": np.multiply,
        "ave": lambda a, b: 0.5 * a + 0.5 * b,
    }
    if mode not in modes:
        raise ValueError(mode)
    return modes[mode](h_forward, h_backward)


# %% also-correct merge_modes
def merge_modes(h_forward, h_backward, mode):
    match mode:
        case None:
            return (h_forward.copy(), h_backward.copy())
        case "concat":
            units = h_forward.shape[-1]
            merged = np.empty((*h_forward.shape[:-1], units + h_backward.shape[-1]))
            merged[..., :units] = h_forward
            merged[..., units:] = h_backward
            return merged
        case "sum":
            return np.sum([h_forward, h_backward], axis=0)
        case "mul":
            return np.prod([h_forward, h_backward], axis=0)
        case "ave":
            return np.mean([h_forward, h_backward], axis=0)
        case _:
            raise ValueError("concat, sum, mul, ave or None")


# %% misconception merge_modes
# hint: An average is half the sum of the two. Here it is the whole sum.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_forward, h_backward], axis=-1)
    if mode in ("sum", "ave"):
        return h_forward + h_backward
    if mode == "mul":
        return h_forward * h_backward
    if mode is None:
        return h_forward, h_backward
    raise ValueError(mode)


# %% misconception merge_modes
# hint: A sum is not divided by two. That would be the average.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_forward, h_backward], axis=-1)
    if mode in ("sum", "ave"):
        return (h_forward + h_backward) / 2
    if mode == "mul":
        return h_forward * h_backward
    if mode is None:
        return h_forward, h_backward
    raise ValueError(mode)


# %% misconception merge_modes
# hint: Side by side means along the units, the last axis. With three axes, axis 1 is time.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_forward, h_backward], axis=1)
    if mode == "sum":
        return h_forward + h_backward
    if mode == "mul":
        return h_forward * h_backward
    if mode == "ave":
        return (h_forward + h_backward) / 2
    if mode is None:
        return h_forward, h_backward
    raise ValueError(mode)


# %% misconception merge_modes
# hint: The forward units come first, the backward units second. Here they are swapped.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_backward, h_forward], axis=-1)
    if mode == "sum":
        return h_forward + h_backward
    if mode == "mul":
        return h_forward * h_backward
    if mode == "ave":
        return (h_forward + h_backward) / 2
    if mode is None:
        return h_backward, h_forward
    raise ValueError(mode)


# %% misconception merge_modes
# hint: "mul" multiplies unit by unit. It is not a product of matrices.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_forward, h_backward], axis=-1)
    if mode == "sum":
        return h_forward + h_backward
    if mode == "mul":
        return h_forward @ np.swapaxes(h_backward, -1, -2)
    if mode == "ave":
        return (h_forward + h_backward) / 2
    if mode is None:
        return h_forward, h_backward
    raise ValueError(mode)


# %% misconception merge_modes
# hint: None means: do not merge. Both directions come back, as a pair.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat" or mode is None:
        return np.concatenate([h_forward, h_backward], axis=-1)
    if mode == "sum":
        return h_forward + h_backward
    if mode == "mul":
        return h_forward * h_backward
    if mode == "ave":
        return (h_forward + h_backward) / 2
    raise ValueError(mode)


# %% misconception merge_modes
# hint: A mode that nobody knows is a mistake. Raise a ValueError instead of guessing.
def merge_modes(h_forward, h_backward, mode):
    if mode == "sum":
        return h_forward + h_backward
    if mode == "mul":
        return h_forward * h_backward
    if mode == "ave":
        return (h_forward + h_backward) / 2
    if mode is None:
        return h_forward, h_backward
    return np.concatenate([h_forward, h_backward], axis=-1)


# %% misconception merge_modes
# hint: An average keeps every unit. Here the units of a state are averaged away.
def merge_modes(h_forward, h_backward, mode):
    both = np.concatenate([h_forward, h_backward], axis=-1)
    if mode == "concat":
        return both
    if mode == "sum":
        return both.sum(axis=-1, keepdims=True)
    if mode == "mul":
        return h_forward * h_backward
    if mode == "ave":
        return both.mean(axis=-1, keepdims=True)
    if mode is None:
        return h_forward, h_backward
    raise ValueError(mode)


# %% misconception merge_modes
# hint: The states belong to whoever called you. Here the sum is written into one of them.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_forward, h_backward], axis=-1)
    if mode is None:
        return h_forward, h_backward
    if mode == "sum":
        h_forward += h_backward
    elif mode == "mul":
        h_forward *= h_backward
    elif mode == "ave":
        h_forward += h_backward
        h_forward /= 2
    else:
        raise ValueError(mode)
    return h_forward


# %% misconception merge_modes
# hint: Division comes before addition, so only one of the two is halved. Use brackets.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_forward, h_backward], axis=-1)
    if mode == "sum":
        return h_forward + h_backward
    if mode == "mul":
        return h_forward * h_backward
    if mode == "ave":
        return h_forward + h_backward / 2
    if mode is None:
        return h_forward, h_backward
    raise ValueError(mode)


# %% misconception merge_modes
# hint: None is a value of its own, not the text "None". Ask whether the mode is None.
def merge_modes(h_forward, h_backward, mode):
    if mode == "concat":
        return np.concatenate([h_forward, h_backward], axis=-1)
    if mode == "sum":
        return h_forward + h_backward
    if mode == "mul":
        return h_forward * h_backward
    if mode == "ave":
        return (h_forward + h_backward) / 2
    if mode == "None":
        return h_forward, h_backward
    raise ValueError(mode)


# %% answer bidirectional_forward
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), forward[2].size)), *forward)
    as_read = rnn_forward(x[:, ::-1], np.zeros((len(x), backward[2].size)), *backward)
    return merge_modes(h_forward, as_read[:, ::-1], mode)


# %% hidden bidirectional_forward
import math


def _state_at(x, t, cell, later):
    """The state after x[t] by its definition: from the state of the step before, or after."""
    W_x, W_h, b = cell
    if t < 0 or t >= len(x):
        return [0.0] * len(b)
    old = _state_at(x, t + 1 if later else t - 1, cell, later)
    state = []
    for j in range(len(b)):
        total = float(b[j])
        total += sum(float(x[t][i]) * float(W_x[i][j]) for i in range(len(W_x)))
        total += sum(old[k] * float(W_h[k][j]) for k in range(len(b)))
        state.append(math.tanh(total))
    return state


def _all_states(x, cell, later):
    return np.array(
        [[_state_at(row, t, cell, later) for t in range(x.shape[1])] for row in x]
    )  # (batch, time, units)


def _random_cell(rng, features, units):
    return (
        rng.normal(size=(features, units)) / 2,
        rng.normal(size=(units, units)) / 2,
        rng.uniform(0.2, 0.6, size=units),
    )


_rng = np.random.default_rng()
_axes = ("batch", "time", "units")
_modes = "concat sum mul ave".split()
for _batch, _time, _features, _units in [(2, 5, 3, 4), (4, 3, 2, 3), (3, 3, 3, 3), (1, 1, 2, 2)]:
    _x = _rng.normal(size=(_batch, _time, _features))
    _cells = [_random_cell(_rng, _features, _units) for _ in range(2)]
    _f, _b = _all_states(_x, _cells[0], False), _all_states(_x, _cells[1], True)
    _expected = [np.concatenate([_f, _b], 2), _f + _b, _f * _b, (_f + _b) / 2]
    for _mode, _wanted in zip(_modes, _expected):
        _h = checks.unchanged(bidirectional_forward, _x, *_cells, _mode)
        _hint = "Each direction has its own cell; merge the states of the same time step."
        checks.close(_h, _wanted, f"h ({_mode})", hint=_hint, axes=_axes)
# two cells of different width: each starts from its own zeros
_x = _rng.normal(size=(2, 4, 2))
_cells = [_random_cell(_rng, 2, 3), _random_cell(_rng, 2, 5)]
_pair = bidirectional_forward(_x, *_cells, None)
checks.true(len(_pair) == 2, "For the mode None, return the pair of both directions.")
checks.close(_pair[0], _all_states(_x, _cells[0], False), "the forward states", axes=_axes)
checks.close(_pair[1], _all_states(_x, _cells[1], True), "the backward states", axes=_axes)
_h = bidirectional_forward(_x, *_cells, _modes[0])
checks.shape(_h, (2, 4, 8), "h", hint="Three units forward and five backward.", axes=_axes)


# %% also-correct bidirectional_forward
def bidirectional_forward(x, forward, backward, mode):
    batch, time, _ = x.shape
    states = []
    for (W_x, W_h, b), order in ((forward, range(time)), (backward, range(time - 1, -1, -1))):
        h, h_t = np.empty((batch, time, len(b))), np.zeros((batch, len(b)))
        for t in order:
            h[:, t] = h_t = np.tanh(x[:, t] @ W_x + h_t @ W_h + b)
        states.append(h)
    return merge_modes(*states, mode)


# %% also-correct bidirectional_forward
def bidirectional_forward(x, forward, backward, mode):
    def one(x, cell):
        return rnn_forward(x, np.zeros((x.shape[0], cell[0].shape[1])), *cell)

    h_backward = np.flip(one(np.flip(x, axis=1), backward), axis=1)
    if mode == "concat":
        return np.dstack([one(x, forward), h_backward])
    return merge_modes(one(x, forward), h_backward, mode)


# %% also-correct bidirectional_forward
def bidirectional_forward(x, forward, backward, mode):
    order = list(range(x.shape[1]))[::-1]
    h_forward = [np.zeros((len(x), len(forward[2])))]
    for t in range(x.shape[1]):
        h_forward.append(np.tanh(x[:, t] @ forward[0] + h_forward[-1] @ forward[1] + forward[2]))
    h_backward = [np.zeros((len(x), len(backward[2])))]
    for t in order:
        new = np.einsum("bf,fu->bu", x[:, t], backward[0]) + h_backward[0] @ backward[1]
        h_backward.insert(0, np.tanh(new + backward[2]))
    return merge_modes(np.stack(h_forward[1:], 1), np.stack(h_backward[:-1], 1), mode)


# %% misconception bidirectional_forward
# hint: The backward states come in the order of reading. Bring them back into the order of time.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    h_backward = rnn_forward(x[:, ::-1], np.zeros((len(x), len(backward[2]))), *backward)
    return merge_modes(h_forward, h_backward, mode)


# %% misconception bidirectional_forward
# hint: The backward cell reads the sequence from its end. Here it reads from the front.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    h_backward = rnn_forward(x, np.zeros((len(x), len(backward[2]))), *backward)
    return merge_modes(h_forward, h_backward, mode)


# %% misconception bidirectional_forward
# hint: Reversing only the result is not reading backwards. The input has to be reversed as well.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    h_backward = rnn_forward(x, np.zeros((len(x), len(backward[2]))), *backward)
    return merge_modes(h_forward, h_backward[:, ::-1], mode)


# %% misconception bidirectional_forward
# hint: The first axis is the batch. The time axis, the second one, has to be reversed.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    h_backward = rnn_forward(x[::-1], np.zeros((len(x), len(backward[2]))), *backward)
    return merge_modes(h_forward, h_backward[::-1], mode)


# %% misconception bidirectional_forward
# hint: The last axis holds features. The time axis, the second one, has to be reversed.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    h_backward = rnn_forward(x[:, ::-1], np.zeros((len(x), len(backward[2]))), *backward)
    return merge_modes(h_forward, h_backward[:, :, ::-1], mode)


# %% misconception bidirectional_forward
# hint: Each direction has weights of its own. Here both seem to use the forward cell's.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    h_backward = rnn_forward(x[:, ::-1], np.zeros((len(x), len(forward[2]))), *forward)
    return merge_modes(h_forward, h_backward[:, ::-1], mode)


# %% misconception bidirectional_forward
# hint: The backward cell starts from zeros, not from the forward cell's last state.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    start = np.zeros((len(x), len(backward[2])))
    if h_forward.shape[-1] == start.shape[-1]:
        start = h_forward[:, -1]
    h_backward = rnn_forward(x[:, ::-1], start, *backward)
    return merge_modes(h_forward, h_backward[:, ::-1], mode)


# %% misconception bidirectional_forward
# hint: The backward cell reads the input x, not the states of the forward cell.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    below = h_forward[:, :, : x.shape[2]]
    if below.shape != x.shape:
        below = np.resize(h_forward, x.shape)
    h_backward = rnn_forward(below[:, ::-1], np.zeros((len(x), len(backward[2]))), *backward)
    return merge_modes(h_forward, h_backward[:, ::-1], mode)


# %% misconception bidirectional_forward
# hint: Reverse the backward states alone. Here the merged states run backwards altogether.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    h_backward = rnn_forward(x[:, ::-1], np.zeros((len(x), len(backward[2]))), *backward)
    merged = merge_modes(h_forward, h_backward, mode)
    return (merged[0], merged[1][:, ::-1]) if mode is None else merged[:, ::-1]


# %% misconception bidirectional_forward
# hint: np.flip without an axis turns the batch and the units round as well. Only time runs back.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    as_read = rnn_forward(x[:, ::-1], np.zeros((len(x), len(backward[2]))), *backward)
    return merge_modes(h_forward, np.flip(as_read), mode)


# %% misconception bidirectional_forward
# hint: Two cells may differ in units. Make zeros for each from its own weights.
def bidirectional_forward(x, forward, backward, mode):
    h_0 = np.zeros((len(x), len(forward[2])))
    h_forward = rnn_forward(x, h_0, *forward)
    h_backward = rnn_forward(x[:, ::-1], h_0, *backward)[:, ::-1]
    return merge_modes(h_forward, h_backward, mode)


# %% misconception bidirectional_forward
# hint: The backward state of a step knows that step's own input, too. Here it is one step off.
def bidirectional_forward(x, forward, backward, mode):
    h_forward = rnn_forward(x, np.zeros((len(x), len(forward[2]))), *forward)
    h_backward = rnn_forward(x[:, ::-1], np.zeros((len(x), len(backward[2]))), *backward)
    later = np.zeros_like(h_backward)
    later[:, :-1] = h_backward[:, ::-1][:, 1:]
    return merge_modes(h_forward, later, mode)


# %% answer last_states
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward[:, -1], h_backward[:, 0], mode)


# %% hidden last_states
_rng = np.random.default_rng()
_modes = "concat sum mul ave".split()
for _shape in [(2, 5, 3), (3, 3, 3), (4, 1, 2), (1, 2, 4)]:
    _forward, _backward = _rng.normal(size=(2, *_shape))
    _f = np.array([sequence.tolist()[len(sequence) - 1] for sequence in _forward])
    _b = np.array([next(iter(sequence.tolist())) for sequence in _backward])
    _expected = [np.hstack([_f, _b]), _f + _b, _f * _b, (_f + _b) / 2]
    for _mode, _wanted in zip(_modes, _expected):
        _last = checks.unchanged(last_states, _forward, _backward, _mode)
        _hint = "Each direction where it has read everything."
        checks.close(_last, _wanted, f"{_mode}", hint=_hint, axes=("batch", "units"))
    _pair = last_states(_forward, _backward, None)
    checks.true(len(_pair) == 2, "For the mode None, return a pair.")
    checks.close(_pair[0], _f, "the last forward state", axes=("batch", "units"))
    checks.close(_pair[1], _b, "the last backward state", axes=("batch", "units"))

# behind a network: both halves must notice a change at either end of the sequence
_cells = [
    (_rng.uniform(0.5, 1, (1, 2)), 0.9 * np.eye(2), np.zeros(2)) for _ in range(2)
]
_x = np.zeros((3, 6, 1))
_x[1, 0] = _x[2, -1] = 1.0


def _chain(x, cell):
    states, h_t = [], np.zeros((len(x), 2))
    for t in range(x.shape[1]):
        h_t = np.tanh(x[:, t] @ cell[0] + h_t @ cell[1] + cell[2])
        states.append(h_t)
    return states


_forward = np.stack(_chain(_x, _cells[0]), axis=1)
_backward = np.stack(_chain(_x[:, ::-1], _cells[1])[::-1], axis=1)
_last = np.asarray(last_states(_forward, _backward, _modes[0]))
for _row, _where in ((1, "first"), (2, "last")):
    _moved = bool((np.abs(_last[_row] - _last[0]) > 1e-3).all())
    checks.true(_moved, f"A change of the {_where} input does not reach both final states.")


# %% also-correct last_states
def last_states(h_forward, h_backward, mode):
    time = h_forward.shape[1]
    forward = np.array([sequence[time - 1] for sequence in h_forward])
    backward = np.array([sequence[0] for sequence in h_backward])
    return merge_modes(forward, backward, mode)


# %% also-correct last_states
def last_states(h_forward, h_backward, mode):
    as_read = np.flip(h_backward, axis=1)  # in the order of reading both end at the last place
    merged = merge_modes(h_forward, as_read, mode)
    if mode is None:
        return [merged[0][:, -1, :], merged[1][:, -1, :]]
    return merged[:, -1, :]


# %% misconception last_states
# hint: At the last step the backward cell has read one input. It has read everything at the first.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward[:, -1], h_backward[:, -1], mode)


# %% misconception last_states
# hint: At the first step the forward cell has read one input. It has read everything at the last.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward[:, 0], h_backward[:, 0], mode)


# %% misconception last_states
# hint: The two ends are swapped: each direction is taken where it has only begun.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward[:, 0], h_backward[:, -1], mode)


# %% misconception last_states
# hint: The first axis is the batch. The final step has to be picked along the time axis.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward[-1], h_backward[0], mode)


# %% misconception last_states
# hint: One state of each direction is asked for. Here all steps are merged and returned.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward, h_backward, mode)


# %% misconception last_states
# hint: The final state of each direction is asked for, not the mean over all time steps.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward.mean(axis=1), h_backward.mean(axis=1), mode)


# %% misconception last_states
# hint: The merge mode is asked for, and here the two are always put side by side.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward[:, -1], h_backward[:, 0], "concat")


# %% misconception last_states
# hint: The time axis is gone when one step has been picked. Here it is still there, of length 1.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward[:, -1:], h_backward[:, :1], mode)


# %% misconception last_states
# hint: The backward states are in the order of time already. Here they are reversed once more.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward[:, -1], h_backward[:, ::-1][:, 0], mode)


# %% misconception last_states
# hint: The state at the end of each reading is asked for, not the largest over all time steps.
def last_states(h_forward, h_backward, mode):
    return merge_modes(h_forward.max(axis=1), h_backward.max(axis=1), mode)


# %% answer is_causal
def is_causal(function, x, rng):
    outputs = function(x)  # (batch, time, ...)
    for t in range(x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.normal(size=other[:, t:].shape)
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return False
    return True


# %% hidden is_causal
def _leak(target, source, size=1.0, row=slice(None), out=0):
    """A running sum that also adds a later input to an earlier output, at one place only."""

    def function(x):
        y = np.repeat(np.cumsum(x, axis=1), 2, axis=2)
        y[row, target, out] += size * x[row, source, 0]
        return y

    return function


def _difference_of_the_next_two(x):
    ahead = np.concatenate([x, 0 * x[:, :2]], axis=1)
    return ahead[:, 2:] - ahead[:, 1:-1]


def _two_jumps(x):
    """Needs two changes at once: a future that is shifted or filled with one number has one."""
    y = np.cumsum(x, axis=1)
    y[:, 0] += (x[:, 3] - x[:, 2]) * (x[:, 5] - x[:, 4])
    return y


_causal = {
    "the input itself": lambda x: x,
    "the largest so far": lambda x: np.maximum.accumulate(x, axis=1),
    "the mean so far": lambda x: np.cumsum(x, axis=1) / np.arange(1, x.shape[1] + 1)[:, None],
    "the first input at every step": lambda x: np.repeat(x[:, :1], x.shape[1], axis=1),
    "a number for each step, without an axis of outputs": lambda x: np.tanh(x).sum(axis=2),
    "a constant": lambda x: np.ones_like(x),
    "the last input, at the last step only": lambda x: x
    * (np.arange(x.shape[1]) == x.shape[1] - 1)[:, None],
    "the sum of the batch": lambda x: x + x.sum(axis=0),
}
_leaking = {
    "the input minus its mean over time": lambda x: x - x.mean(axis=1, keepdims=True),
    "a smooth maximum of all": lambda x: x + np.log(np.exp(x).sum(axis=1, keepdims=True)),
    "the sum of what is to come": lambda x: np.cumsum(x[:, ::-1], axis=1)[:, ::-1],
    "the sum of all": lambda x: np.repeat(x.sum(axis=1, keepdims=True), x.shape[1], axis=1),
    "two jumps in the future": _two_jumps,
    "the difference of the next two": _difference_of_the_next_two,
    "a leak into the first step, from the second": _leak(0, 1),
    "a leak into the last step but one": _leak(-2, -1),
    "a leak into the first step, from the last": _leak(0, -1),
    "a leak into the middle, from three steps ahead": _leak(2, 5),
    "a small leak": _leak(1, 3, size=1e-2),
    "a leak in the last sequence only": _leak(1, 4, row=slice(-1, None)),
    "a leak in the first sequence only": _leak(2, 4, row=slice(0, 1)),
    "a leak into the second output": _leak(3, 4, out=1),
    "a sequence and its reverse": lambda x: np.tanh(x) + 2 * np.tanh(x[:, ::-1]),
    "a leak of the last feature": lambda x: np.cumsum(x, axis=1) + x[:, -1:, -1:],
    "a difference of two sequences, too early": lambda x: x + x[:1, -1:] - x[1:2, -1:],
    "opposite leaks in two sequences": lambda x: x
    + np.where(np.arange(len(x)) % 2, -1, 1)[:, None, None] * x[:1].sum(axis=1, keepdims=True),
}
_rng = np.random.default_rng()
for _x in (_rng.normal(size=(2, 7, 1)), np.zeros((4, 6, 1)), 1 + 0 * _rng.normal(size=(2, 8, 2))):
    for _functions, _expected in ((_causal, True), (_leaking, False)):
        for _name, _function in _functions.items():
            _answer = is_causal(_function, _x, np.random.default_rng(int(_rng.integers(10**6))))
            _is_bool = isinstance(_answer, (bool, np.bool_))
            checks.true(_is_bool, f"is_causal returned {_answer!r}, expected True or False.")
            _hint = "Replace all inputs from step t on, and compare all outputs before it."
            checks.equal(bool(_answer), _expected, f"is_causal of {_name}", hint=_hint)

# what the function gets to see: the past as it was, and a future that is new in every place
_x = _rng.normal(size=(2, 5, 1))
_before = _x.copy()
_seen = []


def _watching(x):
    _seen.append(np.array(x))
    return np.array(x)


is_causal(_watching, _x, np.random.default_rng(0))
for _one in _seen:
    _same = [bool(np.allclose(_one[:, _t], _before[:, _t])) for _t in range(5)]
    _kept = _same.index(False) if False in _same else 5
    _fresh = not any(_same[_kept:])
    checks.true(_fresh, "Inputs before some step stay, and all from that step on are new.")


# %% also-correct is_causal
def is_causal(function, x, rng):
    outputs = np.array(function(x))
    leaks = False
    for t in range(1, x.shape[1]):
        future = rng.uniform(-2, 2, size=(x.shape[0], x.shape[1] - t, x.shape[2]))
        other = np.concatenate([x[:, :t], future], axis=1)
        change = np.abs(np.array(function(other))[:, :t] - outputs[:, :t])
        leaks = leaks or change.max() > 1e-9
    return not leaks


# %% also-correct is_causal
def is_causal(function, x, rng):
    other = rng.normal(size=x.shape)
    outputs = np.asarray(function(x))
    for t in reversed(range(x.shape[1] - 1)):  # the last step that stays
        mixed = np.where(np.arange(x.shape[1])[None, :, None] <= t, x, other)
        if not np.array_equal(np.asarray(function(mixed))[:, : t + 1], outputs[:, : t + 1]):
            return False
    return True


# %% also-correct is_causal
def is_causal(function, x, rng):
    outputs = np.asarray(function(x))
    for t in range(x.shape[1] - 1):  # one output at a time, with all of its future changed
        other = x.copy()
        other[:, t + 1 :] = rng.standard_normal(other[:, t + 1 :].shape)
        if np.abs(np.asarray(function(other))[:, t] - outputs[:, t]).max() > 1e-8:
            return False
    return True


# %% misconception is_causal
# hint: x belongs to whoever called you. Here the random numbers are written into x itself.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x[:]
        other[:, t:] = rng.normal(size=other[:, t:].shape)
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return False
    return True


# %% misconception is_causal
# hint: Change all of the future at once. One step at a time misses what two steps do together.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t] = rng.normal(size=other[:, t].shape)
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return False
    return True


# %% misconception is_causal
# hint: Changing the past shows memory. Leave the past as it is, and change the future.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, :t] = rng.normal(size=other[:, :t].shape)
        if not np.allclose(function(other)[:, t:], outputs[:, t:]):
            return False
    return True


# %% misconception is_causal
# hint: The output of a changed step may change. Compare only outputs before the first change.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.normal(size=other[:, t:].shape)
        if not np.allclose(function(other)[:, : t + 1], outputs[:, : t + 1]):
            return False
    return True


# %% misconception is_causal
# hint: Outputs after the change may differ in a causal network. Compare those before it.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.normal(size=other[:, t:].shape)
        if not np.allclose(function(other), outputs):
            return False
    return True


# %% misconception is_causal
# hint: One cut in the middle misses leaks elsewhere. Try a cut before every step.
def is_causal(function, x, rng):
    outputs = function(x)
    t = x.shape[1] // 2
    other = x.copy()
    other[:, t:] = rng.normal(size=other[:, t:].shape)
    return bool(np.allclose(function(other)[:, :t], outputs[:, :t]))


# %% misconception is_causal
# hint: A leak may come from further ahead than one step. Change all of the future.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t] = rng.normal(size=other[:, t].shape)
        if not np.allclose(function(other)[:, t - 1], outputs[:, t - 1]):
            return False
    return True


# %% misconception is_causal
# hint: Changing the last input alone misses leaks from other steps. Try a cut before every step.
def is_causal(function, x, rng):
    outputs = function(x)
    other = x.copy()
    other[:, -1] = rng.normal(size=other[:, -1].shape)
    return bool(np.allclose(function(other)[:, :-1], outputs[:, :-1]))


# %% misconception is_causal
# hint: If the future was zero already, zeros change nothing. Put fresh random numbers there.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = 0
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return False
    return True


# %% misconception is_causal
# hint: Shuffling the future keeps its sum and its mean. Put fresh random numbers there.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.permutation(other[:, t:], axis=1)
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return False
    return True


# %% misconception is_causal
# hint: A shift by the same number keeps all differences. Put fresh random numbers there.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] += rng.normal()
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return False
    return True


# %% misconception is_causal
# hint: Every sequence of the batch has to be compared, not the first one alone.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.normal(size=other[:, t:].shape)
        if not np.allclose(function(other)[0, :t], outputs[0, :t]):
            return False
    return True


# %% misconception is_causal
# hint: True and False seem to be swapped: outputs that change mean that the future leaks.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.normal(size=other[:, t:].shape)
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return True
    return False


# %% misconception is_causal
# hint: One step without a leak proves nothing. Only when every step has passed is it causal.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.normal(size=other[:, t:].shape)
        return bool(np.allclose(function(other)[:, :t], outputs[:, :t]))


# %% misconception is_causal
# hint: A leak may come from any feature. Change all features of the future, not the first alone.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:, 0] = rng.normal(size=other[:, t:, 0].shape)
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return False
    return True


# %% misconception is_causal
# hint: The same numbers in every sequence hide differences between them. Draw one for each place.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.normal(size=other[0, t:].shape)
        if not np.allclose(function(other)[:, :t], outputs[:, :t]):
            return False
    return True


# %% misconception is_causal
# hint: Changes of different sign cancel in a mean. Compare every output with what it was.
def is_causal(function, x, rng):
    outputs = function(x)
    for t in range(1, x.shape[1]):
        other = x.copy()
        other[:, t:] = rng.normal(size=other[:, t:].shape)
        if not np.isclose(np.mean(function(other)[:, :t]), np.mean(outputs[:, :t])):
            return False
    return True


# %% answer stacked_forward
def stacked_forward(x, layers):
    h = []
    for W_x, W_h, b in layers:
        x = rnn_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b)  # (batch, time, units)
        h.append(x)
    return h


# %% hidden stacked_forward
import math


def _column_by_column(x, layers):
    """All layers of one step before the next step, one number at a time."""
    batch, time, _ = x.shape
    result = [np.zeros((batch, time, len(b))) for _, _, b in layers]
    for row in range(batch):
        old = [[0.0] * len(b) for _, _, b in layers]
        for t in range(time):
            below = [float(value) for value in x[row, t]]
            for number, (W_x, W_h, b) in enumerate(layers):
                new = []
                for j in range(len(b)):
                    total = float(b[j])
                    total += sum(value * float(W_x[i, j]) for i, value in enumerate(below))
                    total += sum(value * float(W_h[k, j]) for k, value in enumerate(old[number]))
                    new.append(math.tanh(total))
                result[number][row, t] = old[number] = below = new
    return result


_rng = np.random.default_rng()
for _features, _widths in [(2, [3]), (3, [3, 3]), (2, [4, 2, 3]), (1, [2, 2, 2, 2])]:
    _layers, _below = [], _features
    for _units in _widths:
        _W_x, _W_h = _rng.normal(size=(_below, _units)), _rng.normal(size=(_units, _units)) / 2
        _layers.append((_W_x, _W_h, _rng.uniform(0.2, 0.6, size=_units)))
        _below = _units
    _x = _rng.normal(size=(2, 4, _features))
    _states = checks.unchanged(stacked_forward, _x, _layers)
    checks.true(len(_states) == len(_widths), "The list has the states of each layer, once.")
    for _number, _expected in enumerate(_column_by_column(_x, _layers)):
        _hint = "Each layer reads the states of the one below, and starts from zeros."
        _name, _axes = f"layer {_number + 1}", ("batch", "time", "units")
        checks.close(_states[_number], _expected, _name, hint=_hint, axes=_axes)


# %% also-correct stacked_forward
def stacked_forward(x, layers):
    if not layers:
        return []
    h = rnn_forward(x, np.zeros((x.shape[0], layers[0][1].shape[0])), *layers[0])
    return [h, *stacked_forward(h, layers[1:])]


# %% also-correct stacked_forward
def stacked_forward(x, layers):
    batch, time = x.shape[:2]
    states = [np.zeros((batch, time, len(b))) for _, _, b in layers]
    for t in range(time):
        for number, (W_x, W_h, b) in enumerate(layers):
            below = x[:, t] if number == 0 else states[number - 1][:, t]
            before = states[number][:, t - 1] if t > 0 else np.zeros((batch, len(b)))
            states[number][:, t] = np.tanh(below @ W_x + before @ W_h + b)
    return states


# %% also-correct stacked_forward
def stacked_forward(x, layers):
    below, states = x, ()
    for W_x, W_h, b in layers:
        old, rows = np.zeros((x.shape[0], b.size)), []
        for step in np.einsum("btf,fu->tbu", below, W_x):
            old = np.tanh(step + old @ W_h + b)
            rows.append(old)
        below = np.swapaxes(np.array(rows), 0, 1)
        states = (*states, below)
    return states


# %% misconception stacked_forward
# hint: Only the lowest layer reads x. Each layer above reads the states of the one below.
def stacked_forward(x, layers):
    h = []
    for W_x, W_h, b in layers:
        fitting = np.resize(x, (*x.shape[:2], len(W_x)))
        h.append(rnn_forward(fitting, np.zeros((len(x), len(b))), W_x, W_h, b))
    return h


# %% misconception stacked_forward
# hint: Each layer has weights of its own. Here all layers seem to use those of the first.
def stacked_forward(x, layers):
    h = []
    for number in range(len(layers)):
        same = layers[0][0].shape == layers[number][0].shape
        W_x, W_h, b = layers[0] if same else layers[number]
        x = rnn_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b)
        h.append(x)
    return h if len(layers) < 2 or len(layers[0][2]) != 3 else [h[0]] * len(h)


# %% misconception stacked_forward
# hint: Each layer starts from zeros. Here the last state of one layer starts the next.
def stacked_forward(x, layers):
    h = []
    for W_x, W_h, b in layers:
        start = np.zeros((len(x), len(b)))
        if h and h[-1].shape[2] == len(b):
            start = h[-1][:, -1]
        x = rnn_forward(x, start, W_x, W_h, b)
        h.append(x)
    return h


# %% misconception stacked_forward
# hint: The states of every layer are asked for. Here only those of the highest come back.
def stacked_forward(x, layers):
    for W_x, W_h, b in layers:
        x = rnn_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b)
    return [x]


# %% misconception stacked_forward
# hint: A layer above needs the states of all steps below, not the last state repeated.
def stacked_forward(x, layers):
    h = []
    for W_x, W_h, b in layers:
        states = rnn_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b)
        h.append(states)
        x = np.repeat(states[:, -1:], x.shape[1], axis=1)
    return h


# %% misconception stacked_forward
# hint: The list runs from the lowest layer to the highest. Here it runs the other way.
def stacked_forward(x, layers):
    h = []
    for W_x, W_h, b in layers:
        x = rnn_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b)
        h.insert(0, x)
    return h


# %% misconception stacked_forward
# hint: Every layer reads from the first step to the last. Here each second one reads backwards.
def stacked_forward(x, layers):
    h = []
    for number, (W_x, W_h, b) in enumerate(layers):
        order = slice(None, None, -1 if number % 2 else 1)
        x = rnn_forward(x[:, order], np.zeros((len(x), len(b))), W_x, W_h, b)[:, order]
        h.append(x)
    return h


# %% misconception stacked_forward
# hint: The states of a layer replace its input. Here the input is added to them.
def stacked_forward(x, layers):
    h = []
    for W_x, W_h, b in layers:
        states = rnn_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b)
        x = states + x if states.shape == x.shape else states + x.mean(axis=2, keepdims=True)
        h.append(x)
    return h


# %% misconception stacked_forward
# hint: The states below are squashed already. They enter the next layer as they are.
def stacked_forward(x, layers):
    h = []
    for W_x, W_h, b in layers:
        h.append(rnn_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b))
        x = np.tanh(h[-1])
    return h


# %% misconception stacked_forward
# hint: Layer 2 at step t reads layer 1 at the same step t. Here it is one step late.
def stacked_forward(x, layers):
    h = []
    for W_x, W_h, b in layers:
        h.append(rnn_forward(x, np.zeros((len(x), len(b))), W_x, W_h, b))
        x = np.concatenate([np.zeros_like(h[-1][:, :1]), h[-1][:, :-1]], axis=1)
    return h


# %% answer stacked_backward
def stacked_backward(dh, x, h, layers):
    inputs = [x, *h]  # layer number n reads inputs[n]
    gradients = []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros = np.zeros((len(x), len(b)))  # (batch, units)
        dh, _, dW_x, dW_h, db = rnn_backward(dh, inputs[n], zeros, h[n], W_x, W_h)
        gradients.append((dW_x, dW_h, db))
    return dh, gradients[::-1]


# %% hidden stacked_backward
def _run(x, layers):
    states = []
    for W_x, W_h, b in layers:
        h = np.zeros((x.shape[0], x.shape[1], len(b)))
        for t in range(x.shape[1]):
            before = h[:, t - 1] if t else np.zeros((x.shape[0], len(b)))
            h[:, t] = np.tanh(x[:, t] @ W_x + before @ W_h + b)
        states.append(h)
        x = h
    return states


def _slopes(loss, array, eps=1e-5):
    """The slope of the loss along every number of an array, by central differences."""
    slopes = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + eps
        above = loss()
        array[place] = kept - eps
        slopes[place] = (above - loss()) / (2 * eps)
        array[place] = kept
    return slopes


_rng = np.random.default_rng()
for _features, _widths in [(2, [3]), (2, [2, 2]), (1, [3, 2, 1]), (2, [1, 2, 2, 1])]:
    _layers, _below = [], _features
    for _units in _widths:
        _W_x, _W_h = _rng.normal(size=(_below, _units)), _rng.normal(size=(_units, _units)) / 2
        _layers.append((_W_x, _W_h, _rng.uniform(-0.5, 0.5, size=_units)))
        _below = _units
    _x = _rng.normal(size=(2, 3, _features))
    _dh = _rng.normal(size=(2, 3, _below))

    def _loss():
        return float(np.sum(_dh * _run(_x, _layers)[-1]))

    _states = _run(_x, _layers)
    _dx, _grads = checks.unchanged(stacked_backward, _dh, _x, _states, _layers)
    _hint = "Compared with what happens to the loss when the input moves a little."
    checks.close(_dx, _slopes(_loss, _x), "dx", hint=_hint, atol=1e-6, rtol=1e-4)
    checks.true(len(_grads) == len(_widths), "One tuple (dW_x, dW_h, db) for each layer.")
    for _number, (_layer, _triple) in enumerate(zip(_layers, _grads)):
        checks.true(len(_triple) == 3, "Each layer has three gradients: dW_x, dW_h, db.")
        for _name, _array, _gradient in zip(("dW_x", "dW_h", "db"), _layer, _triple):
            checks.close(
                _gradient,
                _slopes(_loss, _array),
                f"{_name} of layer {_number + 1}",
                hint="Compared with what happens to the loss when the weight moves a little.",
                atol=1e-6,
                rtol=1e-4,
            )


# %% also-correct stacked_backward
def stacked_backward(dh, x, h, layers):
    *lower, (W_x, W_h, b) = layers
    below = h[len(lower) - 1] if lower else x
    zeros = np.zeros((len(x), len(b)))
    dx, _, *triple = rnn_backward(dh, below, zeros, h[len(lower)], W_x, W_h)
    if not lower:
        return dx, [triple]
    dx, gradients = stacked_backward(dx, x, h, lower)
    return dx, [*gradients, triple]


# %% also-correct stacked_backward
def stacked_backward(dh, x, h, layers):
    gradients = [None] * len(layers)
    for n in range(len(layers) - 1, -1, -1):
        W_x, W_h, _ = layers[n]
        below = h[n - 1] if n else x
        da, later = np.zeros_like(h[n]), 0.0
        dW_h = np.zeros_like(W_h)
        for t in range(x.shape[1] - 1, -1, -1):
            da[:, t] = (dh[:, t] + later) * (1 - h[n][:, t] ** 2)
            later = np.einsum("bu,ku->bk", da[:, t], W_h)
            if t:
                dW_h += h[n][:, t - 1].T @ da[:, t]
        gradients[n] = (np.einsum("btf,btu->fu", below, da), dW_h, np.einsum("btu->u", da))
        dh = np.einsum("btu,fu->btf", da, W_x)
    return dh, gradients


# %% misconception stacked_backward
# hint: The input of an upper layer is the states of the layer below. Here it is its own states.
def stacked_backward(dh, x, h, layers):
    gradients = []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        inputs = x if n == 0 else np.resize(h[n], h[n - 1].shape)
        zeros = np.zeros((len(x), len(b)))
        dh, _, *triple = rnn_backward(dh, inputs, zeros, h[n], W_x, W_h)
        gradients.insert(0, tuple(triple))
    return dh, gradients


# %% misconception stacked_backward
# hint: The list begins with the lowest layer. Here it begins with the highest.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros = np.zeros((len(x), len(b)))
        dh, _, *triple = rnn_backward(dh, inputs[n], zeros, h[n], W_x, W_h)
        gradients.append(tuple(triple))
    return dh, gradients


# %% misconception stacked_backward
# hint: Each layer gets what the layer above sends down. Here all get the dh of the highest.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros, fitting = np.zeros((len(x), len(b))), np.resize(dh, h[n].shape)
        dx, _, *triple = rnn_backward(fitting, inputs[n], zeros, h[n], W_x, W_h)
        gradients.insert(0, tuple(triple))
    return dx, gradients


# %% misconception stacked_backward
# hint: The gradient goes from the highest layer down. Here it starts at the lowest.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in range(len(layers)):
        W_x, W_h, b = layers[n]
        zeros, fitting = np.zeros((len(x), len(b))), np.resize(dh, h[n].shape)
        dh, _, *triple = rnn_backward(fitting, inputs[n], zeros, h[n], W_x, W_h)
        gradients.append(tuple(triple))
    return np.resize(dh, x.shape), gradients


# %% misconception stacked_backward
# hint: Every step sends its gradient down to the layer below, not the last step alone.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros, only_last = np.zeros((len(x), len(b))), np.zeros_like(dh)
        only_last[:, -1] = dh[:, -1]
        dh, _, *triple = rnn_backward(only_last, inputs[n], zeros, h[n], W_x, W_h)
        gradients.insert(0, tuple(triple))
    return dh, gradients


# %% misconception stacked_backward
# hint: Layers do not hand their state to each other, so dh_0 goes nowhere; dx goes down.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros = np.zeros((len(x), len(b)))
        dx, dh_0, *triple = rnn_backward(dh, inputs[n], zeros, h[n], W_x, W_h)
        gradients.insert(0, tuple(triple))
        dh = np.zeros_like(inputs[n])
        dh[:, -1] = np.resize(dh_0, dh[:, -1].shape)
    return dx, gradients


# %% misconception stacked_backward
# hint: Each layer starts from zeros. Here its first state is taken for the initial state.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        dh, _, *triple = rnn_backward(dh, inputs[n], h[n][:, 0], h[n], W_x, W_h)
        gradients.insert(0, tuple(triple))
    return dh, gradients


# %% misconception stacked_backward
# hint: Each layer has its own gradients. Here the layers' gradients are added up.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros = np.zeros((len(x), len(b)))
        dh, _, *triple = rnn_backward(dh, inputs[n], zeros, h[n], W_x, W_h)
        above = gradients[0] if gradients else [0.0, 0.0, 0.0]
        same = all(np.shape(a) == np.shape(d) for a, d in zip(above, triple))
        if same:
            triple = [a + d for a, d in zip(above, triple)]
        gradients.insert(0, tuple(triple))
    return dh, gradients


# %% misconception stacked_backward
# hint: rnn_backward returns dx, dh_0, dW_x, dW_h, db. Here dh_0 is taken for dW_x.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros = np.zeros((len(x), len(b)))
        dh, *triple, _ = rnn_backward(dh, inputs[n], zeros, h[n], W_x, W_h)
        gradients.insert(0, tuple(triple))
    return dh, gradients


# %% misconception stacked_backward
# hint: rnn_backward passes dh through the slope of tanh itself. Here it is applied twice.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros, sloped = np.zeros((len(x), len(b))), dh * (1 - h[n] ** 2)
        dh, _, *triple = rnn_backward(sloped, inputs[n], zeros, h[n], W_x, W_h)
        gradients.insert(0, tuple(triple))
    return dh, gradients


# %% misconception stacked_backward
# hint: A gradient is the sum over the batch. Here it is divided by the number of sequences.
def stacked_backward(dh, x, h, layers):
    inputs, gradients = [x, *h], []
    for n in reversed(range(len(layers))):
        W_x, W_h, b = layers[n]
        zeros = np.zeros((len(x), len(b)))
        dh, _, *triple = rnn_backward(dh, inputs[n], zeros, h[n], W_x, W_h)
        gradients.insert(0, tuple(d / len(x) for d in triple))
    return dh, gradients


# %% answer wonderful_alarm [markdown]
# (1) The backward cell gives its state for a second after it has read all later seconds of the
# record: the failure itself and the silence after it. When a warning is due, these have not
# happened. So the network can be asked only when the record is complete, and its 99 % was measured
# with the future in view; it says nothing about warnings.
#
# (2) A network with one direction is causal and can answer every second; it gives up the future, so
# its score will be lower. A network with one direction and a delay of, say, 60 seconds sees a
# minute more; its warnings come a minute late. (Also good: a bidirectional network over a window of
# the last minutes, whose answer for the newest second alone is used; it must read the whole window
# again for every answer.)
#
# (3) We take a record and note the outputs. For many moments we replace everything after that
# moment by random numbers and run the candidate again. If any output up to the moment has changed,
# it uses the future and is unfit. (A network with a delay passes: what it says at second s is its
# answer for an earlier second.)
#
# (4) "Never warn" must stand beside it. Failures are rare: if one second in a hundred lies within
# an hour before a failure, never warning is right 99 % of the time.
#
# Rubric, one point each:
#
# - (1) the backward cell has read what comes after the second in question, so the score is a leak
#   from the future. "It is too slow" alone earns half a point.
# - (2) two different ways, each with its price.
# - (3) change the inputs after a moment, compare the outputs up to that moment, a change means
#   unfit. Changing the past, or comparing all outputs, earns no point.
# - (4) "never warn" (or the share of normal seconds), with the reason that failures are rare.
