"""Steps after the adoption: priorities are counted, spokespersons drawn, the opinion handed over."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.web.versioned import Versioned
from assembly.workflow import lock
from consultations.referrals import actions as referrals
from draws.draws.actions.internal import begin_internal_draw
from draws.draws.queries.draw import internal_draw
from draws.models import Draw
from opinions import mails
from opinions.adoption import rules
from opinions.adoption.models import RankingMode
from opinions.adoption.signals import handover_corrected, handover_taken_back, opinion_handed_over
from opinions.models import Opinion, Ranking, Recommendation, RecommendationState, Spokesperson, SpokespersonDraw
from opinions.opinions.queries import everybody, settings_of
from opinions.opinions.workflow import OPINION
from sessions.attendance.queries.presence import VotingPresence, check_quorum, fullest_presence

R = RecommendationState


RANKING = Versioned(by="recorded_by")


@transaction.atomic
def rank(
    opinion: Opinion,
    scores: Mapping[int, int],
    *,
    mode: RankingMode,
    held_on: date,
    voters: int,
    priorities: int,
    counters: tuple[str, str],
    version: int,
    by: User,
) -> Ranking:
    """Record the dots or the ranks counted by two persons; the first `priorities` become priorities.

    `scores` is by recommendation: dots received, or sum of ranks (the smaller first). `version` is the one read, 0 for
    a first count. Raises EditConflict when somebody recorded a count since.
    """
    lock(opinion)
    if not rules.can_rank(by, opinion):
        raise PermissionDenied
    rows = list(Recommendation.objects.filter(opinion=opinion, state=R.ACTIVE).order_by("number", "pk"))
    check_scores(opinion, rows, scores, mode, voters)
    former = Ranking.objects.filter(opinion=opinion).first()
    ranking = former or Ranking(opinion=opinion, version=0)
    if ranking.version != version:
        raise RANKING.conflict(ranking, {"voters": voters, "priorities": priorities})
    ranking.mode, ranking.held_on, ranking.voters, ranking.priorities = mode, held_on, voters, priorities
    ranking.first_counter, ranking.second_counter = (name.strip() for name in counters)
    ranking.recorded_by, ranking.version = by, ranking.version + 1
    ranking.sitting = opinion.tabled_sitting
    presence = presence_at_ranking(opinion, held_on)
    ranking.present, ranking.quorum = (presence.present, presence.needed) if presence else (None, None)
    ranking.full_clean()
    ranking.save()
    best_first = sorted(rows, key=lambda row: scores[row.pk], reverse=mode == RankingMode.DOTS)
    for place, row in enumerate(best_first):
        match = Recommendation.objects.filter(pk=row.pk)
        match.update(priority_score=scores[row.pk], is_priority=place < priorities)
    record("opinion.ranked", opinion, by=by, mode=mode, voters=voters, priorities=priorities)
    return ranking


def presence_at_ranking(opinion: Opinion, day: date) -> VotingPresence | None:
    """Return who was present when members ranked: the fullest moment of the sitting of the vote.

    None on another day. Raises ValidationError (code `quorum`).
    """
    sitting = opinion.tabled_sitting
    if sitting is None or timezone.localdate(sitting.starts_at) != day:
        return None
    presence = fullest_presence(sitting)
    check_quorum(presence, _("Le classement attend."))
    return presence


def check_scores(
    opinion: Opinion, rows: Sequence[Recommendation], scores: Mapping[int, int], mode: RankingMode, voters: int
) -> None:
    """Raise ValidationError for impossible counts: a missing score, more dots than given out, a wrong sum of ranks."""
    if {row.pk for row in rows} != set(scores) or any(score < 0 for score in scores.values()):
        raise ValidationError(_("Donnez un nombre pour chaque préconisation."), code="scores")
    total = sum(scores.values())
    if mode == RankingMode.DOTS and total > voters * settings_of(opinion.term_id).ranking_dots:
        raise ValidationError(_("Il y a plus de points que les membres n’en avaient."), code="scores")
    ranks = len(rows) * (len(rows) + 1) // 2
    if mode == RankingMode.RANKS and total != voters * ranks:
        message = _("La somme des rangs devrait être %(sum)s : comptez de nouveau.") % {"sum": voters * ranks}
        raise ValidationError(message, code="scores")


def draw_purpose(opinion: Opinion) -> str:
    """Return the key that identifies the draw of spokespersons, whatever its title is."""
    return f"porte-parole:{opinion.pk}"


@transaction.atomic
def begin_spokesperson_draw(opinion: Opinion, *, by: User) -> Draw:
    """Begin the protocol draw of as many women as men; the names drawn come back without a further act."""
    lock(opinion)
    if not rules.can_draw(by, opinion):
        raise PermissionDenied
    if SpokespersonDraw.objects.filter(opinion=opinion).exists():
        raise ValidationError(_("Les porte-parole sont déjà notés."), code="drawn")
    return begin_internal_draw(
        opinion.term,
        title=_("Porte-parole de l’avis %(ref)s") % {"ref": opinion.reference or opinion.title[:120]},
        purpose=draw_purpose(opinion),
        seats=settings_of(opinion.term_id).spokespersons,
        is_parity=True,
        by=by,
    )


def take_names(protocol: Draw, persons: Sequence[Person], *, by: User) -> SpokespersonDraw | None:
    """Record who was drawn by the protocol; None for another purpose, or when names were recorded by hand since."""
    kind, _colon, key = protocol.purpose.partition(":")
    if kind != "porte-parole" or not key.isdecimal() or not persons:
        return None
    opinion = Opinion.objects.select_related("term").filter(pk=key, term=protocol.within_term).first()
    if opinion is None:
        return None
    lock(opinion)
    if not rules.can_draw(by, opinion) or SpokespersonDraw.objects.filter(opinion=opinion).exists():
        return None
    witnesses = ", ".join(line.strip() for line in protocol.attendees.splitlines() if line.strip())
    return draw(
        opinion,
        persons,
        drawn_on=timezone.localdate(protocol.drawn_at),
        witnesses=witnesses[:400],
        place=protocol.place,
        protocol=protocol,
        by=by,
    )


@transaction.atomic
def draw(
    opinion: Opinion,
    persons: Sequence[Person],
    *,
    drawn_on: date,
    witnesses: str,
    place: str = "",
    protocol: Draw | None = None,
    by: User,
) -> SpokespersonDraw:
    """Record who was drawn to present the opinion, in the order of the draw, and before which witnesses."""
    lock(opinion)
    if not rules.can_draw(by, opinion):
        raise PermissionDenied
    if SpokespersonDraw.objects.filter(opinion=opinion).exists():
        raise ValidationError(_("Les porte-parole sont déjà notés."), code="drawn")
    begun = None if protocol else internal_draw(opinion.term_id, draw_purpose(opinion))
    if begun and begun.announced_at:
        message = _("Le tirage %(ref)s est annoncé : terminez-le, ou faites-le annuler.") % {"ref": begun.reference}
        raise ValidationError(message, code="announced")
    members = {person.pk for person in everybody(opinion)}
    if not persons or len({person.pk for person in persons}) != len(persons):
        raise ValidationError(_("Choisissez des personnes différentes."), code="persons")
    if any(person.pk not in members for person in persons):
        raise ValidationError(_("Les porte-parole sont des membres en exercice."), code="persons")
    if drawn_on > timezone.localdate() or not witnesses.strip():
        raise ValidationError(_("Donnez la date du tirage et ses témoins."), code="witnesses")
    spokesperson_draw = SpokespersonDraw.objects.create(
        opinion=opinion,
        drawn_on=drawn_on,
        place=place.strip(),
        witnesses=witnesses.strip(),
        protocol=protocol,
        recorded_by=by,
    )
    Spokesperson.objects.bulk_create(
        Spokesperson(draw=spokesperson_draw, person=person, rank=rank) for rank, person in enumerate(persons, start=1)
    )
    pseudonyms = [str(person.pseudonym) for person in persons]
    record("opinion.spokespersons_drawn", opinion, by=by, on=drawn_on, persons=pseudonyms)
    return spokesperson_draw


@OPINION.action("hand_over")
@transaction.atomic
def hand_over(opinion: Opinion, *, on: date, place: str, to: str, by: User) -> None:
    """Record the handover: the period for an answer starts on that day (signal `opinion_handed_over`)."""
    lock(opinion.referral)
    step = OPINION.require(opinion, "hand_over", by=by)
    if not place.strip() or not to.strip():
        raise ValidationError(_("Dites où et à qui l’avis a été remis."), code="place")
    check_day(opinion, on)
    columns: dict[str, Any] = {"handed_over_on": on, "handed_over_place": place.strip(), "handed_over_to": to.strip()}
    OPINION.take(opinion, step, by=by, **columns)
    opinion_handed_over.send(sender=Opinion, opinion=opinion, on=on, by=by)
    referrals.follow_opinion(opinion.referral, "hand_over", by=by)
    mails.announce_handover(opinion, by=by)


def check_day(opinion: Opinion, on: date) -> None:
    if on > timezone.localdate() or (opinion.adopted_on and on < opinion.adopted_on):
        raise ValidationError(_("La remise a lieu après l’adoption, pas dans l’avenir."), code="on")


@OPINION.action("correct_handover")
@transaction.atomic
def correct(opinion: Opinion, *, on: date, reason: str, by: User) -> None:
    """Correct the day of the handover: the answers are due from the new day on."""
    lock(opinion.referral)
    step = OPINION.require(opinion, "correct_handover", by=by)
    check_day(opinion, on)
    before = opinion.handed_over_on
    if on == before:
        raise ValidationError(_("C’est déjà la date notée."), code="on")
    facts = {"from": before, "to": on}
    OPINION.take(opinion, step, by=by, reason=reason, facts=facts, handed_over_on=on)
    handover_corrected.send(sender=Opinion, opinion=opinion, on=on, by=by)


@OPINION.action("take_handover_back")
@transaction.atomic
def take_back(opinion: Opinion, *, reason: str, by: User) -> None:
    """Cancel a handover that did not take place: the opinion and its referral are adopted again, no answer is due."""
    lock(opinion.referral)
    step = OPINION.require(opinion, "take_handover_back", by=by)
    facts = {"from": opinion.handed_over_on}
    OPINION.take(opinion, step, by=by, reason=reason, facts=facts)
    handover_taken_back.send(sender=Opinion, opinion=opinion, by=by)
    referrals.follow_opinion(opinion.referral, "take_handover_back", by=by)
