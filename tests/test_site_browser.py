"""What a reader meets: the built site in a browser, on a desk and on a phone."""

from __future__ import annotations

import pytest
from browser import DESK, PHONE, Visit, chromium, served

from rnncourse.quiz import _load, to_html

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CHAPTER = "01_sequences"


@pytest.fixture(scope="module")
def address(site):
    with served(site) as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser, address):
    visits = []

    def go(path):
        visits.append(Visit(browser, address, path))
        return visits[-1]

    yield go
    for visited in visits:
        visited.close()


@pytest.fixture(scope="module")
def tour(browser, address, site):
    """Every page once: what it asked for and said, and how it looks in light, dark and narrow."""
    seen = {}
    for file in sorted(site.rglob("*.html")):
        path = str(file.relative_to(site))
        if path.startswith("_static") or path == "genindex.html":
            continue
        visited = Visit(browser, address, path)
        found = {}
        formulas = "[...document.querySelectorAll('article .math')]"
        found["untypeset"] = visited.page.evaluate(
            f"{formulas}.filter(e => !e.querySelector('mjx-container')"
            " || e.querySelector('mjx-merror')).map(e => e.textContent)"
        )
        visited.page.set_viewport_size(PHONE)
        found["overflow"] = visited.overflow()
        visited.page.set_viewport_size(DESK)
        visited.thin_out()
        found["barriers"] = visited.barriers()
        found["light"] = visited.faint()
        visited.dark()
        found["dark"] = visited.faint()
        found |= {"foreign": visited.foreign, "errors": visited.errors}
        seen[path] = found
        visited.close()
    assert {"index.html", "glossary.html", "notation.html"} < set(seen)
    return seen


def gathered(tour, key):
    return [item for found in tour.values() for item in found[key]]


def test_does_no_page_ask_another_host_for_anything(tour):
    assert gathered(tour, "foreign") == []


def test_does_no_page_report_an_error(tour):
    assert {path: found["errors"] for path, found in tour.items() if found["errors"]} == {}


def test_does_every_page_fit_a_phone(tour):
    assert {path: found["overflow"] for path, found in tour.items() if found["overflow"] > 0} == {}


@pytest.mark.parametrize("mode", ["barriers", "light", "dark"])
def test_can_everybody_read_every_page(tour, mode):
    assert gathered(tour, mode) == []


@pytest.mark.parametrize(
    "fault",
    [
        "article section:last-of-type li:last-child {color: #aaa}",
        "table tr:nth-child(3) td {background: #777}",
        ".rnn-quiz .Quiz:last-child {opacity: 0.4}",
    ],
)
def test_is_one_faint_text_found_among_thousands(visit, fault):
    visited = visit("chapters/06_lstm.html")
    visited.thin_out()
    assert visited.faint() == []
    visited.page.add_style_tag(content=fault)
    assert visited.faint() != []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_can_the_way_back_to_the_top_be_read(visit, mode):
    """The theme shows it only to who has scrolled down and turns back."""
    visited = visit("index.html")
    if mode == "dark":
        visited.dark()
    visited.page.set_viewport_size(PHONE)
    visited.page.mouse.wheel(0, 2000)
    visited.page.wait_for_function("scrollY > 1900")
    visited.page.wait_for_timeout(300)  # the theme looks now and then
    visited.page.mouse.wheel(0, -300)
    visited.page.wait_for_selector("#pst-back-to-top", state="visible")
    assert visited.barriers("#pst-back-to-top") + visited.faint("#pst-back-to-top") == []


def test_does_the_table_of_chapters_show_every_word_on_a_phone(visit):
    page = visit("index.html").page
    page.set_viewport_size(PHONE)
    right = page.locator("#chapters td").evaluate_all(
        "cells => Math.max(...cells.map(cell => cell.getBoundingClientRect().right))"
    )
    assert 300 < right <= PHONE["width"]


