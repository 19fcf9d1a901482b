"""The life of a text: created with a first text, open to comments only, frozen, reopened.

Also edits that the server makes in the name of a user, and versions: the text when somebody gave it a name, or when it
changed state.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from pycrdt import Doc, XmlFragment

from assembly.audit.actions import canonical_json, record
from assembly.collab import rules
from assembly.collab.document import html, plain_text, reading, schema, writing
from assembly.collab.engine import change_signal
from assembly.collab.engine.copy import ROOT, load
from assembly.collab.models import SharedText, TextRight, TextState, TextVersion, Update, UpdateKind, VersionReason
from assembly.collab.workflow import TEXT
from assembly.identity.models import User
from assembly.institution.models import Assembly
from assembly.workflow import StateConflict


@transaction.atomic
def edit(text: SharedText, change: Callable[[Doc[Any]], None], *, by: User, needs: TextRight = TextRight.WRITE) -> int:
    """Edit the text on the server as `by`, who must hold `needs`; return the number of its last row.

    The result must be valid in the schema. Open screens receive the edit like any other. Raises PermissionDenied
    without the right in an open text, StateConflict in one that is no longer open.
    """
    locked = lock_text(text)
    if rules.right(by, locked) < needs:
        if locked.state == TextState.OPEN:
            raise PermissionDenied
        raise StateConflict(locked, "edit")
    copy = load(text.pk)
    vector = copy.doc.get_state()
    before = copy.doc.get_update(vector)
    change(copy.doc)
    schema.check(reading.tree(copy.doc))
    data = copy.doc.get_update(vector)
    if data != before:
        SharedText.objects.filter(pk=text.pk).update(last_seq=locked.last_seq + 1)
        text.last_seq = locked.last_seq + 1
        Update.objects.create(text=locked, seq=text.last_seq, data=data, author=by, kind=UpdateKind.SERVER)
        change_signal.notify_on_commit(text.pk)
    return text.last_seq


def lock_text(text: SharedText) -> SharedText:
    """Return the row as it is now, locked: no update is numbered before this transaction ends."""
    return SharedText.objects.select_for_update(of=("self",), no_key=True).get(pk=text.pk)


EMPTY: dict[str, Any] = {"type": "doc", "content": [{"type": "paragraph"}]}
type Tree = dict[str, Any]


@transaction.atomic
def create(
    kind: str,
    *,
    title: str,
    assembly: Assembly,
    runs: Iterable[tuple[User, Tree]] = (),
    seeds: Iterable[tuple[int | None, bytes]] = (),
    by: User,
) -> SharedText:
    """Create a text of a registered kind from blocks that their authors wrote in turn; the caller checks the right.

    `seeds` are the rows of such a document made elsewhere (`authorship.seeds`), by keys of users, instead of `runs`.
    The first text is written here, once: if each browser wrote it, it would be there as often as there are browsers.
    """
    text = SharedText.objects.create(
        kind=kind, title=title[:250], assembly=assembly, schema_version=schema.SCHEMA_VERSION
    )
    first = [*seeds] or _written([*runs] or [(by, EMPTY)])
    rows = [
        Update(text=text, seq=seq, data=data, author_id=author or by.pk, kind=UpdateKind.SEED)
        for seq, (author, data) in enumerate(first, 1)
    ]
    Update.objects.bulk_create(rows)
    text.last_seq = len(rows)
    text.save(update_fields=["last_seq"])
    record("text.created", text, by=by, kind=kind)
    return text


def _written(runs: Iterable[tuple[User, Tree]]) -> list[tuple[int | None, bytes]]:
    """Return one row for each run, all of one document."""
    doc: Doc[Any] = Doc()
    doc.get(ROOT, type=XmlFragment)
    rows: list[tuple[int | None, bytes]] = []
    for author, tree in runs:
        before = doc.get_state()
        writing.append_blocks(doc, schema.check(tree))
        rows.append((author.pk, doc.get_update(before)))
    return rows


def annotate(text: SharedText, *, by: User) -> None:
    """Close the text for writing, and leave it open for comments; the caller checks the right."""
    TEXT.follow(text, "annotate", by=by)


def open_again(text: SharedText, *, by: User) -> None:
    """Open the text for writing again; the caller checks the right."""
    TEXT.follow(text, "open_again", by=by)


@transaction.atomic
def freeze(text: SharedText, *, label: str = "", by: User) -> TextVersion:
    """Freeze the text and store its last version: no later edit can be numbered.

    The row lock waits for the edits being stored, and those that come next wait for it. The caller checks the right.
    """
    TEXT.follow(text, "freeze", by=by)
    version = write_version(text, label=label or _("Texte figé"), reason=VersionReason.FROZEN, by=by)
    record("text.frozen", text, by=by, upto=version.upto_seq, sha256=version.sha256)
    return version


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
    rows = Update.objects.filter(text=text, seq__lte=copy.seq).order_by("seq").values_list("author", flat=True)
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
        authors=list(dict.fromkeys(rows)),  # in the order of their first row
    )


def tree_digest(tree: dict[str, Any]) -> str:
    """Return the sha256 of a tree: the same text with the same marks has the same digest on every machine."""
    return hashlib.sha256(canonical_json(tree).encode()).hexdigest()


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
