"""Pages by keyset: everything once, in order, whatever happens meanwhile."""

from __future__ import annotations

import base64

import orjson
import pytest

from accounts.models import Desk
from accounts.queries import default_centre
from core.errors import Invalid
from core.paging import page

pytestmark = pytest.mark.django_db
ORDERS = [("name", "code"), ("-name", "code"), ("-name", "-code"), ("code",), ("-id",)]


@pytest.fixture
def desks():
    centre = default_centre()
    Desk.objects.filter(centre=centre).delete()
    Desk.objects.bulk_create(
        Desk(centre=centre, code=f"P{number:02}", name=f"row {number // 4}") for number in range(25)
    )
    return Desk.objects.filter(centre=centre)


def walk(rows, order, limit):
    cursor, seen = None, []
    while True:
        content = page(rows, order=order, cursor=cursor, limit=limit, forms=lambda found: [desk.code for desk in found])
        assert len(content["items"]) <= limit
        seen += content["items"]
        cursor = content["next"]
        if cursor is None:
            return seen


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 4, 7, 25, 100])
def test_every_row_comes_once_and_in_order(desks, order, limit):
    assert walk(desks, order, limit) == [desk.code for desk in desks.order_by(*order)]


def test_what_comes_in_front_meanwhile_does_not_shift_the_rest(desks):
    first = page(desks, order=("name", "code"), cursor=None, limit=10, forms=list)
    Desk.objects.create(centre=default_centre(), code="A", name="a row in front")
    second = page(desks, order=("name", "code"), cursor=first["next"], limit=10, forms=list)
    assert not set(first["items"]) & set(second["items"])
    assert "A" not in {desk.code for desk in second["items"]}


def test_the_limit_has_a_limit(desks, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(page(desks, order=("code",), cursor=None, limit=10**9, forms=list)["items"]) == 25
    assert len(page(desks, order=("code",), cursor=None, limit=-5, forms=list)["items"]) == 1


def written(value):
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "====", written([]), written(["a"]), written({}), written([1, 2]), written(["a\x00", "b"]), "A" * 9999],
)
def test_a_cursor_written_by_hand_is_refused(desks, cursor):
    with pytest.raises(Invalid, match="bad_cursor"):
        page(desks, order=("name", "code"), cursor=cursor, limit=5, forms=list)
