"""Sumenep's areas and its gazetteer: official codes and names, facilities and landmarks as somebody entered them."""

from __future__ import annotations

from accounts.models import Centre
from core.data_files import document, insert_missing, rows
from places.gazetteer import settle
from places.models import Area, Place

_OFFICIAL = "Kepmendagri 300.2.2-2430/2025"
_UNOFFICIAL = "unofficial list"
_ENTERED = "as entered, to be checked by the site"
_FACILITIES = {"rs": Place.Kind.HOSPITAL, "puskesmas": Place.Kind.PUSKESMAS}


def load_areas() -> list[Area]:
    """Add the kecamatan, desa and islands that are missing; returns them."""
    kecamatan = [feature["properties"] for feature in document("sumenep/kecamatan.geojson")["features"]]
    desa = [feature["properties"] for feature in document("sumenep/desa.geojson")["features"]]
    added = insert_missing([Area(kind="kecamatan", **properties) for properties in kecamatan], "code")
    return added + insert_missing(
        [
            *(
                Area(
                    code=properties["code"],
                    kind="desa",
                    name=properties["name"],
                    parent_id=properties["kecamatan_code"],
                    lat=properties["lat"],
                    lng=properties["lng"],
                )
                for properties in desa
            ),
            *(
                Area(code=row["code"], kind="island", name=row["name"], lat=float(row["lat"]), lng=float(row["lng"]))
                for row in rows("sumenep/islands.csv")
            ),
        ],
        "code",
    )


def load_places(centre: Centre) -> list[Place]:
    """Add the places of the gazetteer that a centre lacks; returns them."""
    known = set(Place.objects.filter(centre=centre).values_list("code", flat=True))
    wanted = [place for place in (*_areas(centre), *_facilities(centre), *_entered(centre)) if place.code not in known]
    return insert_missing([settle(place) for place in wanted], "code", centre=centre)


def _areas(centre: Centre) -> list[Place]:
    others = {row["code"]: row["other_names"] for row in rows("sumenep/other_names.csv")}
    return [
        Place(
            centre=centre,
            code=area.code,
            kind=area.kind,
            name=area.name,
            other_names=others.get(area.code, ""),
            lat=area.lat,
            lng=area.lng,
            official=True,
            source=_OFFICIAL,
        )
        for area in Area.objects.order_by("code")
    ]


def _facilities(centre: Centre) -> list[Place]:
    return [
        Place(
            centre=centre,
            code=f"FAC-{row['id']}",
            kind=_FACILITIES[row["type"]],
            name=row["name"],
            lat=float(row["lat"]),
            lng=float(row["lng"]),
            source=_UNOFFICIAL,
        )
        for row in rows("sumenep/facilities.csv")
    ]


def _entered(centre: Centre) -> list[Place]:
    files = ((Place.Kind.HARBOUR, "sumenep/harbours.csv"), (Place.Kind.LANDMARK, "sumenep/landmarks.csv"))
    return [
        Place(
            centre=centre,
            code=row["code"],
            kind=kind,
            name=row["name"],
            other_names=row.get("other_words", ""),
            lat=float(row["lat"]),
            lng=float(row["lng"]),
            source=_ENTERED,
            landing_only=kind == Place.Kind.HARBOUR and row["kind"] == "landing",
        )
        for kind, path in files
        for row in rows(path)
    ]
