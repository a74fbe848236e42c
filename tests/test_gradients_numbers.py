"""The answers and the formulas of chapter 5 agree with Keras and with finite differences."""

import numpy as np
import pytest
from chapter_code import functions_of


@pytest.fixture(scope="module")
def chapter():
    return functions_of("05_gradients")


def slopes(f, row, eps=1e-6):
    """Rows: from an element of ``row``; columns: to an element of ``f(row)``."""
    nudges = eps * np.eye(len(row))
    return np.array([(f(row + nudge) - f(row - nudge)) / (2 * eps) for nudge in nudges])


def random_cell(units, time, seed):
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(1, time, 2)),
        rng.normal(size=(2, units)) / 2,
        rng.normal(size=(units, units)) / np.sqrt(units),
        rng.normal(size=units) / 5,
    )


@pytest.mark.parametrize(("units", "time"), [(1, 4), (3, 6), (8, 5)])
def test_the_norms_are_those_of_gradients_that_tensorflow_records(chapter, keras, units, time):
    tf = pytest.importorskip("tensorflow")
    x, W_x, W_h, b = random_cell(units, time, seed=units)
    h = chapter["rnn_forward"](x, np.zeros((1, units)), W_x, W_h, b)
    norms = chapter["jacobian_product_norms"](h[0], W_h)
    layer = keras.layers.SimpleRNN(units)
    layer.build((1, time, 2))
    layer.set_weights([W_x, W_h, b])
    for lag in range(1, time):
        state = tf.constant(h[:, time - 1 - lag].astype("float32"))
        with tf.GradientTape() as tape:
            tape.watch(state)
            last = layer(x[:, time - lag :].astype("float32"), initial_state=state)
        jacobian = tape.jacobian(last, state).numpy()[0, :, 0, :]  # to, from
        assert norms[lag] == pytest.approx(np.linalg.norm(jacobian, 2), rel=1e-4)


def test_a_gradient_goes_back_by_the_transposed_jacobian(chapter):
    x, W_x, W_h, b = random_cell(5, 1, seed=0)
    h_0 = np.random.default_rng(1).uniform(-0.9, 0.9, size=(1, 5))
    h = chapter["rnn_forward"](x, h_0, W_x, W_h, b)
    dh = np.random.default_rng(2).normal(size=(1, 1, 5))
    _, dh_0, *_ = chapter["rnn_backward"](dh, x, h_0, h, W_x, W_h)
    np.testing.assert_allclose(dh_0, dh[:, 0] @ (W_h * (1 - h[0, 0] ** 2)).T)


def test_the_backward_pass_that_the_setup_repeats_is_right(chapter):
    x, W_x, W_h, b = random_cell(4, 6, seed=3)
    rng = np.random.default_rng(4)
    values = [x, rng.uniform(-0.5, 0.5, size=(1, 4)), W_x, W_h, b]
    dh = rng.normal(size=(1, 6, 4))
    h = chapter["rnn_forward"](*values)
    gradients = chapter["rnn_backward"](dh, x, values[1], h, W_x, W_h)
    for place, gradient in enumerate(gradients):

        def loss(row, place=place):
            changed = [*values]
            changed[place] = row.reshape(values[place].shape)
            return np.array([np.sum(dh * chapter["rnn_forward"](*changed))])

        numeric = slopes(loss, values[place].ravel())[:, 0]
        np.testing.assert_allclose(gradient.ravel(), numeric, atol=1e-7)


def test_the_loss_of_the_recall_task_has_the_gradients_that_the_page_computes(chapter):
    rng = np.random.default_rng(5)
    weights = [rng.normal(size=shape) / 2 for shape in [(1, 3), (3, 3), (3,), (3, 1), (1,)]]
    x, y = chapter["recall_batch"](4, 6, rng)
    assert set(np.abs(x[:, 0]).ravel()) == {1.0}
    np.testing.assert_allclose(np.abs(x[:, 1:]), 0.3)
    np.testing.assert_array_equal(y, x[:, 0])
    _, _, gradients = chapter["loss_and_gradients"](weights, x, y)
    for place, gradient in enumerate(gradients):

        def loss(row, place=place):
            changed = [*weights]
            changed[place] = row.reshape(weights[place].shape)
            return np.array([chapter["loss_and_gradients"](changed, x, y)[0]])

        numeric = slopes(loss, weights[place].ravel())[:, 0]
        np.testing.assert_allclose(gradient.ravel(), numeric, atol=1e-7)


