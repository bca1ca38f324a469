"""The shipped data is whole, agrees with the code and the map, and loads without touching what a site made its own."""

from __future__ import annotations

from collections import Counter

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from shapely.geometry import Point, shape

from accounts.models import Agency, Centre, Desk, User
from accounts.roles import Role
from accounts.training import DEMO_PASSWORD
from alarms.messages import TITLES
from alarms.models import Policy
from alarms.policies import again_seconds, kind_of, level_seconds, roles_of
from calls.states import CHOSEN, STRIKES, Disposition
from config.checks import problem
from config.registry import registry
from config.seeds.load import FACT, load
from core.data_files import document, flag, rows
from core.models import Event
from dispatch.event_messages import RULE_NAMES
from places.models import Area
from plans.models import IncidentDisposition, IncidentType, ResponsePlan
from units.models import Capability, Position, Station, Unit
from units.states import UnitStatus
from web.console import NOISE

pytestmark = pytest.mark.django_db
ORDER_OF_GROUPS = "MFKBLSHOUX"


def forget_the_load() -> None:
    """As after an upgrade: the files are of another version than the one that was loaded."""
    centre = Centre.objects.get()
    Event(
        seq=Event.objects.count() + 1_000,
        at=Event.objects.latest("seq").at,
        recorded_at=Event.objects.latest("seq").recorded_at,
        actor="system:defaults",
        kind=FACT,
        subjects=[f"centre:{centre.id}"],
        data={"version": "older", "with_people": True},
        body="",
        hash=b"",
    ).save(force_insert=True)


def test_the_taxonomy_has_66_types_in_10_groups() -> None:
    codes = list(IncidentType.objects.values_list("code", "group"))
    assert len(codes) == 66
    assert {group for _, group in codes} == set(ORDER_OF_GROUPS)
    assert all(code[0] == group for code, group in codes)
    assert Counter(group for _, group in codes)["M"] == 13


def test_the_types_carry_what_d2_defines_for_them() -> None:
    fire = IncidentType.objects.get(code="F01")
    assert (fire.priority, fire.lead, fire.support) == (1, ["DAMKAR"], ["PSC119", "PLN", "POLRES", "PDAM"])
    assert fire.on_scene_update_seconds == 900
    assert fire.name_en == "Structure fire"
    restricted = IncidentType.objects.filter(restricted=True).order_by("code")
    assert [each.code for each in restricted] == ["S04", "S05", "S08"]
    assert set(IncidentType.objects.filter(now=True).values_list("code", flat=True)) == {"M01", "L01"}
    assert set(IncidentType.objects.filter(sea=True).values_list("code", flat=True)) == {"L01", "L02", "L03", "L04"}
    assert IncidentType.objects.get(code="X00").priority == 2
    assert IncidentType.objects.get(code="S01").on_scene_update_seconds == 600
    assert IncidentType.objects.get(code="U01").on_scene_update_seconds == 7200


def test_every_type_has_both_names_and_a_known_agency() -> None:
    agencies = set(Agency.objects.values_list("code", flat=True)) | {"ALL"}
    for each in IncidentType.objects.all():
        assert each.name_id, each.code
        assert each.name_en, each.code
        assert 1 <= each.priority <= 5
        assert {*each.lead, *each.support} <= agencies, each.code
        assert each.lead or each.code == "X00"


def test_21_agencies_have_15_capabilities_between_them() -> None:
    assert Agency.objects.count() == 21
    known = set(Capability.objects.values_list("code", flat=True))
    assert len(known) == 15
    held = {code for agency in Agency.objects.all() for code in agency.capabilities}
    assert held == known
    assert Agency.objects.get(code="DAMKAR").capabilities == ["fire_engine", "tanker", "ladder", "rescue"]
    assert Agency.objects.get(code="KSOP").capabilities == []


def test_every_plan_needs_only_what_exists_and_tasks_only_who_exists() -> None:
    capabilities = set(Capability.objects.values_list("code", flat=True))
    agencies = set(Agency.objects.values_list("code", flat=True)) | {"ALL"}
    plans = ResponsePlan.objects.prefetch_related("needs")
    assert len(plans) == 65
    for plan in plans:
        assert plan.tasks, plan
        assert set(plan.tasks) <= agencies, plan
        assert {need.capability for need in plan.needs.all()} <= capabilities, plan


