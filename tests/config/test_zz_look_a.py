from pathlib import Path
import pytest
from tests.servers import live_web
from config.admin import site
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
@pytest.fixture(scope="module")
def web(module_database):
    with live_web(module_database) as running:
        yield running
def test_look(page, web):
    said=[]
    page.on("pageerror", lambda e: said.append(str(e)))
    page.on("console", lambda m: said.append(m.text) if m.type in {"error","warning"} else None)
    page.set_viewport_size({"width":1366,"height":768})
    page.goto(web.url+"/sign-in/?next=/admin/"); page.fill("[name=login]","admin"); page.fill("[name=password]","sigap-demo"); page.press("[name=password]","Enter"); page.wait_for_url("**/admin/")
    import itertools
    from tests.conftest import person
    actor=person("admin")
    paths=["/admin/"]
    for model,ma in site._registry.items():
        base=f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        paths.append(base)
        if model.__name__!="Policy": paths.append(base+"add/")
        row=ma.rows_of(actor).first()
        if row: paths+= [f"{base}{row.pk}/change/", f"{base}{row.pk}/history/"]
        if hasattr(ma,"import_view"): paths.append(base+"import/")
    bad=[]
    keep=("/admin/","units/unit/","alarms/policy","accounts/apikey/add","dispatch/contact/add")
    paths=["/admin/"]+[p for p in paths if any(k in p for k in keep[1:])]
    for lang,theme in (("id","dark"),("en","light")):
        page.goto(web.url+"/admin/")
        page.locator(f"button[name=language][value={lang}]").click()
        t=page.locator(f"button[name=theme][value={theme}]")
        if t.count(): t.click()
        for p in paths:
            page.goto(web.url+p)
            page.evaluate(AXE.read_text())
            v=page.evaluate("axe.run()")["violations"]
            for rule in v: bad.append((theme,p,rule["id"],rule["impact"],rule["nodes"][0]["html"][:200], rule["nodes"][0].get("failureSummary","")[:150]))
            name=p.strip("/").replace("/","_")
            import re
            name=re.sub(r"[0-9a-f-]{36}","row",name)
            page.screenshot(path=f"/tmp/b3/shots/{theme}_{name}.png")
    print("SAID",said)
    for b in bad: print("AXE",b)
