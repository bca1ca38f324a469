"""Fields of the admin's forms. Each also writes itself into a cell of a CSV table and reads itself from one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.cells import POWER_OF_TEN, shielded
from core.cleaning import clean, clean_line

Label = Any  # a text or a lazy one: the stubs know a lazy one of their own only
Choices = Callable[[], Iterable[tuple[str, Any]]]
YES = frozenset({"yes", "ya", "y", "1", "true", "benar", "on"})
NO = frozenset({"no", "tidak", "n", "0", "false", "salah", "off", ""})
MOST_NORTH = 90
MOST_NAMED = 30  # codes in an error
DECIMALS = 6  # of a degree in a table: a decimetre, and no more digits than a spreadsheet shows
_SIGNS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-") | dict.fromkeys("\u00b0\u00ba", ""))
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_WHOLE_WITH_ZEROS = re.compile(r"([+-]?\d+)[.,]0+")


class WordField(forms.CharField):
    """A line of text.

    choices: codes with their names that the page offers; others can be written all the same.
    """

    def __init__(
        self, label: Label, *, most: int = 200, needed: bool = True, choices: Choices | None = None, **named: Any
    ) -> None:
        super().__init__(label=label, max_length=most, required=needed, **named)
        self.widget.attrs.setdefault("class", "vTextField")
        self.offered = choices

    def offers(self) -> list[tuple[str, Any]]:
        """What the page offers beside the field: (code, the code with its name)."""
        return list(self.offered()) if self.offered else []

    def to_python(self, value: Any) -> Any:
        """The text as it is kept."""
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class LinesField(WordField):
    """Several texts in order, one a line; in a table divided by semicolons."""

    def __init__(self, label: Label, *, needed: bool = False, most: int = 2000, **named: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})
        super().__init__(label, most=most, needed=needed, widget=widget, **named)

    def prepare_value(self, value: Any) -> Any:
        """The texts below each other."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The texts below each other."""
        return forms.CharField.to_python(self, clean(value) if isinstance(value, str) else value)

    def clean(self, value: Any) -> list[str]:
        """The texts."""
        lines = (line.strip() for line in super().clean(value).splitlines())
        return [line for line in lines if line]


class SeveralField(forms.MultipleChoiceField):
    """Some of many codes, as boxes to tick; in a table divided by blanks. choices: made anew for each form."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Label, choices: Callable[[], Iterable[tuple[str, Any]]], **named: Any) -> None:
        super().__init__(label=label, choices=choices, required=named.pop("needed", False), **named)

    def validate(self, value: Any) -> None:
        """Refuse a code that there is not, naming those that there are."""
        offered: Any = self.choices
        known = [str(code) for code, _name in offered]
        strange = [code for code in value or [] if code not in known]
        if strange:
            raise unknown_code(strange, known)
        super().validate(value)


class PickField(forms.ChoiceField):
    """One of several codes."""

    def __init__(self, label: Label, choices: Callable[[], Iterable[tuple[str, Any]]], **named: Any) -> None:
        super().__init__(label=label, choices=choices, required=named.pop("needed", True), **named)

    def validate(self, value: Any) -> None:
        """Refuse a code that there is not, naming those that there are."""
        offered: Any = self.choices
        known = [str(code) for code, _name in offered]
        if value and value not in known:
            raise unknown_code([value], known)
        super().validate(value)


def unknown_code(codes: Iterable[str], known: Iterable[str]) -> ValidationError:
    """That there are no such codes, with the first of those that there are."""
    there = [code for code in known if code]
    named = ", ".join(there[:MOST_NAMED]) + (" …" if len(there) > MOST_NAMED else "")
    words = _("There is no %(codes)s here. There are: %(known)s.")
    return ValidationError(words, code="invalid_choice", params={"codes": ", ".join(codes), "known": named or "–"})


def labelled(row: Any, code: str) -> str:
    """A code with the name of its row in the reader's language, where it has one."""
    english = (get_language() or "").startswith("en")
    names = ("name_en", "name", "name_id") if english else ("name_id", "name", "name_en")
    name = next((text for text in (getattr(row, each, None) for each in names) if text), "")
    return f"{code} - {name}" if name and name != code else code


if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Any]
else:
    _ModelChoiceField = forms.ModelChoiceField  # generic to the type checker only


