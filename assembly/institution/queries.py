"""Queries of the institution: terms of a person, the active one, people, committees, who may act on a dossier.

What one reader may see in one term is compiled once for all readers with the same kinds of roles:

    my_sittings = ReaderQuery(lambda user, term: Sitting.objects.visible_to(user).filter(term=term))
    rows = my_sittings(user, term)

Rights are still read with the reader: the roles select the statement, the places where they are held are its values.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Model, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.dossiers.frame import AwaitedPeople
from assembly.identity.models import ErasureRequest, Person, User
from assembly.identity.personal_data import months_later
from assembly.institution import registry
from assembly.institution.models import (
    SECOND_FACTOR_ROLES,
    TEAM_ROLES,
    Assembly,
    Canton,
    Committee,
    CommitteeMembership,
    Directorate,
    Invitation,
    Role,
    RoleAssignment,
    Term,
    TermState,
)
from assembly.institution.rules import (
    JOURNAL_READERS,
    assembly_ids,
    directorates_of as rules_directorates_of,
    has_role,
    held_roles,
    stand_in_reader,
    successor_pairs,
    term_ids,
    with_predecessors,
)
from assembly.speed.queries import CompiledQuery
from assembly.workflow import Permission

DESK_ROLES = TEAM_ROLES | {Role.FACILITATOR}
MOST_ACTIVE_FIRST = [
    TermState.ACTIVE,
    TermState.INSTALLED,
    TermState.CLOSING,
    TermState.DRAWN,
    TermState.RECRUITING,
    TermState.CLOSED,
    TermState.PLANNED,
    TermState.ARCHIVED,
]
# Choices of the filters of lists, read on every page of a list: keys and names.
canton_choices = CompiledQuery(lambda assembly: Canton.objects.filter(assembly=assembly).values_list("pk", "name"))
committee_choices = CompiledQuery(lambda term: Committee.objects.filter(term=term).values_list("pk", "name"))


# Read by every public page.
TERMS_OF = CompiledQuery(lambda assembly: Term.objects.filter(assembly=assembly))
FIRST_ASSEMBLY = CompiledQuery(lambda: Assembly.objects.defer("logo_png").order_by("pk")[:1])


def main_assembly() -> Assembly | None:
    """Return the assembly of the public pages: the first one of this installation."""
    return next(FIRST_ASSEMBLY(), None)


def main_assembly_key() -> QuerySet[Assembly, Any]:
    """Return the same one as a sub-query, for a filter without a statement of its own."""
    return Assembly.objects.order_by("pk").values("pk")[:1]


def _by_activity(terms: list[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: (MOST_ACTIVE_FIRST.index(TermState(term.state)), -term.number))


def active_term(assembly: Assembly | int) -> Term | None:
    """Return the active term of `assembly`, or the one closest to that state; None when there is none yet."""
    pk = assembly if isinstance(assembly, int) else assembly.pk
    terms = _by_activity(list(TERMS_OF(pk)))
    return terms[0] if terms else None


def current_terms(user: Any) -> list[Term]:
    """Return the terms that `user` works in, the most active first.

    Roles of a directorate or of a whole assembly apply to every term of that assembly.
    """
    assignments = held_roles(user)
    terms = {role.term.pk: role.term for role in assignments if role.term}
    wide = {role.assembly_id for role in assignments if role.term_id is None}
    if wide:
        terms |= {term.pk: term for term in Term.objects.filter(assembly_id__in=wide)}
    return _by_activity(list(terms.values()))


def people_of(assembly_id: int) -> QuerySet[User]:
    """Return users who hold or held a role in that assembly, with their present roles there in `current_roles`."""
    roles = RoleAssignment.objects.filter(assembly_id=assembly_id, ended_at=None).select_related("term", "directorate")
    return (
        User.objects.filter(pk__in=RoleAssignment.objects.filter(assembly_id=assembly_id).values("user_id"))
        .select_related("person")
        .prefetch_related(Prefetch("roles", queryset=roles.order_by("given_at", "pk"), to_attr="current_roles"))
    )


def waiting_invitations(assembly_id: int) -> QuerySet[Invitation]:
    """Return invitations neither accepted nor revoked, the first to expire first."""
    return (
        Invitation.objects.filter(assembly_id=assembly_id, accepted_at=None, revoked_at=None)
        .select_related("person", "term", "directorate")
        .order_by("expires_at", "pk")
    )


_assembly_of_term: dict[int, int] = {}


def scope_of(subject: Any, dossier: Any) -> tuple[int | None, int | None]:
    """Return the assembly and the term of a line of the journal, by the subject, else by the dossier."""
    for thing in (subject, dossier):
        if isinstance(thing, Assembly):
            return thing.pk, None
        if isinstance(thing, Term):
            return thing.assembly_id, thing.pk
        if term_id := getattr(thing, "term_id", None):
            return assembly_of_term(term_id), term_id
        if assembly_id := getattr(thing, "assembly_id", None):
            return assembly_id, None
    return None, None


def assembly_of_term(term_id: int) -> int | None:
    """Return the assembly of a term, cached in this process: a term never changes assembly."""
    if term_id not in _assembly_of_term:
        assembly_id = Term.objects.filter(pk=term_id).values_list("assembly_id", flat=True).first()
        if assembly_id is None:
            return None
        _assembly_of_term[term_id] = assembly_id
    return _assembly_of_term[term_id]


def journal_for(user: Any) -> QuerySet[Entry]:
    """Return the lines that a lead, a data protection officer or a technical administrator reads: of their assemblies.

    Lines without an assembly (sign-ins) are visible where their author works.
    """
    assemblies = assembly_ids(user, JOURNAL_READERS)
    people = RoleAssignment.objects.filter(assembly_id__in=assemblies).values("user__person__pseudonym")
    return Entry.objects.filter(Q(assembly_id__in=assemblies) | Q(assembly_id=None, actor__in=people))


def history_for(user: Any, subject_type: str, subject_id: str) -> QuerySet[Entry]:
    """Return the lines of one dossier, for its team and for the readers of the journal."""
    lines = Entry.objects.filter(
        Q(subject_type=subject_type, subject_id=subject_id) | Q(dossier_type=subject_type, dossier_id=subject_id)
    )
    mine = Q(term_id__in=term_ids(user, TEAM_ROLES))
    if assemblies := assembly_ids(user, JOURNAL_READERS):
        people = RoleAssignment.objects.filter(assembly_id__in=assemblies).values("user__person__pseudonym")
        mine |= Q(assembly_id__in=assemblies) | Q(assembly_id=None, actor__in=people)
    return lines.filter(mine)


def committees_of(term: Term) -> QuerySet[Committee]:
    """Return the committees of a term with the number of seats held today."""
    today = timezone.localdate()
    seated = Q(memberships__starts_on__lte=today) & (Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=today))
    counted = Count("memberships__person", filter=seated, distinct=True)
    return Committee.objects.filter(term=term).annotate(seats_held=counted)


def visible_committees(user: Any) -> QuerySet[Committee]:
    """Return the committees of the terms where `user` is of the team or a facilitator."""
    return Committee.objects.filter(term_id__in=term_ids(user, DESK_ROLES)).select_related("term")


def seats_of(committee: Committee, *, ended: bool) -> QuerySet[CommitteeMembership]:
    """Return the memberships of a committee: those that ended before today, or the others."""
    past = Q(ends_on__lt=timezone.localdate())
    rows = committee.memberships.filter(past) if ended else committee.memberships.exclude(past)
    return rows.select_related("person")


def seat_counts(committee: Committee) -> dict[bool, int]:
    """Count the memberships that `seats_of` returns, by `ended`."""
    past = Count("pk", filter=Q(ends_on__lt=timezone.localdate()))
    counts = committee.memberships.aggregate(all=Count("pk"), past=past)
    return {False: counts["all"] - counts["past"], True: counts["past"]}


def seats_of_bodies(term: Term) -> QuerySet[CommitteeMembership]:
    """Return every seat of every committee of the term, present and past."""
    rows = CommitteeMembership.objects.filter(committee__term=term).select_related("committee", "person")
    return rows.order_by("committee__name__alphabetical", "person__sort_name", "pk")


def candidates_for(term: Term) -> QuerySet[Person]:
    """Return the people who may get a seat: those the assembly knows, by name."""
    return Person.objects.filter(registry.people_known_in(term), anonymised_at=None).order_by("sort_name", "pk")


def directorates_of(assembly_id: int) -> QuerySet[Directorate]:
    """Return the directorates with their agents in `agents`."""
    agents = RoleAssignment.objects.filter(ended_at=None).select_related("user__person").order_by("given_at", "pk")
    return (
        Directorate.objects.filter(assembly_id=assembly_id)
        .select_related("successor")
        .prefetch_related(Prefetch("roles", queryset=agents, to_attr="agents"))
    )


def _known_to(user: Any) -> Q:
    known = Q(pk__in=[])
    for assembly_id in assembly_ids(user, Role.DPO):
        for term in Term.objects.filter(assembly_id=assembly_id)[:1]:
            known |= registry.people_known_in(term)
    return known


def people_known_to(user: Any, query: str) -> QuerySet[Person]:
    """Return the people of the assemblies where `user` is the data protection officer, filtered and sorted by name."""
    people = Person.objects.filter(_known_to(user), anonymised_at=None)
    for word in query.split():
        people = people.filter(Q(last_name__unaccent__icontains=word) | Q(first_name__unaccent__icontains=word))
    return people.order_by("sort_name", "pk")


def erasures_for(user: Any) -> QuerySet[ErasureRequest]:
    """Return the erasure requests of people that those assemblies know."""
    people = Person.objects.filter(_known_to(user))
    return ErasureRequest.objects.filter(person__in=people).select_related("person", "answered_by__person")


def people_who_may(
    reader: Any, row: models.Model, permissions: Sequence[Permission[Any]], *, assembly: int, term: int | None
) -> AwaitedPeople:
    """Return the users whom one of `permissions` lets act on `row`, members only where nobody else may.

    The team of the term, or of the assembly for what belongs to no term, sees names; readers with a role of strong
    sign-in there may write to them, a member may not.
    """
    assignments = RoleAssignment.objects.filter(assembly=assembly, ended_at=None, user__is_active=True)
    members = Q(role=Role.MEMBER)
    people = _passing(assignments.exclude(members), row, permissions) or _passing(
        assignments.filter(members), row, permissions
    )
    place = {"term": term} if term else {"assembly": assembly}
    return AwaitedPeople(
        people,
        are_named=has_role(reader, TEAM_ROLES, **place),
        may_be_reminded=has_role(reader, SECOND_FACTOR_ROLES, assembly=assembly),
    )


def _passing(
    assignments: models.QuerySet[RoleAssignment], row: models.Model, permissions: Iterable[Permission[Any]]
) -> list[User]:
    """Return the users with these roles whom a permission lets pass, by name.

    Each is checked on a copy of the user whose roles are loaded already.
    """
    roles: dict[int, list[RoleAssignment]] = defaultdict(list)
    users: dict[int, User] = {}
    for assignment in assignments.select_related("user__person").order_by("user__person__sort_name", "pk"):
        roles[assignment.user_id].append(assignment)
        users[assignment.user_id] = assignment.user
    works_in = {pk: [role.directorate_id for role in rows if role.directorate_id] for pk, rows in roles.items()}
    successors = successor_pairs() if any(works_in.values()) else []
    passing = []
    for pk, user in users.items():
        reader = stand_in_reader(pk, user.person_id, roles[pk], with_predecessors(works_in[pk], successors))
        if any(may(reader, row) for may in permissions):
            passing.append(user)
    return passing


def terms_past(now: datetime, months_field: str) -> list[int]:
    """Return the terms that ended longer ago than `months_field`, the name of their setting in months."""
    today = timezone.localdate(now)
    terms = Term.objects.order_by().values_list("pk", "ends_on", months_field)
    return [pk for pk, ends_on, months in terms if months_later(ends_on, months) < today]


PLACES = ("term_id", "directorate_id", "assembly_id")


class ReaderQuery[Row]:
    """Query of which `build(user, term, *values)` gets a stand-in with the same roles in placeholder places.

    Its `term` is a placeholder key, or None where a row is read by its own key.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.query: CompiledQuery[Row] = CompiledQuery(build)

    def __call__(self, user: Any, term: Term | None, *values: Any) -> Iterator[Row]:
        roles, works_in = held_roles(user), rules_directorates_of(user)
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
