"""Who may what in the institution. Every app's `rules.py` asks these functions; what is not granted is refused.

The roles a user holds are read once per user object (hence once per request) and kept on it.
"""

from collections.abc import Iterable
from typing import Any

from assembly.fragments.cache import by_value
from assembly.identity.models import User
from assembly.institution.enums import DIRECTORATE_ROLES, STRONG_SIGN_IN_ROLES, TEAM_ROLES, Role
from assembly.institution.models import Assembly, Committee, Directorate, Invitation, RoleAssignment, Term
from assembly.ui.compiled_query import CompiledQuery

JOURNAL_READERS = frozenset({Role.LEAD, Role.DPO, Role.ADMIN})
_KEPT = "_held_roles"
_KEPT_DIRECTORATES = "_kept_directorates"


roles_of = CompiledQuery(
    lambda user_id: (
        RoleAssignment.objects.filter(user_id=user_id, ended_at=None)
        .select_related("term", "directorate", "assembly")
        .defer("assembly__logo_png")
        .order_by("pk")
    )
)


def held_roles(user: Any) -> tuple[RoleAssignment, ...]:
    """Roles that `user` holds now, with their term, directorate and assembly; none when anonymous or suspended."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ()
    if (kept := getattr(user, _KEPT, None)) is None:
        kept = tuple(roles_of(user.pk))
        setattr(user, _KEPT, kept)
    return kept


def reader_values(user: Any) -> tuple[object, ...]:
    """What was read of the reader before anything else: a part of the key of whatever is kept for them."""
    places = (place for held in held_roles(user) for place in (held, held.term, held.directorate, held.assembly))
    return by_value(user, user.person, *places)


def forget_roles(user: Any) -> None:
    """Read the roles again at the next question: called by the actions that change them."""
    user.__dict__.pop(_KEPT, None)


def has_role(
    user: Any,
    roles: Role | Iterable[Role],
    *,
    term: Term | int | None = None,
    directorate: Directorate | int | None = None,
    assembly: Assembly | int | None = None,
) -> bool:
    """True when `user` holds one of `roles`, there (each place named narrows the question; none means anywhere)."""
    wanted = {roles} if isinstance(roles, str) else set(roles)
    places = [("term_id", _pk(term)), ("directorate_id", _pk(directorate)), ("assembly_id", _pk(assembly))]
    asked = [(name, pk) for name, pk in places if pk is not None]
    return any(
        held.role in wanted and all(getattr(held, name) == pk for name, pk in asked) for held in held_roles(user)
    )


def is_team(user: Any, term: Term | int) -> bool:
    """Lead or officer of that term."""
    return has_role(user, TEAM_ROLES, term=term)


def is_lead(user: Any, term: Term | int) -> bool:
    return has_role(user, Role.LEAD, term=term)


def is_member(user: Any, term: Term | int) -> bool:
    return has_role(user, Role.MEMBER, term=term)


def is_facilitator(user: Any, term: Term | int) -> bool:
    return has_role(user, Role.FACILITATOR, term=term)


def needs_strong_sign_in(user: Any) -> bool:
    """Everybody but members signs in with a passkey, or a password and a second factor."""
    return has_role(user, STRONG_SIGN_IN_ROLES)


def term_ids(user: Any, roles: Role | Iterable[Role]) -> set[int]:
    """Terms in which `user` holds one of `roles`."""
    return _places(user, roles, "term_id")


def directorate_ids(user: Any, roles: Role | Iterable[Role]) -> set[int]:
    """Directorates in which `user` holds one of `roles`."""
    return _places(user, roles, "directorate_id")


def directorates_of(user: Any) -> set[int]:
    """Directorates where `user` works, and those that were closed into them: an heir reads the files of the past.

    Asked several times a page: kept with the roles that it was read for.
    """
    roles, known = held_roles(user), getattr(user, _KEPT_DIRECTORATES, None)
    if known is None or known[0] is not roles:
        known = (roles, with_predecessors(directorate_ids(user, DIRECTORATE_ROLES)))
        setattr(user, _KEPT_DIRECTORATES, known)
    return set(known[1])


def with_predecessors(directorates: Iterable[int]) -> set[int]:
    """These and the closed ones whose files came to them, however long the chain, in one statement."""
    found = set(directorates)
    fresh = set(found)
    if not fresh:
        return found
    heirs = list(Directorate.objects.exclude(successor=None).order_by().values_list("pk", "successor"))
    while fresh:
        fresh = {pk for pk, heir in heirs if heir in fresh} - found
        found |= fresh
    return found


def stand_in_reader(user: int, person: int, roles: Iterable[RoleAssignment], directorates: Iterable[int]) -> Any:
    """Somebody with these keys and roles, for a statement that is built once for all readers with such roles."""
    held = tuple(roles)
    reader = User.from_db(None, ["id", "person_id", "is_active"], [user, person, True])
    reader.__dict__ |= {_KEPT: held, _KEPT_DIRECTORATES: (held, set(directorates))}
    return reader


def assembly_ids(user: Any, roles: Role | Iterable[Role]) -> set[int]:
    """Assemblies in which `user` holds one of `roles`, in whatever term or directorate of theirs."""
    return _places(user, roles, "assembly_id")


def _places(user: Any, roles: Role | Iterable[Role], name: str) -> set[int]:
    wanted = {roles} if isinstance(roles, str) else set(roles)
    return {pk for held in held_roles(user) if held.role in wanted and (pk := getattr(held, name)) is not None}


def _pk(place: Any) -> int | None:
    return getattr(place, "pk", place)


def can_give_role(by: Any, user: Any, term: Term) -> bool:
    """The lead of the term gives roles, never to oneself."""
    return is_lead(by, term) and by.pk != user.pk


def can_end_role(by: Any, held: RoleAssignment) -> bool:
    """The lead ends roles of the term, of its assembly and of its directorates; never one's own."""
    if by.pk == held.user_id or held.ended_at is not None:
        return False
    return is_lead(by, held.term_id) if held.term_id else has_role(by, Role.LEAD, assembly=held.assembly_id)


