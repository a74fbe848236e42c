# %% answer frame_signal
def frame_signal(signal, size, hop):
    starts = range(0, len(signal) - size + 1, hop)
    frames = [signal[start : start + size] for start in starts]
    return np.array(frames).reshape(len(starts), size)  # (frames, size)


# %% hidden frame_signal
_rng = np.random.default_rng()
for _size, _hop in [(1, 1), (4, 1), (4, 3), (5, 5), (3, 7), (8, 2)]:
    for _time in sorted({_size, _size + _hop - 1, _size + _hop, 40, int(_rng.integers(20, 60))}):
        _signal = _rng.normal(size=_time)
        _frames = checks.unchanged(frame_signal, _signal, _size, _hop)
        _rows = []
        _start = 0
        while _start + _size <= _time:
            _rows.append([float(_signal[_start + _k]) for _k in range(_size)])
            _start += _hop
        _hint = f"size {_size}, hop {_hop}, {_time} values: only whole frames count."
        _axes = ("frames", "size")
        checks.shape(_frames, (len(_rows), _size), "the frames", hint=_hint, axes=_axes)
        checks.close(_frames, _rows, "the frames", hint=_hint)
_short = frame_signal(_rng.normal(size=3), 8, 2)
checks.shape(_short, (0, 8), "the frames of a sound that is too short", hint="None is whole.")


# %% also-correct frame_signal
def frame_signal(signal, size, hop):
    if len(signal) < size:
        return np.zeros((0, size))
    return np.lib.stride_tricks.sliding_window_view(signal, size)[::hop].copy()


# %% also-correct frame_signal
def frame_signal(signal, size, hop):
    count = 1 + (len(signal) - size) // hop if len(signal) >= size else 0
    frames = np.zeros((count, size))
    for frame in range(count):
        for k in range(size):
            frames[frame, k] = signal[frame * hop + k]
    return frames


