# %% answer build_vocab
def build_vocab(tokens, size):
    from collections import Counter

    counts = Counter(tokens)
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    return ["<pad>", "<unk>", *ranked][:size]


# %% hidden build_vocab
def _slow_vocab(tokens, size):
    """Take out the best of what is left, again and again."""
    left, listed = list(tokens), ["<pad>", "<unk>"]
    while left and len(listed) < size:
        most = max(left.count(token) for token in left)
        best = min(token for token in left if left.count(token) == most)
        listed.append(best)
        left = [token for token in left if token != best]
    return listed


_rng = np.random.default_rng()
for _size in (2, 3, 4, 6, int(_rng.integers(7, 20)), 24):
    _words = ["".join(_rng.choice(list("abAB"), _rng.integers(1, 3))) for _ in range(30)]
    _hint = "Most frequent first, equally frequent ones sorted, at most size items in all."
    _vocabulary = checks.unchanged(build_vocab, _words, _size)
    checks.equal(_vocabulary, _slow_vocab(_words, _size), "the vocabulary", hint=_hint)
    _text = "".join(_words)
    checks.equal(build_vocab(_text, _size), _slow_vocab(_text, _size), "the vocabulary", hint=_hint)


# %% also-correct build_vocab
def build_vocab(tokens, size):
    counts = {}
    for token in tokens:
        counts[token] = counts.get(token, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: pair[0])
    ranked = sorted(ranked, key=lambda pair: pair[1], reverse=True)  # a stable sort keeps ties
    return ["<pad>", "<unk>"] + [token for token, _ in ranked[: size - 2]]


