import pytest
from playwright.sync_api import expect
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.tasks import offer_task
from dispatch.actions.notes import add_note
from dispatch.actions.location import Location
from tests.conftest import person
from tests.servers import live_web
from calls.models import Call
from tests.accounts.test_entrance_in_a_browser import broken_rules

@pytest.fixture(scope="module")
def web(module_database):
    with live_web(module_database) as running:
        yield running


def shoot(page, name):
    page.screenshot(path=f"/tmp/shots/{name}.png")

def test_agency(browser, web):
    d = person("dispatcher")
    for size, tag in (((1366,768),"w"),((390,844),"n")):
        context = browser.new_context(viewport={"width":size[0],"height":size[1]}, has_touch=tag=="n", is_mobile=tag=="n")
        page = context.new_page()
        page.on("pageerror", lambda e: print("ERR", e))
        page.on("console", lambda m: print("CON", m.type, m.text) if "inline style" not in m.text else None)
        page.goto(web.url + "/sign-in/?next=/agency/")
        page.fill("[name=login]", "damkar"); page.fill("[name=password]", "sigap-demo"); page.press("[name=password]", "Enter")
        page.wait_for_url("**/agency/")
        if tag=="n": page.get_by_role("button", name="EN English").click()
        page.wait_for_timeout(1500)
        if tag=="w": shoot(page, "A0")
        incident, _ = open_incident(actor=d, desk="D1", location=Location(text="Pasar Anom, Kolor", lat=-7.01, lng=113.86), type="F01", narrative="3 kios terbakar, api besar, ada orang di lantai 2")
        add_note(actor=d, desk="D1", incident=incident.id, text="PLN diminta mematikan listrik")
        other, _ = open_incident(actor=d, desk="D1", location=Location(text="Jl. Trunojoyo 12", lat=-7.0, lng=113.87), type="F03")
        assign_unit(actor=d, desk="D1", incident=other.id, unit="DMK3" if tag=="w" else "DMK4")
        page.wait_for_timeout(1500)
        shoot(page, f"A1{tag}")
        print(broken_rules(page))
        row = page.locator(".task-row.offered").first
        row.locator(".accept").click(); page.wait_for_timeout(1500)
        shoot(page, f"A2{tag}")
        print(broken_rules(page))
        page.locator(".acts .tap", has_text="Send a unit").or_(page.locator(".acts .tap").nth(0)).first.click(); page.wait_for_timeout(400)
        shoot(page, f"A3{tag}")
        page.locator("#bar button").first.click(); page.wait_for_timeout(900)
        page.locator(".acts .done").click(); page.wait_for_timeout(400)
        shoot(page, f"A4{tag}")
        page.locator("#sheet .taps .tap").first.click()
        page.locator("#sheet .go-small").click(); page.wait_for_timeout(800)
        page.locator(".timeline summary").click(); page.wait_for_timeout(800)
        shoot(page, f"A5{tag}")
        page.wait_for_timeout(5000)
        context.close()
