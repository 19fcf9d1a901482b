"""Actions on an assembly and its terms: creation, settings, reference numbers, row lock.

Every change of a setting is a line of the journal, with old value and new. The steps of a term are `workflow.TERM`.
Follow-up outlives a term: closing one locks nothing.
"""

import hashlib
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity import sending
from assembly.identity.models import User
from assembly.institution import rules
from assembly.institution.models import Assembly, Role, RoleAssignment, Term


def lock_assembly(assembly_id: int) -> None:
    """Lock the assembly's row until the transaction ends, so that what is looked up first is then inserted once.

    No unique constraint can express this where the name is in one table and the assembly in another.
    """
    Assembly.objects.select_for_update(no_key=True).get(pk=assembly_id)


def next_number(assembly: Assembly, series: str, year: int) -> int:
    """Return the next number of the series, from 1; the row lock is held until the caller's transaction ends.

    A rolled back caller frees its number again; the number of a committed one is permanent.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO institution_referencecounter (assembly_id, series, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (assembly_id, series, year)"
            " DO UPDATE SET last = institution_referencecounter.last + 1 RETURNING last",
            [assembly.pk, series, year],
        )
        return cursor.fetchone()[0]


@transaction.atomic
def create_first_assembly(name: str, authority: str, sender: str, **dates: Any) -> Term:
    """Create the first assembly and its first term, so that a lead has a place to work in."""
    assembly = Assembly.objects.create(
        name=name, slug="assemblee", authority_name=authority, sender_email=sender, reply_email=sender
    )
    record("assembly.created", assembly, by=None)
    term = Term.objects.create(assembly=assembly, number=1, name=f"{name}, première mandature", **dates)
    record("term.created", term, by=None)
    return term


@transaction.atomic
def create_term(
    assembly: Assembly, *, by: User, number: int, name: str, starts_on: date, ends_on: date, seats: int
) -> Term:
    """Create a new term and make its creator the lead, since nobody else could give that role."""
    if not rules.can_administer(by, assembly):
        raise PermissionDenied
    term = Term(assembly=assembly, number=number, name=name, starts_on=starts_on, ends_on=ends_on, seats=seats)
    term.full_clean()
    term.save()
    record("term.created", term, by=by)
    assignment = RoleAssignment.objects.create(
        user=by, role=Role.LEAD, assembly=assembly, term=term, given_at=timezone.now(), given_by=None
    )
    record("role.given", assignment, by=None, dossier=by, role=Role.LEAD, user=by.pk)
    rules.invalidate_roles(by)
    return term


def _format_value(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return str(value)


def _change(thing: models.Model, changes: dict[str, Any], *, by: User) -> list[str]:
    """Write what differs and record it in the journal, field by field; return the names of the changed fields."""
    row = type(thing)._base_manager.select_for_update(no_key=True).get(pk=thing.pk)
    different = {name: value for name, value in changes.items() if getattr(row, name) != value}
    for name, value in different.items():
        field = thing._meta.get_field(name)
        label = getattr(field, "verbose_name", name)
        detail = f"{label} : {_format_value(getattr(row, name))} → {_format_value(value)}"
        record("settings.changed", thing, by=by, detail=detail, field=name)
        setattr(row, name, value)
        setattr(thing, name, value)
    if different:
        row.full_clean(exclude=["logo_png"])
        row.save(update_fields=list(different))
    return list(different)


@transaction.atomic
def change_assembly(assembly: Assembly, changes: dict[str, Any], *, by: User) -> list[str]:
    """Change the assembly's name, colours, sender and contacts."""
    if not rules.can_administer(by, assembly):
        raise PermissionDenied
    return _change(assembly, changes, by=by)


@transaction.atomic
def change_term(term: Term, changes: dict[str, Any], *, by: User) -> list[str]:
    """Change a term's delays, quorum, majority, retention, dates or name."""
    if not rules.is_lead(by, term):
        raise PermissionDenied
    return _change(term, changes, by=by)


@transaction.atomic
def change_logo(assembly: Assembly, png: bytes | None, *, by: User) -> None:
    """Replace the logo (a picture already redrawn by the upload check), or remove it."""
    if not rules.can_administer(by, assembly):
        raise PermissionDenied
    digest = hashlib.sha256(png).hexdigest()[:16] if png else ""
    Assembly.objects.filter(pk=assembly.pk).update(logo_png=png, logo_digest=digest)
    record("settings.changed", assembly, by=by, field="logo_png", digest=digest)


def send_test_mail(assembly: Assembly, *, by: User, sender: str) -> bool:
    """Send a mail to the reader with the present sender and reply address; return whether the relay accepts it."""
    if not rules.can_administer(by, assembly):
        raise PermissionDenied
    message = EmailMessage(
        subject=_("Essai d’envoi"),
        body=_("Bonjour,\n\nCe courriel est un essai. S’il vous est parvenu, les réglages d’envoi sont bons.\n")
        + f"\n{assembly.name}\n",
        from_email=sender,
        to=[by.email],
        reply_to=[assembly.reply_email],
    )
    if not sending.hand_to_relay(message):
        return False
    with transaction.atomic():
        record("settings.mail_tested", assembly, by=by)
    return True
