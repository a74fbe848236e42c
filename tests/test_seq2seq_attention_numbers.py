"""The answers of chapter 13 agree with Keras, with brute force and with the calendar."""

import datetime
import itertools
import math

import numpy as np
import pytest
from chapter_code import functions_of

from rnncourse import data


@pytest.fixture(scope="module")
def answers():
    return functions_of("13_seq2seq_attention")


def example(rng, batch=3, time=5, units=4):
    query, keys = rng.normal(size=(batch, 6)), rng.normal(size=(batch, time, 2))
    values = rng.normal(size=(batch, time, 3))
    weights = rng.normal(size=(6, units)), rng.normal(size=(2, units)), rng.normal(size=units)
    mask = np.arange(time) < rng.integers(1, time + 1, (batch, 1))
    return query, keys, values, *weights, mask


def test_additive_attention_is_that_of_keras(answers, keras):
    query, keys, values, W_q, W_k, v, mask = example(np.random.default_rng(0))
    layer = keras.layers.AdditiveAttention()
    parts = [query @ W_q, values, keys @ W_k]
    inputs = [part.astype("float32") for part in parts]
    inputs[0] = inputs[0][:, None]
    layer.build([part.shape for part in inputs])
    layer.set_weights([v])
    context, weights = layer(inputs, mask=[None, mask], return_attention_scores=True)
    ours = answers["additive_attention"](query, keys, values, W_q, W_k, v, mask)
    np.testing.assert_allclose(ours[0], keras.ops.convert_to_numpy(context)[:, 0], atol=1e-5)
    np.testing.assert_allclose(ours[1], keras.ops.convert_to_numpy(weights)[:, 0], atol=1e-5)


def test_the_gradient_of_attention_is_that_of_tensorflow(answers):
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(1)
    *parts, mask = example(rng)
    dg = rng.normal(size=(3, 3))
    query, keys, values, W_q, W_k, v = variables = [tf.constant(part) for part in parts]
    with tf.GradientTape() as tape:
        tape.watch(variables)
        hidden = tf.tanh((query @ W_q)[:, None] + keys @ W_k)
        scores = tf.where(mask, tf.linalg.matvec(hidden, v), -np.inf)
        context = tf.einsum("bt,btf->bf", tf.nn.softmax(scores), values)
        loss = tf.reduce_sum(context * dg)
    theirs = tape.gradient(loss, variables)
    for mine, other in zip(answers["attention_backward"](dg, *parts, mask), theirs, strict=True):
        np.testing.assert_allclose(mine, other.numpy(), atol=1e-12)


def test_does_the_encoder_read_both_ways_as_keras_does_with_a_loop(answers, keras):
    rng = np.random.default_rng(4)
    read = rng.normal(size=(3, 5, 4)).astype("float32")
    mask = np.arange(5) < np.array([[5], [3], [1]])
    answers["layers"] = keras.layers  # the page names it in passing
    options = {"return_sequences": True, "unroll": True}
    inputs = keras.Input((5, 4)), keras.Input((5,), dtype="bool")
    model = keras.Model(inputs, answers["encode_states"](*inputs, 6, True, options))
    looped = keras.layers.Bidirectional(
        keras.layers.SimpleRNN(3, return_sequences=True, return_state=True)
    )
    looped.build(read.shape)
    cells = [layer for layer in model.layers if isinstance(layer, keras.layers.SimpleRNN)]
    cells.sort(key=lambda layer: layer.go_backwards)
    looped.set_weights([weight for layer in cells for weight in layer.get_weights()])
    states, *last = (keras.ops.convert_to_numpy(part) for part in looped(read, mask=mask))
    ours, h_0 = model.predict([read, mask], verbose=0)
    np.testing.assert_allclose(ours[mask], states[mask], atol=1e-6)
    np.testing.assert_allclose(h_0, np.concatenate(last, axis=1), atol=1e-6)


def test_a_beam_that_keeps_everything_finds_the_likeliest_of_all_sequences(answers):
    rng = np.random.default_rng(2)
    for table in rng.dirichlet(np.ones(3), size=(20, 4, 3)):
        totals = []
        for tokens in itertools.product(range(3), repeat=4):
            tokens = tokens[: tokens.index(2) + 1] if 2 in tokens else tokens
            before = (0, *tokens)
            totals.append(sum(math.log(table[t][before[t]][n]) for t, n in enumerate(tokens)))
        step = answers["decoder"](table)
        assert answers["beam_search"](step, 0, 0, 2, 4, 100)[1] == pytest.approx(max(totals))
        assert answers["likeliest"](table, 2) == pytest.approx(max(totals))


def test_a_beam_of_one_is_greedy(answers):
    rng = np.random.default_rng(3)
    for table in rng.dirichlet(np.ones(5), size=(20, 6, 5)):
        step = answers["decoder"](table)
        greedy = answers["greedy_decode"](step, 0, 0, 4, 6)
        assert answers["beam_search"](step, 0, 0, 4, 6, 1)[0] == greedy


def test_the_parser_is_right_about_every_day_of_every_era(answers):
    for seed in range(3):
        for written, iso in zip(*data.dates(3000, np.random.default_rng(seed)), strict=True):
            assert answers["parse"](written) == iso, written


def test_the_tokens_of_a_date(answers):
    assert answers["split"]("令和元年5月31日") == ["令和元年", "5", "月", "3", "1", "日"]
    assert answers["split"]("令和6年3月3日") == ["令和", "6", "年", "3", "月", "3", "日"]
    assert answers["split"]("March 3rd, 2024") == ["March", "3", "rd", ",", "2", "0", "2", "4"]


def test_encoded_rows_end_and_are_padded(answers):
    words = answers["make_vocabulary"]([["a", "b"], ["c"]])
    assert words == ["<pad>", "<start>", "<end>", "a", "b", "c"]
    rows = answers["encode"]([["b", "a"], []], words, 4)
    assert rows.tolist() == [[4, 3, 2, 0], [2, 0, 0, 0]]


def test_the_best_that_wait_k_can_reach(answers):
    """Play the best translator on many sentences: guess from what has been heard."""
    sources, targets = data.verb_last(60_000, np.random.default_rng(4))
    for k, ceiling in enumerate((0.1, 0.2, 0.6, 0.75, 1.0), start=1):
        # the choice of the verb sees k + 1 tokens, that of the thing k + 2
        counts = {}
        for source, target in zip(sources, targets, strict=True):
            heard = tuple(source[1 : k + 1])
            verbs = counts.setdefault(heard, {})
            verbs[target[1], target[2] if k == 1 else ""] = (
                verbs.get((target[1], target[2] if k == 1 else ""), 0) + 1
            )
        best = sum(max(verbs.values()) for verbs in counts.values()) / len(sources)
        assert best == pytest.approx(ceiling, abs=0.02)


def test_days_at_the_edge_of_an_era_are_known_to_the_parser(answers):
    assert answers["parse"]("昭和64年1月7日") == "1989-01-07"
    assert answers["parse"]("平成元年1月8日") == "1989-01-08"
    assert datetime.date.fromisoformat(answers["parse"]("令和元年5月1日")).year == 2019
