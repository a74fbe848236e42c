"""Let a page play a sound: ``sound.play(signal, sample_rate, "the word yes")``.

The sound travels in the cell's output as a WAV file, so it plays on a page and in a notebook,
with no kernel and no network.
"""

from __future__ import annotations

import base64
import html
import io
import wave

import numpy as np

__all__ = ["play", "wav_bytes"]


def play(signal: np.ndarray, sample_rate: int, label: str) -> None:
    """Show a player for a sound below the cell.

    Parameters
    ----------
    signal
        The sound pressure at each moment, of any scale, of shape ``(time,)``. The loudest
        moment is played at nine tenths of full volume.
    sample_rate
        Values per second, in Hz.
    label
        What is heard, such as ``"the word yes"``; it stands beside the player.

    Raises
    ------
    ValueError
        If there is no sound to play: an empty signal, another shape, or values that are not
        finite.
    """
    from IPython.display import display

    encoded = base64.b64encode(wav_bytes(signal, sample_rate)).decode()
    name = html.escape(label, quote=True)
    display(
        {
            "text/html": (
                f'<figure class="rnn-sound" style="margin: 0.5em 0"><figcaption>{name}</figcaption>'
                f'<audio controls preload="metadata" aria-label="{name}" style="max-width: 100%"'
                f' src="data:audio/wav;base64,{encoded}"></audio></figure>'
            ),
            "text/plain": f"A sound of {len(signal) / sample_rate:.1f} seconds: {label}",
        },
        raw=True,
    )


def wav_bytes(signal: np.ndarray, sample_rate: int) -> bytes:
    """Write a sound as a WAV file of one channel and 16 bits.

    Parameters
    ----------
    signal, sample_rate
        As in `play`.

    Returns
    -------
    The file's bytes.

    Raises
    ------
    ValueError
        As in `play`.
    """
    signal = np.asarray(signal, dtype=np.float64)
    if signal.ndim != 1 or not signal.size or not np.isfinite(signal).all():
        raise ValueError(
            f"a sound is a row of finite numbers, of shape (time,), not of shape {signal.shape}"
        )
    loudest = np.abs(signal).max() or 1.0
    whole = np.round(signal / loudest * 0.9 * 32767).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(int(sample_rate))
        writer.writeframes(whole.tobytes())
    return file.getvalue()
