"""The second factor: who needs it, how it is set up, given and lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import sign_in_limits
from accounts.actions import (
    add_passkey,
    bridge_factor,
    change_user,
    end_bridge,
    remove_factor,
    start_session,
)
from accounts.models import Centre, FactorBridge, Session, User
from accounts.second_factor import STEP_SECONDS, code_at, factors_of
from accounts.sockets import NOT_ALLOWED, admit
from core import event_log
from core.clock import now
from core.errors import Conflict, Invalid, Refused
from tests.accounts.factors import PASSWORD, SECRET, code_now, enter, set_up
from tests.api_client import Api

pytestmark = pytest.mark.django_db


def kinds(user: object) -> list[str]:
    """What the log has of a person, but for the language that was chosen."""
    return [event.kind for event in event_log.about(f"user:{user}") if event.kind != "user.changed"]


def in_(client: Client) -> bool:
    return client.get("/password/").status_code == 200


@pytest.fixture(autouse=True)
def long_minute(monkeypatch):
    """No test depends on how fast it is."""
    monkeypatch.setattr(sign_in_limits, "MINUTE", 600)


@pytest.fixture
def live(settings):
    settings.SIGAP_PLACE = "live"


def test_a_live_site_lets_a_supervisor_do_nothing_before_a_second_factor_is_set_up(live, supervisor):
    client, answer = enter("supervisor")
    assert answer.status_code == 302
    for address in ("/board/", "/admin/", "/lost-factors/", "/"):
        assert client.get(address)["Location"] == "/second-factor/", address
    program = Api()
    program.client = client
    refused = program.get("incidents")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_to_set_up")
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    assert admit({"headers": [(b"cookie", cookie)]}) == NOT_ALLOWED
    assert "Your role needs a second factor" in client.get("/second-factor/").content.decode()
    page = client.get("/second-factor/app/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert "style=" not in page
    secret = decrypt(client.session["second_factor_secret"])
    assert secret
    assert secret not in str(client.session.items()), "a dump of the database opens nothing"
    assert f"{secret[:4]} {secret[4:8]}" in page
    assert client.post("/second-factor/app/", {"code": "000000"}).status_code == 400
    shown = client.post("/second-factor/app/", {"code": code_at(secret, int(now().timestamp()) // STEP_SECONDS)})
    assert len(re.findall(r"<li>\d{4} \d{4}</li>", shown.content.decode())) == 10
    assert client.get("/board/").status_code == 200
    assert program.get("incidents").status_code == 200
    assert not isinstance(admit({"headers": [(b"cookie", cookie)]}), int)
    assert kinds(supervisor.user)[-3:] == ["session.started", "factor.added", "factor.codes_made"]


@pytest.mark.parametrize(("username", "place"), [("dispatcher", "live"), ("supervisor", "training")])
def test_others_and_training_sites_are_only_offered_one(username, place, settings):
    settings.SIGAP_PLACE = place
    client, _ = enter(username)
    assert client.get("/board/").status_code == 200
    assert 'href="/second-factor/"' in client.get("/board/").content.decode()
    assert client.get("/second-factor/").status_code == 200


def test_a_key_of_an_admins_scope_needs_no_second_factor(live, api):
    assert api(scopes=["admin"]).get("agencies").status_code == 200


def test_a_person_with_an_app_signs_in_in_two_steps_and_each_code_is_good_once(supervisor, clock):
    set_up(supervisor)
    client, answer = enter("supervisor", desk="S1", next="/map/")
    assert answer["Location"] == "/sign-in/factor/"
    assert not in_(client)
    assert client.get("/board/").status_code == 302
    wrong = client.post("/sign-in/factor/", {"code": "12 34 56"})
    assert wrong.status_code == 400
    assert "The code is wrong" in wrong.content.decode()
    code = code_now()
    done = client.post("/sign-in/factor/", {"code": f"{code[:3]} {code[3:]}"})
    assert done["Location"] == "/map/"
    assert client.cookies["desk"].value == "S1"
    assert in_(client)
    assert kinds(supervisor.user)[-2:] == ["factor.used", "session.started"]
    again, _ = enter("supervisor")
    assert again.post("/sign-in/factor/", {"code": code}).status_code == 400, "a code that somebody watched is used up"
    clock.advance(30)
    assert again.post("/sign-in/factor/", {"code": code_now()}).status_code == 302


def test_a_code_half_a_minute_off_is_taken_and_an_older_one_is_not(supervisor, clock):
    set_up(supervisor)
    client, _ = enter("supervisor")
    clock.set(STEP_SECONDS + 1 - now().timestamp() % STEP_SECONDS)  # the beginning of a step
    assert client.post("/sign-in/factor/", {"code": code_now(-3)}).status_code == 400
    assert client.post("/sign-in/factor/", {"code": code_now(-1)}).status_code == 302


def test_a_recovery_code_is_good_once(supervisor):
    first = set_up(supervisor)[0]
    client, _ = enter("supervisor")
    assert client.post("/sign-in/factor/", {"code": f"{first[:4]} {first[4:]}"}).status_code == 302
    assert "9 of 10 unused" in client.get("/second-factor/").content.decode()
    client, _ = enter("supervisor")
    assert client.post("/sign-in/factor/", {"code": first}).status_code == 400


def test_codes_are_tried_five_times_a_minute_by_person_from_wherever(supervisor):
    set_up(supervisor)
    for number in range(6):
        client, _ = enter("supervisor", Client(REMOTE_ADDR=f"198.51.100.{number}", headers={"Accept-Language": "en"}))
        answer = client.post("/sign-in/factor/", {"code": "000000"})
        assert answer.status_code == (400 if number < 5 else 429)
    assert int(answer["Retry-After"]) > 0
    assert "Try again in" in answer.content.decode()
    assert client.post("/sign-in/factor/", {"code": code_now()}).status_code == 429


def test_a_code_that_sets_an_app_up_and_a_password_are_tried_as_seldom(dispatcher):
    client, _ = enter("dispatcher")
    for address, field in (("app/", "code"), ("confirm/", "password")):
        answers = [client.post("/second-factor/" + address, {field: "000000"}) for _ in range(11)]
        assert answers[0].status_code == 400
        assert answers[-1].status_code == 429
        assert f"Try again in {answers[-1]['Retry-After']} s." in answers[-1].content.decode()


def test_the_second_step_is_nothing_without_the_first_and_can_be_given_up(supervisor):
    set_up(supervisor)
    assert Client().get("/sign-in/factor/")["Location"] == "/sign-in/"
    assert Client().post("/sign-in/factor/", {"code": code_now()})["Location"] == "/sign-in/"
    client, _ = enter("supervisor")
    assert client.post("/sign-in/factor/", {"cancel": "1"})["Location"] == "/sign-in/"
    assert client.get("/sign-in/").status_code == 200
    assert client.post("/sign-in/factor/", {"code": code_now()})["Location"] == "/sign-in/"


@pytest.mark.parametrize("answer", ["", "no json", "[]", "{}", '{"id": 1, "response": {}}', "x" * 30_000, '{"id":"é"}'])
def test_any_answer_of_a_browser_is_refused_in_words(answer, supervisor):
    set_up(supervisor)
    client, _ = enter("supervisor")
    assert client.post("/sign-in/factor/", {"credential": answer}).status_code == 400
    inside, _ = enter("dispatcher")
    assert inside.post("/second-factor/passkey/", {"credential": answer}).status_code == 400


def test_setting_one_up_ends_the_other_sessions_and_they_read_why(dispatcher):
    here, _ = enter("dispatcher")
    there, _ = enter("dispatcher")
    here.get("/second-factor/app/")
    session = here.session
    session["second_factor_secret"] = encrypt(SECRET)
    session.save()
    assert here.post("/second-factor/app/", {"code": code_now()}).status_code == 200
    assert in_(here)
    assert not in_(there)
    assert "second factor was set up" in there.get("/sign-in/?next=/board/").content.decode()


def test_a_browser_left_open_changes_nothing_without_the_password(dispatcher):
    client, _ = enter("dispatcher")
    session = client.session
    session["password_at"] -= 3600
    session.save()
    for address in ("app", "passkey"):
        asked = client.get(f"/second-factor/{address}/")["Location"]
        assert asked == f"/second-factor/confirm/?next=%2Fsecond-factor%2F{address}%2F"
    for address in ("codes", "remove", "app", "passkey"):
        assert client.post(f"/second-factor/{address}/").status_code == 403
    assert client.post("/second-factor/confirm/", {"password": "guess"}).status_code == 400
    for given in ("//example.org/", "nowhere", "admin:index"):
        back = client.post(f"/second-factor/confirm/?next={given}", {"password": PASSWORD})
        assert back["Location"] == "/second-factor/"
    assert client.post(asked, {"password": PASSWORD})["Location"] == "/second-factor/passkey/"
    assert client.get("/second-factor/app/").status_code == 200


def test_a_supervisor_who_signed_in_an_hour_ago_comes_back_to_the_lost_factors_after_the_password(supervisor, admin):
    set_up(admin)
    client, _ = enter("supervisor")
    session = client.session
    session["password_at"] -= 3600
    session.save()
    asked = client.get("/lost-factors/")["Location"]
    assert asked == "/second-factor/confirm/?next=%2Flost-factors%2F"
    assert client.post(asked, {"password": PASSWORD})["Location"] == "/lost-factors/"


def test_a_form_that_waited_for_the_password_is_kept_and_done_with_it(supervisor, admin):
    set_up(admin)
    client, _ = enter("supervisor")
    session = client.session
    session["password_at"] -= 3600
    session.save()
    form = {"person": str(admin.user), "reason": 'lost on the "KM Sabuk <b>"', "hours": "4"}
    page = client.post("/lost-factors/", form)
    assert page.status_code == 403
    asking = page.content.decode().partition('<form class="card"')[2]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asking))
    kept = {name: unescape(value) for name, value in hidden.items() if name != "csrfmiddlewaretoken"}
    assert kept == form
    wrong = client.post("/lost-factors/", kept | {"password": "guess"})
    assert wrong.status_code == 400
    assert 'value="4"' in wrong.content.decode()
    assert "guess" not in wrong.content.decode()
    assert not FactorBridge.objects.exists()
    assert client.post("/lost-factors/", kept | {"password": PASSWORD})["Location"] == "/lost-factors/"
    assert FactorBridge.objects.get().reason == form["reason"]
    assert client.get("/lost-factors/").status_code == 200


def test_the_last_factor_stays_where_it_is_needed_and_goes_with_its_codes_elsewhere(supervisor, settings):
    set_up(supervisor)
    user = User.objects.get(pk=supervisor.user)
    settings.SIGAP_PLACE = "live"
    app = factors_of(user).app
    with pytest.raises(Conflict, match="last_factor"):
        remove_factor(actor=supervisor, factor=app.pk)
    add_passkey(actor=supervisor, name="key", credential={})
    remove_factor(actor=supervisor, factor=app.pk)
    settings.SIGAP_PLACE = "training"
    remove_factor(actor=supervisor, factor=factors_of(user).passkeys[0].pk)
    assert not Authenticator.objects.filter(user=user).exists()


def test_secrets_are_not_readable_in_the_database_and_worth_nothing_under_another_key(supervisor, settings):
    codes = set_up(supervisor)
    rows = str(list(Authenticator.objects.values("data")))
    assert SECRET not in rows
    assert codes[0] not in rows
    settings.SECRET_KEY = "another-key-of-fifty-characters-or-more-for-this-test-alone"
    client, _ = enter("supervisor")
    assert client.post("/sign-in/factor/", {"code": code_now()}).status_code == 400
    assert client.post("/sign-in/factor/", {"code": codes[0]}).status_code == 400


def test_a_role_card_asks_for_the_factor_that_somebody_set_up(supervisor):
    set_up(supervisor)
    client = Client()
    assert client.post("/sign-in/as/", {"person": "supervisor"})["Location"] == "/sign-in/factor/"
    assert client.post("/sign-in/factor/", {"code": code_now()})["Location"] == "/"
    assert client.get("/")["Location"] == "/board/"


def test_a_passkey_is_not_offered_where_browsers_make_none(dispatcher):
    client, _ = enter("dispatcher")
    assert "bound to the site" in client.get("/second-factor/passkey/", headers={"Host": "127.0.0.1"}).content.decode()
    assert "data-ask" in client.get("/second-factor/passkey/", headers={"Host": "localhost:8112"}).content.decode()


def test_a_lost_factor_is_bridged_for_one_shift_with_a_name_and_a_reason(live, supervisor, admin):
    set_up(supervisor)
    set_up(admin)
    helper, _ = enter("admin")
    helper.post("/sign-in/factor/", {"code": code_now()})
    form = {"person": str(supervisor.user), "reason": "telephone fell into the sea", "hours": "4"}
    assert helper.post("/lost-factors/", form | {"reason": " "}).status_code == 400
    assert helper.post("/lost-factors/", form | {"hours": "13"}).status_code == 400
    assert helper.post("/lost-factors/", form | {"person": str(admin.user)}).status_code == 400
    assert helper.post("/lost-factors/", form)["Location"] == "/lost-factors/"
    bridge = FactorBridge.objects.get()
    assert timedelta(hours=3, minutes=59) < bridge.ends_at - now() <= timedelta(hours=4)
    client, answer = enter("supervisor")
    assert answer["Location"] != "/sign-in/factor/"
    assert client.get("/board/").status_code == 200
    session = Session.objects.get(session_key=client.cookies["sessionid"].value)
    assert session.expire_date == bridge.ends_at, "the session ends with the bridge"
    assert not client.cookies["sessionid"]["max-age"], "and with the browser, as any other"
    assert kinds(supervisor.user)[-2:] == ["factor.bridge_used", "session.started"]
    assert not any("sea" in event.body for event in event_log.about(f"user:{supervisor.user}"))
    seen = helper.get("/lost-factors/").content.decode()
    assert "fell into the sea" in seen
    assert "used" in seen
    assert 'class="bridged"' in helper.get("/units/").content.decode(), "every supervisor and admin sees it"
    helper.post(f"/lost-factors/{bridge.id}/end/")
    assert not in_(client)
    assert "ended the bridge" in client.get("/sign-in/?next=/board/").content.decode()
    assert enter("supervisor")[1]["Location"] == "/sign-in/factor/"


def test_a_bridge_in_place_of_another_ends_the_sessions_of_that_one(supervisor, admin):
    set_up(supervisor)
    lost = {"actor": admin, "user": supervisor.user, "reason": "lost"}
    bridge_factor(**lost)
    client, _ = enter("supervisor")
    assert in_(client)
    second = bridge_factor(**lost, hours=1)
    assert not in_(client), "it would have lasted twelve hours"
    end_bridge(actor=admin, bridge=second.id)
    assert kinds(supervisor.user).count("factor.bridge_ended") == 2


def test_a_new_factor_ends_the_bridge_of_the_lost_one(supervisor, admin):
    set_up(supervisor)
    bridge_factor(actor=admin, user=supervisor.user, reason="lost")
    assert enter("supervisor")[1]["Location"] != "/sign-in/factor/"
    set_up(supervisor)
    assert enter("supervisor")[1]["Location"] == "/sign-in/factor/"


def test_a_bridge_of_a_closed_account_can_be_ended(supervisor, admin):
    set_up(supervisor)
    bridge = bridge_factor(actor=admin, user=supervisor.user, reason="lost")
    change_user(actor=admin, user=supervisor.user, active=False)
    assert end_bridge(actor=admin, bridge=bridge.id).ended_at is not None


@pytest.mark.parametrize("change", ["a bridge ends", "a factor is set up"])
def test_no_session_starts_without_a_factor_that_has_just_become_needed(change, supervisor, admin, monkeypatch):
    """Another transaction changes that after the sign-in has looked, and before it starts the session."""
    if change == "a bridge ends":
        set_up(supervisor)
        bridge = bridge_factor(actor=admin, user=supervisor.user, reason="lost")

    def meanwhile(*args: object, **named: object) -> object:
        if change == "a bridge ends":
            end_bridge(actor=admin, bridge=bridge.id)
        else:
            set_up(supervisor)
        return start_session(*args, **named)

    monkeypatch.setattr("accounts.allauth_adapter.start_session", meanwhile)
    client, answer = enter("supervisor")
    assert answer.status_code == 403
    assert "Sign in again and give it" in answer.content.decode()
    assert not in_(client)
    assert not Session.objects.filter(user=supervisor.user).exists()


def test_a_bridge_ends_by_itself(supervisor, admin, clock):
    set_up(supervisor)
    bridge_factor(actor=admin, user=supervisor.user, reason="lost", hours=1)
    clock.advance(3600 - 60)
    assert enter("supervisor")[1]["Location"] != "/sign-in/factor/"
    clock.advance(62)
    assert enter("supervisor")[1]["Location"] == "/sign-in/factor/"


def test_who_may_not_bridge_and_what_cannot_be_bridged(live, supervisor, admin, dispatcher, crew):
    lost = {"reason": "lost"}
    for actor in (supervisor, admin):
        with pytest.raises(Refused, match="own_factor"):
            bridge_factor(actor=actor, user=actor.user, **lost)
    for actor in (dispatcher, crew):
        with pytest.raises(Refused, match="not_allowed"):
            bridge_factor(actor=actor, user=supervisor.user, **lost)
    with pytest.raises(Conflict, match="no_factor_to_bridge"):
        bridge_factor(actor=admin, user=dispatcher.user, **lost)
    with pytest.raises(Invalid, match="hours_outside"):
        bridge_factor(actor=admin, user=supervisor.user, hours=13, **lost)
    bridge = bridge_factor(actor=supervisor, user=admin.user, **lost)
    with pytest.raises(Refused):
        end_bridge(actor=crew, bridge=bridge.id)
    assert enter("dispatcher")[0].get("/lost-factors/").status_code == 403
    assert Client().get("/lost-factors/").status_code == 302


def test_the_last_supervisor_gets_in_by_the_machine(supervisor, capsys):
    set_up(supervisor)
    Centre.objects.update(time_zone="Asia/Jayapura")
    call_command("bridge_factor", "supervisor", by="Budi", reason="alone on the night shift", hours=2)
    bridge = FactorBridge.objects.get()
    until = bridge.ends_at.astimezone(ZoneInfo("Asia/Jayapura"))
    assert f"until {until:%Y-%m-%d %H:%M} WIT" in capsys.readouterr().out
    assert (bridge.by, bridge.by_name) == ("system:command", "Budi")
    assert in_(enter("supervisor")[0])
    with pytest.raises(CommandError, match="nobody"):
        call_command("bridge_factor", "nobody", by="Budi", reason="x")
    with pytest.raises(CommandError):
        call_command("bridge_factor", "supervisor", by="Budi", reason="x", hours=13)
