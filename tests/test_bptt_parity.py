"""The answers of chapter 4 compute the gradients that Keras and TensorFlow compute."""

import numpy as np
import pytest
from chapter_code import functions_of


@pytest.fixture(scope="module")
def answers():
    return functions_of("04_bptt")


@pytest.fixture(scope="module")
def tf():
    return pytest.importorskip("tensorflow")


NAMES = ("dx", "dh_0", "dW_x", "dW_h", "db")
SIZES = [(1, 1, 1, 1), (3, 7, 2, 5), (4, 12, 3, 8), (2, 30, 6, 16), (5, 4, 7, 3)]


def difference(ours, theirs):
    """Largest difference of two arrays, as a part of the largest number or of 1."""
    return np.abs(ours - theirs).max() / max(1.0, np.abs(theirs).max())


def inputs(batch, time, features, units):
    rng = np.random.default_rng(units)
    x = rng.normal(size=(batch, time, features)).astype("float32")
    h_0 = rng.uniform(-1, 1, size=(batch, units)).astype("float32")
    dh = rng.normal(size=(batch, time, units)).astype("float32")
    return x, h_0, dh


@pytest.mark.parametrize("size", SIZES)
def test_all_gradients_agree_with_the_tape_of_a_simple_rnn(answers, keras, tf, size):
    x, h_0, dh = inputs(*size)
    layer = keras.layers.SimpleRNN(size[-1], return_sequences=True, bias_initializer="normal")
    watched = tf.constant(x), tf.constant(h_0)
    with tf.GradientTape() as tape:
        tape.watch(watched)
        states = layer(watched[0], initial_state=watched[1])
        loss = tf.reduce_sum(states * dh)
    theirs = tape.gradient(loss, [*watched, *layer.trainable_variables])

    W_x, W_h, b = layer.get_weights()
    h = answers["rnn_forward"](x, h_0, W_x, W_h, b)
    assert np.abs(h - states.numpy()).max() < 1e-6
    ours = answers["rnn_backward"](dh, x, h_0, h, W_x, W_h)
    for name, one, other in zip(NAMES, ours, theirs, strict=True):
        assert one.shape == other.shape, name
        assert difference(one, other.numpy()) < 1e-4, name


@pytest.mark.parametrize("size", [(3, 7, 2, 5), (2, 9, 4, 6)])
@pytest.mark.parametrize("k", [1, 3, 4, 20])
def test_truncated_gradients_are_those_of_a_tape_that_is_stopped_at_the_borders(
    answers, keras, tf, size, k
):
    x, h_0, dh = inputs(*size)
    layer = keras.layers.SimpleRNN(
        size[-1], return_sequences=True, return_state=True, bias_initializer="normal"
    )
    watched = tf.constant(x), tf.constant(h_0)
    with tf.GradientTape() as tape:
        tape.watch(watched)
        loss, state, states = 0.0, watched[1], []
        for start in range(0, size[1], k):
            chunk, state = layer(watched[0][:, start : start + k], initial_state=state)
            loss += tf.reduce_sum(chunk * dh[:, start : start + k])
            state = tf.stop_gradient(state)
            states.append(chunk.numpy())
    theirs = tape.gradient(loss, [*watched, *layer.trainable_variables])

    W_x, W_h, b = layer.get_weights()
    h = answers["rnn_forward"](x, h_0, W_x, W_h, b)
    assert np.abs(h - np.concatenate(states, axis=1)).max() < 1e-6  # the state is carried on
    ours = answers["truncated_bptt"](dh, x, h_0, h, W_x, W_h, k)
    for name, one, other in zip(NAMES, ours, theirs, strict=True):
        assert difference(one, other.numpy()) < 1e-4, name


