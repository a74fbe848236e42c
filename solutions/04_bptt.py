# %% answer numerical_grad
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += eps
        down[index] -= eps
        grad[index] = (f(up) - f(down)) / (2 * eps)
    return grad


# %% hidden numerical_grad
_rng = np.random.default_rng()

# cubes: the central difference is 3 c w**2 + c eps**2, exactly, for any eps
for _shape in [(3,), (2, 3), (2, 1, 3)]:
    _w, _c = _rng.normal(size=_shape), _rng.uniform(1, 2, size=_shape)
    _eps = float(_rng.uniform(0.1, 0.3))
    _grad = checks.unchanged(numerical_grad, lambda w: float(np.sum(_c * w**3)), _w, _eps)
    checks.shape(_grad, _shape, "the gradient", hint="A gradient has the shape of its array.")
    _expected = 3 * _c * _w**2 + _c * _eps**2
    checks.close(_grad, _expected, "the gradient", hint="Central differences, with this eps.")

# numbers that act together: w' A w has the gradient (A + A') w
_w, _A = _rng.normal(size=5), _rng.normal(size=(5, 5))
_grad = numerical_grad(lambda w: float(w @ _A @ w), _w, 1e-3)
checks.close(_grad, (_A + _A.T) @ _w, "the gradient", hint="Nudge one number at a time.")
_w, _x = _rng.normal(size=(3, 2)) / 2, _rng.normal(size=(4, 3))
_grad = numerical_grad(lambda w: float(np.sum(np.sin(_x @ w))), _w, 1e-5)
checks.close(_grad, _x.T @ np.cos(_x @ _w), "the gradient", hint="Every number of w counts.")


# %% also-correct numerical_grad
def numerical_grad(f, w, eps):
    grad = np.empty_like(w)
    for index in np.ndindex(*w.shape):
        kept = w[index]
        w[index] = kept + eps
        above = f(w)
        w[index] = kept - eps
        below = f(w)
        w[index] = kept
        grad[index] = (above - below) / (2 * eps)
    return grad


# %% also-correct numerical_grad
def numerical_grad(f, w, eps):
    nudges = eps * np.eye(w.size)
    slopes = [
        0.5 * (f(w + n.reshape(w.shape)) - f(w - n.reshape(w.shape))) / eps for n in nudges
    ]
    return np.array(slopes).reshape(w.shape)


# %% also-correct numerical_grad
def numerical_grad(f, w, eps):
    flat = list(np.ravel(w))
    grad = []
    for i, value in enumerate(flat):
        high = np.array(flat[:i] + [value + eps] + flat[i + 1 :]).reshape(w.shape)
        low = np.array(flat[:i] + [value - eps] + flat[i + 1 :]).reshape(w.shape)
        grad.append((f(high) - f(low)) / eps / 2)
    return np.reshape(grad, w.shape)


# %% misconception numerical_grad
# hint: That is the forward difference. Nudge to both sides: up by eps and down by eps.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up = w.copy()
        up[index] += eps
        grad[index] = (f(up) - f(w)) / eps
    return grad


# %% misconception numerical_grad
# hint: That is the backward difference. Nudge to both sides: up by eps and down by eps.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        down = w.copy()
        down[index] -= eps
        grad[index] = (f(w) - f(down)) / eps
    return grad


# %% misconception numerical_grad
# hint: From w - eps to w + eps it is two eps. Here the difference seems to be divided by one.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += eps
        down[index] -= eps
        grad[index] = (f(up) - f(down)) / eps
    return grad


# %% misconception numerical_grad
# hint: The caller's w is nudged and left nudged. Work on a copy, or put the old number back.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        w[index] += eps
        above = f(w)
        w[index] -= 2 * eps
        grad[index] = (above - f(w)) / (2 * eps)
    return grad


# %% misconception numerical_grad
# hint: Two names for one array: nudging one nudges the other. Each needs a copy of its own.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up = down = w.copy()
        up[index] += eps
        down[index] -= eps
        grad[index] = (f(up) - f(down)) / (2 * eps)
    return grad


# %% misconception numerical_grad
# hint: All numbers are nudged at once. That gives the sum of the slopes; nudge one at a time.
def numerical_grad(f, w, eps):
    return np.full(w.shape, (f(w + eps) - f(w - eps)) / (2 * eps))


# %% misconception numerical_grad
# hint: Nudges pile up from number to number. Start from the original w for each of them.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    up, down = w.copy(), w.copy()
    for index in np.ndindex(w.shape):
        up[index] += eps
        down[index] -= eps
        grad[index] = (f(up) - f(down)) / (2 * eps)
    return grad


# %% misconception numerical_grad
# hint: Going along the first axis nudges a whole row at once. Every number needs its own nudge.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for i in range(len(w)):
        up, down = w.copy(), w.copy()
        up[i] += eps
        down[i] -= eps
        grad[i] = (f(up) - f(down)) / (2 * eps)
    return grad


# %% misconception numerical_grad
# hint: The size of the nudge is given as eps. Here another size seems to be used.
def numerical_grad(f, w, eps):
    eps = 1e-5
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += eps
        down[index] -= eps
        grad[index] = (f(up) - f(down)) / (2 * eps)
    return grad


# %% misconception numerical_grad
# hint: A slope is positive when f grows with w: the value above minus the value below.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += eps
        down[index] -= eps
        grad[index] = (f(down) - f(up)) / (2 * eps)
    return grad


# %% misconception numerical_grad
# hint: A nudge adds eps. Multiplying by 1 + eps moves small numbers less and zero not at all.
def numerical_grad(f, w, eps):
    grad = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] *= 1 + eps
        down[index] *= 1 - eps
        grad[index] = (f(up) - f(down)) / (2 * eps)
    return grad


# %% answer grad_check
def grad_check(analytic, numeric):
    total = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    if total == 0:
        return 0.0
    return float(np.linalg.norm(analytic - numeric) / total)


# %% hidden grad_check
import math


def _length(numbers):
    return math.sqrt(sum(float(number) ** 2 for number in np.ravel(numbers)))


