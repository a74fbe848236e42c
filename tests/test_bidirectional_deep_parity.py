"""The answers and the demonstrations of chapter 8 compute what Keras computes."""

import numpy as np
import pytest
from chapter_code import functions_of

MODES = ["concat", "sum", "mul", "ave", None]


@pytest.fixture(scope="module")
def answers():
    return functions_of("08_bidirectional_deep")


def inputs(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def both_ways(keras, units, mode, every_step):
    rnn = keras.layers.SimpleRNN(units, return_sequences=every_step, bias_initializer="normal")
    return keras.layers.Bidirectional(rnn, merge_mode=mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("batch", "time", "features", "units"), [(3, 7, 2, 5), (2, 20, 1, 16)])
def test_both_directions_agree_at_every_step(answers, keras, batch, time, features, units, mode):
    layer, x = both_ways(keras, units, mode, True), inputs(batch, time, features)
    theirs = layer(x)
    weights = layer.get_weights()
    ours = answers["bidirectional_forward"](x, weights[:3], weights[3:], mode)
    for own, their in zip([ours] if mode else ours, [theirs] if mode else theirs, strict=True):
        assert np.abs(own - keras.ops.convert_to_numpy(their)).max() < 1e-6


@pytest.mark.parametrize("mode", MODES)
def test_the_last_states_are_those_of_keras(answers, keras, mode):
    layer, x = both_ways(keras, 4, mode, False), inputs(3, 9, 2)
    theirs = layer(x)
    weights = layer.get_weights()
    pair = answers["bidirectional_forward"](x, weights[:3], weights[3:], None)
    ours = answers["last_states"](*pair, mode)
    for own, their in zip([ours] if mode else ours, [theirs] if mode else theirs, strict=True):
        assert np.abs(own - keras.ops.convert_to_numpy(their)).max() < 1e-6


def close(ours, theirs):
    theirs = np.asarray(theirs)
    return np.abs(ours - theirs).max() < 1e-4 * max(1, np.abs(theirs).max())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("every_step", [True, False])
def test_the_gradients_of_both_directions_agree(answers, keras, mode, every_step):
    tf = pytest.importorskip("tensorflow")
    layer, x = both_ways(keras, 4, mode, every_step), inputs(3, 6, 2)
    rng = np.random.default_rng(1)
    with tf.GradientTape() as tape:
        watched = tf.constant(x)
        tape.watch(watched)
        merged = layer(watched)
        merged = list(merged) if mode is None else [merged]
        dm = [rng.normal(size=part.shape).astype("float32") for part in merged]
        loss = sum(tf.reduce_sum(part * d) for part, d in zip(merged, dm, strict=True))
    theirs = tape.gradient(loss, [watched, *layer.trainable_variables])
    weights = layer.get_weights()
    cells = (weights[:3], weights[3:])
    h = answers["bidirectional_forward"](x, *cells, None)
    seen = h if every_step else (h[0][:, -1], h[1][:, 0])
    arrived = dm if mode is None else answers["split_gradient"](dm[0], *seen, mode)
    if not every_step:
        dh = [np.zeros_like(states) for states in h]
        dh[0][:, -1], dh[1][:, 0] = arrived
        arrived = dh
    dx, d_forward, d_backward = answers["bidirectional_backward"](arrived, x, h, cells)
    for own, their in zip([dx, *d_forward, *d_backward], theirs, strict=True):
        assert close(own, their)


def stack(keras, widths):
    return keras.Sequential(
        [
            keras.layers.SimpleRNN(units, return_sequences=True, bias_initializer="normal")
            for units in widths
        ]
    )


@pytest.mark.parametrize("widths", [(4,), (5, 3), (2, 6, 4)])
def test_every_layer_of_a_stack_agrees(answers, keras, widths):
    model, x = stack(keras, widths), inputs(3, 8, 2)
    theirs, below = [], x
    for layer in model.layers:
        below = layer(below)
        theirs.append(keras.ops.convert_to_numpy(below))
    ours = answers["stacked_forward"](x, [layer.get_weights() for layer in model.layers])
    for own, their in zip(ours, theirs, strict=True):
        assert np.abs(own - their).max() < 1e-6


@pytest.mark.parametrize("widths", [(4,), (5, 3), (2, 6, 4)])
def test_the_gradients_of_a_stack_agree(answers, keras, widths):
    tf = pytest.importorskip("tensorflow")
    model, x = stack(keras, widths), inputs(3, 6, 2)
    dh = np.random.default_rng(1).normal(size=(3, 6, widths[-1])).astype("float32")
    with tf.GradientTape() as tape:
        watched = tf.constant(x)
        tape.watch(watched)
        loss = tf.reduce_sum(model(watched) * dh)
    theirs = tape.gradient(loss, [watched, *model.trainable_variables])
    layers = [layer.get_weights() for layer in model.layers]
    h = answers["stacked_forward"](x, layers)
    dx, gradients = answers["stacked_backward"](dh, x, h, layers)
    ours = [dx, *(d for layer in gradients for d in layer)]
    for own, their in zip(ours, theirs, strict=True):
        assert close(own, their)


def test_a_layer_that_goes_backwards_is_not_turned_back_by_keras(answers, keras):
    layer, x = keras.layers.SimpleRNN(3, return_sequences=True, go_backwards=True), inputs(2, 5, 2)
    theirs = keras.ops.convert_to_numpy(layer(x))
    as_read = answers["rnn_forward"](x[:, ::-1], np.zeros((2, 3)), *layer.get_weights())
    assert np.abs(as_read - theirs).max() < 1e-6


def test_a_bilstm_has_the_parameters_and_shapes_that_the_chapter_quotes(keras):
    layer = keras.layers.Bidirectional(keras.layers.LSTM(64, return_sequences=True))
    assert tuple(layer(inputs(32, 20, 10)).shape) == (32, 20, 128)
    assert layer.count_params() == 2 * 19_200 == 38_400


def test_the_best_rule_without_the_future_reaches_the_causal_ceiling(answers):
    x, y = answers["data"].local_maxima(100_000, 20, np.random.default_rng(0))
    assert np.mean(answers["best_without_future"](x) == y) == pytest.approx(0.8875, abs=0.001)


def test_no_rule_that_looks_at_the_last_two_numbers_beats_the_causal_ceiling():
    # by brute force: the best answer in each cell of a fine grid, known from the next number
    grid = (np.arange(400) + 0.5) / 400
    before, now = np.meshgrid(grid, grid)
    chance = np.where(before < now, now, 0)  # that the next number is smaller, after a rise
    inner = np.maximum(chance, 1 - chance).mean()
    assert (18 * inner + 2) / 20 == pytest.approx(0.8875, abs=1e-3)
