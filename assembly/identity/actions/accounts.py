"""Accounts: opened, suspended, given back; sessions ended. Who may ask for it is decided by `institution`."""

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
    """Open a sign-in for `person`; the mail code, then a passkey, are its keys."""
    user = User.objects.create_user(email, person)
    record("account.created", user, by=by)
    return user


@transaction.atomic
def suspend(user: User, *, by: User, reason: str = "") -> None:
    """Close the account and end its sessions at once; nothing the person wrote changes."""
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, suspended_at=timezone.now()):
        user.refresh_from_db()
        end_sessions(user)
        record("account.suspended", user, by=by, detail=reason)
        standing_ended.send(User, person=user.person, by=by)


@transaction.atomic
def reactivate(user: User, *, by: User) -> None:
    """Open the account again; the person signs in anew."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, suspended_at=None):
        user.refresh_from_db()
        record("account.reactivated", user, by=by)


@transaction.atomic
def change_address(user: User, email: str, *, by: User) -> str:
    """Sign in with another address from now on. Returns the former one, so that both can be written to.

    Every session ends: whoever still reads the former mailbox must not stay inside. Codes and links sent there
    are void too (`AccountAdapter.pre_login`). Passkeys stay: they belong to the person, not to the mailbox.
    """
    wanted, former = email.strip().lower(), user.email
    if User.objects.filter(email=wanted).exclude(pk=user.pk).exists():
        raise ValidationError(_("Une autre personne se connecte déjà avec cette adresse électronique."))
    User.objects.filter(pk=user.pk).update(email=wanted)
    user.email = wanted
    ended = end_sessions(user)
    detail = f"{former} → {wanted}"
    record("account.address_changed", user, by=by, on_behalf_of=user.person, detail=detail, sessions_ended=ended)
    return former


@transaction.atomic
def end_sessions(user: User, *, keep: str | None = None) -> int:
    """Sign `user` out everywhere, save from the session whose key is `keep`. Returns how many sessions ended."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)
