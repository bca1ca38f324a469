"""Tables of settings: out, and in again with a dry run, what is wrong by row and column, all or nothing."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.admin.resources import Table
from accounts.models import Agency, User
from alarms.models import Policy
from config.admin import site
from core.models import Event
from directory.models import Contact
from tests.config.test_admin import signed_in, where
from tests.statements import record_statements
from units.admin import UnitAdmin
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return signed_in("admin")


HEAD = "callsign,agency,kind,capabilities,station,crew,active\n"


def upload(client, model, text):
    file = SimpleUploadedFile("table.csv", text.encode(), content_type="text/csv")
    return client.post(where(model, "import"), {"file": file})


def take(client, model, looked):
    return client.post(where(model, "import"), {"seen": looked.context["seen"]})


def table_of(client, model):
    return client.get(where(model, "export")).content.decode("utf-8-sig")


def test_a_dry_run_shows_what_would_change_and_writes_nothing(admin):
    before = Event.objects.count()
    looked = upload(
        admin,
        Unit,
        HEAD
        + "E01,DAMKAR,fire_engine,fire_engine rescue,DMK-KOTA,4,yes\n"
        + "DMK1,DAMKAR,fire_engine,rescue fire_engine,DMK-KOTA,6,yes\n",
    )
    assert looked.status_code == 200
    assert looked.context["counts"] == {"new": 1, "changed": 1, "same": 0}
    words = looked.content.decode()
    assert ">E01 " in words
    assert "<del>fire_engine rescue</del>" in words
    assert not Unit.objects.filter(callsign="E01").exists()
    assert Event.objects.count() == before
    taken = take(admin, Unit, looked)
    assert taken["Location"] == where(Unit)
    assert Unit.objects.get(callsign="E01").crew == 4
    assert Unit.objects.get(callsign="DMK1").crew == 6
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True)[before:])
    assert kinds == ["unit.registered", "unit.changed"]


def test_what_is_wrong_is_listed_by_row_and_column_and_nothing_is_taken(admin):
    table = HEAD + (
        "E01,DAMKAR,fire_engine,fire_engine,DMK-KOTA,4,yes\n"
        "E 02,DAMKAR,fire_engine,fire_engine,DMK-KOTA,4,yes\n"
        "E03,NOBODY,fire_engine,rocket,DMK-KOTA,many,perhaps\n"
        "E01,DAMKAR,fire_engine,fire_engine,DMK-KOTA,4,yes\n"
    )
    looked = upload(admin, Unit, table)
    assert looked.status_code == 422
    assert {(row, column) for row, column, _value, _message in looked.context["wrong"]} == {
        (3, "callsign"), (4, "agency"), (4, "capabilities"), (4, "crew"), (4, "active"), (5, "callsign"),
    }  # fmt: skip
    assert all(message for _row, _column, _value, message in looked.context["wrong"])
    assert looked.context["seen"] is None
    assert not Unit.objects.filter(callsign="E01").exists()


def test_what_has_become_wrong_since_it_was_looked_at_takes_nothing(admin):
    looked = upload(admin, User, "username,name,roles,pbx_agent\nani,Ani,call_taker,901\nbudi,Budi,dispatcher,902\n")
    assert looked.status_code == 200
    User.objects.filter(username="crew").update(pbx_agent="902")
    taken = take(admin, User, looked)
    assert [(row, column) for row, column, _value, _message in taken.context["wrong"]] == [(3, "")]
    assert not User.objects.filter(username__in=["ani", "budi"]).exists()


def test_people_who_come_by_table_get_their_passwords_shown_once(admin):
    taken = take(admin, User, upload(admin, User, "username,name,roles\nani,Ani,call_taker\nbudi,Budi,dispatcher\n"))
    assert [who for who, _what in taken.context["secrets"]] == ["ani", "budi"]
    for who, what in taken.context["secrets"]:
        assert User.objects.get(username=who).check_password(what)


@pytest.mark.parametrize(
    "model", [model for model, page in site._registry.items() if hasattr(page, "import_view")], ids=lambda m: m.__name__
)
def test_a_table_that_comes_back_as_it_went_changes_nothing(admin, model):
    Contact.objects.create(
        centre=User.objects.get(username="admin").centre, code="PLN", name="=1+1; @x;-y",
        numbers=["+6281230987731", "123"], changed_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    table = table_of(admin, model)
    assert len(list(csv.reader(io.StringIO(table)))) > 1
    if model is Contact:
        assert "'=1+1; '@x;'-y" in table
        assert "+6281230987731; 123" in table
    looked = upload(admin, model, table)
    assert looked.context.get("wrong") == []
    assert looked.context["counts"]["new"] == looked.context["counts"]["changed"] == 0


def test_a_rule_comes_by_table_as_its_next_version(admin):
    take(admin, Policy, upload(admin, Policy, "rule;after_1\n2;45 90 180\n"))
    assert Policy.objects.get(rule=2, current=True).definition["after_seconds"] == {"1": [45, 90, 180]}
    looked = upload(
        admin, Policy, "rule,name_id,name_en,roles_1,after_any,again_1,again_any\n14,a,b,dispatcher,60,60,60\n"
    )
    assert [(row, column) for row, column, _value, _message in looked.context["wrong"]] == [(2, "rule")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "callsign\n",
        "unit,agency\nE01,DAMKAR\n",
        "kind\ncar\n",
        "callsign,callsign\nE01,E02\n",
        "callsign\nE01,x,y\n",
        "callsign,agency\nE\x0001,DAMKAR\n",
    ],
)
def test_what_is_no_table_is_refused_as_such(admin, text):
    answer = upload(admin, Unit, text)
    assert answer.status_code in {400, 422}
    assert answer.context["wrong"] if answer.status_code == 422 else answer.context["form"].errors


def test_what_was_shown_to_somebody_else_or_was_changed_is_not_taken(admin):
    looked = upload(admin, Agency, "code,name\nTAGANA,Tagana\n")
    assert admin.post(where(Agency, "import"), {"seen": looked.context["seen"] + "x"}).status_code == 400
    assert admin.post(where(Unit, "import"), {"seen": looked.context["seen"]}).status_code == 400
    assert not Agency.objects.filter(code="TAGANA").exists()


def test_an_export_is_in_the_log_and_an_agency_takes_its_own_units_alone(admin):
    table = table_of(signed_in("damkar"), Unit)
    assert "DMK1" in table
    assert "PSC1" not in table
    fact = Event.objects.latest("seq")
    assert (fact.kind, fact.data["table"]) == ("table.exported", "units.unit")
    assert fact.data["rows"] == Unit.objects.filter(agency__code="DAMKAR").count()


FREE = """SELECT count(*) FROM (
    SELECT 1 FROM units_unit WHERE callsign IN ('DMK1', 'DMK2') FOR NO KEY UPDATE SKIP LOCKED) AS free"""


def test_a_look_at_a_table_leaves_no_unit_locked(admin, monkeypatch):
    """A dispatcher's connection asks after each row."""
    dispatcher = connection.copy()
    free = []
    after = Table.after_import_row

    def look(table, row, result, **named):
        with dispatcher.cursor() as cursor:
            cursor.execute(FREE)
            free.append(cursor.fetchone()[0])
        return after(table, row, result, **named)

    monkeypatch.setattr(Table, "after_import_row", look)
    rows = [f"{name},DAMKAR,fire_engine,fire_engine,DMK-KOTA,7,yes\n" for name in ("DMK1", "DMK2")]
    try:
        looked = upload(admin, Unit, HEAD + "".join(rows))
        assert looked.context["counts"]["changed"] == 2
        assert free == [2, 2]
        take(admin, Unit, looked)
        assert free[2:4] == [2, 2]  # looked at once more before anything is held
        assert free[4:] == [0, 0]
    finally:
        dispatcher.close()