# %% also-correct build_vocab
def build_vocab(tokens, size):
    kinds, counts = np.unique(list(tokens), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return (["<pad>", "<unk>"] + kinds[order].tolist())[:size]


# %% misconception build_vocab
# hint: size is the length of the whole list: the two reserved places count.
def build_vocab(tokens, size):
    counts = {token: list(tokens).count(token) for token in tokens}
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    return ["<pad>", "<unk>"] + ranked[:size]


# %% misconception build_vocab
# hint: Equally frequent tokens stand in sorted order, not in the order of their first appearance.
def build_vocab(tokens, size):
    from collections import Counter

    ranked = [token for token, _ in Counter(tokens).most_common()]
    return ["<pad>", "<unk>"] + ranked[: size - 2]


# %% misconception build_vocab
# hint: The most frequent tokens come first. Here the order is that of the alphabet alone.
def build_vocab(tokens, size):
    return ["<pad>", "<unk>"] + sorted(set(tokens))[: size - 2]


# %% misconception build_vocab
# hint: The rarest tokens are the ones to leave out. Here the most frequent ones seem to go.
def build_vocab(tokens, size):
    counts = {token: list(tokens).count(token) for token in tokens}
    ranked = sorted(counts, key=lambda token: (counts[token], token))
    return ["<pad>", "<unk>"] + ranked[: size - 2]


# %% misconception build_vocab
# hint: Places 0 and 1 are reserved for padding and for unknown tokens.
def build_vocab(tokens, size):
    counts = {token: list(tokens).count(token) for token in tokens}
    return sorted(counts, key=lambda token: (-counts[token], token))[:size]


# %% misconception build_vocab
# hint: A token stands in the vocabulary once, however often it occurs.
def build_vocab(tokens, size):
    ranked = sorted(tokens, key=lambda token: (-list(tokens).count(token), token))
    return ["<pad>", "<unk>"] + ranked[: size - 2]


# %% misconception build_vocab
# hint: Reversing a sort turns the ties round as well: equally frequent tokens stay sorted.
def build_vocab(tokens, size):
    counts = {token: list(tokens).count(token) for token in tokens}
    ranked = sorted(counts, key=lambda token: (counts[token], token), reverse=True)
    return ["<pad>", "<unk>"] + ranked[: size - 2]


# %% misconception build_vocab
# hint: Capital and small letters are different tokens: leave them as they are.
def build_vocab(tokens, size):
    lower = [token.lower() for token in tokens]
    ranked = sorted(set(lower), key=lambda token: (-lower.count(token), token))
    return ["<pad>", "<unk>"] + ranked[: size - 2]


# %% answer perplexity
def perplexity(scores, targets):
    real = targets > 0  # (samples,)
    scores, targets = scores[real], targets[real]
    scores = scores - scores.max(axis=1, keepdims=True)  # (samples, vocabulary), none above 0
    log_sum = np.log(np.exp(scores).sum(axis=1))  # (samples,)
    losses = log_sum - scores[np.arange(len(targets)), targets]  # (samples,)
    return float(np.exp(losses.mean()))


# %% hidden perplexity
import math


def _slow_perplexity(scores, targets):
    """One row at a time, as a product of probabilities and its root."""
    product, count = 1.0, 0
    for row, target in zip(scores, targets):
        if target == 0:
            continue
        weights = [math.exp(float(s) - float(max(row))) for s in row]
        product *= weights[int(target)] / math.fsum(weights)
        count += 1
    return product ** (-1 / count)


_rng = np.random.default_rng()
for _samples, _size in [(1, 4), (7, 5), (12, 3), (20, 9)]:
    _scores = _rng.normal(size=(_samples, _size)) * 2 + 900.0 * (np.arange(_samples) % 2)[:, None]
    _targets = _rng.integers(0, _size, _samples)
    _targets[0], _targets[-1] = 0, _size - 1
    _value = checks.unchanged(perplexity, _scores, _targets)
    _hint = "exp of the mean cross-entropy over the tokens that are no padding."
    checks.close(_value, _slow_perplexity(_scores, _targets), "the perplexity", hint=_hint)


# %% also-correct perplexity
def perplexity(scores, targets):
    total, count = 0.0, 0
    for row, target in zip(scores, targets):
        if target == 0:
            continue
        total += np.logaddexp.reduce(row) - row[target]
        count += 1
    return np.exp(total / count)


# %% also-correct perplexity
def perplexity(scores, targets):
    shifted = scores - np.max(scores, axis=-1)[:, None]
    log_p = shifted - np.log(np.einsum("sv->s", np.exp(shifted)))[:, None]
    right = np.take_along_axis(log_p, targets[:, None], axis=1)[:, 0]
    weights = (targets != 0).astype(float)
    return float(np.exp(-(right * weights).sum() / weights.sum()))


# %% misconception perplexity
# hint: The logarithms of p are averaged, not the values 1/p.
def perplexity(scores, targets):
    p = softmax(scores)[np.arange(len(targets)), targets]
    return float(np.mean(1 / p[targets > 0]))


# %% misconception perplexity
# hint: The probabilities are multiplied, so their logarithms are averaged, not they themselves.
def perplexity(scores, targets):
    p = softmax(scores)[np.arange(len(targets)), targets]
    return float(1 / np.mean(p[targets > 0]))


# %% misconception perplexity
# hint: A target of 0 is padding. Here it seems to be scored like a token.
def perplexity(scores, targets):
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    return float(np.exp(-log_p[np.arange(len(targets)), targets].mean()))


# %% misconception perplexity
# hint: Divide by the number of real tokens. Here padding still counts in the mean.
def perplexity(scores, targets):
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    losses = -log_p[np.arange(len(targets)), targets]
    return float(np.exp(np.sum(losses * (targets > 0)) / len(targets)))


# %% misconception perplexity
# hint: That is the loss. Perplexity is e to the power of it.
def perplexity(scores, targets):
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    return float(-log_p[np.arange(len(targets)), targets][targets > 0].mean())


# %% misconception perplexity
# hint: A perplexity is 1 or more: the logarithm of p is negative, and a sign is missing.
def perplexity(scores, targets):
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    return float(np.exp(log_p[np.arange(len(targets)), targets][targets > 0].mean()))


# %% misconception perplexity
# hint: Two bases seem to be mixed: with logarithms to base 2 it is 2 to the power of the mean.
def perplexity(scores, targets):
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    return float(np.exp(-log_p[np.arange(len(targets)), targets][targets > 0].mean() / np.log(2)))


# %% misconception perplexity
# hint: The exponential of a large score is infinite: take the largest score of each row off first.
def perplexity(scores, targets):
    with np.errstate(all="ignore"):
        e = np.exp(scores)
        p = (e / e.sum(axis=1, keepdims=True))[np.arange(len(targets)), targets]
        return float(np.exp(-np.log(p[targets > 0]).mean()))


# %% misconception perplexity
# hint: Scores are not log probabilities yet: softmax has to divide by the sum.
def perplexity(scores, targets):
    picked = scores[np.arange(len(targets)), targets][targets > 0]
    return float(np.exp(-np.clip(picked, -50, 50).mean()))


# %% misconception perplexity
# hint: Each row has a target of its own: p[:, targets] takes all targets from every row.
def perplexity(scores, targets):
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    return float(np.exp(-log_p[targets > 0][:, targets[targets > 0]].mean()))


# %% misconception perplexity
# hint: Take off the largest score of each row. With the largest of all, exp gives 0 elsewhere.
def perplexity(scores, targets):
    shifted = (scores - scores.max())[np.asarray(targets) > 0]
    with np.errstate(all="ignore"):
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1))[:, None]
        return float(np.exp(-log_p[np.arange(len(log_p)), targets[targets > 0]].mean()))