_rng = np.random.default_rng()
for _shape in [(4,), (3, 2), (2, 3, 2), (1,)]:
    for _size in (1e-15, 1.0, 1e6):
        _one, _two = _size * _rng.normal(size=_shape), _size * _rng.normal(size=_shape)
        _error = checks.unchanged(grad_check, _one, _two)
        _expected = _length(_one - _two) / (_length(_one) + _length(_two))
        checks.close(_error, _expected, "the relative error", hint="Which lengths, and of what?")
_one = _rng.normal(size=(3, 3))
for _factor, _expected in [(1.0, 0.0), (-1.0, 1.0), (0.0, 1.0), (3.0, 0.5)]:
    _error = grad_check(_one, _factor * _one)
    checks.close(_error, _expected, "the relative error", hint="0 is equal, 1 is opposite.")
    _error = grad_check(_factor * _one, _one)
    checks.close(_error, _expected, "the relative error", hint="Neither of the two is special.")
_error = grad_check(np.zeros((2, 2)), np.zeros((2, 2)))
checks.close(_error, 0.0, "the relative error", hint="Two gradients of zero are equal.")


# %% also-correct grad_check
def grad_check(analytic, numeric):
    def length(g):
        return np.sqrt((np.asarray(g) ** 2).sum())

    return length(analytic - numeric) / max(length(analytic) + length(numeric), 1e-100)


# %% also-correct grad_check
def grad_check(analytic, numeric):
    a, n = analytic.ravel(), numeric.ravel()
    if not a.any() and not n.any():
        return 0
    d = a - n
    return (d @ d) ** 0.5 / ((a @ a) ** 0.5 + (n @ n) ** 0.5)


# %% also-correct grad_check
def grad_check(analytic, numeric):
    pairs = list(zip(np.ravel(analytic).tolist(), np.ravel(numeric).tolist()))
    scale = max(max(abs(a), abs(n)) for a, n in pairs)
    if scale == 0:
        return 0.0
    difference = sum(((a - n) / scale) ** 2 for a, n in pairs) ** 0.5
    lengths = sum((a / scale) ** 2 for a, _ in pairs) ** 0.5
    return difference / (lengths + sum((n / scale) ** 2 for _, n in pairs) ** 0.5)


# %% misconception grad_check
# hint: That is the absolute difference. Whether it is much depends on the gradients' own size.
def grad_check(analytic, numeric):
    return float(np.linalg.norm(analytic - numeric))


# %% misconception grad_check
# hint: Zero divided by zero is not a number. Two gradients of zero are equal: error 0.
def grad_check(analytic, numeric):
    with np.errstate(all="ignore"):
        total = np.linalg.norm(analytic) + np.linalg.norm(numeric)
        return np.linalg.norm(analytic - numeric) / total


# %% misconception grad_check
# hint: Only two gradients of zero are equal. One of zero beside one that is not has the error 1.
def grad_check(analytic, numeric):
    if not np.any(analytic) or not np.any(numeric):
        return 0.0
    total = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return float(np.linalg.norm(analytic - numeric) / total)


# %% misconception grad_check
# hint: Gradients of the same length may point elsewhere. Take the length of the difference.
def grad_check(analytic, numeric):
    one, two = np.linalg.norm(analytic), np.linalg.norm(numeric)
    return float(abs(one - two) / (one + two)) if one + two > 0 else 0.0


# %% misconception grad_check
# hint: The two lengths are added first. The length of the sum is another thing: it can be zero.
def grad_check(analytic, numeric):
    total = np.linalg.norm(analytic + numeric)
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(analytic - numeric) / total) if total > 0 else 0.0


# %% misconception grad_check
# hint: The difference is divided by the sum of both lengths, not by one of them.
def grad_check(analytic, numeric):
    length = np.linalg.norm(numeric)
    return float(np.linalg.norm(analytic - numeric) / length) if length > 0 else 0.0


# %% misconception grad_check
# hint: A length is the root of a sum of squares. The root seems to be missing.
def grad_check(analytic, numeric):
    total = np.sum(analytic**2) + np.sum(numeric**2)
    return float(np.sum((analytic - numeric) ** 2) / total) if total > 0 else 0.0


# %% misconception grad_check
# hint: A fixed small number below hides errors of small gradients. Treat zero as a case apart.
def grad_check(analytic, numeric):
    total = np.linalg.norm(analytic) + np.linalg.norm(numeric) + 1e-8
    return float(np.linalg.norm(analytic - numeric) / total)


# %% misconception grad_check
# hint: Differences of opposite sign cancel in a plain sum. Square them, or take the length.
def grad_check(analytic, numeric):
    total = np.sum(np.abs(analytic)) + np.sum(np.abs(numeric))
    return float(abs(np.sum(analytic - numeric)) / total) if total > 0 else 0.0


# %% misconception grad_check
# hint: This compares number by number and keeps the worst. Compare the lengths of whole gradients.
def grad_check(analytic, numeric):
    total = np.maximum(np.abs(analytic) + np.abs(numeric), 1e-300)
    return float(np.max(np.abs(analytic - numeric) / total))


# %% misconception grad_check
# hint: The answer is a number that says how far apart they are, not whether they are close.
def grad_check(analytic, numeric):
    return 0.0 if np.allclose(analytic, numeric) else 1.0


# %% misconception grad_check
# hint: Tiny gradients are not zero. Only when both lengths are exactly 0 is the answer 0 by rule.
def grad_check(analytic, numeric):
    total = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return 0.0 if total < 1e-12 else float(np.linalg.norm(analytic - numeric) / total)


# %% misconception grad_check
# hint: The length of an array is the root of ALL its squares; norm(g, 2) is another number.
def grad_check(analytic, numeric):
    def length(g):
        return np.linalg.norm(g, 2)

    total = length(analytic) + length(numeric)
    return float(length(analytic - numeric) / total) if total > 0 else 0.0



# %% answer rnn_step_backward
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_t**2)  # (batch, units)
    dx_t = da_t @ W_x.T  # (batch, features)
    dh_prev = da_t @ W_h.T  # (batch, units)
    return dx_t, dh_prev, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% hidden rnn_step_backward
