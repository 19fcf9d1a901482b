"""Queries that are built and compiled once per process, and querysets of lists, which declare what they load (R6).

Django spends three quarters of a small statement on building it: the roles of a reader cost 0.84 ms a page, 0.2 of
which is the database's answer.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import chain, count
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import Case, QuerySet, When
from django.utils import timezone
from psycopg.adapt import Transformer


def for_screen[Row: models.Model](rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """Set the fetch mode at the end of a list query: a forgotten relation raises in tests, batches in production."""
    return rows.fetch_mode(models.FETCH_RAISE if settings.STRICT_FETCH else models.FETCH_PEERS)


class ScreenQuerySet[M: models.Model](models.QuerySet[M]):
    def for_screen(self) -> Self:
        """Set the fetch mode at the end of a list query, as the function `for_screen` does."""
        return self.fetch_mode(models.FETCH_RAISE if settings.STRICT_FETCH else models.FETCH_PEERS)


def rank_in(states: type[models.TextChoices], name: str = "state") -> Case:
    """Return the expression that sorts rows by the position of their state in its enumeration, not by its code."""
    places = [When(**{name: state}, then=place) for place, state in enumerate(states.values)]
    return Case(*places, output_field=models.SmallIntegerField())


type Build[Row] = Callable[..., QuerySet[Any, Row]]
Clock = Callable[[], date | datetime]
Source = int | Clock


APART = 1_000_001  # distance between the placeholder values of one set and those of the other
PARTS = re.compile(r"%%|%s|[^%]+")
TOKENS = re.compile(r"\w+")


class Statement(str):
    """SQL statement with its values, and the tokens of its constant part, where the table names are.

    A search for them in the 110 KB of a dashboard at each run took a tenth of its processor time.
    """

    __slots__ = ("tokens",)
    tokens: frozenset[str]


def literals() -> Callable[[Any], str]:
    """Return the function by which psycopg writes a value in a statement of this connection."""
    connection.ensure_connection()
    as_literal = Transformer(connection.connection).as_literal
    return lambda value: "NULL" if value is None else as_literal(value).decode()


class CompiledRun:
    """Stand-in for the queryset, query and compiler that Django's iterables use; its SQL is compiled already."""

    def __init__(self, compiler: Any, rows: QuerySet[Any], statement: str) -> None:
        self.db = DEFAULT_DB_ALIAS
        self.model = rows.model
        self.chunked_fetch = False
        self._fetch_mode = rows._fetch_mode  # type: ignore[attr-defined]  # noqa: SLF001 -- what ModelIterable reads
        self._known_related_objects: dict[Any, Any] = {}
        self.selected = rows.query.selected  # the columns of values()
        self.query = self
        self.compiler = compiler
        self.statement = statement
        # Django collects the converters of each column at each run. No table of ours has a composite key, whose
        # columns it would combine.
        self.converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])

    def with_statement(self, statement: str) -> "CompiledRun":
        """Return a copy with this statement, values included, for one reading in one thread."""
        run = object.__new__(CompiledRun)
        run.__dict__ = {**self.__dict__, "query": run, "statement": statement}
        return run

    def get_compiler(self, using: str) -> "CompiledRun":
        return self

    def __getattr__(self, name: str) -> Any:
        """Return `select`, `klass_info` or `annotation_col_map` of the compiler, which computed them once."""
        return getattr(self.compiler, name)

    def execute_sql(self, **_: Any) -> list[list[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(self.statement)
            return [cursor.fetchall()]

    def results_iter(self, results: Any = None, *, tuple_expected: bool = False, **_: Any) -> Any:
        rows = chain.from_iterable(results or self.execute_sql())
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        return map(tuple, rows) if tuple_expected else rows


@dataclass(frozen=True)
class Compiled:
    """Compiled statement: for each parameter that varies, which value it takes, or which clock."""

    run: CompiledRun
    make: type[Any]
    parameters: tuple[Any, ...]
    sources: dict[int, Source]

    @property
    def fixed(self) -> list[Any]:
        return [parameter for at, parameter in enumerate(self.parameters) if at not in self.sources]

    @cached_property
    def pieces(self) -> list[str]:
        """Return the statement with its fixed parameters written in it, cut at the position of each value."""
        literal, pieces, parameters = literals(), [""], enumerate(self.parameters)
        for part in PARTS.findall(self.run.statement):
            if part != "%s":
                pieces[-1] += "%" if part == "%%" else part
                continue
            at, parameter = next(parameters)
            if at in self.sources:
                pieces.append("")
            else:
                pieces[-1] += literal(parameter)
        return pieces

    @cached_property
    def slots(self) -> list[tuple[Source, type[Any]]]:
        """Return for each cut which value goes there, and the type that its column takes for a number."""
        return [(source, type(self.parameters[at])) for at, source in self.sources.items()]

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset(word for piece in self.pieces for word in TOKENS.findall(piece))

    def rows(self, values: Sequence[Any]) -> Iterator[Any]:
        """Run the statement with these values, quoted by psycopg as it does where it binds on the client side.

        Psycopg splits a statement of more than 4 KB anew at each run, a tenth of the cost of the dashboard. Ten values
        have five hundred positions there: each is quoted once.
        """
        literal = literals()
        quoted: dict[tuple[Source, type[Any]], str] = {}
        texts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            if slot not in quoted:
                source, kind = slot
                value = source() if callable(source) else values[source]
                quoted[slot] = literal(kind(value) if isinstance(value, int) else value)
            texts += (quoted[slot], piece)
        statement = Statement("".join(texts))
        statement.tokens = self.tokens
        return iter(self.make(self.run.with_statement(statement)))


class CompiledQuery[Row]:
    """Query of which `build(*values)` returns the queryset. `build` is called with placeholder keys and moments.

    So it must not test a value nor read the database: it makes the same statement for all values. Today and now
    (`timezone`) are computed anew at each run. A value may be a tuple: another length is another statement. `kind`, if
    given, separates statements: it is what may decide about their form.
    Raises ImproperlyConfigured at the first run where a value is transformed (« a month after ») or not used, or where
    a day other than today stands in the statement. Statements are still counted, logged and timed as any other: they
    go through the same cursor.
    """

    def __init__(self, build: Build[Row]) -> None:
        self.build = build
        self.compiled: dict[Any, Compiled | None] = {}

    def __call__(self, *values: Any) -> Iterator[Row]:
        return self.run(self.build, values)

    def run(self, build: Build[Row], values: tuple[Any, ...], kind: Any = None) -> Iterator[Row]:
        key = (kind, *(len(value) if isinstance(value, tuple) else None for value in values))
        if key not in self.compiled:
            self.compiled[key] = compile_once(build, values, all_used=kind is None)
        compiled = self.compiled[key]
        return compiled.rows(flattened(values)) if compiled else iter(())


def pad_keys(keys: list[int]) -> tuple[int, ...]:
    """Repeat the last key up to a power of two, so that « one of these » of any length needs few statements."""
    return tuple(keys + keys[-1:] * ((1 << (len(keys) - 1).bit_length()) - len(keys)))


def compile_once(build: Build[Any], values: tuple[Any, ...], *, all_used: bool) -> Compiled | None:
    """Compile the statement with the positions of its values; return None when no value can match a row.

    Two sets of placeholder values must give the same statement, otherwise `build` transformed a value.
    """
    first, second = (compiled_with(build, placeholders(values, salt)) for salt in (1, 2))
    if first is None or second is None:
        if first or second or sql_of(build(*values)):
            raise ImproperlyConfigured(f"finds nothing for some values alone: {build}")
        return None
    if (first.run.statement, first.sources, first.fixed) != (second.run.statement, second.sources, second.fixed):
        raise ImproperlyConfigured(f"depends on its values: {first.run.statement} {first.fixed} {second.fixed}")
    if all_used and set(range(len(flattened(values)))) - set(first.sources.values()):
        raise ImproperlyConfigured(f"does not take all its values: {first.run.statement}")
    return first


def compiled_with(build: Build[Any], values: tuple[Any, ...]) -> Compiled | None:
    flat, today, begun = flattened(values), timezone.localdate(), timezone.now()
    with connection.execute_wrapper(refuse_reads):
        rows = build(*values)
        sql = sql_of(rows)
    if sql is None:
        return None
    compiler, statement, parameters = sql
    ended, sources = timezone.now(), dict[int, Source]()
    for at, parameter in enumerate(parameters):
        if parameter in flat:
            sources[at] = flat.index(parameter)
        elif isinstance(parameter, datetime) and begun <= parameter <= ended:
            sources[at] = timezone.now
        elif isinstance(parameter, date) and parameter == today:
            sources[at] = timezone.localdate
        elif isinstance(parameter, date):
            raise ImproperlyConfigured(f"{parameter} stands in {statement}")
    make = rows._iterable_class  # noqa: SLF001 -- how a queryset makes its rows
    return Compiled(CompiledRun(compiler, rows, statement), make, tuple(parameters), sources)


def sql_of(rows: QuerySet[Any, Any]) -> tuple[Any, str, Sequence[Any]] | None:
    compiler = rows.query.get_compiler(connection=connection)
    try:
        return (compiler, *compiler.as_sql())
    except EmptyResultSet:
        return None


def refuse_reads(_execute: Any, statement: Any, *_: Any) -> Any:
    raise ImproperlyConfigured(f"read while a statement was built: {statement}")


def flattened(values: tuple[Any, ...]) -> list[Any]:
    return [each for value in values for each in (value if isinstance(value, tuple) else (value,))]


def placeholders(values: tuple[Any, ...], salt: int) -> tuple[Any, ...]:
    """Replace each value by a placeholder of its type that no row has, all of them different."""
    numbers = count(salt * APART)
    return tuple(
        tuple(placeholder(each, next(numbers)) for each in value)
        if isinstance(value, tuple)
        else placeholder(value, next(numbers))
        for value in values
    )


class Key(int):
    """Placeholder key that no row has. A `set` of keys has the same order in both sets of placeholders."""

    def __hash__(self) -> int:
        return -self % APART


def placeholder(value: Any, number: int) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str | date):
        raise ImproperlyConfigured(f"{value!r} cannot be exchanged for another")
    if isinstance(value, datetime):
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    if isinstance(value, date):
        return date(1, 1, 1) + timedelta(days=number)
    return Key(-number) if isinstance(value, int) else f"\u2029{number}"
