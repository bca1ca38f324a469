"""The settings' pages: they open in both languages, actions write, lists stay quick, a refusal loses nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.functional import Promise

from accounts.admin import SettingsAdmin
from accounts.models import Agency, ApiKey, Centre, User
from accounts.queries import key_of_secret
from alarms.models import Policy
from calls.actions.operators import set_operator_state
from calls.models import Operator
from config.admin import site
from core.models import Event
from directory.models import Contact
from plans.models import ResponsePlan, TypeSynonyms
from staff.actions.people import change_person
from tests.conftest import person
from units.actions.registration import edit_unit
from units.models import Unit

pytestmark = pytest.mark.django_db


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def admin(db):
    return signed_in("admin")


def where(model, page="changelist", *words):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=words)


def wrong_in(answer):
    return answer.context["adminform"].form.errors


def last_facts(count=1):
    return list(Event.objects.order_by("-seq")[:count])


UNIT = {"kind": "ambulance", "capabilities": ["ambulance"], "station": "DMK-KOTA", "crew": "2", "active": "on"}


# Rows that come with the installation.
NEVER_ADDED = (Policy, Centre, TypeSynonyms)


@pytest.mark.parametrize("model", site._registry, ids=lambda model: model.__name__)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_list_form_and_history_opens_in_both_languages(admin, model, language):
    User.objects.filter(username="admin").update(language=language)
    addresses = [where(model), where(model) + "?q=a", *([where(model, "add")] if model not in NEVER_ADDED else [])]
    row = site._registry[model].rows_of(person("admin")).first()
    if row is not None:
        addresses += [where(model, "change", row.pk), where(model, "history", row.pk)]
    for address in addresses:
        answer = admin.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{language}"' in answer.content.decode()


def test_each_kind_of_settings_has_a_translated_name():
    names = {model.__name__: (model._meta.verbose_name, model._meta.verbose_name_plural) for model in site._registry}
    assert [name for name, both in names.items() if not all(isinstance(each, Promise) for each in both)] == []


@pytest.mark.parametrize("model", [Unit, Agency, User, ResponsePlan], ids=lambda model: model.__name__)
def test_a_list_asks_no_more_for_three_rows_than_for_one(admin, model):
    counts = []
    rows = site._registry[model].rows_of(person("admin"))
    assert rows.count() >= 3
    for size in (1, 3):
        kept = list(rows.values_list("pk", flat=True)[:size])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                SettingsAdmin,
                "get_queryset",
                lambda self, request, kept=kept: self.rows_of(request.actor).filter(pk__in=kept),
            )
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert admin.get(where(model)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_a_unit_is_registered_changed_and_closed_by_facts_that_name_it(admin):
    made = admin.post(where(Unit, "add"), UNIT | {"callsign": "dmk 77", "agency": "DAMKAR"})
    assert "callsign" in wrong_in(made)
    made = admin.post(where(Unit, "add"), UNIT | {"callsign": "ｄmk77", "agency": "DAMKAR"})
    unit = Unit.objects.get(callsign="DMK77")
    assert made["Location"] == where(Unit)
    assert (last_facts()[0].kind, f"unit:{unit.id}" in last_facts()[0].subjects) == ("unit.registered", True)
    edit_unit(actor=person("admin"), unit="DMK77", version=unit.version, changes={"kind": "tanker"})
    closing = {name: value for name, value in UNIT.items() if name != "active"} | {"kind": "tanker"}
    admin.post(where(Unit, "change", unit.pk), closing)
    unit.refresh_from_db()
    assert (unit.active, unit.kind) == (False, "tanker")
    assert last_facts()[0].data["fields"] == ["active"]
    assert "DMK77" in admin.get(where(Unit, "history", unit.pk)).content.decode()


def test_what_an_action_refuses_stands_on_the_form_and_nothing_is_written(admin):
    before = Event.objects.count()
    taken = admin.post(where(Unit, "add"), UNIT | {"callsign": "DMK1", "agency": "DAMKAR"})
    assert taken.status_code == 200
    assert "callsign" in wrong_in(taken)
    assert 'value="ambulance"' in taken.content.decode()
    last = admin.post(
        where(User, "change", person("admin").user), {"name": "Dwi", "roles": ["admin"], "language": "id"}
    )
    assert wrong_in(last)["__all__"]
    assert User.objects.get(username="admin").is_active
    assert Event.objects.count() == before


def test_a_key_is_shown_once_and_revoked_for_good(admin):
    answer = admin.post(where(ApiKey, "add"), {"name": "Penjejak", "scopes": ["units"], "agency": "DAMKAR"})
    [(name, secret)] = answer.context["secrets"]
    assert name == "Penjejak"
    assert "no-store" in answer["Cache-Control"]
    key = ApiKey.objects.get(name="Penjejak")
    assert key_of_secret(secret) is not None
    for page in (where(ApiKey), where(ApiKey, "change", key.pk)):
        assert secret not in admin.get(page).content.decode()
    assert secret not in str(admin.cookies)
    admin.post(where(ApiKey, "revoke", key.pk))
    assert key_of_secret(secret) is None
    assert last_facts()[0].kind == "key.revoked"


def test_a_person_gets_a_password_for_one_sign_in_and_a_closed_one_is_offline_and_out(admin):
    words = {"username": "siti", "name": "Siti Aminah", "roles": ["call_taker"], "language": "id", "is_active": "on"}
    [(_, password)] = admin.post(where(User, "add"), words).context["secrets"]
    client = Client()
    assert client.post("/sign-in/", {"login": "siti", "password": password}).status_code == 302
    assert client.get("/console/")["Location"] == "/password/"
    siti = person("siti")
    set_operator_state(actor=siti.at_desk("CT1"), state="ready")
    del words["username"], words["is_active"]
    admin.post(where(User, "change", siti.user), words)
    assert Operator.objects.get(user=siti.user).state == "offline"
    assert client.get("/console/")["Location"].startswith("/sign-in/")
    [(_, other)] = admin.post(where(User, "password", siti.user)).context["secrets"]
    assert other != password
    assert other not in "".join(event.body for event in Event.objects.all())


def test_a_crew_is_signed_on_to_a_unit_of_its_own_agency_alone(admin):
    crew = person("crew")
    words = {"name": "Kru", "roles": ["crew"], "agency": "PSC119", "unit": "DMK1", "language": "id", "is_active": "on"}
    assert "unit" in wrong_in(admin.post(where(User, "change", crew.user), words))
    admin.post(where(User, "change", crew.user), words | {"unit": "PSC1"})
    assert person("crew").unit == Unit.objects.get(callsign="PSC1").id


def test_an_edited_rule_is_a_new_version_and_the_history_shows_what_changed(admin):
    old = Policy.objects.get(rule=2, current=True)
    page = admin.get(where(Policy, "change", old.pk))
    initial = page.context["adminform"].form.initial
    words = {name: value for name, value in initial.items() if name != "rule"}
    words |= {f"after_{key}": " ".join(map(str, initial[f"after_{key}"])) for key in ("any", "2", "3", "4", "5")}
    admin.post(where(Policy, "change", old.pk), words | {"after_1": "45 90 180"})
    new = Policy.objects.get(rule=2, current=True)
    old.refresh_from_db()
    assert (new.version, old.current) == (2, False)
    assert new.definition["after_seconds"] == {"1": [45, 90, 180]}
    assert new.definition["steps"] == old.definition["steps"]
    history = admin.get(where(Policy, "history", new.pk)).content.decode()
    assert "<del>60 90 180</del>" in history
    assert "<ins>45 90 180</ins>" in history
    late = admin.post(where(Policy, "change", old.pk), words | {"after_1": "30"})
    assert wrong_in(late)["__all__"]
    falling = admin.post(where(Policy, "change", new.pk), words | {"after_1": "90 60"})
    assert "after_1" in wrong_in(falling)


def test_an_edited_plan_is_a_new_version(admin):
    old = ResponsePlan.objects.get(type="F01", current=True)
    words = {"needs": "3 fire_engine DAMKAR\n1 tanker optional", "tasks": "PLN"}
    admin.post(where(ResponsePlan, "change", old.pk), words)
    new = ResponsePlan.objects.get(type="F01", current=True)
    assert [(need.count, need.capability, need.agency, need.required) for need in new.needs.all()] == [
        (3, "fire_engine", "DAMKAR", True),
        (1, "tanker", None, False),
    ]
    assert new.version == old.version + 1
    for needs in ("many fire_engine", "1 rocket", "1 tanker NOBODY"):
        answer = admin.post(where(ResponsePlan, "change", new.pk), {"needs": needs, "tasks": ""})
        assert "needs" in wrong_in(answer), needs


def test_the_directory_keeps_numbers_as_they_are_dialled_and_the_log_keeps_none(admin):
    words = {"code": "klebun-1", "name": "Haji Umar", "kind": "village_head", "active": "on"}
    bad = admin.post(where(Contact, "add"), words | {"numbers": "ask at the shop"})
    assert "numbers" in wrong_in(bad)
    admin.post(where(Contact, "add"), words | {"numbers": "0812-3098-7731\n113"})
    contact = Contact.objects.get(code="KLEBUN-1")
    assert contact.numbers == ["+6281230987731", "113"]
    assert "Umar" not in last_facts()[0].body
    assert "812309" not in last_facts()[0].body


def test_the_settings_say_what_a_page_may_ask_the_browser_for(admin):
    policy = admin.get(reverse("admin:index"))["Permissions-Policy"]
    assert "geolocation=(self)" in policy
    assert "microphone=()" in policy


def test_of_two_who_edit_a_person_at_once_neither_undoes_the_change_of_the_other(admin):
    row = User.objects.get(username="dispatcher")
    address = where(User, "change", row.pk)
    form = admin.get(address).context["adminform"].form
    seen = {f"initial-{name}": form[name].value() for name in form.fields}
    posted = {name: form[name].value() for name in form.fields}
    both = {name: value for name, value in (seen | posted).items() if value is not None}
    assert b'name="initial-name"' in admin.get(address).content
    change_person(actor=person("admin"), user=row.pk, changes={"name": "Renamed", "email": "a@b.id"})
    other = admin.post(address, both | {"pbx_agent": "4711"})
    assert other.status_code == 302
    row.refresh_from_db()
    assert (row.name, row.email, row.pbx_agent) == ("Renamed", "a@b.id", "4711")
    refused = admin.post(address, both | {"name": "Mine", "pbx_agent": "4711"})
    assert "meanwhile to: Renamed" in str(wrong_in(refused)["name"])
    again = {name: value for name, value in refused.context["adminform"].form.data.items() if value}
    assert admin.post(address, again | {"roles": ["dispatcher"]}).status_code == 302
    row.refresh_from_db()
    assert row.name == "Mine"


@pytest.mark.parametrize("username", ["admin", "auditor"])
def test_no_list_shows_by_its_address_how_a_secret_begins(db, username):
    reader = signed_in(username)
    for model, asked in ((User, "password__startswith=pbkdf2"), (ApiKey, "digest__startswith=a"), (User, "password=x")):
        assert reader.get(f"{where(model)}?{asked}").status_code == 400
    chosen = reader.get(f"{where(User)}?role=crew&agency=DAMKAR&state=open&q=a&o=1&p=1&_popup=1&all=")
    assert chosen.status_code == 200