def _slope(f, w):
    """Central differences, written for the tests."""
    flat, slopes = np.ravel(w).astype(float), []
    for i in range(flat.size):
        nudge = np.zeros(flat.size)
        nudge[i] = 1e-5
        above, below = (flat + nudge).reshape(w.shape), (flat - nudge).reshape(w.shape)
        slopes.append((f(above) - f(below)) / 2e-5)
    return np.reshape(slopes, w.shape)


_rng = np.random.default_rng()
for _batch, _features, _units in [(1, 1, 1), (3, 2, 4), (2, 3, 3), (3, 4, 2)]:
    _values = [
        _rng.normal(size=(_batch, _features)),  # x_t
        _rng.uniform(-0.9, 0.9, size=(_batch, _units)),  # h_prev
        _rng.normal(size=(_features, _units)) / 2,  # W_x
        _rng.normal(size=(_units, _units)) / 2,  # W_h
        _rng.normal(size=_units) / 2,  # b
    ]
    _dh_t = _rng.uniform(0.5, 2, size=(_batch, _units)) * _rng.choice([-1, 1], (_batch, _units))

    def _loss(x_t, h_prev, W_x, W_h, b):
        return float(np.sum(_dh_t * np.tanh(x_t @ W_x + h_prev @ W_h + b)))

    _x_t, _h_prev, _W_x, _W_h, _b = _values
    _h_t = np.tanh(_x_t @ _W_x + _h_prev @ _W_h + _b)
    _got = checks.unchanged(rnn_step_backward, _dh_t, _x_t, _h_prev, _h_t, _W_x, _W_h)
    _expected = []
    for _i in range(5):
        _rest = lambda w, i=_i: _loss(*_values[:i], w, *_values[i + 1 :])
        _expected.append(_slope(_rest, _values[_i]))
    _five(_got, _expected, _where)


# %% also-correct rnn_step_backward
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da = np.einsum("bu,bu->bu", dh_t, 1 - h_t * h_t)
    return (
        np.einsum("bu,fu->bf", da, W_x),
        np.einsum("bj,kj->bk", da, W_h),
        np.einsum("bf,bu->fu", x_t, da),
        np.einsum("bk,bj->kj", h_prev, da),
        np.einsum("bu->u", da),
    )


# %% also-correct rnn_step_backward
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    dx_t, dh_prev = np.zeros(np.shape(x_t)), np.zeros(np.shape(h_prev))
    dW_x, dW_h, db = np.zeros(np.shape(W_x)), np.zeros(np.shape(W_h)), np.zeros(len(W_h))
    for n in range(len(dh_t)):
        for j in range(len(W_h)):
            da = dh_t[n, j] * (1 - h_t[n, j]) * (1 + h_t[n, j])
            db[j] += da
            for i in range(len(W_x)):
                dx_t[n, i] += da * W_x[i, j]
                dW_x[i, j] += da * x_t[n, i]
            for k in range(len(W_h)):
                dh_prev[n, k] += da * W_h[k, j]
                dW_h[k, j] += da * h_prev[n, k]
    return dx_t, dh_prev, dW_x, dW_h, db


# %% also-correct rnn_step_backward
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    features = len(W_x)
    joined = np.hstack([x_t, h_prev, np.ones((len(x_t), 1))])
    da_t = dh_t / np.cosh(np.arctanh(h_t)) ** 2
    below = da_t @ np.vstack([W_x, W_h]).T
    weights = joined.T @ da_t
    return [
        below[:, :features],
        below[:, features:],
        weights[:features],
        weights[features:-1],
        weights[-1],
    ]


# %% misconception rnn_step_backward
# hint: The slope of tanh belongs to the new state: 1 - h_t**2. Here the old state stands in it.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_prev**2)
    return da_t @ W_x.T, da_t @ W_h.T, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception rnn_step_backward
# hint: The way back goes through tanh too: multiply by its slope, 1 - h_t**2.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    return dh_t @ W_x.T, dh_t @ W_h.T, x_t.T @ dh_t, h_prev.T @ dh_t, dh_t.sum(axis=0)


# %% misconception rnn_step_backward
# hint: Backward, W_h leads from new unit to old unit. Its rows and columns must be exchanged.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_t**2)
    return da_t @ W_x.T, da_t @ W_h, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception rnn_step_backward
# hint: It was the old state that met W_h. Here its gradient is made with the new one.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_t**2)
    return da_t @ W_x.T, da_t @ W_h.T, x_t.T @ da_t, h_t.T @ da_t, da_t.sum(axis=0)


# %% misconception rnn_step_backward
# hint: The batch shares the weights, so its gradients are added, not averaged.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_t**2)
    n = len(da_t)
    return da_t @ W_x.T, da_t @ W_h.T, x_t.T @ da_t / n, h_prev.T @ da_t / n, da_t.mean(axis=0)


# %% misconception rnn_step_backward
# hint: The bias has one number a unit, and so has its gradient: add over the batch.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_t**2)
    return da_t @ W_x.T, da_t @ W_h.T, x_t.T @ da_t, h_prev.T @ da_t, da_t


# %% misconception rnn_step_backward
# hint: The gradient of the bias adds over the batch, the first axis. Here the units are added.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_t**2)
    return da_t @ W_x.T, da_t @ W_h.T, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=1)


# %% misconception rnn_step_backward
# hint: The slope of tanh is 1 - h_t**2. With h_t * (1 - h_t) it is the slope of the sigmoid.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * h_t * (1 - h_t)
    return da_t @ W_x.T, da_t @ W_h.T, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception rnn_step_backward
# hint: h_t is tanh(a_t) already. Taking tanh of it again gives the slope at another place.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - np.tanh(h_t) ** 2)
    return da_t @ W_x.T, da_t @ W_h.T, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% misconception rnn_step_backward
# hint: The order of the five is dx_t, dh_prev, dW_x, dW_h, db. Here the weights come first.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_t**2)
    return x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0), da_t @ W_x.T, da_t @ W_h.T


# %% misconception rnn_step_backward
# hint: What goes back to the old state has passed tanh. Here dh_t itself goes through W_h.
def rnn_step_backward(dh_t, x_t, h_prev, h_t, W_x, W_h):
    da_t = dh_t * (1 - h_t**2)
    return da_t @ W_x.T, dh_t @ W_h.T, x_t.T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)


