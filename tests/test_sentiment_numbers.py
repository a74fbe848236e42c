"""The answers of chapter 12 agree with Keras, TensorFlow and scikit-learn."""

import numpy as np
import pytest
from chapter_code import functions_of

from rnncourse import data


@pytest.fixture(scope="module")
def answers():
    return functions_of("12_sentiment")


def counted(answers, kind, seed, samples=400, vocabulary=None):
    texts, y = data.reviews(samples, np.random.default_rng(seed), kind)
    rows = [answers["tokenize"](text, "word") for text in texts]
    vocabulary = vocabulary or answers["make_vocabulary"](rows)
    return answers["count_tokens"](rows, vocabulary), y, vocabulary


def test_does_a_bag_of_words_solve_plain_reviews_and_half_of_the_others(answers):
    x, y, vocabulary = counted(answers, "plain", 0, 800)
    w, b = answers["bow_baseline"](x, y, 0.3, 200)
    x_test, y_test, _ = counted(answers, "plain", 1, vocabulary=vocabulary)
    assert np.mean((x_test @ w + b > 0) == y_test) > 0.97
    x_test, y_test, _ = counted(answers, "order", 1, vocabulary=vocabulary)
    assert np.mean((x_test @ w + b > 0) == y_test) == 0.5


def test_is_the_logistic_regression_that_of_scikit_learn(answers):
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, (200, 3)).astype(float)
    y = (x @ [1.0, -1.0, 0.5] + rng.normal(size=200) > 0.5).astype(int)
    w, b = answers["bow_baseline"](x, y, 0.5, 20_000)
    theirs = linear_model.LogisticRegression(C=1e9, tol=1e-9, max_iter=5000).fit(x, y)
    np.testing.assert_allclose(w, theirs.coef_[0], atol=1e-3)
    assert b == pytest.approx(theirs.intercept_[0], abs=1e-3)


def test_is_the_gradient_of_an_embedding_that_of_tensorflow(answers, keras):
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(0)
    layer = keras.layers.Embedding(9, 4)
    ids, dvectors = rng.integers(0, 9, (5, 7)), rng.normal(size=(5, 7, 4)).astype("float32")
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(ids) * dvectors)
    theirs = tf.convert_to_tensor(tape.gradient(loss, layer.trainable_weights[0])).numpy()
    np.testing.assert_allclose(answers["embedding_gradient"](ids, dvectors, 9), theirs, atol=1e-5)


def test_does_padding_change_nothing_and_get_no_gradient(answers, keras):
    tf = pytest.importorskip("tensorflow")
    model = answers["build_classifier"](9, 4, 5)
    ids = np.array([[3, 4, 5, 0, 0, 0], [2, 0, 0, 0, 0, 0]])
    with tf.GradientTape() as tape:
        p = model(ids)
        loss = tf.reduce_sum(p)
    gradient = tf.convert_to_tensor(tape.gradient(loss, model.trainable_weights[0])).numpy()
    assert np.abs(gradient[[0, 1, 6, 7, 8]]).max() == 0  # padding, and words that do not occur
    assert np.abs(gradient[[2, 3, 4, 5]]).min() > 0
    np.testing.assert_allclose(model(ids[:1, :3]).numpy(), p.numpy()[:1], atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_are_precision_recall_and_f1_those_of_scikit_learn(answers, seed):
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(seed)
    y, guess = rng.integers(0, 2, (2, 50))
    if seed == 4:
        guess = np.zeros(50, dtype=int)
    theirs = metrics.precision_recall_fscore_support(y, guess, average="binary", zero_division=0)
    np.testing.assert_allclose(answers["f1_score"](y, guess), theirs[:3])


def test_does_the_challenge_pass_whoever_knows_the_rules_and_fail_whoever_counts(answers):
    words = ["food", "room"], ["good", "fine"], ["bad", "dull"]

    def knows(texts):
        ends = [text.split(" but ")[-1].split() for text in texts]
        return [int(bool({"good", "fine"} & {*end}) != ("not" in end)) for end in ends]

    def counts(texts):
        return [int(sum(map(text.split().count, ("good", "fine"))) > 0) for text in texts]

    assert answers["negation_challenge"](knows, *words) == {"negation": 1, "contrast": 1}
    assert answers["negation_challenge"](counts, *words) == {"negation": 0, "contrast": 0}


def test_are_japanese_characters_the_same_with_and_without_spaces(answers):
    texts, _ = data.reviews(20, np.random.default_rng(0), "order", "ja")
    for text in texts:
        together = answers["tokenize"](text.replace(" ", ""), "character")
        assert answers["tokenize"](text, "character") == together
        assert "".join(answers["tokenize"](text, "word")) == "".join(together)
