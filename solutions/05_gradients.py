# %% answer jacobian_product_norms
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))  # (units, units): at lag 0, nothing has happened
    norms = [1.0]  # (time,) in the end
    for h_t in h[:0:-1]:  # the last step first; the first state needs no Jacobian
        J_t = W_h * (1 - h_t**2)  # (units, units)
        product = J_t @ product  # (units, units)
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)  # (time,)


# %% hidden jacobian_product_norms
def _nudged(h, W_h, lag):
    """Nudge each unit of a state by an imaginary hair and let the cell run on.

    What came in from outside is found from the states themselves.
    """
    time, units = h.shape
    outside = np.arctanh(h[1:]) - h[:-1] @ W_h  # (time - 1, units)
    start = time - 1 - lag
    rows = []
    for unit in range(units):
        state = h[start].astype(complex)
        state[unit] += 1e-30j
        for t in range(start, time - 1):
            state = np.tanh(outside[t] + state @ W_h)
        rows.append(state.imag / 1e-30)
    return np.array(rows)  # from, to


def _stretch(matrix):
    """The largest stretch: the root of the largest eigenvalue of A A^T."""
    return np.sqrt(np.linalg.eigvalsh(matrix @ matrix.T).max())


_rng = np.random.default_rng()
for _time, _units in [(1, 3), (2, 2), (5, 4), (8, 3), (4, 1)]:
    _W_h = _rng.normal(size=(_units, _units))
    _h = _rng.uniform(-0.9, 0.9, size=(_time, _units))
    _norms = checks.unchanged(jacobian_product_norms, _h, _W_h)
    checks.shape(_norms, (_time,), "norms", hint="Lags 0 to time - 1.", axes=("lag",))
    checks.close(
        _norms,
        [_stretch(_nudged(_h, _W_h, _lag)) for _lag in range(_time)],
        "norms",
        hint="Which state's slope, on which side, and what does the norm measure?",
        rtol=1e-4,
    )


# %% also-correct jacobian_product_norms
def jacobian_product_norms(h, W_h):
    time, units = h.shape
    norms = []
    for lag in range(time):
        product = np.eye(units)
        for t in range(time - lag, time):
            product = product @ W_h @ np.diag(1 - h[t] ** 2)
        norms.append(np.linalg.svd(product, compute_uv=False)[0])
    return norms


# %% also-correct jacobian_product_norms
def jacobian_product_norms(h, W_h):
    # in columns, as many books do: the transpose has the same norm
    jacobians = [(1 - state**2)[:, None] * W_h.T for state in h]
    product = np.identity(h.shape[1])
    norms = np.ones(h.shape[0])
    for lag in range(1, h.shape[0]):
        product = product @ jacobians[-lag]
        norms[lag] = np.sqrt(max(np.linalg.eigvalsh(product.T @ product)))
    return norms


# %% also-correct jacobian_product_norms
def jacobian_product_norms(h, W_h):
    # rows of gradients, sent back through the cell: the backward pass of chapter 4
    rows = np.eye(h.shape[1])
    norms = []
    for state in reversed(list(h)):
        norms.append(np.linalg.norm(rows, ord=2))
        rows = np.einsum("gj,j,kj->gk", rows, 1 - state**2, W_h)
    return np.asarray(norms)


# %% misconception jacobian_product_norms
# hint: The slope belongs to the new unit, so it multiplies a column of W_h. Here it meets the rows.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [1.0]
    for h_t in h[:0:-1]:
        product = (W_h * (1 - h_t**2)[:, None]) @ product
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: The slope of tanh is taken at the new state h_t. Here it is taken at the state before it.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [1.0]
    for h_prev in h[-2::-1]:
        product = (W_h * (1 - h_prev**2)) @ product
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms[: len(h)])


# %% misconception jacobian_product_norms
# hint: Matrices do not swap. An earlier step's Jacobian stands to the left of the later ones.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [1.0]
    for h_t in h[:0:-1]:
        product = product @ (W_h * (1 - h_t**2))
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: np.linalg.norm(A) alone is the root of all squares. The spectral norm needs the 2.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [np.linalg.norm(product)]
    for h_t in h[:0:-1]:
        product = (W_h * (1 - h_t**2)) @ product
        norms.append(np.linalg.norm(product))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: tanh has a slope, 1 - h**2. Without it this is the norm of a cell that has no tanh.
