"""Minutes while they are written: started, handed over, summaries, notes, circulated.

A text that cannot be saved as the summary is saved in its history: none is lost. The steps without arguments or
consequences of their own are only rows of `MINUTES`.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.pdf.sanitizer import CLEANER, MAX_BYTES, clean_html
from assembly.identity.models import Person, User
from assembly.institution.rules import is_team
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.printable import UnprintableText
from assembly.web.errors import EditConflict
from assembly.web.versioned import Versioned
from assembly.workflow import share
from sessions.minutes import rules
from sessions.minutes.models import MinutesKind, RevisionKind
from sessions.minutes.queries.facts import title_of
from sessions.minutes.queries.minutes import people_who_attended
from sessions.minutes.rules import MAX_LENGTH, printable_lines, trimmed
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import AgendaItem, ItemNote, Minutes, MinutesSection, SectionRevision, Sitting, SittingKind
from sessions.sittings import rules as sittings_rules


@transaction.atomic
def start(sitting: Sitting, *, by: User, kind: str = "") -> Minutes:
    """Start the minutes of a sitting: formal for a plenary, a report for a committee, unless `kind` names another."""
    if not rules.can_start(by, sitting):
        raise PermissionDenied
    usual = MinutesKind.FORMAL if sitting.kind == SittingKind.PLENARY else MinutesKind.REPORT
    day = timezone.localdate(sitting.starts_at) + timedelta(days=sitting.term.minutes_days)
    minutes, is_new = Minutes.objects.get_or_create(
        sitting=sitting, defaults={"kind": MinutesKind(kind or usual), "writer": by, "due_on": day}
    )
    if is_new:
        record("minutes.started", minutes, by=by, dossier=sitting, kind=minutes.kind)
    return minutes


@MINUTES.action("change_kind")
def change_kind(minutes: Minutes, kind: str, *, by: User) -> Minutes:
    """Make a report formal, or the other way round, while it is a draft."""
    new_kind = MinutesKind(kind)
    MINUTES.transition(minutes, "change_kind", by=by, kind=new_kind, facts={"kind": new_kind})
    return minutes


def hand_over(minutes: Minutes, writer: User, *, by: User) -> Minutes:
    """Assign the writing to a colleague of the team."""
    if not is_team(writer, minutes.sitting.term_id):
        raise PermissionDenied
    MINUTES.transition(minutes, "hand_over", by=by, writer=writer, facts={"writer": writer.pseudonym})
    return minutes


@MINUTES.action("name_functions")
@transaction.atomic
def name_functions(minutes: Minutes, *, chair: Person | None, secretary: Person | None, by: User) -> Minutes:
    """Record who chaired the sitting and who was its secretary: they give their visas at the end."""
    if chair is not None and chair == secretary:
        raise ValidationError(_("La présidence et le secrétariat sont deux personnes différentes."), code="same")
    facts = {
        "chair": chair.pseudonym if chair else None,
        "secretary": secretary.pseudonym if secretary else None,
    }
    MINUTES.transition(minutes, "name_functions", by=by, facts=facts)
    sitting = minutes.sitting
    sitting.chair, sitting.secretary = chair, secretary
    sitting.save(update_fields=["chair", "secretary"])
    return minutes


@MINUTES.action("circulate")
@transaction.atomic
def circulate(minutes: Minutes, *, by: User) -> Distribution:
    """Send the text to those who attended, who may ask for corrections during the period set by the term."""
    MINUTES.transition(minutes, "circulate", by=by)
    return distribute(
        "minutes-circulated",
        minutes,
        [Recipient(person=person) for person in people_who_attended(minutes.sitting)],
        by=by,
        title=title_of(minutes),
        term=minutes.sitting.term,
        key=f"minutes-circulated:{minutes.pk}:{minutes.circulated_at:%Y%m%d%H%M%S}",
    )


SAME_SAVE_PERIOD = timedelta(minutes=2)
MAX_DELETED_CHARACTERS = 200


SECTION = Versioned(version="revision", by="updated_by", at="updated_at")


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

    Raises EditConflict or UnprintableText after the text was saved in the history, HtmlTooLarge or HtmlTooDeep when it
    cannot be parsed at all, PermissionDenied for somebody who may never write here.
    """
    if not is_team(by, minutes.sitting.term_id) or item.sitting_id != minutes.sitting_id or item.is_internal:
        raise PermissionDenied
    section = get_or_create_section(minutes, item)
    if not rules.can_write(by, minutes):
        raise _save_conflict(section, html, by=by, is_closed=True)
    try:
        cleaned = trimmed(clean_html(html))
    except UnprintableText:
        _save_in_history(section, html, RevisionKind.REFUSED, by)
        raise
    if cleaned == section.summary_html and revision == section.revision:
        return section
    try:
        return _save_if_first(section, cleaned, revision=revision, by=by, kind=kind)
    except EditConflict as late:
        # In a transaction of its own: the one that failed is rolled back.
        raise _save_conflict(section, cleaned, by=by, is_closed=late.is_closed) from late


