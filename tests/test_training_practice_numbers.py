"""The answers of chapter 9 agree with Keras, and its programs do what the page says."""

import numpy as np
import pytest
from chapter_code import functions_of


@pytest.fixture(scope="module")
def answers():
    return functions_of("09_training_practice")


def ragged(rng, features=2):
    return [rng.normal(size=(time, features)).astype("float32") for time in (4, 7, 1, 5)]


@pytest.mark.parametrize("side", ["post", "pre"])
def test_is_padding_what_keras_does_when_told_in_words(answers, keras, side):
    sequences = ragged(np.random.default_rng(0))
    x, mask = answers["pad_and_mask"](sequences, 9, side)
    theirs = keras.utils.pad_sequences(sequences, maxlen=9, dtype="float32", padding=side)
    np.testing.assert_array_equal(x, theirs)
    assert mask.sum(axis=1).tolist() == [4, 7, 1, 5]


@pytest.mark.parametrize("side", ["post", "pre"])
@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_does_a_masked_layer_end_in_the_state_of_the_sequence_alone(answers, keras, kind, side):
    sequences = ragged(np.random.default_rng(1))
    layer = getattr(keras.layers, kind)(5)
    x, mask = answers["pad_and_mask"](sequences, 12, side)
    masked = keras.ops.convert_to_numpy(layer(x.astype("float32"), mask=mask))
    alone = [keras.ops.convert_to_numpy(layer(sequence[None]))[0] for sequence in sequences]
    np.testing.assert_allclose(masked, alone, atol=1e-6)


def test_is_the_masked_loss_that_of_keras(answers, keras):
    rng = np.random.default_rng(2)
    y, y_hat = rng.normal(size=(2, 3, 6)).astype("float32")
    mask = np.arange(6) < np.array([[6], [2], [3]])
    steps = keras.Input((6, 1))
    copy = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Model(steps, copy(keras.layers.Masking()(steps)))
    model.compile("sgd", "mse")
    theirs = model.test_on_batch(np.where(mask, y_hat, 0)[..., None], y[..., None])
    assert answers["masked_loss"](y, y_hat, mask) == pytest.approx(float(theirs), rel=1e-5)


def test_does_keras_stop_where_we_stop(answers, keras):
    class Model:
        stop_training = False
        optimizer = None

        def get_weights(self):
            return [np.zeros(1)]

        def set_weights(self, weights):
            pass

    rng = np.random.default_rng(3)
    for _ in range(200):
        losses = (rng.integers(1, 12, rng.integers(2, 15)) / 8).tolist()
        patience, min_delta = int(rng.integers(1, 5)), float(rng.integers(0, 3) / 8)
        callback = keras.callbacks.EarlyStopping(
            patience=patience, min_delta=min_delta, mode="min", restore_best_weights=True
        )
        model = Model()
        callback.set_model(model)
        callback.on_train_begin()
        for epoch, loss in enumerate(losses):
            callback.on_epoch_end(epoch, {"val_loss": loss})
            if model.stop_training:
                break
        theirs = (epoch, callback.best_epoch)
        assert answers["early_stopping_epoch"](losses, patience, min_delta) == theirs


def test_are_the_defaults_of_early_stopping_what_the_page_says(keras):
    callback = keras.callbacks.EarlyStopping()
    assert callback.patience == 0
    assert callback.restore_best_weights is False


def masks_of(layer, keras):
    """What each of 8 old states was multiplied by, for 3 sequences of ones."""
    h = keras.ops.convert_to_numpy(layer(np.ones((3, 8, 6), "float32"), training=True))
    return (h[:, 1:] - 1) / h[:, :-1]


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_does_keras_drop_inputs_with_one_mask_for_all_steps(keras, kind):
    layer = getattr(keras.layers, kind)(4, dropout=0.5, return_sequences=True, seed=3)
    x = np.random.default_rng(0).normal(size=(1, 1, 6)).astype("float32").repeat(2, axis=0)
    x = x.repeat(5, axis=1)
    cell = layer.cell
    layer.build(x.shape)
    cell.reset_dropout_mask()
    first = keras.ops.convert_to_numpy(cell.get_dropout_mask(x[:, 0]))
    again = keras.ops.convert_to_numpy(cell.get_dropout_mask(x[:, 1]))
    np.testing.assert_array_equal(first, again)
    assert set(np.unique(first)) <= {0.0, 2.0}


@pytest.mark.parametrize(("kind", "steps"), [("Dropout", 1), ("SpatialDropout1D", 30)])
def test_does_a_layer_of_dropout_draw_at_every_step(keras, kind, steps):
    layer = getattr(keras.layers, kind)(0.3, seed=1)
    mask = keras.ops.convert_to_numpy(layer(np.ones((1, 30, 12), "float32"), training=True))[0]
    assert (mask == mask[0]).all(axis=1).sum() == steps


