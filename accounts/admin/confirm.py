"""Acts that are asked once and then done: revoking, ending, taking out. Not a change of a row's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.admin.settings import SettingsAdmin
from core.errors import DomainError
from core.problems import form_errors


def ask_once(
    admin: SettingsAdmin,
    request: HttpRequest,
    row_id: Any,
    *,
    question: str,
    consequence: str,
    verb: str,
    done: str,
    act: Callable[[Any], object],
) -> HttpResponse:
    """A page that describes an action and runs it on confirmation; a refusal is shown on the list.

    question, done: with %s for the row. verb: what stands on the button.
    """
    if not admin.has_add_permission(request):
        raise PermissionDenied
    row = admin.get_object(request, str(row_id))
    back = redirect(reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_changelist"))
    if row is None:
        return back
    if request.method != "POST":
        context = {
            **admin.admin_site.each_context(request),
            "title": question % row,
            "consequence": consequence,
            "verb": verb,
            "opts": admin.opts,
        }
        return TemplateResponse(request, "admin/ask.html", context)
    name = str(row)
    try:
        act(row)
    except DomainError as refusal:
        admin.message_user(request, " ".join(message for _field, message in form_errors(refusal)), level="error")
        return back
    admin.message_user(request, done % name)
    return back
