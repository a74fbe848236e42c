# %% answer tokenize
def tokenize(text, unit):
    if unit == "word":
        return re.findall(r"[\w']+", text.lower())
    if unit == "character":
        return [character for character in text.lower() if character.isalnum()]
    raise ValueError(f"unit is {unit!r}, expected 'word' or 'character'")


# %% hidden tokenize
def _slow_tokens(text, unit):
    """One character at a time, with a word that grows."""
    tokens, word = [], ""
    for character in text.lower() + " ":
        if unit == "character":
            tokens += [character] if character.isalnum() else []
        elif character.isalnum() or character in "_'":
            word += character
        elif word:
            tokens.append(word)
            word = ""
    return tokens


_rng = np.random.default_rng()
_pieces = ["Good", "don't", "味", "は", "良くない", "42", "#Fun", "a_b", "BAD", "Ünder", "soup"]
_marks = [" ", ", ", "... ", "。", " :) ", "!", "-", "\n", "/"]
_texts = [" ".join(str(_piece) for _piece in _rng.permutation(_pieces))]
for _ in range(20):
    _chosen = [str(_rng.choice(_pieces)) + str(_rng.choice(_marks)) for _ in range(8)]
    _texts.append("".join(_chosen[: int(_rng.integers(1, 9))]))
for _text in _texts:
    for _unit in ("word", "character"):
        _hint = f"The text is {_text!r}, the unit {_unit!r}."
        checks.equal(tokenize(_text, _unit), _slow_tokens(_text, _unit), "the tokens", hint=_hint)
_hint = "A unit that is neither of the two is a ValueError."
for _unit in ("words", "Word", "", "char"):
    checks.raises(ValueError, tokenize, "good", _unit, hint=_hint)


# %% also-correct tokenize
def tokenize(text, unit):
    if unit not in ("word", "character"):
        raise ValueError("unit is word or character")
    lower = text.lower()
    if unit == "character":
        return list(filter(str.isalnum, lower))
    kept = "".join(c if c.isalnum() or c in "'_" else " " for c in lower)
    return kept.split()


# %% also-correct tokenize
def tokenize(text, unit):
    patterns = {"word": r"(?:\w|')+", "character": r"[^\W_]"}
    if unit not in patterns:
        raise ValueError(unit)
    return [match.group().lower() for match in re.finditer(patterns[unit], text)]


# %% also-correct tokenize
def tokenize(text, unit):
    if unit == "character":
        return [c.lower() for c in text if c.isalnum()]
    if unit == "word":
        return [word.lower() for word in re.split(r"[^\w']+", text) if word]
    raise ValueError("no such unit")


# %% misconception tokenize
# hint: Good and good are one word: the text goes to lower case first.
def tokenize(text, unit):
    if unit == "word":
        return re.findall(r"[\w']+", text)
    if unit == "character":
        return [character for character in text if character.isalnum()]
    raise ValueError(unit)


# %% misconception tokenize
# hint: split() cuts at spaces only; a comma stays on its word. Find the words, leave the rest.
def tokenize(text, unit):
    if unit == "word":
        return text.lower().split()
    if unit == "character":
        return [character for character in text.lower() if character.isalnum()]
    raise ValueError(unit)


# %% misconception tokenize
# hint: [a-z] knows English letters only. Japanese words are lost; \w knows every script.
def tokenize(text, unit):
    if unit == "word":
        return re.findall(r"[a-z0-9_']+", text.lower())
    if unit == "character":
        return [character for character in text.lower() if character.isalnum()]
    raise ValueError(unit)


# %% misconception tokenize
# hint: The apostrophe belongs to its word: don't is one token, not don and t.
def tokenize(text, unit):
    if unit == "word":
        return re.findall(r"\w+", text.lower())
    if unit == "character":
        return [character for character in text.lower() if character.isalnum()]
    raise ValueError(unit)


# %% misconception tokenize
# hint: list(text) keeps spaces and punctuation. Only letters and digits are tokens.
def tokenize(text, unit):
    if unit == "word":
        return re.findall(r"[\w']+", text.lower())
    if unit == "character":
        return list(text.lower())
    raise ValueError(unit)


# %% misconception tokenize
# hint: isalpha is true of letters only. Digits are tokens, too: isalnum.
def tokenize(text, unit):
    if unit == "word":
        return re.findall(r"[\w']+", text.lower())
    if unit == "character":
        return [character for character in text.lower() if character.isalpha()]
    raise ValueError(unit)


# %% misconception tokenize
# hint: An unknown unit is a mistake of the caller: raise a ValueError, do not guess.
def tokenize(text, unit):
    if unit == "word":
        return re.findall(r"[\w']+", text.lower())
    return [character for character in text.lower() if character.isalnum()]


# %% misconception tokenize
# hint: A text is a sequence: each token as often as it occurs, in its order. This is a set.
def tokenize(text, unit):
    if unit == "word":
        return sorted(set(re.findall(r"[\w']+", text.lower())))
    if unit == "character":
        return sorted({character for character in text.lower() if character.isalnum()})
    raise ValueError(unit)


# %% answer bow_baseline
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0  # (vocabulary,)
    for _ in range(updates):
        dscores = (sigmoid(counts @ w + b) - y) / len(y)  # (samples,)
        w = w - rate * (counts.T @ dscores)  # (vocabulary,)
        b = b - rate * dscores.sum()
    return w, b


