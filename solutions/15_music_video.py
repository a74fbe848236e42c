# %% answer encode_melody
def encode_melody(notes, lowest):
    tokens = []
    for pitch, duration in notes:
        if duration < 1:
            raise ValueError(f"a note lasts an eighth or more, not {duration}")
        if pitch is None:
            tokens += [REST] * duration
            continue
        if pitch < lowest:
            raise ValueError(f"pitch {pitch} is below {lowest}")
        tokens += [pitch - lowest + 3] + [HOLD] * (duration - 1)
    return np.array(tokens)  # (time,)


# %% hidden encode_melody
_rng = np.random.default_rng()
for _ in range(20):
    _lowest = int(_rng.integers(30, 70))
    _notes, _wanted = [], []
    for _silent in [False, True, *(_rng.random(8) < 0.3)]:
        _duration = int(_rng.integers(1, 6))
        _key = int(_rng.integers(0, 20))
        _notes.append((None if _silent else _lowest + _key, _duration))
        # a picture of the melody: one column for each eighth, written cell by cell
        for _eighth in range(_duration):
            _wanted.append(1 if _silent else (_key + 3 if _eighth == 0 else 2))
    _tokens = checks.unchanged(encode_melody, _notes, _lowest)
    _hint = "One token for each eighth."
    checks.shape(_tokens, (len(_wanted),), "the tokens", hint=_hint, axes=("time",))
    _hint = "A new note is pitch - lowest + 3, then holds (2); each eighth of a rest is 1."
    checks.equal(list(map(int, _tokens)), _wanted, "the tokens", hint=_hint)
    _back = []
    for _pitch, _duration in decode_melody(np.asarray(_tokens), _lowest):
        _back.append((_pitch, _duration))
    _apart = []
    for _pitch, _duration in _notes:
        _apart += [(None, 1)] * _duration if _pitch is None else [(_pitch, _duration)]
    checks.equal(_back, _apart, "the notes after decode_melody", hint="A rest has no hold.")
    _bad = list(_notes)
    _bad.insert(int(_rng.integers(0, len(_bad) + 1)), (_lowest - int(_rng.integers(1, 4)), 2))
    _hint = "Every pitch below lowest is a mistake: raise ValueError(...)."
    checks.raises(ValueError, encode_melody, _bad, _lowest, hint=_hint)
    for _pitch in (None, _lowest + 1):
        _bad = [*_notes, (_pitch, -int(_rng.integers(0, 3)))]
        _hint = "A duration below 1 is a mistake, for notes and for rests: raise ValueError(...)."
        checks.raises(ValueError, encode_melody, _bad, _lowest, hint=_hint)


# %% also-correct encode_melody
def encode_melody(notes, lowest):
    durations = np.array([duration for _, duration in notes])
    silent = np.array([pitch is None for pitch, _ in notes])
    tokens = np.array([REST if pitch is None else pitch - lowest + 3 for pitch, _ in notes])
    if (durations < 1).any() or (tokens[~silent] < 3).any():
        raise ValueError("a pitch or a duration is too small")
    result = np.repeat(np.where(silent, REST, HOLD), durations)
    result[np.cumsum(durations) - durations] = tokens
    return result


# %% also-correct encode_melody
def encode_melody(notes, lowest):
    tokens = []
    for note in notes:
        if note[1] <= 0 or (note[0] is not None and note[0] < lowest):
            raise ValueError(note)
        for eighth in range(note[1]):
            if note[0] is None:
                tokens.append(1)
            elif eighth == 0:
                tokens.append(note[0] - lowest + 3)
            else:
                tokens.append(2)
    return tokens


# %% misconception encode_melody
# hint: A long note begins once. Here it seems to begin again in each eighth; the rest are holds.
def encode_melody(notes, lowest):
    tokens = []
    for pitch, duration in notes:
        if duration < 1 or (pitch is not None and pitch < lowest):
            raise ValueError(pitch)
        tokens += [REST if pitch is None else pitch - lowest + 3] * duration
    return np.array(tokens)


# %% misconception encode_melody
# hint: A rest is not held: each of its eighths is the token 1.
def encode_melody(notes, lowest):
    tokens = []
    for pitch, duration in notes:
        if duration < 1 or (pitch is not None and pitch < lowest):
            raise ValueError(pitch)
        tokens += [REST if pitch is None else pitch - lowest + 3] + [HOLD] * (duration - 1)
    return np.array(tokens)


# %% misconception encode_melody
# hint: The duration counts the first eighth as well: after the new note come duration - 1 holds.
def encode_melody(notes, lowest):
    tokens = []
    for pitch, duration in notes:
        if duration < 1 or (pitch is not None and pitch < lowest):
            raise ValueError(pitch)
        if pitch is None:
            tokens += [REST] * duration
        else:
            tokens += [pitch - lowest + 3] + [HOLD] * duration
    return np.array(tokens)


# %% misconception encode_melody
# hint: Tokens 0 to 2 are taken, so the lowest pitch has the token 3, not 0.
def encode_melody(notes, lowest):
    tokens = []
    for pitch, duration in notes:
        if duration < 1 or (pitch is not None and pitch < lowest):
            raise ValueError(pitch)
        if pitch is None:
            tokens += [REST] * duration
        else:
            tokens += [pitch - lowest] + [HOLD] * (duration - 1)
    return np.array(tokens)


