"""Signing in, a reader's choices and the API's documentation in a real browser: by keyboard, without complaints."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.scenarios.page_audit import broken_rules


@pytest.fixture
def browser_errors(page):
    """The errors and warnings of the browser: scripts, the content security policy, failed fetches."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type in {"error", "warning"} else None)
    return errors


def test_one_signs_in_by_keyboard_alone_and_out_again(page, web, browser_errors):
    page.goto(web.url + "/password/")
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type("supervisor")
    page.keyboard.press("Tab")
    page.keyboard.type("sigap-demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/password/")
    expect(page.locator(".who")).to_contain_text("Nur Hidayati")
    page.locator("#person").focus()  # the menu opens by keyboard, and Tab goes into it
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('form')?.getAttribute('action')") == "/sign-out/":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/")
    assert browser_errors == []


@pytest.mark.long
def test_a_wrong_password_is_shown_in_the_page_and_read_by_a_screen_reader(page, web):
    page.goto(web.url + "/sign-in/")
    page.fill("[name=login]", "supervisor")
    page.fill("[name=password]", "guess")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.input_value("[name=login]") == "supervisor"
    assert page.input_value("[name=password]") == ""


@pytest.mark.long
def test_the_sign_in_pages_break_no_rule_in_either_theme_and_language(page, web):
    page.goto(web.url + "/sign-in/")
    theme = page.locator("html").get_attribute("data-theme")
    page.locator(".choices [name=theme]").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", theme)
    for language in ("English", "Bahasa Indonesia"):
        page.get_by_role("button", name=language).click()
        assert broken_rules(page) == []
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", "sigap-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(web.url + "/admin/")
    assert broken_rules(page) == []


@pytest.mark.long
def test_the_documentation_of_the_api_is_local_and_breaks_no_policy(page, web, browser_errors):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(web.url + "/api/v1/docs")
    expect(page.get_by_text("/api/v1/incidents/{incident}/assignments")).to_be_visible()
    assert all(url.startswith((web.url, "data:", "blob:")) for url in asked)
    assert browser_errors == []
