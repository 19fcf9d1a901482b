"""From approved text to sealed files: requested, sealed by the workers, sent to everybody; rectified."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.actions.renditions import request_rendition, request_renditions
from assembly.documents.models import Document, Rendition
from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.workflow import lock
from sessions.minutes.actions.corrections import send_answers
from sessions.minutes.actions.writing import correct, lock_section
from sessions.minutes.queries.minutes import people_who_attended, readers_of_sealed
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Minutes, MinutesSection
from sessions.queries.minutes_facts import INTERNAL, current_visas, outdated_visas, read_minutes, title_of
from sessions.rules import minutes as rules
from sessions.rules.rich_text import replaced_once

SEALED_KINDS = ("minutes-internal", "minutes-public")
DRAFT_KIND = "minutes-draft"


@MINUTES.action("seal")
@transaction.atomic
def seal(minutes: Minutes, *, by: User, doubts_read: bool = False) -> list[Rendition]:
    """Request both sealed versions, once the text is approved and both visas cover it.

    `doubts_read`: a person read the words of the public version that could be a name, and confirmed that none is.
    """
    step = MINUTES.require(minutes, "seal", by=by)
    if not minutes.is_formal and MINUTES.step(minutes, "send_answers"):
        send_answers(minutes, by=by)
    reading = read_minutes(minutes.pk)
    if minutes.is_formal and outdated_visas(minutes, reading.internal).exists():
        raise ValidationError(
            _("Les faits de la séance ont changé depuis un visa : demandez de nouveau les visas."), code="changed"
        )
    doubts = reading.doubtful_passages
    if doubts and not doubts_read:
        raise ValidationError(
            _("Des mots de la version publique pourraient désigner une personne : relisez-les d’abord."), code="doubts"
        )
    MINUTES.take(minutes, step, by=by, facts={"doubts_read": len(doubts)})
    return request_renditions(minutes, SEALED_KINDS, reading, by=by)


@transaction.atomic
def record_sealed(minutes: Minutes, document: Document, audience: str) -> None:
    """Record a version that a worker sealed; when both are sealed, so are the minutes. Idempotent."""
    lock(minutes.sitting)
    lock(minutes)
    side = "internal" if audience == INTERNAL else "public"
    now = timezone.now()
    setattr(minutes, f"{side}_document", document)
    setattr(minutes, f"{side}_sealed_at", now)
    minutes.save(update_fields=[f"{side}_document", f"{side}_sealed_at"])
    if MINUTES.step(minutes, "sign"):
        MINUTES.follow(minutes, "sign", signed_at=now)


@MINUTES.action("distribute")
@transaction.atomic
def distribute_sealed(minutes: Minutes, *, by: User) -> Distribution:
    """Send the sealed internal version to all its readers, by post to those without e-mail; once per revision."""
    step = MINUTES.require(minutes, "distribute", by=by)
    recipients = [Recipient(person=person) for person in readers_of_sealed(minutes)]
    key = f"minutes-sealed:{minutes.pk}:{minutes.signed_at:%Y%m%d%H%M%S}"
    if not Distribution.objects.filter(key=key).exists():
        MINUTES.take(minutes, step, by=by, facts={"people": len(recipients)})
    return distribute(
        "minutes-sealed", minutes, recipients, by=by, title=title_of(minutes), term=minutes.sitting.term, key=key
    )


@MINUTES.action("rectify")
@transaction.atomic
def rectify(
    minutes: Minutes, section: MinutesSection, *, passage: str, proposal: str, reason: str, by: User
) -> Minutes:
    """Correct a sealed text with a reason; visas are given again, a new revision supersedes the old one."""
    if section.minutes_id != minutes.pk:
        raise PermissionDenied
    step = MINUTES.require(minutes, "rectify", by=by)
    section = lock_section(section)
    text = replaced_once(section.summary_html, passage, proposal)
    if text is None:
        raise ValidationError(_("Le passage doit se trouver une fois, au mot près, dans ce point."), code="passage")
    MINUTES.take(minutes, step, by=by, reason=reason)
    correct(section, text, by=by)
    current_visas(minutes).update(voided_at=timezone.now())
    return minutes


def record_decisions_document(minutes: Minutes, document: Document) -> None:
    """Record the list of decisions that a worker sealed."""
    MINUTES.follow(minutes, "seal_record", decisions_document=document)


@MINUTES.action("distribute_record")
@transaction.atomic
def distribute_record(minutes: Minutes, *, by: User) -> Distribution:
    """Send the list of decisions to those who attended."""
    recipients = [Recipient(person=person) for person in people_who_attended(minutes.sitting)]
    MINUTES.transition(minutes, "distribute_record", by=by, facts={"people": len(recipients)})
    revision = minutes.decisions_document.revisions.count() if minutes.decisions_document else 0
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
    """Request a draft PDF marked « PROJET » across its pages, at any moment before the seal."""
    if not rules.can_see_desk(by, minutes):
        raise PermissionDenied
    return request_rendition(minutes, DRAFT_KIND, by=by)