def jacobian_product_norms(h, W_h):
    norms = [np.linalg.norm(np.linalg.matrix_power(W_h, lag), 2) for lag in range(len(h))]
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: A stretch is the largest singular value. This looks like the largest absolute eigenvalue.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [1.0]
    for h_t in h[:0:-1]:
        product = (W_h * (1 - h_t**2)) @ product
        norms.append(np.abs(np.linalg.eigvals(product)).max())
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: The norm of a product is at most the product of the norms. Multiply the matrices first.
def jacobian_product_norms(h, W_h):
    norms = [1.0]
    for h_t in h[:0:-1]:
        norms.append(norms[-1] * np.linalg.norm(W_h * (1 - h_t**2), 2))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: Lag 0 is the last state with respect to itself: the identity, with norm 1. It is missing.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = []
    for h_t in h[::-1]:
        product = (W_h * (1 - h_t**2)) @ product
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: The lag is counted back from the last state. Here it runs forward from the first.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [1.0]
    for h_t in h[1:]:
        product = product @ (W_h * (1 - h_t**2))
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: A lag runs over all the steps in between. Here each norm is that of one step alone.
def jacobian_product_norms(h, W_h):
    norms = [1.0] + [np.linalg.norm(W_h * (1 - h_t**2), 2) for h_t in h[:0:-1]]
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: h holds states, which tanh has made. Their slope is 1 - h**2; tanh is not taken again.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [1.0]
    for h_t in h[:0:-1]:
        product = (W_h * (1 - np.tanh(h_t) ** 2)) @ product
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: W_h is scaled column by column; a second matrix product with the slopes is another thing.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [1.0]
    for h_t in h[:0:-1]:
        product = np.outer(W_h @ (1 - h_t**2), np.ones(len(W_h))) @ product
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: This follows one gradient. The norm asks for the largest stretch of all directions.
def jacobian_product_norms(h, W_h):
    row = np.ones(len(W_h)) / np.sqrt(len(W_h))
    norms = [1.0]
    for h_t in h[:0:-1]:
        row = (row * (1 - h_t**2)) @ W_h.T
        norms.append(np.linalg.norm(row))
    return np.array(norms)


# %% misconception jacobian_product_norms
# hint: The slopes belong to the columns of W_h. Multiply them in before the matrix product.
def jacobian_product_norms(h, W_h):
    product = np.eye(len(W_h))
    norms = [1.0]
    for h_t in h[:0:-1]:
        product = W_h @ product * (1 - h_t**2)
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


# %% answer spectral_radius_init
def spectral_radius_init(units, radius, rng):
    W_h = rng.normal(size=(units, units))  # (units, units)
    return W_h * radius / np.abs(np.linalg.eigvals(W_h)).max()


# %% hidden spectral_radius_init
def _growth(W):
    """The factor of a step in the long run, without eigenvalues: Gelfand's formula.

    Squaring 40 times makes a lag of about 10^12; the scale is kept apart as a logarithm.
    """
    power, scale = np.array(W, dtype=float), 0.0
    for _ in range(40):
        size = np.abs(power).max()
        power, scale = power / size, scale + np.log(size)
        power, scale = power @ power, 2 * scale
    return np.exp((scale + np.log(np.abs(power).max())) / 2.0**40)


_rng = np.random.default_rng()
_sizes = [(1, 0.7), (2, 1.3), (5, 0.5), (12, 1.0), (40, 1.5), (9, 2.0), (7, 0.4)]
_sizes += [(_units, 0.8) for _units in range(10, 30)]
for _units, _radius in _sizes:
    _W = np.asarray(spectral_radius_init(_units, _radius, _rng))
    checks.shape(_W, (_units, _units), "W_h", hint="One row and one column for each unit.")
    checks.true(
        np.isrealobj(_W), "W_h is complex. Only its eigenvalues may be; scale by their np.abs."
    )
    checks.close(
        _growth(_W),
        _radius,
        "the spectral radius",
        hint="It is the largest absolute value of the eigenvalues.",
        rtol=1e-4,
    )
    _off = _W[~np.eye(_units, dtype=bool)]
    checks.true(
        len(np.unique(_W)) == _units**2 and (_off != 0).all(),
        "Some numbers of W_h are equal or zero. Each is a draw of its own.",
    )
    if _units > 8:
        _hint = " Draw every number from the standard normal distribution."
        checks.true(not np.allclose(_W, _W.T), "W_h is symmetric." + _hint)
        checks.true((_W < 0).any() and (_W > 0).any(), "All numbers have one sign." + _hint)
        _sizes_of = np.abs(np.linalg.eigvals(_W))
        checks.true(
            _sizes_of.min() < 0.8 * _radius,
            "All eigenvalues have one absolute value. Multiply the draw by one number, no more.",
        )
        _stretches = np.linalg.svd(_W, compute_uv=False)
        checks.true(
            _stretches[0] > 1.5 * _stretches[-1], "W_h is a multiple of an orthogonal one." + _hint
        )

checks.close(spectral_radius_init(3, 0.0, _rng), np.zeros((3, 3)), "W_h", hint="Radius 0.")
_W = np.asarray(spectral_radius_init(30, 1.0, _rng)).ravel()
_tails = np.mean(np.abs(_W - _W.mean()) > 1.9 * _W.std())  # normal .057, uniform 0
checks.true(0.015 < _tails < 0.12, "The numbers do not look like a normal distribution.")
checks.true(abs(_W.mean()) < 0.2 * _W.std(), "The numbers are not spread around 0.")
_seed = int(_rng.integers(2**31))
_first = spectral_radius_init(4, 1.0, np.random.default_rng(_seed))
_again = spectral_radius_init(4, 1.0, np.random.default_rng(_seed))
checks.close(_again, _first, "W_h", hint="Equal generators: draw from rng, and from nothing else.")
_gen = np.random.default_rng(_seed)
_one, _two = spectral_radius_init(4, 1.0, _gen), spectral_radius_init(4, 1.0, _gen)
_message = "A second call gave the same matrix. Draw from rng itself; do not make a new generator."
checks.true(not np.allclose(_one, _two), _message)