def test_a_table_of_what_dispatchers_work_with_changes_few_rows_at_once(admin, monkeypatch):
    monkeypatch.setattr(UnitAdmin, "most_changes", 1)
    rows = [f"{name},DAMKAR,fire_engine,fire_engine,DMK-KOTA,7,yes\n" for name in ("DMK1", "DMK2")]
    looked = upload(admin, Unit, HEAD + "".join(rows))
    assert looked.status_code == 422
    assert "divide the table" in looked.content.decode()
    looked = upload(admin, Unit, HEAD + rows[0])
    with record_statements() as statements:
        assert take(admin, Unit, looked)["Location"] == where(Unit)
    locks = [each for each in statements.seen if "FOR NO KEY UPDATE" in each and "units_unit" in each]
    assert "ORDER BY" in locks[1]  # by id, after the one of the look


def test_a_thousand_people_are_made_in_a_moment_and_a_table_asks_for_no_row_s_unit(admin):
    head = "username,name,roles\n"
    looked = upload(admin, User, head + "".join(f"new{n:03},New {n},dispatcher\n" for n in range(40)))
    assert take(admin, User, looked).status_code == 200
    new = User.objects.get(username="new007")
    assert new.password.split("$")[1] == "1000"  # of 80 bits and for one sign-in
    assert new.password_once
    with record_statements() as statements:
        admin.get(where(User, "export"))
    assert len(statements.seen) < 25
