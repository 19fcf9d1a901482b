"""Actions on accounts, whose callers `institution` decides, and on personal data: export, erasure, retention."""

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import erase_details, record
from assembly.audit.models import Entry
from assembly.identity.models import ErasureRequest, Person, User
from assembly.identity.personal_data import Declaration, registry
from assembly.identity.signals import standing_ended
from assembly.identity.workflow import ERASURE


@transaction.atomic
def create_account(person: Person, email: str, *, by: User | None) -> User:
    """Create the account of `person`, who signs in by a code in a mail, then by a passkey."""
    user = User.objects.create_user(email, person)
    record("account.created", user, by=by)
    return user


@transaction.atomic
def suspend(user: User, *, by: User, reason: str = "") -> None:
    """Suspend the account and end its sessions at once; nothing the person wrote changes."""
    account = User.objects.filter(pk=user.pk, is_active=True)
    if account.select_for_update(no_key=True):  # what the person does meanwhile is done before the suspension
        account.update(is_active=False, suspended_at=timezone.now())
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


def export(person: Person) -> dict[str, Any]:
    """Return all data about `person`, by kind, and the lines of the journal they wrote."""
    rows_by_kind: dict[str, Any] = {}
    for declaration in registry.declarations.values():
        names = [name for name, rule in declaration.fields.items() if rule.exported]
        rows = [{name: _plain(row, name) for name in names} for row in declaration.rows(person).order_by("pk")]
        if rows:
            rows_by_kind[declaration.model._meta.label] = rows
    lines = Entry.objects.filter(actor=person.pseudonym).order_by("pk")
    rows_by_kind["journal"] = [
        {
            "at": line.at.isoformat(),
            "verb": line.event_type,  # the key of the exported file
            "subject_type": line.subject_type,
            "subject_id": line.subject_id,
        }
        for line in lines.only("at", "event_type", "subject_type", "subject_id")
    ]
    return rows_by_kind


def _plain(row: models.Model, name: str) -> Any:
    column = row._meta.get_field(name)
    if isinstance(column, models.ManyToManyField):
        return [str(thing) for thing in getattr(row, name).all()]
    if isinstance(column, models.ForeignKey):
        related = getattr(row, name)
        return str(related) if related is not None else None
    if isinstance(column, models.BinaryField):
        return None
    value = getattr(row, name)
    return value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, int | None) else str(value)


@transaction.atomic
def ask_erasure(person: Person, *, by: User, statement: str = "") -> ErasureRequest:
    """Record that a person asks to be erased; while one is pending, return the same request."""
    request, is_new = ErasureRequest.objects.get_or_create(
        person=person, state="pending", defaults={"asked_at": timezone.now(), "asked_by": by, "statement": statement}
    )
    if is_new:
        record("erasure.asked", request, by=by, on_behalf_of=None if by.person_id == person.pk else person)
    return request


@transaction.atomic
def fulfil_erasure(request: ErasureRequest, *, by: User) -> None:
    """Erase the person: names, contacts, authenticators and free texts go; pseudonym, acts and hash chain stay.

    `institution` decides who may call it.
    """
    ERASURE.follow(request, "fulfil", by=by)
    erase(request.person, by=by)


@transaction.atomic
def erase(person: Person, *, by: User | None) -> None:
    """Empty every declared field about `person`, once; `by` is None when the retention period ended."""
    for hook in registry.erasure_hooks.values():
        hook(person, by)
    for user in User.objects.filter(person=person):
        end_sessions(user)
        User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, suspended_at=timezone.now())
    _erase_details(person, by=by)
    for declaration in reversed(registry.declarations.values()):
        _erase_rows(declaration, person)
    Person.objects.filter(pk=person.pk).update(anonymised_at=timezone.now())
    person.refresh_from_db()
    standing_ended.send(Person, person=person, by=by)


@transaction.atomic
def erase_unless_named(person: Person, *, except_row: models.Model, by: User | None) -> None:
    """Erase a person whom no row references any more, except `except_row`, which is being deleted.

    Traces of mail that was sent keep nobody: they lose name and address with the person.
    """
    for relation in Person._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel):
            model: Any = relation.related_model
            if (declaration := registry.declarations.get(model)) and declaration.is_trace:
                continue
            rows = model._base_manager.filter(**{relation.field.name: person})
            rows = rows.exclude(pk=except_row.pk) if isinstance(except_row, model) else rows
            if rows.exists():
                return
    erase(person, by=by)


def _erase_rows(declaration: Declaration, person: Person) -> None:
    rows = declaration.rows(person)
    if declaration.deletes_rows:
        rows.delete()
        return
    fixed = {name: rule.to for name, rule in declaration.fields.items() if rule.erases and not callable(rule.to)}
    by_row = {name: rule.to for name, rule in declaration.fields.items() if rule.erases and callable(rule.to)}
    if not fixed and not by_row:
        return
    for row in rows:
        values = fixed | {name: compute(row) for name, compute in by_row.items()}
        rows.filter(pk=row.pk).update(**values)


def _erase_details(person: Person, *, by: User | None) -> None:
    """Erase free text written by the person, on their behalf, or about them."""
    about = Q(subject_type="identity.Person", subject_id=str(person.pk))
    about |= Q(dossier_type="identity.Person", dossier_id=str(person.pk))
    for user in User.objects.filter(person=person):
        about |= Q(subject_type="identity.User", subject_id=str(user.pk))
        about |= Q(dossier_type="identity.User", dossier_id=str(user.pk))
    own = Q(actor=person.pseudonym) | Q(on_behalf_of=person.pseudonym)
    entries = Entry.objects.filter(own | about, detail__isnull=False, detail__erased_at=None)
    erase_details(entries.values_list("pk", flat=True), by=by)


def count_due(now: datetime | None = None) -> dict[str, int]:
    """Count what has reached its retention period, by rule, without changing it."""
    moment = now or timezone.now()
    return {rule.key: sum(1 for _row in rule.find(moment)) for rule in registry.retentions.values()}


def erase_due(now: datetime | None = None) -> dict[str, int]:
    """Erase everything whose retention period ended; return how many by rule: what `count_due` counted just before."""
    moment = now or timezone.now()
    gone: dict[str, int] = {}
    for rule in registry.retentions.values():
        gone[rule.key] = 0
        for row in list(rule.find(moment)):
            with transaction.atomic():
                rule.apply(row)
            gone[rule.key] += 1
    return gone
