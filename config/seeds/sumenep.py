"""Sumenep for the training place: stations, units, agency desks and people. The units and people are invented."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password

from accounts.models import Agency, Centre, Desk, User
from accounts.training import DEMO_PASSWORD
from core.data_files import insert_missing, rows
from units.models import Position, Station, Unit
from units.states import UnitStatus


def load_stations(centre: Centre) -> list[Station]:
    """Add the stations that are missing; returns them."""
    agency = _agencies(centre)
    return insert_missing(
        [
            Station(
                centre=centre,
                agency=agency[row["agency"]],
                code=row["code"],
                name=row["name"],
                lat=float(row["lat"]),
                lng=float(row["lng"]),
            )
            for row in rows("sumenep/stations.csv")
        ],
        "code",
        centre=centre,
    )


def load_units(centre: Centre, *, by: str, at: datetime) -> list[Unit]:
    """Add the units that are missing, each available at its station; returns them.

    by: the actor as the log names it. at: since when they stand there.
    """
    agency = _agencies(centre)
    station = {station.code: station for station in Station.objects.filter(centre=centre)}
    units = insert_missing(
        [
            Unit(
                centre=centre,
                agency=agency[row["agency"]],
                station=station[row["station"]],
                callsign=row["callsign"],
                kind=row["kind"],
                capabilities=row["capabilities"].split(),
                status=UnitStatus.AVAILABLE_STATION,
                status_at=at,
                crew=int(row["crew"]),
                created_by=by,
            )
            for row in rows("sumenep/units.csv")
        ],
        "callsign",
        centre=centre,
    )
    Position.objects.bulk_create(
        Position(
            unit=unit,
            lat=unit.station.lat,
            lng=unit.station.lng,
            track_lat=unit.station.lat,
            track_lng=unit.station.lng,
            fix_at=at,
            received_at=at,
        )
        for unit in units
        if unit.station
    )
    return units


def load_desks(centre: Centre) -> list[Desk]:
    """Add a desk for each agency that has units, where missing; returns them."""
    agency = _agencies(centre)
    return insert_missing(
        [
            Desk(centre=centre, agency=agency[row["agency"]], code=row["code"], name=row["name"])
            for row in rows("sumenep/desks.csv")
        ],
        "code",
        centre=centre,
    )


def load_people(centre: Centre, *, at: datetime) -> list[User]:
    """Add the demo people who are missing, with the demo password; returns them. at: since when they exist."""
    known = {username.lower() for username in User.objects.values_list("username", flat=True)}
    missing = [row for row in rows("sumenep/demo_people.csv") if row["username"] not in known]
    if not missing:
        return []
    taken = set(User.objects.values_list("pbx_agent", flat=True))
    agency = _agencies(centre)
    unit = dict(Unit.objects.filter(centre=centre).values_list("callsign", "id"))
    password = make_password(DEMO_PASSWORD)  # once: a slow hash for each of them would protect nothing
    return User.objects.bulk_create(
        User(
            username=row["username"],
            name=row["name"],
            password=password,
            centre=centre,
            roles=row["roles"].split(),
            agency=agency[row["agency"]] if row["agency"] else None,
            unit_id=unit[row["unit"]] if row["unit"] else None,
            language=row["language"],
            pbx_agent=row["pbx_agent"] if row["pbx_agent"] not in {"", *taken} else None,
            created_at=at,
        )
        for row in missing
    )


def _agencies(centre: Centre) -> dict[str, Agency]:
    return {agency.code: agency for agency in Agency.objects.filter(centre=centre)}