# %% answer rnn_backward
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx = np.zeros(x.shape)  # (batch, time, features)
    dW_x, dW_h, db = np.zeros(W_x.shape), np.zeros(W_h.shape), np.zeros(len(W_h))
    future = np.zeros(h_0.shape)  # (batch, units)
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else h_0  # (batch, units)
        dx[:, t], future, *weights = rnn_step_backward(
            dh[:, t] + future, x[:, t], h_prev, h[:, t], W_x, W_h
        )
        for total, step in zip((dW_x, dW_h, db), weights):
            total += step
    return dx, future, dW_x, dW_h, db


# %% hidden rnn_backward
def _slope_at(f, w):
    """Central differences, written for the tests."""
    flat, slopes = np.ravel(w).astype(float), []
    for i in range(flat.size):
        nudge = np.zeros(flat.size)
        nudge[i] = 1e-5
        above, below = (flat + nudge).reshape(w.shape), (flat - nudge).reshape(w.shape)
        slopes.append((f(above) - f(below)) / 2e-5)
    return np.reshape(slopes, w.shape)


def _run(x, h_0, W_x, W_h, b):
    old, states = h_0, []
    for x_t in np.moveaxis(x, 1, 0):
        old = np.tanh(x_t.dot(W_x) + old.dot(W_h) + b)
        states.append(old)
    return np.moveaxis(np.array(states), 0, 1)


_rng = np.random.default_rng()
for _batch, _time, _features, _units in [(2, 4, 3, 2), (3, 3, 3, 3), (1, 5, 1, 2), (2, 1, 2, 3)]:
    _values = [
        _rng.normal(size=(_batch, _time, _features)),  # x
        _rng.uniform(-0.9, 0.9, size=(_batch, _units)),  # h_0
        _rng.normal(size=(_features, _units)) / 2,  # W_x
        _rng.normal(size=(_units, _units)) / 2,  # W_h
        _rng.normal(size=_units) / 2,  # b
    ]
    _dh = _rng.uniform(0.5, 2, size=(_batch, _time, _units))
    _dh *= _rng.choice([-1, 1], size=_dh.shape)
    _h = _run(*_values)
    _got = checks.unchanged(rnn_backward, _dh, _values[0], _values[1], _h, *_values[2:4])
    _expected = []
    for _i in range(5):
        _rest = lambda w, i=_i: float(np.sum(_dh * _run(*_values[:i], w, *_values[i + 1 :])))
        _expected.append(_slope_at(_rest, _values[_i]))
    _five_of_all(_got, _expected, _which)


# %% also-correct rnn_backward
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    before = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    da = np.zeros(h.shape)
    flow = np.zeros(h_0.shape)
    for t in range(h.shape[1] - 1, -1, -1):
        da[:, t] = (dh[:, t] + flow) * (1 - h[:, t] ** 2)
        flow = da[:, t].dot(W_h.T)
    dW_x = np.tensordot(x, da, axes=((0, 1), (0, 1)))
    dW_h = np.tensordot(before, da, axes=((0, 1), (0, 1)))
    return da.dot(W_x.T), flow, dW_x, dW_h, da.sum(axis=(0, 1))


# %% also-correct rnn_backward
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    last = x.shape[1] - 1
    h_prev = h_0 if last == 0 else h[:, last - 1]
    dx_t, flow, *mine = rnn_step_backward(dh[:, last], x[:, last], h_prev, h[:, last], W_x, W_h)
    if last == 0:
        return (dx_t[:, None], flow, *mine)
    rest = np.array(dh[:, :last])
    rest[:, -1] = rest[:, -1] + flow
    dx, dh_0, *others = rnn_backward(rest, x[:, :last], h_0, h[:, :last], W_x, W_h)
    weights = [one + other for one, other in zip(mine, others)]
    return (np.concatenate([dx, dx_t[:, None]], axis=1), dh_0, *weights)


# %% also-correct rnn_backward
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    """Each output's blame by itself, along all of its way: slow, and the same."""
    batch, time, units = h.shape
    da = np.zeros(h.shape)
    dh_0 = np.zeros(h_0.shape)
    for t in range(time):
        flow = dh[:, t]
        for s in range(t, -1, -1):
            part = flow * (1 - h[:, s] ** 2)
            da[:, s] += part
            flow = np.einsum("bj,kj->bk", part, W_h)
        dh_0 += flow
    before = np.stack([h_0 if t == 0 else h[:, t - 1] for t in range(time)], axis=1)
    dW_x = np.einsum("btf,btu->fu", x, da)
    dW_h = np.einsum("btk,btj->kj", before, da)
    return np.einsum("btu,fu->btf", da, W_x), dh_0, dW_x, dW_h, np.einsum("btu->u", da)


# %% misconception rnn_backward
# hint: Every step adds to the weights' gradients. Here only one step seems to count.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else h_0
        dx[:, t], future, dW_x, dW_h, db = rnn_step_backward(
            dh[:, t] + future, x[:, t], h_prev, h[:, t], W_x, W_h
        )
    return dx, future, dW_x, dW_h, db


# %% misconception rnn_backward
# hint: The gradients of the steps are added, not averaged: each step used the weights in full.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    time = x.shape[1]
    for t in reversed(range(time)):
        h_prev = h[:, t - 1] if t else h_0
        dx[:, t], future, *parts = rnn_step_backward(
            dh[:, t] + future, x[:, t], h_prev, h[:, t], W_x, W_h
        )
        totals = [total + part / time for total, part in zip(totals, parts)]
    return (dx, future, *totals)


# %% misconception rnn_backward
# hint: A state also acts on later steps. The part of its blame from the future is missing.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx = np.zeros(x.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else h_0
        dx[:, t], dh_prev, *parts = rnn_step_backward(
            dh[:, t], x[:, t], h_prev, h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, dh_prev, *totals)


# %% misconception rnn_backward
# hint: Every step may have an output. Only the last dh seems to be used: add dh[:, t] at each.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), dh[:, -1]
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else h_0
        dx[:, t], future, *parts = rnn_step_backward(
            future, x[:, t], h_prev, h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, future, *totals)


