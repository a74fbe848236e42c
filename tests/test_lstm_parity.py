"""The answers of chapter 6 compute what Keras computes, forward and backward."""

import numpy as np
import pytest
from chapter_code import functions_of


@pytest.fixture(scope="module")
def answers():
    return functions_of("06_lstm")


SIZES = [(1, 1, 1, 1), (3, 7, 2, 5), (4, 12, 3, 8), (2, 20, 1, 32)]


def layer_and_data(keras, batch, time, features, units):
    """A layer with random biases, a batch for it, and initial states that are not zero."""
    rng = np.random.default_rng(units)
    layer = keras.layers.LSTM(units, return_sequences=True, return_state=True)
    layer.build((batch, time, features))
    W_x, W_h, b = layer.get_weights()
    layer.set_weights([W_x, W_h, b + rng.normal(size=b.shape) / 2])
    x = rng.normal(size=(batch, time, features)).astype("float32")
    h_0, c_0 = rng.uniform(-1, 1, size=(2, batch, units)).astype("float32")
    return layer, x, h_0, c_0


@pytest.mark.parametrize(("batch", "time", "features", "units"), SIZES)
def test_all_states_agree_with_an_lstm_layer(answers, keras, batch, time, features, units):
    layer, x, h_0, c_0 = layer_and_data(keras, batch, time, features, units)
    start = [keras.ops.convert_to_tensor(state) for state in (h_0, c_0)]
    h_theirs, _, c_last = (
        keras.ops.convert_to_numpy(array) for array in layer(x, initial_state=start)
    )
    h, c = answers["lstm_forward"](x, h_0, c_0, *layer.get_weights())
    assert np.abs(h - h_theirs).max() < 1e-6
    assert np.abs(c[:, -1] - c_last).max() < 1e-6


@pytest.mark.parametrize(("batch", "time", "features", "units"), SIZES)
def test_all_gradients_agree_with_a_gradient_tape(answers, keras, batch, time, features, units):
    tf = pytest.importorskip("tensorflow")
    layer, x, h_0, c_0 = layer_and_data(keras, batch, time, features, units)
    dh = np.random.default_rng(1).normal(size=(batch, time, units)).astype("float32")
    inputs = [tf.constant(array) for array in (x, h_0, c_0)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        h, _, _ = layer(inputs[0], initial_state=inputs[1:])
        loss = tf.reduce_sum(tf.constant(dh) * h)
    weights = [variable.value for variable in layer.trainable_variables]
    theirs = [gradient.numpy() for gradient in tape.gradient(loss, [*inputs, *weights])]
    ours = answers["lstm_backward"](dh, x, h_0, c_0, *layer.get_weights())
    assert len(ours) == len(theirs) == 6
    for name, our, their in zip(("x", "h_0", "c_0", "W_x", "W_h", "b"), ours, theirs, strict=True):
        assert our.shape == their.shape, name
        assert np.abs(our - their).max() < 1e-4, name


def test_a_sequence_of_one_step_is_a_step_backwards(answers):
    rng = np.random.default_rng(3)
    x, h_0, c_0 = rng.normal(size=(3, 2)), rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    weights = rng.normal(size=(2, 16)), rng.normal(size=(4, 16)), rng.normal(size=16)
    dh = rng.normal(size=(3, 4))
    step = answers["lstm_step_backward"](dh, np.zeros((3, 4)), x, h_0, c_0, *weights)
    whole = answers["lstm_backward"](dh[:, None], x[:, None], h_0, c_0, *weights)
    np.testing.assert_allclose(whole[0][:, 0], step[0])
    for ours, theirs in zip(whole[1:], step[1:], strict=True):
        np.testing.assert_allclose(ours, theirs)


def test_the_gradient_of_the_cell_state_agrees_with_a_tape(answers, keras):
    """The cell state is read from outside too when a layer hands it on: dc_t of the last step."""
    tf = pytest.importorskip("tensorflow")
    layer, x, h_0, c_0 = layer_and_data(keras, 3, 1, 2, 4)
    dh, dc = np.random.default_rng(2).normal(size=(2, 3, 4)).astype("float32")
    inputs = [tf.constant(array) for array in (x, h_0, c_0)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        _, h_t, c_t = layer(inputs[0], initial_state=inputs[1:])
        loss = tf.reduce_sum(tf.constant(dh) * h_t) + tf.reduce_sum(tf.constant(dc) * c_t)
    theirs = [gradient.numpy() for gradient in tape.gradient(loss, inputs)]
    ours = answers["lstm_step_backward"](dh, dc, x[:, 0], h_0, c_0, *layer.get_weights())
    assert np.abs(ours[0] - theirs[0][:, 0]).max() < 1e-4
    assert np.abs(ours[1] - theirs[1]).max() < 1e-4
    assert np.abs(ours[2] - theirs[2]).max() < 1e-4


def test_along_an_open_belt_the_gradient_arrives_whole(answers):
    """With forget gates of 1 and nothing else moving, dc_0 is what enters at the end."""
    bias = np.repeat([-60.0, 60.0, 0.0, 60.0], 2)
    dh = np.zeros((1, 100, 2))
    dh[0, -1] = 1.0
    zeros = np.zeros((1, 100, 3)), np.zeros((1, 2)), np.zeros((1, 2)), np.zeros((3, 8))
    dc_0 = answers["lstm_backward"](dh, *zeros, np.zeros((2, 8)), bias)[2]
    np.testing.assert_allclose(dc_0, [[1, 1]])


@pytest.mark.parametrize(("time", "features", "units"), [(10, 1, 32), (7, 3, 5), (50, 2, 32)])
def test_the_parameter_count_is_that_of_keras(answers, keras, time, features, units):
    layer = keras.layers.LSTM(units)
    layer.build((None, time, features))
    assert answers["lstm_param_count"]((time, features), units) == layer.count_params()


def test_a_new_layer_starts_as_the_chapter_says(answers, keras):
    layer = keras.layers.LSTM(3)
    layer.build((None, 5, 2))
    np.testing.assert_array_equal(layer.get_weights()[2], np.repeat([0, 1, 0, 0], 3))


def test_chrono_biases_fit_a_keras_layer_and_give_the_lengths_that_were_asked_for(answers, keras):
    layer = keras.layers.LSTM(64)
    layer.build((None, 5, 2))
    W_x, W_h, _ = layer.get_weights()
    layer.set_weights([W_x, W_h, answers["chrono_bias"](64, 50, np.random.default_rng(0))])
    b_i, b_f, b_c, b_o = np.split(layer.get_weights()[2], 4)
    lengths = 1 / (1 - 1 / (1 + np.exp(-b_f.astype(float))))
    assert lengths.min() >= 2 - 1e-4
    assert lengths.max() <= 50 + 1e-4
    assert lengths.max() > 40
    np.testing.assert_allclose(b_i, -b_f)
    assert not b_c.any()
    assert not b_o.any()