# %% also-correct spectral_radius_init
def spectral_radius_init(units, radius, rng):
    W = np.array([[rng.standard_normal() for _ in range(units)] for _ in range(units)])
    largest = max(abs(value) for value in np.linalg.eigvals(W))
    return W / largest * radius


# %% also-correct spectral_radius_init
def spectral_radius_init(units, radius, rng):
    W = rng.normal(0.0, 1.0, (units, units)) / np.sqrt(units)
    values = np.linalg.eig(W)[0]
    rho = np.sqrt((values.real**2 + values.imag**2).max())
    return (radius / rho) * W


# %% also-correct spectral_radius_init
def spectral_radius_init(units, radius, rng):
    W = rng.standard_normal((units, units)).T
    W *= radius / np.abs(np.linalg.eigvals(W.T)).max()
    return W


# %% misconception spectral_radius_init
# hint: A complex eigenvalue counts by its absolute value, np.abs. Its real part may be far smaller.
def spectral_radius_init(units, radius, rng):
    W = rng.normal(size=(units, units))
    return W * radius / np.linalg.eigvals(W).real.max()


# %% misconception spectral_radius_init
# hint: Take the absolute value of each eigenvalue, not of its real part alone.
def spectral_radius_init(units, radius, rng):
    W = rng.normal(size=(units, units))
    return W * radius / np.abs(np.linalg.eigvals(W).real).max()


# %% misconception spectral_radius_init
# hint: This scales the largest singular value. The spectral radius is about eigenvalues.
def spectral_radius_init(units, radius, rng):
    W = rng.normal(size=(units, units))
    return W * radius / np.linalg.norm(W, 2)


# %% misconception spectral_radius_init
# hint: Multiplying by radius is not enough: the draw has a spectral radius of its own. Divide by it.
def spectral_radius_init(units, radius, rng):
    return radius * rng.normal(size=(units, units))


# %% misconception spectral_radius_init
# hint: The root of the number of units is close to the spectral radius of a draw, but not equal.
def spectral_radius_init(units, radius, rng):
    return radius * rng.normal(size=(units, units)) / np.sqrt(units)


# %% misconception spectral_radius_init
# hint: The largest number in the matrix is not its largest eigenvalue.
def spectral_radius_init(units, radius, rng):
    W = rng.normal(size=(units, units))
    return W * radius / np.abs(W).max()


# %% misconception spectral_radius_init
# hint: eigvalsh is for symmetric matrices and looks at one half. A random one needs eigvals.
def spectral_radius_init(units, radius, rng):
    W = rng.normal(size=(units, units))
    return W * radius / np.abs(np.linalg.eigvalsh(W)).max()


# %% misconception spectral_radius_init
# hint: A new generator with a fixed seed gives the same matrix each time. Draw from rng.
def spectral_radius_init(units, radius, rng):
    W = np.random.default_rng(0).normal(size=(units, units))
    return W * radius / np.abs(np.linalg.eigvals(W)).max()


# %% misconception spectral_radius_init
# hint: The numbers come from a hidden generator, not from the rng that was passed in.
def spectral_radius_init(units, radius, rng):
    W = np.random.normal(size=(units, units))
    return W * radius / np.abs(np.linalg.eigvals(W)).max()


# %% misconception spectral_radius_init
# hint: The matrix is scaled to radius 1. One factor is missing: the radius that was asked for.
def spectral_radius_init(units, radius, rng):
    W = rng.normal(size=(units, units))
    return W / np.abs(np.linalg.eigvals(W)).max()


# %% misconception spectral_radius_init
# hint: Each unit should listen to every other one. Here each hears only itself.
def spectral_radius_init(units, radius, rng):
    values = rng.normal(size=units)
    return np.diag(values) * radius / np.abs(values).max()


# %% misconception spectral_radius_init
# hint: A uniform draw from 0 to 1 has no negative numbers. Draw from the normal distribution.
def spectral_radius_init(units, radius, rng):
    W = rng.random(size=(units, units))
    return W * radius / np.abs(np.linalg.eigvals(W)).max()


# %% misconception spectral_radius_init
# hint: The largest absolute eigenvalue is needed. Here the first of the list is taken.
def spectral_radius_init(units, radius, rng):
    W = rng.normal(size=(units, units))
    return W * radius / np.abs(np.linalg.eigvals(W)[-1])


# %% misconception spectral_radius_init
# hint: Every eigenvalue is moved to the radius. Multiply the whole matrix by one number instead.
def spectral_radius_init(units, radius, rng):
    values, vectors = np.linalg.eig(rng.normal(size=(units, units)))
    values = values / np.abs(values) * radius
    return (vectors @ np.diag(values) @ np.linalg.inv(vectors)).real