# %% hidden bow_baseline
import math


def _slow_fit(counts, y, rate, updates):
    """One number at a time; gradients as in the text."""
    samples, words = counts.shape
    w, b = [0.0] * words, 0.0
    for _ in range(updates):
        dw, db = [0.0] * words, 0.0
        for i in range(samples):
            score = b + sum(w[k] * float(counts[i, k]) for k in range(words))
            error = (1 / (1 + math.exp(-score)) - float(y[i])) / samples
            db += error
            for k in range(words):
                dw[k] += error * float(counts[i, k])
        w = [w[k] - rate * dw[k] for k in range(words)]
        b -= rate * db
    return w, b


def _loss(counts, y, w, b):
    p = 1 / (1 + np.exp(-(counts @ w + b)))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


_rng = np.random.default_rng()
for _samples, _words, _updates in [(5, 3, 1), (7, 4, 6), (9, 2, 3)]:
    _counts = _rng.integers(0, 4, (_samples, _words)).astype(float)
    _y = _rng.integers(0, 2, _samples)
    _y[0] = 1
    _rate = float(_rng.uniform(0.2, 0.7))
    _w, _b = checks.unchanged(bow_baseline, _counts, _y, _rate, _updates)
    _ws, _bs = _slow_fit(_counts, _y, _rate, _updates)
    _hint = f"{_samples} samples, {_words} words, {_updates} updates of all samples."
    checks.close(_w, _ws, "w", hint=_hint)
    checks.close(_b, _bs, "b", hint=_hint)
# the first step goes down the slope of the loss, as finite differences find it
_w, _b = bow_baseline(_counts, _y, 1.0, 1)
_zero, _eps = np.zeros(_words), 1e-6
_slopes = [
    (_loss(_counts, _y, _e, 0.0) - _loss(_counts, _y, -_e, 0.0)) / (2 * _eps)
    for _e in _eps * np.eye(_words)
]
_hint = "One update with rate 1 is the negative gradient of the mean cross-entropy."
checks.close(_w, -np.array(_slopes), "w after one update", hint=_hint, atol=1e-5)
_slope = (_loss(_counts, _y, _zero, _eps) - _loss(_counts, _y, _zero, -_eps)) / (2 * _eps)
checks.close(_b, -_slope, "b after one update", hint=_hint, atol=1e-5)


# %% also-correct bow_baseline
def bow_baseline(counts, y, rate, updates):
    x = np.hstack([counts, np.ones((len(counts), 1))])
    theta = np.zeros(x.shape[1])
    for _ in range(updates):
        p = 1 / (1 + np.exp(-np.einsum("nk,k->n", x, theta)))
        theta -= rate * np.mean((p - y)[:, None] * x, axis=0)
    return theta[:-1], theta[-1]


# %% also-correct bow_baseline
def bow_baseline(counts, y, rate, updates):
    samples, words = counts.shape
    w, b = [0.0] * words, 0.0
    for _ in range(updates):
        errors = [sigmoid(float(np.dot(row, w)) + b) - label for row, label in zip(counts, y)]
        dw = [sum(e * row[k] for e, row in zip(errors, counts)) / samples for k in range(words)]
        w = [old - rate * slope for old, slope in zip(w, dw)]
        b = b - rate * sum(errors) / samples
    return np.array(w), b


# %% also-correct bow_baseline
def bow_baseline(counts, y, rate, updates):
    signs, w, b = 2 * np.asarray(y) - 1, np.zeros((counts.shape[1], 1)), np.zeros(1)
    for _ in range(updates):
        margins = signs * (counts @ w + b)[:, 0]
        push = signs * sigmoid(-margins) / len(signs)
        w, b = w + rate * counts.T @ push[:, None], b + rate * push.sum()
    return w[:, 0], float(b[0])


# %% misconception bow_baseline
# hint: The loss is a mean over the reviews: the errors are divided by their number.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        dscores = sigmoid(counts @ w + b) - y
        w = w - rate * (counts.T @ dscores)
        b = b - rate * dscores.sum()
    return w, b


# %% misconception bow_baseline
# hint: Gradient descent goes down: subtract. Here the steps seem to lead uphill.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        dscores = (sigmoid(counts @ w + b) - y) / len(y)
        w = w + rate * (counts.T @ dscores)
        b = b + rate * dscores.sum()
    return w, b


# %% misconception bow_baseline
# hint: The slope of the sigmoid cancels in the product. Here p * (1 - p) seems to be left in.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        p = sigmoid(counts @ w + b)
        dscores = (p - y) * p * (1 - p) / len(y)
        w = w - rate * (counts.T @ dscores)
        b = b - rate * dscores.sum()
    return w, b


# %% misconception bow_baseline
# hint: Probabilities come out of the sigmoid; here the bare scores seem to be compared with y.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        dscores = (counts @ w + b - y) / len(y)
        w = w - rate * (counts.T @ dscores)
        b = b - rate * dscores.sum()
    return w, b


# %% misconception bow_baseline
# hint: The bias learns, too: its gradient is the sum of the errors.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        dscores = (sigmoid(counts @ w + b) - y) / len(y)
        w = w - rate * (counts.T @ dscores)
    return w, b


