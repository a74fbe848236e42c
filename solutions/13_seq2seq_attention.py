# %% answer teacher_forcing_inputs
def teacher_forcing_inputs(targets, start):
    inputs = np.full_like(targets, start)  # (batch, time)
    inputs[:, 1:] = targets[:, :-1]
    return inputs, targets != 0


# %% hidden teacher_forcing_inputs
_rng = np.random.default_rng()
for _batch, _time in [(1, 1), (3, 7), (5, 4), (2, 9)]:
    _targets, _start = _rng.integers(4, 20, (_batch, _time)), int(_rng.integers(20, 30))
    for _row in _targets:
        _length = int(_rng.integers(1, _time + 1))
        _row[_length - 1] = 2
        _row[_length:] = 0
    _inputs, _mask = checks.unchanged(teacher_forcing_inputs, _targets, _start)
    _rows = [[_start, *row[:-1]] for row in _targets.tolist()]
    _hint = "The input at a step is the target of the step before; the first is the start token."
    checks.close(_inputs, _rows, "inputs", hint=_hint, axes=("batch", "time"))
    checks.true(np.asarray(_inputs).dtype.kind in "iu", "inputs: tokens are whole numbers.")
    _rows = [[number > 0 for number in row] for row in _targets.tolist()]
    _hint = "A step counts if its target is not padding. The end token counts."
    checks.close(_mask, _rows, "mask", hint=_hint, axes=("batch", "time"))


# %% also-correct teacher_forcing_inputs
def teacher_forcing_inputs(targets, start):
    first = np.full((len(targets), 1), start)
    return np.concatenate([first, targets[:, :-1]], axis=1), targets > 0


# %% also-correct teacher_forcing_inputs
def teacher_forcing_inputs(targets, start):
    inputs, mask = [], []
    for row in targets:
        before, line, counted = start, [], []
        for token in row:
            line.append(int(before))
            counted.append(bool(token))
            before = token
        inputs.append(line)
        mask.append(counted)
    return np.array(inputs), np.array(mask)


# %% also-correct teacher_forcing_inputs
def teacher_forcing_inputs(targets, start):
    inputs = np.roll(targets, 1, axis=1)
    inputs[:, 0] = start
    return inputs.astype("int32"), np.sign(targets).astype("float32")


# %% misconception teacher_forcing_inputs
# hint: At step t the decoder may know the target of step t - 1, not the one it has to find.
def teacher_forcing_inputs(targets, start):
    inputs = np.array(targets)
    inputs[:, 0] = start
    return inputs, targets != 0


# %% misconception teacher_forcing_inputs
# hint: The inputs seem shifted the wrong way: they show the future, not the past.
def teacher_forcing_inputs(targets, start):
    inputs = np.full_like(targets, start)
    inputs[:, :-1] = targets[:, 1:]
    return inputs, targets != 0


# %% misconception teacher_forcing_inputs
# hint: np.roll carries the last target round to the front. The first input is the start token.
def teacher_forcing_inputs(targets, start):
    return np.roll(targets, 1, axis=1), targets != 0


# %% misconception teacher_forcing_inputs
# hint: With the start token in front, the last target has to go: inputs and targets are as long.
def teacher_forcing_inputs(targets, start):
    first = np.full((len(targets), 1), start)
    return np.concatenate([first, targets], axis=1), targets != 0


# %% misconception teacher_forcing_inputs
# hint: Whether a step counts is up to its target, not to its input.
def teacher_forcing_inputs(targets, start):
    inputs = np.full_like(targets, start)
    inputs[:, 1:] = targets[:, :-1]
    return inputs, inputs != 0


# %% misconception teacher_forcing_inputs
# hint: The end token counts: a decoder that is never trained to stop does not stop.
def teacher_forcing_inputs(targets, start):
    inputs = np.full_like(targets, start)
    inputs[:, 1:] = targets[:, :-1]
    mask = np.zeros(targets.shape, dtype=bool)
    mask[:, :-1] = targets[:, 1:] != 0
    return inputs, mask


# %% misconception teacher_forcing_inputs
# hint: The mask is true where a step counts. Here it is true where there is padding.
def teacher_forcing_inputs(targets, start):
    inputs = np.full_like(targets, start)
    inputs[:, 1:] = targets[:, :-1]
    return inputs, targets == 0


# %% misconception teacher_forcing_inputs
# hint: Write into a new array: the targets are still needed for the loss.
def teacher_forcing_inputs(targets, start):
    mask = targets != 0
    targets[:, 1:] = targets[:, :-1].copy()
    targets[:, 0] = start
    return targets, mask


# %% misconception teacher_forcing_inputs
# hint: Time is the second axis. Here the sequences of the batch seem to be shifted.
def teacher_forcing_inputs(targets, start):
    inputs = np.full_like(targets, start)
    inputs[1:] = targets[:-1]
    return inputs, targets != 0


# %% answer greedy_decode
def greedy_decode(step, state, start, end, longest):
    token, tokens = start, []
    for _ in range(longest):
        log_probabilities, state = step(token, state)  # (vocabulary,)
        token = int(np.argmax(log_probabilities))
        if token == end:
            break
        tokens.append(token)
    return tokens