# %% misconception encode_melody
# hint: One token for each eighth. Here there is one for each note, and the durations are lost.
def encode_melody(notes, lowest):
    for pitch, duration in notes:
        if duration < 1 or (pitch is not None and pitch < lowest):
            raise ValueError(pitch)
    return np.array([REST if pitch is None else pitch - lowest + 3 for pitch, _ in notes])


# %% misconception encode_melody
# hint: A pitch below lowest would get the token of a rest or a hold: raise a ValueError.
def encode_melody(notes, lowest):
    tokens = []
    for pitch, duration in notes:
        if duration < 1:
            raise ValueError(duration)
        if pitch is None:
            tokens += [REST] * duration
        else:
            tokens += [pitch - lowest + 3] + [HOLD] * (duration - 1)
    return np.array(tokens)


# %% misconception encode_melody
# hint: A duration below 1 is a mistake, for notes and for rests: raise a ValueError.
def encode_melody(notes, lowest):
    tokens = []
    for pitch, duration in notes:
        if pitch is None:
            tokens += [REST] * duration
            continue
        if pitch < lowest:
            raise ValueError(pitch)
        tokens += [pitch - lowest + 3] + [HOLD] * (duration - 1)
    return np.array(tokens)


# %% misconception encode_melody
# hint: The tokens are counted from lowest, which differs. Here they seem to be counted from 60.
def encode_melody(notes, lowest):
    tokens = []
    for pitch, duration in notes:
        if duration < 1 or (pitch is not None and pitch < lowest):
            raise ValueError(pitch)
        if pitch is None:
            tokens += [REST] * duration
        else:
            tokens += [pitch - 60 + 3] + [HOLD] * (duration - 1)
    return np.array(tokens)


# %% answer repetition_score
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError(f"a melody of {len(tokens)} tokens has no run of {n}")
    runs = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
    return 1 - len(set(runs)) / len(runs)


# %% hidden repetition_score
def _slow_score(tokens, n):
    """Compare every run with every earlier one, token by token."""
    starts = len(tokens) - n + 1
    seen = 0
    for later in range(starts):
        for earlier in range(later):
            if all(int(tokens[earlier + k]) == int(tokens[later + k]) for k in range(n)):
                seen += 1
                break
    return seen / starts


_rng = np.random.default_rng()
for _n in (1, 2, 3, 4, 8):
    for _ in range(5):
        _theme = _rng.integers(0, 200, int(_rng.integers(2, 12)))
        _tokens = np.concatenate([_theme, _rng.integers(0, 2, 5), _theme, _theme[::-1], _theme])
        _tokens = _tokens[: int(_rng.integers(_n + 1, len(_tokens) + 1))]
        _hint = "Runs overlap, and a run counts if an equal one starts earlier."
        _score = checks.unchanged(repetition_score, _tokens, _n)
        checks.close(_score, _slow_score(_tokens, _n), "the score", hint=_hint)
        _tokens = _rng.integers(0, 3, int(_rng.integers(_n + 3, 40)))
        _score = repetition_score([int(_t) for _t in _tokens], _n)
        checks.close(_score, _slow_score(_tokens, _n), "the score", hint=_hint)
    _hint = "Digits are no tokens: 1, 11 is another run than 11, 1."
    checks.close(repetition_score([1, 11, 11, 1], 2), 0.0, "the score", hint=_hint)
    _hint = "A melody as long as one run has the score 0; a shorter one has none: ValueError."
    checks.close(repetition_score([3] * _n, _n), 0.0, "the score", hint=_hint)
    checks.raises(ValueError, repetition_score, [3] * (_n - 1), _n, hint=_hint)


# %% also-correct repetition_score
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = np.lib.stride_tricks.sliding_window_view(np.asarray(tokens), n)  # (runs, n)
    return 1 - len(np.unique(runs, axis=0)) / len(runs)


# %% also-correct repetition_score
def repetition_score(tokens, n):
    seen, repeated, total = set(), 0, 0
    for stop in range(n, len(tokens) + 1):
        run = ",".join(str(int(token)) for token in tokens[stop - n : stop])
        repeated += run in seen
        total += 1
        seen.add(run)
    if not total:
        raise ValueError("too short")
    return repeated / total


# %% misconception repetition_score
# hint: The first time a run occurs it is new. Here every run that occurs twice is counted each time.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
    return sum(runs.count(run) > 1 for run in runs) / len(runs)


# %% misconception repetition_score
# hint: There are time - n + 1 runs. Here the last one seems to be left out.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = [tuple(tokens[start : start + n]) for start in range(max(1, len(tokens) - n))]
    return 1 - len(set(runs)) / len(runs)


# %% misconception repetition_score
# hint: Runs overlap: one begins at each token. Here the melody is cut into pieces instead.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = [tuple(tokens[start : start + n]) for start in range(0, len(tokens) - n + 1, n)]
    return 1 - len(set(runs)) / len(runs)