# %% misconception bow_baseline
# hint: Each update uses the scores of the newest weights. Here they are computed only once.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    dscores = (sigmoid(counts @ w + b) - y) / len(y)
    for _ in range(updates):
        w = w - rate * (counts.T @ dscores)
        b = b - rate * dscores.sum()
    return w, b


# %% misconception bow_baseline
# hint: An update is made of all samples at once, not of one after the other.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        for row, label in zip(counts, y):
            error = (sigmoid(row @ w + b) - label) / len(y)
            w = w - rate * error * row
            b = b - rate * error
    return w, b


# %% misconception bow_baseline
# hint: A word that occurs twice counts twice. Here only its presence seems to count.
def bow_baseline(counts, y, rate, updates):
    counts = (counts > 0).astype(float)
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        dscores = (sigmoid(counts @ w + b) - y) / len(y)
        w = w - rate * (counts.T @ dscores)
        b = b - rate * dscores.sum()
    return w, b


# %% misconception bow_baseline
# hint: The bias is a part of every score. Here it learns, and the scores do without it.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        dscores = (sigmoid(counts @ w) - y) / len(y)
        w = w - rate * (counts.T @ dscores)
        b = b - rate * dscores.sum()
    return w, b


# %% misconception bow_baseline
# hint: Weights and bias move together. Here the bias seems to use the weights moved already.
def bow_baseline(counts, y, rate, updates):
    w, b = np.zeros(counts.shape[1]), 0.0
    for _ in range(updates):
        w = w - rate * (counts.T @ (sigmoid(counts @ w + b) - y)) / len(y)
        b = b - rate * np.mean(sigmoid(counts @ w + b) - y)
    return w, b


# %% answer embedding_gradient
def embedding_gradient(ids, dvectors, words):
    dE = np.zeros((words, dvectors.shape[-1]))  # (words, size)
    np.add.at(dE, ids, dvectors)
    return dE


# %% hidden embedding_gradient
def _one_hot_product(ids, dvectors, words):
    """What a weight matrix gets: the one-hot input transposed, times the gradient."""
    one_hot = np.zeros((ids.size, words))
    for _place, _word in enumerate(ids.ravel()):
        one_hot[_place, _word] = 1
    return one_hot.T @ dvectors.reshape(ids.size, -1)


_rng = np.random.default_rng()
for _batch, _time, _size, _words in [(1, 6, 3, 3), (4, 5, 2, 6), (3, 7, 1, 4), (2, 3, 4, 9)]:
    _ids = _rng.integers(0, _words, (_batch, _time))
    _ids[0, :2] = _ids[0, -1]  # a word three times, and thrice in one sequence
    _dvectors = _rng.normal(size=(_batch, _time, _size))
    _dE = checks.unchanged(embedding_gradient, _ids, _dvectors, _words)
    _hint = "Every place adds its gradient to the row of its word; other rows stay 0."
    checks.close(_dE, _one_hot_product(_ids, _dvectors, _words), "dE", hint=_hint)
# the gradient of a loss, by finite differences
_E, _target = _rng.normal(size=(4, 2)), _rng.normal(size=(2, 3, 2))
_ids = _rng.integers(0, 4, (2, 3))
_ids[1, 0] = _ids[0, 0]
_dE = embedding_gradient(_ids, 2 * (_E[_ids] - _target), 4)
_slopes = np.zeros((4, 2))
for _row in range(4):
    for _column in range(2):
        _nudge = np.zeros((4, 2))
        _nudge[_row, _column] = 1e-5
        _up, _down = (np.sum(((_E + _s * _nudge)[_ids] - _target) ** 2) for _s in (1, -1))
        _slopes[_row, _column] = (_up - _down) / 2e-5
checks.close(_dE, _slopes, "dE", hint="Compared with finite differences of a loss.", atol=1e-5)


# %% also-correct embedding_gradient
def embedding_gradient(ids, dvectors, words):
    dE = np.zeros((words, dvectors.shape[2]))
    for row, vectors in zip(ids, dvectors):
        for word, vector in zip(row, vectors):
            dE[word] += vector
    return dE


# %% also-correct embedding_gradient
def embedding_gradient(ids, dvectors, words):
    return np.einsum("btk,bts->ks", np.eye(words)[ids], dvectors)


# %% also-correct embedding_gradient
def embedding_gradient(ids, dvectors, words):
    return np.stack([dvectors[ids == word].sum(axis=0) for word in range(words)])


# %% misconception embedding_gradient
# hint: dE[ids] += ... keeps only the last of a word's gradients. A repeated word adds them up.
def embedding_gradient(ids, dvectors, words):
    dE = np.zeros((words, dvectors.shape[-1]))
    dE[ids] += dvectors
    return dE


# %% misconception embedding_gradient
# hint: The gradients of a word are added, not averaged: a frequent word moves more.
def embedding_gradient(ids, dvectors, words):
    dE, counts = np.zeros((words, dvectors.shape[-1])), np.zeros((words, 1))
    np.add.at(dE, ids, dvectors)
    np.add.at(counts, ids, 1)
    return dE / np.maximum(counts, 1)