# %% answer ngram_baseline
def ngram_baseline(train, context, n, alpha, size):
    train, context = [int(i) for i in train], [int(i) for i in context]
    context = context[max(0, len(context) - n + 1) :]
    p = np.full(size, 1 / size)  # (size,)
    for start in range(len(context), -1, -1):
        last = context[start:]  # nothing at first, then one token more each time
        counts = np.zeros(size)  # (size,)
        for place in range(len(last), len(train)):
            if train[place - len(last) : place] == last:
                counts[train[place]] += 1
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% hidden ngram_baseline
def _slow_ngram(train, context, n, alpha, size):
    """The formula as it stands, from the longest context downwards, on a text of letters."""
    text = "".join(chr(65 + int(i)) for i in train)
    past = "".join(chr(65 + int(i)) for i in context)

    def count(run):
        return sum(text.startswith(run, i) for i in range(len(text)))

    def probability(token, past):
        shorter = probability(token, past[1:]) if past else 1 / size
        followed = sum(count(past + chr(65 + i)) for i in range(size))
        return (count(past + chr(65 + token)) + alpha * shorter) / (followed + alpha)

    past = past[max(0, len(past) - n + 1) :]
    return [probability(token, past) for token in range(size)]


_rng = np.random.default_rng()
for _n in (1, 2, 3, 4):
    for _length in (0, 1, 2, 5):
        _size = int(_rng.integers(3, 6))
        _train = _rng.integers(0, _size, 40)
        _start = int(_rng.integers(0, 30))
        _context = _train[_start : _start + _length]
        if _length == 1 or _rng.random() < 0.3:
            _context = _train[40 - _length :]  # at the end, where nothing follows
        if _length == 2:  # 1 0 certainly comes, so the order within 0 1 matters
            _train[:3], _context = [1, 0, 0], np.array([0, 1])
        _alpha = float(_rng.uniform(0.3, 3))
        _p = checks.unchanged(ngram_baseline, _train, _context, _n, _alpha, _size)
        _wanted = _slow_ngram(_train, _context, _n, _alpha, _size)
        _hint = f"n is {_n} and the context has {_length} tokens: which levels are mixed?"
        checks.close(_p, _wanted, "p", hint=_hint)


# %% also-correct ngram_baseline
def ngram_baseline(train, context, n, alpha, size):
    train, context = np.asarray(train, dtype=int), np.asarray(context, dtype=int)
    p = np.ones(size) / size
    for k in range(n):
        if k > len(context):
            break
        followed = np.ones(len(train) - k, dtype=bool)
        for j in range(k):
            followed &= train[j : len(train) - k + j] == context[len(context) - k + j]
        counts = np.bincount(train[k:][followed], minlength=size)
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% also-correct ngram_baseline
def ngram_baseline(train, context, n, alpha, size):
    past = tuple(int(i) for i in context)
    past = past[len(past) - min(n - 1, len(past)) :]
    if past:
        shorter = ngram_baseline(train, past[1:], len(past), alpha, size)
    else:
        shorter = [1 / size] * size
    seen = {}
    ids = [int(i) for i in train]
    for run in zip(*(ids[j:] for j in range(len(past) + 1))):
        if run[:-1] == past:
            seen[run[-1]] = seen.get(run[-1], 0) + 1
    total = sum(seen.values()) + alpha
    return np.array([(seen.get(i, 0) + alpha * shorter[i]) / total for i in range(size)])


# %% misconception ngram_baseline
# hint: The second opinion is that of the next shorter context, not an equal share at every level.
def ngram_baseline(train, context, n, alpha, size):
    train, context = list(train), list(context)
    k = min(n - 1, len(context))
    last, counts = context[len(context) - k :], np.zeros(size)
    for place in range(k, len(train)):
        counts[train[place]] += train[place - k : place] == last
    return (counts + alpha / size) / (counts.sum() + alpha)


# %% misconception ngram_baseline
# hint: An n-gram has n tokens, so its context has n - 1. Here the context is one too long.
def ngram_baseline(train, context, n, alpha, size):
    train, context, p = list(train), list(context), np.full(size, 1 / size)
    for k in range(min(n + 1, len(context) + 1)):
        last, counts = context[len(context) - k :], np.zeros(size)
        for place in range(k, len(train)):
            counts[train[place]] += train[place - k : place] == last
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% misconception ngram_baseline
# hint: The last tokens of the context count, those next to the gap. Here the first ones are used.
def ngram_baseline(train, context, n, alpha, size):
    train, context, p = list(train), list(context), np.full(size, 1 / size)
    for k in range(min(n, len(context) + 1)):
        last, counts = context[:k], np.zeros(size)
        for place in range(k, len(train)):
            counts[train[place]] += train[place - k : place] == last
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% misconception ngram_baseline
# hint: The order within a context matters: 3 2 is another context than 2 3.
def ngram_baseline(train, context, n, alpha, size):
    train, context, p = list(train), list(context), np.full(size, 1 / size)
    for k in range(min(n, len(context) + 1)):
        last, counts = context[len(context) - k :], np.zeros(size)
        for place in range(k, len(train)):
            counts[train[place]] += sorted(train[place - k : place]) == sorted(last)
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% misconception ngram_baseline
# hint: N(c) counts how often the context was followed by something. Its place at the end is not.
def ngram_baseline(train, context, n, alpha, size):
    train, context, p = list(train), list(context), np.full(size, 1 / size)
    for k in range(min(n, len(context) + 1)):
        last, counts = context[len(context) - k :], np.zeros(size)
        for place in range(k, len(train)):
            counts[train[place]] += train[place - k : place] == last
        at_end = k > 0 and train[len(train) - k :] == last
        p = (counts + alpha * p) / (counts.sum() + at_end + alpha)
    return p


