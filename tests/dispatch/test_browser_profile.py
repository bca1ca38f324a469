"""What the files of a browser hold of a caller: nothing that can be read."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from playwright.sync_api import expect

from accounts.actions import choose_language
from accounts.browser_keys import browser_key
from calls.models import Draft
from tests.api_client import come_in, press_in_menu
from tests.conftest import person
from tests.dispatch.browser_sessions import leave_no_call_open
from tests.dispatch.test_console_calls import open_console, take
from tests.scenarios.keystroke_budget.counting import eventually

WORDS, NOTE = "rumahpagarhijau7731", "atapseng4402"
ENCRYPTED = """name => Object.entries(localStorage).filter(([key]) => key.startsWith(name))
  .every(([, text]) => "sealed" in JSON.parse(text) && !text.includes("pagar") && !text.includes("atap"))
  && Object.keys(localStorage).some((key) => key.startsWith(name))"""
# A list that keeps an act for as long as the server does not take it.
QUEUE_ONE = """async (note) => {
  const here = document.querySelector("script[src*='/js/pages/console']").src;
  const { Queue } = await import(here.replace("pages/console", "core/queue"));
  new Queue({ name: "probe" }).add({ method: "POST", path: "probe", body: { note }, label: note });
}"""
READ_BACK = """async () => {
  const here = document.querySelector("script[src*='/js/pages/console']").src;
  const { readPrivate } = await import(here.replace("pages/console", "core/private-storage"));
  return Object.keys(localStorage).filter((key) => /^sigap-(draft|queue)/.test(key)).map(readPrivate);
}"""


@pytest.fixture
def profile(browser_type, browser_type_launch_args, web, tmp_path):
    """A browser whose profile is a folder; gives a function that starts it there."""
    leave_no_call_open()

    def start():
        context = browser_type.launch_persistent_context(tmp_path / "profile", **browser_type_launch_args)
        come_in(context, web, "calltaker")
        return context

    return start


def stored(folder):
    """What the files of the browser's local storage hold."""
    return b"".join(path.read_bytes() for path in folder.glob("*/Local Storage/leveldb/*.log"))


