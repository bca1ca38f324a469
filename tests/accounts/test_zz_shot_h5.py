import pytest
from tests.servers import live_web
def test_shot(page, module_database):
    with live_web(module_database) as web:
        page.set_viewport_size({"width":1280,"height":720})
        page.goto(web.url+"/sign-in/"); page.screenshot(path="/tmp/s1.png")
        page.locator(".choices [name=theme]").click()
        page.fill("[name=login]","admin"); page.fill("[name=password]","wrong"); page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for(); page.screenshot(path="/tmp/s2.png")
        page.fill("[name=password]","sigap-demo"); page.keyboard.press("Enter"); page.wait_for_url(web.url+"/")
        page.screenshot(path="/tmp/s3.png")