# %% misconception ngram_baseline
# hint: The weight alpha is shared by all tokens: add alpha * p above the line, not alpha for each.
def ngram_baseline(train, context, n, alpha, size):
    train, context = list(train), list(context)
    k = min(n - 1, len(context))
    last, counts = context[len(context) - k :], np.zeros(size)
    for place in range(k, len(train)):
        counts[train[place]] += train[place - k : place] == last
    return (counts + alpha) / (counts.sum() + alpha * size)


# %% misconception ngram_baseline
# hint: Also a context that was seen is mixed with the shorter one; alpha is never left out.
def ngram_baseline(train, context, n, alpha, size):
    train, context, p = list(train), list(context), np.full(size, 1 / size)
    for k in range(min(n, len(context) + 1)):
        last, counts = context[len(context) - k :], np.zeros(size)
        for place in range(k, len(train)):
            counts[train[place]] += train[place - k : place] == last
        p = counts / counts.sum() if counts.sum() else p
    return p


# %% misconception ngram_baseline
# hint: context[-0:] is all of the context. For k = 0 no token of it counts.
def ngram_baseline(train, context, n, alpha, size):
    train, context, p = list(train), list(context), np.full(size, 1 / size)
    for k in range(min(n, len(context) + 1)):
        last, counts = context[-k:], np.zeros(size)
        for place in range(k, len(train)):
            counts[train[place]] += train[place - k : place] == last
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% misconception ngram_baseline
# hint: A context of fewer than n - 1 tokens is no mistake: stop when it is used up.
def ngram_baseline(train, context, n, alpha, size):
    train, context, p = list(train), list(context), np.full(size, 1 / size)
    if len(context) < n - 1:
        return p
    for k in range(n):
        last, counts = context[len(context) - k :], np.zeros(size)
        for place in range(k, len(train)):
            counts[train[place]] += train[place - k : place] == last
        p = (counts + alpha * p) / (counts.sum() + alpha)
    return p


# %% answer sample_token
def sample_token(scores, temperature, top_k, rng):
    size = scores.shape[1]
    if temperature == 0:
        return scores.argmax(axis=1)  # (batch,)
    cut = np.sort(scores)[:, -min(top_k, size)]  # (batch,): the smallest that stays
    kept = np.where(scores >= cut[:, None], scores, -np.inf)  # (batch, vocabulary)
    edges = softmax(kept / temperature).cumsum(axis=1)  # (batch, vocabulary): p laid end to end
    points = edges[:, -1] * rng.random(len(edges))  # (batch,): a point on each whole length
    return np.array([np.searchsorted(row, point) for row, point in zip(edges, points)])  # (batch,)


# %% hidden sample_token
import math


def _slow_distribution(scores, temperature, top_k):
    """One token at a time: is it among the largest, and how does it weigh against the best?"""
    best = float(max(scores))
    weights = []
    for score in scores:
        larger = sum(float(other) > float(score) for other in scores)
        stays = larger < top_k and score > -np.inf
        weights.append(math.exp((float(score) - best) / temperature) if stays else 0.0)
    return [weight / sum(weights) for weight in weights]


_rng = np.random.default_rng()
_apart = _rng.permutation(6) * 0.6 + _rng.uniform(-0.1, 0.1, 6) + _rng.choice([0, 800])
for _temperature, _top_k in [(0.5, 6), (1.7, 3), (0.8, 4), (1.0, 50)]:
    _seed = int(_rng.integers(2**31))
    _rows = np.tile(_apart, (1000, 1))
    _rows[:, int(np.argmin(_apart))] = -np.inf
    _ids = checks.unchanged(
        sample_token, _rows, _temperature, _top_k, np.random.default_rng(_seed)
    )
    checks.shape(_ids, (1000,), "ids", hint="One id for each row.")
    _p = _slow_distribution(_rows[0], _temperature, _top_k)
    _came = [float(np.mean(np.asarray(_ids) == i)) for i in range(6)]
    _hint = f"temperature is {_temperature} and top_k is {_top_k}: which may come, how often?"
    checks.close(_came, _p, "the shares", hint=_hint, atol=0.1)
    _never = [i for i in range(6) if _p[i] == 0 and _came[i] > 0]
    checks.equal(_never, [], "the ids that must not come but did", hint=_hint)