# %% misconception rnn_backward
# hint: Blame flows from the last step to the first. Here the loop seems to run forwards.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in range(x.shape[1]):
        h_prev = h[:, t - 1] if t else h_0
        dx[:, t], future, *parts = rnn_step_backward(
            dh[:, t] + future, x[:, t], h_prev, h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, future, *totals)


# %% misconception rnn_backward
# hint: dx is collected backwards here, so it ends up in reverse: step t's gradient belongs at t.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    collected, future = [], np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else h_0
        dx_t, future, *parts = rnn_step_backward(
            dh[:, t] + future, x[:, t], h_prev, h[:, t], W_x, W_h
        )
        collected.append(dx_t)
        totals = [total + part for total, part in zip(totals, parts)]
    return (np.stack(collected, axis=1), future, *totals)


# %% misconception rnn_backward
# hint: Before the first step the state is h_0. With t = 0, index t - 1 is -1: the last state.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        dx[:, t], future, *parts = rnn_step_backward(
            dh[:, t] + future, x[:, t], h[:, t - 1], h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, future, *totals)


# %% misconception rnn_backward
# hint: The state before the first step is the h_0 that is passed in. It need not be zero.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else np.zeros(h_0.shape)
        dx[:, t], future, *parts = rnn_step_backward(
            dh[:, t] + future, x[:, t], h_prev, h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, future, *totals)


# %% misconception rnn_backward
# hint: W_h met the state before each step. Here each step's own new state seems to be used.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        dx[:, t], future, *parts = rnn_step_backward(
            dh[:, t] + future, x[:, t], h[:, t], h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, future, *totals)


# %% misconception rnn_backward
# hint: What is left after the first step belongs to h_0. Here it is the gradient of h_1.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else h_0
        at_state = dh[:, t] + future
        dx[:, t], future, *parts = rnn_step_backward(
            at_state, x[:, t], h_prev, h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, at_state, *totals)


# %% misconception rnn_backward
# hint: From step to step the blame goes back through W_h with rows and columns exchanged.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else h_0
        da_t = (dh[:, t] + future) * (1 - h[:, t] ** 2)
        parts = x[:, t].T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)
        dx[:, t], future = da_t @ W_x.T, da_t @ W_h
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, future, *totals)


# %% misconception rnn_backward
# hint: What comes from the future passes tanh as well: add it to dh[:, t] before the slope.
def rnn_backward(dh, x, h_0, h, W_x, W_h):
    dx, future = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t else h_0
        da_t = dh[:, t] * (1 - h[:, t] ** 2) + future
        parts = x[:, t].T @ da_t, h_prev.T @ da_t, da_t.sum(axis=0)
        dx[:, t], future = da_t @ W_x.T, da_t @ W_h.T
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, future, *totals)



# %% answer cross_entropy
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]  # (..., outputs)
    shifted = scores - np.max(scores, axis=-1, keepdims=True)  # the largest is 0 now
    log_sum = np.log(np.sum(np.exp(shifted), axis=-1))  # (...)
    losses = log_sum - np.sum(shifted * right, axis=-1)  # (...)
    p = np.exp(shifted - log_sum[..., None])  # (..., outputs)
    return losses.mean(), (p - right) / losses.size


# %% hidden cross_entropy
import math


def _slow_loss(scores, target):
    """The definition, one prediction at a time: ln of a sum of exp(s_j - s_y)."""
    rows = np.reshape(scores, (-1, scores.shape[-1])).tolist()
    classes = np.ravel(target).tolist()
    total = 0.0
    for row, right in zip(rows, classes):
        differences = [score - row[right] for score in row]
        top = max(differences)
        total += top + math.log(sum(math.exp(other - top) for other in differences))
    return total / len(rows)


_rng = np.random.default_rng()
for _shape in [(3, 4), (4, 3), (2, 3, 4), (3, 2, 2), (1, 5)]:
    _scores = 2 * _rng.normal(size=_shape)
    _target = _rng.integers(0, _shape[-1], size=_shape[:-1])
    _got = checks.unchanged(cross_entropy, _scores, _target)
    checks.true(isinstance(_got, (tuple, list)) and len(_got) == 2, "Return two: loss, dscores.")
    _hint = "The mean over all predictions, of every sequence and every step."
    checks.close(_got[0], _slow_loss(_scores, _target), "loss", hint=_hint)
    _slopes = np.zeros(_shape)
    for _index in np.ndindex(_shape):
        _up, _down = _scores.copy(), _scores.copy()
        _up[_index] += 1e-5
        _down[_index] -= 1e-5
        _slopes[_index] = (_slow_loss(_up, _target) - _slow_loss(_down, _target)) / 2e-5
    _hint = "The probabilities, minus 1 at the right class, divided by the number of predictions."
    checks.close(_got[1], _slopes, "dscores", hint=_hint)

# rows on very different levels
_scores = _rng.normal(size=(3, 3)) + np.array([[1000.0], [0.0], [-1000.0]])
_target = np.array([0, 1, 2])
_loss, _dscores = cross_entropy(_scores, _target)
checks.close(_loss, _slow_loss(_scores, _target), "loss", hint="Shift each row by its largest.")
checks.close(np.sum(_dscores, axis=-1), np.zeros(3), "sums of dscores", hint="Shift each row.")
_loss, _dscores = cross_entropy(np.array([[0.0, 900.0, 0.0]]), np.array([0]))
checks.close(_loss, 900.0, "loss", hint="Take -s_y + ln(sum of exp), with shifted scores.")
checks.close(_dscores, [[-1.0, 1.0, 0.0]], "dscores", hint="The gradient is p minus the target.")


# %% also-correct cross_entropy
def cross_entropy(scores, target):
    outputs = scores.shape[-1]
    flat, classes = scores.reshape(-1, outputs), np.ravel(target)
    pick = np.arange(len(flat)), classes
    top = flat.max(axis=1, keepdims=True)
    log_p = flat - top - np.log(np.exp(flat - top).sum(axis=1, keepdims=True))
    gradient = np.exp(log_p)
    gradient[pick] -= 1
    return float(-log_p[pick].mean()), gradient.reshape(scores.shape) / len(flat)


