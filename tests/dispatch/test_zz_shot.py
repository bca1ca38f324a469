from pathlib import Path
import time, uuid
from tests.dispatch.test_board_page import web, said, sign_in, person, open_incident, assign_unit, Location, expect
from core import clock
from datetime import timedelta
from calls.actions import *
import calls.actions as ca
def test_shot(page, web):
    page.set_viewport_size({"width":1600,"height":900})
    d=person("dispatcher")
    for i,(t,txt) in enumerate([("F01","Pasar Anom, Kolor"),("L01","Pantai Slopeng"),("K01","Jl. Trunojoyo km 3"),("M07","Puskesmas Raas"),("B09","Jl. Raya Lenteng"),("H02","SDN Pangarangan 1"),("O03","Desa Totosan")]):
        inc,_=open_incident(actor=d, desk="D1", location=Location(text=txt, lat=-7.01+i*0.01, lng=113.86), type=t, at=clock.now()-timedelta(seconds=50*i))
        if i in (1,2): assign_unit(actor=d, desk="D1", incident=inc.id, unit=["DMK1","PSC1"][i-1])
    sign_in(page, web)
    expect(page.locator("#live")).to_have_class("live")
    page.wait_for_timeout(1500)
    page.screenshot(path="/tmp/h3_board.png")
    page.get_by_role("button", name="Terang").click()
    expect(page.locator("#live")).to_have_class("live")
    axe=Path("node_modules/axe-core/axe.min.js")
    for _ in range(2):
        page.evaluate(axe.read_text())
        found=page.evaluate("() => axe.run()")
        print([(v["id"],v["impact"],[n["html"][:150] for n in v["nodes"]][:3],v["nodes"][0]["any"][:1]) for v in found["violations"]])
        page.screenshot(path="/tmp/h3_board_light.png")
        page.get_by_role("button", name="Gelap").click() if _==0 else None
        page.wait_for_timeout(1500)
