"""List of the repeated absences of a term."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _, ngettext, ngettext_lazy

from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.lists import Column, Empty, List, Unmatched, state_cell
from assembly.lists.filters import by_closing
from assembly.text.french import Label, format_date
from sessions.attendance.queries.absences import cases
from sessions.models import AbsenceCase, AbsenceCaseState


def absence_lead(user: Any, term: Term) -> Label:
    """Return after how many missed plenaries an alert comes."""
    if not term.absence_alert:
        return _("L’alerte est coupée dans les réglages de la mandature.")
    sentence = ngettext(
        "L’alerte vient après %(n)s plénière manquée. Une personne de l’équipe décide de la suite.",
        "L’alerte vient après %(n)s plénières manquées de suite. Une personne de l’équipe décide de la suite.",
        term.absence_alert,
    )
    return sentence % {"n": term.absence_alert}


def excused_note(case: AbsenceCase) -> str:
    excused = ngettext("dont %(n)s excusée", "dont %(n)s excusées", case.excused) % {"n": case.excused}
    return excused if case.excused else ""


def procedure_note(case: AbsenceCase) -> str:
    """Return until when a person may answer to the procedure."""
    if case.state != AbsenceCaseState.PROCEDURE:
        return ""
    return _("réponse jusqu’au %(day)s") % {"day": format_date(case.answer_by, weekday=False)}


ABSENCES = List(
    _("Absences répétées"),
    [
        Column(_("Membre"), "mandate.member.person.full_name", "membre", ["mandate__member__person__sort_name"]),
        Column(_("Canton"), "mandate.member.canton.name", "canton", ["mandate__member__canton__number"]),
        Column(_("Plénières manquées"), "absences", key="absences", order=["absences"], note=excused_note),
        Column(
            _("Dernière"),
            key="derniere",
            order=["latest__starts_at"],
            cell=lambda row: format_date(row.latest.starts_at, weekday=False),
        ),
        Column(_("État"), key="etat", order=["state"], cell=state_cell, note=procedure_note),
    ],
    default="-signalee",
    orders={"signalee": ["raised_at"]},
    key="absences",
    route="sittings:absences",
    row_route="sittings:absence-case",
    can_open=is_team,
    rows=cases,
    counted=ngettext_lazy("%(n)s personne", "%(n)s personnes", "n"),
    lead=absence_lead,
    filters=[by_closing(_("À suivre"), lambda: Q(state__in=AbsenceCaseState.tagged("open")))],
    empty=Empty(
        _("Aucune absence répétée"), _("Les alertes viennent de l’émargement, à la clôture de chaque plénière.")
    ),
    unmatched=Unmatched(_("Aucune alerte close"), "", _("Voir les alertes à suivre")),
)
