"""The settings' pages: what they show, that actions write, that lists stay quick, that nothing is lost over a refusal."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agency, ApiKey, User
from alarms.models import Policy
from config.admin import site
from core import log
from core.models import Event
from dispatch.models import Contact, IncidentType, ResponsePlan
from units.models import Capability, Station, Unit

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


@pytest.mark.parametrize("model", site._registry, ids=lambda model: model.__name__)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_list_form_and_history_opens_in_both_languages(admin, model, language):
    admin.cookies["django_language"] = language
    User.objects.filter(username="admin").update(language=language)
    for address in (where(model), where(model) + "?q=a", *([where(model, "add")] if model is not Policy else [])):
        answer = admin.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{language}"' in answer.content.decode()
    row = site._registry[model].rows_of(_actor("admin")).first()
    if row is not None:
        for page in ("change", "history"):
            assert admin.get(where(model, page, row.pk)).status_code == 200


def _actor(username):
    from tests.conftest import person

    return person(username)