# %% hidden greedy_decode
_rng = np.random.default_rng()
for _trial in range(6):
    _size, _longest = int(_rng.integers(3, 7)), 1 + _trial
    _table = _rng.dirichlet(np.ones(_size), size=(_longest, _size))  # by step and tokens so far
    _end = int(_rng.integers(_size))
    _table[..., _end] *= 0.01
    if _trial % 2:
        _table[_trial // 2, :, _end] = 1.0  # here it ends, and a step later it would not
    _start = int((_end + 1) % _size)
    _expected, _sum = [], _start
    for _t in range(_longest):
        _row = _table[_t][_sum % _size].tolist()
        _token = _row.index(max(_row))
        if _token == _end:
            break
        _expected.append(_token)
        _sum += _token
    _got = greedy_decode(_by_step(_table), [], _start, _end, _longest)
    _hint = f"Start with {_start}, end with {_end}, at most {_longest} tokens: follow each step."
    checks.equal(_got, _expected, "the tokens", hint=_hint)

# each token calls the one behind it in a row
_row = _rng.permutation(5)
_logs = np.full((5, 5), -9.0)
_logs[_row[:-1], _row[1:]] = 0.0
_start, _end = int(_row[0]), int(_row[-1])
_got = greedy_decode(lambda token, state: (_logs[token], state), 0, _start, _end, 9)
_hint = "The token that was chosen decides what comes next: hand it to step."
checks.equal(_got, _row[1:-1].tolist(), "the tokens", hint=_hint)


# %% also-correct greedy_decode
def greedy_decode(step, state, start, end, longest):
    tokens = []
    while len(tokens) < longest:
        scores, state = step(tokens[-1] if tokens else start, state)
        best = max(range(len(scores)), key=lambda token: scores[token])
        if best == end:
            return tokens
        tokens.append(best)
    return tokens


# %% also-correct greedy_decode
def greedy_decode(step, state, start, end, longest):
    if longest == 0:
        return []
    scores, state = step(start, state)
    token = int(np.argsort(np.asarray(scores, dtype="float32"))[-1])
    if token == end:
        return []
    return [token] + greedy_decode(step, state, token, end, longest - 1)


# %% misconception greedy_decode
# hint: The token that was chosen goes in at the next step. Here the start token goes in each time.
def greedy_decode(step, state, start, end, longest):
    tokens = []
    for _ in range(longest):
        log_probabilities, state = step(start, state)
        token = int(np.argmax(log_probabilities))
        if token == end:
            break
        tokens.append(token)
    return tokens


# %% misconception greedy_decode
# hint: Hand the new state on: each step starts from the state that the last one returned.
def greedy_decode(step, state, start, end, longest):
    token, tokens = start, []
    for _ in range(longest):
        log_probabilities, _ = step(token, state)
        token = int(np.argmax(log_probabilities))
        if token == end:
            break
        tokens.append(token)
    return tokens


# %% misconception greedy_decode
# hint: The end token says that the sentence is over. It is not part of the sentence.
def greedy_decode(step, state, start, end, longest):
    token, tokens = start, []
    for _ in range(longest):
        log_probabilities, state = step(token, state)
        token = int(np.argmax(log_probabilities))
        tokens.append(token)
        if token == end:
            break
    return tokens


# %% misconception greedy_decode
# hint: The start token only wakes the decoder. It is not part of the result.
def greedy_decode(step, state, start, end, longest):
    tokens = [start]
    for _ in range(longest):
        log_probabilities, state = step(tokens[-1], state)
        token = int(np.argmax(log_probabilities))
        if token == end:
            break
        tokens.append(token)
    return tokens


# %% misconception greedy_decode
# hint: Stop at the end token. Here the decoder goes on and the end token is only left out.
def greedy_decode(step, state, start, end, longest):
    token, tokens = start, []
    for _ in range(longest):
        log_probabilities, state = step(token, state)
        token = int(np.argmax(log_probabilities))
        if token != end:
            tokens.append(token)
    return tokens


# %% misconception greedy_decode
# hint: At most longest tokens are written. One step seems to be missing, or one too many.
def greedy_decode(step, state, start, end, longest):
    token, tokens = start, []
    for _ in range(longest - 1):
        log_probabilities, state = step(token, state)
        token = int(np.argmax(log_probabilities))
        if token == end:
            break
        tokens.append(token)
    return tokens


# %% misconception greedy_decode
# hint: The largest log probability is the likeliest. All of them are negative; do not flip signs.
def greedy_decode(step, state, start, end, longest):
    token, tokens = start, []
    for _ in range(longest):
        log_probabilities, state = step(token, state)
        token = int(np.argmax(np.abs(log_probabilities)))
        if token == end:
            break
        tokens.append(token)
    return tokens


# %% misconception greedy_decode
# hint: Greedy means the likeliest token. Here one is drawn at random.
def greedy_decode(step, state, start, end, longest):
    token, tokens, rng = start, [], np.random.default_rng(0)
    for _ in range(longest):
        log_probabilities, state = step(token, state)
        p = np.exp(log_probabilities)
        token = int(rng.choice(len(p), p=p / p.sum()))
        if token == end:
            break
        tokens.append(token)
    return tokens


# %% answer beam_search
def beam_search(step, state, start, end, longest, width):
    beams = [(0.0, [], state)]  # log probability, tokens, state
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            last = tokens[-1] if tokens else start
            if tokens and last == end:
                grown.append((total, tokens, before))
                continue
            log_probabilities, after = step(last, before)
            for token, log_probability in enumerate(log_probabilities):
                grown.append((total + float(log_probability), [*tokens, token], after))
        beams = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
    total, tokens, _ = beams[0]
    return [token for token in tokens if token != end], total


# %% hidden beam_search
import math
from itertools import product


def _replayed(table, start, tokens):
    """The log probability of a prefix, from the beginning."""
    rows = [(start + sum(tokens[:t])) % len(table[0]) for t in range(len(tokens))]
    return sum(math.log(table[t][row][tokens[t]]) for t, row in enumerate(rows))


def _slow_beam(table, start, end, longest, width):
    """Keep the best prefixes of each length, each scored from the beginning."""
    size, kept = len(table[0]), [()]
    for _ in range(longest):
        longer = set()
        for tokens in kept:
            if end in tokens:
                longer.add(tokens)
            else:
                longer |= {(*tokens, token) for token in range(size)}
        kept = sorted(longer, key=lambda tokens: -_replayed(table, start, tokens))[:width]
    return [t for t in kept[0] if t != end], _replayed(table, start, kept[0])


def _two_a_parent(table, start, end, tokens=()):
    """The best total if every beginning keeps its own two best tokens: more than a beam of 2."""
    if len(tokens) == len(table) or (tokens and tokens[-1] == end):
        return _replayed(table, start, tokens)
    row = table[len(tokens)][(start + sum(tokens)) % len(table[0])]
    two = np.argsort(row)[-2:].tolist()
    return max(_two_a_parent(table, start, end, (*tokens, token)) for token in two)


_rng = np.random.default_rng()
for _trial in range(10):
    _size, _longest, _width = 4, 1 + _trial % 5, int(_rng.integers(1, 4))
    _end = int(_rng.integers(_size))
    _start = int((_end + 1) % _size)
    for _draw in range(200):  # in the last trials a beam of 2 beats greedy and misses a better one
        _table = _rng.dirichlet(np.full(_size, 0.7), size=(_longest, _size)) * 0.99 + 0.0025
        if _trial < 6:
            break
        _longest, _width = 4, 2
        _table = _rng.dirichlet(np.full(_size, 0.7), size=(_longest, _size)) * 0.99 + 0.0025
        _totals = [_slow_beam(_table, _start, _end, _longest, _w)[1] for _w in (1, 2)]
        if _totals[0] + 1e-6 < _totals[1] < _two_a_parent(_table, _start, _end) - 1e-6:
            break
    _hint = f"width {_width}, end token {_end}, at most {_longest} steps: grow, sort, keep the best."
    _result = beam_search(_by_step(_table), [], _start, _end, _longest, _width)
    checks.true(_is_pair(_result), "Return two things: the tokens and their log probability.")
    _tokens, _total = _slow_beam(_table, _start, _end, _longest, _width)
    checks.equal(_result[0], _tokens, "the tokens", hint=_hint)
    checks.close(_result[1], _total, "the log probability", hint=_hint)

# a finished sequence that is pushed out of the beam stays out, even if all the others decline
_share = float(_rng.uniform(0.17, 0.25))  # of the end token, in the first step
_table = [[0.95 - _share, 0.05, _share]], [[0.5, 0.4, 0.1]], [[0.4, 0.3, 0.3]]
_table = np.repeat(np.array(_table), 3, axis=1)
_result = beam_search(_by_step(_table), [], 1, 2, 3, 2)
_hint = "Finished and unfinished sequences share the beam: two better ones push a finished one out."
checks.equal(_result[0], _slow_beam(_table, 1, 2, 3, 2)[0], "the tokens", hint=_hint)

# a beam that is wide enough forgets nobody: it must find what looking at all sequences finds
_table = _rng.dirichlet(np.ones(3), size=(3, 3)) * 0.99 + 0.003
_every = [_t for _n in (1, 2, 3) for _t in product(range(3), repeat=_n)]
_every = [_t for _t in _every if 2 not in _t[:-1] and (len(_t) == 3 or _t[-1] == 2)]
_best = max(_every, key=lambda tokens: _replayed(_table, 0, tokens))
_tokens, _total = beam_search(_by_step(_table), [], 0, 2, 3, 30)
_hint = "With a width of 30 no sequence is lost, so the likeliest of all must be found."
checks.equal(_tokens, [_t for _t in _best if _t != 2], "the tokens", hint=_hint)
checks.close(_total, _replayed(_table, 0, _best), "the log probability", hint=_hint)


# %% equivalent beam_search
# mutant: break
# reason: those after a finished one are less likely already and can only lose more.

# %% equivalent beam_search
# mutant: beams = sorted(grown, reverse=True)[:width]
# reason: it differs only where two log probabilities are equal to the last digit.


# %% also-correct beam_search
def beam_search(step, state, start, end, longest, width):
    alive, done = [([start], 0.0, state)], []
    for _ in range(longest):
        rows = [([*tokens, end], total, None) for tokens, total, _ in done]
        for tokens, total, before in alive:
            scores, after = step(tokens[-1], before)
            totals = total + np.asarray(scores, dtype=float)
            rows += [([*tokens, k], float(totals[k]), after) for k in range(len(totals))]
        order = np.argsort([-total for _, total, _ in rows])[:width]
        best = [rows[k] for k in order]
        alive = [row for row in best if row[0][-1] != end]
        done = [(row[0][:-1], row[1], None) for row in best if row[0][-1] == end]
    tokens, total, _ = max(alive + done, key=lambda row: row[1])
    return tokens[1:], total


# %% also-correct beam_search
def beam_search(step, state, start, end, longest, width):
    hypotheses = {(): (0.0, state)}
    for _ in range(longest):
        pool = {}
        for tokens, (total, before) in hypotheses.items():
            if end in tokens:
                pool[tokens] = (total, before)
            else:
                scores, after = step((start, *tokens)[-1], before)
                pool.update({(*tokens, k): (total + float(s), after) for k, s in enumerate(scores)})
        kept = sorted(pool, key=lambda tokens: pool[tokens][0])[-width:]
        hypotheses = {tokens: pool[tokens] for tokens in kept}
    best = max(hypotheses, key=lambda tokens: hypotheses[tokens][0])
    return [token for token in best if token != end], hypotheses[best][0]


# %% misconception beam_search
# hint: A beam adds up log probabilities along the whole sequence. Here only the last one counts.
def beam_search(step, state, start, end, longest, width):
    beams = [(0.0, [], state)]
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            last = tokens[-1] if tokens else start
            if tokens and last == end:
                grown.append((total, tokens, before))
                continue
            log_probabilities, after = step(last, before)
            grown += [(float(p), [*tokens, k], after) for k, p in enumerate(log_probabilities)]
        beams = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
    return [token for token in beams[0][1] if token != end], beams[0][0]


# %% misconception beam_search
# hint: A beam keeps several sequences alive. This one keeps a single one: that is greedy decoding.
def beam_search(step, state, start, end, longest, width):
    tokens, total, last = [], 0.0, start
    for _ in range(longest):
        log_probabilities, state = step(last, state)
        last = int(np.argmax(log_probabilities))
        total += float(log_probabilities[last])
        if last == end:
            break
        tokens.append(last)
    return tokens, total


# %% misconception beam_search
# hint: Log probabilities are added. A product of log probabilities means nothing.
def beam_search(step, state, start, end, longest, width):
    beams = [(1.0, [], state)]
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            last = tokens[-1] if tokens else start
            if tokens and last == end:
                grown.append((total, tokens, before))
                continue
            scores, after = step(last, before)
            grown += [(total * float(p), [*tokens, k], after) for k, p in enumerate(scores)]
        beams = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
    return [token for token in beams[0][1] if token != end], beams[0][0]


# %% misconception beam_search
# hint: A finished sequence must not be grown further; it waits with the log probability that it has.
def beam_search(step, state, start, end, longest, width):
    beams = [(0.0, [], state)]
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            scores, after = step(tokens[-1] if tokens else start, before)
            grown += [(total + float(p), [*tokens, k], after) for k, p in enumerate(scores)]
        beams = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
    tokens = beams[0][1]
    return tokens[: tokens.index(end)] if end in tokens else tokens, beams[0][0]


# %% misconception beam_search
# hint: A finished sequence competes with the others and may win. Here finished ones are thrown away.
def beam_search(step, state, start, end, longest, width):
    beams = [(0.0, [], state)]
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            scores, after = step(tokens[-1] if tokens else start, before)
            grown += [
                (total + float(p), [*tokens, k], after) for k, p in enumerate(scores) if k != end
            ]
        beams = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
    return beams[0][1], beams[0][0]


# %% misconception beam_search
# hint: Finished sequences take a place in the beam like the others. Here they are put aside.
def beam_search(step, state, start, end, longest, width):
    beams, finished = [(0.0, [], state)], []
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            scores, after = step(tokens[-1] if tokens else start, before)
            grown += [(total + float(p), [*tokens, k], after) for k, p in enumerate(scores)]
        best = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
        finished += [(total, tokens[:-1]) for total, tokens, _ in best if tokens[-1] == end]
        beams = [beam for beam in best if beam[1][-1] != end]
    every = finished + [beam[:2] for beam in beams]
    total, tokens = max(every, key=lambda beam: beam[0])
    return tokens, total


# %% misconception beam_search
# hint: The first finished sequence need not be the best. Go on until the steps are used up.
def beam_search(step, state, start, end, longest, width):
    beams = [(0.0, [], state)]
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            scores, after = step(tokens[-1] if tokens else start, before)
            grown += [(total + float(p), [*tokens, k], after) for k, p in enumerate(scores)]
        beams = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
        for total, tokens, _ in beams:
            if tokens[-1] == end:
                return tokens[:-1], total
    return beams[0][1], beams[0][0]


# %% misconception beam_search
# hint: The width best are chosen among all grown sequences together, not for each parent apart.
def beam_search(step, state, start, end, longest, width):
    beams = [(0.0, [], state)]
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            last = tokens[-1] if tokens else start
            if tokens and last == end:
                grown.append((total, tokens, before))
                continue
            scores, after = step(last, before)
            rows = [(total + float(p), [*tokens, k], after) for k, p in enumerate(scores)]
            grown += sorted(rows, key=lambda beam: beam[0], reverse=True)[:width]
        beams = grown
    best = max(beams, key=lambda beam: beam[0])
    return [token for token in best[1] if token != end], best[0]


# %% misconception beam_search
# hint: Each sequence has a state of its own. Here all go on from the state of the last one.
def beam_search(step, state, start, end, longest, width):
    beams = [(0.0, [])]
    for _ in range(longest):
        grown = []
        for total, tokens in beams:
            last = tokens[-1] if tokens else start
            if tokens and last == end:
                grown.append((total, tokens))
                continue
            scores, state = step(last, state)
            grown += [(total + float(p), [*tokens, k]) for k, p in enumerate(scores)]
        beams = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
    return [token for token in beams[0][1] if token != end], beams[0][0]


# %% misconception beam_search
# hint: Return the plain sum of the log probabilities, not divided by the length.
def beam_search(step, state, start, end, longest, width):
    beams = [(0.0, [], state)]
    for _ in range(longest):
        grown = []
        for total, tokens, before in beams:
            last = tokens[-1] if tokens else start
            if tokens and last == end:
                grown.append((total, tokens, before))
                continue
            scores, after = step(last, before)
            grown += [(total + float(p), [*tokens, k], after) for k, p in enumerate(scores)]
        beams = sorted(grown, key=lambda beam: beam[0] / len(beam[1]), reverse=True)[:width]
    total, tokens, _ = beams[0]
    return [token for token in tokens if token != end], total / len(tokens)


# %% answer additive_attention
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    hidden = np.tanh((query @ W_q)[:, None] + keys @ W_k)  # (batch, time, units)
    scores = np.where(mask, hidden @ v, -np.inf)  # (batch, time)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))  # (batch, time)
    weights = weights / weights.sum(axis=1, keepdims=True)
    context = np.einsum("bt,btf->bf", weights, values)  # (batch, features)
    return context, weights


# %% hidden additive_attention
import math


def _slow_attention(query, keys, values, W_q, W_k, v, mask):
    """One number at a time."""
    batch, time = mask.shape
    units = len(v)
    weights, context = np.zeros((batch, time)), np.zeros((batch, values.shape[2]))
    for row in range(batch):
        scores = {}
        for s in range(time):
            if mask[row, s]:
                total = 0.0
                for u in range(units):
                    a = sum(float(query[row, i] * W_q[i, u]) for i in range(query.shape[1]))
                    a += sum(float(keys[row, s, i] * W_k[i, u]) for i in range(keys.shape[2]))
                    total += math.tanh(a) * float(v[u])
                scores[s] = total
        top = max(scores.values())
        parts = {s: math.exp(score - top) for s, score in scores.items()}
        for s, part in parts.items():
            weights[row, s] = part / sum(parts.values())
            context[row] += weights[row, s] * values[row, s]
    return context, weights


_rng = np.random.default_rng()
for _batch, _time, _q, _k, _f, _u in [(1, 1, 1, 1, 1, 1), (2, 4, 3, 2, 5, 3), (3, 3, 3, 3, 3, 3)]:
    for _size in (1.0, 20000.0):
        _mask = _rng.random((_batch, _time)) < 0.6
        _row, _allowed = np.arange(_batch), _rng.integers(0, _time, _batch)
        _mask[_row, (_allowed + 1) % _time] = False  # in every row one step that is masked ...
        _mask[_row, (_allowed + 2) % _time] = _mask[_row, _allowed] = True  # ... and two that are not
        _args = (
            _rng.normal(size=(_batch, _q)),
            _rng.normal(size=(_batch, _time, _k)),
            _rng.normal(size=(_batch, _time, _f)) + 1,
            _rng.normal(size=(_q, _u)),
            _rng.normal(size=(_k, _u)),
            _rng.normal(size=_u) * _size,
            _mask,
        )
        _pair = checks.unchanged(additive_attention, *_args)
        checks.true(_is_pair(_pair), "Return two arrays: context and weights.")
        _wanted = _slow_attention(*_args)
        _hint = "tanh of query and key parts, times v, softmax over the steps that the mask allows."
        if _size > 1:
            _hint = "With large scores: subtract the largest one before the exponential."
        checks.close(_pair[1], _wanted[1], "weights", hint=_hint, atol=1e-5)
        _hint = "The weighted sum of the values, one row a sequence."
        checks.close(_pair[0], _wanted[0], "context", hint=_hint, atol=1e-5)


# %% also-correct additive_attention
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    context, weights = [], []
    for row in range(len(query)):
        scores = np.tanh(query[row] @ W_q + keys[row] @ W_k) @ v
        scores = scores - scores[mask[row]].max()
        parts = np.where(mask[row], np.exp(np.minimum(scores, 0)), 0)
        weights.append(parts / parts.sum())
        context.append(weights[-1] @ values[row])
    return np.array(context), np.array(weights)


# %% also-correct additive_attention
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    both = np.einsum("bi,iu->bu", query, W_q)[:, np.newaxis, :] + np.einsum("bti,iu->btu", keys, W_k)
    scores = (np.tanh(both) * v).sum(axis=-1) + np.where(mask, 0.0, -1e9)
    parts = np.exp(scores - np.max(scores, axis=-1)[:, None])
    weights = (parts.T / parts.sum(axis=-1)).T
    return (weights[:, :, None] * values).sum(axis=1), weights


# %% misconception additive_attention
# hint: Softmax runs over the source steps, axis 1, so that each row of weights adds up to 1.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v
    parts = np.where(mask, np.exp(scores - scores.max()), 0)
    weights = parts / np.maximum(parts.sum(axis=0, keepdims=True), 1e-300)
    return np.einsum("bt,btf->bf", weights, values), weights


# %% misconception additive_attention
# hint: Padding must get a weight of 0. The mask seems not to be used.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = parts / parts.sum(axis=1, keepdims=True)
    return np.einsum("bt,btf->bf", weights, values), weights


# %% misconception additive_attention
# hint: Mask before the softmax: set to 0 afterwards, the weights no longer add up to 1.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = np.where(mask, parts / parts.sum(axis=1, keepdims=True), 0)
    return np.einsum("bt,btf->bf", weights, values), weights


# %% misconception additive_attention
# hint: A masked score of 0 is a score like any other: exp(0) is 1. It has to be minus infinity.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.where(mask, np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v, 0)
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = parts / parts.sum(axis=1, keepdims=True)
    return np.einsum("bt,btf->bf", weights, values), weights


# %% misconception additive_attention
# hint: Between the sum and v stands tanh. Without it the query has no say in the weights.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.where(mask, ((query @ W_q)[:, None] + keys @ W_k) @ v, -np.inf)
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = parts / parts.sum(axis=1, keepdims=True)
    return np.einsum("bt,btf->bf", weights, values), weights


# %% misconception additive_attention
# hint: The query part and the key part are added inside tanh, not squashed apart.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = (np.tanh(query @ W_q)[:, None] + np.tanh(keys @ W_k)) @ v
    scores = np.where(mask, scores, -np.inf)
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = parts / parts.sum(axis=1, keepdims=True)
    return np.einsum("bt,btf->bf", weights, values), weights


# %% misconception additive_attention
# hint: Weights come from a softmax. Scores divided by their sum can be negative.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.where(mask, np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v, 0)
    total = scores.sum(axis=1, keepdims=True)
    weights = scores / np.where(np.abs(total) > 1e-12, total, 1)
    return np.einsum("bt,btf->bf", weights, values), weights


# %% misconception additive_attention
# hint: Attention is soft: all allowed values are mixed. Here only the best one is taken.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.where(mask, np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v, -np.inf)
    weights = np.eye(mask.shape[1])[scores.argmax(axis=1)]
    return np.einsum("bt,btf->bf", weights, values), weights


# %% misconception additive_attention
# hint: The context is the sum of the weighted values, not their mean: the weights add up to 1.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.where(mask, np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v, -np.inf)
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = parts / parts.sum(axis=1, keepdims=True)
    return np.mean(weights[:, :, None] * values, axis=1), weights


# %% misconception additive_attention
# hint: What is mixed are the values. The keys only decide how much of each.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    scores = np.where(mask, np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v, -np.inf)
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = parts / parts.sum(axis=1, keepdims=True)
    return np.einsum("bt,btf->bf", weights, keys), weights


# %% misconception additive_attention
# hint: Large scores overflow. Subtract the largest score of a row before the exponential.
def additive_attention(query, keys, values, W_q, W_k, v, mask):
    with np.errstate(all="ignore"):
        scores = np.tanh((query @ W_q)[:, None] + keys @ W_k) @ v
        parts = np.where(mask, np.exp(scores), 0)
        weights = parts / parts.sum(axis=1, keepdims=True)
    return np.einsum("bt,btf->bf", weights, values), weights


# %% answer bleu
def bleu(candidates, references, longest):
    logs = []
    for n in range(1, longest + 1):
        matched = total = 0
        for candidate, reference in zip(candidates, references):
            ours, theirs = (
                Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
                for words in (candidate, reference)
            )
            matched += (ours & theirs).total()  # clipped: the smaller of the two counts
            total += ours.total()
        if matched == 0:
            return 0.0
        logs.append(np.log(matched / total))
    written, wanted = (sum(map(len, texts)) for texts in (candidates, references))
    return float(np.exp(np.mean(logs) + min(0.0, 1 - wanted / written)))


# %% hidden bleu
import math


def _slow_bleu(candidates, references, longest):
    """Tick matching n-grams off a list, one after the other."""
    product_of_precisions = 1.0
    for n in range(1, longest + 1):
        hits = tries = 0
        for candidate, reference in zip(candidates, references):
            left = [reference[i : i + n] for i in range(len(reference) - n + 1)]
            for i in range(len(candidate) - n + 1):
                tries += 1
                if candidate[i : i + n] in left:
                    left.remove(candidate[i : i + n])
                    hits += 1
        if hits == 0:
            return 0.0
        product_of_precisions *= hits / tries
    c, r = sum(len(words) for words in candidates), sum(len(words) for words in references)
    penalty = 1.0 if c > r else math.exp(1 - r / c)
    return penalty * product_of_precisions ** (1 / longest)


_rng = np.random.default_rng()
for _trial in range(12):
    _words = [f"w{_n}" for _n in range(int(_rng.integers(2, 5)))]
    _longest = 1 + _trial % 4
    _pairs = [[], []]
    for _sentence in range(int(_rng.integers(2, 6))):
        for _side in _pairs:
            _count = int(_rng.integers(0, 9))
            _side.append([_words[_n] for _n in _rng.integers(len(_words), size=_count)])
    _pairs[0][0] = _pairs[1][0] = [_words[0], _words[1], _words[0], _words[0], _words[1]]
    _pairs[0][1] = [_words[0], _words[0], _words[1]]  # the same words in another order
    _pairs[1][1] = [_words[1], _words[0], _words[0]]
    _hint = f"Counts are added over all sentences, clipped, for n up to {_longest}."
    _got = checks.unchanged(bleu, *_pairs, _longest)
    checks.close(_got, _slow_bleu(*_pairs, _longest), "BLEU", hint=_hint)
_words = [f"w{_n}" for _n in _rng.permutation(8)]
for _count in (5, 8):
    _got = bleu([_words[:_count]], [_words], 2)
    _hint = "Every n-gram matches, so the brevity penalty alone is left."
    checks.close(_got, math.exp(1 - 8 / _count), "BLEU", hint=_hint)
    _got = bleu([_words[:1] * _count], [_words[:_count]], 1)
    checks.close(_got, 1 / _count, "BLEU", hint="The reference has this word once: clip its count.")
_got = bleu([["a"], []], [["b"], ["a"]], 1)
checks.close(_got, 0.0, "BLEU", hint="Nothing matches: 0. And no match across sentences.")


# %% also-correct bleu
def bleu(candidates, references, longest):
    logs = []
    for n in range(1, longest + 1):
        hits, tries = 0, 0
        for ours, theirs in zip(candidates, references):
            grams = [" ".join(map(str, ours[i:][:n])) for i in range(max(0, len(ours) - n + 1))]
            wanted = [" ".join(map(str, theirs[i:][:n])) for i in range(len(theirs) + 1 - n)]
            tries += len(grams)
            hits += sum(min(grams.count(gram), wanted.count(gram)) for gram in set(grams))
        if hits == 0:
            return 0
        logs.append(math.log(hits) - math.log(tries))
    c, r = sum(len(words) for words in candidates), sum(len(words) for words in references)
    return math.exp(sum(logs) / longest + (0 if c >= r else 1 - r / c))


# %% also-correct bleu
def bleu(candidates, references, longest):
    score = 1.0
    for n in range(longest):
        hits = tries = 0
        for ours, theirs in zip(candidates, references):
            free = [True] * len(theirs)
            for i in range(len(ours) - n):
                tries += 1
                for j in range(len(theirs) - n):
                    if free[j] and list(ours[i : i + n + 1]) == list(theirs[j : j + n + 1]):
                        free[j] = False
                        hits += 1
                        break
        score *= (hits / max(tries, 1)) ** (1 / longest)
    c, r = len([w for words in candidates for w in words]), sum(len(t) for t in references)
    return score * np.exp(1 - r / c) if 0 < c < r else score


# %% misconception bleu
# hint: Clip the counts: a word may count only as often as the reference has it.
def bleu(candidates, references, longest):
    precisions = []
    for n in range(1, longest + 1):
        hits = tries = 0
        for ours, theirs in zip(candidates, references):
            known = {tuple(theirs[i : i + n]) for i in range(len(theirs) - n + 1)}
            grams = [tuple(ours[i : i + n]) for i in range(len(ours) - n + 1)]
            tries += len(grams)
            hits += sum(gram in known for gram in grams)
        precisions.append(hits / tries if tries else 0.0)
    c, r = sum(map(len, candidates)), sum(map(len, references))
    penalty = 1.0 if c >= r else math.exp(1 - r / max(c, 1))
    return penalty * math.prod(precisions) ** (1 / longest)


# %% misconception bleu
# hint: The brevity penalty seems to be missing: a translation that is too short is too easy.
def bleu(candidates, references, longest):
    score = 1.0
    for n in range(1, longest + 1):
        hits = tries = 0
        for ours, theirs in zip(candidates, references):
            wanted = [tuple(theirs[i : i + n]) for i in range(len(theirs) - n + 1)]
            grams = [tuple(ours[i : i + n]) for i in range(len(ours) - n + 1)]
            tries += len(grams)
            hits += sum(min(grams.count(gram), wanted.count(gram)) for gram in set(grams))
        score *= (hits / max(tries, 1)) ** (1 / longest)
    return score


# %% misconception bleu
# hint: The brevity penalty compares the reference with the candidate: exp(1 - r / c) if c < r.
def bleu(candidates, references, longest):
    score = 1.0
    for n in range(1, longest + 1):
        hits = tries = 0
        for ours, theirs in zip(candidates, references):
            wanted = [tuple(theirs[i : i + n]) for i in range(len(theirs) - n + 1)]
            grams = [tuple(ours[i : i + n]) for i in range(len(ours) - n + 1)]
            tries += len(grams)
            hits += sum(min(grams.count(gram), wanted.count(gram)) for gram in set(grams))
        score *= (hits / max(tries, 1)) ** (1 / longest)
    c, r = sum(map(len, candidates)), sum(map(len, references))
    return score * min(1.0, math.exp(1 - c / max(r, 1)))


# %% misconception bleu
# hint: The precisions are multiplied and the root is taken. Here they are averaged.
def bleu(candidates, references, longest):
    precisions = []
    for n in range(1, longest + 1):
        hits = tries = 0
        for ours, theirs in zip(candidates, references):
            wanted = [tuple(theirs[i : i + n]) for i in range(len(theirs) - n + 1)]
            grams = [tuple(ours[i : i + n]) for i in range(len(ours) - n + 1)]
            tries += len(grams)
            hits += sum(min(grams.count(gram), wanted.count(gram)) for gram in set(grams))
        precisions.append(hits / max(tries, 1))
    c, r = sum(map(len, candidates)), sum(map(len, references))
    penalty = 1.0 if c >= r else math.exp(1 - r / max(c, 1))
    return penalty * float(np.mean(precisions))


# %% misconception bleu
# hint: Precision divides by what the candidate has written, not by the length of the reference.
def bleu(candidates, references, longest):
    score = 1.0
    for n in range(1, longest + 1):
        hits = tries = 0
        for ours, theirs in zip(candidates, references):
            wanted = [tuple(theirs[i : i + n]) for i in range(len(theirs) - n + 1)]
            grams = [tuple(ours[i : i + n]) for i in range(len(ours) - n + 1)]
            tries += len(wanted)
            hits += sum(min(grams.count(gram), wanted.count(gram)) for gram in set(grams))
        score *= (hits / max(tries, 1)) ** (1 / longest)
    c, r = sum(map(len, candidates)), sum(map(len, references))
    return score * (1.0 if c >= r else math.exp(1 - r / max(c, 1)))


# %% misconception bleu
# hint: Add the counts of all sentences first, then divide. Here the sentences' scores are averaged.
def bleu(candidates, references, longest):
    scores = []
    for ours, theirs in zip(candidates, references):
        score = 1.0
        for n in range(1, longest + 1):
            wanted = [tuple(theirs[i : i + n]) for i in range(len(theirs) - n + 1)]
            grams = [tuple(ours[i : i + n]) for i in range(len(ours) - n + 1)]
            hits = sum(min(grams.count(gram), wanted.count(gram)) for gram in set(grams))
            score *= (hits / max(len(grams), 1)) ** (1 / longest)
        short = len(ours) < len(theirs)
        scores.append(score * (math.exp(1 - len(theirs) / max(len(ours), 1)) if short else 1.0))
    return float(np.mean(scores))


# %% misconception bleu
# hint: All lengths from 1 to the longest count. Here only the longest n-grams do.
def bleu(candidates, references, longest):
    hits = tries = 0
    for ours, theirs in zip(candidates, references):
        wanted = [tuple(theirs[i : i + longest]) for i in range(len(theirs) - longest + 1)]
        grams = [tuple(ours[i : i + longest]) for i in range(len(ours) - longest + 1)]
        tries += len(grams)
        hits += sum(min(grams.count(gram), wanted.count(gram)) for gram in set(grams))
    c, r = sum(map(len, candidates)), sum(map(len, references))
    return hits / max(tries, 1) * (1.0 if c >= r else math.exp(1 - r / max(c, 1)))


# %% misconception bleu
# hint: An n-gram keeps the order of its words. Here its words seem to be sorted.
def bleu(candidates, references, longest):
    score = 1.0
    for n in range(1, longest + 1):
        hits = tries = 0
        for ours, theirs in zip(candidates, references):
            wanted = [tuple(sorted(theirs[i : i + n])) for i in range(len(theirs) - n + 1)]
            grams = [tuple(sorted(ours[i : i + n])) for i in range(len(ours) - n + 1)]
            tries += len(grams)
            hits += sum(min(grams.count(gram), wanted.count(gram)) for gram in set(grams))
        score *= (hits / max(tries, 1)) ** (1 / longest)
    c, r = sum(map(len, candidates)), sum(map(len, references))
    return score * (1.0 if c >= r else math.exp(1 - r / max(c, 1)))


# %% answer wait_k_mask
def wait_k_mask(k, target_time, source_time):
    read = np.arange(target_time)[:, None] + k  # (target_time, 1)
    return np.arange(source_time) < read  # (target_time, source_time)


# %% hidden wait_k_mask
_rng = np.random.default_rng()
for _trial in range(14):
    _k, _target_time, _source_time = (int(n) for n in _rng.integers(1, 8, size=3))
    if _trial % 2:  # long enough for every policy to show
        _k, _target_time, _source_time = 2 + _trial % 3, 3 + _trial % 2, 9
    _heard, _rows = _k, []  # play it through: listen, write, listen, write
    for _t in range(_target_time):
        _row = [_s + 1 <= _heard for _s in range(_source_time)]
        _rows.append(_row)
        _heard = min(_heard + 1, _source_time) if _heard < _source_time else _heard
    _mask = wait_k_mask(_k, _target_time, _source_time)
    _hint = f"k = {_k}: the word in row 0 is written after {_k} words; each row has heard one more."
    checks.close(_mask, _rows, "the mask", hint=_hint, axes=("target time", "source time"))


# %% also-correct wait_k_mask
def wait_k_mask(k, target_time, source_time):
    mask = np.zeros((target_time, source_time), dtype=bool)
    for t in range(target_time):
        mask[t, : t + k] = True
    return mask


# %% also-correct wait_k_mask
def wait_k_mask(k, target_time, source_time):
    return np.tri(target_time, source_time, k - 1)


# %% also-correct wait_k_mask
def wait_k_mask(k, target_time, source_time):
    rows = [[1 if s - t < k else 0 for s in range(source_time)] for t in range(target_time)]
    return np.array(rows)


# %% misconception wait_k_mask
# hint: The first word is written after k words have been read, not after k + 1.
def wait_k_mask(k, target_time, source_time):
    return np.arange(source_time) <= np.arange(target_time)[:, None] + k


# %% misconception wait_k_mask
# hint: The first word is written after k words have been read. Here one word is missing.
def wait_k_mask(k, target_time, source_time):
    return np.arange(source_time) < np.arange(target_time)[:, None] + k - 1


# %% misconception wait_k_mask
# hint: After each written word one more is read, so each row sees one more than the row above.
def wait_k_mask(k, target_time, source_time):
    return np.tile(np.arange(source_time) < k, (target_time, 1))


# %% misconception wait_k_mask
# hint: Rows are target steps and columns source steps. Here they have changed places.
def wait_k_mask(k, target_time, source_time):
    return np.arange(source_time)[:, None] < np.arange(target_time) + k


# %% misconception wait_k_mask
# hint: What was read stays readable. Here only a window of k words is open.
def wait_k_mask(k, target_time, source_time):
    behind = np.arange(source_time) - np.arange(target_time)[:, None]
    return (behind >= 0) & (behind < k)


# %% misconception wait_k_mask
# hint: The mask is true where the decoder may look. Here it is true where it may not.
def wait_k_mask(k, target_time, source_time):
    return np.arange(source_time) >= np.arange(target_time)[:, None] + k


# %% misconception wait_k_mask
# hint: One word is read after each written word, not k words.
def wait_k_mask(k, target_time, source_time):
    return np.arange(source_time) < (np.arange(target_time)[:, None] + 1) * k


# %% misconception wait_k_mask
# hint: k is how many words are read first. Here it counts the words that are held back at the end.
def wait_k_mask(k, target_time, source_time):
    return np.arange(source_time) < np.arange(target_time)[:, None] + source_time - k


# %% answer the_interpreter [markdown]
# (1) With the reference as prefix, an early mistake costs one word and no more. Running free the
# decoder sees its own words, also the wrong ones, and it was never trained on such beginnings:
# exposure bias. I would report what it writes by itself on test speeches: BLEU against reference
# translations beside a baseline, with the same k as in use, and let people read a sample.
#
# (2) A wider beam finds sequences that are at least as likely under the model, most of the time. It
# does not find better translations for that: a model can give a short or empty one the most
# probability. And a beam changes its mind until the end. What an interpreter has said cannot be
# taken back, so a beam over the whole sentence does not fit a running speech.
#
# (3) The Japanese verb comes last and the English one second. With wait-1 it has to be guessed, and
# no training makes a guess better than the best one. I would measure quality against k on a
# validation set and take the smallest k after which little is gained, or the largest delay that
# listeners accept. (The map shows where the decoder looked, not why it chose a word.)
#
# Rubric, one point each:
#
# - (1) exposure bias or its description, its cause, and a number of the free run. (Half a point
#   without the number.)
# - (2) a beam looks for probability; it promises no quality. And why it does not fit live use: its
#   beginnings change, or it costs time. (Half a point for one of the two.)
# - (3) the verb must be guessed, and k is chosen by a measured curve. (Half a point for one.)
