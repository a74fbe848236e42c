"""A browser for the tests: pages served from this machine, every other host blocked."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 375, "height": 800}
DESK = {"width": 1280, "height": 800}
#: Moving parts would be caught half-way between two colours.
_STILL = "*, *::before, *::after {transition: none !important; animation: none !important}"
_SETTLED = """async () => {
    await document.fonts.ready;
    if (window.MathJax && MathJax.startup) await MathJax.startup.promise;
}"""
_NO_CONTRAST = {"color-contrast": {"enabled": False}}
#: Marks three texts of each look; answers how many looks there are.
_MARK_LOOKS = """within => {
    document.querySelectorAll('[data-look]').forEach(text => delete text.dataset.look);
    const grounds = new Map([[null, '']]);
    const ground = element => {  // all colours behind it
        if (!grounds.has(element)) {
            const style = getComputedStyle(element);
            const own = [style.backgroundColor, style.backgroundImage, style.opacity].join(' ');
            const clear = own === 'rgba(0, 0, 0, 0) none 1';
            grounds.set(element, ground(element.parentElement) + (clear ? '' : own + ';'));
        }
        return grounds.get(element);
    };
    const looks = new Map();
    for (const element of document.querySelectorAll(`:is(${within}), :is(${within}) *`)) {
        if (element.closest('mjx-container')) continue;
        const text = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!text && !element.matches('input')) continue;
        const style = getComputedStyle(element);
        const look = [style.color, style.fontSize, style.fontWeight, ground(element)].join(' ');
        if (!element.checkVisibility()) continue;
        const seen = (looks.get(look) ?? 0) + 1;
        looks.set(look, seen);
        if (seen <= 3) element.dataset.look = look;
    }
    return looks.size;
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium. Without one the test is skipped, except under CI."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no Chromium")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=options)
        yield browser
        browser.close()


class Visit:
    """A page in a window of its own, and what went wrong on it."""

    def __init__(self, browser: Browser, address: str, path: str):
        self.path = path
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self._address = address
        context = browser.new_context(viewport=DESK, color_scheme="light")
        context.route("**/*", self._route)
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address + path)
        self.page.add_style_tag(content=_STILL)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(_SETTLED)

    def close(self) -> None:
        self.page.context.close()

    def dark(self) -> None:
        self.page.emulate_media(color_scheme="dark")
        self.page.wait_for_selector('html[data-theme="dark"]')

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def barriers(self, within: str = "body", rules: str = "wcag2a wcag2aa wcag21aa") -> list[str]:
        """What axe-core calls serious or critical, as 'rule: element'; contrast is for `faint`."""
        return self._axe(within, {"runOnly": rules.split(), "rules": _NO_CONTRAST})

    def faint(self, within: str = "body") -> list[str]:
        """Texts that axe-core finds too faint, looking at three of each look.

        Contrast follows from colours, size and weight alone, and a chapter has thousands of texts
        in fewer than a hundred looks.
        """
        if not self.page.evaluate(_MARK_LOOKS, within):
            return []
        return self._axe("[data-look]", {"runOnly": ["color-contrast"]})

    def thin_out(self) -> None:
        """Take most listings and all formulas away: axe-core looks at every word and sign."""
        self.page.evaluate(
            "[...document.querySelectorAll('div.cell')].slice(8)"
            ".filter(cell => !cell.querySelector('.rnn-quiz, .rnn-sound, img'))"
            ".forEach(cell => cell.querySelectorAll('pre').forEach(code => code.remove()));"
            "document.querySelectorAll('mjx-container').forEach(formula => formula.remove())"
        )

    def _axe(self, within: str, options: dict) -> list[str]:
        axe = resources.files("axe_playwright_python") / "axe.min.js"
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(axe.read_text(encoding="utf-8"))
        # without its preload axe would fetch style sheets again, some from wrong addresses
        found = self.page.evaluate(
            "([within, options]) => axe.run({include: within, exclude: 'mjx-container > *'},"
            " {preload: false, resultTypes: ['violations'], ...options})",
            [within, options],
        )
        return [
            f"{self.path}: {rule['id']}: {node['html'][:200]}"
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]

    def _hear(self, message) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _route(self, route) -> None:
        if route.request.url.startswith((self._address, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(f"{self.path}: {route.request.url}")
            route.abort()
