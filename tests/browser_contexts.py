"""Contexts of the browser that are emptied and lent again: a new one loads a hundred files of a page anew.

Cookies, storage and permissions are gone before a context is lent again; what stays is the browser's cache of files.

`route` of their pages returns once the page's requests do pass by the test. Playwright's own returns when the browser
knows of it; the page's process hears of it later, and under load a key that is pressed at once is quicker.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

# What a test sets on a context for good; a context with any of it is closed instead of being lent again.
LASTING = (
    "add_init_script", "expose_binding", "expose_function", "grant_permissions", "on", "once", "route",
    "route_from_har", "route_web_socket", "set_default_navigation_timeout", "set_default_timeout",
    "set_extra_http_headers", "set_geolocation", "set_offline",
)  # fmt: skip


# A request of the page that the test answers with 204; 0 where the page has no network at all.
PROBE = "/healthz?passes-by-the-test"
ASK = "address => fetch(address).then(answer => answer.status, () => 0)"
MOST_PROBES = 200


def wait_for_routes(page: Any) -> None:
    """Wait until the requests of a page that is open pass by the test."""
    if page.url == "about:blank":
        return
    _route_of(page)(f"**{PROBE}", _answer_probe)
    for _ in range(MOST_PROBES):
        if page.evaluate(ASK, PROBE) in {204, 0}:
            break
    else:
        raise AssertionError("the page's requests do not pass by the test")
    page.unroute(f"**{PROBE}", _answer_probe)


def _answer_probe(route: Any) -> None:
    route.fulfill(status=204)


def _route_of(page: Any) -> Any:
    """Playwright's own `route` of a page."""
    return functools.partial(type(page).route, page)


def _route_and_wait(page: Any, *words: Any, **options: Any) -> None:
    _route_of(page)(*words, **options)
    wait_for_routes(page)


class Lent:
    """A context with what has to be known when it comes back."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.changed = False
        self.origins: set[str] = set()
        self.set_offline = context.set_offline
        context.on("page", self._opened)
        for name in LASTING:
            setattr(context, name, functools.partial(self._change, getattr(context, name)))

    def _opened(self, page: Any) -> None:
        page.on("framenavigated", self._went)
        page.route = functools.partial(_route_and_wait, page)

    def _change(self, method: Any, *words: Any, **options: Any) -> Any:
        self.changed = True
        result = method(*words, **options)
        if getattr(method, "__name__", "") == "route":
            for page in self.context.pages:
                wait_for_routes(page)
        return result

    def _went(self, frame: Any) -> None:
        address = urlsplit(frame.url)
        if address.scheme in {"http", "https"}:
            self.origins.add(f"{address.scheme}://{address.netloc}")

    def emptied(self) -> bool:
        """Close the pages and forget what they kept; False when the context has to be closed."""
        context = self.context
        if self.changed or context.service_workers:
            return False
        self.set_offline(True)  # what a page sends while it closes belongs to no test
        for page in context.pages:
            page.close()
        self.set_offline(False)
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        for origin in self.origins:
            devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        page.close()
        context.clear_cookies()
        self.origins.clear()
        return True


_free: defaultdict[tuple[Any, str], list[Lent]] = defaultdict(list)


@contextmanager
def lent(browser: Any, **options: Any) -> Iterator[Any]:
    """Lend a context with these options of `browser.new_context` that holds no cookie, no storage and no page."""
    kind = (browser, repr(sorted(options.items())))
    one = _free[kind].pop() if _free[kind] else Lent(browser.new_context(**options))
    try:
        yield one.context
    finally:
        if browser.is_connected() and one.emptied():
            _free[kind].append(one)
        else:
            one.context.close()