# %% also-correct cross_entropy
def cross_entropy(scores, target):
    loss, gradient, count = 0.0, np.zeros(scores.shape), np.size(target)
    for place in np.ndindex(*np.shape(target)):
        row, y = scores[place], target[place]
        exponentials = [np.exp(s - max(row)) for s in row]
        total = sum(exponentials)
        loss += (np.log(total) + max(row) - row[y]) / count
        for i, e in enumerate(exponentials):
            gradient[place][i] = (e / total - (i == y)) / count
    return [loss, gradient]


# %% also-correct cross_entropy
def cross_entropy(scores, target):
    log_sum = np.logaddexp.reduce(scores, axis=-1)
    own = np.take_along_axis(scores, np.asarray(target)[..., None], axis=-1)
    p = np.exp(scores - log_sum[..., None])
    hot = (np.arange(scores.shape[-1]) == np.asarray(target)[..., None]) * 1.0
    return np.mean(log_sum - own[..., 0]), (p - hot) / np.size(log_sum)


# %% misconception cross_entropy
# hint: The loss is the mean over the predictions. Here loss and gradient seem to be sums.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.sum(log_p * right), np.exp(log_p) - right


# %% misconception cross_entropy
# hint: The gradient of a mean is divided by the number of predictions, like the mean itself.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.sum(log_p * right) / np.size(target), np.exp(log_p) - right


# %% misconception cross_entropy
# hint: The number of predictions counts every step of every sequence, not the sequences alone.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.sum(log_p * right) / len(scores), (np.exp(log_p) - right) / len(scores)


# %% misconception cross_entropy
# hint: The gradient points to where the loss grows: p minus the target, not target minus p.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    n = np.size(target)
    return -np.sum(log_p * right) / n, (right - np.exp(log_p)) / n


# %% misconception cross_entropy
# hint: The right class has its probability minus 1. Here the probabilities alone are returned.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    n = np.size(target)
    return -np.sum(log_p * right) / n, np.exp(log_p) / n


# %% misconception cross_entropy
# hint: A tiny probability becomes 0, and ln 0 is minus infinity. Use -s_y + ln(sum of exp).
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    positive = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    p = positive / np.sum(positive, axis=-1, keepdims=True)
    n = np.size(target)
    with np.errstate(all="ignore"):
        return -np.sum(np.log(np.sum(p * right, axis=-1))) / n, (p - right) / n


# %% misconception cross_entropy
# hint: The shift must be in both terms: shifted scores in the sum, and the shifted score for s_y.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=-1))
    p = np.exp(shifted - log_sum[..., None])
    n = np.size(target)
    return np.sum(log_sum - np.sum(scores * right, axis=-1)) / n, (p - right) / n


# %% misconception cross_entropy
# hint: One shift for all rows is too much for the low ones: their exp is 0. Shift each row.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores)
    with np.errstate(all="ignore"):
        log_sum = np.log(np.sum(np.exp(shifted), axis=-1))
        p = np.exp(shifted - log_sum[..., None])
    n = np.size(target)
    return np.sum(log_sum - np.sum(shifted * right, axis=-1)) / n, (p - right) / n


# %% misconception cross_entropy
# hint: That is the slope with respect to the probability. Go on through softmax to the scores.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    n = np.size(target)
    with np.errstate(all="ignore"):
        return -np.sum(log_p * right) / n, -right / np.exp(log_p) / n


# %% misconception cross_entropy
# hint: This is the logarithm to the base 2. The loss takes the natural one, np.log.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    n = np.size(target)
    return -np.sum(log_p * right) / n / np.log(2), (np.exp(log_p) - right) / n


# %% misconception cross_entropy
# hint: Softmax works along the last axis, the classes. Here the batch seems to compete.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=0, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))
    n = np.size(target)
    return -np.sum(log_p * right) / n, (np.exp(log_p) - right) / n


# %% misconception cross_entropy
# hint: One gradient row for each prediction: 1 is taken off the right class, not off every class.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    n = np.size(target)
    return -np.sum(log_p * right) / n, (np.exp(log_p) - 1) / n


