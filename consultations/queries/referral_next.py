"""The sentence of state of a referral, who is waited for, and the one thing to do next. No database here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.ui.words import date_words, french_enumeration, in_days
from consultations.enums import ReferralState
from consultations.models import Referral

S = ReferralState


@dataclass(frozen=True)
class Next:
    """`needs` is the ability behind the button; `page` a slug of the steps, or « edit », « review-ask » and so on."""

    sentence: str
    consequence: str = ""
    label: str = ""
    page: str = ""
    needs: str = ""


def next_step(referral: Referral, figures: Any, missing: Sequence[str], can: Mapping[str, bool]) -> Next:
    """One state, one sentence, one button for who may press it; `missing`: what the letter lacks, in words."""
    found = SENTENCES[ReferralState(referral.state)](referral, figures, missing)
    return found if can.get(found.needs, False) else replace(found, label="", page="")


def waited_words(figures: Any) -> str:
    """« On attend la Direction des Mobilités et la Direction de l’Autonomie. »"""
    names = [request.name for request in figures.waited]
    return _("On attend : %(who)s.") % {"who": french_enumeration(names)} if names else ""


def given_words(figures: Any) -> str:
    if not figures.given:
        return _("Aucun avis rendu sur %(all)s.") % {"all": figures.asked}
    words = ngettext("%(n)s avis rendu sur %(all)s.", "%(n)s avis rendus sur %(all)s.", figures.given)
    return words % {"n": figures.given, "all": figures.asked}


def draft(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    if missing:
        sentence = _("En préparation : il manque %(what)s.") % {"what": french_enumeration(missing)}
        return Next(sentence, _("Les directions ne la voient pas encore."), _("Compléter la saisine"), "edit", "edit")
    return Next(
        _("Prête pour l’instruction."),
        _("Les directions nommées et le cabinet pourront la lire."),
        _("Mettre à l’instruction"),
        "instruire",
        "submit",
    )


def internal_review(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    if missing:
        sentence = _("En instruction : il manque %(what)s pour l’émettre.") % {"what": french_enumeration(missing)}
        return Next(sentence, waited_words(figures), _("Compléter la saisine"), "edit", "edit")
    office = _("Le cabinet du président peut l’émettre.")
    if not figures.asked:
        sentence = _("En instruction : aucun avis n’est demandé.")
        return Next(sentence, office, _("Demander des avis"), "review-ask", "ask_reviews")
    words = given_words(figures)
    sentence = _("En instruction : %(given)s") % {"given": words[0].lower() + words[1:]}
    told = waited_words(figures) or office
    return Next(sentence, told, _("Enregistrer la lettre signée"), "lettre-signee", "record_paper")


def issued(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    told = f"{given_words(figures)} {waited_words(figures)}".strip() if figures.asked else ""
    if figures.reception == "planned" and figures.sitting:
        words = _("Émise le %(day)s : l’assemblée la reçoit le %(sitting)s, %(distance)s.")
        moment = figures.sitting.starts_at
        where = {"day": day(referral.issued_at), "sitting": day(moment), "distance": in_days(moment)}
        return Next(words % where, told)
    sentence = _("Émise le %(day)s : l’assemblée doit la recevoir en séance.") % {"day": day(referral.issued_at)}
    if figures.reception == "held":
        return Next(sentence, told, _("Noter la réception"), "recevoir", "accept")
    if figures.reception == "announce":
        return Next(sentence, told, _("Inscrire à l’ordre du jour"), "inscrire", "announce")
    return Next(sentence, told or _("Aucune séance plénière n’est prévue."))


def accepted(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    sentence = _("Reçue par l’assemblée le %(day)s.") % {"day": day(referral.accepted_on)}
    return start_work(referral, sentence)


def adopted(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    return start_work(referral, _("L’assemblée a adopté cette auto-saisine."))


def start_work(referral: Referral, sentence: str) -> Next:
    if not getattr(referral, "committees_count", 0):
        told = _("Aucun groupe n’en est chargé.")
        return Next(sentence, told, _("Confier à des groupes"), "committees", "assign")
    return Next(sentence, _("Les groupes sont nommés."), _("Ouvrir les travaux"), "demarrer", "start")


def in_progress(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    if referral.due_on is None:
        return Next(_("L’assemblée travaille."), waited_words(figures), _("Donner une date"), "edit", "edit")
    words = (
        _("L’avis était attendu le %(day)s, %(distance)s.")
        if referral.is_late
        else _("L’assemblée travaille : avis attendu le %(day)s, %(distance)s.")
    )
    sentence = words % {"day": day(referral.due_on), "distance": in_days(referral.due_on)}
    told = f"{given_words(figures)} {waited_words(figures)}".strip() if figures.waited else ""
    pack = getattr(referral, "briefing", None)
    if not getattr(referral, "committees_count", 0):
        return Next(
            sentence, told or _("Aucun groupe n’en est chargé."), _("Confier à des groupes"), "committees", "assign"
        )
    if pack is None or not pack.is_released:
        closed = _("Le dossier documentaire n’est pas ouvert aux membres.")
        return Next(sentence, told or closed, _("Préparer le dossier"), "briefing", "brief")
    if figures.late:
        return Next(sentence, told, _("Voir les avis"), "reviews", "ask_reviews")
    return Next(sentence, told, _("Noter l’adoption de l’avis"), "avis-adopte", "adopt_opinion")


def opinion_adopted(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    return Next(
        _("L’avis est adopté : il reste à le remettre."),
        _("La remise ouvre le délai de réponse du Conseil départemental."),
        _("Noter la remise"),
        "remettre",
        "hand_over",
    )


def handed_over(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    return Next(
        _("L’avis est remis : on attend la réponse du Conseil départemental."),
        "",
        _("Noter la réponse"),
        "reponse",
        "answer",
    )


def answered(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    sentence = _("Le Conseil départemental a répondu.")
    told = _("La ou le responsable la clôt quand chaque préconisation a une réponse finale.")
    return Next(sentence, told, _("Clore la saisine"), "clore", "close")


def closed(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    return Next(_("Close."))


def withdrawn(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    return Next(_("Retirée le %(day)s.") % {"day": day(referral.ended_at)}, referral.end_reason)


def merged(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    other = str(referral.merged_into) if referral.merged_into else ""
    sentence = _("Fusionnée avec %(other)s le %(day)s.") % {"other": other, "day": day(referral.ended_at)}
    return Next(sentence, referral.end_reason)


def suggested(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    sentence = _("Proposée par un membre : les membres peuvent la soutenir.")
    return Next(sentence, "", _("Présélectionner"), SUGGESTION, "shortlist")


def shortlisted(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    sentence = _("Présélectionnée : sa recevabilité reste à étudier.")
    return Next(sentence, "", _("Étudier la recevabilité"), SUGGESTION, "check")


def under_check(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    sentence = _("Recevabilité à l’étude.")
    told = f"{given_words(figures)} {waited_words(figures)}".strip() if figures.asked else ""
    return Next(sentence, told, _("Étudier la recevabilité"), SUGGESTION, "record_view")


def inadmissible(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    return Next(_("Irrecevable : les motifs sont donnés à son auteur."))


def view_given(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    sentence = _("Le Conseil départemental a donné son avis : l’assemblée peut voter.")
    return Next(sentence, "", _("Mettre aux voix"), SUGGESTION, "put_to_vote")


def put_to_vote(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    sitting = referral.vote_item.sitting if referral.vote_item else None
    if sitting is None:
        return Next(_("À l’ordre du jour d’une séance plénière."))
    words = _("Mise aux voix à la séance du %(day)s, %(distance)s.")
    sentence = words % {"day": date_words(sitting.starts_at), "distance": in_days(sitting.starts_at)}
    return Next(sentence, _("Le résultat du scrutin proclamé s’inscrit ici tout seul."))


def rejected(referral: Referral, figures: Any, missing: Sequence[str]) -> Next:
    return Next(_("L’assemblée a rejeté cette auto-saisine."))


def day(value: Any) -> str:
    return date_words(value, weekday=False)


SUGGESTION = "suggestion"
SENTENCES = {
    S.DRAFT: draft,
    S.INTERNAL_REVIEW: internal_review,
    S.ISSUED: issued,
    S.ACCEPTED: accepted,
    S.SUGGESTED: suggested,
    S.SHORTLISTED: shortlisted,
    S.ADMISSIBILITY_CHECK: under_check,
    S.INADMISSIBLE: inadmissible,
    S.COUNCIL_VIEW_GIVEN: view_given,
    S.PUT_TO_VOTE: put_to_vote,
    S.REJECTED: rejected,
    S.ADOPTED: adopted,
    S.IN_PROGRESS: in_progress,
    S.OPINION_ADOPTED: opinion_adopted,
    S.HANDED_OVER: handed_over,
    S.ANSWERED: answered,
    S.CLOSED: closed,
    S.WITHDRAWN: withdrawn,
    S.MERGED: merged,
}