_again = sample_token(_rows, _temperature, _top_k, np.random.default_rng(_seed))
_hint = "All chance comes from rng: the same seed, the same ids."
checks.equal(np.asarray(_again).tolist(), np.asarray(_ids).tolist(), "ids", hint=_hint)
_mixed = _rng.permuted(np.tile([0.0, 30.0, 60.0, 90.0], (5, 1)), axis=1)  # each row its own best
_close = _rng.permuted(np.tile([0.0, 0.1, 0.2, 0.3], (30, 1)), axis=1)
_ids = sample_token(_close, 0, 4, np.random.default_rng(3))
_hint = "Temperature 0 takes the largest score of each row, without any chance."
checks.equal(np.asarray(_ids).tolist(), _close.argmax(axis=1).tolist(), "ids", hint=_hint)
for _settings in [(0, 4), (1.0, 4), (5.0, 1)]:
    _ids = sample_token(_mixed, *_settings, np.random.default_rng(3))
    _hint = "Every row has scores of its own."
    checks.equal(np.asarray(_ids).tolist(), _mixed.argmax(axis=1).tolist(), "ids", hint=_hint)


# %% also-correct sample_token
def sample_token(scores, temperature, top_k, rng):
    order = np.argsort(-scores, axis=1)  # (batch, vocabulary): best first
    if temperature == 0:
        return order[:, 0]
    scaled = scores / temperature
    noise = rng.gumbel(size=scores.shape)  # the largest of score + Gumbel noise is a softmax draw
    noisy = np.take_along_axis(scaled + noise, order[:, :top_k], axis=1)
    return order[np.arange(len(scores)), noisy.argmax(axis=1)]


# %% also-correct sample_token
def sample_token(scores, temperature, top_k, rng):
    ids = []
    for row in scores:
        if temperature == 0:
            ids.append(int(np.argmax(row)))
            continue
        stays = np.isin(np.arange(len(row)), np.argsort(row)[::-1][:top_k])
        p = softmax(np.where(stays, row / temperature, -np.inf))
        ids.append(int(rng.choice(len(row), p=p)))
    return np.array(ids)


# %% also-correct sample_token
def sample_token(scores, temperature, top_k, rng):
    ids = []
    for row in scores:
        best = sorted(range(len(row)), key=lambda i: -row[i])[:top_k]
        if temperature == 0:
            ids.append(best[0])
            continue
        weights = [np.exp((row[i] - row[best[0]]) / temperature) for i in best]
        point, total = rng.random() * sum(weights), 0.0
        for i, weight in zip(best, weights):
            total += weight
            if point < total:
                break
        ids.append(i)
    return np.array(ids)


# %% misconception sample_token
# hint: The scores are divided by the temperature. Here a high temperature makes the draw sharper.
def sample_token(scores, temperature, top_k, rng):
    if temperature == 0:
        return scores.argmax(axis=1)
    cut = np.sort(scores, axis=1)[:, -min(top_k, scores.shape[1])]
    p = softmax(np.where(scores >= cut[:, None], scores * temperature, -np.inf))
    return np.array([rng.choice(len(row), p=row) for row in p])


# %% misconception sample_token
# hint: The probabilities must be drawn from. Here the most probable token is always taken.
def sample_token(scores, temperature, top_k, rng):
    return scores.argmax(axis=1)


# %% misconception sample_token
# hint: top_k leaves only the k largest scores. Here all tokens may still come.
def sample_token(scores, temperature, top_k, rng):
    if temperature == 0:
        return scores.argmax(axis=1)
    p = softmax(scores / temperature)
    return np.array([rng.choice(len(row), p=row) for row in p])


# %% misconception sample_token
# hint: Among the top_k the probabilities differ. Here all of them are equally likely.
def sample_token(scores, temperature, top_k, rng):
    if temperature == 0:
        return scores.argmax(axis=1)
    cut = np.sort(scores, axis=1)[:, -min(top_k, scores.shape[1])]
    p = ((scores >= cut[:, None]) & (scores > -np.inf)).astype(float)
    return np.array([rng.choice(len(row), p=row / row.sum()) for row in p])


# %% misconception sample_token
# hint: The temperature belongs before softmax, on the scores. It seems to be left out.
def sample_token(scores, temperature, top_k, rng):
    if temperature == 0:
        return scores.argmax(axis=1)
    cut = np.sort(scores, axis=1)[:, -min(top_k, scores.shape[1])]
    p = softmax(np.where(scores >= cut[:, None], scores, -np.inf))
    return np.array([rng.choice(len(row), p=row) for row in p])


# %% misconception sample_token
# hint: Each row is drawn by itself. Here one draw serves the whole batch.
def sample_token(scores, temperature, top_k, rng):
    if temperature == 0:
        return scores.argmax(axis=1)
    cut = np.sort(scores, axis=1)[:, -min(top_k, scores.shape[1])]
    p = softmax(np.where(scores >= cut[:, None], scores, -np.inf) / temperature)
    u = rng.random()
    return np.minimum((p.cumsum(axis=1) < u).sum(axis=1), scores.shape[1] - 1)


