"""Queries of what one reader may see in one term, compiled once for all readers with the same kinds of roles.

    my_sittings = ReaderQuery(lambda user, term: Sitting.objects.visible_to(user).filter(term=term))
    rows = my_sittings(user, term)

Rights are still read with the reader: the roles select the statement, the places where they are held are its values.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404

from assembly.institution.models import RoleAssignment, Term
from assembly.institution.rules import directorates_of, held_roles, stand_in_reader
from assembly.speed.compiled_query import CompiledQuery

PLACES = ("term_id", "directorate_id", "assembly_id")


class ReaderQuery[Row]:
    """Query of which `build(user, term, *values)` gets a stand-in with the same roles in placeholder places.

    Its `term` is a placeholder key, or None where a row is read by its own key.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.query: CompiledQuery[Row] = CompiledQuery(build)

    def __call__(self, user: Any, term: Term | None, *values: Any) -> Iterator[Row]:
        roles, works_in = held_roles(user), directorates_of(user)
        places: dict[str, list[int | None]] = {name: [None] for name in PLACES}
        places["term_id"].append(term.pk if term else 0)
        role_places = [(name, getattr(row, name)) for row in roles for name in PLACES]
        for name, key in [*role_places, *(("directorate_id", key) for key in sorted(works_in))]:
            if key not in places[name]:
                places[name].append(key)
        shape: tuple[tuple[tuple[Any, ...], ...], tuple[int, ...]] = (
            tuple((row.role, *(places[name].index(getattr(row, name)) for name in PLACES)) for row in roles),
            tuple(at for at, key in enumerate(places["directorate_id"]) if key in works_in),
        )
        keys = (tuple(places[name][1:]) for name in PLACES)

        def build(user: int, person: int, *rest: Any) -> QuerySet[Any, Row]:
            there = {name: (None, *keys) for name, keys in zip(PLACES, rest, strict=False)}
            roles = [
                RoleAssignment(role=role, **{name: there[name][at] for name, at in zip(PLACES, ats, strict=True)})
                for role, *ats in shape[0]
            ]
            reader = stand_in_reader(user, person, roles, {there["directorate_id"][at] for at in shape[1]})
            return self.build(reader, there["term_id"][1], *rest[len(PLACES) :])

        return self.query.run(build, (user.pk, user.person_id, *keys, *values), kind=shape)


class VisibleRow[Row: Model]:
    """Query of one row by its key, among those of `build(user)`; raises Http404 where the reader sees none.

    A dossier joins ten tables: Django takes longer to write that statement than PostgreSQL to run it.
    """

    def __init__(self, build: Callable[[Any], QuerySet[Row]]) -> None:
        self.read: ReaderQuery[Row] = ReaderQuery(lambda user, _term, pk: build(user).filter(pk=pk))

    def __call__(self, user: Any, pk: int | str) -> Row:
        for row in self.read(user, None, int(pk)):  # a str where the route is a regular expression
            return row
        raise Http404
