"""Plain SQL for what the handling of a call asks again and again.

The ORM takes longer to build such a query than PostgreSQL to answer it. Parameters are typed by casts in the statement;
the states of rows stand in it as literals, so that a plan that is used again can use a partial index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import AutoField, ForeignKey, Model

Row = TypeVar("Row", bound=Model)
Convert = Callable[[Any, Any, Any], Any]


def among(states: Iterable[str]) -> str:
    """A list of states as a condition has it behind IN: ('new', 'triaged'). Never of what somebody sent."""
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


def rows(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement, in the transaction that is open."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def instances(
    model: type[Row], clause: str, parameters: Sequence[Any] = (), *, related: tuple[str, ...] = ()
) -> list[Row]:
    """The instances of a model whose rows `SELECT ... FROM its table AS t` finds with a clause behind it.

    clause: begins with WHERE; a lock names `OF t` where there are related rows. related: foreign keys whose rows are
    loaded with them, as by `select_related`; a clause calls the table of the first one r0.
    """
    statement, parts = _select(model, related)
    found = []
    for row in rows(f"{statement} {clause}", parameters):
        made: list[Any] = [part.made_of(row, connection) for part in parts]
        instance = made[0]
        for name, other in zip(related, made[1:], strict=True):
            # A row that was waited for may point elsewhere than when the statement began: what it points to now is
            # read when it is asked for.
            if other is not None or getattr(instance, f"{name}_id") is None:
                instance._state.fields_cache[name] = other
        found.append(instance)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one table in a row: which they are, and those that are converted."""

    model: type[Model]
    columns: slice
    key: int
    names: list[str]
    converters: list[tuple[int, Convert]]

    def made_of(self, row: Sequence[Any], using: Any) -> Model | None:
        """The instance that a row has; None where it has no row of this table."""
        if row[self.key] is None:
            return None
        values = list(row[self.columns])
        for place, convert in self.converters:
            values[place] = convert(values[place], None, using)
        return self.model.from_db(using.alias, self.names, values)


@cache
def _select(model: type[Model], related: tuple[str, ...]) -> tuple[str, list[_Part]]:
    """The statement up to its clause, and for each of its tables the model, its fields and those to be converted."""
    joins, columns = [f'"{model._meta.db_table}" AS t'], _columns("t", model)
    parts = [_part(model, 0)]
    for place, name in enumerate(related):
        field = model._meta.get_field(name)
        if not isinstance(field, ForeignKey):
            raise TypeError(f"{model.__name__}.{name} is no foreign key")
        other: type[Model] = field.related_model
        table, key = f"r{place}", field.target_field.column
        joins.append(f'LEFT JOIN "{other._meta.db_table}" AS {table} ON {table}."{key}" = t."{field.column}"')
        parts.append(_part(other, len(columns)))
        columns += _columns(table, other)
    return f"SELECT {', '.join(columns)} FROM {' '.join(joins)}", parts  # noqa: S608 - names of models


def _columns(table: str, model: type[Model]) -> list[str]:
    return [f'{table}."{field.column}"' for field in model._meta.concrete_fields]


def _part(model: type[Model], start: int) -> _Part:
    fields = model._meta.concrete_fields
    key = next(place for place, field in enumerate(fields) if field.primary_key)
    converters = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    columns = slice(start, start + len(fields))
    return _Part(model, columns, start + key, [field.attname for field in fields], converters)


def update(instance: Model, *names: str) -> None:
    """Write fields of an instance into its row, which is locked: all of them where none is named."""
    model = type(instance)
    statement, fields = _update(model, names)
    values = [field.get_db_prep_save(getattr(instance, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, instance.pk])
        if cursor.rowcount != 1:
            raise model.DoesNotExist(f"{model.__name__} {instance.pk} has no row")  # type: ignore[attr-defined]


def insert(instance: Row) -> Row:
    """Insert an instance's row; a key that the database makes is put into the instance. Raises IntegrityError."""
    statement, fields = _insert(type(instance))
    values = [field.get_db_prep_save(field.pre_save(instance, add=True), connection) for field in fields]
    [[instance.pk]] = rows(statement, values)
    instance._state.adding, instance._state.db = False, connection.alias
    return instance


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    meta: Any = model._meta
    fields = [meta.get_field(name) for name in names] or [one for one in meta.concrete_fields if not one.primary_key]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    return f'UPDATE "{meta.db_table}" SET {columns} WHERE "{_key(model).column}" = %s', fields  # noqa: S608 - names of models


@cache
def _insert(model: type[Model]) -> tuple[str, list[Any]]:
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not (field.primary_key and isinstance(field, AutoField))]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return (
        f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places}) RETURNING "{_key(model).column}"',  # noqa: S608
        fields,
    )


def _key(model: type[Model]) -> Any:
    return model._meta.pk