# %% misconception repetition_score
# hint: The order of the tokens within a run counts. Here two runs with the same notes are equal.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = [tuple(sorted(tokens[start : start + n])) for start in range(len(tokens) - n + 1)]
    return 1 - len(set(runs)) / len(runs)


# %% misconception repetition_score
# hint: That is the share of new runs. The score is the share of those that were there before.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
    return len(set(runs)) / len(runs)


# %% misconception repetition_score
# hint: A run may come back anywhere. Here it is compared with the run right before it only.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
    return sum(old == new for old, new in zip(runs, runs[1:])) / len(runs)


# %% misconception repetition_score
# hint: Runs of n tokens are compared, not single tokens.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    return 1 - len(set(map(int, tokens))) / len(tokens)


# %% misconception repetition_score
# hint: Written side by side, 1, 11 and 11, 1 look the same. Compare tokens, not their digits.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = ["".join(map(str, tokens[i : i + n])) for i in range(len(tokens) - n + 1)]
    return 1 - len(set(runs)) / len(runs)


# %% misconception repetition_score
# hint: A melody shorter than n has no run at all, so no score: raise a ValueError.
def repetition_score(tokens, n):
    runs = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


# %% misconception repetition_score
# hint: Runs may overlap the one they repeat. Here an equal run counts only where the old one ended.
def repetition_score(tokens, n):
    if len(tokens) < n:
        raise ValueError("too short")
    runs = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
    repeated = sum(run in runs[: max(0, i - n + 1)] for i, run in enumerate(runs))
    return repeated / len(runs)


# %% answer sample_melody
def sample_melody(step, state, length, temperature, rng):
    token, tokens = START, []
    for _ in range(length):
        scores, state = step(token, state)  # (outputs,)
        s = np.asarray(scores) / temperature
        p = np.exp(s - s.max())
        token = int(rng.choice(len(p), p=p / p.sum()))
        tokens.append(token)
    return np.array(tokens)  # (length,)


# %% hidden sample_melody
_rng = np.random.default_rng()


def _counted(step, state, length, temperature, rng):
    """Sample by comparing a uniform number with sums of probabilities."""
    token, tokens = 0, []
    for _ in range(length):
        scores, state = step(token, state)
        weights = [float(np.exp((s - max(scores)) / temperature)) for s in scores]
        left, token = rng.random() * sum(weights), 0
        while left >= weights[token] and token < len(weights) - 1:
            left -= weights[token]
            token += 1
        tokens.append(token)
    return tokens


for _ in range(4):
    _a, _b, _size = (int(_v) for _v in _rng.integers((2, 1, 5), (5, 9, 12)))

    def _sure_step(token, state, a=_a, b=_b, size=_size):
        _scores = np.zeros(size)
        _scores[(a * int(token) + b * int(state) + 1) % size] = 900.0
        return _scores, state + int(token) + 1

    _start = int(_rng.integers(0, 5))
    _found = sample_melody(_sure_step, _start, 12, 1.0, _rng)
    checks.shape(_found, (12,), "the melody", hint="As many tokens as length says.", axes=("time",))
    _wanted = _counted(_sure_step, _start, 12, 1.0, _rng)
    _hint = "Each step gets the token that was drawn last and the state that came with it."
    checks.equal(list(map(int, _found)), _wanted, "the melody", hint=_hint)

_last = int(_rng.integers(2, 5))


def _even_step(token, state):
    """The first, third, ... call allows 0 and `_last`, the others 1 and `_last`."""
    _scores = np.full(6, -800.0)
    _scores[[int(state) % 2, _last]] = np.log(4.0), 0.0
    return _scores, state + 1


for _temperature in (0.5, 1.5):
    _found = np.array(sample_melody(_even_step, 0, 400, _temperature, _rng))
    _p = 4 ** (1 / _temperature) / (4 ** (1 / _temperature) + 1)
    _share = float(np.mean(_found == np.arange(400) % 2))
    _hint = f"At temperature {_temperature} the likelier token should come with p = {_p:.3f}."
    _message = f"It came in a share of {_share:.3f} of 400 draws. {_hint} Divide the scores by it."
    checks.true(abs(_share - _p) < 6.5 * np.sqrt(_p * (1 - _p) / 400), _message)
    checks.true(set(_found.tolist()) <= {0, 1, _last}, "A token of probability 0 was drawn.")

_seed = int(_rng.integers(0, 10**6))
_pair = [
    list(map(int, sample_melody(_even_step, 0, 60, 2.0, np.random.default_rng(_seed))))
    for _ in range(2)
]
checks.equal(_pair[0], _pair[1], "the second melody from the same seed", hint="Draw from rng.")
_other = list(map(int, sample_melody(_even_step, 0, 60, 2.0, np.random.default_rng(_seed + 1))))
checks.true(_other != _pair[0], "Two seeds gave the same 60 tokens: is rng used?")


# %% also-correct sample_melody
def sample_melody(step, state, length, temperature, rng):
    token, tokens = 0, []
    while len(tokens) < length:
        scores, state = step(token, state)
        noise = rng.gumbel(size=len(scores))  # the largest sum falls on i with softmax's p_i
        token = int(np.argmax(np.asarray(scores) / temperature + noise))
        tokens.append(token)
    return tokens


