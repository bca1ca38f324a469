"""The snapshot for a time when the system is down: one file for its owner, with what a desk needs."""

from __future__ import annotations

import io
import re
import stat

import pytest
from django.core.management import CommandError, call_command

from directory.actions import put_contact
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location

pytestmark = pytest.mark.django_db


def test_the_file_has_incidents_units_and_numbers_and_nothing_from_elsewhere(tmp_path, dispatcher, admin, page):
    place = Location(text="Gudang <kayu>, Jl. Trunojoyo", lat=-7.0085, lng=113.862)
    fire, _ = open_incident(actor=dispatcher.at_desk("D1"), location=place, type="F01", narrative="Api di atap")
    assign_unit(actor=dispatcher.at_desk("D1"), incident=fire.id, unit="DMK1")
    secret, _ = open_incident(
        actor=dispatcher.at_desk("D1"), location=Location(text="Rumah korban", lat=-7.01, lng=113.86), type="S04",
        narrative="Korban bersembunyi",
    )  # fmt: skip
    put_contact(actor=admin, code="PLN", changes={"name": "Piket PLN", "numbers": ["123"]})
    path = tmp_path / "deep" / "snapshot.html"
    output = io.StringIO()
    call_command("snapshot", str(path), stdout=output)
    assert output.getvalue().strip() == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["snapshot.html"]
    text = path.read_text(encoding="utf-8")
    for shown in (
        str(fire.number),
        "Gudang &lt;kayu&gt;",
        "Api di atap",
        "DMK1",
        "Piket PLN",
        str(secret.number),
        "LATIHAN",
    ):
        assert shown in text, shown
    for hidden in ("Rumah korban", "bersembunyi", "S04", "KDRT"):
        assert hidden not in text, hidden
    assert not re.search(r"(?:src|href|url)\s*[=(]|<script|@import", text)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.locator("tbody tr").count() > 40
    assert asked == [path.as_uri()]
    call_command("snapshot", str(path), "--language", "en", stdout=output)
    assert "Open incidents" in path.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_reported_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match=r"snapshot\.html"):
        call_command("snapshot", str(tmp_path / "file" / "snapshot.html"))
