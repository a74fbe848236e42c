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
from rnncourse.plots._forecasting import (
    error_by_horizon,
    fault_alarms,
    forecast_fan,
    levels_and_changes,
    measured_series,
    roc_curves,
)
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
from rnncourse.plots._music_video import (
    directions_said,
    film_frames,
    piano_rolls,
    repetition_scores,
    self_similarity,
    shares_by,
    surprise_by_part,
)
from rnncourse.plots._outlook import (
    compression_curves,
    few_examples,
    maze_success,
    stream_cost,
)
from rnncourse.plots._rnn_cell import (
    impulse_response,
    scores_and_probabilities,
    tanh_curve,
    two_beginnings,
    unrolling_animation,
)
from rnncourse.plots._sentiment import (
    accuracy_by_set,
    confusion_matrices,
    polarity_axis,
    running_score,
    word_effects,
)
from rnncourse.plots._seq2seq_attention import (
    alignments,
    encoder_decoder,
    exposure_bias,
    wait_k_curve,
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
from rnncourse.plots._speech import (
    ctc_lattice,
    ctc_spikes,
    error_against_noise,
    mel_filter_bank,
    sound_and_spectrogram,
    wake_scores,
)
from rnncourse.plots._text_generation import (
    coloured_text,
    copy_lengths,
    perplexity_by_n,
    token_distributions,
    unit_correlations,
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
    "accuracy_by_set",
    "accuracy_by_step",
    "accuracy_curves",
    "accuracy_dots",
    "activation_slopes",
    "alignments",
    "backward_values",
    "batch_shape",
    "blame_map",
    "clipped_arrows",
    "coloured_text",
    "compression_curves",
    "confusion_matrices",
    "conveyor",
    "copy_lengths",
    "cost_growth",
    "ctc_lattice",
    "ctc_spikes",
    "descent_paths",
    "directions_said",
    "dropout_masks",
    "early_stopping",
    "eigenvalue_circles",
    "encoder_decoder",
    "error_against_noise",
    "error_by_horizon",
    "exposure_bias",
    "fading_memory",
    "fault_alarms",
    "few_examples",
    "film_frames",
    "forecast_fan",
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
    "levels_and_changes",
    "loss_cliff",
    "loss_curves",
    "lstm_cell",
    "maze_success",
    "measured_series",
    "mel_filter_bank",
    "memory_lines",
    "noisy_series",
    "norms_by_lag",
    "nudge_errors",
    "padded_batches",
    "padding_cost",
    "pareto",
    "perplexity_by_n",
    "piano_rolls",
    "polarity_axis",
    "repetition_scores",
    "responses",
    "roc_curves",
    "running_score",
    "scores_and_probabilities",
    "seed_curves",
    "seed_dots",
    "self_similarity",
    "sequence_patterns",
    "series_and_shuffle",
    "shares_by",
    "sliding_windows",
    "sound_and_spectrogram",
    "splits",
    "step_weights",
    "stream_cost",
    "surprise_by_part",
    "tagged_sequence",
    "tanh_curve",
    "token_distributions",
    "truncation_cost",
    "two_beginnings",
    "two_chains",
    "unit_correlations",
    "unrolling_animation",
    "update_gates",
    "wait_k_curve",
    "wake_scores",
    "what_it_sees",
    "word_effects",
]
