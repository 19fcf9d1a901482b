"""The life of a text: created with a first text, edited by the server, open to comments only, frozen, reopened."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pycrdt import Doc, XmlFragment

from assembly.audit.actions import record
from assembly.collab.actions import versions
from assembly.collab.actions.edits import edit
from assembly.collab.document import schema, writing
from assembly.collab.engine.copy import ROOT
from assembly.collab.enums import UpdateKind, VersionReason
from assembly.collab.models import SharedText, TextVersion, Update
from assembly.collab.workflow import TEXT
from assembly.identity.models import User
from assembly.institution.models import Assembly

__all__ = ["annotate", "create", "edit", "freeze", "open_again"]
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
    version = versions.write_version(text, label=label or _("Texte figé"), reason=VersionReason.FROZEN, by=by)
    record("text.frozen", text, by=by, upto=version.upto_seq, sha256=version.sha256)
    return version
