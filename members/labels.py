"""Labels and sentences of states and counts of members."""

from collections.abc import Collection
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from assembly.identity.models import Person
from assembly.institution.models import Term
from assembly.text.french import format_date, in_days
from assembly.web.path import PathStep, path_of
from members import rules
from members.enums import EndReason, MandateState
from members.models import Mandate


def contact_label(person: Person) -> str:
    if person.is_paper:
        return _("courrier postal")
    return _("courriel")


def late_warning(term: Term) -> str:
    """Return the warning on the page of a seat in the last months of a term; empty before."""
    if not rules.is_past_cutoff(term):
        return ""
    return _("Depuis le %(day)s, un remplacement demande une décision de la responsable, avec son motif.") % {
        "day": format_date(rules.replacement_cutoff(term))
    }


def correction_message(changed: Collection[str]) -> str:
    """Return the message after a correction, by the fields that changed."""
    return _("Les corrections sont notées.") if changed else _("Rien n’a changé.")


def quick_filters(counts: dict[str, int], filters: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the quick filters: the most frequent queries of an officer."""
    offered: list[tuple[str, dict[str, Any], int]] = [
        (_("Mandats ouverts"), {}, counts["open"]),
        (_("Réponse attendue"), {"etat": MandateState.PROPOSED}, counts["proposed"]),
        (_("À ouvrir"), {"etat": MandateState.ACCEPTED}, counts["accepted"]),
        (_("Suspendus"), {"etat": MandateState.SUSPENDED}, counts["suspended"]),
        (_("Courrier postal"), {"contact": "paper"}, counts["paper"]),
        (_("Mesures à prévoir"), {"besoins": "oui"}, counts["needs"]),
        (_("Anciens membres"), {"etat": MandateState.ENDED}, counts["ended"]),
    ]
    return [
        {"label": label, "url": f"?{urlencode(query)}", "current": filters == query, "count": count}
        for label, query, count in offered
        if count or not query
    ]


def mandate_sentence(mandate: Mandate) -> tuple[str, str]:
    """Return the sentence of state, and what it means for the reader."""
    match mandate.state:
        case MandateState.PROPOSED:
            limit = mandate.answer_deadline
            return _("Mandat proposé, réponse attendue."), (
                _("Avant le %(day)s, %(left)s.") % {"day": format_date(limit), "left": in_days(limit)} if limit else ""
            )
        case MandateState.ACCEPTED if mandate.seat_id is None:
            return _("Suppléance acceptée."), _("La personne siégera si un siège de son canton se libère.")
        case MandateState.ACCEPTED:
            return _("Mandat accepté, pas encore ouvert."), _("Ouvrez-le le jour de l’installation.")
        case MandateState.ACTIVE:
            return _("Mandat en cours depuis le %(day)s.") % {"day": format_date(mandate.activated_on)}, ""
        case MandateState.SUSPENDED:
            day = format_date(mandate.suspended_on)
            return _("Mandat suspendu depuis le %(day)s.") % {"day": day}, _("Le siège reste le sien.")
        case MandateState.ENDED:
            values = {"day": format_date(mandate.ended_on), "reason": EndReason(mandate.end_reason).label}
            return _("Mandat terminé le %(day)s.") % values, _("Motif : %(reason)s.") % values
        case MandateState.DECLINED:
            return _("La personne a refusé le %(day)s.") % {"day": format_date(mandate.ended_on)}, ""
    return _("La personne n’a pas répondu."), ""


def mandate_path(mandate: Mandate) -> list[PathStep]:
    """Return the path of the mandate, with the present step named."""
    dates = [mandate.proposed_at, mandate.accepted_on, mandate.activated_on, mandate.ended_on]
    labels = [_("Proposé"), _("Accepté"), _("En cours"), _("Terminé")]
    if mandate.state == MandateState.SUSPENDED:
        labels[2] = _("Suspendu")
    if mandate.state in (MandateState.DECLINED, MandateState.NO_ANSWER):
        labels, dates = [_("Proposé"), mandate.get_state_display()], [mandate.proposed_at, mandate.ended_on]
    notes = [format_date(day, weekday=False) if day else "" for day in dates]
    return path_of(list(zip(labels, notes, strict=True)), max(index for index, day in enumerate(dates) if day))
