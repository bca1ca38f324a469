"""What the pages of a browser test showed when it failed, for its report."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Error, Page

LONGEST = 3_000  # characters of a page's text
PATIENCE_MS = 2_000


def shown_on(page: Page) -> str:
    """The address, the element with the focus and the text of a page; why not, where it does not answer."""
    try:
        focus = page.locator("*:focus").first
        focused = focus.evaluate("element => element.outerHTML.slice(0, 200)", timeout=PATIENCE_MS)
    except Error as error:
        focused = f"nothing ({error.message.splitlines()[0]})"
    try:
        text = page.locator("body").inner_text(timeout=PATIENCE_MS)
    except Error as error:
        text = f"no text ({error.message.splitlines()[0]})"
    return f"{page.url}\nfocused: {focused}\n{text[:LONGEST]}"


def pages_of(funcargs: dict[str, Any]) -> list[Page]:
    """The pages that a test still has open."""
    browser = funcargs.get("browser")
    contexts = browser.contexts if browser is not None else []
    return [page for context in contexts for page in context.pages if not page.is_closed()]