def test_the_plans_of_d10() -> None:
    def needs(code: str) -> list[tuple[str, int]]:
        plan = ResponsePlan.objects.get(type_id=code)
        return [(need.capability, need.count) for need in plan.needs.all()]

    assert needs("F01") == [("fire_engine", 2), ("ambulance", 1)]
    assert needs("M01") == [("ambulance_als", 1)]
    assert needs("K01") == [("police", 1), ("ambulance", 1)]
    assert needs("U05") == []
    assert not ResponsePlan.objects.filter(type_id="X00").exists()
    assert ResponsePlan.objects.get(type_id="X99").tasks == ["BPBD", "ALL"]
    # "DLH/BPBD": the second is asked when the first refuses.
    assert ResponsePlan.objects.get(type_id="B08").tasks == ["DLH", "DAMKAR", "PLN"]
    assert IncidentType.objects.get(code="B08").lead == ["DLH", "BPBD"]


def test_a_plan_and_its_type_name_the_same_agencies() -> None:
    parts: dict[str, dict[str, list[str]]] = {}
    for row in rows("defaults/plans.csv"):
        roles = parts.setdefault(row["type"], {"lead": [], "support": []})
        roles["support" if row["role"] == "support" else "lead"].append(row["agency"])
    for each in IncidentType.objects.exclude(code="X00"):
        assert parts[each.code] == {"lead": each.lead, "support": each.support}


def test_the_escalation_rules_are_those_of_the_document() -> None:
    policy = {each.rule: each for each in Policy.objects.all()}
    assert set(policy) == {each["rule"] for each in document("defaults/escalation_rules.json")["rules"]}
    assert level_seconds(policy[1], None) == [10, 15, 30]
    assert level_seconds(policy[2], 1) == [60, 90, 180]
    assert level_seconds(policy[2], 2) == []
    assert level_seconds(policy[3], 2) == [90, 180, 300]
    assert level_seconds(policy[4], 3) == [300, 600, 1800]
    assert level_seconds(policy[5], 1) == [30, 60, 120]
    assert level_seconds(policy[5], 5) == []
    assert level_seconds(policy[6], 2) == [180, 360]
    assert level_seconds(policy[7], 2) == [2400, 3600, 4800]
    assert level_seconds(policy[7], 2, "35.29.02") == level_seconds(policy[7], 1) == [900, 1350, 1800]
    assert level_seconds(policy[7], 1, "untimed") == [1800, 3600, 5400]
    assert level_seconds(policy[9], 1) == [0, 10, 30]
    assert level_seconds(policy[11], 2) == [60, 120, 300]
    assert level_seconds(policy[11], 4) == [120, 300, 600]
    assert level_seconds(policy[19], None) == [0, 300, 900]
    assert (level_seconds(policy[20], 1), level_seconds(policy[20], 2)) == ([15, 30], [30, 60])
    assert again_seconds(policy[2], 1) == 120
    assert again_seconds(policy[1], None) == 300


def test_each_shipped_rule_is_watched_and_has_its_name_in_messages_and_events() -> None:
    rules = {each["rule"] for each in document("defaults/escalation_rules.json")["rules"]}
    assert [rule for rule in rules if kind_of(rule) not in registry.timers] == []
    assert rules - TITLES.keys() == set()
    assert rules - RULE_NAMES.keys() == set()


def test_every_level_notifies_somebody_and_none_comes_before_the_one_below() -> None:
    for policy in Policy.objects.all():
        for priority in (None, 1, 2, 3, 4, 5):
            seconds = level_seconds(policy, priority)
            assert seconds == sorted(set(seconds)), (policy, priority)
            assert all(roles_of(policy, level) for level in range(1, len(seconds) + 1)), (policy, priority)


def test_the_dispositions_agree_with_the_code() -> None:
    shipped = {row["code"]: row for row in rows("defaults/call_dispositions.csv")}
    assert set(shipped) == set(Disposition.values)
    assert {code for code, row in shipped.items() if not flag(row["by_itself"])} == CHOSEN
    assert {code for code, row in shipped.items() if flag(row["strike"])} == STRIKES
    letters = [row["letter"] for row in shipped.values() if row["letter"]]
    assert len(set(letters)) == len(letters)
    assert {code for code, row in shipped.items() if not row["letter"]} == {"E1", "E2", "D2"}
    assert "".join(NOISE.values()).startswith("GOMJKCIXSTB"), "a new letter stands behind those that hands know"


def test_an_incident_can_end_as_handled_or_in_eight_other_ways() -> None:
    assert IncidentDisposition.objects.get(code="handled").name_id == "Tertangani"
    assert IncidentDisposition.objects.filter(active=True).count() == 9


def test_stations_lie_in_the_kecamatan_they_name() -> None:
    kecamatan = {
        feature["properties"]["code"]: shape(feature["geometry"])
        for feature in document("sumenep/kecamatan.geojson")["features"]
    }
    assert len(kecamatan) == 27 == Area.objects.filter(kind="kecamatan").count()
    for row in rows("sumenep/stations.csv"):
        assert kecamatan[row["kecamatan"]].contains(Point(float(row["lng"]), float(row["lat"]))), row["code"]


