"""Sounds that a page can play."""

import base64
import io
import re
import wave

import numpy as np
import pytest

from rnncourse import sound

TONE = np.sin(2 * np.pi * 440 * np.arange(800) / 8000)


def test_does_the_file_hold_the_signal_at_nine_tenths_of_full_volume():
    for scale in (1e-3, 1, 50):
        with wave.open(io.BytesIO(sound.wav_bytes(scale * TONE, 8000))) as reader:
            assert reader.getparams()[:4] == (1, 2, 8000, 800)
            heard = np.frombuffer(reader.readframes(800), "<i2") / 32767
        expected = 0.9 * TONE / np.abs(TONE).max()
        np.testing.assert_allclose(heard, expected, atol=1 / 32767)


def test_is_silence_a_sound():
    with wave.open(io.BytesIO(sound.wav_bytes(np.zeros(5), 8000))) as reader:
        assert reader.readframes(5) == bytes(10)


def test_does_the_player_carry_the_whole_file_and_its_name(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    sound.play(TONE, 8000, 'a <b>"tone"')
    page = shown[0]["text/html"]
    (encoded,) = re.findall(r'src="data:audio/wav;base64,([^"]+)"', page)
    assert base64.b64decode(encoded) == sound.wav_bytes(TONE, 8000)
    assert 'aria-label="a &lt;b&gt;&quot;tone&quot;"' in page
    assert "<b>" not in page
    assert shown[0]["text/plain"] == 'A sound of 0.1 seconds: a <b>"tone"'


@pytest.mark.parametrize("signal", [[], [[0.0, 1.0]], [0.0, np.nan], [np.inf]])
def test_is_what_cannot_be_played_refused_in_one_line(signal):
    with pytest.raises(ValueError, match=r"a sound is a row of finite numbers, .*\)$"):
        sound.wav_bytes(np.array(signal), 8000)
