"""Actions on invitations, the only way to an account: issued by the lead, accepted by the person, or revoked."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity import actions as identity
from assembly.identity.models import Person, User
from assembly.institution import codes, rules
from assembly.institution.actions.assemblies import lock_assembly
from assembly.institution.actions.roles import role_scope
from assembly.institution.models import Directorate, Invitation, Role, RoleAssignment, Term
from assembly.institution.signals import IssuedInvitation, invitation_issued


class InvitationRefused(Exception):
    """Raised when an invitation is no longer valid.

    `reason`: used, revoked, expired, address_changed, address_taken, address_missing.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@transaction.atomic
def invite(person: Person, role: Role, *, by: User, term: Term, directorate: Directorate | None = None) -> Invitation:
    """Invite one person to a role; an earlier invitation to the same role is revoked."""
    issued = _issue(person, role, by=by, term=term, directorate=directorate)
    invitation_issued.send(Invitation, issued=[issued], by=by)
    return issued.invitation


@transaction.atomic
def invite_by_name(
    role: Role, *, by: User, term: Term, directorate: Directorate | None, email: str, **names: str
) -> Invitation:
    """Invite the person known by this address and this name, else a new one; without an address, by letter.

    `names`: `first_name`, `last_name`, `capacity`.
    """
    lock_assembly(term.assembly_id)
    same = {f"{name}__iexact": names[name] for name in ("first_name", "last_name")}
    person = Person.objects.filter(email__iexact=email, anonymised_at=None, **same).first() if email else None
    person = person or Person.objects.create(**names, email=email, channel="email" if email else "paper")
    return invite(person, role, by=by, term=term, directorate=directorate)


@transaction.atomic
def invite_many(people: Iterable[Person], role: Role, *, by: User, term: Term) -> list[Invitation]:
    """Invite several persons to the same role in one act, hence one distribution: « Inviter 104 membres »."""
    issued = [_issue(person, role, by=by, term=term, directorate=None) for person in people]
    if issued:
        invitation_issued.send(Invitation, issued=issued, by=by)
    return [one.invitation for one in issued]


def _issue(person: Person, role: Role, *, by: User, term: Term, directorate: Directorate | None) -> IssuedInvitation:
    if not rules.can_invite(by, term) or person.anonymised_at is not None or person.pk == by.person_id:
        raise PermissionDenied
    place = role_scope(role, term=term, directorate=directorate)
    now = timezone.now()
    waiting = Invitation.objects.filter(person=person, role=role, accepted_at=None, revoked_at=None, **place)
    waiting.update(revoked_at=now)
    code = codes.new_code()
    invitation = Invitation.objects.create(
        person=person,
        email=person.email.lower(),
        role=role,
        code_digest=codes.code_digest(code),
        invited_by=by,
        expires_at=now + timedelta(days=term.invitation_days),
        **place,
    )
    record("invitation.sent", invitation, by=by, dossier=person, role=role, person=person.pk)
    return IssuedInvitation(invitation, codes.invitation_address(invitation.public_id), code)


@transaction.atomic
def new_code(invitation: Invitation, *, by: User) -> str:
    """Create a new code for a letter to print now; the code of an earlier letter becomes invalid."""
    if not rules.can_manage_invitation(by, invitation):
        raise PermissionDenied
    code = codes.new_code()
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not waiting.update(code_digest=codes.code_digest(code)):
        raise InvitationRefused("used")
    record("invitation.sent", invitation, by=by, dossier=invitation.person, role=invitation.role, letter=True)
    return code


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> None:
    """Revoke an invitation before it is used."""
    if not rules.can_manage_invitation(by, invitation):
        raise PermissionDenied
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if waiting.update(revoked_at=timezone.now()):
        record("invitation.revoked", invitation, by=by, dossier=invitation.person)


def check_usable(invitation: Invitation) -> None:
    """Raise InvitationRefused when the invitation is no longer valid."""
    if invitation.accepted_at is not None:
        raise InvitationRefused("used")
    if invitation.revoked_at is not None or invitation.person.anonymised_at is not None:
        raise InvitationRefused("revoked")
    if invitation.email and invitation.email != invitation.person.email.lower():
        raise InvitationRefused("address_changed")
    if invitation.expires_at <= timezone.now():
        raise InvitationRefused("expired")


@transaction.atomic
def accept(invitation: Invitation, *, email: str = "") -> tuple[User, bool]:
    """Create the account (unless the person has one) and give the role; return the user and whether it is new.

    The row is locked first, so that two clicks on the link create one account.
    """
    invitation = (
        Invitation.objects.select_for_update(of=["self"], no_key=True)
        .select_related("person", "term", "directorate")
        .get(pk=invitation.pk)
    )
    check_usable(invitation)
    user = User.objects.filter(person=invitation.person).first()
    is_new = user is None
    if user is None:
        user = _open_account(invitation, email.strip().lower() or invitation.email)
    elif not user.is_active:
        raise InvitationRefused("revoked")
    now = timezone.now()
    assignment, created = RoleAssignment.objects.get_or_create(
        user=user,
        role=invitation.role,
        assembly_id=invitation.assembly_id,
        term=invitation.term,
        directorate=invitation.directorate,
        ended_at=None,
        defaults={"given_at": now, "given_by_id": invitation.invited_by_id},
    )
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    record("invitation.accepted", invitation, by=user, dossier=user)
    if created:
        record("role.given", assignment, by=invitation.invited_by, dossier=user, role=assignment.role, user=user.pk)
    rules.invalidate_roles(user)
    return user, is_new


def _open_account(invitation: Invitation, email: str) -> User:
    if not email:
        raise InvitationRefused("address_missing")
    if User.objects.filter(email=email).exists():
        raise InvitationRefused("address_taken")
    if not invitation.person.email:
        Person.objects.filter(pk=invitation.person_id).update(email=email)
    return identity.create_account(invitation.person, email, by=None)
