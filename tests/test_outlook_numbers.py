"""The answers of chapter 16 agree with Keras, and its programs do what the page says."""

import numpy as np
import pytest
from chapter_code import functions_of

from rnncourse import data


@pytest.fixture(scope="module")
def chapter(keras):
    return functions_of("16_outlook")


def attention_example(keras, features, units, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(3, 9, features)).astype("float32")
    layer = keras.layers.MultiHeadAttention(1, units, use_bias=False, output_shape=units)
    layer.build(x.shape, x.shape)
    arrays = [keras.ops.convert_to_numpy(w) for w in layer.weights[:3]]
    layer.set_weights([*arrays, np.eye(units)[None]])
    return layer, x, [array[:, 0] for array in arrays]


@pytest.mark.parametrize(("features", "units"), [(1, 1), (5, 4), (3, 16)])
def test_is_self_attention_a_head_of_keras(chapter, keras, features, units):
    layer, x, arrays = attention_example(keras, features, units)
    for window in (None, 1, 4):
        mask = chapter["causal_mask"](9, window)
        theirs = keras.ops.convert_to_numpy(layer(x, x, attention_mask=mask[None]))
        assert np.abs(chapter["self_attention"](x, *arrays, mask) - theirs).max() < 1e-6


def test_is_the_causal_mask_that_of_keras(chapter, keras):
    layer, x, arrays = attention_example(keras, 4, 6)
    theirs = keras.ops.convert_to_numpy(layer(x, x, use_causal_mask=True))
    ours = chapter["self_attention"](x, *arrays, chapter["causal_mask"](9, None))
    assert np.abs(ours - theirs).max() < 1e-6


def test_is_the_gradient_of_attention_that_of_tensorflow(chapter, keras):
    tf = pytest.importorskip("tensorflow")
    layer, x, arrays = attention_example(keras, 4, 6)
    dg = np.random.default_rng(1).normal(size=(3, 9, 6)).astype("float32")
    inputs = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = tf.reduce_sum(layer(inputs, inputs, use_causal_mask=True) * dg)
    mask = chapter["causal_mask"](9, None)
    ours = chapter["attention_backward"](dg, x, *arrays, mask)
    assert np.abs(ours - tape.gradient(loss, inputs).numpy()).max() < 1e-5


def test_do_equal_lags_turn_the_positions_by_equal_angles(chapter):
    pairs = chapter["positions"](40, 8).reshape(40, 4, 2)
    hands = pairs[..., 1] + 1j * pairs[..., 0]  # cosine and sine of an angle
    turns = hands[7:] / hands[:-7]
    assert np.abs(turns - turns[0]).max() < 1e-5
    assert np.abs(np.abs(hands) - 1).max() < 1e-6


@pytest.mark.parametrize("time", [1, 2, 3, 8, 13])
def test_does_the_scan_equal_the_loop(chapter, keras, time):
    rng = np.random.default_rng(time)
    a = rng.uniform(-1, 1, size=(2, time, 3)).astype("float32")
    b = rng.normal(size=a.shape).astype("float32")
    states, rounds = chapter["scan"](a, b)
    h = np.zeros((2, 3))
    for t in range(time):
        h = a[:, t] * h + b[:, t]
        assert np.abs(keras.ops.convert_to_numpy(states)[:, t] - h).max() < 1e-5
    assert rounds == int(np.ceil(np.log2(time)))


@pytest.mark.parametrize("kind", ["GRU", "Transformer", "GRU + attention", "minGRU"])
def test_can_no_network_see_the_future(chapter, keras, kind):
    keras.utils.set_random_seed(0)
    model = chapter["build"](kind, 6, 10, 2, units=8)
    ids = np.random.default_rng(0).integers(0, 6, (1, 10))
    before = keras.ops.convert_to_numpy(model(ids))
    ids[0, 6:] = (ids[0, 6:] + 1) % 6
    after = keras.ops.convert_to_numpy(model(ids))
    np.testing.assert_allclose(after[:, :6], before[:, :6], atol=1e-6)
    assert np.abs(after[:, 6:] - before[:, 6:]).max() > 1e-4


def test_do_gru_and_transformer_have_as_many_parameters(chapter):
    counts = [chapter["build"](kind, 29, 24, 2).count_params() for kind in ("GRU", "Transformer")]
    assert counts == [4346, 4442]


def test_is_the_min_gru_the_formula_of_the_page(chapter, keras):
    keras.utils.set_random_seed(1)
    x = keras.Input((7, 5))
    inner = keras.Model(x, chapter["block"]("minGRU", x))
    gate, candidate = (layer for layer in inner.layers if layer.get_weights())
    inputs = np.random.default_rng(0).normal(size=(2, 7, 5)).astype("float32")
    states = keras.ops.convert_to_numpy(inner(inputs))
    (W_z, b_z), (W_c, b_c) = gate.get_weights(), candidate.get_weights()
    h = np.zeros((2, 5))
    for t in range(7):
        z = 1 / (1 + np.exp(-(inputs[:, t] @ W_z + b_z)))
        h = (1 - z) * h + z * (inputs[:, t] @ W_c + b_c)
        assert np.abs(states[:, t] - h).max() < 1e-5


