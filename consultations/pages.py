"""The sentence of state of a referral, who must act, and the one next step, from facts read before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers.frame import Status, state_status
from assembly.text.french import format_date, french_enumeration, in_days, the_name
from consultations.enums import ReferralState
from consultations.models import Referral
from consultations.queries.council_answer import council_answer_sentence
from consultations.referrals.queries import ReferralFigures
from consultations.views.self_referral_steps import SELF_REFERRAL_STEPS
from consultations.views.steps import STEPS
from consultations.workflows.referrals import REFERRAL

S = ReferralState


def status_of(referral: Referral, figures: ReferralFigures, missing: Sequence[str], can: Mapping[str, bool]) -> Status:
    """Return one state, one sentence, one button for who may use it; `missing`: labels of what the letter lacks."""
    status = SENTENCES[ReferralState(referral.state)](referral, figures, missing)
    needs, url = button(referral, status.url) if status.url else ("", "")
    return replace(status, url=url) if can.get(needs, False) else Status(status.sentence, status.consequence)


def outside_status(referral: Referral) -> Status:
    """Return the status for readers outside the back office: the sentence, without directorates nor a button."""
    return status_of(referral, ReferralFigures(), [], {})


# Pages that a button leads to, with the right that each requires; the other buttons are steps.
PAGES = {
    "edit": "edit",
    "review-ask": "ask_reviews",
    "reviews": "ask_reviews",
    "committees": "assign",
    "briefing": "brief",
}


def button(referral: Referral, name: str) -> tuple[str, str]:
    """Return the right that a button requires, and its address; the steps of a self-referral are on one tab."""
    if name in PAGES:
        return PAGES[name], reverse(f"consultations:{name}", args=[referral.pk])
    if name in SELF_REFERRAL_STEPS.pages:
        return SELF_REFERRAL_STEPS.pages[name].name, reverse("consultations:suggestion", args=[referral.pk])
    return STEPS.pages[name].name, STEPS.url(referral, name)


def awaited_sentence(figures: ReferralFigures) -> str:
    """Return « On attend la Direction des Mobilités et la Direction de l’Autonomie. »."""
    names = [the_name(request.name) for request in figures.awaited]
    return _("On attend %(who)s.") % {"who": french_enumeration(names)} if names else ""


def given_sentence(figures: ReferralFigures) -> str:
    if not figures.given:
        return _("Aucune contribution rendue sur %(all)s.") % {"all": figures.asked}
    template = ngettext(
        "%(n)s contribution rendue sur %(all)s.", "%(n)s contributions rendues sur %(all)s.", figures.given
    )
    return template % {"n": figures.given, "all": figures.asked}


def reviews_sentence(figures: ReferralFigures) -> str:
    return f"{given_sentence(figures)} {awaited_sentence(figures)}".strip() if figures.asked else ""


def draft(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    if missing:
        sentence = _("En préparation : il manque %(what)s.") % {"what": french_enumeration(missing)}
        return Status(sentence, _("Les directions ne la voient pas encore."), _("Compléter la saisine"), "edit")
    return Status(
        _("Prête pour l’instruction."),
        _("Les directions nommées et le cabinet pourront la lire."),
        _("Mettre à l’instruction"),
        "instruire",
    )


def internal_review(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    if missing:
        sentence = _("En instruction : il manque %(what)s pour l’émettre.") % {"what": french_enumeration(missing)}
        return Status(sentence, awaited_sentence(figures), _("Compléter la saisine"), "edit")
    office = _("Le cabinet du président peut l’émettre.")
    if not figures.asked:
        sentence = _("En instruction : aucune contribution n’est demandée.")
        return Status(sentence, office, _("Demander des contributions"), "review-ask")
    text = given_sentence(figures)
    sentence = _("En instruction : %(given)s") % {"given": text[0].lower() + text[1:]}
    consequence = awaited_sentence(figures) or office
    return Status(sentence, consequence, _("Enregistrer la lettre signée"), "lettre-signee")


def issued(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    consequence = reviews_sentence(figures)
    if figures.reception == "planned" and figures.sitting:
        template = _("Émise le %(day)s : l’assemblée la reçoit le %(sitting)s, %(distance)s.")
        moment = figures.sitting.starts_at
        where = {"day": day(referral.issued_at), "sitting": day(moment), "distance": in_days(moment)}
        return Status(template % where, consequence)
    sentence = _("Émise le %(day)s : l’assemblée doit la recevoir en séance.") % {"day": day(referral.issued_at)}
    if figures.reception == "held":
        return Status(sentence, consequence, _("Noter la réception"), "recevoir")
    if figures.reception == "announce":
        return Status(sentence, consequence, _("Inscrire à l’ordre du jour"), "inscrire")
    return Status(sentence, consequence or _("Aucune séance plénière n’est prévue."))


def accepted(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sentence = _("Reçue par l’assemblée le %(day)s.") % {"day": day(referral.accepted_on)}
    return start_work(referral, sentence)


def adopted(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    return start_work(referral, _("L’assemblée a adopté cette auto-saisine."))


def start_work(referral: Referral, sentence: str) -> Status:
    if not getattr(referral, "committees_count", 0):
        consequence = _("Aucun groupe n’en est chargé.")
        return Status(sentence, consequence, _("Confier à des groupes"), "committees")
    return Status(sentence, _("Les groupes sont nommés."), _("Ouvrir les travaux"), "demarrer")


def in_progress(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    if referral.due_on is None:
        return Status(_("L’assemblée travaille."), awaited_sentence(figures), _("Donner une date"), "edit")
    template = (
        _("L’avis était attendu le %(day)s, %(distance)s.")
        if referral.is_late
        else _("L’assemblée travaille : avis attendu le %(day)s, %(distance)s.")
    )
    sentence = template % {"day": day(referral.due_on), "distance": in_days(referral.due_on)}
    consequence = reviews_sentence(figures) if figures.awaited else ""
    pack = getattr(referral, "briefing", None)
    if not getattr(referral, "committees_count", 0):
        return Status(
            sentence, consequence or _("Aucun groupe n’en est chargé."), _("Confier à des groupes"), "committees"
        )
    if pack is None or not pack.is_released:
        closed = _("Le dossier documentaire n’est pas ouvert aux membres.")
        return Status(sentence, consequence or closed, _("Préparer le dossier"), "briefing")
    if figures.late:
        return Status(sentence, consequence, _("Voir les contributions"), "reviews")
    return Status(sentence, consequence, _("Noter l’adoption de l’avis"), "avis-adopte")


def opinion_adopted(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    return Status(
        _("L’avis est adopté : il reste à le remettre."),
        _("La remise ouvre le délai de réponse du Conseil départemental."),
        _("Noter la remise"),
        "remettre",
    )


def handed_over(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    if answers := council_answer_sentence(referral):
        return Status(_("L’avis est remis. %(answers)s") % {"answers": answers})
    return Status(_("L’avis est remis : on attend la réponse du Conseil départemental."))


def answered(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sentence = _("Le Conseil départemental a répondu.")
    consequence = _("La ou le responsable la clôt quand chaque préconisation a une réponse finale.")
    return Status(sentence, consequence, _("Clore la saisine"), "clore")


def withdrawn(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    return Status(_("Retirée le %(day)s.") % {"day": day(referral.ended_at)}, referral.end_reason)


def merged(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    into = referral.merged_into
    other = (into.reference or _("«\u00a0%(title)s\u00a0»") % {"title": into.title}) if into else ""
    sentence = _("Réunie avec %(other)s le %(day)s.") % {"other": other, "day": day(referral.ended_at)}
    return Status(sentence, referral.end_reason)


def shortlisted(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sentence = _("Présélectionnée : sa recevabilité reste à étudier.")
    return Status(sentence, "", _("Étudier la recevabilité"), "recevabilite")


def under_check(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sentence = _("Recevabilité à l’étude.")
    consequence = reviews_sentence(figures)
    return Status(sentence, consequence, _("Étudier la recevabilité"), "avis-du-conseil")


def put_to_vote(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sitting = referral.vote_item.sitting if referral.vote_item else None
    if sitting is None:
        return Status(_("À l’ordre du jour d’une séance plénière."))
    template = _("Mise aux voix à la séance du %(day)s, %(distance)s.")
    sentence = template % {"day": format_date(sitting.starts_at), "distance": in_days(sitting.starts_at)}
    return Status(sentence, _("Le résultat du scrutin proclamé s’inscrit ici tout seul."))


def day(value: Any) -> str:
    return format_date(value, weekday=False)


SENTENCES = ReferralState.covers(
    {
        S.DRAFT: draft,
        S.INTERNAL_REVIEW: internal_review,
        S.ISSUED: issued,
        S.ACCEPTED: accepted,
        S.SHORTLISTED: shortlisted,
        S.ADMISSIBILITY_CHECK: under_check,
        S.PUT_TO_VOTE: put_to_vote,
        S.ADOPTED: adopted,
        S.IN_PROGRESS: in_progress,
        S.OPINION_ADOPTED: opinion_adopted,
        S.HANDED_OVER: handed_over,
        S.ANSWERED: answered,
        S.WITHDRAWN: withdrawn,
        S.MERGED: merged,
    },
    partial(state_status, REFERRAL),
)
