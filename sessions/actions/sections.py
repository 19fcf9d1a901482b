"""Writing summaries, item by item. Nothing typed is lost: what cannot be kept as the text is kept beside it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.pdf.sanitizer import CLEANER, MAX_BYTES, clean_html
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.ui.printable import UnprintableText
from assembly.workflow import share
from sessions.enums import RevisionKind
from sessions.models import AgendaItem, Minutes, MinutesSection, SectionRevision
from sessions.rules import minutes as rules
from sessions.rules.rich_text import trimmed

ONE_SITTING_OF_WRITING = timedelta(minutes=2)
FORGOTTEN_AT_MOST = 200


class TextKept(ValidationError):
    """A text that did not become the summary; it waits in the history as `revision`."""

    def __init__(self, message: str, revision: SectionRevision, *, code: str) -> None:
        self.revision = revision
        super().__init__(message, code=code)


class _TooLate(Exception):
    """Nothing was written: the minutes went on, or somebody saved first."""

    def __init__(self, *, is_closed: bool) -> None:
        self.is_closed = is_closed
        super().__init__()


class Overtaken(TextKept):
    """Somebody else saved in the meantime."""


def write(
    minutes: Minutes,
    item: AgendaItem,
    html: str,
    *,
    revision: int,
    by: User,
    kind: RevisionKind = RevisionKind.SAVED,
) -> MinutesSection:
    """Save the summary of an item if nobody saved since `revision`.

    Raises Overtaken or UnprintableText after the text was set aside, HtmlTooLarge or HtmlTooDeep when it cannot be
    read at all, PermissionDenied for somebody who never writes here.
    """
    if not is_team(by, minutes.sitting.term_id) or item.sitting_id != minutes.sitting_id or item.is_internal:
        raise PermissionDenied
    section = section_of(minutes, item)
    if not rules.can_write(by, minutes):
        raise _closed(_set_aside(section, html, RevisionKind.CONFLICT, by))
    try:
        cleaned = trimmed(clean_html(html))
    except UnprintableText:
        _set_aside(section, html, RevisionKind.REFUSED, by)
        raise
    if cleaned == section.summary_html and revision == section.revision:
        return section
    try:
        return _save_if_first(section, cleaned, revision=revision, by=by, kind=kind)
    except _TooLate as late:
        kept = _set_aside(section, cleaned, RevisionKind.CONFLICT, by)
        if late.is_closed:
            raise _closed(kept) from late
        raise Overtaken(
            _("Quelqu’un d’autre a enregistré ce point pendant que vous écriviez. Vos mots sont gardés."),
            kept,
            code="overtaken",
        ) from late


def _closed(kept: SectionRevision) -> TextKept:
    return TextKept(_("Le compte rendu n’est plus en rédaction : votre texte est gardé à part."), kept, code="closed")


def section_of(minutes: Minutes, item: AgendaItem) -> MinutesSection:
    """The row that holds an item's summary, made at the first word."""
    return MinutesSection.objects.get_or_create(minutes=minutes, agenda_item=item)[0]


@transaction.atomic
def _save_if_first(
    section: MinutesSection, html: str, *, revision: int, by: User, kind: RevisionKind
) -> MinutesSection:
    current = share(Minutes.objects.filter(pk=section.minutes_id))
    if current is None or not current.is_being_written:
        raise _TooLate(is_closed=True)
    now = timezone.now()
    former = section.summary_html
    changes = {"summary_html": html, "revision": revision + 1, "updated_by": by, "updated_at": now}
    if not MinutesSection.objects.filter(pk=section.pk, revision=revision).update(**changes):
        raise _TooLate(is_closed=False)
    for name, value in changes.items():
        setattr(section, name, value)
    if kind == RevisionKind.SAVED and _continues(section, former, html, by):
        return section
    SectionRevision.objects.create(
        section=section, number=section.revision, summary_html=html, kind=kind, saved_by=by, saved_at=now
    )
    verb = "section.restored" if kind == RevisionKind.RESTORED else "section.saved"
    record(verb, section, by=by, dossier=section.minutes.sitting, revision=section.revision)
    return section


def _continues(section: MinutesSection, former: str, html: str, by: User) -> bool:
    """The same person still writing: the last line of the history grows instead of a new one every few seconds.

    Not when much was just deleted: what stood there a moment ago must stay within reach.
    """
    last = SectionRevision.objects.filter(section=section).order_by("-pk").first()
    now = timezone.now()
    if (
        last is None
        or last.kind != RevisionKind.SAVED
        or last.saved_by_id != by.pk
        or last.summary_html != former
        or now - last.saved_at > ONE_SITTING_OF_WRITING
        or len(former) - len(html) > FORGOTTEN_AT_MOST
    ):
        return False
    SectionRevision.objects.filter(pk=last.pk).update(summary_html=html, number=section.revision)
    return True


@transaction.atomic
def _set_aside(section: MinutesSection, html: str, kind: RevisionKind, by: User) -> SectionRevision:
    """Keep a text out of the way; the same one is kept once."""
    safe = CLEANER.clean(html[:MAX_BYTES])
    last = SectionRevision.objects.filter(section=section, saved_by=by, kind=kind).order_by("-pk").first()
    if last is not None and (last.summary_html == safe or kind == RevisionKind.REFUSED):
        SectionRevision.objects.filter(pk=last.pk).update(summary_html=safe, saved_at=timezone.now())
        last.summary_html = safe
        return last
    kept = SectionRevision.objects.create(
        section=section, number=section.revision, summary_html=safe, kind=kind, saved_by=by, saved_at=timezone.now()
    )
    verb = "section.refused" if kind == RevisionKind.REFUSED else "section.conflicted"
    record(verb, section, by=by, dossier=section.minutes.sitting)
    return kept


def restore(former: SectionRevision, *, revision: int, by: User) -> MinutesSection:
    """Take a text of the history again; the present one stays in the history."""
    section = former.section
    return write(
        section.minutes,
        section.agenda_item,
        former.summary_html,
        revision=revision,
        by=by,
        kind=RevisionKind.RESTORED,
    )


def lock_section(section: MinutesSection) -> MinutesSection:
    """The text as it is, for somebody who changes it from what it says: two corrections never undo one another."""
    held = MinutesSection.objects.select_for_update().get(pk=section.pk)
    held.minutes, held.agenda_item = section.minutes, section.agenda_item
    return held


@transaction.atomic
def correct(section: MinutesSection, html: str, *, by: User) -> MinutesSection:
    """Put an accepted correction into a text that is no longer open to writing.

    The caller has checked the right and holds the section.
    """
    now = timezone.now()
    section.summary_html, section.revision = trimmed(clean_html(html)), section.revision + 1
    section.updated_by, section.updated_at = by, now
    section.save(update_fields=["summary_html", "revision", "updated_by", "updated_at"])
    SectionRevision.objects.create(
        section=section,
        number=section.revision,
        summary_html=section.summary_html,
        kind=RevisionKind.CORRECTED,
        saved_by=by,
        saved_at=now,
    )
    return section
