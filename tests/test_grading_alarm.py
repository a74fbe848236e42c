"""What ends code of ours that takes too long: soon, but not in the middle of TensorFlow."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from rnncourse.grading.engine import alarm as alarm_module
from rnncourse.grading.engine.alarm import alarm


class Late(BaseException):
    pass


def wait(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_does_an_alarm_end_a_loop_without_an_end_and_leave_no_timer_behind():
    with pytest.raises(Late), alarm(0.05, Late):
        wait(60)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_does_an_alarm_come_again_where_its_error_is_swallowed():
    def stubborn():
        try:
            wait(60)
        except BaseException:
            wait(60)

    with pytest.raises(Late), alarm(0.05, Late):
        stubborn()


@pytest.fixture
def slow_layer(keras):
    class Slow(keras.layers.Layer):
        seconds, done = 0.5, False

        def call(self, inputs):
            wait(self.seconds)
            self.done = True
            return inputs

    return Slow()


def test_does_an_alarm_wait_until_keras_returns(slow_layer):
    started = time.monotonic()

    def one_and_a_loop():
        slow_layer(np.ones(1))
        wait(60)

    with pytest.raises(Late), alarm(0.05, Late):
        one_and_a_loop()
    assert slow_layer.done
    assert time.monotonic() < started + 30


def test_does_a_debugger_get_its_tracer_back(slow_layer):
    def tracer(*_):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        with pytest.raises(Late), alarm(0.05, Late):
            slow_layer(np.ones(1))
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


def test_does_an_alarm_not_wait_for_keras_for_ever(slow_layer, monkeypatch):
    monkeypatch.setattr(alarm_module, "PATIENCE", 0.2)
    slow_layer.seconds = 60
    with pytest.raises(Late), alarm(0.05, Late):
        slow_layer(np.ones(1))
    assert not slow_layer.done


#: Alarms at any moment of building and running a network; without patience the process crashes.
MANY_ALARMS = """
import random
import numpy as np
from rnncourse import keras
from rnncourse.grading.engine.alarm import alarm

class Late(BaseException): pass

chance = random.Random(0)
ended = 0
for _ in range(60):
    try:
        with alarm(chance.uniform(0.001, 0.05), Late):
            while True:
                layers = [keras.layers.LSTM(4, return_sequences=True), keras.layers.SimpleRNN(3)]
                keras.Sequential([keras.Input((3, 2)), *layers])(np.ones((1, 3, 2)))
    except Late:
        ended += 1
print(ended)
"""


def test_does_keras_survive_alarms_at_any_moment():
    run = subprocess.run(
        [sys.executable, "-c", MANY_ALARMS], capture_output=True, text=True, timeout=300
    )
    assert (run.returncode, run.stdout.strip()) == (0, "60"), run.stderr[-2000:]
