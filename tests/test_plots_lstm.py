"""The figures of chapter 6 show the numbers that they are given."""

import numpy as np

from rnncourse import plots


def named(axis):
    """The lines of an axis that have a name in its legend, by that name."""
    return {
        line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")
    }


def words(axis):
    return [text.get_text() for text in axis.texts if text.get_text()]


def test_the_cell_has_three_gates_a_candidate_and_two_tanhs():
    said = words(plots.lstm_cell().axes[0])
    assert said.count("σ") == 3
    assert said.count("tanh") == 2
    assert said.count("×") == 3
    assert said.count("+") == 1
    assert {"forget\ngate", "input\ngate", "output\ngate", "candi-\ndate"} <= set(said)


def test_the_belt_of_the_cell_is_level_and_the_forget_gate_stands_before_the_sum():
    axis = plots.lstm_cell().axes[0]
    places = {text.get_text(): text.get_position() for text in axis.texts}
    belt = [t.get_position() for t in axis.texts if t.get_text() in ("×", "+")]
    assert places["+"][1] == 5
    assert [x for x, y in belt if y == 5] == [2.3, 4.6]


def test_each_seed_has_a_curve_and_each_network_one_name():
    losses = {"plain": [[0.2, 0.17], [0.19, 0.16]], "gated": [[0.2, 0.01], [0.2, 0.002]]}
    axis = plots.seed_curves(losses, 1 / 6, updates=40).axes[0]
    assert list(named(axis)) == ["plain", "gated", "always the mean"]
    curves = [line for line in axis.get_lines() if len(line.get_xdata()) == 2][:4]
    assert [list(line.get_ydata()) for line in curves] == losses["plain"] + losses["gated"]
    assert list(curves[0].get_xdata()) == [40, 80]
    assert named(axis)["always the mean"].get_ydata()[0] == 1 / 6
    assert axis.get_yscale() == "log"


def test_what_is_kept_is_a_power_of_the_gate():
    axis = plots.kept_after((0.5, 0.9), 20).axes[0]
    np.testing.assert_allclose(named(axis)["0.500"].get_ydata()[[0, 1, 3]], [1, 0.5, 0.125])
    np.testing.assert_allclose(named(axis)["0.900"].get_ydata()[-1], 0.12157665, rtol=1e-6)
    assert axis.get_yscale() == "log"


def test_the_conveyor_sets_the_marked_inputs_apart_from_those_that_pass_by():
    above, below = plots.conveyor(
        [0.1, -0.5, 0.9], [0, 1, 0], {"keeps": [0, -0.4, -0.4], "fades": [0, -0.4, -0.2]}
    ).axes
    assert list(named(above)["marked"].get_xdata()) == [2]
    assert list(named(above)["marked"].get_ydata()) == [-0.5]
    assert list(named(above)["passes by"].get_ydata()) == [0.1, 0.9]
    assert list(named(below)["fades"].get_ydata()) == [0, -0.4, -0.2]
    assert list(named(below)["keeps"].get_xdata()) == [1, 2, 3]


def test_gates_stand_over_the_characters_that_they_answered():
    gates = {"input gate": [0.1, 0.9, 0.2], "forget gate": [0.5, 0.6, 1.0]}
    states = {"cell state": [0.0, -2.0, 1.0]}
    above, below = plots.gates_over_text("a (", gates, states).axes[:2]
    np.testing.assert_allclose(above.images[0].get_array(), list(gates.values()))
    np.testing.assert_allclose(below.images[0].get_array(), [[0, -1, 0.5]])
    assert [label.get_text() for label in above.get_yticklabels()] == list(gates)
    assert [label.get_text() for label in below.get_xticklabels()] == ["a", "·", "("]
    assert above.images[0].get_clim() == (0, 1)
    assert below.images[0].get_clim() == (-1, 1)


def test_a_state_that_stays_at_zero_is_drawn_as_zeros():
    below = plots.gates_over_text("ab", {"gate": [0, 1]}, {"cell state": [0.0, 0.0]}).axes[1]
    np.testing.assert_array_equal(below.images[0].get_array(), [[0, 0]])


def test_the_reach_of_a_gradient_counts_steps_from_one():
    axis = plots.gradient_reach({"plain": [1e-3, 0.1, 1.0], "gated": [1e-7, 1e-2, 1.0]}).axes[0]
    assert list(named(axis)) == ["plain", "gated"]
    assert list(named(axis)["gated"].get_xdata()) == [1, 2, 3]
    assert list(named(axis)["gated"].get_ydata()) == [1e-7, 1e-2, 1.0]
    assert axis.get_yscale() == "log"


def test_each_network_has_a_row_and_each_seed_a_dot():
    axis = plots.seed_dots({"all": [0.01, 0.02, 0.03], "none": [0.1, 0.11, 0.12]}, 1 / 6).axes[0]
    dots = [line for line in axis.get_lines() if line.get_marker() not in ("", "None", None)]
    assert [line.get_xdata()[0] for line in dots] == [0.01, 0.02, 0.03, 0.1, 0.11, 0.12]
    assert [line.get_ydata()[0] for line in dots] == [0, 0, 0, 1, 1, 1]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["all", "none"]
    assert len({line.get_marker() for line in dots}) == 3