def _save_conflict(section: MinutesSection, html: str, *, by: User, is_closed: bool) -> EditConflict:
    """Save the text in the history, as the sanitizer cleaned it, and return the exception to raise."""
    revision = _save_in_history(section, html, RevisionKind.CONFLICT, by)
    return SECTION.conflict(section, {"summary_html": revision.summary_html}, is_closed=is_closed)


def get_or_create_section(minutes: Minutes, item: AgendaItem) -> MinutesSection:
    """Return the row that stores an item's summary, created on first use."""
    return MinutesSection.objects.get_or_create(minutes=minutes, agenda_item=item)[0]


@transaction.atomic
def _save_if_first(
    section: MinutesSection, html: str, *, revision: int, by: User, kind: RevisionKind
) -> MinutesSection:
    current = share(Minutes.objects.filter(pk=section.minutes_id))
    if current is None or not current.is_being_written:
        raise SECTION.conflict(section, {"summary_html": html}, is_closed=True)
    now = timezone.now()
    former = section.summary_html
    SECTION.save(section, {"summary_html": html, "updated_by": by, "updated_at": now}, version=revision)
    if kind == RevisionKind.SAVED and _extend_last_revision(section, former, html, by):
        return section
    SectionRevision.objects.create(
        section=section, number=section.revision, summary_html=html, kind=kind, saved_by=by, saved_at=now
    )
    event_type = "section.restored" if kind == RevisionKind.RESTORED else "section.saved"
    record(event_type, section, by=by, dossier=section.minutes.sitting, revision=section.revision)
    return section


def _extend_last_revision(section: MinutesSection, former: str, html: str, by: User) -> bool:
    """Update the last revision instead of adding one, if the same person goes on writing; return whether it did.

    Else the history would get a row every few seconds. Not when much was just deleted, which must stay in the history.
    """
    last = SectionRevision.objects.filter(section=section).order_by("-pk").first()
    now = timezone.now()
    if (
        last is None
        or last.kind != RevisionKind.SAVED
        or last.saved_by_id != by.pk
        or last.summary_html != former
        or now - last.saved_at > SAME_SAVE_PERIOD
        or len(former) - len(html) > MAX_DELETED_CHARACTERS
    ):
        return False
    SectionRevision.objects.filter(pk=last.pk).update(summary_html=html, number=section.revision)
    return True


@transaction.atomic
def _save_in_history(section: MinutesSection, html: str, kind: RevisionKind, by: User) -> SectionRevision:
    """Save a text in the history, out of the summary; the same text is saved once."""
    safe = CLEANER.clean(html[:MAX_BYTES])
    last = SectionRevision.objects.filter(section=section, saved_by=by, kind=kind).order_by("-pk").first()
    if last is not None and (last.summary_html == safe or kind == RevisionKind.REFUSED):
        SectionRevision.objects.filter(pk=last.pk).update(summary_html=safe, saved_at=timezone.now())
        last.summary_html = safe
        return last
    revision = SectionRevision.objects.create(
        section=section, number=section.revision, summary_html=safe, kind=kind, saved_by=by, saved_at=timezone.now()
    )
    event_type = "section.refused" if kind == RevisionKind.REFUSED else "section.conflicted"
    record(event_type, section, by=by, dossier=section.minutes.sitting)
    return revision


def restore(former: SectionRevision, *, revision: int, by: User) -> MinutesSection:
    """Save a text of the history as the summary again; the present text stays in the history."""
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
    """Lock and return the section, so that of two corrections made from its text neither undoes the other."""
    locked_section = MinutesSection.objects.select_for_update(no_key=True).get(pk=section.pk)
    locked_section.minutes, locked_section.agenda_item = section.minutes, section.agenda_item
    return locked_section


@transaction.atomic
def correct(section: MinutesSection, html: str, *, by: User) -> MinutesSection:
    """Write an accepted correction into a text that is no longer open to writing.

    The caller has checked the right and locked the section.
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


NOTE = Versioned(version="revision", at="updated_at")


@transaction.atomic
def save_note(item: AgendaItem, text: str, *, revision: int, by: User) -> ItemNote:
    """Save the note of `by` about an item; raise EditConflict if they saved in another window since `revision`."""
    if not sittings_rules.can_take_notes(by, item.sitting) or item.is_internal:
        raise PermissionDenied
    cleaned = printable_lines(text)
    if len(cleaned) > MAX_LENGTH:
        raise ValidationError(_("Ces notes sont trop longues : 20 000 signes au plus par point."))
    now = timezone.now()
    note, is_new = ItemNote.objects.get_or_create(item=item, author=by, defaults={"updated_at": now})
    if cleaned == note.text:
        return note
    NOTE.save(note, {"text": cleaned, "updated_at": now}, version=revision)
    if is_new:
        record("notes.taken", item, by=by, dossier=item.sitting)
    return note