# %% misconception embedding_gradient
# hint: One row for every word of the vocabulary, not only for those that occur.
def embedding_gradient(ids, dvectors, words):
    seen = np.unique(ids)
    return np.stack([dvectors[ids == word].sum(axis=0) for word in seen])


# %% misconception embedding_gradient
# hint: All sequences of the batch add to the same matrix. Only the first seems to count.
def embedding_gradient(ids, dvectors, words):
    dE = np.zeros((words, dvectors.shape[-1]))
    np.add.at(dE, ids[0], dvectors[0])
    return dE


# %% misconception embedding_gradient
# hint: The loss has already been averaged; here the sum is divided by the batch once more.
def embedding_gradient(ids, dvectors, words):
    dE = np.zeros((words, dvectors.shape[-1]))
    np.add.at(dE, ids, dvectors)
    return dE / len(ids)


# %% misconception embedding_gradient
# hint: Id 0 is a row like any other here. A mask sends it a gradient of 0; do not drop it twice.
def embedding_gradient(ids, dvectors, words):
    dE = np.zeros((words, dvectors.shape[-1]))
    np.add.at(dE, ids, dvectors)
    dE[0] = 0
    return dE


# %% misconception embedding_gradient
# hint: A word's gradients come from its own places only. This is the sum over all places.
def embedding_gradient(ids, dvectors, words):
    dE = np.zeros((words, dvectors.shape[-1]))
    dE[np.unique(ids)] = dvectors.sum(axis=(0, 1))
    return dE


# %% misconception embedding_gradient
# hint: Fractions are cut off: the array of zeros was made with whole numbers.
def embedding_gradient(ids, dvectors, words):
    dE = np.zeros((words, dvectors.shape[-1]), dtype=int)
    for row, vectors in zip(ids, dvectors):
        for word, vector in zip(row, vectors):
            dE[word] = dE[word] + vector
    return dE