# %% misconception spectral_radius_init
# hint: Making the draw symmetric forces its eigenvalues to be real. Leave it as it was drawn.
def spectral_radius_init(units, radius, rng):
    W = rng.normal(size=(units, units))
    W = (W + W.T) / 2
    return W * radius / np.abs(np.linalg.eigvalsh(W)).max()


# %% answer clip_by_global_norm
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    factor = max_norm / max(norm, max_norm)  # 1 if the gradient is short enough
    return [grad * factor for grad in grads], norm


# %% hidden clip_by_global_norm
import math


def _one_long_row(grads):
    """The length of all numbers in one list, added up one by one."""
    return math.sqrt(math.fsum(float(g) ** 2 for grad in grads for g in np.ravel(grad)))


_rng = np.random.default_rng()
for _shapes in [[(3,)], [(2, 3), (3, 3), (3,)], [(1, 4), (4, 4), (4,), (4, 2), (2,)], [(1,), (5, 1)]]:
    _grads = [_rng.normal(size=_shape) * _rng.uniform(0.2, 5) for _shape in _shapes]
    _length = _one_long_row(_grads)
    for _share in (0.01, 0.4, 0.99, 1.01, 3.0):
        _max_norm = _share * _length
        _clipped, _norm = _pair(checks.unchanged(clip_by_global_norm, _grads, _max_norm))
        checks.close(_norm, _length, "norm", hint="The length of the gradient before clipping.")
        checks.equal(len(_clipped), len(_grads), "the number of arrays")
        checks.close(
            _one_long_row(_clipped),
            min(_length, _max_norm),
            "the length after clipping",
            hint="A long gradient becomes max_norm long; a short one keeps its length.",
        )
        for _came, _was in zip(_clipped, _grads):
            # equal directions: the part of each number in the whole stays the same
            _hint = "The direction stays: all numbers of all arrays by one factor."
            _part = [float(g) / _length for g in _was.ravel()]
            checks.shape(_came, _was.shape, "a clipped array", hint="Shapes stay.")
            _now = np.ravel(_came) / min(_length, _max_norm)
            checks.close(_now, _part, "a clipped array / length", hint=_hint)

# one array is zero, and then all of them are
_clipped, _norm = _pair(clip_by_global_norm([np.zeros((2, 2)), np.array([0.0, 30.0])], 3.0))
checks.close(_norm, 30.0, "norm")
checks.close(_clipped[0], np.zeros((2, 2)), "clipped[0]", hint="Is an array of zeros divided by 0?")
checks.close(_clipped[1], [0.0, 3.0], "clipped[1]", hint="One factor for all: 3 / 30.")
_clipped, _norm = _pair(clip_by_global_norm([np.zeros((3, 1))], 0.5))
checks.close(_clipped[0], np.zeros((3, 1)), "clipped[0]", hint="A gradient of zeros stays zero.")
checks.close(_norm, 0.0, "norm")
# very short gradients stay as they are, too
_clipped, _norm = _pair(clip_by_global_norm([np.array([3e-4, 0.0]), np.array([4e-4])], 1.0))
checks.close(_norm, 5e-4, "norm", atol=1e-9)
checks.close(_clipped[0], [3e-4, 0.0], "clipped[0]", hint="Short: leave it.", atol=1e-9)


# %% also-correct clip_by_global_norm
def clip_by_global_norm(grads, max_norm):
    row = np.concatenate([np.ravel(grad) for grad in grads])
    norm = np.linalg.norm(row)
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    clipped, start = [], 0
    for grad in grads:
        clipped.append((factor * row[start : start + grad.size]).reshape(grad.shape))
        start += grad.size
    return clipped, float(norm)


# %% also-correct clip_by_global_norm
def clip_by_global_norm(grads, max_norm):
    norm = sum(np.linalg.norm(grad) ** 2 for grad in grads) ** 0.5
    if norm > max_norm:
        return [grad * max_norm / norm for grad in grads], norm
    return grads, norm


# %% also-correct clip_by_global_norm
def clip_by_global_norm(grads, max_norm):
    total = 0.0
    for grad in grads:
        total += np.vdot(grad, grad)
    norm = np.sqrt(total)
    result = [np.array(grad, dtype=float) for grad in grads]
    if total > max_norm * max_norm:
        for array in result:
            array *= max_norm / norm
    return result, norm


# %% misconception clip_by_global_norm
# hint: Each array is clipped alone here, which turns the direction. The norm is one for all arrays.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    clipped = []
    for grad in grads:
        own = np.linalg.norm(grad)
        clipped.append(grad * max_norm / own if own > max_norm else grad)
    return clipped, norm


# %% misconception clip_by_global_norm
# hint: Clipping each number to a range turns the direction. Multiply all by one factor instead.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    return [np.clip(grad, -max_norm, max_norm) for grad in grads], norm


# %% misconception clip_by_global_norm
# hint: A short gradient is made longer here. Clipping only shortens what is longer than max_norm.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    if norm == 0:
        return grads, norm
    return [grad * max_norm / norm for grad in grads], norm


# %% misconception clip_by_global_norm
# hint: A gradient of zeros has norm 0, and dividing by it gives NaN. Scale only what is too long.
def clip_by_global_norm(grads, max_norm):
    with np.errstate(all="ignore"):
        norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
        return [grad * np.minimum(1, max_norm / norm * (grad / grad)) for grad in grads], norm


