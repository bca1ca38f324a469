"""Tables in and out: CSV with a dry run, what is wrong by row and column, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from import_export.results import Result
from tablib import Dataset

from accounts.actions import note_export
from accounts.admin.resources import Table, TakenBackError
from accounts.admin.settings import SettingsAdmin, actor_of, shown_once
from accounts.training import is_training
from core import clock, events, sheets

LARGEST_BYTES = 512 * 1024
MOST_ROWS = 1_000
LONGEST_LOOK_SECONDS = 3600
MOST_SHOWN = 500


class FileForm(forms.Form):
    """Which table to look at."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "CSV as a spreadsheet saves it; the first row names the columns. "
            "At most 512 KiB. First it is only looked at."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        """The text of the file, whatever its encoding."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise ValidationError(_("The file is too large: divide it into files of at most 512 KiB."))
        try:
            return sheets.decode(file.read())
        except sheets.BadSheet as wrong:
            raise ValidationError(str(wrong)) from None


class TableAdmin(SettingsAdmin):
    """Settings that travel as a table as well. Its columns are the form's fields, except `not_in_table`.

    key_column: the column of the database that `key` is, where it has another name.
    most_changes: how many rows that there are may change at once. Each is locked until all are taken, and others who
    work with them wait: a dispatcher for three seconds at most.
    """

    change_list_template = "admin/table_list.html"
    not_in_table: ClassVar[tuple[str, ...]] = ()
    key_column: ClassVar[str] = ""
    most_changes: ClassVar[int] = MOST_ROWS

    def lock(self, names: Collection[str]) -> None:
        """Lock the rows of these names that others lock too, in the order that all do."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order; `key` must be one."""
        return [name for name in self.form.base_fields if name not in self.not_in_table]

    def get_urls(self) -> list[URLPattern]:
        """The table's ways in and out, beside the others."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("import/", self.admin_site.admin_view(self.import_view), name=f"{name}_import"),
            path("export/", self.admin_site.admin_view(self.export_view), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The whole table as the reader sees it; the log has that they took it.

        As a spreadsheet in the reader's language opens it: in Indonesian semicolons between cells, commas in numbers.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = list(self.get_queryset(request).order_by(self.key_column or self.key))
        table = Table(self, actor_of(request))
        comma = (get_language() or "").startswith("id")
        dataset = Dataset(*(table.exported(row, comma=comma) for row in rows), headers=self.columns)
        note_export(actor=actor_of(request), table=self.opts.label_lower, rows=len(rows))
        text: str = dataset.export("csv", delimiter=";" if comma else ",")
        response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
        mark = "training-" if is_training() else ""
        name = f"{mark}{self.opts.model_name}-{localtime(clock.now()):%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a file, see what it would change, then let it: the very text that was looked at."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "seen" in request.POST:
            return self._take(request)
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._show(request, form, str(form.cleaned_data["file"]))
        return self._page(request, form, status=400 if form.errors else 200)

    def _show(self, request: HttpRequest, form: FileForm, text: str) -> HttpResponse:
        result, table = self._run(request, text, keep=False)
        good = not wrong_with(result, table) and result.total_rows > 0
        seen = signing.dumps(text, salt=self._salt(request), compress=True) if good else None
        return self._page(request, form, status=200 if good else 422, result=result, table=table, seen=seen)

    def _take(self, request: HttpRequest) -> HttpResponse:
        try:
            text: str = signing.loads(request.POST["seen"], salt=self._salt(request), max_age=LONGEST_LOOK_SECONDS)
        except signing.BadSignature:
            form = FileForm()
            return self._page(request, form, status=400, stale=True)
        result, table = self._run(request, text, keep=True)
        if wrong_with(result, table):
            return self._page(request, FileForm(), status=422, result=result, table=table)
        done = _("Imported: %(new)s new, %(changed)s changed, %(same)s unchanged.")
        self.message_user(request, done % counts_of(result))
        if table.secrets:
            return shown_once(self, request, table.secrets)
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _run(self, request: HttpRequest, text: str, *, keep: bool) -> tuple[Result, Table]:
        """Take a table row by row, each in its own savepoint; it stays only where `keep` and all is right.

        Before anything is locked for long the whole of it is looked at, which holds each row for a moment.
        """
        table = Table(self, actor_of(request), only_look=not keep)
        dataset, fault = self._read(text, table)
        changed: list[str] = []
        if keep and not fault:
            looked, look = self._run(request, text, keep=False)
            if wrong_with(looked, look):
                return looked, look
            changed = [row.named for row in looked.rows if row.is_update()]
        if fault:
            result = Result()
            result.append_base_error(fault)
            return result, table
        try:
            with events.transaction():
                if changed:
                    self.lock(changed)
                result = table.import_data(dataset, use_transactions=True, rollback_on_validation_errors=True)
                if not keep or wrong_with(result, table):
                    raise TakenBackError  # noqa: TRY301 - what ends the write
        except TakenBackError:
            pass
        if result.totals["update"] > self.most_changes:
            words = _("At most %s rows can change at once, since others work with them: divide the table.")
            result.append_base_error(words % self.most_changes)
        return result, table

    def _read(self, text: str, table: Table) -> tuple[Dataset, str]:
        """The rows in a text, and what is wrong with them as a whole."""
        known = {sheets.column_key(name): name for name in self.columns}
        try:
            sheet = sheets.read(text)
            names = [known.get(sheets.column_key(name), name) for name in sheet.columns]
            fault = next(self._faults(names), "")
            rows = [] if fault else list(islice(sheet.rows, MOST_ROWS + 1))
        except sheets.BadSheet as wrong:
            return Dataset(), str(wrong)
        if not fault and not rows:
            fault = _("There is no row in it: the first one names the columns, the others follow.")
        if len(rows) > MOST_ROWS:
            fault = _("A table has at most %s rows: divide it.") % MOST_ROWS
        table.numbers = [number for number, _cells in rows]
        table.lines = [dict(zip(names, cells, strict=True)) for _number, cells in rows]
        return Dataset(*(cells for _number, cells in rows), headers=names), fault

    def _faults(self, names: Sequence[str]) -> Iterator[str]:
        """What is wrong with the names of the columns; nothing where there is none."""
        strange = [name for name in names if name not in self.columns]
        if strange:
            words = _("There are no such columns: %(strange)s. There are: %(known)s.")
            yield words % {"strange": sheets.listed(strange), "known": ", ".join(self.columns)}
        if names and self.key not in names:
            yield _("The column %s is missing: it says which row is meant.") % self.key
        if len(set(names)) != len(names):
            yield _("A column stands there twice.")

    def _page(self, request: HttpRequest, form: FileForm, *, status: int, **more: Any) -> HttpResponse:
        result: Result | None = more.get("result")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import: %s") % self.opts.verbose_name_plural,
            "opts": self.opts,
            "form": form,
            "columns": [(name, self.form.base_fields[name]) for name in self.columns],
            "key": self.key,
            **more,
        }
        if result is not None:
            wrong = wrong_with(result, more["table"])
            rows = [row for row in result.rows if not row.is_skip()]
            context |= {"wrong": wrong[:MOST_SHOWN], "wrong_count": len(wrong), "changes": rows[:MOST_SHOWN],
                        "more_changes": max(0, len(rows) - MOST_SHOWN), "counts": counts_of(result)}  # fmt: skip
        return TemplateResponse(request, "admin/import.html", context, status=status)

    def _salt(self, request: HttpRequest) -> str:
        """What was looked at is taken only for this table and from whom it was shown to."""
        return f"admin.import:{self.opts.label_lower}:{actor_of(request).ref}"


def wrong_with(result: Result, table: Table) -> list[tuple[int | None, str, str, str]]:
    """(row, column, value, message) of all that is wrong; rows as a spreadsheet counts them, the head is one."""
    found: list[tuple[int | None, str, str, str]] = [(None, "", "", str(fault)) for fault in result.base_errors]
    for invalid in result.invalid_rows:
        number, cells = table.numbers[invalid.number - 1], table.lines[invalid.number - 1]
        for column, messages in invalid.error_dict.items():
            name = "" if column == "__all__" else column
            found += [(number, name, sheets.quoted(cells.get(name, "")), message) for message in messages]
    for broken in result.error_rows:
        found += [(table.numbers[broken.number - 1], "", "", str(fault.error)) for fault in broken.errors]
    return found


def counts_of(result: Result) -> dict[str, int]:
    """How many rows are new, changed and as they were."""
    totals = result.totals
    return {"new": totals["new"], "changed": totals["update"], "same": totals["skip"]}