# %% misconception sample_token
# hint: Draw with the generator rng, not with NumPy's global one: a seed must fix the result.
def sample_token(scores, temperature, top_k, rng):
    if temperature == 0:
        return scores.argmax(axis=1)
    cut = np.sort(scores, axis=1)[:, -min(top_k, scores.shape[1])]
    p = softmax(np.where(scores >= cut[:, None], scores, -np.inf) / temperature)
    return np.array([np.random.choice(len(row), p=row) for row in p])


# %% misconception sample_token
# hint: The k largest scores stay. Here the k smallest seem to.
def sample_token(scores, temperature, top_k, rng):
    if temperature == 0:
        return scores.argmax(axis=1)
    cut = np.sort(scores, axis=1)[:, min(top_k, scores.shape[1]) - 1]
    p = softmax(np.where(scores <= cut[:, None], scores, -1e9) / temperature)
    return np.array([rng.choice(len(row), p=row) for row in p])


# %% misconception sample_token
# hint: The k-th largest score itself stays: one token too few may come here.
def sample_token(scores, temperature, top_k, rng):
    best = scores.argmax(axis=1)
    if temperature == 0 or top_k == 1:
        return best
    cut = np.sort(scores, axis=1)[:, -min(top_k, scores.shape[1])]
    kept = np.where(scores > cut[:, None], scores, -np.inf)
    p = softmax(kept / temperature)
    return np.array([rng.choice(len(row), p=row) for row in p])


# %% misconception sample_token
# hint: Temperature 0 is no division by 0: it takes the largest score.
def sample_token(scores, temperature, top_k, rng):
    temperature = max(temperature, 1.0) if temperature == 0 else temperature
    cut = np.sort(scores, axis=1)[:, -min(top_k, scores.shape[1])]
    p = softmax(np.where(scores >= cut[:, None], scores, -np.inf) / temperature)
    return np.array([rng.choice(len(row), p=row) for row in p])


# %% answer next_word_topk
def next_word_topk(p, vocabulary, k, prefix):
    words = [i for i in range(2, len(vocabulary)) if vocabulary[i].startswith(prefix)]
    best = sorted(words, key=lambda i: -p[i])[:k]  # sorted keeps the order of equal ones
    return [(vocabulary[i], float(p[i])) for i in best]


# %% hidden next_word_topk
def _slow_topk(p, vocabulary, k, prefix):
    """Offer the best word that is left, k times."""
    left = {i: float(p[i]) for i in range(2, len(vocabulary))}
    left = {i: v for i, v in left.items() if vocabulary[i][: len(prefix)] == prefix}
    pairs = []
    while left and len(pairs) < k:
        most = max(left.values())
        i = min(j for j in left if left[j] == most)
        pairs.append((vocabulary[i], round(left.pop(i), 6)))
    return pairs


_rng = np.random.default_rng()
for _trial in range(10):
    _kinds = sorted({"".join(_rng.choice(list("aeT<"), _rng.integers(1, 4))) for _ in range(14)})
    _words = ["<pad>", "<unk>", *(str(w) for w in _rng.permutation(_kinds))]
    _p = _rng.integers(1, 6, len(_words)).astype(float)
    _p = _p / _p.sum()
    for _prefix in ("", "a", "e", "aT", "<", "<u"):
        _k = int(_rng.integers(1, 6))
        _pairs = checks.unchanged(next_word_topk, _p, _words, _k, _prefix)
        _hint = f"k is {_k} and the prefix is {_prefix!r}: which words begin so, and in what order?"
        _check(_pairs, _slow_topk(_p, _words, _k, _prefix), _hint)


# %% also-correct next_word_topk
def next_word_topk(p, vocabulary, k, prefix):
    pairs = []
    for i in np.argsort(-np.asarray(p), kind="stable"):
        if i > 1 and vocabulary[i].startswith(prefix) and len(pairs) < k:
            pairs.append([vocabulary[i], p[i]])
    return pairs


# %% also-correct next_word_topk
def next_word_topk(p, vocabulary, k, prefix):
    import heapq

    real = list(zip(vocabulary, p))[2:]
    fitting = [(word, float(value)) for word, value in real if word[: len(prefix)] == prefix]
    return heapq.nlargest(k, fitting, key=lambda pair: pair[1])


# %% misconception next_word_topk
# hint: Ids 0 and 1 are no words: nobody wants to be offered "<unk>".
def next_word_topk(p, vocabulary, k, prefix):
    words = [i for i in range(len(vocabulary)) if vocabulary[i].startswith(prefix)]
    return [(vocabulary[i], float(p[i])) for i in sorted(words, key=lambda i: -p[i])[:k]]


