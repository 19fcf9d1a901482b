"""Permissions of the institution. Every app's `rules.py` calls these functions; what is not granted is refused.

The roles of a user are read once per user object (hence once per request) and cached on it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from assembly.fragments.cache import row_values
from assembly.identity.models import User
from assembly.institution.models import (
    DIRECTORATE_ROLES,
    SECOND_FACTOR_ROLES,
    TEAM_ROLES,
    Assembly,
    Committee,
    Directorate,
    Invitation,
    Role,
    RoleAssignment,
    Term,
)
from assembly.speed.queries import CompiledQuery

JOURNAL_READERS = frozenset({Role.LEAD, Role.DPO, Role.ADMIN})
_ROLES = "_held_roles"
_DIRECTORATES = "_cached_directorates"


roles_of = CompiledQuery(
    lambda user_id: (
        RoleAssignment.objects.filter(user_id=user_id, ended_at=None)
        .select_related("term", "directorate", "assembly")
        .defer("assembly__logo_png")
        .order_by("pk")
    )
)


def held_roles(user: Any) -> tuple[RoleAssignment, ...]:
    """Return the present roles of `user`, with term, directorate and assembly; none when anonymous or suspended."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ()
    if (roles := getattr(user, _ROLES, None)) is None:
        roles = tuple(roles_of(user.pk))
        setattr(user, _ROLES, roles)
    return roles


def reader_values(user: Any) -> tuple[object, ...]:
    """Return what was read of the reader before anything else, for the cache keys of the reader's fragments."""
    places = (place for row in held_roles(user) for place in (row, row.term, row.directorate, row.assembly))
    return row_values(user, user.person, *places)


def invalidate_roles(user: Any) -> None:
    """Invalidate the cached roles of a user; the actions that change roles call it."""
    user.__dict__.pop(_ROLES, None)


def has_role(
    user: Any,
    roles: Role | Iterable[Role],
    *,
    term: Term | int | None = None,
    directorate: Directorate | int | None = None,
    assembly: Assembly | int | None = None,
) -> bool:
    """Return whether `user` has one of `roles` in all the places given; without a place, anywhere."""
    accepted = {roles} if isinstance(roles, str) else set(roles)
    places = [("term_id", _pk(term)), ("directorate_id", _pk(directorate)), ("assembly_id", _pk(assembly))]
    asked = [(name, pk) for name, pk in places if pk is not None]
    return any(
        row.role in accepted and all(getattr(row, name) == pk for name, pk in asked) for row in held_roles(user)
    )


def is_team(user: Any, term: Term | int) -> bool:
    """Return whether `user` is lead or officer of that term."""
    return has_role(user, TEAM_ROLES, term=term)


def is_lead(user: Any, term: Term | int) -> bool:
    return has_role(user, Role.LEAD, term=term)


def is_member(user: Any, term: Term | int) -> bool:
    return has_role(user, Role.MEMBER, term=term)


def is_facilitator(user: Any, term: Term | int) -> bool:
    return has_role(user, Role.FACILITATOR, term=term)


def role_needs_second_factor(user: Any) -> bool:
    """Return whether the user must sign in with a passkey, or a password and a second factor: all but members."""
    return has_role(user, SECOND_FACTOR_ROLES)


def term_ids(user: Any, roles: Role | Iterable[Role]) -> set[int]:
    """Return the terms in which `user` has one of `roles`."""
    return _places(user, roles, "term_id")


def directorate_ids(user: Any, roles: Role | Iterable[Role]) -> set[int]:
    """Return the directorates in which `user` has one of `roles`."""
    return _places(user, roles, "directorate_id")


def directorates_of(user: Any) -> set[int]:
    """Return the directorates where `user` works, and the closed ones they succeed, whose old dossiers they may read.

    A page needs them several times: cached with the roles from which they were computed.
    """
    roles, known = held_roles(user), getattr(user, _DIRECTORATES, None)
    if known is None or known[0] is not roles:
        known = (roles, with_predecessors(directorate_ids(user, DIRECTORATE_ROLES)))
        setattr(user, _DIRECTORATES, known)
    return set(known[1])


def successor_pairs() -> list[tuple[int, int]]:
    """Return each closed directorate with its successor, as pairs of keys."""
    rows = Directorate.objects.exclude(successor=None).order_by().values_list("pk", "successor")
    return [(pk, successor) for pk, successor in rows if successor is not None]


def with_predecessors(directorates: Iterable[int], successors: Sequence[tuple[int, int]] | None = None) -> set[int]:
    """Return these and the closed ones that they succeed, however long the chain, in one statement.

    `successors`: what `successor_pairs` returned, for a caller that asks for many people.
    """
    reached = set(directorates)
    fresh = set(reached)
    if not fresh:
        return reached
    successors = successor_pairs() if successors is None else successors
    while fresh:
        fresh = {pk for pk, successor in successors if successor in fresh} - reached
        reached |= fresh
    return reached


