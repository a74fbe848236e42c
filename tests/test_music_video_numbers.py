"""The answers of chapter 15 agree with Keras, and with what is known about music and motion."""

import itertools
import math

import numpy as np
import pytest
from chapter_code import functions_of

from rnncourse import data


@pytest.fixture(scope="module")
def answers():
    return functions_of("15_music_video")


def test_a_time_distributed_layer_computes_what_keras_computes(answers, keras):
    conv = keras.layers.Conv2D(3, 3, strides=2, padding="same", activation="relu")
    x = np.random.default_rng(0).normal(size=(2, 4, 7, 6, 2)).astype("float32")
    theirs = keras.ops.convert_to_numpy(keras.layers.TimeDistributed(conv)(x))
    ours = answers["time_distributed"](lambda p: keras.ops.convert_to_numpy(conv(p)), x)
    assert ours.shape == (2, 4, 4, 3, 3)
    assert np.abs(ours - theirs).max() < 1e-6


@pytest.mark.parametrize(
    ("time", "frame", "filters", "units", "classes"),
    [(6, (12, 12, 1), [8, 16], 48, 8), (3, (5, 9, 3), [4], 7, 2), (30, (32, 32, 1), [2, 3], 5, 3)],
)
def test_shapes_and_parameters_are_those_of_keras(
    answers, keras, time, frame, filters, units, classes
):
    model = answers["build_cnn_rnn"](time, frame, filters, units, classes)
    stack = [{"layer": "Conv2D", "filters": count, "size": 3, "stride": 2} for count in filters]
    stack += [{"layer": "Flatten"}, {"layer": "GRU", "units": units}]
    stack.append({"layer": "Dense", "units": classes})
    found = answers["time_distributed_shapes"](stack, (None, time, *frame))
    theirs = [(tuple(layer.output.shape), layer.count_params()) for layer in model.layers]
    assert found == theirs


def test_parameters_do_not_grow_with_time(answers, keras):
    counts = {
        answers["build_cnn_rnn"](time, (8, 8, 1), [2], 3, 4).count_params() for time in (1, 5, 20)
    }
    assert len(counts) == 1


@pytest.mark.parametrize("lowest", [48, 60])
def test_an_encoded_melody_can_be_decoded(answers, lowest):
    for notes in data.melodies(50, "AB", np.random.default_rng(1))[0]:
        tokens = answers["encode_melody"](notes, lowest)
        assert len(tokens) == sum(duration for _, duration in notes)
        assert answers["decode_melody"](tokens, lowest) == notes


def test_a_melody_that_is_all_new_has_the_score_0_and_a_loop_nearly_1(answers):
    score = answers["repetition_score"]
    assert score(list(range(50)), 3) == 0
    assert score([1, 2, 3] * 50, 3) == pytest.approx(145 / 148)


def test_sampled_melodies_come_with_the_probabilities_of_the_model(answers):
    table = np.random.default_rng(2).normal(size=(3, 3))

    def step(token, state):
        return table[token], None

    tau, counts = 0.7, dict.fromkeys(itertools.product(range(3), repeat=2), 0)
    rng = np.random.default_rng(3)
    for _ in range(4000):
        counts[tuple(answers["sample_melody"](step, None, 2, tau, rng).tolist())] += 1
    p = np.exp(table / tau) / np.exp(table / tau).sum(axis=1, keepdims=True)
    for (first, second), count in counts.items():
        wanted = p[0, first] * p[first, second]
        assert abs(count / 4000 - wanted) < 5 * math.sqrt(wanted / 4000)


def test_matching_finds_every_direction_without_noise(answers):
    films, directions = data.moving_shapes(300, 3, np.random.default_rng(4), noise=0.0)
    assert (answers["matching"](films) == directions).mean() == 1


def test_tables_of_counts_approach_the_entropy_of_a_markov_chain(answers, monkeypatch):
    monkeypatch.setitem(answers, "VOCABULARY", 23)
    rng = np.random.default_rng(5)
    tokens = np.zeros((4000, 16), dtype=int)
    flips = rng.random((4000, 16)) < 0.2
    for t in range(16):
        before = tokens[:, t - 1] if t else np.full(4000, 3)
        tokens[:, t] = np.where(flips[:, t], 7 - before, before)  # 3 and 4 take turns
    p = answers["table_probabilities"](tokens, tokens, (1,))
    entropy = -(0.2 * math.log(0.2) + 0.8 * math.log(0.8))
    assert answers["perplexity"](p[:, 1:]) == pytest.approx(math.exp(entropy), abs=0.02)
