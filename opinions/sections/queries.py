"""Rights of each person in the texts of opinions, in one statement, and assignees of the threads about them."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from assembly.collab.models import SharedText, TextRight
from assembly.collab.registry import Assignees
from assembly.identity.models import User
from assembly.institution.models import (
    DIRECTORATE_ROLES,
    TEAM_ROLES,
    CommitteeMembership,
    Directorate,
    Role,
    RoleAssignment,
)
from assembly.institution.rules import is_team
from opinions.models import Opinion, OpinionState, ServicesCheckState

S = OpinionState
TEXTS, USERS = -1_000_000, -2_000_000
WRITERS = TEAM_ROLES | {Role.FACILITATOR}
OFFICES = {Role.PRESIDENT, Role.SPONSOR}


def rights(texts: Collection[SharedText], users: Collection[int]) -> Mapping[tuple[int, int], TextRight]:
    """Return the highest right of each person, all roles together; a pair that is missing has none."""
    keys = [text.pk for text in texts]
    sql, params = statement(len(keys), len(users), timezone.localdate())
    real = dict(zip([*null_keys(TEXTS, len(keys)), *null_keys(USERS, len(users))], [*keys, *users], strict=True))
    with connection.cursor() as cursor:
        cursor.execute(sql, [real.get(param, param) if isinstance(param, int) else param for param in params])
        rows = cursor.fetchall()
    highest: dict[tuple[int, int], TextRight] = {}
    for text, user, role, opinion_state, section_state, is_own in rows:
        right = role_rights(role, opinion_state, section_state, is_own=is_own)
        highest[text, user] = max(right, highest.get((text, user), TextRight.NONE))
    return highest


def null_keys(first: int, count: int) -> range:
    """Return keys that no row has, used in place of the real ones in the statement."""
    return range(first, first - count, -1)


@lru_cache(maxsize=512)
def statement(texts: int, users: int, today: date) -> tuple[str, tuple[Any, ...]]:
    """Return the statement for so many texts and users, built once: every commit of the editor runs it.

    That is many a second. The day is among its parameters, for the seats: another day is another statement.
    """
    keys, people = null_keys(TEXTS, texts), null_keys(USERS, users)
    rows = of_sections(keys, people).union(of_opinions(keys, people), of_directorates(keys, people), all=True)
    return rows.query.sql_with_params()


def role_rights(role: str, opinion_state: str, section_state: str, *, is_own: bool) -> TextRight:
    """Return what one role gives; `section_state` is empty for the one text of the opinion."""
    if opinion_state == S.WITHDRAWN:
        return TextRight.READ if role in WRITERS else TextRight.NONE
    if role in DIRECTORATE_ROLES:
        return TextRight.COMMENT if opinion_state == S.SERVICES_CHECK else TextRight.NONE
    if role in OFFICES:
        return TextRight.READ if not section_state and opinion_state in S.tagged("tabled") else TextRight.NONE
    if opinion_state in S.tagged("tabled"):
        return TextRight.READ
    if role in WRITERS:
        return TextRight.WRITE
    if role != Role.MEMBER:
        return TextRight.NONE
    return TextRight.WRITE if is_own and section_state else TextRight.SUGGEST


def of_sections(keys: Collection[int], users: Collection[int]) -> QuerySet:
    """Return the roles of the term in the texts of groups, with whether the person sits in that group today."""
    path = "term__opinions__sections"
    rows = held(users).filter(**{f"{path}__text__in": keys})
    seat = seats_of(OuterRef("user__person"), OuterRef(f"{path}__committee"))
    return columns(rows.annotate(is_own=Exists(seat)), f"{path}__text", "term__opinions__state", f"{path}__state")


def of_opinions(keys: Collection[int], users: Collection[int]) -> QuerySet:
    """Return the roles of the term in the one text of an opinion."""
    rows = held(users).filter(term__opinions__text__in=keys)
    return columns(none_own(rows), "term__opinions__text", "term__opinions__state", None)


def of_directorates(keys: Collection[int], users: Collection[int]) -> QuerySet:
    """Return the agents of the directorates that are reading, in the texts of the groups."""
    path = "directorate__check_requests"
    rows = held(users).filter(
        **{f"{path}__opinion__sections__text__in": keys},
        directorate__check_requests__state__in=ServicesCheckState.tagged("open"),
    )
    opinion = f"{path}__opinion"
    return columns(none_own(rows), f"{opinion}__sections__text", f"{opinion}__state", f"{opinion}__sections__state")


def held(users: Collection[int]) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(user__in=users, ended_at=None, user__is_active=True).order_by()


def none_own(rows: QuerySet[RoleAssignment]) -> QuerySet[RoleAssignment]:
    return rows.annotate(is_own=Value(False, output_field=BooleanField()))


def columns(rows: QuerySet[RoleAssignment], text: str, opinion_state: str, section_state: str | None) -> QuerySet:
    """Return the six columns that the three parts share."""
    state = F(section_state) if section_state else Value("")
    return rows.annotate(
        of_text=F(text), of_user=F("user"), of_role=F("role"), opinion_state=F(opinion_state), section_state=state
    ).values_list("of_text", "of_user", "of_role", "opinion_state", "section_state", "is_own")


def seats_today() -> QuerySet[CommitteeMembership]:
    """Return the seats open today in any group."""
    today = timezone.localdate()
    return CommitteeMembership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)


def seats_of(person: Any, committee: Any) -> QuerySet[CommitteeMembership]:
    return seats_today().filter(person=person, committee=committee)


STAFF = TEAM_ROLES | {Role.FACILITATOR}


def section_assignees(text: SharedText, user: Any) -> Assignees | None:
    """Return staff, for the team that assigns; during the check also the directorates that were asked."""
    opinion = text.opinion_section.opinion
    if not is_team(user, opinion.term_id):
        return None
    reading = opinion.state == OpinionState.SERVICES_CHECK
    return Assignees(staff(opinion), directorates(opinion) if reading else [])


def opinion_assignees(text: SharedText, user: Any) -> Assignees | None:
    """Return staff only, since directorates do not read the one text."""
    opinion = text.opinion
    return Assignees(staff(opinion)) if is_team(user, opinion.term_id) else None


def staff(opinion: Opinion) -> list[User]:
    roles = RoleAssignment.objects.filter(term=opinion.term_id, role__in=STAFF, ended_at=None)
    people = User.objects.filter(pk__in=roles.values("user_id"), is_active=True)
    return list(people.select_related("person").order_by("person__sort_name", "pk"))


def directorates(opinion: Opinion) -> list[Directorate]:
    rows = Directorate.objects.filter(
        check_requests__opinion=opinion, check_requests__state__in=ServicesCheckState.tagged("open"), closed_on=None
    )
    return list(rows.distinct().order_by("name__alphabetical", "pk"))
