"""The sentence of state of minutes and the one thing to do next. No database here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.ui.words import date_words, in_days
from sessions.enums import MinutesState, MinutesVisaCapacity
from sessions.models import Minutes
from sessions.rules.minutes import takes_corrections


@dataclass(frozen=True)
class Next:
    """`page` is the step behind the button: a verb of the steps, or « write », « corrections »; empty for nothing.

    `is_waiting`: a worker is at it, the sentence will change by itself.
    """

    sentence: str
    consequence: str = ""
    label: str = ""
    page: str = ""
    is_waiting: bool = False


def next_step(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    """One state, one sentence, one button for who may press it."""
    found = SENTENCES[MinutesState(minutes.state)](minutes, figures, can, now)
    return found if not found.page or can.get(found.page, True) else Next(found.sentence, found.consequence)


def draft(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    sentence = ngettext(
        "En rédaction : %(n)s point écrit sur %(all)s.",
        "En rédaction : %(n)s points écrits sur %(all)s.",
        figures.written,
    ) % {"n": figures.written, "all": figures.total}
    due = _("Attendu le %(day)s, %(distance)s.") % {
        "day": date_words(minutes.due_on),
        "distance": in_days(minutes.due_on),
    }
    if figures.first_unwritten is not None:
        return Next(sentence, due, _("Continuer la rédaction"), "write")
    if not minutes.sitting.is_held:
        return Next(sentence, _("La séance n’est pas close."))
    if minutes.is_formal:
        return Next(sentence, due, _("Soumettre à relecture"), "submit")
    if can.get("validate"):
        return Next(sentence, due, _("Valider le compte rendu"), "validate")
    return Next(sentence, waits_for_lead(figures.leads))


def waits_for_lead(names: list[str]) -> str:
    """« Attend la validation de : Anna Daste ou Muriel Daste. »"""
    if not names:
        return _("Attend la validation de la ou du responsable de la mission. Personne n’a encore ce rôle.")
    return _("Attend la validation de : %(who)s.") % {"who": _(" ou ").join(names)}


def ready_to_leave(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    read = _("En relecture.") if minutes.is_formal else _("Validé, pas encore circulé.")
    who = ngettext("%(n)s personne était présente.", "%(n)s personnes étaient présentes.", figures.attendees)
    label = ngettext("Circuler à %(n)s personne", "Circuler à %(n)s personnes", figures.attendees)
    return Next(read, who % {"n": figures.attendees}, label % {"n": figures.attendees}, "circulate")


def circulated(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    day = date_words(minutes.circulated_at, weekday=False)
    waiting = ngettext(
        "%(n)s correction attend une réponse", "%(n)s corrections attendent une réponse", figures.asked
    ) % {"n": figures.asked}
    if minutes.is_sealed:
        return sealed(minutes, figures, can, now)
    sentence = _("Circulé le %(day)s, %(waiting)s.") % {
        "day": day,
        "waiting": waiting if figures.asked else _("aucune correction n’attend"),
    }
    until = minutes.corrections_until
    is_open = takes_corrections(minutes, now)
    words = (
        _("Les personnes présentes peuvent en demander jusqu’au %(day)s, %(distance)s.")
        if is_open
        else _("Le délai s’est terminé le %(day)s, %(distance)s.")
    )
    consequence = words % {"day": date_words(until), "distance": in_days(until)}
    if figures.asked:
        label = ngettext("Traiter la correction", "Traiter les %(n)s corrections", figures.asked)
        return Next(sentence, consequence, label % {"n": figures.asked}, "corrections")
    if is_open:
        return Next(sentence, consequence)
    if minutes.is_formal:
        return Next(sentence, consequence, _("Soumettre à l’approbation"), "submit_for_approval")
    return sealing(figures) or Next(sentence, consequence, _("Sceller"), "seal")


def submitted(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    sitting = minutes.approval_item.sitting if minutes.approval_item else None
    if sitting is None:
        return Next(_("Soumis à l’approbation."))
    sentence = _("À l’ordre du jour de la séance du %(day)s.") % {"day": date_words(sitting.starts_at)}
    if sitting.is_running or sitting.is_held:
        return Next(sentence, _("La séance peut l’approuver."), _("Noter l’approbation"), "approve")
    return Next(sentence, _("L’approbation se note pendant cette séance."))


def approved(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    sentence = _("Approuvé le %(day)s.") % {"day": date_words(minutes.approved_at)}
    given = {visa.capacity for visa in figures.visas}
    missing = [MinutesVisaCapacity(capacity) for capacity in MinutesVisaCapacity.values if capacity not in given]
    if not missing:
        return sealing(figures) or Next(sentence, _("Les deux visas sont donnés."), _("Sceller"), "seal")
    words = _("Il manque le visa : %(who)s.") % {"who": ", ".join(str(capacity.label) for capacity in missing)}
    own = next((capacity for capacity in missing if can.get(f"{capacity}_visa")), None)
    if own is not None:
        return Next(sentence, words, _("Donner mon visa"), f"{own}_visa")
    return Next(sentence, words, _("Noter un visa donné sur papier"), "record_visa")


def sealing(figures: Any) -> Next | None:
    """The workers are at it, or one of them gave up."""
    jobs = [job for kind, job in figures.renditions.items() if kind in ("minutes-internal", "minutes-public")]
    if any(job.state in ("queued", "rendering", "sealing") for job in jobs):
        return Next(_("Scellement en cours."), _("Vous pouvez quitter cette page."), is_waiting=True)
    refused = next((job for job in jobs if job.state == "failed"), None)
    return Next(_("Le cachet n’a pas pu être posé."), refused.error, _("Sceller"), "seal") if refused else None


def sealed(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    sentence = _("Scellé le %(day)s, versions interne et publique.") % {"day": date_words(minutes.signed_at)}
    if figures.distribution is None:
        label = ngettext("Diffuser à %(n)s personne", "Diffuser à %(n)s personnes", figures.readers)
        return Next(sentence, _("Personne ne l’a encore reçu."), label % {"n": figures.readers}, "distribute")
    sent = _("Diffusé le %(day)s.") % {"day": date_words(figures.distribution.requested_at)}
    if minutes.published_at is None:
        return Next(sentence, sent, _("Publier la version publique"), "publish")
    return Next(sentence, sent)


def published(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    found = sealed(minutes, figures, can, now)
    sentence = _("Publié le %(day)s.") % {"day": date_words(minutes.published_at)}
    return Next(sentence, found.consequence, found.label, found.page)


def archived(minutes: Minutes, figures: Any, can: Mapping[str, bool], now: datetime) -> Next:
    return Next(_("Archivé."))


SENTENCES = {
    MinutesState.DRAFT: draft,
    MinutesState.INTERNAL_CHECK: ready_to_leave,
    MinutesState.VALIDATED: ready_to_leave,
    MinutesState.CIRCULATED: circulated,
    MinutesState.CORRECTIONS: circulated,
    MinutesState.SUBMITTED: submitted,
    MinutesState.APPROVED: approved,
    MinutesState.SIGNED: sealed,
    MinutesState.PUBLISHED: published,
    MinutesState.ARCHIVED: archived,
}
