"""A passkey in a real browser, made and used by its virtual authenticator; the pages by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.scenarios.page_audit import broken_rules


def test_a_passkey_is_made_and_used_by_keyboard_alone(page, web):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    # axe, which looks for broken rules, sets styles of its own.
    page.on("console", lambda line: complaints.append(line.text) if re.search("(script|img)-src", line.text) else None)
    site = web.url.replace("127.0.0.1", "localhost")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"hasUserVerification": True}})

    def sign_in() -> None:
        page.goto(site + "/sign-in/?next=/second-factor/")
        page.fill("[name=login]", "supervisor")
        page.fill("[name=password]", "sigap-demo")
        page.keyboard.press("Enter")

    sign_in()
    expect(page.locator(".who")).to_contain_text("Nur Hidayati")
    assert broken_rules(page) == []
    page.goto(site + "/second-factor/app/")
    expect(page.locator("figure img")).to_be_visible()
    page.wait_for_function("document.querySelector('figure img').naturalWidth > 0")  # the policy lets it through
    assert broken_rules(page) == []
    page.goto(site + "/second-factor/passkey/")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("YubiKey merah")
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    assert broken_rules(page) == []
    page.goto(site + "/second-factor/")
    expect(page.locator(".factor-list")).to_contain_text("YubiKey merah")
    page.context.clear_cookies()
    sign_in()
    expect(page.locator("form.passkey button")).to_be_focused()
    assert broken_rules(page) == []
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text("Nur Hidayati")
    assert complaints == []