def test_do_formulas_side_by_side_stand_one_below_the_other_on_a_phone(visit):
    page = visit("chapters/07_gru.html").page
    gaps = "div.math mjx-mstyle:has(> mjx-mspace[style*='2em']):not(mjx-mtable *)"
    shared = f"""[...document.querySelectorAll("{gaps}")].map(gap =>
        gap.previousElementSibling.getBoundingClientRect().bottom
        - gap.nextElementSibling.getBoundingClientRect().top)"""
    heights = page.evaluate(shared)
    assert len(heights) > 5
    assert min(heights) > 0  # one line on a desk
    page.set_viewport_size(PHONE)
    assert max(page.evaluate(shared)) < 0


def test_is_every_formula_typeset(tour):
    assert gathered(tour, "untypeset") == []


def test_does_every_choice_of_a_quiz_explain_itself(visit):
    page = visit(f"chapters/{CHAPTER}.html").page
    quiz = page.get_by_role("group", name="Warm-up quiz")
    for number, asked in enumerate(_load(CHAPTER, "warm-up")):
        question = quiz.locator(".Quiz").nth(number)
        for answer in asked.get("answers", ()):
            choice = page.evaluate(
                "html => { const e = document.createElement('p'); e.innerHTML = html;"
                " return e.textContent }",
                to_html(str(answer["text"])),
            )
            question.get_by_role("radio", name=choice, exact=True).check()
            status = question.get_by_role("status")
            verdict = "Right." if answer.get("correct") else "Not yet."
            assert status.inner_text().startswith(verdict)
            assert status.locator("strong").count() >= 1
            assert len(status.inner_text()) > len(verdict) + 10


def test_can_a_number_be_entered_with_the_keyboard_and_with_the_button(visit):
    page = visit(f"chapters/{CHAPTER}.html").page
    asked = next(q for q in _load(CHAPTER, "closing") if "number" in q)
    quiz = page.get_by_role("group", name="Closing quiz")
    question = quiz.locator(".Quiz:has(.Input-text)").first
    field = question.get_by_role("textbox")
    field.fill("-12345")
    field.press("Enter")
    assert question.get_by_role("status").inner_text().startswith("Not yet.")
    field.fill(str(asked["number"]))
    question.get_by_role("button", name="Check").click()
    assert question.get_by_role("status").inner_text().startswith("Right.")
    field.focus()
    assert field.input_value() == str(asked["number"])


def test_is_an_answered_quiz_readable_in_light_and_dark(visit):
    visited = visit(f"chapters/{CHAPTER}.html")
    for question in visited.page.locator(".Quiz:has(.MCButton)").all():
        question.get_by_role("radio").first.check()
    assert visited.barriers(".rnn-quiz") + visited.faint(".rnn-quiz") == []
    visited.dark()
    assert visited.faint(".rnn-quiz") == []


def test_does_a_term_show_its_definition_when_the_pointer_rests_on_it(visit):
    page = visit(f"chapters/{CHAPTER}.html").page
    page.locator('article a[href*="glossary.html#term-"]').first.hover()
    tip = page.locator(".tippy-box")
    tip.wait_for()
    assert len(tip.inner_text()) > 40


def test_can_the_notebook_of_a_chapter_be_downloaded(visit):
    page = visit(f"chapters/{CHAPTER}.html").page
    link = page.get_by_role("link", name="download (.ipynb)")
    answer = page.request.get(page.evaluate("a => a.href", link.element_handle()))
    assert answer.status == 200
    assert answer.json()["nbformat"] == 4


@pytest.mark.parametrize("word", ["autocorrelation", "隠れ状態"])
def test_does_the_search_find_a_term(visit, word):
    page = visit(f"search.html?q={word}").page
    page.locator("#search-results ul.search li").first.wait_for()
    links = page.locator("#search-results ul.search a").evaluate_all("all => all.map(a => a.href)")
    assert any("glossary.html" in link for link in links)
