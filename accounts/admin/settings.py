"""What all admin pages share: who may, that an action writes, that nothing is deleted, that the log is shown."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import ModelAdmin, ShowFacets
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.admin.forms import SettingsForm
from accounts.roles import Reach, Right
from core import event_log, events
from core.errors import DomainError, Invalid
from core.types import plain_code

MOST_EVENTS = 500
MOST_BESIDE = 5  # of the last changes, on the page of a row

if TYPE_CHECKING:
    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = ModelAdmin  # generic to the type checker only


class SettingsAdmin(_ModelAdmin):
    """The page of one kind of settings.

    form: a SettingsForm. fixed: fields that stay as they were made. key: the field that names a row (its code).
    subject: how the log names a row ("agency" in "agency:UUID"). centred: whether rows belong to a centre.
    """

    form: type[SettingsForm] = SettingsForm
    actions = None
    list_per_page = 100
    show_full_result_count = False
    view_on_site = False
    save_on_top = False
    show_facets = ShowFacets.NEVER
    object_history_template = "admin/object_history.html"
    change_form_template = "admin/settings_form.html"
    fixed: ClassVar[Sequence[str]] = ("code",)
    key: ClassVar[str] = "code"
    subject: ClassVar[str] = ""
    centred: ClassVar[bool] = True

    @abstractmethod
    def save_with_action(
        self, actor: Actor, row: Any | None, cleaned: dict[str, Any], changed: Collection[str]
    ) -> Model:
        """Save a row, or a new one (None), by an action; returns the row as it is now.

        cleaned: the form's cleaned data. changed: the names of the fields with another value than before.
        """

    # Who may

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the page stands in the list of pages."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Who reads the settings of the whole centre."""
        return actor_of(request).reach(Right.SETTINGS_READ) is Reach.ANY

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who writes the settings of the whole centre."""
        return actor_of(request).reach(Right.SETTINGS_WRITE) is Reach.ANY

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """As for a new one."""
        return actor_of(request).reach(Right.SETTINGS_WRITE) is Reach.ANY

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Nobody: what has been used is closed, since the log names it."""
        return False

    def rows_of(self, actor: Actor) -> QuerySet[Any]:
        """The rows of an actor's centre."""
        found: QuerySet[Any] = self.model._default_manager.all()
        return found.filter(centre=actor.centre) if self.centred else found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the reader may see, in the list's order."""
        return self.rows_of(actor_of(request)).order_by(*(self.get_ordering(request) or ()))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:  # noqa: ARG002
        """Only the list's own filters: Django would let `?password__startswith=` tell a hash letter by letter."""
        return lookup in {each.parameter_name for each in self.get_list_filter(request)}  # type: ignore[union-attr]

    def get_urls(self) -> list[URLPattern]:
        """Django's, but for the ways to delete and the old addresses."""
        left = f"{self.opts.app_label}_{self.opts.model_name}_delete"
        return [url for url in super().get_urls() if url.name not in {left, None}]

    # Writing

    @property
    def form_class(self) -> type[SettingsForm]:
        """The form of this page's model, for a row that comes otherwise than by its page."""
        made: Any = modelform_factory(self.model, form=self.form, fields=())
        form: type[SettingsForm] = made
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        """What stays as it was made."""
        return [name for name in self.fixed if name in self.form.base_fields] if obj is not None else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """All that the form has, in its order."""
        return list(self.form.base_fields)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **named: Any) -> Any:  # noqa: FBT001, FBT002
        """The form, with the action's refusal; its labels stand beside what is only shown, too."""
        named["fields"] = ()  # every field is declared: none is made of the model
        form: Any = super().get_form(request, obj, change=change, **named)
        form.refusal = getattr(request, "refusal", None)
        form._meta.labels = {name: field.label for name, field in self.form.base_fields.items()}
        form._meta.help_texts = {name: field.help_text for name, field in self.form.base_fields.items()}
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One write, all or nothing; what an action refuses is shown on the form, with nothing written."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with events.transaction():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **named: Any
    ) -> HttpResponse:
        """The form, with what its row is used by and its last changes."""
        row = named.get("obj")
        site: Any = self.admin_site
        if row is not None:
            facts = event_log.newest_about(self.subject_of(row), MOST_BESIDE)
            context |= {"uses": site.uses(row), "changes": site.history(facts, actor_of(request).language)}
        offered = {name: field.offers() for name, field in self.form.base_fields.items() if hasattr(field, "offers")}
        context["offers"] = {name: offers for name, offers in offered.items() if offers}
        return super().render_change_form(request, context, *args, **named)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Let the action write."""
        actor = actor_of(request)
        if not change:
            self.require_new(actor, form.cleaned_data)
        row = obj if change else None
        kept = self.save_with_action(actor, row, form.cleaned_data, form.changed_data)
        obj.__dict__.update(kept.__dict__)

    def require_new(self, actor: Actor, cleaned: dict[str, Any]) -> None:
        """Raise Invalid(`code_taken`) where there is such a row already: adding never changes another."""
        if self.key not in cleaned:
            return
        rows = self.model._default_manager.filter(**{f"{self.key}__iexact": plain_code(str(cleaned[self.key]))})
        if (rows.filter(centre=actor.centre) if self.centred else rows).exists():
            raise Invalid.field(self.key, "code_taken")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, under its own name; who may write finds the way in for tables."""
        more = {"title": self.opts.verbose_name_plural, "may_import": self.has_change_permission(request)}
        return super().changelist_view(request, more | (extra_context or {}))

    # The log

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The event log has it: Django's own is not kept."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """As `log_addition`."""

    def subject_of(self, row: Any) -> str:
        """How the log names a row."""
        return f"{self.subject}:{row.pk}"

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The events of a row, newest first."""
        row = self.get_object(request, object_id)
        if row is None:
            redirect: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
            return redirect
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        site: Any = self.admin_site
        history = site.history(event_log.newest_about(self.subject_of(row), MOST_EVENTS), actor_of(request).language)
        context = {
            **site.each_context(request),
            "title": _("History of %s") % row,
            "history": history,
            "object": row,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


def actor_of(request: HttpRequest) -> Actor:
    """Who asks (accounts.pages.decorators has put them there)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def shown_once(admin: SettingsAdmin, request: HttpRequest, secrets: list[tuple[str, str]]) -> HttpResponse:
    """The page that shows what nobody can read again."""
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Shown once"),
        "opts": admin.opts,
        "secrets": secrets,
    }
    response = TemplateResponse(request, "admin/secrets.html", context)
    response["Cache-Control"] = "no-store"
    return response
