"""Queries of the directory: whom a reader sees, with which roles, found by which words.

One statement over `Person`: the rows of each source are a condition, and their facts an array that PostgreSQL reads
for the rows of a page alone.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import JSONField
from django.db.models.functions import Concat, JSONObject, Lower

from assembly.directory.registry import Affiliation, DirectorySource, directory_sources
from assembly.identity.models import Person
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.speed.queries import ScreenQuerySet
from assembly.text.french import letters_key
from assembly.text.phones import RUN, bare_phone, phone_digits, phone_has

type Rows = Mapping[DirectorySource, QuerySet[Any]]


def people_in(rows_by_source: Rows, reader: tuple[Any, Term] | None = None) -> ScreenQuerySet[Any]:
    """Return the persons of these rows, with the facts of their rows; of a `reader`, with the pages open to them."""
    arrays = {}
    for source, rows in rows_by_source.items():
        page: Any = F(source.page) if reader and source.can_open_page(*reader) else Value(None, JSONField())
        facts = JSONObject(**source.facts, assembly_key=source.assembly, page=page)
        own = rows.filter(**{source.person: OuterRef("pk")}).order_by("pk").values_list(facts)
        arrays[source.column] = ArraySubquery(own)
    return Person.objects.filter(known_by(rows_by_source), anonymised_at=None).annotate(**arrays)


def known_by(rows_by_source: Rows) -> Q:
    """Return the condition of the persons of these rows."""
    known = Q(pk__in=[])
    for source, rows in rows_by_source.items():
        known |= Q(pk__in=rows.order_by().values(source.person))
    return known


def visible_rows(user: Any, term: Term) -> Rows:
    return {source: source.visible_to(user, term) for source in directory_sources()}


def people(user: Any, term: Term) -> ScreenQuerySet[Any]:
    """Return whom a reader sees in a term; the team with the names of others who share the mail address."""
    visible = visible_rows(user, term)
    persons = people_in(visible, (user, term))
    if not can_see_contacts(user, term):
        return persons
    others: QuerySet[Any] = (
        Person.objects.filter(known_by(visible), anonymised_at=None).exclude(pk=OuterRef("pk")).exclude(email="")
    )
    others = others.alias(lower=Lower("email")).filter(lower=Lower(OuterRef("email"))).order_by("sort_name")
    return persons.annotate(
        same_email=ArraySubquery(others.values_list(Concat("first_name", Value(" "), "last_name")))
    )


def can_see_contacts(user: Any, term: Term) -> bool:
    """Return whether the reader may read phone and mail of those whom the directory shows: the team."""
    return is_team(user, term)


def affiliations(person: Any, assembly: int | None = None) -> list[Affiliation]:
    """Return the roles of a person of `people_in`, each once; those in one assembly, where it is given."""
    return list(dict.fromkeys(source.affiliation(facts) for source, facts in facts_of(person, assembly)))


def facts_of(person: Any, assembly: int | None = None) -> list[tuple[DirectorySource, Mapping[str, Any]]]:
    """Return the rows of a person of `people_in`, with their sources; those in one assembly, where it is given."""
    return [
        (source, facts)
        for source in directory_sources()
        for facts in getattr(person, source.column, None) or ()
        if assembly in (None, facts["assembly_key"])
    ]


def search_people(text: str, user: Any, term: Term) -> Q:
    """Return the condition that each word is in the name, a role, an organisation; for the team in phone or mail.

    Numbers are compared by their digits, whatever stands between them.
    """
    visible, private = visible_rows(user, term), can_see_contacts(user, term)
    condition = Q()
    for run in RUN.findall(text):
        of_run = any_word(run.replace(" ", ""), visible, private=private)
        condition &= of_run | Q(pk__in=phones_with(phone_digits(run))) if private else of_run
    for word in letters_key(RUN.sub(" ", text)).split():
        condition &= any_word(word, visible, private=private)
    return condition


def phones_with(digits: str) -> QuerySet[Any]:
    return Person.objects.alias(bare=bare_phone("phone")).filter(phone_has(digits)).order_by().values("pk")


def any_word(word: str, visible: Rows, *, private: bool) -> Q:
    condition = Q(sort_name__contains=word)
    if private:
        condition |= Q(capacity__unaccent__icontains=word) | Q(city__unaccent__icontains=word)
        condition |= Q(email__icontains=word)
        condition |= Q(pk__in=phones_with(word)) if word.isdecimal() else Q()
    for source, rows in visible.items():
        condition |= Q(pk__in=rows.filter(source.matching(word)).order_by().values(source.person))
    return condition