# %% misconception clip_by_global_norm
# hint: The norm before clipping is asked for. This one looks like the norm after it.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    if norm > max_norm:
        return [grad * max_norm / norm for grad in grads], max_norm
    return grads, norm


# %% misconception clip_by_global_norm
# hint: Lengths do not add up: add the squares of all arrays, then take the root.
def clip_by_global_norm(grads, max_norm):
    norm = sum(np.sqrt(np.sum(grad**2)) for grad in grads)
    if norm > max_norm:
        return [grad * max_norm / norm for grad in grads], norm
    return list(grads), norm


# %% misconception clip_by_global_norm
# hint: The sum of squares is the square of the length. The root is missing.
def clip_by_global_norm(grads, max_norm):
    norm = sum(np.sum(grad**2) for grad in grads)
    if norm > max_norm:
        return [grad * max_norm / norm for grad in grads], norm
    return list(grads), norm


# %% misconception clip_by_global_norm
# hint: The longest array does not stand for all. The squares of all arrays add up.
def clip_by_global_norm(grads, max_norm):
    norm = max(np.sqrt(np.sum(grad**2)) for grad in grads)
    if norm > max_norm:
        return [grad * max_norm / norm for grad in grads], norm
    return list(grads), norm


# %% misconception clip_by_global_norm
# hint: The arrays that were passed in are overwritten. Make new ones.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    if norm > max_norm:
        for grad in grads:
            grad *= max_norm / norm
    return grads, norm


# %% misconception clip_by_global_norm
# hint: Dividing by the norm makes the length 1. It should become max_norm.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    if norm > max_norm:
        return [grad / norm for grad in grads], norm
    return list(grads), norm


# %% misconception clip_by_global_norm
# hint: Dividing by max_norm is not enough: a very long gradient would still be too long.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    if norm > max_norm:
        return [grad / max_norm for grad in grads], norm
    return list(grads), norm


# %% misconception clip_by_global_norm
# hint: A gradient that is too long is shortened, not thrown away.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    if norm > max_norm:
        return [0 * grad for grad in grads], norm
    return list(grads), norm


# %% misconception clip_by_global_norm
# hint: Two things are asked for: the clipped arrays and the norm before clipping.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    return [grad * min(1, max_norm / max(norm, 1e-12)) for grad in grads]


# %% misconception clip_by_global_norm
# hint: np.linalg.norm(A, 2) of a matrix is its largest stretch. The length takes all squares.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.linalg.norm(grad, 2) ** 2 for grad in grads))
    if norm > max_norm:
        return [grad * max_norm / norm for grad in grads], norm
    return list(grads), norm


# %% answer orthogonal_init
def orthogonal_init(units, rng):
    Q, R = np.linalg.qr(rng.normal(size=(units, units)))  # (units, units) each
    return Q * np.sign(np.diag(R))  # column j times the sign of R[j, j]


# %% equivalent orthogonal_init
# mutant: return Q / np.sign(np.diag(R))  # column j times the sign of R[j, j]
# reason: a sign is 1 or -1, and dividing by it is multiplying by it


# %% hidden orthogonal_init
_rng = np.random.default_rng()
for _units in (1, 2, 3, 6, 16, 33):
    _Q = np.asarray(orthogonal_init(_units, _rng))
    checks.shape(_Q, (_units, _units), "Q", hint="One row and one column for each unit.")
    # all angles and lengths, one by one
    for _i in range(_units):
        for _j in range(_i, _units):
            checks.close(
                sum(float(_a) * float(_b) for _a, _b in zip(_Q[_i], _Q[_j])),
                float(_i == _j),
                f"row {_i} times row {_j}",
                hint="Rows of length 1 at right angles.",
                atol=1e-5,
            )

_draws = np.array([np.asarray(orthogonal_init(3, _rng), dtype=float) for _ in range(250)])
_hint = "Flip each column of Q by the sign of R's diagonal, and nothing else."
for _i in range(3):
    for _j in range(3):
        _share = np.mean(_draws[:, _i, _j] > 0)  # one half; 0.3 is more than six deviations off
        checks.true(
            0.3 < _share < 0.7,
            f"Q[{_i}, {_j}] is positive in {_share:.0%} of 250 draws, expected about half. {_hint}",
        )
        _square = np.mean(_draws[:, _i, _j] ** 2)  # one third, give or take 0.02
        checks.true(
            0.2 < _square < 0.47,
            f"The mean square of Q[{_i}, {_j}] is {_square:.2f} in 250 draws, expected about 0.33.",
        )
_signs = np.sign(_draws.reshape(250, 9))
_together = np.mean(_signs[:, :, None] == _signs[:, None, :], axis=0)[np.triu_indices(9, 1)]
checks.true(
    0.3 < _together.min() and _together.max() < 0.7,
    f"Two entries of Q have equal signs in {_together.min():.0%} to {_together.max():.0%} of 250 "
    f"draws, expected about half for every two. {_hint}",
)
_turning = np.mean(np.linalg.det(_draws) > 0)
_message = f"{_turning:.0%} of 250 matrices have determinant 1, expected about half. {_hint}"
checks.true(0.3 < _turning < 0.7, _message)

