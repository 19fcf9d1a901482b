"""From approved text to sealed files: asked, sealed by the workers, published, sent to everybody."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.publications import publish as publish_document
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, Rendition
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from sessions.actions.corrections import send_answers
from sessions.actions.locks import lock_minutes
from sessions.actions.minutes import move, needs_corrections_answered, record_as_minuted
from sessions.actions.sections import correct, lock_section
from sessions.enums import MinutesVisaCapacity
from sessions.models import Minutes, MinutesSection, Visa
from sessions.queries.minutes import people_who_attended, readers_of_sealed
from sessions.queries.minutes_facts import (
    INTERNAL,
    MinutesReading,
    minutes_facts,
    read_minutes,
    text_fingerprint,
    title_of,
)
from sessions.rules import minutes as rules
from sessions.rules.rich_text import replaced_once
from sessions.workflows.minutes import FORMAL

SEALED_KINDS = ("minutes-internal", "minutes-public")
RECORD_KIND = "decisions-record"
DRAFT_KIND = "minutes-draft"


@transaction.atomic
def seal(minutes: Minutes, *, by: User, doubts_read: bool = False) -> list[Rendition]:
    """Ask for both sealed versions, once the text is approved and both visas cover it.

    `doubts_read`: somebody read the words of the public version that could be a name, and says that none is.
    """
    if not is_team(by, minutes.sitting.term_id):
        raise PermissionDenied
    lock_minutes(minutes, "sign", lambda held: rules.can_seal(by, held))
    if not minutes.is_formal:
        needs_corrections_answered(minutes)
        send_answers(minutes, by=by)
    reading = read_minutes(minutes.pk)
    if minutes.is_formal:
        _needs_both_visas(reading)
    doubts = reading.doubtful_words
    if doubts and not doubts_read:
        raise ValidationError(
            _("Des mots de la version publique pourraient désigner une personne : relisez-les d’abord."), code="doubts"
        )
    record("minutes.sealing_asked", minutes, by=by, dossier=minutes.sitting, doubts_read=len(doubts))
    return [request_rendition(minutes, kind, by=by, loaded=reading) for kind in SEALED_KINDS]


def _needs_both_visas(reading: MinutesReading) -> None:
    given = {visa.capacity: visa for visa in Visa.objects.filter(minutes=reading.minutes, voided_at=None)}
    missing = [MinutesVisaCapacity(capacity).label for capacity in MinutesVisaCapacity.values if capacity not in given]
    if missing:
        raise ValidationError(
            _("Il manque le visa : %(who)s.") % {"who": ", ".join(str(label) for label in missing)}, code="visas"
        )
    text = text_fingerprint(reading.internal)
    if any(visa.text_sha256 != text for visa in given.values()):
        raise ValidationError(
            _("Les faits de la séance ont changé depuis un visa : demandez de nouveau les visas."), code="changed"
        )


@transaction.atomic
def void_visas(minutes: Minutes, *, by: User) -> int:
    """Set aside visas that cover another text, so that they may be given again."""
    if not rules.can_record_visa(by, minutes):
        raise PermissionDenied
    text = text_fingerprint(minutes_facts(minutes))
    stale = Visa.objects.filter(minutes=minutes, voided_at=None).exclude(text_sha256=text)
    return stale.update(voided_at=timezone.now())


@transaction.atomic
def record_sealed(minutes: Minutes, document: Document, audience: str) -> None:
    """A worker sealed one version; when both are there, the minutes are sealed. Safe to run twice."""
    current = Minutes.objects.select_for_update(no_key=True).get(pk=minutes.pk)
    side = "internal" if audience == INTERNAL else "public"
    now = timezone.now()
    setattr(current, f"{side}_document", document)
    setattr(current, f"{side}_sealed_at", now)
    current.save(update_fields=[f"{side}_document", f"{side}_sealed_at"])
    if not (current.internal_sealed_at and current.public_sealed_at) or current.signed_at is not None:
        return
    if current.is_formal:
        FORMAL.move(current, "sign", signed_at=now)
    else:
        Minutes.objects.filter(pk=current.pk).update(signed_at=now)
    record_as_minuted(current)
    record("minutes.sealed", current, by=None, dossier=current.sitting)


@transaction.atomic
def publish(minutes: Minutes, *, by: User) -> Minutes:
    """Put the sealed public version where anybody may read it."""
    if not rules.holds_right(by, minutes, "publish"):
        raise PermissionDenied
    if minutes.public_document is None or not minutes.is_sealed:
        raise ValidationError(_("Scellez d’abord le compte rendu."), code="seal")
    publish_document(minutes.public_document, by=by)
    move(minutes, "publish", "minutes.published", by=by, published_at=timezone.now())
    return minutes


@transaction.atomic
def distribute_sealed(minutes: Minutes, *, by: User) -> Distribution:
    """Send the sealed internal version to all its readers, letters to those without e-mail; once for each revision."""
    if not rules.can_distribute(by, minutes):
        raise PermissionDenied
    recipients = [Recipient(person=person) for person in readers_of_sealed(minutes)]
    key = f"minutes-sealed:{minutes.pk}:{minutes.signed_at:%Y%m%d%H%M%S}"
    if not Distribution.objects.filter(key=key).exists():
        record("minutes.distributed", minutes, by=by, dossier=minutes.sitting, people=len(recipients))
    return distribute(
        "minutes-sealed", minutes, recipients, by=by, title=title_of(minutes), term=minutes.sitting.term, key=key
    )


@transaction.atomic
def rectify(
    minutes: Minutes, section: MinutesSection, *, passage: str, proposal: str, reason: str, by: User
) -> Minutes:
    """Correct a sealed text: the lead says why, the visas are given again, a new revision supersedes the old one."""
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi le texte est rectifié."), code="reason")
    if section.minutes_id != minutes.pk:
        raise PermissionDenied
    if not rules.holds_right(by, minutes, "rectify"):
        raise PermissionDenied
    lock_minutes(minutes, "rectify", lambda held: rules.can_take(by, held, "rectify"))
    section = lock_section(section)
    text = replaced_once(section.summary_html, passage, proposal)
    if text is None:
        raise ValidationError(_("Le passage doit se trouver une fois, au mot près, dans ce point."), code="passage")
    move(
        minutes,
        "rectify",
        "minutes.rectified",
        by=by,
        detail=reason.strip(),
        signed_at=None,
        internal_sealed_at=None,
        public_sealed_at=None,
    )
    correct(section, text, by=by)
    Visa.objects.filter(minutes=minutes, voided_at=None).update(voided_at=timezone.now())
    return minutes


@transaction.atomic
def make_record(minutes: Minutes, *, by: User) -> Rendition:
    """Ask for the one-page list of decisions of the sitting, sealed."""
    if not rules.can_make_record(by, minutes):
        raise PermissionDenied
    record("record.asked", minutes, by=by, dossier=minutes.sitting)
    return request_rendition(minutes, RECORD_KIND, by=by)


@transaction.atomic
def record_made(minutes: Minutes, document: Document) -> None:
    """A worker sealed the list of decisions."""
    Minutes.objects.filter(pk=minutes.pk).update(decisions_document=document)
    record("record.sealed", minutes, by=None, dossier=minutes.sitting)


@transaction.atomic
def distribute_record(minutes: Minutes, *, by: User) -> Distribution:
    """Send the list of decisions to those who attended."""
    if minutes.decisions_document is None or not rules.can_make_record(by, minutes):
        raise PermissionDenied
    recipients = [Recipient(person=person) for person in people_who_attended(minutes.sitting)]
    revision = minutes.decisions_document.revisions.count()
    record("record.distributed", minutes, by=by, dossier=minutes.sitting, people=len(recipients))
    return distribute(
        "decisions-record",
        minutes,
        recipients,
        by=by,
        title=_("Relevé de décisions, %(reference)s") % {"reference": minutes.sitting.reference},
        term=minutes.sitting.term,
        key=f"decisions-record:{minutes.pk}:{revision}",
    )


@transaction.atomic
def draft(minutes: Minutes, *, by: User) -> Rendition:
    """Ask for a draft PDF with « PROJET » across its pages, at any moment before the seal."""
    if not rules.can_see_desk(by, minutes):
        raise PermissionDenied
    return request_rendition(minutes, DRAFT_KIND, by=by)