@pytest.mark.parametrize("examples", [1, 40])
def test_does_the_gru_in_numpy_tag_as_that_of_keras_does(chapter, keras, examples):
    keras.utils.set_random_seed(2)
    model = chapter["build"]("GRU", 6, 9, 2, units=5)
    ids = np.random.default_rng(0).integers(0, 6, (examples, 9))
    theirs = keras.ops.convert_to_numpy(model(ids)).argmax(axis=-1)
    np.testing.assert_array_equal(chapter["gru_tags"](model.get_weights(), ids), theirs)


def test_does_a_restart_make_a_model_as_it_was_before_training(chapter, keras):
    model = chapter["build"]("GRU", 4, 5, 2, units=3)
    first = chapter["first_weights"](model, 7)
    for array, other in zip(chapter["first_weights"](model, 7), first, strict=True):
        np.testing.assert_array_equal(array, other)
    model.fit(np.ones((320, 5)), np.ones((320, 5)), verbose=0)
    chapter["restart"](model, first)
    for array, other in zip(model.get_weights(), first, strict=True):
        np.testing.assert_array_equal(array, other)
    momenta = [v for v in model.optimizer.variables if v.name != "learning_rate"]
    assert all(np.all(keras.ops.convert_to_numpy(v) == 0) for v in momenta)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01)


def test_is_the_policy_gradient_the_slope_of_the_expected_reward(chapter):
    """With all actions weighted by their probability, the estimate is the exact gradient."""
    rng = np.random.default_rng(0)
    x, W, rewards = rng.normal(size=3), rng.normal(size=(3, 4)), rng.normal(size=4)

    def expected(weights):
        return chapter["softmax"](x @ weights) @ rewards

    p = chapter["softmax"](x @ W)
    estimate = sum(p[a] * rewards[a] * np.outer(x, np.eye(4)[a] - p) for a in range(4))
    with_baseline = sum(p[a] * (rewards[a] - 5) * np.outer(x, np.eye(4)[a] - p) for a in range(4))
    slope = np.zeros_like(W)
    for place in np.ndindex(W.shape):
        nudge = np.zeros_like(W)
        nudge[place] = 1e-6
        slope[place] = (expected(W + nudge) - expected(W - nudge)) / 2e-6
    np.testing.assert_allclose(estimate, slope, atol=1e-8)
    np.testing.assert_allclose(with_baseline, slope, atol=1e-8)


def test_is_the_recurrent_step_the_gradient_of_the_weighted_log_probabilities(chapter):
    rng = np.random.default_rng(3)
    weights = [rng.normal(size=shape) / 2 for shape in ((3, 4), (4, 4), (4, 3))]

    def policy(seen, state):
        before = 0 if state is None else state @ weights[1]
        h = np.tanh(seen @ weights[0] + before)
        return chapter["softmax"](h @ weights[2]), h

    game = chapter["play"](policy, 2, 5, rng)
    seen, _, _, actions, returns, going, _ = game
    baseline = (returns * going).sum(axis=0) / np.maximum(going.sum(axis=0), 1)

    def objective():
        state, total = None, 0.0
        for t in range(seen.shape[1]):
            p, state = policy(seen[:, t], state)
            log_p = np.log(p[np.arange(5), actions[:, t]])
            total += np.sum(log_p * (returns[:, t] - baseline[t]) * going[:, t])
        return total / 5

    rate = 1e-6  # so small that the gradient's clipping can be undone
    moved = chapter["recurrent_step"](weights, game, rate)
    steps = [(new - old) / rate for new, old in zip(moved, weights, strict=True)]
    slopes = []
    for W in weights:
        slope = np.zeros_like(W)
        for place in np.ndindex(W.shape):
            kept = W[place]
            W[place] = kept + 1e-5
            up = objective()
            W[place] = kept - 1e-5
            slope[place] = (up - objective()) / 2e-5
            W[place] = kept
        slopes.append(slope)
    norm = max(1.0, np.sqrt(sum((slope**2).sum() for slope in slopes)))
    for step, slope in zip(steps, slopes, strict=True):
        np.testing.assert_allclose(step, slope / norm, atol=1e-5)


def test_does_counting_label_texts_whose_words_never_had_a_label(chapter):
    rng = np.random.default_rng(0)
    (texts, _), (x, y), (x_test, y_test) = (chapter["talk"](n, rng) for n in (5000, 32, 500))
    guess = chapter["by_counting"](texts, x, y, x_test)
    assert np.mean(guess == y_test) > 0.8


def test_do_made_up_texts_end_with_their_subject(chapter):
    texts, last = chapter["talk"](200, np.random.default_rng(1))
    for text, subject in zip(texts, last, strict=True):
        told = [(word - 11) // 30 for word in text[6:] if word > 10]
        assert all(word == subject for word in told)
    assert texts.min() >= 1
    assert texts.max() <= 130


def test_is_an_agent_that_reads_the_sign_always_right():
    maze = data.TMaze(3, 400, np.random.default_rng(0))
    signs = maze.look()
    total = np.zeros(400)
    for _ in range(3):
        total += maze.act(np.zeros(400, dtype=int))
    total += maze.act(np.where(signs[:, 2] == 1, 1, 2))  # 0 1 1 is north
    assert maze.done.all()
    assert maze.right.all()
    np.testing.assert_allclose(total, 4.0)