def stand_in_reader(user: int, person: int, roles: Iterable[RoleAssignment], directorates: Iterable[int]) -> Any:
    """Build an unsaved user with these keys and roles, for a statement compiled for all readers with such roles."""
    assignments = tuple(roles)
    reader = User.from_db(None, ["id", "person_id", "is_active"], [user, person, True])
    reader.__dict__ |= {_ROLES: assignments, _DIRECTORATES: (assignments, set(directorates))}
    return reader


def assembly_ids(user: Any, roles: Role | Iterable[Role]) -> set[int]:
    """Return the assemblies in which `user` has one of `roles`, in any term or directorate of theirs."""
    return _places(user, roles, "assembly_id")


def _places(user: Any, roles: Role | Iterable[Role], name: str) -> set[int]:
    accepted = {roles} if isinstance(roles, str) else set(roles)
    return {pk for row in held_roles(user) if row.role in accepted and (pk := getattr(row, name)) is not None}


def _pk(place: Any) -> int | None:
    return getattr(place, "pk", place)


def can_give_role(by: Any, user: Any, term: Term) -> bool:
    """Return whether `by` is the lead of the term and another person than `user`."""
    return is_lead(by, term) and by.pk != user.pk


def can_end_role(by: Any, assignment: RoleAssignment) -> bool:
    """Return whether `by` leads the term of the role, else its assembly; never true for one's own role."""
    if by.pk == assignment.user_id or assignment.ended_at is not None:
        return False
    return (
        is_lead(by, assignment.term_id)
        if assignment.term_id
        else has_role(by, Role.LEAD, assembly=assignment.assembly_id)
    )


def can_administer(by: Any, assembly: Assembly | int) -> bool:
    """Return whether `by` leads a term of the assembly, for its settings, people and directorates."""
    return has_role(by, Role.LEAD, assembly=assembly)


def can_administer_term(by: Any, term: Term) -> bool:
    return can_administer(by, term.assembly_id)


def can_invite(by: Any, term: Term) -> bool:
    """Return whether `by` is the lead, who alone invites."""
    return is_lead(by, term)


def can_manage_invitation(by: Any, invitation: Invitation) -> bool:
    """Return whether `by` may revoke or reprint: the lead of the term, else a lead of the assembly.

    Invitations of directorates and of the whole assembly have no term.
    """
    if invitation.term_id:
        return is_lead(by, invitation.term_id)
    return can_administer(by, invitation.assembly_id)


def can_suspend(by: Any, user: Any, assembly: Assembly | int) -> bool:
    """Return whether `by` leads the assembly and `user`, another person, has or had a role in it."""
    pk = assembly if isinstance(assembly, int) else assembly.pk
    return (
        can_administer(by, pk)
        and by.pk != user.pk
        and RoleAssignment.objects.filter(user_id=user.pk, assembly_id=pk).exists()
    )


def can_hand_over(by: Any, user: Any, to: Any, term: Term) -> bool:
    """Return whether the lead may pass the dossiers of one agent to another one of the same team."""
    return is_lead(by, term) and user.pk != to.pk and is_team(to, term)


def person_abilities(by: Any, user: Any, assembly: Assembly, term: Term) -> dict[str, bool]:
    """Return which buttons a person's page shows."""
    may_suspend = can_suspend(by, user, assembly)
    return {
        "give": can_give_role(by, user, term),
        "suspend": may_suspend and user.is_active,
        "reactivate": may_suspend and not user.is_active,
        "hand_over": is_lead(by, term) and is_team(user, term),
    }


def can_read_journal(user: Any) -> bool:
    return has_role(user, JOURNAL_READERS)


def can_change_committee(user: Any, committee: Committee) -> bool:
    """Return whether `user` is of the team of the term and the committee is open."""
    return is_team(user, committee.term_id) and committee.closed_on is None


def can_see_territory(user: Any, term: Term) -> bool:
    """Return whether `user` sees cantons and committees of a term: its team and its facilitators."""
    return has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=term)


def can_answer_erasure(user: Any) -> bool:
    return has_role(user, Role.DPO)


def can_enter_desk(user: Any) -> bool:
    """Return whether the home page of the back office is open to the user."""
    return has_role(user, TEAM_ROLES | {Role.FACILITATOR, Role.DPO, Role.ARCHIVIST, Role.ADMIN})


def can_enter_member_area(user: Any) -> bool:
    return has_role(user, Role.MEMBER)


def can_enter_directorate_area(user: Any) -> bool:
    """Return whether the user works in a directorate or is elected."""
    return has_role(user, DIRECTORATE_ROLES | {Role.SPONSOR, Role.PRESIDENT})
