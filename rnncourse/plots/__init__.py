"""The figures of the chapters, each one call that returns a matplotlib ``Figure``.

A figure reads well at 375 px: it is five inches wide with eleven-point labels, and its
lines differ in style as well as in colour. Colours are Okabe and Ito's palette, which
colour-blind readers can tell apart (Color Universal Design, 2008).

Each module holds the figures of one topic; a chapter imports this face alone:
``from rnncourse import plots``.
"""

from rnncourse.plots._bidirectional_deep import (
    accuracy_by_seed,
    accuracy_by_step,
    cost_growth,
    responses,
    tagged_sequence,
    two_chains,
    what_it_sees,
)
from rnncourse.plots._bptt import (
    accuracy_curves,
    backward_values,
    blame_map,
    nudge_errors,
    truncation_cost,
)
from rnncourse.plots._drawing import PALETTE
from rnncourse.plots._gradients import (
    accuracy_dots,
    activation_slopes,
    clipped_arrows,
    eigenvalue_circles,
    loss_cliff,
    norms_by_lag,
)
from rnncourse.plots._gru import (
    kept_value,
    memory_lines,
    pareto,
    update_gates,
)
from rnncourse.plots._keras_rnn import (
    descent_paths,
    layer_activations,
    layer_contents,
    learning_curves,
    noisy_series,
)
from rnncourse.plots._lstm import (
    conveyor,
    gates_over_text,
    gradient_reach,
    kept_after,
    lstm_cell,
    seed_curves,
    seed_dots,
)
from rnncourse.plots._rnn_cell import (
    impulse_response,
    scores_and_probabilities,
    tanh_curve,
    two_beginnings,
    unrolling_animation,
)
from rnncourse.plots._sequences import (
    batch_shape,
    forecasts,
    lag_scatter,
    sequence_patterns,
    series_and_shuffle,
    sliding_windows,
    splits,
    step_weights,
)
from rnncourse.plots._training_practice import (
    dropout_masks,
    early_stopping,
    fading_memory,
    loss_curves,
    padded_batches,
    padding_cost,
)

__all__ = [
    "PALETTE",
    "accuracy_by_seed",
    "accuracy_by_step",
    "accuracy_curves",
    "accuracy_dots",
    "activation_slopes",
    "backward_values",
    "batch_shape",
    "blame_map",
    "clipped_arrows",
    "conveyor",
    "cost_growth",
    "descent_paths",
    "dropout_masks",
    "early_stopping",
    "eigenvalue_circles",
    "fading_memory",
    "forecasts",
    "gates_over_text",
    "gradient_reach",
    "impulse_response",
    "kept_after",
    "kept_value",
    "lag_scatter",
    "layer_activations",
    "layer_contents",
    "learning_curves",
    "loss_cliff",
    "loss_curves",
    "lstm_cell",
    "memory_lines",
    "noisy_series",
    "norms_by_lag",
    "nudge_errors",
    "padded_batches",
    "padding_cost",
    "pareto",
    "responses",
    "scores_and_probabilities",
    "seed_curves",
    "seed_dots",
    "sequence_patterns",
    "series_and_shuffle",
    "sliding_windows",
    "splits",
    "step_weights",
    "tagged_sequence",
    "tanh_curve",
    "truncation_cost",
    "two_beginnings",
    "two_chains",
    "unrolling_animation",
    "update_gates",
    "what_it_sees",
]