_seed = int(_rng.integers(2**31))
_first = orthogonal_init(5, np.random.default_rng(_seed))
_again = orthogonal_init(5, np.random.default_rng(_seed))
checks.close(_again, _first, "Q", hint="Equal generators: draw from rng, and from nothing else.")
_gen = np.random.default_rng(_seed)
_one, _two = orthogonal_init(5, _gen), orthogonal_init(5, _gen)
_message = "A second call gave the same matrix. Draw from rng itself; do not make a new generator."
checks.true(not np.allclose(_one, _two), _message)


# %% also-correct orthogonal_init
def orthogonal_init(units, rng):
    U, _, V = np.linalg.svd(rng.normal(size=(units, units)))
    return U @ V


# %% also-correct orthogonal_init
def orthogonal_init(units, rng):
    columns = []
    for a in rng.standard_normal((units, units)):
        for _ in range(2):  # twice, against rounding
            for q in columns:
                a = a - (a @ q) * q
        columns.append(a / np.linalg.norm(a))
    return np.stack(columns, axis=1)


# %% also-correct orthogonal_init
def orthogonal_init(units, rng):
    # the eigenvectors of a random symmetric matrix, each with a random sign
    A = rng.normal(size=(units, units))
    return np.linalg.eigh(A + A.T)[1] * rng.choice([-1.0, 1.0], size=units)


# %% also-correct orthogonal_init
def orthogonal_init(units, rng):
    # mirrors, one for each size from units down to 1, and a random sign for the last
    Q = np.eye(units)
    for size in range(units, 0, -1):
        v = rng.normal(size=size)
        v[0] += np.copysign(np.linalg.norm(v), v[0])
        Q[:, units - size :] -= np.outer(Q[:, units - size :] @ v, v) * (2 / (v @ v))
    return Q * rng.choice([-1.0, 1.0], size=units)


# %% also-correct orthogonal_init
def orthogonal_init(units, rng):
    Q, R = np.linalg.qr(rng.normal(size=(units, units)).T)
    flips = np.where(R.diagonal() < 0, -1.0, 1.0)
    return (Q @ np.diag(flips)).T


# %% misconception orthogonal_init
# hint: The signs of Q are the library's habit. Flip its columns by the signs of R's diagonal.
def orthogonal_init(units, rng):
    return np.linalg.qr(rng.normal(size=(units, units)))[0]


# %% misconception orthogonal_init
# hint: QR returns two matrices. R is the one with zeros below its diagonal; Q is orthogonal.
def orthogonal_init(units, rng):
    return np.linalg.qr(rng.normal(size=(units, units)))[1]


# %% misconception orthogonal_init
# hint: Rows of length 1 are not enough. They must also stand at right angles to each other.
def orthogonal_init(units, rng):
    W = rng.normal(size=(units, units))
    return W / np.linalg.norm(W, axis=1, keepdims=True)


# %% misconception orthogonal_init
# hint: Dividing by the largest singular value makes only that one 1. All of them must be 1.
def orthogonal_init(units, rng):
    W = rng.normal(size=(units, units))
    return W / np.linalg.norm(W, 2)


# %% misconception orthogonal_init
# hint: The identity is orthogonal, but it is one matrix. A random one is asked for.
def orthogonal_init(units, rng):
    return np.eye(units)


# %% misconception orthogonal_init
# hint: The sign is wanted, not the diagonal itself: that would change the lengths of the columns.
def orthogonal_init(units, rng):
    Q, R = np.linalg.qr(rng.normal(size=(units, units)))
    return Q * np.diag(R)


# %% misconception orthogonal_init
# hint: Multiplying by the signs of all of R sets entries to zero. Only its diagonal counts.
def orthogonal_init(units, rng):
    Q, R = np.linalg.qr(rng.normal(size=(units, units)))
    return Q * np.sign(R)


# %% misconception orthogonal_init
# hint: A new generator with a fixed seed gives the same matrix each time. Draw from rng.
def orthogonal_init(units, rng):
    Q, R = np.linalg.qr(np.random.default_rng(0).normal(size=(units, units)))
    return Q * np.sign(np.diag(R))


# %% misconception orthogonal_init
# hint: Numbers from 0 to 1 favour some directions. Draw from the normal distribution.
def orthogonal_init(units, rng):
    Q, R = np.linalg.qr(rng.random(size=(units, units)))
    return Q * np.sign(np.diag(R))


# %% misconception orthogonal_init
# hint: A random order of the units is orthogonal, but it is made of zeros and ones only.
def orthogonal_init(units, rng):
    return np.eye(units)[rng.permutation(units)] * rng.choice([-1.0, 1.0], size=units)


# %% misconception orthogonal_init
# hint: One random sign for all of Q is not enough: each column has a sign of its own, from R.
def orthogonal_init(units, rng):
    Q, R = np.linalg.qr(rng.normal(size=(units, units)))
    return Q * rng.choice([-1.0, 1.0])


