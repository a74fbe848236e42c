"""The answers of chapter 7 compute what Keras computes, forward and backward."""

import numpy as np
import pytest
from chapter_code import functions_of

SIZES = [(1, 1, 1, 1), (3, 7, 2, 5), (4, 12, 3, 8), (2, 20, 1, 32)]


@pytest.fixture(scope="module")
def answers():
    return functions_of("07_gru")


def example(keras, batch, time, features, units, after):
    layer = keras.layers.GRU(
        units, return_sequences=True, reset_after=after, bias_initializer="normal"
    )
    rng = np.random.default_rng(units)
    x = rng.normal(size=(batch, time, features)).astype("float32")
    h_0 = rng.uniform(-1, 1, size=(batch, units)).astype("float32")
    dh = rng.normal(size=(batch, time, units)).astype("float32")
    return layer, x, h_0, dh


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize(("batch", "time", "features", "units"), SIZES)
def test_all_hidden_states_agree_with_keras(answers, keras, batch, time, features, units, after):
    layer, x, h_0, _ = example(keras, batch, time, features, units, after)
    theirs = keras.ops.convert_to_numpy(layer(x, initial_state=keras.ops.convert_to_tensor(h_0)))
    ours = answers["gru_forward"](x, h_0, *layer.get_weights(), after)
    assert np.abs(ours - theirs).max() < 1e-6


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize(("batch", "time", "features", "units"), SIZES)
def test_all_gradients_agree_with_tensorflow(answers, keras, batch, time, features, units, after):
    tf = pytest.importorskip("tensorflow")
    layer, x, h_0, dh = example(keras, batch, time, features, units, after)
    inputs, start = tf.constant(x), tf.constant(h_0)
    with tf.GradientTape() as tape:
        tape.watch([inputs, start])
        loss = tf.reduce_sum(layer(inputs, initial_state=start) * dh)
    theirs = tape.gradient(loss, [inputs, start, *layer.trainable_weights])
    ours = answers["gru_backward"](dh, x, h_0, *layer.get_weights(), after)
    for name, mine, other in zip(("dx", "dh_0", "dW_x", "dW_h", "db"), ours, theirs, strict=True):
        assert mine.shape == other.shape, name
        assert np.abs(mine - other.numpy()).max() < 1e-4, name


@pytest.mark.parametrize("after", [True, False])
def test_the_gradients_agree_with_finite_differences(answers, after):
    rng = np.random.default_rng(0)
    biases = (2, 9) if after else (9,)
    args = [rng.normal(size=shape) for shape in ((2, 4, 2), (2, 3), (2, 9), (3, 9), biases)]
    dh = rng.normal(size=(2, 4, 3))
    for position, gradient in enumerate(answers["gru_backward"](dh, *args, after)):
        for place in np.ndindex(gradient.shape):
            ends = []
            for step in (1e-5, -1e-5):
                moved = [np.array(arg) for arg in args]
                moved[position][place] += step
                ends.append(np.sum(dh * answers["gru_forward"](*moved, after)))
            assert abs((ends[0] - ends[1]) / 2e-5 - gradient[place]) < 1e-7


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize(("features", "units"), [(1, 32), (4, 8), (2, 16)])
def test_the_parameter_counts_are_those_of_keras(answers, keras, features, units, after):
    gru, lstm = keras.layers.GRU(units, reset_after=after), keras.layers.LSTM(units)
    plain = keras.layers.SimpleRNN(units)
    for layer in (gru, lstm, plain):
        layer.build((None, 10, features))
    assert answers["gru_param_count"](features, units, after) == gru.count_params()
    assert answers["lstm_count"](features, units) == lstm.count_params()
    assert answers["rnn_count"](features, units) == plain.count_params()


def test_the_counts_that_the_chapter_quotes(answers):
    count = answers["gru_param_count"]
    assert (count(1, 32, True), count(1, 32, False), count(2, 16, True)) == (3360, 3264, 960)
    assert (answers["lstm_count"](2, 14), answers["rnn_count"](2, 29)) == (952, 928)


def test_pytorchs_formulas_give_the_states_of_keras(answers, keras):
    layer, x, _, _ = example(keras, 3, 9, 2, 6, True)
    theirs = keras.ops.convert_to_numpy(layer(x))[:, -1]
    state = answers["convert_gates"](*layer.get_weights(), "gru")
    assert np.abs(answers["torch_gru"](x, **state) - theirs).max() < 1e-6
