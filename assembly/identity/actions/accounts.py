"""Actions on accounts: create, suspend, reactivate; end sessions. `institution` decides who may call them."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.identity.signals import standing_ended


@transaction.atomic
def create_account(person: Person, email: str, *, by: User | None) -> User:
    """Create the account of `person`, who signs in by a code in a mail, then by a passkey."""
    user = User.objects.create_user(email, person)
    record("account.created", user, by=by)
    return user


@transaction.atomic
def suspend(user: User, *, by: User, reason: str = "") -> None:
    """Suspend the account and end its sessions at once; nothing the person wrote changes."""
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, suspended_at=timezone.now()):
        user.refresh_from_db()
        end_sessions(user)
        record("account.suspended", user, by=by, detail=reason)
        standing_ended.send(User, person=user.person, by=by)


@transaction.atomic
def reactivate(user: User, *, by: User) -> None:
    """Reopen the account; the person signs in again."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, suspended_at=None):
        user.refresh_from_db()
        record("account.reactivated", user, by=by)


@transaction.atomic
def change_address(user: User, email: str, *, by: User) -> str:
    """Change the sign-in address; return the former one, so that both can be written to.

    Every session ends: a reader of the former mailbox must not stay signed in. Codes and links sent there are void too
    (`AccountAdapter.pre_login`). Passkeys stay: they belong to the person, not to the mailbox. Raise ValidationError
    for the address of another account.
    """
    address, former = email.strip().lower(), user.email
    if User.objects.filter(email=address).exclude(pk=user.pk).exists():
        raise ValidationError(_("Une autre personne se connecte déjà avec cette adresse électronique."))
    User.objects.filter(pk=user.pk).update(email=address)
    user.email = address
    ended = end_sessions(user)
    detail = f"{former} → {address}"
    record("account.address_changed", user, by=by, on_behalf_of=user.person, detail=detail, sessions_ended=ended)
    return former


@transaction.atomic
def end_sessions(user: User, *, current_key: str | None = None) -> int:
    """Sign `user` out everywhere except from the session with key `current_key`; return how many sessions ended."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=current_key or "")
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)