def test_the_units_can_do_what_their_plans_ask_and_their_agency_has() -> None:
    units = list(Unit.objects.select_related("agency", "station"))
    assert len(units) == 42
    can = Counter(code for unit in units for code in unit.capabilities)
    for plan in ResponsePlan.objects.prefetch_related("needs"):
        for need in plan.needs.all():
            assert can[need.capability] >= need.count, plan
    for unit in units:
        assert not set(unit.callsign) & set(" \t>,?@"), "the command line parts its words by these"
        assert unit.kind == unit.capabilities[0]
        assert unit.agency.capabilities[0] in unit.capabilities or unit.agency.code == "DAMKAR"
        assert unit.station is not None
        assert unit.station.agency_id == unit.agency_id


def test_the_units_stand_at_their_stations() -> None:
    for position in Position.objects.select_related("unit__station"):
        assert position.unit.status == UnitStatus.AVAILABLE_STATION
        assert (position.lat, position.lng) == (position.unit.station.lat, position.unit.station.lng)
    assert Position.objects.count() == Unit.objects.count()


def test_the_demo_people_can_sign_in_and_have_their_roles() -> None:
    people = {person.username: person for person in User.objects.select_related("agency")}
    roles = {name: [Role(role) for role in person.roles] for name, person in people.items()}
    assert roles == {
        "calltaker": [Role.CALL_TAKER],
        "dispatcher": [Role.DISPATCHER],
        "supervisor": [Role.SUPERVISOR],
        "admin": [Role.ADMIN],
        "damkar": [Role.AGENCY_DESK],
        "crew": [Role.CREW],
        "auditor": [Role.AUDITOR],
    }
    assert people["damkar"].agency.code == people["crew"].agency.code == "DAMKAR"
    assert Unit.objects.get(id=people["crew"].unit_id).callsign == "DMK1"
    assert {person.password for person in people.values()} == {people["crew"].password}
    assert check_password(DEMO_PASSWORD, people["crew"].password)


def test_the_old_records_types_map_to_ours() -> None:
    mapped = document("sumenep/incident_type_map.json")
    assert len(mapped) == 15
    assert {each["type"] for each in mapped} <= set(IncidentType.objects.values_list("code", flat=True))


def test_the_load_is_one_fact_that_names_every_unit_it_put_on_the_board() -> None:
    fact = Event.objects.get(kind=FACT)
    assert fact.actor == "system:defaults"
    assert {f"unit:{unit.id}" for unit in Unit.objects.all()} <= set(fact.subjects)
    assert fact.data["added"]["types"] == 66


def test_loading_the_same_files_again_writes_nothing(django_assert_max_num_queries: object) -> None:
    before = Event.objects.count()
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        assert load(people=True) is None
    assert Event.objects.count() == before


def test_a_row_the_site_removed_stays_away_until_the_files_change() -> None:
    Desk.objects.filter(code="CT6").delete()
    assert load(people=True) is None
    assert not Desk.objects.filter(code="CT6").exists()


def test_a_new_version_adds_what_is_missing_and_leaves_what_the_site_edited() -> None:
    Agency.objects.filter(code="DAMKAR").update(name="Damkar Kabupaten")
    IncidentType.objects.filter(code="H03").update(priority=5)
    Unit.objects.filter(callsign="DMK1").update(status=UnitStatus.OUT_OF_SERVICE)
    Desk.objects.filter(code="CT6").delete()
    forget_the_load()

    added = load(people=True)

    assert added is not None
    assert {kind: count for kind, count in added.items() if count} == {"desks": 1}
    assert Agency.objects.get(code="DAMKAR").name == "Damkar Kabupaten"
    assert IncidentType.objects.get(code="H03").priority == 5
    assert Unit.objects.get(callsign="DMK1").status == UnitStatus.OUT_OF_SERVICE
    assert (Centre.objects.count(), Station.objects.count()) == (1, len(rows("sumenep/stations.csv")))


def test_a_live_place_refuses_the_published_password(settings: object) -> None:
    settings.SIGAP_PLACE = "live"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="--people"):
        call_command("load_defaults", "--people")


def test_a_place_may_not_be_exposed_while_somebody_has_the_published_password() -> None:
    reason = problem()
    assert reason is not None
    assert "calltaker" in reason

    for person in User.objects.exclude(username="auditor"):
        person.set_password("lampu hijau di pelabuhan")
        person.save()
    User.objects.filter(username="auditor").update(is_active=False)
    assert problem() is None
