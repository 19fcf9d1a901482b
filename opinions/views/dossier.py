"""Frame that every page of one opinion shows around its own part, and the rights of the reader."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.dossiers.awaited import DossierKind, add_dossier_kind, awaited_for
from assembly.dossiers.frame import DossierFrame, Tab, tabs_of
from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.text.french import format_date
from assembly.web.path import PathStep, path_of
from opinions.enums import OpinionState
from opinions.models import Opinion
from opinions.opinions.workflow import OPINION
from opinions.pages import status_of
from opinions.queries.opinions import OpinionFigures, figures
from opinions.rules import opinions as rules
from opinions.views.steps import STEPS

S = OpinionState


def context(request: UserRequest, opinion: Opinion, tab: str = "opinion", **more: Any) -> dict[str, Any]:
    """Return everything that `dossiers/frame.html` needs; `opinion` comes from `desk_opinion`."""
    can = OPINION.abilities(request.user, opinion) | rules.abilities(request.user, opinion)
    numbers = figures(opinion)
    status = status_of(opinion, numbers, can)
    frame = DossierFrame(
        title=opinion.title,
        name=opinion.reference or opinion.title,
        above=(_("Avis"), reverse("opinions:list")),
        status=status,
        path_name=_("Étapes de l’avis"),
        path=path(opinion),
        tabs_name=_("Onglets de l’avis"),
        tabs=tabs(request, opinion, numbers, tab),
        facts=facts(opinion),
        links=STEPS.links(request, opinion, url=status.url),
        edit=reverse("opinions:edit", args=[opinion.pk]) if can["edit"] else "",
        awaited=awaited_for(status, request.user, opinion),
    )
    return {"opinion": opinion, "can": can, "frame": frame} | more


def tabs(request: UserRequest, opinion: Opinion, numbers: OpinionFigures, current: str) -> list[Tab]:
    """Return the tabs that this reader has."""
    is_shown = {
        "checks": bool(numbers.checks) and is_team(request.user, opinion.term_id),
        "recommendations": bool(numbers.recommendations),
        "amendments": opinion.is_tabled,
        "vote": opinion.has_one_text,
        "papers": opinion.state != S.OUTLINE,
    }
    rows: list[tuple[str, str, int | str | None, str]] = [
        ("opinion", _("L’avis"), None, ""),
        ("checks", _("Directions"), f"{numbers.checks_given}/{numbers.checks}", _("lectures rendues")),
        ("recommendations", _("Préconisations"), numbers.recommendations, ""),
        ("amendments", _("Amendements"), None, ""),
        ("vote", _("Vote et suites"), None, ""),
        ("papers", _("Papiers"), None, ""),
        ("history", _("Historique"), None, ""),
    ]
    return tabs_of("opinions", opinion.pk, current, [row for row in rows if is_shown.get(row[0], True)])


def path(opinion: Opinion) -> list[PathStep]:
    """Return the whole path; a withdrawn opinion shows only where it stopped."""
    if opinion.state == S.WITHDRAWN:
        return path_of([(_("Retiré"), format_date(opinion.ended_at, weekday=False))], 0)
    steps_by_state = named_steps(opinion)
    is_decided = opinion.state in {S.ADOPTED, S.REJECTED}
    present = [*steps_by_state].index(S.VOTED if is_decided else S(opinion.state))
    rows = [(label, format_date(moment, weekday=False)) for label, moment in steps_by_state.values()]
    steps = path_of(rows, present)
    if opinion.state == S.ADOPTED:
        steps[present] = replace(steps[present], state="done")
    return steps


def named_steps(opinion: Opinion) -> dict[OpinionState, tuple[str, Any]]:
    """Return the name of each step on the path, with its date when it has one, by state."""
    sitting = opinion.tabled_sitting
    vote = opinion.adopted_on or opinion.rejected_on or (sitting.starts_at if sitting else None)
    decided = _("Rejeté") if opinion.state == S.REJECTED else _("Vote")
    return {
        S.OUTLINE: (_("Plan"), opinion.created_at),
        S.DRAFTING: (_("Rédaction"), None),
        S.GROUP_VALIDATED: (_("Validation"), None),
        S.SERVICES_CHECK: (_("Directions"), None),
        S.CONSOLIDATED: (_("Un seul texte"), opinion.consolidated_at),
        S.TABLED: (_("Dépôt"), opinion.tabled_at),
        S.AMENDING: (_("Amendements"), opinion.amendments_close_at),
        S.FROZEN: (_("Figé"), opinion.frozen_at),
        S.VOTED: (decided, vote),
        S.HANDED_OVER: (_("Remise"), opinion.handed_over_on),
        S.PUBLISHED: (_("Publication"), opinion.published_at),
    }


def facts(opinion: Opinion) -> list[tuple[str, Any]]:
    """Return the facts of the side column."""
    sitting = opinion.tabled_sitting
    rows = [
        (_("Référence"), opinion.reference or _("donnée quand les textes sont réunis")),
        (_("Saisine"), f"{opinion.referral.reference} {opinion.referral.title}".strip()),
        (_("Suivi par"), opinion.officer.get_full_name()),
        (_("Rapporteur·e"), opinion.rapporteur.full_name if opinion.rapporteur else _("à désigner")),
        (_("Séance du vote"), f"{sitting.title}, {format_date(sitting.starts_at)}" if sitting else ""),
        (_("Amendements ouverts le"), format_date(opinion.amendments_open_at)),
        (_("Amendements fermés le"), format_date(opinion.amendments_close_at)),
        (_("Adopté le"), format_date(opinion.adopted_on)),
        (_("Remis le"), format_date(opinion.handed_over_on)),
        (_("Remis à"), opinion.handed_over_to),
        (_("Lieu de la remise"), opinion.handed_over_place),
        (_("Sur le site public depuis le"), format_date(opinion.published_at)),
    ]
    return [(label, value) for label, value in rows if value]


add_dossier_kind(
    DossierKind(
        Opinion,
        OPINION,
        rows=lambda user: Opinion.objects.visible_to(user).select_related("term"),
        page=rules.OPINION_PAGES.page_for,
        title=lambda opinion: f"{opinion.reference} {opinion.title}".strip(),
        scope=lambda opinion: (opinion.term.assembly_id, opinion.term_id),
    )
)
