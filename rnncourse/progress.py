"""Saying what a long step does and how long it has been at it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

#: Without a terminal, how often a step that says nothing reports that it is still at it.
HEARTBEAT = 20.0


@contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """Show a long step; yields a function that says where it is.

    On a terminal one line shows the step, its last word and a clock. In a log each word is a
    line of its own with the seconds since the start, and silence is broken by a heartbeat.
    """
    console = Console()
    started = time.monotonic()
    if console.is_terminal:
        with console.status(title) as status:
            state = {"word": ""}
            done = threading.Event()

            def tick() -> None:
                while not done.wait(0.5):
                    seconds = time.monotonic() - started
                    status.update(f"{title} [dim]{seconds:.0f} s[/] {state['word']}")

            thread = threading.Thread(target=tick, daemon=True)
            thread.start()
            try:
                yield lambda word: state.__setitem__("word", word)
            finally:
                done.set()
                thread.join()
        console.print(f"[green]✓[/] {title} [dim]{time.monotonic() - started:.0f} s[/]")
        return

    last = [started]
    done = threading.Event()

    def say(word: str) -> None:
        last[0] = time.monotonic()
        print(f"{last[0] - started:6.0f} s  {title}: {word}", flush=True)

    def beat() -> None:
        while not done.wait(1.0):
            if time.monotonic() - last[0] >= HEARTBEAT:
                say("still at it")

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield say
        say("done")
    finally:
        done.set()
        thread.join()
