"""Corrections of a passage, asked by those who attended; each one is answered and its author is notified."""

from collections import defaultdict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.pdf.sanitizer import clean_html
from assembly.identity.models import Person, User
from assembly.institution.rules import is_team
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.printable import check_text
from assembly.workflow import StateConflict, share
from sessions.minutes import rules
from sessions.minutes.actions.writing import SECTION, correct, get_or_create_section, lock_section
from sessions.minutes.queries.facts import title_of
from sessions.minutes.queries.minutes import answers_to_send, attended, people_who_attended
from sessions.minutes.rules import replaced_once, trimmed
from sessions.minutes.workflow.tables import CORRECTION, MINUTES
from sessions.models import AgendaItem, Correction, Minutes, Via


@transaction.atomic
def ask(minutes: Minutes, item: AgendaItem, *, passage: str, proposal: str, reason: str = "", by: User) -> Correction:
    """Ask for a correction of a passage, as a person who attended, during the period for corrections."""
    if not attended(by, minutes.sitting):
        raise PermissionDenied
    current = share(Minutes.objects.filter(pk=minutes.pk))
    if current is None or not current.takes_corrections(timezone.now()):
        raise StateConflict(minutes, "ask")
    correction = _write(minutes, item, by.person, passage=passage, proposal=proposal, reason=reason)
    record("correction.asked", correction, by=by, dossier=minutes.sitting)
    return correction


@transaction.atomic
def note(
    minutes: Minutes,
    item: AgendaItem,
    *,
    author: Person,
    via: Via,
    passage: str,
    proposal: str,
    reason: str = "",
    by: User,
) -> Correction:
    """Record a correction that a person who attended asked by letter or by telephone."""
    if not is_team(by, minutes.sitting.term_id):
        raise PermissionDenied
    current = share(Minutes.objects.filter(pk=minutes.pk))
    if current is None or not rules.takes_changes(current):
        raise StateConflict(minutes, "note")
    if via not in (Via.PAPER, Via.PHONE, Via.DESK):
        raise ValidationError(_("Dites si la demande est venue par téléphone ou sur papier."), code="via")
    if author not in people_who_attended(minutes.sitting):
        raise ValidationError(_("Cette personne n’est pas notée présente à la séance."), code="author")
    correction = _write(
        minutes, item, author, passage=passage, proposal=proposal, reason=reason, via=via, recorded_by=by
    )
    record("correction.recorded", correction, by=by, on_behalf_of=author, dossier=minutes.sitting, via=via)
    return correction


def _write(
    minutes: Minutes,
    item: AgendaItem,
    author: Person,
    *,
    passage: str,
    proposal: str,
    reason: str,
    via: Via = Via.ACCOUNT,
    recorded_by: User | None = None,
) -> Correction:
    if item.sitting_id != minutes.sitting_id or item.is_internal:
        raise PermissionDenied
    new_text = check_text(proposal.strip())
    if not new_text and not passage.strip():
        raise ValidationError(_("Écrivez ce qu’il faudrait lire."), code="proposal")
    return Correction.objects.create(
        minutes=minutes,
        section=get_or_create_section(minutes, item),
        author=author,
        passage=check_text(passage.strip()),
        proposal=new_text,
        reason=check_text(reason.strip()),
        via=via,
        recorded_by=recorded_by,
    )


@transaction.atomic
def accept(
    correction: Correction, *, by: User, html: str | None = None, revision: int | None = None, answer: str = ""
) -> Correction:
    """Accept a correction and change the summary of its item.

    Without `html`, the passage is replaced by the proposal if it occurs exactly once; else `html` is the new summary,
    made from the text at `revision`. Raises ValidationError "not_found" when only a person can place the passage,
    EditConflict when another correction changed the text since.
    """
    step = CORRECTION.require(correction, "accept", by=by)
    section = lock_section(correction.section)
    if html is not None and revision != section.revision:
        raise SECTION.conflict(section, {"summary_html": trimmed(clean_html(html))})
    text = html
    if text is None and "\n" not in correction.proposal:  # only a person can place several paragraphs
        text = replaced_once(section.summary_html, correction.passage, correction.proposal)
    if text is None:
        raise ValidationError(
            _("Le passage n’est pas au mot près dans le texte, ou s’y trouve plusieurs fois : corrigez à la main."),
            code="not_found",
        )
    answer_text = check_text(answer.strip())
    CORRECTION.take(correction, step, by=by, answer=answer_text, facts={"revision": section.revision + 1})
    correction.section = correct(section, text, by=by)
    return correction


def refuse(correction: Correction, *, by: User, answer: str) -> Correction:
    """Refuse a correction, with the reason that its author will read."""
    CORRECTION.transition(correction, "refuse", by=by, reason=check_text(answer))
    return correction


@MINUTES.action("send_answers")
@transaction.atomic
def send_answers(minutes: Minutes, *, by: User) -> Distribution:
    """Send each author, in one message, the answers to all their requests; each answer is sent once."""
    step = MINUTES.require(minutes, "send_answers", by=by)
    waiting = list(answers_to_send(minutes).select_for_update(of=("self",), no_key=True))
    by_author: dict[Person, list[int]] = defaultdict(list)
    for correction in waiting:
        by_author[correction.author].append(correction.pk)
    now = timezone.now()
    Correction.objects.filter(pk__in=[correction.pk for correction in waiting]).update(answer_sent_at=now)
    MINUTES.take(minutes, step, by=by, facts={"answers": len(waiting)})
    return distribute(
        "minutes-corrections-answered",
        minutes,
        [Recipient(person=author, context={"corrections": keys}) for author, keys in by_author.items()],
        by=by,
        title=_("Réponses à vos corrections, %(title)s") % {"title": title_of(minutes)},
        term=minutes.sitting.term,
        key=f"minutes-answers:{minutes.pk}:{min(correction.pk for correction in waiting)}",
    )
