"""Settings of the assembly and of a term: every change is a line of the journal, with old value and new."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity import sending
from assembly.identity.models import User
from assembly.institution import rules
from assembly.institution.models import Assembly, Term


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