# %% also-correct frame_signal
def frame_signal(signal, size, hop):
    count = max(0, (len(signal) - size + hop) // hop)
    places = hop * np.arange(count)[:, None] + np.arange(size)[None, :]
    return np.asarray(signal)[places]


# %% misconception frame_signal
# hint: Frames overlap: the next one starts hop values later, not where the last one ended.
def frame_signal(signal, size, hop):
    count = len(signal) // size
    return np.asarray(signal)[: count * size].reshape(count, size)


# %% misconception frame_signal
# hint: The last whole frame seems to be missing: it may end exactly where the signal ends.
def frame_signal(signal, size, hop):
    frames = [signal[start : start + size] for start in range(0, len(signal) - size, hop)]
    return np.array(frames).reshape(-1, size)


# %% misconception frame_signal
# hint: Here hop seems to be the overlap. It is the distance from start to start.
def frame_signal(signal, size, hop):
    step = max(1, size - hop)
    frames = [signal[start : start + size] for start in range(0, len(signal) - size + 1, step)]
    return np.array(frames).reshape(-1, size)


# %% misconception frame_signal
# hint: Frames seem to start at every value. They start hop values apart.
def frame_signal(signal, size, hop):
    frames = [signal[start : start + size] for start in range(len(signal) - size + 1)]
    return np.array(frames).reshape(-1, size)


# %% misconception frame_signal
# hint: Only whole frames count. Here the rest at the end is filled up with zeros.
def frame_signal(signal, size, hop):
    padded = np.concatenate([signal, np.zeros(size)])
    return np.array([padded[start : start + size] for start in range(0, len(signal), hop)])


# %% misconception frame_signal
# hint: A row is a frame. Here a column is one: the array is transposed.
def frame_signal(signal, size, hop):
    frames = [signal[start : start + size] for start in range(0, len(signal) - size + 1, hop)]
    return np.array(frames).reshape(-1, size).T


# %% misconception frame_signal
# hint: A frame holds size values in a row. Here hop seems to be used inside a frame as well.
def frame_signal(signal, size, hop):
    starts = range(0, len(signal) - size + 1, hop)
    padded = np.concatenate([signal, np.zeros(size * hop)])
    frames = [padded[start : start + size * hop : hop] for start in starts]
    return np.array(frames).reshape(-1, size)


# %% misconception frame_signal
# hint: size and hop seem to be swapped: size is how long a frame is, hop how far it moves.
def frame_signal(signal, size, hop):
    frames = [signal[start : start + hop] for start in range(0, len(signal) - hop + 1, size)]
    return np.array(frames).reshape(-1, hop)


# %% answer log_spectrogram
def log_spectrogram(signal, size, hop):
    frames = frame_signal(signal, size, hop) * np.hanning(size)  # (frames, size)
    spectra = np.fft.rfft(frames)  # (frames, bins), complex
    return np.log(np.abs(spectra) ** 2 + 1e-6)  # (frames, bins)


# %% hidden log_spectrogram
import math

_rng = np.random.default_rng()
for _size, _hop in [(4, 4), (8, 3), (10, 5), (16, 6), (7, 2)]:
    _signal = _rng.normal(size=int(_rng.integers(_size + 2 * _hop, 4 * _size)))
    _signal[: _size + _hop] *= _rng.choice([0.0, 1e-3, 1.0])
    _signal[:_size] *= _rng.choice([1e-3, 1.0])
    if _size in (4, 7):
        _signal[:_size] = 0.0
    _out = checks.unchanged(log_spectrogram, _signal, _size, _hop)
    _rows = []
    for _start in range(0, len(_signal) - _size + 1, _hop):
        _row = []
        for _bin in range(_size // 2 + 1):
            _cos = _sin = 0.0
            for _n in range(_size):
                _weight = 0.5 - 0.5 * math.cos(2 * math.pi * _n / (_size - 1))
                _turn = 2 * math.pi * _bin * _n / _size
                _cos += _weight * float(_signal[_start + _n]) * math.cos(_turn)
                _sin += _weight * float(_signal[_start + _n]) * math.sin(_turn)
            _row.append(math.log(_cos**2 + _sin**2 + 1e-6))
        _rows.append(_row)
    _hint = "Window, transform, square of the absolute value, plus 1e-6, logarithm: in this order."
    _axes = ("frames", "bins")
    checks.close(_out, _rows, "the spectrogram", hint=_hint, atol=1e-4, axes=_axes)


# %% also-correct log_spectrogram
def log_spectrogram(signal, size, hop):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / (size - 1))
    waves = np.exp(-2j * np.pi * np.outer(np.arange(size), np.arange(size // 2 + 1)) / size)
    spectra = (frame_signal(signal, size, hop) * window) @ waves
    return np.log(spectra.real**2 + spectra.imag**2 + 1e-6)


# %% also-correct log_spectrogram
def log_spectrogram(signal, size, hop):
    rows = []
    for start in range(0, len(signal) - size + 1, hop):
        whole = np.fft.fft(signal[start : start + size] * np.hanning(size))
        power = (whole * whole.conj()).real[: size // 2 + 1]
        rows.append(np.log(power + 1e-6))
    return np.array(rows)


# %% misconception log_spectrogram
# hint: Each frame has to fade in and out: multiply it by the Hann window before the transform.
def log_spectrogram(signal, size, hop):
    spectra = np.fft.rfft(frame_signal(signal, size, hop))
    return np.log(np.abs(spectra) ** 2 + 1e-6)


# %% misconception log_spectrogram
# hint: Power is the square of the absolute value; here the square seems to be missing.
def log_spectrogram(signal, size, hop):
    spectra = np.fft.rfft(frame_signal(signal, size, hop) * np.hanning(size))
    return np.log(np.abs(spectra) + 1e-6)


# %% misconception log_spectrogram
# hint: The logarithm seems to be missing: this is the power itself.
def log_spectrogram(signal, size, hop):
    spectra = np.fft.rfft(frame_signal(signal, size, hop) * np.hanning(size))
    return np.abs(spectra) ** 2


# %% misconception log_spectrogram
# hint: A real signal's spectrum is mirrored: only size // 2 + 1 bins tell something new.
def log_spectrogram(signal, size, hop):
    spectra = np.fft.fft(frame_signal(signal, size, hop) * np.hanning(size))
    return np.log(np.abs(spectra) ** 2 + 1e-6)


# %% misconception log_spectrogram
# hint: Use the absolute value of the complex number; its real part alone depends on the phase.
def log_spectrogram(signal, size, hop):
    spectra = np.fft.rfft(frame_signal(signal, size, hop) * np.hanning(size))
    return np.log(spectra.real**2 + 1e-6)


# %% misconception log_spectrogram
# hint: Here it is log base 10. Take the natural logarithm, np.log.
def log_spectrogram(signal, size, hop):
    spectra = np.fft.rfft(frame_signal(signal, size, hop) * np.hanning(size))
    return np.log10(np.abs(spectra) ** 2 + 1e-6)


# %% misconception log_spectrogram
# hint: The transform runs along the values of a frame, not across the frames.
def log_spectrogram(signal, size, hop):
    frames = frame_signal(signal, size, hop) * np.hanning(size)
    return np.log(np.abs(np.fft.rfft(frames, axis=0)) ** 2 + 1e-6)


# %% misconception log_spectrogram
# hint: The 1e-6 is added before the logarithm, so that a silent bin has one.
def log_spectrogram(signal, size, hop):
    spectra = np.fft.rfft(frame_signal(signal, size, hop) * np.hanning(size))
    return np.log(np.maximum(np.abs(spectra) ** 2, 1e-300)) + 1e-6


# %% misconception log_spectrogram
# hint: The window belongs to each frame. Here one long window is laid over the whole signal.
def log_spectrogram(signal, size, hop):
    frames = frame_signal(signal * np.hanning(len(signal)), size, hop)
    return np.log(np.abs(np.fft.rfft(frames)) ** 2 + 1e-6)


# %% answer ctc_collapse
def ctc_collapse(path):
    pairs = zip([None, *path], path)
    return [int(symbol) for before, symbol in pairs if symbol not in (before, 0)]


# %% hidden ctc_collapse
import re

_rng = np.random.default_rng()
for _ in range(60):
    _length, _classes = int(_rng.integers(0, 12)), int(_rng.integers(1, 5))
    _path = _rng.integers(0, _classes, _length).tolist()
    _text = re.sub(r"(.)\1*", r"\1", "".join(map(str, _path))).replace("0", "")
    _wanted = [int(_letter) for _letter in _text]
    _label = checks.unchanged(ctc_collapse, _path)
    checks.equal(_label, _wanted, f"the label of {_path}", "First merge repeats, then drop blanks.")
_label = ctc_collapse([12, 12, 0, 12, 3])
checks.equal(_label, [12, 12, 3], "the label", hint="Classes may have two digits.")


# %% also-correct ctc_collapse
def ctc_collapse(path):
    import itertools

    return [int(symbol) for symbol, _ in itertools.groupby(path) if symbol != 0]


# %% also-correct ctc_collapse
def ctc_collapse(path):
    symbols = np.array(path, dtype=int)
    new = np.concatenate([[True], symbols[1:] != symbols[:-1]])[: len(symbols)]
    return symbols[new & (symbols != 0)].tolist()


# %% misconception ctc_collapse
# hint: Blanks go last: dropped first, they no longer part two equal symbols.
def ctc_collapse(path):
    kept = [symbol for symbol in path if symbol != 0]
    return [symbol for k, symbol in enumerate(kept) if k == 0 or symbol != kept[k - 1]]


# %% misconception ctc_collapse
# hint: Only the blanks are dropped here. Repeats in a row become one as well.
def ctc_collapse(path):
    return [symbol for symbol in path if symbol != 0]


# %% misconception ctc_collapse
# hint: Only repeats are merged here. The blanks have to go as well.
def ctc_collapse(path):
    return [symbol for k, symbol in enumerate(path) if k == 0 or symbol != path[k - 1]]


# %% misconception ctc_collapse
# hint: A symbol may come again later. Only repeats that stand side by side are merged.
def ctc_collapse(path):
    label = []
    for symbol in path:
        if symbol != 0 and symbol not in label:
            label.append(symbol)
    return label


# %% misconception ctc_collapse
# hint: Compare with the symbol before in the path, not with the last one that was kept.
def ctc_collapse(path):
    label = []
    for symbol in path:
        if symbol != 0 and (not label or symbol != label[-1]):
            label.append(symbol)
    return label


# %% misconception ctc_collapse
# hint: The first symbol has no neighbour before it, and counts all the same.
def ctc_collapse(path):
    pairs = zip(path, path[1:])
    return [symbol for before, symbol in pairs if symbol != 0 and symbol != before]


# %% misconception ctc_collapse
# hint: The blank is class 0. Here the largest class seems to be taken for it.
def ctc_collapse(path):
    blank = max(path, default=0)
    merged = [symbol for k, symbol in enumerate(path) if k == 0 or symbol != path[k - 1]]
    return [symbol for symbol in merged if symbol != blank]


# %% answer ctc_forward_prob
def ctc_forward_prob(probabilities, label):
    extended = [0]
    for symbol in label:
        extended += [symbol, 0]
    extended = np.array(extended)  # (places,)
    differs = extended[:, None] != extended  # two blanks do not differ
    one, two = np.eye(len(extended), k=1), np.eye(len(extended), k=2)
    moves = np.eye(len(extended)) + one + two * differs  # from place (row) to place (column)
    arrived = np.zeros(len(extended))  # (places,)
    arrived[:2] = probabilities[0, extended[:2]]
    for p_t in probabilities[1:]:
        arrived = (arrived @ moves) * p_t[extended]
    return float(arrived[-2:].sum())


# %% hidden ctc_forward_prob
import itertools


def _slow_label_prob(probabilities, label):
    """Try every path, collapse it, and add up those that give the label."""
    total = 0.0
    time, classes = probabilities.shape
    for path in itertools.product(range(classes), repeat=time):
        merged = [symbol for symbol, _ in itertools.groupby(path)]
        if [symbol for symbol in merged if symbol != 0] == list(label):
            product = 1.0
            for t, symbol in enumerate(path):
                product *= float(probabilities[t, symbol])
            total += product
    return total


_rng = np.random.default_rng()
for _time, _classes, _label in [
    (1, 3, [2]),
    (3, 3, []),
    (4, 3, [1, 2]),
    (5, 3, [2, 2]),
    (5, 3, [1, 1, 2]),
    (6, 3, [2, 1, 2]),
    (5, 4, [3, 1]),
    (4, 4, [1, 2, 3]),
    (5, 4, [1, 3, 3]),
    (2, 3, [1, 1]),
    (2, 3, [1, 2, 1]),
]:
    _p = _rng.dirichlet(np.ones(_classes), size=_time)  # (time, classes)
    _got = checks.unchanged(ctc_forward_prob, _p, _label)
    _hint = f"label {_label}, {_time} frames: compared with the sum over all paths."
    checks.close(_got, _slow_label_prob(_p, _label), "the probability", hint=_hint, atol=1e-9)
_p = _rng.dirichlet(np.ones(3), size=5)
_sum = sum(
    float(np.sum(ctc_forward_prob(_p, list(_label))))
    for _length in range(6)
    for _label in itertools.product((1, 2), repeat=_length)
)
checks.close(_sum, 1.0, "the sum over all labels", hint="Every path collapses to one label.")


# %% also-correct ctc_forward_prob
def ctc_forward_prob(probabilities, label):
    extended = [0]
    for symbol in label:
        extended += [symbol, 0]
    arrived = [probabilities[0, k] if s < 2 else 0.0 for s, k in enumerate(extended)]
    for p_t in probabilities[1:]:
        before, arrived = arrived, []
        for s, symbol in enumerate(extended):
            total = before[s]
            if s >= 1:
                total = total + before[s - 1]
            if s >= 2 and symbol != 0 and symbol != extended[s - 2]:
                total = total + before[s - 2]
            arrived.append(total * p_t[symbol])
    return sum(arrived[-2:])


# %% also-correct ctc_forward_prob
def ctc_forward_prob(probabilities, label):
    # how much has said the first u symbols so far, ending in a blank or in the last symbol
    blank, spoken = np.zeros(len(label) + 1), np.zeros(len(label) + 1)
    blank[0] = 1.0
    for p_t in np.asarray(probabilities):
        new_blank = (blank + spoken) * p_t[0]
        new_spoken = np.zeros_like(spoken)
        for u in range(1, len(label) + 1):
            into = spoken[u] + blank[u - 1]
            if u == 1 or label[u - 1] != label[u - 2]:
                into = into + spoken[u - 1]
            new_spoken[u] = into * p_t[label[u - 1]]
        blank, spoken = new_blank, new_spoken
    return blank[-1] + spoken[-1]


# %% also-correct ctc_forward_prob
def ctc_forward_prob(probabilities, label):
    from functools import lru_cache

    extended = [0] + [k for symbol in label for k in (symbol, 0)]

    @lru_cache(maxsize=None)
    def arrived(t, s):
        if s < 0:
            return 0.0
        here = float(probabilities[t, extended[s]])
        if t == 0:
            return here if s < 2 else 0.0
        total = arrived(t - 1, s) + arrived(t - 1, s - 1)
        if s >= 2 and extended[s] != 0 and extended[s] != extended[s - 2]:
            total += arrived(t - 1, s - 2)
        return total * here

    last = len(probabilities) - 1
    return arrived(last, len(extended) - 1) + arrived(last, len(extended) - 2)


# %% misconception ctc_forward_prob
# hint: Between two equal symbols the blank may not be skipped: the path would merge them.
def ctc_forward_prob(probabilities, label):
    extended = [0] + [k for symbol in label for k in (symbol, 0)]
    arrived = np.zeros(len(extended))
    arrived[:2] = probabilities[0, extended[:2]]
    for p_t in probabilities[1:]:
        new = arrived.copy()
        new[1:] += arrived[:-1]
        new[3::2] += arrived[1:-2:2]
        arrived = new * p_t[extended]
    return arrived[-2:].sum()


# %% misconception ctc_forward_prob
# hint: A blank between two different symbols may be skipped: look two places back as well.
def ctc_forward_prob(probabilities, label):
    extended = [0] + [k for symbol in label for k in (symbol, 0)]
    arrived = np.zeros(len(extended))
    arrived[:2] = probabilities[0, extended[:2]]
    for p_t in probabilities[1:]:
        new = arrived.copy()
        new[1:] += arrived[:-1]
        arrived = new * p_t[extended]
    return arrived[-2:].sum()


# %% misconception ctc_forward_prob
# hint: A path may end in the last symbol or in the blank after it. Only one of them is counted.
def ctc_forward_prob(probabilities, label):
    extended = [0] + [k for symbol in label for k in (symbol, 0)]
    arrived = np.zeros(len(extended))
    arrived[:2] = probabilities[0, extended[:2]]
    for p_t in probabilities[1:]:
        new = arrived.copy()
        new[1:] += arrived[:-1]
        for s in range(2, len(extended)):
            if extended[s] != 0 and extended[s] != extended[s - 2]:
                new[s] += arrived[s - 2]
        arrived = new * p_t[extended]
    return arrived[-1]


# %% misconception ctc_forward_prob
# hint: A path may begin with the first symbol, too, not only with a blank.
def ctc_forward_prob(probabilities, label):
    extended = [0] + [k for symbol in label for k in (symbol, 0)]
    arrived = np.zeros(len(extended))
    arrived[0] = probabilities[0, 0]
    for p_t in probabilities[1:]:
        new = arrived.copy()
        new[1:] += arrived[:-1]
        for s in range(2, len(extended)):
            if extended[s] != 0 and extended[s] != extended[s - 2]:
                new[s] += arrived[s - 2]
        arrived = new * p_t[extended]
    return arrived[-2:].sum()


# %% misconception ctc_forward_prob
# hint: Only the best path seems to be counted. The probability is the sum over all paths.
def ctc_forward_prob(probabilities, label):
    extended = [0] + [k for symbol in label for k in (symbol, 0)]
    arrived = np.zeros(len(extended))
    arrived[:2] = probabilities[0, extended[:2]]
    for p_t in probabilities[1:]:
        new = arrived.copy()
        new[1:] = np.maximum(new[1:], arrived[:-1])
        for s in range(2, len(extended)):
            if extended[s] != 0 and extended[s] != extended[s - 2]:
                new[s] = max(new[s], arrived[s - 2])
        arrived = new * p_t[extended]
    return arrived[-2:].max()


# %% misconception ctc_forward_prob
# hint: From one blank to the next there is no short cut: it would leave out the symbol between.
def ctc_forward_prob(probabilities, label):
    extended = [0] + [k for symbol in label for k in (symbol, 0)]
    arrived = np.zeros(len(extended))
    arrived[:2] = probabilities[0, extended[:2]]
    for p_t in probabilities[1:]:
        new = arrived.copy()
        new[1:] += arrived[:-1]
        for s in range(2, len(extended)):
            if extended[s] == 0 or extended[s] != extended[s - 2]:
                new[s] += arrived[s - 2]
        arrived = new * p_t[extended]
    return arrived[-2:].sum()


# %% misconception ctc_forward_prob
# hint: No path may stay on a symbol here. A symbol may last for several frames.
def ctc_forward_prob(probabilities, label):
    extended = [0] + [k for symbol in label for k in (symbol, 0)]
    arrived = np.zeros(len(extended))
    arrived[:2] = probabilities[0, extended[:2]]
    for p_t in probabilities[1:]:
        new = np.where(np.array(extended) == 0, arrived, 0.0)
        new[1:] += arrived[:-1]
        for s in range(2, len(extended)):
            if extended[s] != 0 and extended[s] != extended[s - 2]:
                new[s] += arrived[s - 2]
        arrived = new * p_t[extended]
    return arrived[-2:].sum()


# %% misconception ctc_forward_prob
# hint: Old and new numbers mix: a place must add what its neighbours held one frame before.
def ctc_forward_prob(probabilities, label):
    extended = [0] + [k for symbol in label for k in (symbol, 0)]
    arrived = np.zeros(len(extended))
    arrived[:2] = probabilities[0, extended[:2]]
    for p_t in probabilities[1:]:
        for s in range(len(extended)):
            total = arrived[s] + (arrived[s - 1] if s > 0 else 0.0)
            if s > 1 and extended[s] != 0 and extended[s] != extended[s - 2]:
                total += arrived[s - 2]
            arrived[s] = total * p_t[extended[s]]
    return arrived[-2:].sum()


# %% misconception ctc_forward_prob
# hint: The blank is missing from the label: put one before, between and after its symbols.
def ctc_forward_prob(probabilities, label):
    if not len(label):
        return float(np.prod(probabilities[:, 0]))
    arrived = np.zeros(len(label))
    arrived[0] = probabilities[0, label[0]]
    for p_t in probabilities[1:]:
        new = arrived.copy()
        new[1:] += arrived[:-1]
        arrived = new * p_t[np.array(label)]
    return arrived[-1]


# %% answer prefix_beam_search
def prefix_beam_search(probabilities, width):
    beam = {(): (1.0, 0.0)}  # prefix: probability that its paths end in a blank, in a symbol
    for p_t in probabilities:
        new = {}
        for prefix, (blank, spoken) in beam.items():
            for symbol, p in enumerate(p_t):
                if symbol == 0:
                    parts = [(prefix, (blank + spoken) * p, 0.0)]
                elif prefix[-1:] == (symbol,):
                    parts = [(prefix, 0.0, spoken * p), ((*prefix, symbol), 0.0, blank * p)]
                else:
                    parts = [((*prefix, symbol), 0.0, (blank + spoken) * p)]
                for longer, to_blank, to_symbol in parts:
                    old = new.get(longer, (0.0, 0.0))
                    new[longer] = (old[0] + to_blank, old[1] + to_symbol)
        kept = sorted(new, key=lambda prefix: -sum(new[prefix]))[:width]
        beam = {prefix: new[prefix] for prefix in kept}
    best = next(iter(beam))
    return list(best), float(sum(beam[best]))


# %% hidden prefix_beam_search
import itertools


def _slow_beam(probabilities, width):
    """Keep whole paths, not prefixes: group them by what they collapse to, keep the best groups."""
    paths = {(): 1.0}
    for p_t in probabilities:
        groups = {}
        for path, p in paths.items():
            for symbol in range(len(p_t)):
                longer = (*path, symbol)
                merged = tuple(s for s, _ in itertools.groupby(longer) if s != 0)
                groups.setdefault(merged, {})[longer] = p * float(p_t[symbol])
        totals = {merged: sum(group.values()) for merged, group in groups.items()}
        kept = sorted(totals, key=totals.get, reverse=True)[:width]
        paths = {path: p for merged in kept for path, p in groups[merged].items()}
    return list(kept[0]), totals[kept[0]]


_rng = np.random.default_rng()
for _time, _classes, _width in [
    (1, 3, 2),
    (3, 3, 100),
    (4, 3, 100),
    (5, 3, 200),
    (4, 4, 300),
    (5, 3, 1),
    (6, 3, 2),
    (5, 4, 3),
    (6, 3, 4),
    (5, 2, 2),
    (6, 2, 50),
]:
    for _ in range(3):
        _p = _rng.dirichlet(np.ones(_classes), size=_time)  # (time, classes)
        _result = checks.unchanged(prefix_beam_search, _p, _width)
        checks.equal(len(_result), 2, "the number of returned values")
        _wanted, _prob = _slow_beam(_p, _width)
        _hint = f"width {_width}: compared with a search that keeps every path of every prefix."
        checks.equal(list(_result[0]), _wanted, "the label", hint=_hint)
        checks.close(_result[1], _prob, "its probability", hint=_hint, atol=1e-9)


# %% also-correct prefix_beam_search
def prefix_beam_search(probabilities, width):
    from collections import defaultdict

    blank, spoken = {(): 1.0}, {}
    for p_t in np.asarray(probabilities):
        new_blank, new_spoken = defaultdict(float), defaultdict(float)
        for prefix in set(blank) | set(spoken):
            b, s = blank.get(prefix, 0.0), spoken.get(prefix, 0.0)
            new_blank[prefix] += (b + s) * p_t[0]
            if prefix:
                new_spoken[prefix] += s * p_t[prefix[-1]]
            for symbol in range(1, len(p_t)):
                same = bool(prefix) and symbol == prefix[-1]
                new_spoken[prefix + (symbol,)] += (b if same else b + s) * p_t[symbol]
        totals = {q: new_blank[q] + new_spoken[q] for q in set(new_blank) | set(new_spoken)}
        keep = sorted(totals.items(), key=lambda item: item[1], reverse=True)[:width]
        blank = {q: new_blank[q] for q, _ in keep}
        spoken = {q: new_spoken[q] for q, _ in keep}
    return list(keep[0][0]), keep[0][1]


# %% also-correct prefix_beam_search
def prefix_beam_search(probabilities, width):
    # a state is a prefix and whether its paths end in a blank
    states = {((), True): 1.0}
    for p_t in probabilities:
        after = {}
        for (prefix, ends_blank), p in states.items():
            for symbol in range(len(p_t)):
                repeated = not ends_blank and prefix and symbol == prefix[-1]
                grown = prefix if symbol == 0 or repeated else prefix + (symbol,)
                key = (grown, symbol == 0)
                after[key] = after.get(key, 0.0) + p * p_t[symbol]
        totals = {}
        for (prefix, _), p in after.items():
            totals[prefix] = totals.get(prefix, 0.0) + p
        kept = sorted(totals, key=totals.get)[::-1][:width]
        states = {key: p for key, p in after.items() if key[0] in kept}
    return list(kept[0]), totals[kept[0]]


# %% misconception prefix_beam_search
# hint: This follows the best class of each frame. The best label may have many smaller paths.
def prefix_beam_search(probabilities, width):
    path = probabilities.argmax(axis=1)
    p = float(probabilities.max(axis=1).prod())
    return [int(s) for k, s in enumerate(path) if s != 0 and (k == 0 or s != path[k - 1])], p


# %% misconception prefix_beam_search
# hint: Paths with the same prefix have to be added up. Here each is ranked by itself.
def prefix_beam_search(probabilities, width):
    paths = [((), 1.0)]
    for p_t in probabilities:
        longer = [((*path, s), p * float(p_t[s])) for path, p in paths for s in range(len(p_t))]
        paths = sorted(longer, key=lambda item: -item[1])[:width]
    path, p = paths[0]
    return [s for k, s in enumerate(path) if s != 0 and (k == 0 or s != path[k - 1])], p


# %% misconception prefix_beam_search
# hint: A repeated symbol makes a new letter only after a blank. Blank and symbol endings differ.
def prefix_beam_search(probabilities, width):
    beam = {(): 1.0}
    for p_t in probabilities:
        new = {}
        for prefix, p in beam.items():
            for symbol, q in enumerate(p_t):
                same = symbol == 0 or (prefix and prefix[-1] == symbol)
                longer = prefix if same else (*prefix, symbol)
                new[longer] = new.get(longer, 0.0) + p * q
        beam = dict(sorted(new.items(), key=lambda item: -item[1])[:width])
    best = max(beam, key=beam.get)
    return list(best), float(beam[best])


# %% misconception prefix_beam_search
# hint: A symbol that repeats without a blank belongs to the old prefix. Here it always adds one.
def prefix_beam_search(probabilities, width):
    beam = {(): 1.0}
    for p_t in probabilities:
        new = {}
        for prefix, p in beam.items():
            for symbol, q in enumerate(p_t):
                longer = prefix if symbol == 0 else (*prefix, symbol)
                new[longer] = new.get(longer, 0.0) + p * q
        beam = dict(sorted(new.items(), key=lambda item: -item[1])[:width])
    best = max(beam, key=beam.get)
    return list(best), float(beam[best])


# %% misconception prefix_beam_search
# hint: All prefixes are kept here. Only the best `width` of them go on to the next frame.
def prefix_beam_search(probabilities, width):
    blank, spoken = {(): 1.0}, {(): 0.0}
    for p_t in probabilities:
        b, s = {}, {}
        for prefix in blank:
            for symbol, q in enumerate(p_t):
                same = bool(prefix) and prefix[-1] == symbol
                if symbol == 0:
                    b[prefix] = b.get(prefix, 0.0) + (blank[prefix] + spoken[prefix]) * q
                    continue
                if same:
                    s[prefix] = s.get(prefix, 0.0) + spoken[prefix] * q
                into = blank[prefix] if same else blank[prefix] + spoken[prefix]
                longer = (*prefix, symbol)
                s[longer] = s.get(longer, 0.0) + into * q
        keys = set(b) | set(s)
        blank, spoken = {k: b.get(k, 0.0) for k in keys}, {k: s.get(k, 0.0) for k in keys}
    best = max(blank, key=lambda prefix: blank[prefix] + spoken[prefix])
    return list(best), float(blank[best] + spoken[best])


# %% misconception prefix_beam_search
# hint: When several ways lead to one prefix they add up. Here the last one overwrites the others.
def prefix_beam_search(probabilities, width):
    beam = {(): (1.0, 0.0)}
    for p_t in probabilities:
        new = {}
        for prefix, (blank, spoken) in beam.items():
            for symbol, q in enumerate(p_t):
                if symbol == 0:
                    new[prefix] = ((blank + spoken) * q, new.get(prefix, (0.0, 0.0))[1])
                elif prefix and prefix[-1] == symbol:
                    new[prefix] = (new.get(prefix, (0.0, 0.0))[0], spoken * q)
                    new[(*prefix, symbol)] = (0.0, blank * q)
                else:
                    new[(*prefix, symbol)] = (0.0, (blank + spoken) * q)
        kept = sorted(new, key=lambda prefix: -sum(new[prefix]))[:width]
        beam = {prefix: new[prefix] for prefix in kept}
    best = next(iter(beam))
    return list(best), float(sum(beam[best]))


# %% misconception prefix_beam_search
# hint: Ranked by the paths that end in a blank alone. Add those that end in a symbol.
def prefix_beam_search(probabilities, width):
    blank, spoken = {(): 1.0}, {(): 0.0}
    for p_t in probabilities:
        b, s = {}, {}
        for prefix in blank:
            for symbol, q in enumerate(p_t):
                same = bool(prefix) and prefix[-1] == symbol
                if symbol == 0:
                    b[prefix] = b.get(prefix, 0.0) + (blank[prefix] + spoken[prefix]) * q
                    continue
                if same:
                    s[prefix] = s.get(prefix, 0.0) + spoken[prefix] * q
                into = blank[prefix] if same else blank[prefix] + spoken[prefix]
                longer = (*prefix, symbol)
                s[longer] = s.get(longer, 0.0) + into * q
        kept = sorted(set(b) | set(s), key=lambda prefix: -b.get(prefix, 0.0))[:width]
        blank, spoken = {k: b.get(k, 0.0) for k in kept}, {k: s.get(k, 0.0) for k in kept}
    return list(kept[0]), float(blank[kept[0]] + spoken[kept[0]])


# %% answer word_error_rate
def word_error_rate(reference, hypothesis):
    row = [0] + [k + 1 for k, _ in enumerate(hypothesis)]  # from nothing: insert every word
    for wanted in reference:
        new = [row[0] + 1]  # to nothing: delete every word
        for k, heard in enumerate(hypothesis):
            swap = row[k] + int(heard != wanted)
            new.append(min(swap, row[k + 1] + 1, new[k] + 1))
        row = new
    return float(row[-1] / len(reference))


# %% hidden word_error_rate
from functools import lru_cache


def _slow_edits(reference, hypothesis):
    """By its definition: try all three edits at the front, and take the cheapest."""

    @lru_cache(maxsize=None)
    def edits(i, j):
        if i == len(reference):
            return len(hypothesis) - j
        if j == len(hypothesis):
            return len(reference) - i
        if reference[i] == hypothesis[j]:
            return edits(i + 1, j + 1)
        return 1 + min(edits(i + 1, j), edits(i, j + 1), edits(i + 1, j + 1))

    return edits(0, 0)


_rng = np.random.default_rng()
for _ in range(60):
    _reference = [f"w{k}" for k in _rng.integers(0, 4, int(_rng.integers(1, 9)))]
    _hypothesis = [f"w{k}" for k in _rng.integers(0, 4, int(_rng.integers(0, 9)))]
    _rate = checks.unchanged(word_error_rate, _reference, _hypothesis)
    _wanted = _slow_edits(_reference, _hypothesis) / len(_reference)
    _hint = f"heard {_hypothesis} for {_reference}."
    checks.close(_rate, _wanted, "the error rate", hint=_hint)


# %% also-correct word_error_rate
def word_error_rate(reference, hypothesis):
    rows, columns = len(reference) + 1, len(hypothesis) + 1
    table = np.zeros((rows, columns))
    table[:, 0], table[0] = np.arange(rows), np.arange(columns)
    for i in range(1, rows):
        for j in range(1, columns):
            same = reference[i - 1] == hypothesis[j - 1]
            table[i, j] = min(
                table[i - 1, j - 1] + (0 if same else 1), table[i - 1, j] + 1, table[i, j - 1] + 1
            )
    return table[-1, -1] / len(reference)


# %% also-correct word_error_rate
def word_error_rate(reference, hypothesis):
    known = {}

    def edits(i, j):
        if min(i, j) == 0:
            return max(i, j)
        if (i, j) not in known:
            swap = edits(i - 1, j - 1) + (reference[i - 1] != hypothesis[j - 1])
            known[i, j] = min(swap, edits(i - 1, j) + 1, edits(i, j - 1) + 1)
        return known[i, j]

    return edits(len(reference), len(hypothesis)) / len(reference)


# %% misconception word_error_rate
# hint: The first row and column of D are not 0: against an empty list each item is one edit.
def word_error_rate(reference, hypothesis):
    rows, columns = len(reference), len(hypothesis)
    distance = np.zeros((rows + 1, columns + 1))
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            swap = distance[i - 1, j - 1] + (reference[i - 1] != hypothesis[j - 1])
            distance[i, j] = min(swap, distance[i - 1, j] + 1, distance[i, j - 1] + 1)
    return distance[-1, -1] / rows


# %% misconception word_error_rate
# hint: Words are compared place by place. One missing word then makes all later ones wrong.
def word_error_rate(reference, hypothesis):
    wrong = sum(a != b for a, b in zip(reference, hypothesis))
    return (wrong + abs(len(reference) - len(hypothesis))) / len(reference)


# %% misconception word_error_rate
# hint: Divide by the number of words in the reference, not in what was heard.
def word_error_rate(reference, hypothesis):
    row = list(range(len(hypothesis) + 1))
    for wanted in reference:
        new = [row[0] + 1]
        for k, heard in enumerate(hypothesis):
            new.append(min(row[k] + (heard != wanted), row[k + 1] + 1, new[k] + 1))
        row = new
    return row[-1] / max(len(hypothesis), 1)


# %% misconception word_error_rate
# hint: This divides by the longer of the two. A rate above 1 is possible, and stays as it is.
def word_error_rate(reference, hypothesis):
    row = list(range(len(hypothesis) + 1))
    for wanted in reference:
        new = [row[0] + 1]
        for k, heard in enumerate(hypothesis):
            new.append(min(row[k] + (heard != wanted), row[k + 1] + 1, new[k] + 1))
        row = new
    return row[-1] / max(len(hypothesis), len(reference))


# %% misconception word_error_rate
# hint: A replaced word is one edit. Here it seems to count as two: one deleted, one inserted.
def word_error_rate(reference, hypothesis):
    row = list(range(len(hypothesis) + 1))
    for wanted in reference:
        new = [row[0] + 1]
        for k, heard in enumerate(hypothesis):
            swap = row[k] if heard == wanted else row[k] + 2
            new.append(min(swap, row[k + 1] + 1, new[k] + 1))
        row = new
    return row[-1] / len(reference)


# %% misconception word_error_rate
# hint: This is the number of edits. Divide it by the number of words in the reference.
def word_error_rate(reference, hypothesis):
    row = list(range(len(hypothesis) + 1))
    for wanted in reference:
        new = [row[0] + 1]
        for k, heard in enumerate(hypothesis):
            new.append(min(row[k] + (heard != wanted), row[k + 1] + 1, new[k] + 1))
        row = new
    return float(row[-1])


# %% misconception word_error_rate
# hint: The order of the words counts. Here only which words occur seems to matter.
def word_error_rate(reference, hypothesis):
    left = list(hypothesis)
    found = 0
    for word in reference:
        if word in left:
            left.remove(word)
            found += 1
    return (max(len(reference), len(hypothesis)) - found) / len(reference)


# %% misconception word_error_rate
# hint: Words that were inserted count as errors, too.
def word_error_rate(reference, hypothesis):
    row = [0] * (len(hypothesis) + 1)
    for wanted in reference:
        new = [row[0] + 1]
        for k, heard in enumerate(hypothesis):
            new.append(min(row[k] + (heard != wanted), row[k + 1] + 1, new[k]))
        row = new
    return row[-1] / len(reference)


# %% misconception word_error_rate
# hint: Words are compared whole. Here the letters of the words seem to be compared.
def word_error_rate(reference, hypothesis):
    wanted_letters, heard_letters = " ".join(map(str, reference)), " ".join(map(str, hypothesis))
    row = list(range(len(heard_letters) + 1))
    for wanted in wanted_letters:
        new = [row[0] + 1]
        for k, heard in enumerate(heard_letters):
            new.append(min(row[k] + (heard != wanted), row[k + 1] + 1, new[k] + 1))
        row = new
    return row[-1] / len(wanted_letters)


# %% misconception word_error_rate
# hint: One wrong word does not make the whole sentence wrong: count edits, word by word.
def word_error_rate(reference, hypothesis):
    return float(list(reference) != list(hypothesis))


# %% answer spotter_report [markdown]
# (1) A device that never answers is right at 19,980 of 20,000 words: 99.9 %, as on the leaflet. The
# device of the test has a precision of $12/30 = 0.40$ and a recall of $12/20 = 0.60$. So $F_1 = 2
# \cdot 12/(30 + 20) = 0.48$. It is wrong 18 times by answering and 8 times by silence, so its
# accuracy is $19{,}974/20{,}000 = 99.87$ %, below that of the silent one. I would print precision and
# recall, because they tell what a patient and a nurse will notice: 8 of 20 calls are missed, and
# more than half of the alarms are false.
#
# (2) A bidirectional network needs the future, and an alarm has to come now: the network has to be
# causal, or answer late. CTC sums over all alignments, and only the order of the labels is taught.
# Where the spike falls is left to the network, so it is no measurement of time.
#
# (3) The threshold has seen the test, so its $F_1$ is too good. Choose it on validation data and
# report once on other recordings. I would also measure recall against the signal-to-noise ratio, on
# speakers who were not in the training data, and false alarms per hour on a ward. (Also good: several
# seeds, a baseline, other words that sound alike, more than 20 positive examples.)
#
# Rubric, one point each:
#
# - (1) 99.9 % for silence; 0.40, 0.60, 0.48 and 99.87 %; and a choice with a reason. (Half a point
#   if one number is wrong or the reason is missing.)
# - (2) one reason each: causality, and the alignment that CTC does not teach. (Half a point for one.)
# - (3) validation data for the threshold, and one measurement or change. (Half a point for one.)