class RowField(_ModelChoiceField):
    """Another row, by its code. rows: asked for each form, so that nothing is fixed when the program starts."""

    def __init__(self, label: Label, rows: Callable[[], QuerySet[Any]], *, by: str = "code", **named: Any) -> None:
        needed = named.pop("needed", True)
        super().__init__(queryset=None, label=label, required=needed, to_field_name=by, **named)
        self.rows = rows
        self.empty_label = "---------"

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """A field for one form."""
        made: Any = super().__deepcopy__(memo)
        made.queryset = self.rows()
        return made

    def to_python(self, value: Any) -> Any:
        """The row. Raises ValidationError naming the codes that there are."""
        try:
            return super().to_python(value)
        except ValidationError:
            rows: Any = self.queryset
            raise unknown_code([str(value)], rows.values_list(self.to_field_name, flat=True)) from None

    def label_from_instance(self, row: Any) -> str:
        """The code with the name beside it: "DAMKAR - Pemadam Kebakaran"."""
        return labelled(row, str(getattr(row, str(self.to_field_name))))


class DegreeField(forms.FloatField):
    """A coordinate in degrees. most: 90 for a latitude, 180 for a longitude. The page offers the map beside both."""

    def __init__(self, label: Any, most: float) -> None:
        latitude = most <= MOST_NORTH
        example = _("Decimal degrees, such as -7.0153.") if latitude else _("Decimal degrees, such as 113.8671.")
        super().__init__(label=label, min_value=-most, max_value=most, help_text=example)
        axis = "lat" if latitude else "lng"
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "data-axis": axis, "autocomplete": "off"})
        self.most = most

    def to_python(self, value: Any) -> Any:
        """The degrees, as people and spreadsheets write them: with a comma, another minus, the sign for degrees."""
        if isinstance(value, str):
            value = plain_number(value)
            if value and not _DECIMAL.fullmatch(value):
                raise ValidationError(_("Write decimal degrees, such as -7.0153 or 113.8671."))
        degrees = super().to_python(value)
        if degrees is not None and abs(degrees) > self.most:
            words = _("Degrees lie between -%(most)s and %(most)s: look for a lost decimal sign or a swapped column.")
            raise ValidationError(words, params={"most": int(self.most)})
        return degrees


def plain_number(text: str) -> str:
    """A number as people and spreadsheets write it, as programs read it: "−7,05579°" is "-7.05579"."""
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()
    if text[:1] in {"-", "+"}:
        text = text[0] + text[1:].lstrip()
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def in_use_field() -> forms.BooleanField:
    """Whether a thing is in use: what has been used is closed and not deleted, since its history names it."""
    return forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        help_text=_("Not ticked: closed. Nothing is deleted here, since what happened names it; tick it to reopen."),
    )


def cell_of(field: forms.Field, value: Any) -> str:
    """What a field's value is in a table."""
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(field, DegreeField):
        return f"{round(float(value), DECIMALS) + 0.0:.{DECIMALS}f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple):
        return ("; " if isinstance(field, LinesField) else " ").join(str(each) for each in value)
    return str(value)


def value_of(field: forms.Field, cell: str) -> Any:
    """What a browser would send for what stands in a cell. Raises ValidationError for neither yes nor no."""
    if isinstance(field, forms.BooleanField):
        if cell.lower() not in YES | NO:
            raise ValidationError(_("Write yes or no."))
        return cell.lower() in YES
    if isinstance(field, forms.IntegerField) and not isinstance(field, DegreeField):
        return _whole(cell)
    if isinstance(field, forms.MultipleChoiceField):
        return cell.replace(",", " ").split()
    if isinstance(field, LinesField):
        return "\n".join(part.strip() for part in cell.split(";"))
    return cell


def refuse_spoilt(cell: str) -> None:
    """Raise ValidationError for a number that a spreadsheet has spoilt. cell: as the file has it, shielded or not."""
    if any(POWER_OF_TEN.fullmatch(part.strip()) for part in cell.split(";")):
        words = _(
            "A spreadsheet has written a number in powers of ten and lost its digits. Format the column as text, enter "
            "the number again and save."
        )
        raise ValidationError(words)


def written(field: forms.Field, cell: str, *, comma: bool) -> str:
    """What stands in a cell, as it is exported. comma: whether one parts decimals, as in Indonesian."""
    if isinstance(field, DegreeField):
        return cell.replace(".", ",") if comma else cell
    if isinstance(field, forms.BooleanField | forms.IntegerField):
        return cell
    return shielded(cell)


def _whole(cell: str) -> str:
    """A whole number of a cell: "4,00" is 4; whether "1.000" is a thousand or one, only a person knows."""
    cell = unicodedata.normalize("NFKC", cell.translate(_SIGNS)).strip()
    if _GROUPED.fullmatch(cell):
        raise ValidationError(_("Write the number without a separator: 1000 for a thousand, 1 for one."))
    found = _WHOLE_WITH_ZEROS.fullmatch(cell)
    return found[1] if found else cell


def plain(value: Any, field: forms.Field) -> Any:
    """A cleaned value as a form's initial one would be: another row by its code."""
    by = getattr(field, "to_field_name", None)
    return getattr(value, by) if by and isinstance(value, Model) else value