# %% misconception next_word_topk
# hint: The prefix is how a word begins. Here it may stand anywhere in it.
def next_word_topk(p, vocabulary, k, prefix):
    words = [i for i in range(2, len(vocabulary)) if prefix in vocabulary[i]]
    return [(vocabulary[i], float(p[i])) for i in sorted(words, key=lambda i: -p[i])[:k]]


# %% misconception next_word_topk
# hint: First look which words begin with the prefix, then take k. Here it is the other way round.
def next_word_topk(p, vocabulary, k, prefix):
    best = sorted(range(2, len(vocabulary)), key=lambda i: -p[i])[:k]
    return [(vocabulary[i], float(p[i])) for i in best if vocabulary[i].startswith(prefix)]


# %% misconception next_word_topk
# hint: The probabilities are those of p. Here they are divided by their sum again.
def next_word_topk(p, vocabulary, k, prefix):
    words = [i for i in range(2, len(vocabulary)) if vocabulary[i].startswith(prefix)]
    best, total = sorted(words, key=lambda i: -p[i])[:k], sum(p[i] for i in words)
    return [(vocabulary[i], float(p[i] / total)) for i in best]


# %% misconception next_word_topk
# hint: The most probable word comes first. Here the order is rising.
def next_word_topk(p, vocabulary, k, prefix):
    words = [i for i in range(2, len(vocabulary)) if vocabulary[i].startswith(prefix)]
    best = sorted(words, key=lambda i: -p[i])[:k]
    return [(vocabulary[i], float(p[i])) for i in best[::-1]]


# %% misconception next_word_topk
# hint: Of equally probable words the smaller id comes first; reversing a sort turns ties round.
def next_word_topk(p, vocabulary, k, prefix):
    words = [i for i in range(2, len(vocabulary)) if vocabulary[i].startswith(prefix)]
    best = sorted(words, key=lambda i: (p[i], i))[::-1][:k]
    return [(vocabulary[i], float(p[i])) for i in best]


# %% misconception next_word_topk
# hint: The k most probable words are asked for. Here the k least probable ones come.
def next_word_topk(p, vocabulary, k, prefix):
    words = [i for i in range(2, len(vocabulary)) if vocabulary[i].startswith(prefix)]
    return [(vocabulary[i], float(p[i])) for i in sorted(words, key=lambda i: p[i])[:k]]


# %% misconception next_word_topk
# hint: The list has k pairs if there are so many words. Here it has all of them.
def next_word_topk(p, vocabulary, k, prefix):
    words = [i for i in range(2, len(vocabulary)) if vocabulary[i].startswith(prefix)]
    return [(vocabulary[i], float(p[i])) for i in sorted(words, key=lambda i: -p[i])]


# %% misconception next_word_topk
# hint: What has been typed counts. Here the prefix is not looked at.
def next_word_topk(p, vocabulary, k, prefix):
    best = sorted(range(2, len(vocabulary)), key=lambda i: -p[i])[:k]
    return [(vocabulary[i], float(p[i])) for i in best]


# %% answer longest_copy
def longest_copy(text, source):
    best = ""
    for start in range(len(text)):
        while start + len(best) < len(text) and text[start : start + len(best) + 1] in source:
            best = text[start : start + len(best) + 1]
    return best


# %% hidden longest_copy
def _slow_copy(text, source):
    """Length by length, from the longest possible one down."""
    for length in range(min(len(text), len(source)), 0, -1):
        known = {source[i : i + length] for i in range(len(source) - length + 1)}
        for start in range(len(text) - length + 1):
            if text[start : start + length] in known:
                return text[start : start + length]
    return ""