# %% also-correct sample_melody
def sample_melody(step, state, length, temperature, rng):
    tokens = np.zeros(length + 1, dtype=int)
    for t in range(length):
        scores, state = step(int(tokens[t]), state)
        log_p = np.array(scores, dtype=float) / temperature
        log_p -= np.logaddexp.reduce(log_p)
        sums = np.cumsum(np.exp(log_p))
        tokens[t + 1] = np.searchsorted(sums, rng.random() * sums[-1], side="right")
    return tokens[1:]


# %% misconception sample_melody
# hint: A temperature divides the scores. Here it multiplies them.
def sample_melody(step, state, length, temperature, rng):
    token, tokens = START, []
    for _ in range(length):
        scores, state = step(token, state)
        p = np.exp((scores - np.max(scores)) * temperature)
        token = int(rng.choice(len(p), p=p / p.sum()))
        tokens.append(token)
    return np.array(tokens)


# %% misconception sample_melody
# hint: The temperature seems to be left out.
def sample_melody(step, state, length, temperature, rng):
    token, tokens = START, []
    for _ in range(length):
        scores, state = step(token, state)
        p = np.exp(scores - np.max(scores))
        token = int(rng.choice(len(p), p=p / p.sum()))
        tokens.append(token)
    return np.array(tokens)


# %% misconception sample_melody
# hint: Here the likeliest token is always taken. Draw one from the probabilities instead.
def sample_melody(step, state, length, temperature, rng):
    token, tokens = START, []
    for _ in range(length):
        scores, state = step(token, state)
        token = int(np.argmax(scores))
        tokens.append(token)
    return np.array(tokens)


# %% misconception sample_melody
# hint: The state has to be carried from step to step. Here each step gets the first one.
def sample_melody(step, state, length, temperature, rng):
    token, tokens = START, []
    for _ in range(length):
        scores, _new = step(token, state)
        s = np.asarray(scores) / temperature
        p = np.exp(s - s.max())
        token = int(rng.choice(len(p), p=p / p.sum()))
        tokens.append(token)
    return np.array(tokens)


# %% misconception sample_melody
# hint: The token that was drawn is what the next step reads. Here each step reads the start token.
def sample_melody(step, state, length, temperature, rng):
    tokens = []
    for _ in range(length):
        scores, state = step(START, state)
        s = np.asarray(scores) / temperature
        p = np.exp(s - s.max())
        tokens.append(int(rng.choice(len(p), p=p / p.sum())))
    return np.array(tokens)


# %% misconception sample_melody
# hint: The start token is what the first step reads. It is no part of the melody.
def sample_melody(step, state, length, temperature, rng):
    tokens = [START]
    for _ in range(length - 1):
        scores, state = step(tokens[-1], state)
        s = np.asarray(scores) / temperature
        p = np.exp(s - s.max())
        tokens.append(int(rng.choice(len(p), p=p / p.sum())))
    return np.array(tokens)


# %% misconception sample_melody
# hint: Large scores overflow in exp. Subtract the largest one first: the probabilities stay.
def sample_melody(step, state, length, temperature, rng):
    token, tokens = START, []
    with np.errstate(all="ignore"):
        for _ in range(length):
            scores, state = step(token, state)
            p = np.exp(np.asarray(scores) / temperature)
            p = np.nan_to_num(p / p.sum())
            token = int(rng.choice(len(p), p=p / p.sum() if p.sum() > 0 else None))
            tokens.append(token)
    return np.array(tokens)


# %% misconception sample_melody
# hint: Draw from the generator that was handed in. Here a generator of your own is made.
def sample_melody(step, state, length, temperature, rng):
    token, tokens = START, []
    rng = np.random.default_rng(0)
    for _ in range(length):
        scores, state = step(token, state)
        s = np.asarray(scores) / temperature
        p = np.exp(s - s.max())
        token = int(rng.choice(len(p), p=p / p.sum()))
        tokens.append(token)
    return np.array(tokens)


# %% misconception sample_melody
# hint: The temperature belongs inside exp, below the scores. Here the probabilities are divided.
def sample_melody(step, state, length, temperature, rng):
    token, tokens = START, []
    for _ in range(length):
        scores, state = step(token, state)
        p = np.exp(scores - np.max(scores)) / temperature
        token = int(rng.choice(len(p), p=p / p.sum()))
        tokens.append(token)
    return np.array(tokens)


# %% answer time_distributed
def time_distributed(layer, x):
    batch, time, *picture = x.shape
    u = np.asarray(layer(x.reshape(batch * time, *picture)))  # (batch * time, ...)
    return u.reshape(batch, time, *u.shape[1:])  # (batch, time, ...)


# %% hidden time_distributed
_rng = np.random.default_rng()
_mix = _rng.normal(size=(4, 3))


def _to_rows(pictures):
    """From (pictures, height, 4) to (pictures, 3), nonlinear."""
    checks.true(np.ndim(pictures) == 3, f"The layer got the shape {np.shape(pictures)}.")
    return np.tanh(np.sum(pictures, axis=1) @ _mix)


