"""The mail of a training site: kept and shown, never sent."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from core import clock
from core.models import KeptMail

MOST = 500  # mails that are kept, the newest
LONGEST = 20_000  # characters of a mail's text


class KeptMailBackend(BaseEmailBackend):
    """Django's mail backend of a training site. It writes each mail to `KeptMail`, from where the site shows it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails and delete all but the newest; returns how many were kept."""
        now = clock.now()
        KeptMail.objects.bulk_create(
            KeptMail(
                at=now,
                recipients=mail.recipients(),
                subject=str(mail.subject)[:LONGEST],
                text=str(mail.body)[:LONGEST],
            )
            for mail in email_messages
        )
        older = KeptMail.objects.order_by("-id").values_list("id", flat=True)[MOST : MOST + 1].first()
        if older is not None:
            KeptMail.objects.filter(id__lte=older).delete()
        return len(email_messages)
