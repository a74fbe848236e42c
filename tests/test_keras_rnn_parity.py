"""The answers of chapter 3 compute what Keras computes."""

import numpy as np
import pytest
from chapter_code import functions_of


@pytest.fixture(scope="module")
def answers(keras):
    return functions_of("03_keras_rnn")


def numbers(keras, tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize(
    ("units", "every_step"), [([5], True), ([4, 7, 3], False), ([6] * 3, True)]
)
def test_a_stack_of_simple_rnns_is_rnn_forward_on_rnn_forward(answers, keras, units, every_step):
    layers = [keras.layers.SimpleRNN(u, return_sequences=True) for u in units[:-1]]
    layers += [keras.layers.SimpleRNN(units[-1], return_sequences=every_step)]
    model = keras.Sequential([keras.Input((12, 2)), *layers])
    rng = np.random.default_rng(len(units))
    model.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in model.get_weights()])
    x = rng.normal(size=(3, 12, 2)).astype("float32")
    h = x
    for layer in layers:
        h = answers["rnn_forward"](h, np.zeros((3, layer.units)), *layer.get_weights())
    ours = h if every_step else h[:, -1]
    assert np.abs(ours - numbers(keras, model(x))).max() < 1e-6


def test_weights_that_are_copied_to_keras_compute_the_same(answers, keras):
    rng = np.random.default_rng(1)
    cells = [
        (rng.normal(size=(a, b)) / 2, rng.normal(size=(b, b)) / 3, rng.normal(size=b) / 2)
        for a, b in [(2, 5), (5, 3), (3, 4)]
    ]
    W_y, b_y = rng.normal(size=(4, 2)) / 2, rng.normal(size=2)
    x = rng.normal(size=(6, 9, 2)).astype("float32")
    h = x
    for cell in cells:
        h = answers["rnn_forward"](h, np.zeros((6, len(cell[2]))), *cell)
    model = answers["copy_weights_to_keras"](cells, W_y, b_y, 9)
    assert np.abs(numbers(keras, model(x)) - (h[:, -1] @ W_y + b_y)).max() < 1e-6


def test_a_stateful_simple_rnn_is_stateful_forward(answers, keras):
    layer = keras.layers.SimpleRNN(
        5, return_sequences=True, stateful=True, bias_initializer="normal"
    )
    model = keras.Sequential([keras.Input(batch_shape=(3, None, 2)), layer])
    rng = np.random.default_rng(2)
    pieces = [rng.normal(size=(3, time, 2)).astype("float32") for time in (4, 1, 7, 3)]
    resets = [False, False, True, False]
    ours = answers["stateful_forward"](pieces, resets, *layer.get_weights())
    for piece, reset, h in zip(pieces, resets, ours, strict=True):
        if reset:
            layer.reset_state()
        assert np.abs(numbers(keras, model(piece)) - h).max() < 1e-6


def test_a_stateful_run_in_two_halves_is_one_run(answers, keras):
    layer = keras.layers.SimpleRNN(4, stateful=True)
    keras.Sequential([keras.Input(batch_shape=(2, None, 1)), layer])
    x = np.random.default_rng(5).normal(size=(2, 14, 1)).astype("float32")
    whole = numbers(keras, layer(x))
    layer.reset_state()
    layer(x[:, :8])
    assert np.abs(numbers(keras, layer(x[:, 8:])) - whole).max() < 1e-6
    ours = answers["rnn_forward"](x, np.zeros((2, 4)), *layer.get_weights())[:, -1]
    assert np.abs(ours - whole).max() < 1e-6


def test_predicted_shapes_are_those_of_build_model(answers, keras):
    for every_step in (False, True):
        model = answers["build_model"]([8, 4], 20, 3, 2, every_step)
        layers = [
            {"layer": "SimpleRNN", "units": 8, "return_sequences": True},
            {"layer": "SimpleRNN", "units": 4, "return_sequences": every_step},
            {"layer": "Dense", "units": 2},
        ]
        shapes = answers["predict_shapes"](layers, (None, 20, 3))
        assert shapes == [tuple(layer.output.shape) for layer in model.layers]


def test_the_activations_of_the_last_layer_are_the_answer(answers, keras):
    model = answers["build_model"]([6, 5], 8, 1, 2, False)
    x = np.random.default_rng(6).normal(size=(4, 8, 1)).astype("float32")
    *_, last = answers["layer_activations"](model, x).values()
    np.testing.assert_array_equal(last, numbers(keras, model(x)))


def test_the_counts_that_the_chapter_quotes(answers, keras):
    assert answers["build_model"]([32], 50, 1, 1, False).count_params() == 1121
    assert answers["build_model"]([32] * 3, 50, 1, 1, False).count_params() == 5281
