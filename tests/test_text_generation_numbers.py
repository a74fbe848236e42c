"""The answers of chapter 11 agree with Keras, with each other and with closed forms."""

import numpy as np
import pytest
from chapter_code import functions_of

from rnncourse import data


@pytest.fixture(scope="module")
def answers():
    return functions_of("11_text_generation")


def test_perplexity_is_e_to_the_power_of_the_loss_of_keras(answers, keras):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(50, 7)).astype("float32") * 3
    targets = rng.integers(1, 7, 50)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(targets, scores)
    assert answers["perplexity"](scores, targets) == pytest.approx(np.exp(float(loss)), rel=1e-5)


@pytest.mark.parametrize("size", [3, 30, 300])
def test_equal_scores_have_the_size_of_the_vocabulary_as_perplexity(answers, size):
    targets = np.arange(1, size)
    assert answers["perplexity"](np.zeros((size - 1, size)), targets) == pytest.approx(size)


def test_the_counts_of_the_page_give_what_the_answer_gives(answers):
    ids = answers["encode"](
        data.japanese_text()[:900], answers["build_vocab"](data.japanese_text(), 1000)
    )
    size, train, held = int(ids.max()) + 1, ids[:700], ids[700:]
    counts = answers["ngram_counts"](train, held, 4, size)
    fast = answers["ngram_probabilities"](counts, 2.0, size)  # (n, time)
    stream = np.concatenate([train[-4:], held])
    for place in range(0, 200, 17):
        for n in (1, 2, 3, 4):
            context = stream[: place + 4]
            slow = answers["ngram_baseline"](train, context, n, 2.0, size)
            assert slow.sum() == pytest.approx(1)
            assert fast[n - 1, place] == pytest.approx(slow[held[place]], rel=1e-9)


def test_one_step_at_a_time_computes_what_keras_computes_for_the_whole_text(answers, keras):
    model = answers["language_model"](11, 4, 6)
    ids = np.random.default_rng(1).integers(0, 11, (3, 25))
    theirs = keras.ops.convert_to_numpy(model(ids))
    weights = [np.asarray(array, dtype=float) for array in model.get_weights()]
    scores, states, last = answers["read"](weights, ids)
    np.testing.assert_allclose(scores, theirs, atol=1e-5)
    np.testing.assert_allclose(states[:, -1], last)


def test_greedy_text_is_the_same_whether_the_state_is_kept_or_all_is_read_again(answers):
    rng = np.random.default_rng(2)
    vocabulary = ["<pad>", "<unk>", *"abcdefg"]
    shapes = [(9, 4), (4, 15), (5, 15), (2, 15), (5, 9), (9,)]
    weights = [rng.normal(size=shape) for shape in shapes]
    text = "".join(answers["generate"](weights, vocabulary, "ab", 20, 0, 9, rng)[0])
    again = "ab"
    for _ in range(20):
        ids = answers["encode"](again, vocabulary)[None]
        scores = answers["read"](weights, ids)[0][0, -1]
        again += vocabulary[2 + int(scores[2:].argmax())]
    assert again == "ab" + text


@pytest.mark.parametrize(("temperature", "top_k"), [(0.5, 6), (1.0, 6), (2.0, 6), (1.0, 2)])
def test_tokens_come_as_often_as_the_formula_says(answers, temperature, top_k):
    scores = np.array([0.3, -1.0, 2.0, 1.1, 0.0, 1.5])
    rows = np.tile(scores, (40_000, 1))
    ids = answers["sample_token"](rows, temperature, top_k, np.random.default_rng(0))
    weights = np.exp(scores / temperature) * (scores >= np.sort(scores)[-top_k])
    shares = np.bincount(ids, minlength=6) / 40_000
    np.testing.assert_allclose(shares, weights / weights.sum(), atol=0.015)


def test_the_marks_of_a_small_text_are_those_one_would_write_down(answers):
    marked = answers["marks"]('a "b" (c)\n   d\n\n"e\n\nf')
    text = 'a "b" (c)\n   d\n\n"e\n\nf'
    quoted = "".join(c for c, row in zip(text, marked, strict=True) if row[0])
    bracketed = "".join(c for c, row in zip(text, marked, strict=True) if row[1])
    indented = "".join(c for c, row in zip(text, marked, strict=True) if row[2])
    assert (quoted, bracketed, indented) == ('"b"e', "(c", " d")
    assert list(marked[:4, 3]) == [1, 2, 3, 4]
    assert marked[text.index("d"), 3] == 4


def test_the_untouched_text_leaks_into_the_test_and_the_text_of_the_course_does_not(answers):
    share = {}
    for repeats in (True, False):
        train, _, test = answers["split"](data.language_reference(repeats), 2000)
        long = [part for part in test.split("\n\n") if len(part) > 40]
        share[repeats] = np.mean([part in train for part in long])
    assert share[True] > 0.15
    assert share[False] < 0.01