_rng = np.random.default_rng()
for _kinds, _length in [("ab ", 40), ("abA", 80), ("abcdefgh ", 150), ("ab", 25)]:
    for _trial in range(4):
        _source = "".join(_rng.choice(list(_kinds), _length))
        _text = "".join(_rng.choice(list(_kinds), _length // 2))
        _copy = longest_copy(_text, _source)
        _hint = "The longest passage of text that is in source; the first of equally long ones."
        checks.equal(_copy, _slow_copy(_text, _source), "the copy", hint=_hint)
_source = "".join(_rng.choice(list("abcdef"), 300))
_cut = int(_rng.integers(20, 200))
for _text in (_source[_cut : _cut + 60], "#" + _source[-40:], _source[:40] + "#", "#", ""):
    _hint = "A copy may begin where the text begins, and end where it ends."
    checks.equal(longest_copy(_text, _source), _slow_copy(_text, _source), "the copy", hint=_hint)
_word, _other = ("".join(_rng.choice(list(_kinds), 5)) for _kinds in ("abc", "xyz"))
_copy = longest_copy(f"# {_word} #", f"def {_word} def")
checks.equal(_copy, f" {_word} ", "the copy", hint="A space is a character like any other.")
_copy = longest_copy(f"{_word}#{_other}", f"{_other}!{_word}")
checks.equal(_copy, _word, "the copy", hint="Of equally long passages the first in text counts.")


# %% also-correct longest_copy
def longest_copy(text, source):
    best, end = "", 0
    lengths = [0] * (len(source) + 1)  # how long is the common run that ends here and there
    for i, letter in enumerate(text):
        fresh = [0] * (len(source) + 1)
        for j, other in enumerate(source):
            if letter == other:
                fresh[j + 1] = lengths[j] + 1
        lengths = fresh
        if max(lengths) > end:
            end = max(lengths)
            best = text[i + 1 - end : i + 1]
    return best


# %% also-correct longest_copy
def longest_copy(text, source):
    low, high, found = 0, len(text), ""
    while low < high:  # copies of every shorter length exist, so halve the interval
        length = (low + high + 1) // 2
        starts = range(len(text) - length + 1)
        passages = [text[i : i + length] for i in starts if text[i : i + length] in source]
        if passages:
            low, found = length, passages[0]
        else:
            high = length - 1
    return found


# %% misconception longest_copy
# hint: Of equally long passages the first counts. Here a later one replaces it.
def longest_copy(text, source):
    best = ""
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if text[start:end] not in source:
                break
            if end - start >= len(best):
                best = text[start:end]
    return best


# %% misconception longest_copy
# hint: The passage is asked for, not its length.
def longest_copy(text, source):
    best = 0
    for start in range(len(text)):
        while start + best < len(text) and text[start : start + best + 1] in source:
            best += 1
    return best


# %% misconception longest_copy
# hint: Spaces are characters. Here they are cut off at the ends of the passage.
def longest_copy(text, source):
    best = ""
    for start in range(len(text)):
        while start + len(best) < len(text) and text[start : start + len(best) + 1] in source:
            best = text[start : start + len(best) + 1]
    return best.strip()


# %% misconception longest_copy
# hint: A copy may begin anywhere in the text. Here only its beginning is looked at.
def longest_copy(text, source):
    best = ""
    for end in range(1, len(text) + 1):
        if text[:end] in source:
            best = text[:end]
    return best


# %% misconception longest_copy
# hint: The last character of the text may belong to the copy. Here the search stops one early.
def longest_copy(text, source):
    best = ""
    for start in range(len(text)):
        while start + len(best) + 1 < len(text) and text[start : start + len(best) + 1] in source:
            best = text[start : start + len(best) + 1]
    return best


# %% misconception longest_copy
# hint: Capital and small letters differ: do not change the texts before you compare.
def longest_copy(text, source):
    best, low = "", source.lower()
    for start in range(len(text)):
        while start + len(best) < len(text):
            if text[start : start + len(best) + 1].lower() not in low:
                break
            best = text[start : start + len(best) + 1]
    return best


# %% misconception longest_copy
# hint: A copy is one passage without gaps. Here characters are left out in between.
def longest_copy(text, source):
    best, place = "", 0
    for letter in text:
        found = source.find(letter, place)
        if found >= 0:
            best, place = best + letter, found + 1
    return best


# %% misconception longest_copy
# hint: A copy need not consist of whole words.
def longest_copy(text, source):
    words, best = text.split(" "), ""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            passage = " ".join(words[start:end])
            if passage in source and len(passage) > len(best):
                best = passage
    return best


# %% misconception longest_copy
# hint: The first copy that ends is not always the longest: look at all starts.
def longest_copy(text, source):
    for start in range(len(text)):
        if text[start] in source:
            end = start + 1
            while end < len(text) and text[start : end + 1] in source:
                end += 1
            return text[start:end]
    return ""


# %% misconception longest_copy
# hint: From one start the passage may grow by many characters: go on as long as it is in source.
def longest_copy(text, source):
    best = ""
    for start in range(len(text)):
        longer = text[start : start + len(best) + 1]
        if longer in source:
            best = longer
    return best


# %% answer letter_writer [markdown]
(1) With 500 words most rare words become `<unk>`. That token is frequent, so it is easy to predict, and
nobody is helped by it. A vocabulary of `<unk>` alone would have perplexity 1. The two perplexities are
taken over different tokens and cannot be compared. Compare how often the right word is among the three
that are offered, with every unknown word counted as a miss, on the same held-out letters for both models.

(2) Lines of one letter, and phrases that stand in all letters, fall into training and test alike. The
test then asks for what the model has seen. Split by letter, or better by customer or by date, and leave out
passages that come again. An n-gram model, smoothed and with its n chosen on validation letters, is the missing
baseline; so is always offering the three most frequent words.

(3) Nobody knows the training letters by heart, so a copied sentence looks new. Compute the longest
passage that a generated text shares with the training letters. Compare it with the longest passage that
held-out letters of the same length share with them: phrases that everybody writes are shared, too. If the
generated texts share much longer ones, or names and numbers, the model copies.
