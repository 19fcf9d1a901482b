"""Versions: the text when somebody gave it a name, or when it changed state."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.audit.actions.entries import canonical_json
from assembly.collab import rules
from assembly.collab.actions.edits import edit
from assembly.collab.document import html, plain_text, reading, writing
from assembly.collab.engine.copy import load
from assembly.collab.enums import VersionReason
from assembly.collab.models import SharedText, TextVersion, Update
from assembly.identity.models import User


@transaction.atomic
def take_version(
    text: SharedText, *, label: str, reason: VersionReason = VersionReason.NAMED, by: User | None
) -> TextVersion:
    """Store the text as it is now under a name, without blocking others; `by=None` is the clock, before a sitting."""
    if by is not None and not rules.can_take_version(by, text):
        raise PermissionDenied
    return take_version_unchecked(text, label=label, reason=reason, by=by)


@transaction.atomic
def take_version_unchecked(text: SharedText, *, label: str, reason: VersionReason, by: User | None) -> TextVersion:
    """Store a version for a step of the owner's workflow, whose own rules have been checked."""
    lock_last_update(text)
    version = write_version(text, label=label, reason=reason, by=by)
    record("text.version_taken", text, by=by, version=version.number, sha256=version.sha256)
    return version


def lock_last_update(text: SharedText) -> None:
    """Lock the row of the text and read the number of its last update: nothing is stored until the commit."""
    text.refresh_from_db(fields=["last_seq"], from_queryset=SharedText.objects.select_for_update(no_key=True))


def write_version(text: SharedText, *, label: str, reason: VersionReason, by: User | None) -> TextVersion:
    """Write the version of a text whose row this transaction has locked."""
    copy = load(text.pk, seq=text.last_seq)
    tree = reading.tree(copy.doc)
    number = (TextVersion.objects.filter(text=text).aggregate(last=Max("number"))["last"] or 0) + 1
    return TextVersion.objects.create(
        text=text,
        number=number,
        upto_seq=copy.seq,
        label=label.strip()[:160] or _("Version %(number)s") % {"number": number},
        reason=reason,
        by=by,
        tree=tree,
        html=html.to_html(tree, suggestions="original"),
        plain_text=plain_text.to_text(tree, suggestions="original"),
        sha256=tree_digest(tree),
        authors=authors_of(text, copy.seq),
    )


def tree_digest(tree: dict[str, Any]) -> str:
    """Return the sha256 of a tree: the same text with the same marks has the same digest on every machine."""
    return hashlib.sha256(canonical_json(tree).encode()).hexdigest()


def authors_of(text: SharedText, upto: int) -> list[int]:
    """Return the authors of the rows so far, in the order of their first row."""
    rows = Update.objects.filter(text=text, seq__lte=upto).order_by("seq").values_list("author", flat=True)
    return list(dict.fromkeys(rows))


@transaction.atomic
def restore(version: TextVersion, *, by: User) -> TextVersion:
    """Restore the text of a version by an edit of the server, and store it as a new version.

    Nothing is lost: the replaced text is in the log, and in the version that is stored first.
    """
    text = version.text
    if not rules.can_restore(by, text):
        raise PermissionDenied
    former = _("Avant retour à « %(label)s »") % {"label": version.label}
    take_version_unchecked(text, label=former, reason=VersionReason.NAMED, by=by)
    edit(text, lambda doc: writing.replace_all(doc, version.tree), by=by)
    label = _("Retour à « %(label)s »") % {"label": version.label}
    lock_last_update(text)
    again = write_version(text, label=label, reason=VersionReason.RESTORED, by=by)
    facts: dict[str, Any] = {"version": again.number, "restored": version.number, "sha256": again.sha256}
    record("text.restored", text, by=by, **facts)
    return again