def _to_more(pictures):
    """From (pictures, features) to (pictures, features, 2, 1)."""
    checks.true(np.ndim(pictures) == 2, f"The layer got the shape {np.shape(pictures)}.")
    return np.stack([pictures, pictures**2], axis=-1)[..., None]


def _to_numbers(pictures):
    """From (pictures, height, width, channels) to (pictures,)."""
    checks.true(np.ndim(pictures) == 4, f"The layer got the shape {np.shape(pictures)}.")
    return np.max(pictures, axis=(1, 2, 3))


for _batch, _time in [(1, 1), (2, 3), (3, 2), (4, 5), (3, 3)]:
    for _layer, _picture in [(_to_rows, (5, 4)), (_to_more, (3,)), (_to_numbers, (2, 3, 2))]:
        _x = _rng.normal(size=(_batch, _time, *_picture))
        _rows = []
        for _film in _x:
            _rows.append([_layer(_frame[None])[0] for _frame in _film])
        _wanted = np.array(_rows)  # one frame at a time
        _u = checks.unchanged(time_distributed, _layer, _x)
        _hint = "(batch, time, ...): frame t of film i gives row [i, t] of the result."
        checks.shape(_u, _wanted.shape, "the result", hint=_hint)
        checks.close(_u, _wanted, "the result", hint=_hint)


# %% also-correct time_distributed
def time_distributed(layer, x):
    return np.stack([layer(x[:, t]) for t in range(x.shape[1])], axis=1)


# %% also-correct time_distributed
def time_distributed(layer, x):
    return np.array([layer(film) for film in x])  # a film is a batch of its frames


# %% also-correct time_distributed
def time_distributed(layer, x):
    u = layer(np.concatenate(list(x), axis=0))
    return np.stack(np.split(u, len(x)))


# %% misconception time_distributed
# hint: After the layer the result has to be unfolded into (batch, time, ...) again.
def time_distributed(layer, x):
    return layer(x.reshape(-1, *x.shape[2:]))


# %% misconception time_distributed
# hint: Batch comes before time. Here the results are unfolded as (time, batch), and mixed up.
def time_distributed(layer, x):
    u = np.asarray(layer(x.reshape(-1, *x.shape[2:])))
    return u.reshape(x.shape[1], x.shape[0], *u.shape[1:]).swapaxes(0, 1)


# %% misconception time_distributed
# hint: The layer cannot read a time axis: fold it into the batch axis, or loop over time steps.
def time_distributed(layer, x):
    return layer(x)


# %% misconception time_distributed
# hint: Every time step gets a result. Here only the last one does.
def time_distributed(layer, x):
    return layer(x[:, -1])


# %% misconception time_distributed
# hint: The time axis stays. Here the results of the time steps are averaged.
def time_distributed(layer, x):
    return np.mean([layer(x[:, t]) for t in range(x.shape[1])], axis=0)


# %% misconception time_distributed
# hint: Stack along axis 1: the result is (batch, time, ...), not (time, batch, ...).
def time_distributed(layer, x):
    return np.stack([layer(x[:, t]) for t in range(x.shape[1])])


# %% misconception time_distributed
# hint: The layer wants (pictures, ...). Here it gets a single picture without its first axis.
def time_distributed(layer, x):
    return np.array([[layer(frame) for frame in film] for film in x])


# %% misconception time_distributed
# hint: A layer may change the shape. Here its output is forced into the shape of its input.
def time_distributed(layer, x):
    return np.resize(layer(x.reshape(-1, *x.shape[2:])), x.shape)


# %% misconception time_distributed
# hint: The layer has no memory. Here what it gave at earlier time steps is added.
def time_distributed(layer, x):
    return np.cumsum(np.stack([layer(x[:, t]) for t in range(x.shape[1])], axis=1), axis=1)


# %% misconception time_distributed
# hint: Every time step goes through the layer, not the first one again and again.
def time_distributed(layer, x):
    return np.stack([layer(x[:, 0]) for _ in range(x.shape[1])], axis=1)


# %% answer time_distributed_shapes
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% hidden time_distributed_shapes
def _built(layers, batch, time, picture):
    """Build arrays of weights and slide windows over a picture; count what is there."""
    values, reads_time, found = np.zeros(picture), True, []
    for one in layers:
        weights = []
        if one["layer"] == "Conv2D":
            corners = [range(0, side, one["stride"]) for side in values.shape[:2]]
            weights = [
                np.zeros((one["size"], one["size"], values.shape[2], one["filters"])),
                np.zeros(one["filters"]),
            ]
            values = np.zeros((len(corners[0]), len(corners[1]), one["filters"]))
        elif one["layer"] == "Flatten":
            values = values.ravel()
        elif one["layer"] == "Dense":
            weights = [np.zeros((values.shape[-1], one["units"])), np.zeros(one["units"])]
            values = values @ weights[0] + weights[1]
        else:
            h = np.zeros(one["units"])
            W_x, W_h = (np.zeros((len(v), 3 * len(h))) for v in (values, h))
            weights = [W_x, W_h, np.zeros((2, 3 * len(h)))]
            values, reads_time = h, False
        start = (batch, time) if reads_time else (batch,)
        found.append(((*start, *values.shape), sum(w.size for w in weights)))
    return found


