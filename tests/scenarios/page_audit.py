"""A walk over the product's pages in a real browser: what each shows in both languages, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils.translation.trans_real import translation
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
# Colours are all that a theme changes, so the second look is at them alone.
WHOLE = {"resultTypes": ["violations"]}
COLOURS = WHOLE | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SERIOUS = frozenset({"serious", "critical"})
FIELD = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
READ = """() => {
  const found = new Set([document.title]);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.parentElement.closest("script, style, noscript, [lang]:not(html)")) continue;
    if (node.parentElement.closest("kbd") && node.data.trim().length === 1) continue; // a key's letter is no word
    found.add(node.data);
  }
  for (const each of document.body.querySelectorAll("[title], [placeholder], [aria-label]")) {
    if (each.closest("[lang]:not(html)")) continue;
    for (const name of ["title", "placeholder", "aria-label"]) found.add(each.getAttribute(name) ?? "");
  }
  return [...found];
}"""


def texts_of(page: Page) -> set[str]:
    """Every text of a page, each as one line: what stands in it, its title, and the labels of its parts."""
    return {" ".join(text.split()) for text in page.evaluate(READ)} - {""}


def broken_rules(page: Page, *, impacts: frozenset[str] | None = None) -> list[tuple[str, str, str]]:
    """The rules of accessibility that a page breaks in both themes: (theme, rule, where). impacts: only such."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    other = {"light": "dark", "dark": "light"}[page.locator("html").get_attribute("data-theme") or "dark"]
    found = [("as it came", rule) for rule in page.evaluate("how => axe.run(how)", WHOLE)["violations"]]
    page.evaluate("theme => document.documentElement.dataset.theme = theme", other)
    found += [(other, rule) for rule in page.evaluate("how => axe.run(how)", COLOURS)["violations"]]
    return [
        (theme, rule["id"], node["html"])
        for theme, rule in found
        if impacts is None or rule["impact"] in impacts
        for node in rule["nodes"]
    ]


@cache
def phrases() -> tuple[dict[str, str], dict[str, str]]:
    """The texts that differ between the two languages: English by Indonesian, Indonesian by English."""
    texts = [(english.partition("\x04")[2] or english, indonesian) for english, indonesian in _catalogue() if english]
    # A word that both languages have is wrong in neither.
    all_english, all_indonesian = {pair[0] for pair in texts}, {pair[1] for pair in texts}
    pairs = [pair for pair in texts if pair[1] and pair[0] != pair[1]]
    return (
        {indonesian: english for english, indonesian in pairs if indonesian not in all_english},
        {english: indonesian for english, indonesian in pairs if english not in all_indonesian},
    )


def _catalogue() -> Iterator[tuple[str, str]]:
    for key, value in translation("id")._catalog.items():
        yield (key[0] if isinstance(key, tuple) else key), value


@cache
def _patterns(language: str) -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    wrong = phrases()[0 if language == "en" else 1]
    whole = {" ".join(text.split()): right for text, right in wrong.items()}
    filled = tuple(
        (re.compile(".+".join(re.escape(piece) for piece in FIELD.split(" ".join(text.split())))), right)
        for text, right in wrong.items()
        if FIELD.search(text) and len(re.findall(r"[^\W\d_]{3,}", FIELD.sub(" ", text))) > 1
    )
    return whole, filled


@cache
def in_the_other_language(text: str, language: str) -> str | None:
    """The right text in `language` for a text of a page that is in the other of the two languages; else None."""
    whole, filled = _patterns(language)
    if text in whole:
        return whole[text]
    return next((right for pattern, right in filled if pattern.fullmatch(text)), None)