@pytest.mark.parametrize("place", [(1.9, -0.2), (1.3, 0.1), (0.9, -0.05)])
def test_the_slopes_on_the_cliff_are_those_of_its_loss(chapter, place):
    _, dw, db = chapter["cliff"](*place)
    numeric = slopes(lambda row: np.array([chapter["cliff"](*row)[0]]), np.array(place))[:, 0]
    np.testing.assert_allclose([dw, db], numeric, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("option", ["global_clipnorm", "clipnorm", "clipvalue"])
def test_only_global_clipnorm_of_keras_is_our_clipping(chapter, keras, option):
    rng = np.random.default_rng(6)
    grads = [rng.normal(size=shape).astype("float32") for shape in [(2, 3), (3, 3), (3,)]]
    optimizer = keras.optimizers.SGD(1.0, **{option: 0.5})
    parameters = [keras.Variable(np.zeros_like(grad)) for grad in grads]
    optimizer.apply([keras.ops.convert_to_tensor(grad) for grad in grads], parameters)
    theirs = [-keras.ops.convert_to_numpy(parameter) for parameter in parameters]
    ours, norm = chapter["clip_by_global_norm"](grads, 0.5)
    assert norm > 0.5
    same = all(np.allclose(a, b, atol=1e-6) for a, b in zip(ours, theirs, strict=True))
    assert same == (option == "global_clipnorm")
    if option == "clipnorm":
        for a, grad in zip(theirs, grads, strict=True):
            alone, _ = chapter["clip_by_global_norm"]([grad], 0.5)
            np.testing.assert_allclose(a, alone[0], atol=1e-6)


def test_the_step_normalizes_as_keras_does(chapter, keras):
    rng = np.random.default_rng(7)
    x_t, h_prev = rng.normal(size=(4, 3)), rng.uniform(-1, 1, size=(4, 6))
    W_x, W_h = rng.normal(size=(3, 6)), rng.normal(size=(6, 6))
    b, gain = rng.normal(size=6), rng.uniform(0.5, 2, size=6)
    layer = keras.layers.LayerNormalization(epsilon=0.01)
    layer.build((None, 6))
    layer.set_weights([gain, b])
    sums = (x_t @ W_x + h_prev @ W_h).astype("float32")
    theirs = np.tanh(keras.ops.convert_to_numpy(layer(sums)))
    ours = chapter["layer_norm_step"](x_t, h_prev, W_x, W_h, b, gain, 0.01)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_the_jacobian_of_a_normalized_step_is_the_one_on_the_page(chapter):
    x, W_x, W_h, _ = random_cell(6, 2, seed=8)
    gain, zero = np.random.default_rng(9).uniform(0.5, 2, size=6), np.zeros(6)
    norms = chapter["layer_norm_norms"](x, W_x, W_h, gain, 0.01)

    def step(h_prev, t):
        return chapter["layer_norm_step"](x[:, t], h_prev[None], W_x, W_h, zero, gain, 0.01)[0]

    h_1 = step(zero, 0)
    numeric = np.linalg.norm(slopes(lambda row: step(row, 1), h_1), 2)
    np.testing.assert_allclose(norms, [1, numeric], rtol=1e-6)


def test_a_normalized_cell_does_not_feel_the_scale_of_its_weights(chapter):
    x, W_x, W_h = chapter["some_cell"](0)
    gain = np.ones(32)
    once = chapter["layer_norm_norms"](x, W_x, W_h, gain, 1e-12)
    thrice = chapter["layer_norm_norms"](x, 3 * W_x, 3 * W_h, gain, 1e-12)
    np.testing.assert_allclose(once, thrice, rtol=1e-5)


def test_the_jacobian_of_a_residual_step_is_the_identity_and_something(chapter):
    x, W_x, W_h, _ = random_cell(4, 2, seed=10)
    norms, least, largest = chapter["residual_cell"](x, W_x, W_h, 0.3)

    def step(h_prev, t):
        return h_prev + 0.3 * np.tanh(x[0, t] @ W_x + h_prev @ W_h)

    h_1 = step(np.zeros(4), 0)
    jacobian = slopes(lambda row: step(row, 1), h_1)
    np.testing.assert_allclose(norms, [1, np.linalg.norm(jacobian, 2)], rtol=1e-6)
    assert least == pytest.approx(np.linalg.svd(jacobian, compute_uv=False)[-1], rel=1e-6)
    assert largest == pytest.approx(max(np.abs(h_1).max(), np.abs(step(h_1, 1)).max()))


def test_the_slopes_of_the_three_functions_follow_from_their_values(chapter):
    a = np.array([-2.0, -0.5, 0.3, 1.7])
    for function, slope in chapter["CELLS"].values():
        numeric = (function(a + 1e-6) - function(a - 1e-6)) / 2e-6
        np.testing.assert_allclose(slope(function(a)), numeric, atol=1e-6)


def test_a_sigmoid_cell_with_other_weights_is_a_tanh_cell(chapter):
    x, W_x, W_h, b = random_cell(5, 8, seed=12)
    h = chapter["rnn_forward"](x, np.zeros((1, 5)), W_x, W_h, b)[0]
    state, states = np.full(5, 0.5), []
    for x_t in x[0]:
        a = x_t @ (2 * W_x) + state @ (4 * W_h) + 2 * b - 2 * W_h.sum(axis=0)
        state = chapter["sigmoid"](a)
        states.append(state)
    np.testing.assert_allclose(2 * np.array(states) - 1, h, atol=1e-12)
    slope = chapter["CELLS"]["sigmoid"][1](np.array(states))
    np.testing.assert_allclose(4 * W_h * slope[-1], W_h * (1 - h[-1] ** 2), atol=1e-12)


def test_slopes_of_tanh_can_keep_what_the_matrix_alone_would_lose(chapter):
    W_h = np.array([[2.0, 2.0], [-2.0, -2.0]])
    linear = chapter["jacobian_product_norms"](np.zeros((6, 2)), W_h)
    np.testing.assert_allclose(linear[2:], 0, atol=1e-12)
    h = np.tile(np.sqrt([0.0, 0.5]), (6, 1))  # slopes 1 and 0.5 at each step
    norms = chapter["jacobian_product_norms"](h, W_h)
    np.testing.assert_allclose(norms[1:], np.sqrt(10))


def test_an_orthogonal_matrix_keeps_every_gradient_of_a_linear_cell(chapter):
    Q = chapter["orthogonal_init"](32, np.random.default_rng(11))
    norms = chapter["jacobian_product_norms"](np.zeros((50, 32)), Q)
    np.testing.assert_allclose(norms, 1)


def test_the_bound_of_the_page_holds_for_random_cells(chapter):
    for seed in range(5):
        x, W_x, W_h = chapter["some_cell"](seed)
        h = chapter["rnn_forward"](x, np.zeros((1, 32)), W_x, W_h, np.zeros(32))
        norms = chapter["jacobian_product_norms"](h[0], W_h)
        assert (norms <= np.linalg.norm(W_h, 2) ** np.arange(50) * (1 + 1e-9)).all()