# %% answer build_classifier
def build_classifier(words, size, units):
    return keras.Sequential(
        [
            keras.Input((None,)),
            keras.layers.Embedding(words, size, mask_zero=True),
            keras.layers.LSTM(units),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


# %% hidden build_classifier
def _numpy_answer(weights, ids):
    """The classifier in NumPy, one review at a time; padding is left out, not masked."""
    E, W_x, W_h, b, W_y, b_y = weights
    units = len(W_h)
    answers = []
    for row in ids:
        h, c = np.zeros(units), np.zeros(units)
        for word in row[row > 0]:
            a = E[word] @ W_x + h @ W_h + b
            i, f, o = (1 / (1 + np.exp(-a[k * units : (k + 1) * units])) for k in (0, 1, 3))
            c = f * c + i * np.tanh(a[2 * units : 3 * units])
            h = o * np.tanh(c)
        answers.append(1 / (1 + np.exp(-(h @ W_y + b_y))))
    return np.array(answers)


_rng = np.random.default_rng()
_words, _size, _units = int(_rng.integers(8, 12)), int(_rng.integers(2, 4)), int(_rng.integers(4, 6))
_model = build_classifier(_words, _size, _units)
_message = f"Came a {type(_model).__name__}, not a keras.Sequential."
checks.true(isinstance(_model, keras.Sequential), _message)
checks.equal(tuple(_model.outputs[0].shape), (None, 1), "the output shape", hint="One a review.")
_shapes = [(_words, _size), (_size, 4 * _units), (_units, 4 * _units), (4 * _units,)]
_shapes += [(_units, 1), (1,)]
_hint = "Embedding, LSTM, Dense: one weight matrix, then three arrays, then two."
checks.equal([_w.shape for _w in _model.get_weights()], _shapes, "the weights", hint=_hint)
_weights = [_rng.uniform(0.2, 1.0, _s) * _rng.choice([-1, 1], _s) for _s in _shapes]
_model.set_weights(_weights)
_ids = _rng.integers(1, _words, (6, 7))
for _row, _length in enumerate((7, 6, 4, 3, 2, 1)):
    _ids[_row, _length:] = 0
_hint = "Masked padding, an LSTM with its defaults, its last state, one sigmoid."
_p = keras.ops.convert_to_numpy(_model(_ids))
checks.close(_p, _numpy_answer(_weights, _ids), "the answer", hint=_hint, atol=1e-4, rtol=1e-4)


# %% also-correct build_classifier
def build_classifier(words, size, units):
    model = keras.Sequential(name="reader")
    model.add(keras.Input((None,), dtype="int32"))
    model.add(keras.layers.Embedding(input_dim=words, output_dim=size, mask_zero=True))
    model.add(keras.layers.LSTM(units, return_sequences=False))
    model.add(keras.layers.Dense(1, activation=keras.activations.sigmoid))
    return model


# %% also-correct build_classifier
def build_classifier(words, size, units):
    model = keras.Sequential()
    model.add(keras.Input(shape=(None,)))
    model.add(keras.layers.Embedding(words, size, mask_zero=True, name="rows"))
    model.add(keras.layers.LSTM(units, activation="tanh", use_bias=True))
    model.add(keras.layers.Dense(1))
    model.add(keras.layers.Activation("sigmoid"))
    return model


# %% misconception build_classifier
# hint: Padding seems to change the answer. The embedding has to mask the id 0: mask_zero=True.
def build_classifier(words, size, units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(words, size),
            layers.LSTM(units),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# %% misconception build_classifier
# hint: The answer is a probability: the dense layer needs a sigmoid.
def build_classifier(words, size, units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(words, size, mask_zero=True),
            layers.LSTM(units),
            layers.Dense(1),
        ]
    )


# %% misconception build_classifier
# hint: Many in, one out: the LSTM returns its last state only, not all of them.
def build_classifier(words, size, units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(words, size, mask_zero=True),
            layers.LSTM(units, return_sequences=True),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# %% misconception build_classifier
# hint: One output with a sigmoid, not two with a softmax.
def build_classifier(words, size, units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(words, size, mask_zero=True),
            layers.LSTM(units),
            layers.Dense(2, activation="softmax"),
        ]
    )


# %% misconception build_classifier
# hint: The layer asked for is an LSTM. A SimpleRNN has a quarter of its weights.
def build_classifier(words, size, units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(words, size, mask_zero=True),
            layers.SimpleRNN(units),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# %% misconception build_classifier
# hint: Embedding takes the number of words first, then the length of a row. They seem swapped.
def build_classifier(words, size, units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(size, words, mask_zero=True),
            layers.LSTM(units),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# %% misconception build_classifier
# hint: The mean of all rows knows nothing of their order. The LSTM has to read them.
def build_classifier(words, size, units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(words, size, mask_zero=True),
            layers.GlobalAveragePooling1D(),
            layers.Dense(units, activation="tanh"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# %% misconception build_classifier
# hint: The review is read forwards, first word first. Here the LSTM reads it backwards.
def build_classifier(words, size, units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(words, size, mask_zero=True),
            layers.LSTM(units, go_backwards=True),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


# %% answer negation_challenge
def negation_challenge(classify, nouns, positive, negative):
    def share(pairs):
        """Of pairs of an unfavourable and a favourable text, how many are told apart rightly."""
        said = classify([text for pair in pairs for text in pair])
        said = np.reshape(said, (len(pairs), 2))  # (pairs, 2)
        return float(np.mean(said[:, 0] < said[:, 1]))

    negation = [(f"the {n} was not {a}", f"the {n} was {a}") for n in nouns for a in positive]
    negation += [(f"the {n} was {a}", f"the {n} was not {a}") for n in nouns for a in negative]
    contrast = [
        (f"the {n} was {good} , but the {n} was {bad}", f"the {n} was {bad} , but the {n} was {good}")
        for n in nouns
        for good in positive
        for bad in negative
    ]
    return {"negation": share(negation), "contrast": share(contrast)}


# %% hidden negation_challenge
def _expected_shares(classify, nouns, positive, negative):
    """All texts in one table, judged one at a time."""
    table = {"negation": [], "contrast": []}
    for noun in nouns:
        for word in [*positive, *negative]:
            label = int(word in positive)
            plain, turned = classify([f"the {noun} was {word}"]), classify([f"the {noun} was not {word}"])
            table["negation"].append(plain[0] == label and turned[0] == 1 - label)
        for up in positive:
            for down in negative:
                rise = classify([f"the {noun} was {down} , but the {noun} was {up}"])[0]
                fall = classify([f"the {noun} was {up} , but the {noun} was {down}"])[0]
                table["contrast"].append(rise == 1 and fall == 0)
    return {name: sum(values) / len(values) for name, values in table.items()}


def _fickle(salt):
    """Answers that depend on the whole text, and on nothing sensible."""

    def classify(texts):
        return [sum(ord(c) * (salt + i * i) for i, c in enumerate(t)) % 7 % 2 for t in texts]

    return classify


def _knows(up, down):
    """Understand "but" and "not", for some words, and for some nouns only."""

    def classify(texts):
        answers = []
        for text in texts:
            end = text.split(" , but ")[-1].split()
            value = sum(w in up for w in end) - sum(w in down for w in end)
            answers.append(int(value * (-1 if "not" in end else 1) > 0 and end[1] != "soup"))
        return answers

    return classify


_rng = np.random.default_rng()
_up = [str(w) for w in _rng.permutation(["good", "lovely", "fine", "superb"])]
_down = [str(w) for w in _rng.permutation(["bad", "dull", "poor", "weak"])]
_nouns = [str(w) for w in _rng.permutation(["film", "view", "staff"])][:2] + ["soup"]
for _classify, _what in (
    (_fickle(int(_rng.integers(1, 1000))), "A classifier that answers at random."),
    (_fickle(int(_rng.integers(1, 1000))), "Another that answers at random."),
    (_knows(_up[:2], _down[:1]), "A classifier that knows some of the words."),
    (lambda _texts: [int("but" in _t) for _t in _texts], "One that knows only 'but'."),
    (lambda _texts: [int("not" in _t) for _t in _texts], "One that says 1 if there is a 'not'."),
    (lambda _texts: [int("not" not in _t) for _t in _texts], "One that says 0 if there is a 'not'."),
    (lambda _texts: np.ones(len(_texts), int), "One that always says 1, in an array."),
):
    _words = (_nouns, _up[:3], _down[:2])
    _result, _wanted = negation_challenge(_classify, *_words), _expected_shares(_classify, *_words)
    for _name in ("negation", "contrast"):
        checks.close(_result[_name], _wanted[_name], _name, hint=_what)


# %% also-correct negation_challenge
def negation_challenge(classify, nouns, positive, negative):
    def share(pairs):
        right = [list(classify([yes, no])) == [1, 0] for yes, no in pairs]
        return sum(right) / len(right)

    negation = [(f"the {n} was {a}", f"the {n} was not {a}") for n in nouns for a in positive]
    negation += [(f"the {n} was not {a}", f"the {n} was {a}") for n in nouns for a in negative]
    contrast = [
        (f"the {n} was {bad} , but the {n} was {good}", f"the {n} was {good} , but the {n} was {bad}")
        for n in nouns
        for good in positive
        for bad in negative
    ]
    return {"negation": share(negation), "contrast": share(contrast)}


# %% also-correct negation_challenge
def negation_challenge(classify, nouns, positive, negative):
    def says(text):
        return int(classify([text])[0])

    right = total = 0
    for noun in nouns:
        for words, label in ((positive, 1), (negative, 0)):
            for word in words:
                pair = says(f"the {noun} was {word}"), says(f"the {noun} was not {word}")
                right, total = right + (pair == (label, 1 - label)), total + 1
    hits = [
        says(f"the {n} was {g} , but the {n} was {b}") < says(f"the {n} was {b} , but the {n} was {g}")
        for n in nouns
        for g in positive
        for b in negative
    ]
    return {"negation": right / total, "contrast": np.mean(hits)}


# %% also-correct negation_challenge
def negation_challenge(classify, nouns, positive, negative):
    texts, labels = {"negation": [], "contrast": []}, {"negation": [], "contrast": []}
    for noun in nouns:
        for word in list(positive) + list(negative):
            texts["negation"] += [f"the {noun} was {word}", f"the {noun} was not {word}"]
            labels["negation"] += [1, 0] if word in positive else [0, 1]
        for good in positive:
            for bad in negative:
                for first, last, label in ((good, bad, 0), (bad, good, 1)):
                    texts["contrast"].append(f"the {noun} was {first} , but the {noun} was {last}")
                    labels["contrast"].append(label)
    shares = {}
    for name in texts:
        right = np.asarray(classify(texts[name])) == np.array(labels[name])
        shares[name] = float(right.reshape(-1, 2).all(axis=1).mean())
    return shares


# %% also-correct negation_challenge
def negation_challenge(classify, nouns, positive, negative):
    def turned(no, yes):
        return classify((no,))[0] == 0 and classify((yes,))[0] == 1

    adjectives = {word: word in positive for word in positive + negative}
    shares = dict.fromkeys(("negation", "contrast"), 0)
    for n in nouns:
        for a, good in adjectives.items():
            pair = f"the {n} was not {a}", f"the {n} was {a}"
            shares["negation"] += turned(*(pair if good else pair[::-1])) / len(adjectives) / len(nouns)
        for k in range(len(positive) * len(negative)):
            g, b = positive[k // len(negative)], negative[k % len(negative)]
            pair = f"the {n} was {g} , but the {n} was {b}", f"the {n} was {b} , but the {n} was {g}"
            shares["contrast"] += turned(*pair) / len(positive) / len(negative) / len(nouns)
    return shares


# %% misconception negation_challenge
# hint: A pair counts only if both answers are right. Here single answers seem to be counted.
def negation_challenge(classify, nouns, positive, negative):
    texts, labels = [], []
    for n in nouns:
        for a in [*positive, *negative]:
            texts += [f"the {n} was {a}", f"the {n} was not {a}"]
            labels += [1, 0] if a in positive else [0, 1]
    negation = np.mean(np.asarray(classify(texts)) == labels)
    texts, labels = [], []
    for n in nouns:
        for g in positive:
            for b in negative:
                texts += [f"the {n} was {g} , but the {n} was {b}"]
                texts += [f"the {n} was {b} , but the {n} was {g}"]
                labels += [0, 1]
    return {"negation": negation, "contrast": np.mean(np.asarray(classify(texts)) == labels)}


# %% misconception negation_challenge
# hint: What comes after "but" decides. Here what comes before it seems to decide.
def negation_challenge(classify, nouns, positive, negative):
    negation, contrast = [], []
    for n in nouns:
        for a in [*positive, *negative]:
            wanted = [1, 0] if a in positive else [0, 1]
            got = list(classify([f"the {n} was {a}", f"the {n} was not {a}"]))
            negation.append(got == wanted)
        for g in positive:
            for b in negative:
                first = f"the {n} was {g} , but the {n} was {b}"
                second = f"the {n} was {b} , but the {n} was {g}"
                contrast.append(list(classify([first, second])) == [1, 0])
    return {"negation": np.mean(negation), "contrast": np.mean(contrast)}


# %% misconception negation_challenge
# hint: "Not bad" counts as favourable. The negative adjectives need pairs, too.
def negation_challenge(classify, nouns, positive, negative):
    negation, contrast = [], []
    for n in nouns:
        for a in positive:
            negation.append(list(classify([f"the {n} was {a}", f"the {n} was not {a}"])) == [1, 0])
        for g in positive:
            for b in negative:
                first = f"the {n} was {g} , but the {n} was {b}"
                second = f"the {n} was {b} , but the {n} was {g}"
                contrast.append(list(classify([first, second])) == [0, 1])
    return {"negation": np.mean(negation), "contrast": np.mean(contrast)}


# %% misconception negation_challenge
# hint: It is not enough that the two answers differ: they must be right.
def negation_challenge(classify, nouns, positive, negative):
    negation, contrast = [], []
    for n in nouns:
        for a in [*positive, *negative]:
            one, two = classify([f"the {n} was {a}", f"the {n} was not {a}"])
            negation.append(one != two)
        for g in positive:
            for b in negative:
                first = f"the {n} was {g} , but the {n} was {b}"
                second = f"the {n} was {b} , but the {n} was {g}"
                one, two = classify([first, second])
                contrast.append(one != two)
    return {"negation": np.mean(negation), "contrast": np.mean(contrast)}


# %% misconception negation_challenge
# hint: Each positive adjective meets each negative one. Here they go side by side, with zip.
def negation_challenge(classify, nouns, positive, negative):
    negation, contrast = [], []
    for n in nouns:
        for a in [*positive, *negative]:
            wanted = [1, 0] if a in positive else [0, 1]
            got = list(classify([f"the {n} was {a}", f"the {n} was not {a}"]))
            negation.append(got == wanted)
        for g, b in zip(positive, negative):
            first = f"the {n} was {g} , but the {n} was {b}"
            second = f"the {n} was {b} , but the {n} was {g}"
            contrast.append(list(classify([first, second])) == [0, 1])
    return {"negation": np.mean(negation), "contrast": np.mean(contrast)}


# %% misconception negation_challenge
# hint: Return the share of pairs, between 0 and 1. This is their number.
def negation_challenge(classify, nouns, positive, negative):
    negation, contrast = [], []
    for n in nouns:
        for a in [*positive, *negative]:
            wanted = [1, 0] if a in positive else [0, 1]
            got = list(classify([f"the {n} was {a}", f"the {n} was not {a}"]))
            negation.append(got == wanted)
        for g in positive:
            for b in negative:
                first = f"the {n} was {g} , but the {n} was {b}"
                second = f"the {n} was {b} , but the {n} was {g}"
                contrast.append(list(classify([first, second])) == [0, 1])
    return {"negation": sum(negation), "contrast": sum(contrast)}


# %% misconception negation_challenge
# hint: All nouns take part. Only the first one seems to be used.
def negation_challenge(classify, nouns, positive, negative):
    negation, contrast = [], []
    for n in nouns[:1]:
        for a in [*positive, *negative]:
            wanted = [1, 0] if a in positive else [0, 1]
            got = list(classify([f"the {n} was {a}", f"the {n} was not {a}"]))
            negation.append(got == wanted)
        for g in positive:
            for b in negative:
                first = f"the {n} was {g} , but the {n} was {b}"
                second = f"the {n} was {b} , but the {n} was {g}"
                contrast.append(list(classify([first, second])) == [0, 1])
    return {"negation": np.mean(negation), "contrast": np.mean(contrast)}


# %% misconception negation_challenge
# hint: "Not" turns a verdict round: "not good" is 0 and "not bad" is 1, not 0 both.
def negation_challenge(classify, nouns, positive, negative):
    negation, contrast = [], []
    for n in nouns:
        for a in [*positive, *negative]:
            wanted = [1, 0] if a in positive else [0, 0]
            got = list(classify([f"the {n} was {a}", f"the {n} was not {a}"]))
            negation.append(got == wanted)
        for g in positive:
            for b in negative:
                first = f"the {n} was {g} , but the {n} was {b}"
                second = f"the {n} was {b} , but the {n} was {g}"
                contrast.append(list(classify([first, second])) == [0, 1])
    return {"negation": np.mean(negation), "contrast": np.mean(contrast)}


# %% misconception negation_challenge
# hint: classify takes a list of texts. Given one string, it judges every letter as a text.
def negation_challenge(classify, nouns, positive, negative):
    negation, contrast = [], []
    for n in nouns:
        for a in [*positive, *negative]:
            label = int(a in positive)
            one, two = classify(f"the {n} was {a}"), classify(f"the {n} was not {a}")
            negation.append(one == label and two == 1 - label)
        for g in positive:
            for b in negative:
                first = classify(f"the {n} was {g} , but the {n} was {b}")
                second = classify(f"the {n} was {b} , but the {n} was {g}")
                contrast.append(first == 0 and second == 1)
    return {"negation": np.mean(negation), "contrast": np.mean(contrast)}


# %% answer f1_score
def f1_score(y, guess):
    hits = int(np.sum((y == 1) & (guess == 1)))
    alarms, wanted = int(np.sum(guess == 1)), int(np.sum(y == 1))
    if not hits:
        return 0.0, 0.0, 0.0
    return hits / alarms, hits / wanted, 2 * hits / (alarms + wanted)


# %% hidden f1_score
def _slow_f1(y, guess):
    """Count the four kinds one by one; F1 as the harmonic mean of the other two."""
    tp = fp = fn = 0
    for truth, answer in zip(y.tolist(), guess.tolist()):
        tp += truth == 1 and answer == 1
        fp += truth == 0 and answer == 1
        fn += truth == 1 and answer == 0
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    if precision == 0 or recall == 0:
        return precision, recall, 0.0
    return precision, recall, 1 / ((1 / precision + 1 / recall) / 2)


_rng = np.random.default_rng()
for _rare in (0.5, 0.2, 0.8, 0.3):
    _y = (_rng.random(40) < _rare).astype(int)
    _guess = np.where(_rng.random(40) < 0.7, _y, 1 - _y)
    _three = checks.unchanged(f1_score, _y, _guess)
    checks.close(_three, _slow_f1(_y, _guess), "the result", hint="Precision, recall, F1.")
_y, _none, _all = _rng.permutation([1] * 7 + [0] * 13), np.zeros(20, int), np.ones(20, int)
for _truth, _guess in ((_y, _none), (_y, _all), (_none, _y), (_none, _none), (_y, 1 - _y)):
    _hint = "No alarm, only alarms, nothing to find, or nothing right."
    checks.close(f1_score(_truth, _guess), _slow_f1(_truth, _guess), "the result", hint=_hint)


# %% also-correct f1_score
def f1_score(y, guess):
    matrix = np.zeros((2, 2))
    np.add.at(matrix, (np.asarray(y), np.asarray(guess)), 1)
    (_, fp), (fn, tp) = matrix
    precision, recall = tp / max(tp + fp, 1), tp / max(tp + fn, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-300)


# %% also-correct f1_score
def f1_score(y, guess):
    pairs = list(zip(np.asarray(y, bool).tolist(), np.asarray(guess, bool).tolist()))
    hits, false, missed = (pairs.count(kind) for kind in ((True, True), (False, True), (True, False)))
    if hits == 0:
        return [0.0, 0.0, 0.0]
    return [hits / (hits + false), hits / (hits + missed), 2 * hits / (2 * hits + false + missed)]


# %% misconception f1_score
# hint: Precision and recall are swapped: precision divides by the alarms, recall by the positives.
def f1_score(y, guess):
    hits = np.sum((y == 1) & (guess == 1))
    recall, precision = hits / max(np.sum(guess == 1), 1), hits / max(np.sum(y == 1), 1)
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


# %% misconception f1_score
# hint: F1 is the harmonic mean, 2PR / (P + R). This is the plain mean.
def f1_score(y, guess):
    hits = np.sum((y == 1) & (guess == 1))
    precision, recall = hits / max(np.sum(guess == 1), 1), hits / max(np.sum(y == 1), 1)
    return precision, recall, (precision + recall) / 2


# %% misconception f1_score
# hint: Precision asks only about the alarms. This is accuracy, which counts all right answers.
def f1_score(y, guess):
    hits = np.sum((y == 1) & (guess == 1))
    precision, recall = np.mean(y == guess), hits / max(np.sum(y == 1), 1)
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


# %% misconception f1_score
# hint: The positive class is 1. Here the class 0 seems to be the one that is looked for.
def f1_score(y, guess):
    hits = np.sum((y == 0) & (guess == 0))
    precision, recall = hits / max(np.sum(guess == 0), 1), hits / max(np.sum(y == 0), 1)
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


# %% misconception f1_score
# hint: Where nothing is there to divide by, the result is 0, not 1.
def f1_score(y, guess):
    hits, alarms, wanted = np.sum((y == 1) & (guess == 1)), np.sum(guess == 1), np.sum(y == 1)
    precision = hits / alarms if alarms else 1.0
    recall = hits / wanted if wanted else 1.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


# %% misconception f1_score
# hint: Dividing by 0 gives nan. Where the denominator is 0, the fraction counts as 0.
def f1_score(y, guess):
    hits = np.sum((y == 1) & (guess == 1))
    with np.errstate(all="ignore"):
        precision = np.float64(hits) / np.sum(guess == 1)
        recall = np.float64(hits) / np.sum(y == 1)
        return precision, recall, 2 * precision * recall / (precision + recall)


# %% misconception f1_score
# hint: F1 leaves the factor 2 out: with P = R = 1 it should be 1.
def f1_score(y, guess):
    hits = np.sum((y == 1) & (guess == 1))
    precision, recall = hits / max(np.sum(guess == 1), 1), hits / max(np.sum(y == 1), 1)
    total = precision + recall
    return precision, recall, precision * recall / total if total else 0.0


# %% misconception f1_score
# hint: A hit is a 1 that was called 1. Here every right answer is a hit, the true negatives too.
def f1_score(y, guess):
    hits = np.sum(y == guess)
    precision, recall = hits / max(np.sum(guess == 1), 1), hits / max(np.sum(y == 1), 1)
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


# %% answer ready_to_use [markdown]
# (1) Whoever never raises an alarm is right about 49 posts of 50: 98 % accuracy, as good as hers.
# So accuracy says nothing here. She should report precision and recall of the complaints, and F1, on
# posts that somebody has labelled; the silent program has a recall and an F1 of 0.
#
# (2) A program that takes "not" for a bad word calls "not good" negative as well, without any idea of
# negation. She needs pairs that differ only in the "not": "the room was bad" and "the room was not bad",
# with good and bad words and many nouns, and "not" far from its adjective. A pair counts only if both
# answers are right.
#
# (3) Posts contain words that the reviews do not ("da", "soooo", hashtags), which all become the same
# unknown token. And their sentences are built otherwise, and some are ironic. Against new
# words it helps to learn rows for them from many unlabelled posts, or to read characters. In any
# case some labelled posts belong into the test set, and into the training set.