def texts_in(folder):
    """Which of the caller's texts stand in a file below a folder, in either writing that Chromium uses."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found += [
                (text, path.name)
                for text in (WORDS, NOTE)
                for writing in ("utf-8", "utf-16-le")
                if text.encode(writing) in content
            ]
    return found


@pytest.mark.long
def test_no_file_of_a_browser_s_profile_holds_the_text_of_a_draft_or_of_an_unsent_note(profile, web, tmp_path):
    choose_language(actor=person("calltaker"), language="en")
    context = profile()
    page = context.pages[0]
    page.route("**/api/v1/probe", lambda route: route.abort())
    open_console(page, web)
    call = take(page, caller="+6281230880078")
    page.locator("#said").fill(WORDS)
    assert eventually(page, lambda: Draft.objects.filter(pk=call.id, body__words=WORDS).exists())
    page.evaluate(QUEUE_ONE, NOTE)
    for name in ("sigap-draft-", "sigap-queue:probe:"):
        assert eventually(page, lambda name=name: page.evaluate(ENCRYPTED, name))
    assert json.dumps(page.evaluate(READ_BACK)).count(WORDS) == 1
    assert NOTE in json.dumps(page.evaluate(READ_BACK))
    assert eventually(page, lambda: b"sigap-draft-" in stored(tmp_path / "profile"))
    # The form is emptied: its text is removed from the store, whose files keep what they had.
    page.locator("#said").fill("")
    assert eventually(page, lambda: not Draft.objects.filter(pk=call.id, body__words=WORDS).exists())
    page.reload()
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0078")
    expect(page.locator("#said")).to_be_editable()
    assert WORDS not in json.dumps(page.evaluate(READ_BACK))
    expect(page.locator("#said")).to_have_value("")
    context.close()
    assert any((tmp_path / "profile").rglob("*.log"))
    assert texts_in(tmp_path / "profile") == []

    # The next time the note is still there for the one who wrote it; signed out, nobody else can read it.
    leave_no_call_open()
    context = profile()
    page = context.pages[0]
    open_console(page, web)
    expect(page.locator("#live")).to_have_class("live")
    assert NOTE in json.dumps(page.evaluate(READ_BACK))
    press_in_menu(page, "form[action='/sign-out/'] button")
    page.locator("#bar").get_by_role("button", name="Sign out").click()
    page.locator("[name=login]").wait_for()
    come_in(context, web, "dispatcher")
    open_console(page, web)
    assert eventually(page, lambda: page.evaluate("document.body.dataset.user") == str(person("dispatcher").user))
    assert NOTE not in json.dumps(page.evaluate(READ_BACK))
    context.close()
    assert texts_in(tmp_path / "profile") == []


def test_no_file_of_a_browser_s_profile_holds_what_was_typed_into_a_form_and_not_sent(profile, web, tmp_path):
    """A browser keeps the fields of a page that was left, to restore them, unless they ask it not to."""
    context = profile()
    page = context.pages[0]
    page.goto(web.url + "/cards/")
    page.locator("[name=place]").fill(NOTE)
    page.locator("[name=words]").fill(WORDS)
    come_in(context, web, "damkar")
    page.goto(web.url + "/agency/")
    expect(page.locator("#live")).to_have_class("live")
    page.locator("#new-incident").click()
    page.locator("#sheet [name=place]").fill(NOTE)
    page.locator("#sheet [name=narrative]").fill(WORDS)
    page.goto(web.url + "/agency/")
    expect(page.locator("#live")).to_have_class("live")
    press_in_menu(page, "form[action='/sign-out/'] button")
    page.locator("[name=login]").wait_for()
    context.close()
    assert texts_in(tmp_path / "profile") == []


@pytest.mark.long
def test_no_file_of_a_browser_s_profile_holds_a_card_that_was_refused(profile, web, tmp_path):
    """A browser keeps the body of a form that it posts, to be able to load the answer again."""
    choose_language(actor=person("calltaker"), language="en")
    context = profile()
    page = context.pages[0]
    page.goto(web.url + "/cards/")
    page.locator("[name=number]").fill("77777")
    page.locator("[name=at]").fill("2026-11-30T10:00")
    page.locator("[name=type]").select_option("F01")
    page.locator("[name=place]").fill(NOTE)
    page.locator("[name=words]").fill(WORDS)
    # Signed out in between: nothing is lost, and after a sign-in in another tab it goes on.
    session = next(one for one in context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Enter this card").click()
    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.locator("[name=words]")).to_have_value(WORDS)
    context.clear_cookies(name="csrftoken")
    context.add_cookies([session, {"name": "csrftoken", "value": "n" * 32, "url": web.url}])
    # Without an answer the form keeps what was typed; with a refusal it does so too, and shows what is wrong.
    context.set_offline(True)
    page.get_by_role("button", name="Enter this card").click()
    expect(page.locator("#no-answer")).to_be_visible()
    context.set_offline(False)
    page.get_by_role("button", name="Enter this card").click()
    expect(page.locator(".cards-page .wrong:visible").first).to_be_visible()
    expect(page.locator("#no-answer")).to_be_hidden()
    expect(page.locator("[name=words]")).to_have_value(WORDS)
    page.reload()
    expect(page.locator("[name=words]")).to_have_value("")
    press_in_menu(page, "form[action='/sign-out/'] button")
    page.locator("[name=login]").wait_for()
    context.close()
    assert texts_in(tmp_path / "profile") == []


@pytest.mark.django_db
def test_the_key_is_a_persons_own_and_another_with_another_secret(settings):
    one, other = person("calltaker").user, person("dispatcher").user
    assert browser_key(one) == browser_key(one) != browser_key(other)
    assert len(bytes.fromhex(browser_key(one))) == 32
    before = browser_key(one)
    settings.SECRET_KEY = "another" * 10
    assert browser_key(one) != before