def can_administer(by: Any, assembly: Assembly | int) -> bool:
    """Settings, people and directorates of an assembly: a lead of one of its terms."""
    return has_role(by, Role.LEAD, assembly=assembly)


def can_invite(by: Any, term: Term) -> bool:
    """The lead alone invites."""
    return is_lead(by, term)


def can_manage_invitation(by: Any, invitation: Invitation) -> bool:
    """Take back or print again: the lead of the term, or of the assembly for its directorates and wide roles."""
    if invitation.term_id:
        return is_lead(by, invitation.term_id)
    return can_administer(by, invitation.assembly_id)


def can_suspend(by: Any, user: Any, assembly: Assembly | int) -> bool:
    """A lead suspends people who hold a role in that assembly, never oneself."""
    pk = assembly if isinstance(assembly, int) else assembly.pk
    return (
        can_administer(by, pk)
        and by.pk != user.pk
        and RoleAssignment.objects.filter(user_id=user.pk, assembly_id=pk).exists()
    )


def can_hand_over(by: Any, user: Any, to: Any, term: Term) -> bool:
    """The lead passes the files of one agent to another member of the same team."""
    return is_lead(by, term) and user.pk != to.pk and is_team(to, term)


def person_abilities(by: Any, user: Any, assembly: Assembly, term: Term) -> dict[str, bool]:
    """Buttons of a person's page."""
    may_suspend = can_suspend(by, user, assembly)
    return {
        "give": can_give_role(by, user, term),
        "suspend": may_suspend and user.is_active,
        "reactivate": may_suspend and not user.is_active,
        "hand_over": is_lead(by, term) and is_team(user, term),
    }


def can_read_journal(user: Any) -> bool:
    """Leads, data protection officers and technical administrators."""
    return has_role(user, JOURNAL_READERS)


def can_change_committee(user: Any, committee: Committee) -> bool:
    """The team of the term, while the committee is open."""
    return is_team(user, committee.term_id) and committee.closed_on is None


def can_see_territory(user: Any, term: Term) -> bool:
    """Cantons and committees of a term: its team and its facilitators."""
    return has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=term)


def can_answer_erasure(user: Any) -> bool:
    """The data protection officer."""
    return has_role(user, Role.DPO)