def test_does_keras_drop_old_states_with_one_mask_for_all_steps(keras):
    layer = keras.layers.SimpleRNN(
        6,
        recurrent_dropout=0.5,
        activation="linear",
        kernel_initializer="identity",
        recurrent_initializer="identity",
        use_bias=False,
        return_sequences=True,
        seed=4,
    )
    factors = masks_of(layer, keras)
    np.testing.assert_allclose(factors, factors[:, :1].repeat(7, axis=1), atol=1e-4)
    assert (factors[0, 0] != factors[1, 0]).any()  # but another one for each sequence


def test_are_the_gradients_of_the_cell_with_dropout_right(answers):
    rng = np.random.default_rng(5)
    shapes = [(2, 3), (3, 3), (3,), (3, 2), (2,)]
    weights = [rng.normal(size=shape) / 2 for shape in shapes]
    x, y = rng.normal(size=(4, 5, 2)), rng.normal(size=(4, 2))
    drop = answers["variational_mask"]((4, 5, 3), 0.4, rng)
    _, gradients = answers["loss_and_gradients"](weights, x, y, drop)
    for array, gradient in zip(weights, gradients, strict=True):
        scale = y.shape[1]  # np.mean divides by the outputs, too; the page has one output
        for index in np.ndindex(array.shape):
            array[index] += 1e-6
            up, _ = answers["loss_and_gradients"](weights, x, y, drop)
            array[index] -= 2e-6
            down, _ = answers["loss_and_gradients"](weights, x, y, drop)
            array[index] += 1e-6
            assert gradient[index] == pytest.approx(scale * (up - down) / 2e-6, abs=1e-6)


@pytest.mark.parametrize("dropped", [False, True])
def test_is_the_gradient_through_layer_normalization_right(answers, dropped):
    rng = np.random.default_rng(6)
    weights = [rng.normal(size=shape) for shape in [(2, 4), (4, 4), (4,), (4, 1), (1,)]]
    x, y = rng.normal(size=(3, 5, 2)), rng.normal(size=(3, 1))
    drop = answers["variational_mask"]((3, 5, 4), 0.4 * dropped, rng)
    job = (x, y, drop, answers["standardize"], answers["standardize_gradient"])
    _, gradients = answers["loss_and_gradients"](weights, *job)
    for array, gradient in zip(weights, gradients, strict=True):
        for index in np.ndindex(array.shape):
            array[index] += 1e-6
            up, _ = answers["loss_and_gradients"](weights, *job)
            array[index] -= 2e-6
            down, _ = answers["loss_and_gradients"](weights, *job)
            array[index] += 1e-6
            assert gradient[index] == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-6)


def test_are_the_sums_those_of_layer_normalization_in_keras(answers, keras):
    a = np.random.default_rng(7).normal(size=(5, 8)).astype("float32") * 3 + 1
    theirs = keras.layers.LayerNormalization(epsilon=1e-6, center=False, scale=False)(a)
    z, _ = answers["standardize"](a)
    np.testing.assert_allclose(z, keras.ops.convert_to_numpy(theirs), atol=1e-5)


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_does_keras_start_as_the_page_says(keras, kind):
    layer = getattr(keras.layers, kind)(16)
    layer.build((None, None, 2))
    _, W_h, b = (np.array(array) for array in layer.get_weights())
    assert type(layer.cell.kernel_initializer).__name__ == "GlorotUniform"
    np.testing.assert_allclose(W_h @ W_h.T, np.eye(16), atol=1e-5)  # orthogonal as a whole
    ones = [16, 32] if kind == "LSTM" else [0, 0]
    assert (b[slice(*ones)] == 1).all()
    assert b.sum() == ones[1] - ones[0]


def test_is_the_broken_program_at_chance_with_a_perfect_loss_and_the_mended_one_not(answers):
    rng = np.random.default_rng(0)
    recordings, labels = answers["make_recordings"](400, rng)
    job = (recordings, labels, answers["random_cell"](rng), 3, 300, 0.5)
    broken, mended = answers["broken"](*job), answers["repair"](*job)
    assert abs(broken["losses"][-1]) < 0.01
    assert max(answers["accuracies"](broken, labels)) < 0.5
    assert mended["losses"][0] == pytest.approx(np.log(3))
    assert answers["accuracies"](mended, labels)[0] > 0.7
    level = answers["start_at_zero"](recordings)
    assert min(answers["accuracies"](answers["repair"](level, *job[1:]), labels)) > 0.9


def test_is_the_error_with_one_window_left_out_that_of_leaving_each_out(answers):
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(30, 20)), rng.normal(size=(30, 1))
    _, left_out = answers["penalized"](x, y, 3.0)
    squares = []
    for i in range(30):
        line, _ = answers["penalized"](np.delete(x, i, axis=0), np.delete(y, i, axis=0), 3.0)
        squares.append((x[i] @ line - y[i]) ** 2)
    assert left_out == pytest.approx(np.mean(squares))


def test_does_an_lstm_without_biases_sleep_through_zeros(keras):
    layer = keras.layers.LSTM(4, use_bias=False)
    assert not keras.ops.convert_to_numpy(layer(np.zeros((1, 70, 2), "float32"))).any()