# %% misconception orthogonal_init
# hint: Flipping a column to make the determinant 1 leaves out half of the orthogonal matrices.
def orthogonal_init(units, rng):
    Q, R = np.linalg.qr(rng.normal(size=(units, units)))
    Q = Q * np.sign(np.diag(R))
    if np.linalg.det(Q) < 0:
        Q[:, 0] = -Q[:, 0]
    return Q


# %% answer layer_norm_step
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a_t = x_t @ W_x + h_prev @ W_h  # (batch, units)
    centred = a_t - np.mean(a_t, axis=1, keepdims=True)  # (batch, units)
    variance = np.mean(centred**2, axis=1, keepdims=True)  # (batch, 1)
    return np.tanh(gain * centred / np.sqrt(variance + eps) + b)  # (batch, units)


# %% hidden layer_norm_step
import math


def _slow_layer_norm(x_t, h_prev, W_x, W_h, b, gain, eps):
    """One sequence and one number at a time; the variance from all pairs of units."""
    rows = []
    for x, h in zip(x_t.tolist(), h_prev.tolist()):
        units = len(b)
        sums = [
            sum(x[i] * float(W_x[i, j]) for i in range(len(x)))
            + sum(h[k] * float(W_h[k, j]) for k in range(units))
            for j in range(units)
        ]
        pairs = sum((p - q) ** 2 for p in sums for q in sums)
        root = math.sqrt(pairs / (2 * units * units) + eps)
        rows.append(
            [
                math.tanh(float(gain[j]) * sum(sums[j] - q for q in sums) / units / root + float(b[j]))
                for j in range(units)
            ]
        )
    return np.array(rows)


_rng = np.random.default_rng()
for _batch, _features, _units in [(1, 1, 2), (3, 2, 4), (4, 4, 4), (2, 3, 7), (5, 1, 3)]:
    for _eps in (0.001, 0.7):
        _x_t = _rng.normal(size=(_batch, _features)) * _rng.uniform(0.5, 3, size=(_batch, 1))
        _h_prev = _rng.uniform(-0.9, 0.9, size=(_batch, _units))
        _W_x, _W_h = (_rng.normal(size=(_rows, _units)) for _rows in (_features, _units))
        _b = _rng.uniform(0.3, 0.7, size=_units) * _rng.choice([-1, 1], size=_units)
        _gain = _rng.uniform(0.3, 0.9, size=_units)
        _all = (_x_t, _h_prev, _W_x, _W_h, _b, _gain, _eps)
        _h_t = checks.unchanged(layer_norm_step, *_all)
        checks.shape(_h_t, (_batch, _units), "h_t", hint="As h_prev.", axes=("batch", "units"))
        checks.close(
            _h_t,
            _slow_layer_norm(*_all),
            "h_t",
            hint="Mean and variance over the units of one sequence; then gain, then b, then tanh.",
        )
# equal sums have variance 0: eps keeps the division safe
_flat = (np.ones((2, 1)), np.zeros((2, 3)), np.ones((1, 3)), np.zeros((3, 3)))
_b = _rng.uniform(-1, 1, size=3)
_h_t = layer_norm_step(*_flat, _b, np.ones(3), 1e-3)
_hint = "Equal sums normalize to 0, so only the bias is left."
checks.close(_h_t, np.tile([math.tanh(_v) for _v in _b], (2, 1)), "h_t", hint=_hint)


# %% also-correct layer_norm_step
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    z = (a - a.mean(axis=1)[:, None]) / np.sqrt(a.var(axis=1)[:, None] + eps)
    return np.tanh(z * gain + b)


# %% also-correct layer_norm_step
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    new = []
    for x, h in zip(x_t, h_prev):
        a = x.dot(W_x) + h.dot(W_h)
        mean = sum(a) / len(a)
        variance = sum((value - mean) ** 2 for value in a) / len(a)
        new.append([np.tanh(g * (v - mean) / (variance + eps) ** 0.5 + s) for v, g, s in zip(a, gain, b)])
    return np.array(new)


# %% also-correct layer_norm_step
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    units = len(b)
    centre = np.eye(units) - np.full((units, units), 1 / units)  # takes the mean away
    a = np.hstack([x_t, h_prev]) @ np.vstack([W_x, W_h]) @ centre
    scale = gain / np.sqrt(np.einsum("bu,bu->b", a, a) / units + eps)[:, np.newaxis]
    return np.tanh(a * scale + b)


# %% misconception layer_norm_step
# hint: Mean and variance are taken over the units of one sequence, not over the batch.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    z = (a - a.mean(axis=0)) / np.sqrt(a.var(axis=0) + eps)
    return np.tanh(gain * z + b)


# %% misconception layer_norm_step
# hint: Every sequence has its own mean and variance. Here all sequences share one.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    z = (a - a.mean()) / np.sqrt(a.var() + eps)
    return np.tanh(gain * z + b)


# %% misconception layer_norm_step
# hint: The variance is the mean of the squares: divide by the number of units, not by one less.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    z = (a - a.mean(axis=-1, keepdims=True)) / np.sqrt(a.var(axis=-1, ddof=1, keepdims=True) + eps)
    return np.tanh(gain * z + b)


