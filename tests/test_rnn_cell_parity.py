"""The answers of chapter 2 compute what Keras computes."""

import numpy as np
import pytest
from chapter_code import functions_of


@pytest.fixture(scope="module")
def answers():
    return functions_of("02_rnn_cell")


SIZES = [(1, 1, 1, 1), (3, 7, 2, 5), (4, 12, 3, 8), (2, 20, 1, 32)]


@pytest.mark.parametrize(("batch", "time", "features", "units"), SIZES)
def test_all_hidden_states_agree_with_a_simple_rnn(answers, keras, batch, time, features, units):
    layer = keras.layers.SimpleRNN(units, return_sequences=True, bias_initializer="normal")
    rng = np.random.default_rng(units)
    x = rng.normal(size=(batch, time, features)).astype("float32")
    h_0 = rng.uniform(-1, 1, size=(batch, units)).astype("float32")
    theirs = keras.ops.convert_to_numpy(layer(x, initial_state=keras.ops.convert_to_tensor(h_0)))
    ours = answers["rnn_forward"](x, h_0, *layer.get_weights())
    assert np.abs(ours - theirs).max() < 1e-6


def test_the_last_hidden_state_is_what_a_simple_rnn_returns_by_default(answers, keras):
    layer = keras.layers.SimpleRNN(6, bias_initializer="normal")
    x = np.random.default_rng(0).normal(size=(3, 9, 2)).astype("float32")
    theirs = keras.ops.convert_to_numpy(layer(x))
    ours = answers["rnn_forward"](x, np.zeros((3, 6)), *layer.get_weights())[:, -1]
    assert np.abs(ours - theirs).max() < 1e-6


@pytest.mark.parametrize(
    ("task", "activation"), [("regression", None), ("classification", "softmax")]
)
def test_the_output_layer_agrees_with_a_dense_layer(answers, keras, task, activation):
    layer = keras.layers.Dense(4, activation=activation, bias_initializer="normal")
    h = np.random.default_rng(1).uniform(-1, 1, size=(3, 5, 6)).astype("float32")
    theirs = keras.ops.convert_to_numpy(layer(h))
    assert np.abs(answers["output_layer"](h, *layer.get_weights(), task) - theirs).max() < 1e-6


@pytest.mark.parametrize(("time", "features", "units", "outputs"), [(10, 1, 32, 1), (7, 3, 5, 4)])
def test_the_parameter_counts_are_those_of_keras(answers, keras, time, features, units, outputs):
    model = keras.Sequential(
        [
            keras.Input((time, features)),
            keras.layers.SimpleRNN(units),
            keras.layers.Dense(outputs),
        ]
    )
    counts = answers["param_count"]((time, features), units, outputs)
    assert list(counts) == [layer.count_params() for layer in model.layers]


def test_the_counts_that_the_chapter_quotes(answers):
    assert answers["param_count"]((10, 1), 32, 1) == (1088, 33)