_rng = np.random.default_rng()
for _batch, _time in [(None, 6), (3, None), (2, 50), (7, 1), (None, None)]:
    _size = 3

    def _some():
        return int(_rng.integers(2, 9))

    _picture = (_some() + 4, _some() + 9, _some())
    _layers = [
        {"layer": "Conv2D", "filters": _some(), "size": 3, "stride": 2},
        {"layer": "Conv2D", "filters": _some(), "size": 5, "stride": 1},
        {"layer": "Dense", "units": _some()},
        {"layer": "Conv2D", "filters": _some(), "size": 2, "stride": 3},
        {"layer": "Flatten"},
        {"layer": "Dense", "units": _some()},
        {"layer": "GRU", "units": _some()},
        {"layer": "Dense", "units": _some()},
    ]
    _found = checks.unchanged(time_distributed_shapes, _layers, (_batch, _time, *_picture))
    _wanted = _built(_layers, _batch, _time, _picture)
    _hint = "Shapes as they leave each layer; a layer's weights and biases are counted once."
    checks.equal(_found, _wanted, "the list", hint=_hint)
    _hint = "This stack cannot be built: raise ValueError(...)."
    _five, _three = (_batch, _time, 5, 5, 1), (_batch, _time, 7)
    for _stack, _shape in [
        ([_layers[0]], _three),
        ([_layers[0]], (_batch, 6, 6, 1)),
        ([_layers[6]], _five),
        ([_layers[6], _layers[6]], _three),
        ([_layers[0], _layers[6]], _five),
        ([_layers[4], _layers[0]], _five),
        ([{"layer": "Pool", "units": 3, "filters": 3, "size": 2, "stride": 1}], _three),
    ]:
        checks.raises(ValueError, time_distributed_shapes, _stack, _shape, hint=_hint)


# %% also-correct time_distributed_shapes
def time_distributed_shapes(layers, input_shape):
    found, shape = [], list(input_shape)
    for layer in layers:
        axes, count = len(shape), 0
        if layer["layer"] not in ("Conv2D", "Flatten", "Dense", "GRU"):
            raise ValueError("unknown layer")
        if axes != {"Conv2D": 5, "GRU": 3}.get(layer["layer"], axes):
            raise ValueError("wrong number of axes")
        if layer["layer"] == "Conv2D":
            k, f = layer["size"], layer["filters"]
            count = k * k * shape[4] * f + f
            shape[2] = (shape[2] + layer["stride"] - 1) // layer["stride"]
            shape[3] = (shape[3] + layer["stride"] - 1) // layer["stride"]
            shape[4] = f
        elif layer["layer"] == "Flatten":
            product = 1
            for length in shape[2:]:
                product *= length
            shape = [*shape[:2], product]
        elif layer["layer"] == "Dense":
            count = shape[-1] * layer["units"] + layer["units"]
            shape[-1] = layer["units"]
        else:
            u = layer["units"]
            count = 3 * (shape[2] * u + u * u + 2 * u)
            shape = [shape[0], u]
        found.append((tuple(shape), count))
    return found


# %% also-correct time_distributed_shapes
def time_distributed_shapes(layers, input_shape):
    import math

    if not layers:
        return []
    *before, last = layers
    found = time_distributed_shapes(before, input_shape)
    shape = found[-1][0] if found else tuple(input_shape)
    if last["layer"] == "Conv2D":
        if len(shape) != 5:
            raise ValueError("a frame layer needs frames")
        new = tuple(math.ceil(side / last["stride"]) for side in shape[2:4])
        one_filter = last["size"] * last["size"] * shape[4] + 1
        return [*found, ((*shape[:2], *new, last["filters"]), last["filters"] * one_filter)]
    if last["layer"] == "Flatten":
        return [*found, ((*shape[:2], math.prod(shape[2:])), 0)]
    if last["layer"] == "Dense":
        return [*found, ((*shape[:-1], last["units"]), (shape[-1] + 1) * last["units"])]
    if last["layer"] == "GRU" and len(shape) == 3:
        u = last["units"]
        return [*found, ((shape[0], u), 3 * u * shape[2] + 3 * u * u + 6 * u)]
    raise ValueError("this stack cannot be built")


# %% misconception time_distributed_shapes
# hint: Padding 'same' and stride 2 round up: five pixels give three, not two.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (side // layer["stride"] for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: That is padding 'valid'. With 'same' the size is height / stride, rounded up.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-(side - layer["size"] + 1) // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: One layer serves all time steps: its parameters are counted once, not once a frame.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1) * (time or 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: Each filter looks at all channels of its input: size * size weights for each channel.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: A convolution has one bias a filter. Here the biases seem to be left out.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: Flatten works on each frame: the time axis stays. Here it is flattened, too.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (shape[0], int(np.prod([side or 1 for side in shape[1:]])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: Keras's GRU has two rows of biases by default: 2 * units for each of the three blocks.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 1)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: A GRU has three blocks of weights. Four blocks are an LSTM's.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 4 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: Without return_sequences a GRU hands on its last state: there is no time axis behind it.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (*shape[:2], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: A GRU cannot read frames: without Flatten this stack is a mistake. Raise a ValueError.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU":
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: A Conv2D needs frames with a time axis, five axes. For others raise a ValueError.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D":
            five = shape if len(shape) == 5 else (None, None, *shape[1:], 1)[:5]
            batch, time, height, width, channels = five
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, layer["filters"])
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found