# %% misconception cross_entropy
# hint: The mean runs over predictions. Here it runs over all classes too, so it is too small.
def cross_entropy(scores, target):
    right = np.eye(scores.shape[-1])[target]
    shifted = scores - np.max(scores, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.mean(log_p * right), (np.exp(log_p) - right) / scores.size


# %% answer truncated_bptt
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts = []
    before = h_0  # (batch, units)
    for start in range(0, x.shape[1], k):
        chunk = np.s_[:, start : start + k]
        parts.append(rnn_backward(dh[chunk], x[chunk], before, h[chunk], W_x, W_h))
        before = h[chunk][:, -1]
    dx, dh_0, dW_x, dW_h, db = zip(*parts)
    return np.concatenate(dx, axis=1), dh_0[0], sum(dW_x), sum(dW_h), sum(db)


# %% hidden truncated_bptt
def _slope_of(f, w):
    """Central differences, written for the tests."""
    flat, slopes = np.ravel(w).astype(float), []
    for i in range(flat.size):
        nudge = np.zeros(flat.size)
        nudge[i] = 1e-5
        above, below = (flat + nudge).reshape(w.shape), (flat - nudge).reshape(w.shape)
        slopes.append((f(above) - f(below)) / 2e-5)
    return np.reshape(slopes, w.shape)


def _run_all(x, h_0, W_x, W_h, b):
    old, states = h_0, []
    for x_t in np.moveaxis(x, 1, 0):
        old = np.tanh(x_t.dot(W_x) + old.dot(W_h) + b)
        states.append(old)
    return np.moveaxis(np.array(states), 0, 1)


_rng = np.random.default_rng()
_sizes = [(2, 5, 2, 2, 2), (2, 6, 2, 3, 3), (1, 4, 1, 2, 1), (3, 7, 2, 2, 3), (2, 4, 3, 2, 9)]
for _batch, _time, _features, _units, _k in _sizes:
    _values = [
        _rng.normal(size=(_batch, _time, _features)),  # x
        _rng.uniform(-0.9, 0.9, size=(_batch, _units)),  # h_0
        _rng.normal(size=(_features, _units)) / 2,  # W_x
        _rng.normal(size=(_units, _units)) / 2,  # W_h
        _rng.normal(size=_units) / 2,  # b
    ]
    _dh = _rng.uniform(0.5, 2, size=(_batch, _time, _units))
    _dh *= _rng.choice([-1, 1], size=_dh.shape)
    _h = _run_all(*_values)
    _got = checks.unchanged(truncated_bptt, _dh, _values[0], _values[1], _h, *_values[2:4], _k)
    checks.true(isinstance(_got, (tuple, list)) and len(_got) == 5, "Return five arrays.")

    def _loss(x, h_0, W_x, W_h, b):
        """The chunks by themselves: all but the first start from states that are held fixed."""
        total = 0.0
        for start in range(0, _time, _k):
            first = h_0 if start == 0 else _h[:, start - 1]
            states = _run_all(x[:, start : start + _k], first, W_x, W_h, b)
            total += float(np.sum(_dh[:, start : start + _k] * states))
        return total

    for _i, _name in enumerate(("dx", "dh_0", "dW_x", "dW_h", "db")):
        _rest = lambda w, i=_i: _loss(*_values[:i], w, *_values[i + 1 :])
        _expected = _slope_of(_rest, _values[_i])
        _hint = "The blame stops where a chunk begins; chunks are counted from the first step."
        checks.close(_got[_i], _expected, f"{_name}", hint=_hint, atol=1e-5, rtol=1e-4)


# %% also-correct truncated_bptt
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    time = x.shape[1]
    before = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    da, flow = np.zeros(h.shape), np.zeros(h_0.shape)
    for t in reversed(range(time)):
        if t % k == k - 1:
            flow = np.zeros(h_0.shape)
        da[:, t] = (dh[:, t] + flow) * (1 - h[:, t] ** 2)
        flow = da[:, t] @ W_h.T
    dW_x = np.einsum("btf,btu->fu", x, da)
    dW_h = np.einsum("btk,btj->kj", before, da)
    return da @ W_x.T, flow, dW_x, dW_h, da.sum(axis=(0, 1))


# %% also-correct truncated_bptt
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    first = rnn_backward(dh[:, :k], x[:, :k], h_0, h[:, :k], W_x, W_h)
    if k >= x.shape[1]:
        return first
    rest = truncated_bptt(dh[:, k:], x[:, k:], h[:, k - 1], h[:, k:], W_x, W_h, k)
    dx = np.concatenate([first[0], rest[0]], axis=1)
    return [dx, first[1]] + [one + other for one, other in zip(first[2:], rest[2:])]


# %% also-correct truncated_bptt
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    dx = np.empty(x.shape)
    totals = [np.zeros(np.shape(W_x)), np.zeros(np.shape(W_h)), np.zeros(h.shape[2])]
    flow = 0
    for t in range(x.shape[1] - 1, -1, -1):
        old = h[:, t - 1] if t > 0 else h_0
        step = rnn_step_backward(dh[:, t] + flow, x[:, t], old, h[:, t], W_x, W_h)
        dx[:, t], flow = step[0], step[1]
        totals = [total + part for total, part in zip(totals, step[2:])]
        if t > 0 and t % k == 0:
            flow = 0
    return (dx, flow, *totals)


# %% misconception truncated_bptt
# hint: Nothing is cut here: what comes from the future must be zero at the end of every chunk.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    return rnn_backward(dh, x, h_0, h, W_x, W_h)


# %% misconception truncated_bptt
# hint: Only the way back is cut. Forward, a chunk started from the state before it, not from zero.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts, before = [], h_0
    for start in range(0, x.shape[1], k):
        chunk = np.s_[:, start : start + k]
        parts.append(rnn_backward(dh[chunk], x[chunk], before, h[chunk], W_x, W_h))
        before = np.zeros(h_0.shape)
    dx, dh_0, dW_x, dW_h, db = zip(*parts)
    return np.concatenate(dx, axis=1), dh_0[0], sum(dW_x), sum(dW_h), sum(db)


# %% misconception truncated_bptt
# hint: Only the first chunk starts from h_0. Each later one starts from the state before it.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts = []
    for start in range(0, x.shape[1], k):
        chunk = np.s_[:, start : start + k]
        parts.append(rnn_backward(dh[chunk], x[chunk], h_0, h[chunk], W_x, W_h))
    dx, dh_0, dW_x, dW_h, db = zip(*parts)
    return np.concatenate(dx, axis=1), dh_0[0], sum(dW_x), sum(dW_h), sum(db)


# %% misconception truncated_bptt
# hint: A later chunk starts from the state before its first step. Here it is that step's own state.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts = []
    for start in range(0, x.shape[1], k):
        before = h_0 if start == 0 else h[:, start]
        chunk = np.s_[:, start : start + k]
        parts.append(rnn_backward(dh[chunk], x[chunk], before, h[chunk], W_x, W_h))
    dx, dh_0, dW_x, dW_h, db = zip(*parts)
    return np.concatenate(dx, axis=1), dh_0[0], sum(dW_x), sum(dW_h), sum(db)


# %% misconception truncated_bptt
# hint: Every chunk adds to the weights' gradients. Here only the last chunk seems to count.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts, before = [], h_0
    for start in range(0, x.shape[1], k):
        chunk = np.s_[:, start : start + k]
        parts.append(rnn_backward(dh[chunk], x[chunk], before, h[chunk], W_x, W_h))
        before = h[chunk][:, -1]
    dx = np.concatenate([part[0] for part in parts], axis=1)
    return (dx, parts[0][1], *parts[-1][2:])


# %% misconception truncated_bptt
# hint: The gradients of the chunks are added, not averaged.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts, before = [], h_0
    for start in range(0, x.shape[1], k):
        chunk = np.s_[:, start : start + k]
        parts.append(rnn_backward(dh[chunk], x[chunk], before, h[chunk], W_x, W_h))
        before = h[chunk][:, -1]
    dx, dh_0, *weights = zip(*parts)
    means = [sum(each) / len(parts) for each in weights]
    return (np.concatenate(dx, axis=1), dh_0[0], *means)


# %% misconception truncated_bptt
# hint: The gradient of h_0 is what arrives at the very beginning, from the first chunk alone.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts, before = [], h_0
    for start in range(0, x.shape[1], k):
        chunk = np.s_[:, start : start + k]
        parts.append(rnn_backward(dh[chunk], x[chunk], before, h[chunk], W_x, W_h))
        before = h[chunk][:, -1]
    dx, dh_0, dW_x, dW_h, db = zip(*parts)
    return np.concatenate(dx, axis=1), dh_0[-1], sum(dW_x), sum(dW_h), sum(db)


# %% misconception truncated_bptt
# hint: The last chunk may be shorter than k, but its steps count. Here they seem to be dropped.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts, before, dx = [], h_0, np.zeros(x.shape)
    k = min(k, x.shape[1])
    for start in range(0, x.shape[1] - k + 1, k):
        chunk = np.s_[:, start : start + k]
        parts.append(rnn_backward(dh[chunk], x[chunk], before, h[chunk], W_x, W_h))
        dx[chunk] = parts[-1][0]
        before = h[chunk][:, -1]
    return dx, parts[0][1], *[sum(part[i] for part in parts) for i in (2, 3, 4)]


# %% misconception truncated_bptt
# hint: Chunks are counted from the first step. Here they seem to be counted from the last.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    dx, flow = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    time = x.shape[1]
    for t in reversed(range(time)):
        old = h[:, t - 1] if t > 0 else h_0
        if (time - 1 - t) % k == 0:
            flow = np.zeros(h_0.shape)
        dx[:, t], flow, *parts = rnn_step_backward(
            dh[:, t] + flow, x[:, t], old, h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, flow, *totals)


# %% misconception truncated_bptt
# hint: The blame is cut one step off: a chunk has k steps, and the cut lies behind its last one.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    dx, flow = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        old = h[:, t - 1] if t > 0 else h_0
        if t % k == 0:
            flow = np.zeros(h_0.shape)
        dx[:, t], flow, *parts = rnn_step_backward(
            dh[:, t] + flow, x[:, t], old, h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, flow, *totals)


# %% misconception truncated_bptt
# hint: All chunks count. Here only the last k steps get any blame, as if the rest were not there.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    start = max(x.shape[1] - k, 0)
    before = h[:, start - 1] if start > 0 else h_0
    last = rnn_backward(dh[:, start:], x[:, start:], before, h[:, start:], W_x, W_h)
    dx = np.zeros(x.shape)
    dx[:, start:] = last[0]
    return (dx, last[1] if start == 0 else np.zeros(h_0.shape), *last[2:])


# %% misconception truncated_bptt
# hint: At the end of a chunk only the future's part is zero. What comes from outside still counts.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    dx, flow = np.zeros(x.shape), np.zeros(h_0.shape)
    totals = [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        old = h[:, t - 1] if t > 0 else h_0
        at_state = np.zeros(h_0.shape) if t % k == k - 1 else dh[:, t] + flow
        dx[:, t], flow, *parts = rnn_step_backward(
            at_state, x[:, t], old, h[:, t], W_x, W_h
        )
        totals = [total + part for total, part in zip(totals, parts)]
    return (dx, flow, *totals)


# %% misconception truncated_bptt
# hint: Here every output's blame goes back k steps. But the cuts are fixed: one after each chunk.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    da, dh_0 = np.zeros(h.shape), np.zeros(h_0.shape)
    for t in range(x.shape[1]):
        flow = dh[:, t]
        for s in range(t, max(t - k, -1), -1):
            part = flow * (1 - h[:, s] ** 2)
            da[:, s] += part
            flow = part @ W_h.T
        if t < k:
            dh_0 += flow
    before = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    dW_x = np.einsum("btf,btu->fu", x, da)
    dW_h = np.einsum("btk,btu->ku", before, da)
    return da @ W_x.T, dh_0, dW_x, dW_h, da.sum(axis=(0, 1))


# %% misconception truncated_bptt
# hint: k is the number of steps in a chunk, not the number of chunks.
def truncated_bptt(dh, x, h_0, h, W_x, W_h, k):
    parts, before = [], h_0
    for at in np.array_split(np.arange(x.shape[1]), min(k, x.shape[1])):
        parts.append(rnn_backward(dh[:, at], x[:, at], before, h[:, at], W_x, W_h))
        before = h[:, at[-1]]
    dx, dh_0, dW_x, dW_h, db = zip(*parts)
    return np.concatenate(dx, axis=1), dh_0[0], sum(dW_x), sum(dW_h), sum(db)



# %% answer silent_fault [markdown]
# (1) Two faults. The blame goes back along the weights in the other direction, so the first line
# needs `da_t @ W_h.T`. And in a loop `dW_h = ...` keeps one step only; the steps have to be added:
# `dW_h += h_prev.T @ da_t`. NumPy does not complain because `W_h` is square, `(20, 20)`: turned or
# not, the product fits and has the shape `(batch, 20)`. Overwriting an array with one of the same
# shape is no error either.
#
# (2) A wrong gradient may still point roughly downhill: the parts for the output layer, the input
# weights at the last step, or the newest step are right, and a step with a positive part along the
# true slope lowers the loss. The loss going down shows that something is learned, not that the
# gradient is the gradient. I would compare it with central differences, in 64-bit numbers with
# `eps` near 1e-5, on a small network with random weights, several steps and more than one unit:
# the relative error should be far below 1e-6.
#
# (3) No. Only the way back is cut. Forward, the state is carried on, so it can hold something for
# longer than 5 steps, and the network may use it. What it cannot do is *learn* from blame that
# would have to go back more than 5 steps.
#
# Rubric, one point each:
#
# - (1) the missing transpose and the missing sum over time, and that the shapes fit because `W_h`
#   is square. (Half a point for one of the faults with its reason.)
# - (2) a reason why the loss can fall with a wrong gradient, and a check that is concrete: what is
#   compared with what, and how close it should be. "Look at the code again" earns no point.
# - (3) that the forward state is not cut, so memory may reach further, while blame does not.