@pytest.mark.parametrize("k", [1, 3, 7])
def test_a_stateful_layer_that_is_trained_piece_by_piece_has_truncated_gradients(
    answers, keras, tf, k
):
    x, _, dh = inputs(3, 7, 2, 5)
    layer = keras.layers.SimpleRNN(
        5, return_sequences=True, stateful=True, bias_initializer="normal"
    )
    model = keras.Sequential([keras.Input(batch_shape=(3, None, 2)), layer])
    theirs, states = [0.0] * 3, []
    for start in range(0, 7, k):  # a tape a piece, as in train_on_batch: the state is carried on
        with tf.GradientTape() as tape:
            chunk = model(tf.constant(x[:, start : start + k]))
            loss = tf.reduce_sum(chunk * dh[:, start : start + k])
        pieces = tape.gradient(loss, layer.trainable_variables)
        theirs = [total + piece.numpy() for total, piece in zip(theirs, pieces, strict=True)]
        states.append(chunk.numpy())

    W_x, W_h, b = layer.get_weights()
    h_0 = np.zeros((3, 5), "float32")
    h = answers["rnn_forward"](x, h_0, W_x, W_h, b)
    assert np.abs(h - np.concatenate(states, axis=1)).max() < 1e-6
    ours = answers["truncated_bptt"](dh, x, h_0, h, W_x, W_h, k)[2:]
    for name, one, other in zip(NAMES[2:], ours, theirs, strict=True):
        assert difference(one, other) < 1e-4, name


@pytest.mark.parametrize("shape", [(4, 3), (3, 5, 6)])
def test_cross_entropy_and_its_gradient_are_those_of_keras(answers, keras, tf, shape):
    rng = np.random.default_rng(0)
    scores = tf.constant(3 * rng.normal(size=shape), "float32")
    target = rng.integers(0, shape[-1], size=shape[:-1])
    with tf.GradientTape() as tape:
        tape.watch(scores)
        theirs = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(target, scores)
    loss, dscores = answers["cross_entropy"](scores.numpy().astype("float64"), target)
    assert loss == pytest.approx(float(theirs), rel=1e-5)
    assert np.abs(dscores - tape.gradient(theirs, scores).numpy()).max() < 1e-6


@pytest.mark.parametrize("size", SIZES)
def test_gradients_agree_with_finite_differences_in_float64(answers, size):
    x, h_0, dh = (array.astype("float64") for array in inputs(*size))
    rng = np.random.default_rng(1)
    features, units = size[2:]
    weights = [
        rng.normal(size=(features, units)) / np.sqrt(features),
        rng.normal(size=(units, units)) / np.sqrt(units),
        rng.normal(size=units),
    ]
    arrays = [x, h_0, *weights]
    h = answers["rnn_forward"](*arrays)
    ours = answers["rnn_backward"](dh, x, h_0, h, *weights[:2])
    for place, (name, gradient) in enumerate(zip(NAMES, ours, strict=True)):

        def loss(w, place=place):
            moved = [*arrays[:place], w, *arrays[place + 1 :]]
            return np.sum(dh * answers["rnn_forward"](*moved))

        numeric = answers["numerical_grad"](loss, arrays[place], 1e-5)
        assert answers["grad_check"](gradient, numeric) < 1e-6, name


def test_the_last_output_alone_gives_the_gradient_of_a_layer_without_sequences(answers, keras, tf):
    x, _, _ = inputs(3, 8, 2, 4)
    layer = keras.layers.SimpleRNN(4, bias_initializer="normal")
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) ** 2)
    theirs = tape.gradient(loss, layer.trainable_variables)
    W_x, W_h, b = layer.get_weights()
    h = answers["rnn_forward"](x, np.zeros((3, 4)), W_x, W_h, b)
    dh = np.zeros(h.shape)
    dh[:, -1] = 2 * h[:, -1]
    ours = answers["rnn_backward"](dh, x, np.zeros((3, 4)), h, W_x, W_h)[2:]
    for one, other in zip(ours, theirs, strict=True):
        assert difference(one, other.numpy()) < 1e-4
