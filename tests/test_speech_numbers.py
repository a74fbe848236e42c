"""The answers and the formulas of chapter 14 agree with Keras and with brute force."""

import itertools

import numpy as np
import pytest
from chapter_code import functions_of


@pytest.fixture(scope="module")
def chapter():
    return functions_of("14_speech")


def random_case(seed, time, classes, length):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(time, classes))
    p = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return scores, p, rng.integers(1, classes, length).tolist()


CASES = [(5, 3, 2), (9, 4, 4), (12, 9, 5), (30, 6, 8)]


@pytest.mark.parametrize(("time", "classes", "length"), CASES)
def test_the_probability_of_a_label_is_that_of_keras(chapter, keras, time, classes, length):
    scores, p, label = random_case(time, time, classes, length)
    loss = keras.ops.ctc_loss(
        np.array([label]), scores[None].astype("float32"), np.array([length]), np.array([time])
    )
    ours = chapter["ctc_forward_prob"](p, label)
    assert np.log(ours) == pytest.approx(-float(loss[0]), abs=1e-4)
    assert chapter["ctc_log_prob"](np.log(p), label) == pytest.approx(np.log(ours))


def test_the_forward_sum_is_the_sum_over_all_paths(chapter):
    _, p, _ = random_case(3, 6, 3, 1)
    everything = chapter["by_brute_force"](p)
    assert sum(everything.values()) == pytest.approx(1)
    for label, total in everything.items():
        assert chapter["ctc_forward_prob"](p, list(label)) == pytest.approx(total)


@pytest.mark.parametrize("label", [[1], [2, 2], [1, 2, 1], [2, 2, 2]])
def test_the_gradient_agrees_with_finite_differences(chapter, label):
    scores, p, _ = random_case(8, 7, 3, 1)

    def loss(s):
        q = np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True)
        return -np.log(chapter["ctc_forward_prob"](q, label))

    found = chapter["ctc_gradient"](p, label)
    for place in np.ndindex(scores.shape):
        nudge = np.zeros_like(scores)
        nudge[place] = 1e-5
        slope = (loss(scores + nudge) - loss(scores - nudge)) / 2e-5
        assert found[place] == pytest.approx(slope, abs=1e-7)


def test_the_shares_of_the_paths_add_up_to_one_in_each_frame(chapter):
    _, p, label = random_case(1, 12, 5, 4)
    np.testing.assert_allclose(chapter["paths_through"](p, label).sum(axis=1), 1)


def test_a_wide_prefix_beam_finds_the_most_probable_label(chapter):
    for seed in range(20):
        _, p, _ = random_case(seed, 5, 3, 1)
        everything = chapter["by_brute_force"](p)
        label, probability = chapter["prefix_beam_search"](p, 500)
        assert tuple(label) == max(everything, key=everything.get)
        assert probability == pytest.approx(max(everything.values()))


def test_the_collapse_rule_agrees_with_the_decoder_of_keras(chapter, keras):
    scores, _, _ = random_case(2, 40, 4, 1)
    decoded, _ = keras.ops.ctc_decode(
        scores[None].astype("float32"), np.array([40]), strategy="greedy", mask_index=0
    )
    theirs = [int(k) for k in np.ravel(keras.ops.convert_to_numpy(decoded)) if k > 0]
    assert chapter["ctc_collapse"](scores.argmax(axis=-1)) == theirs


def test_a_tone_is_strongest_in_its_bin_and_a_windowed_one_leaks_little(chapter):
    for bin_ in (5, 32, 100):
        tone = np.sin(2 * np.pi * bin_ * np.arange(1024) / 256)
        out = chapter["log_spectrogram"](tone, 256, 192)
        assert out.shape == (5, 129)
        assert set(out.argmax(axis=1)) == {bin_}
        far = np.abs(np.arange(129) - bin_) > 3
        assert out[:, far].max() < out.max() - 10


def test_the_transform_by_its_definition_is_that_of_numpy(chapter):
    frame = np.random.default_rng(0).normal(size=64)
    expected = np.abs(np.fft.rfft(frame)) ** 2
    np.testing.assert_allclose(chapter["slow_power"](frame), expected, atol=1e-9)


def test_the_mel_bands_are_triangles_that_share_each_bin(chapter):
    weights = chapter["mel_filters"](24, 256, 8000)
    assert weights.shape == (129, 24)
    assert weights.min() == 0
    assert weights.max() <= 1
    centres = weights.argmax(axis=0)
    assert (np.diff(centres) > 0).all()
    inner = weights[centres[0] : centres[-1]]
    np.testing.assert_allclose(inner.sum(axis=1), 1)  # one falls as the next one rises


def test_the_number_of_paths_is_a_binomial(chapter):
    for time, label in itertools.product((3, 5), ([1], [1, 2], [2, 1, 2])):
        ways = sum(
            chapter["ctc_collapse"](path) == label
            for path in itertools.product(range(3), repeat=time)
        )
        expected = 1
        for k in range(2 * len(label)):
            expected = expected * (time + len(label) - k) // (k + 1)
        assert ways == expected


def test_the_edit_distance_is_symmetric_and_obeys_the_triangle(chapter):
    rng = np.random.default_rng(0)

    def edits(a, b):
        return len(a) * chapter["word_error_rate"](a, b)

    for _ in range(30):
        a, b, c = (rng.integers(0, 3, rng.integers(1, 7)).tolist() for _ in range(3))
        assert edits(a, b) == pytest.approx(edits(b, a))
        assert edits(a, c) <= edits(a, b) + edits(b, c) + 1e-9


@pytest.mark.parametrize("frames", [6, 7])
def test_pairs_lay_two_frames_side_by_side_and_drop_a_single_last_one(chapter, frames):
    x = np.random.default_rng(0).normal(size=(2, frames, 5))
    pairs = chapter["in_pairs"](x)
    assert pairs.shape == (2, 3, 10)
    for step in range(3):
        np.testing.assert_array_equal(pairs[:, step, :5], x[:, 2 * step])
        np.testing.assert_array_equal(pairs[:, step, 5:], x[:, 2 * step + 1])
