"""A training site sends nothing: its mail is kept and shown, its webhooks reach this machine only."""

from __future__ import annotations

import uuid

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import override_settings

from core.models import KeptMail
from notifications import kept, webhook
from tests.api_client import Api

pytestmark = pytest.mark.django_db
BACKEND = "notifications.kept.KeptMailBackend"


def send(subject):
    mail = EmailMessage(
        subject, "Rule 16 <b>rose</b>.", to=["duty@sumenep.example"], connection=get_connection(BACKEND)
    )
    return mail.send()


def test_a_training_site_uses_the_backend_that_keeps_mail_whatever_the_environment_contains():
    from config import settings  # noqa: PLC0415 - the module as it is, not what the test runner puts over it

    assert settings.SIGAP_PLACE == "training"
    assert settings.EMAIL_BACKEND == BACKEND


def test_a_mail_is_kept_and_shown_to_who_reads_all_settings(auditor, call_taker, agency_desk):
    assert send("Sigap itself is in trouble") == 1
    api = Api()
    api.sign_in(auditor)
    shown = api.client.get("/training/mail/")
    assert shown.status_code == 200
    for text in ("Sigap itself is in trouble", "duty@sumenep.example", "Rule 16 &lt;b&gt;rose&lt;/b&gt;."):
        assert text in shown.content.decode()
    for nobody in (call_taker, agency_desk):  # an agency reads its own settings; the mails are everybody's
        other = Api()
        other.sign_in(nobody)
        assert other.client.get("/training/mail/").status_code == 403
    with override_settings(SIGAP_PLACE="live"):
        assert api.client.get("/training/mail/").status_code == 404


def test_only_the_newest_are_kept(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(5):
        send(f"mail {number}")
    assert list(KeptMail.objects.order_by("id").values_list("subject", flat=True)) == ["mail 2", "mail 3", "mail 4"]


@pytest.mark.parametrize("address", ["https://example.org/hook", "https://192.0.2.1/hook", "https://[2001:db8::1]/"])
def test_a_training_site_calls_no_webhook_beyond_this_machine(address):
    with (
        override_settings(SIGAP_PLACE="training", WEBHOOK_HOSTS={"example.org"}),
        pytest.raises(webhook.Refusal, match="training"),
    ):
        webhook.post(address, b"{}", uuid.uuid4())