# %% misconception layer_norm_step
# hint: eps is added to the variance, under the root. Here it is added to the root.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    with np.errstate(all="ignore"):
        z = (a - a.mean(axis=-1, keepdims=True)) / (a.std(axis=-1, keepdims=True) + eps)
    return np.tanh(gain * z + b)


# %% misconception layer_norm_step
# hint: The division is by the root of the variance, not by the variance itself.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    z = (a - a.mean(axis=-1, keepdims=True)) / (a.var(axis=-1, keepdims=True) + eps)
    return np.tanh(gain * z + b)


# %% misconception layer_norm_step
# hint: The bias comes after the normalization. Added before, part of it is taken away again.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h + b
    z = (a - a.mean(axis=-1, keepdims=True)) / np.sqrt(a.var(axis=-1, keepdims=True) + eps)
    return np.tanh(gain * z)


# %% misconception layer_norm_step
# hint: The sums are normalized before tanh. Here tanh comes first, and the result has no bound.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = np.tanh(x_t @ W_x + h_prev @ W_h)
    z = (a - a.mean(axis=-1, keepdims=True)) / np.sqrt(a.var(axis=-1, keepdims=True) + eps)
    return gain * z + b


# %% misconception layer_norm_step
# hint: The gain multiplies what was normalized, and the bias is added after it, not multiplied.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    z = (a - a.mean(axis=-1, keepdims=True)) / np.sqrt(a.var(axis=-1, keepdims=True) + eps)
    return np.tanh(gain * (z + b))


# %% misconception layer_norm_step
# hint: The learned gain is missing: each unit's normalized sum is multiplied by it.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    z = (a - a.mean(axis=-1, keepdims=True)) / np.sqrt(a.var(axis=-1, keepdims=True) + eps)
    return np.tanh(z + b)


# %% misconception layer_norm_step
# hint: The mean of the sums is taken away first. Here it stays in.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    with np.errstate(all="ignore"):
        z = a / np.sqrt((a**2).mean(axis=-1, keepdims=True) + eps)
    return np.tanh(gain * z + b)


# %% misconception layer_norm_step
# hint: The whole sum is normalized once, input and old state together, not each part by itself.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    def normal(a):
        with np.errstate(all="ignore"):
            spread = np.sqrt(a.var(axis=-1, keepdims=True) + eps)
            return np.nan_to_num((a - a.mean(axis=-1, keepdims=True)) / spread)

    return np.tanh(gain * (normal(x_t @ W_x) + normal(h_prev @ W_h)) + b)


# %% misconception layer_norm_step
# hint: The normalized sums still go through tanh. This result has no bound.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    z = (a - a.mean(axis=-1, keepdims=True)) / np.sqrt(a.var(axis=-1, keepdims=True) + eps)
    return gain * z + b


# %% misconception layer_norm_step
# hint: The bias comes once, after the normalization. Here it is added before it as well.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h + b
    z = (a - a.mean(axis=-1, keepdims=True)) / np.sqrt(a.var(axis=-1, keepdims=True) + eps)
    return np.tanh(gain * z + b)


# %% misconception layer_norm_step
# hint: eps is added to the variance. Here it only replaces a variance that is smaller.
def layer_norm_step(x_t, h_prev, W_x, W_h, b, gain, eps):
    a = x_t @ W_x + h_prev @ W_h
    root = np.sqrt(np.maximum(a.var(axis=-1, keepdims=True), eps))
    return np.tanh(gain * (a - a.mean(axis=-1, keepdims=True)) / root + b)


# %% answer three_patients [markdown]
# (1) Aiko's gradient vanishes: from lag 0 to lag 10 it falls from 0.5 to 0.005, a factor of 100 in 10
# steps, so about $100^{-1/10} = 0.63$ a step. Ben's explodes: from 0.5 to 2 in 10 steps is
# $4^{1/10} = 1.15$ a step. Chika's is healthy: it stays at about the same size over 20 lags, and the
# loss falls.
#
# (2) Her gradient is 0.3 to 0.4 long, below 1, so clipping never touches it. And if it did, it would
# shorten all parts by one factor: the share of the first step would stay as tiny as before. She should
# make the gradient lose less at each step, for example start from an orthogonal matrix, whose singular
# values are all 1; or add a residual path, so that the Jacobian is the identity plus something.
#
# (3) He has gained a bound on the length: no array moves further than the learning rate times 1.
# (All arrays together may move more than that.) He risks the direction: arrays that were too long are
# shortened, others are not, so the step no longer points down the steepest way. Clipping by the global
# norm bounds the length and keeps the direction.
#
# Rubric, one point each:
#
# - (1) vanishing, exploding, healthy, with factors near 0.63 and 1.15. (Half a point for the names
#   alone, or for factors per ten steps.)
# - (2) clipping leaves a short gradient as it is (or: it cannot raise the share of early steps), and a
#   remedy with its reason. "A larger learning rate" alone is no remedy: it makes the late steps
#   larger, too. (Adam and far longer training, with the trial on the page as the reason, count.)
# - (3) the bounded length and the changed direction, both.