# %% misconception time_distributed_shapes
# hint: The channels of the result are the filters. Here the old channels are kept.
def time_distributed_shapes(layers, input_shape):
    shape, found = tuple(input_shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D" and len(shape) == 5:
            batch, time, height, width, channels = shape
            count = layer["filters"] * (layer["size"] ** 2 * channels + 1)
            sides = (-(-side // layer["stride"]) for side in (height, width))
            shape = (batch, time, *sides, channels)
        elif kind == "Flatten":
            count = 0
            shape = (*shape[:2], int(np.prod(shape[2:])))
        elif kind == "Dense":
            count = (shape[-1] + 1) * layer["units"]
            shape = (*shape[:-1], layer["units"])
        elif kind == "GRU" and len(shape) == 3:
            units = layer["units"]
            count = 3 * units * (shape[-1] + units + 2)
            shape = (shape[0], units)
        else:
            raise ValueError(f"{kind} cannot read the shape {shape}")
        found.append((shape, count))
    return found



# %% answer build_cnn_rnn
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% hidden build_cnn_rnn
def _convolved(frame, kernel, bias):
    """One frame through one layer, patch by patch, in steps of two pixels."""
    sides = [-(-side // 2) for side in frame.shape[:2]]
    # as much padding as the last patch needs, and the odd pixel below and to the right
    missing = [max(0, 2 * (s - 1) + 3 - side) for s, side in zip(sides, frame.shape[:2])]
    framed = np.pad(frame, [(m // 2, m - m // 2) for m in missing] + [(0, 0)])
    result = np.zeros((*sides, len(bias)))
    for i in range(sides[0]):
        for j in range(sides[1]):
            patch = framed[2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
            result[i, j] = np.tensordot(patch, kernel, 3) + bias
    return np.maximum(result, 0)


def _film_by_hand(weights, film):
    """What the network says of one film; weights as get_weights returns them."""
    *kernels, W_x, W_h, b, W_y, b_y = weights
    h = np.zeros(len(W_h))
    for frame in film:
        for kernel, bias in zip(kernels[::2], kernels[1::2]):
            frame = _convolved(frame, kernel, bias)
        x_z, x_r, x_c = np.split(frame.ravel() @ W_x + b[0], 3)
        h_z, h_r, h_c = np.split(h @ W_h + b[1], 3)
        z, r = 1 / (1 + np.exp(-x_z - h_z)), 1 / (1 + np.exp(-x_r - h_r))
        h = z * h + (1 - z) * np.tanh(x_c + r * h_c)
    p = np.exp(h @ W_y + b_y)
    return p / p.sum()


_rng = np.random.default_rng()
for _time, _frame_shape, _filters in [(int(_rng.integers(2, 5)), (7, 4, 2), [3, 2])]:
    _units, _classes = (int(_v) for _v in _rng.integers(3, 6, 2))
    _model = build_cnn_rnn(_time, _frame_shape, _filters, _units, _classes)
    checks.true(isinstance(_model, keras.Model), f"Came a {type(_model).__name__}, not a model.")
    _hint = "(batch, time, height, width, channels)"
    _wanted = (None, _time, *_frame_shape)
    checks.equal(tuple(_model.inputs[0].shape), _wanted, "the input shape", hint=_hint)
    _hint = "One row of probabilities a film."
    checks.equal(tuple(_model.outputs[0].shape), (None, _classes), "the output shape", hint=_hint)
    _shapes, _channels, _sides = [], _frame_shape[2], list(_frame_shape[:2])
    for _count in _filters:
        _shapes += [(3, 3, _channels, _count), (_count,)]
        _channels, _sides = _count, [-(-_side // 2) for _side in _sides]
    _features = _sides[0] * _sides[1] * _channels
    _shapes += [(_features, 3 * _units), (_units, 3 * _units), (2, 3 * _units)]
    _shapes += [(_units, _classes), (_classes,)]
    _hint = "Kernel and bias of each Conv2D, then those of the GRU, then of Dense."
    checks.equal([_w.shape for _w in _model.get_weights()], _shapes, "the weights", hint=_hint)
    _expected = _backwards = np.zeros(1)
    while np.abs(_expected - _backwards).max() < 0.01:  # draw until the order of the frames shows
        _weights = [_rng.uniform(0.2, 0.7, _s) * _rng.choice([-1, 1], _s) for _s in _shapes]
        for _place in range(1, 2 * len(_filters), 2):
            _weights[_place] = np.abs(_weights[_place])  # so that relu lets something through
        _films = _rng.normal(size=(2, _time, *_frame_shape)).astype("float32")
        _expected = np.array([_film_by_hand(_weights, _film) for _film in _films])
        _backwards = np.array([_film_by_hand(_weights, _film[::-1]) for _film in _films])
    _model.set_weights(_weights)
    _hint = "Conv2D with relu, Flatten, GRU, Dense with softmax; defaults otherwise."
    _answer = keras.ops.convert_to_numpy(_model(_films))
    checks.close(_answer, _expected, "the answer", hint=_hint, atol=1e-4, rtol=1e-3)
# asked once more, a layer that kept its state would answer otherwise
_answer = keras.ops.convert_to_numpy(_model(_films))
checks.close(_answer, _expected, "the answer", hint=_hint, atol=1e-4, rtol=1e-3)


# %% also-correct build_cnn_rnn
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    film = keras.Input((time, *frame_shape))
    u = film
    for count in filters:
        conv = keras.layers.Conv2D(count, (3, 3), (2, 2), "same")
        u = keras.layers.TimeDistributed(conv)(u)
        u = keras.layers.ReLU()(u)
    side = u.shape[2] * u.shape[3] * u.shape[4]
    u = keras.layers.Reshape((time, side))(u)
    h = keras.layers.GRU(units)(u)
    return keras.Model(film, keras.layers.Dense(classes, activation="softmax")(h))


# %% also-correct build_cnn_rnn
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    frame_layers = [
        keras.layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        for count in filters
    ]
    frame_model = keras.Sequential(
        [keras.Input(frame_shape), *frame_layers, keras.layers.Flatten()]
    )
    return keras.Sequential(
        [
            keras.Input((time, *frame_shape)),
            keras.layers.TimeDistributed(frame_model),
            keras.layers.GRU(units),
            keras.layers.Dense(classes),
            keras.layers.Softmax(),
        ]
    )


# %% misconception build_cnn_rnn
# hint: The convolutions have stride 2: each halves height and width. Here they have stride 1.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The frames are padded ('same'). Keras's default is no padding.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The convolutions have the activation function relu. Keras's default is none.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The output is softmax: the probabilities of the classes add up to 1.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes))
    return model


# %% misconception build_cnn_rnn
# hint: One softmax over all classes, not one sigmoid for each of them.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="sigmoid"))
    return model


# %% misconception build_cnn_rnn
# hint: One answer a film: the GRU hands on its last state only.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units, return_sequences=True))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: There is one convolution for each number in the list of filters.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters[:1]:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The recurrent layer is a GRU. Here it seems to be an LSTM.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.LSTM(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The recurrent layer is a GRU. Here it seems to be a plain SimpleRNN.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.SimpleRNN(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The filters are 3 by 3 pixels.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 5, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: Flatten keeps every place. Here the places are averaged.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.GlobalAveragePooling2D()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: Without keras.Input the model cannot know the shape of a film, and has no weights yet.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential()
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The GRU keeps reset_after=True, Keras's default, with its two rows of biases.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units, reset_after=False))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The list of filters goes from the input upwards. Here it seems to be read from its end.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters[::-1]:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% misconception build_cnn_rnn
# hint: The GRU reads the film forwards, as is Keras's default. Here it reads it backwards.
def build_cnn_rnn(time, frame_shape, filters, units, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input((time, *frame_shape))])
    for count in filters:
        conv = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")
        model.add(layers.TimeDistributed(conv))
    model.add(layers.TimeDistributed(layers.Flatten()))
    model.add(layers.GRU(units, go_backwards=True))
    model.add(layers.Dense(classes, activation="softmax"))
    return model



# %% answer film_and_tune [markdown]
# (1) A gate that is half open looks the same whether it opens or closes, so in a single frame the
# answer may not be there at all: no larger network will find it. The network needs the order of the
# frames. A time-distributed layer uses the same weights for all frames, so 30 frames need no
# more parameters than one. For example: input `(batch, 30, 32, 32, 1)`; at each time step a Conv2D
# with 8 filters and stride 2, `(batch, 30, 16, 16, 8)`; another with 16 filters,
# `(batch, 30, 8, 8, 16)`; Flatten, `(batch, 30, 1024)`; a GRU with 32 units, `(batch, 32)`; a Dense
# layer with 2 classes and softmax, `(batch, 2)`.
#
# (2) The mean does not depend on the order of the frames. A film of an opening gate played backwards
# is a film of a closing gate, and both have the same mean. So the mean shows where something moved,
# and not which way: it stays at one half.
#
# (3) The repetition score of the training melodies, because 0.35 may be too little or too much; the
# score of the same notes in random order, because some repetition is chance; the perplexity on
# melodies that were held out, because on the training set a model can know them by heart. Also good: the
# share of runs copied from the training set (and from it in held-out melodies); several seeds; the
# floor or a copy rule as baseline; listeners who do not know which melody is whose.
#
# Rubric, one point each:
#
# - (1) one frame does not hold the direction; parameters are shared over time; a fitting stack with
#   shapes. (Half a point for two of the three. Other filters, padding and cells are fine.)
# - (2) the mean of a film and of its reverse are equal, so direction is lost; what is left is the place
#   or the line of motion. (Half a point without the argument.)
# - (3) three comparisons with reasons. (Half a point for two.)
