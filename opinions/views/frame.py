"""What every page of one opinion shows around its own part: sentence, button, steps, tabs, rights."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.ui.words import date_words
from consultations.queries.referral_next import Next
from opinions.enums import OpinionState
from opinions.models import Opinion
from opinions.queries.opinions import OpinionFigures, figures
from opinions.rules import opinions as rules
from opinions.rules.opinion_next import next_step
from opinions.views.steps import STEPS
from opinions.workflows.opinions import OPINION

S = OpinionState
PAGES = frozenset({"outline", "amendments", "papers", "checks"})
PATH = [
    S.OUTLINE,
    S.DRAFTING,
    S.GROUP_VALIDATED,
    S.SERVICES_CHECK,
    S.CONSOLIDATED,
    S.TABLED,
    S.AMENDING,
    S.FROZEN,
    S.VOTED,
    S.HANDED_OVER,
    S.PUBLISHED,
]


def frame(request: UserRequest, opinion: Opinion, tab: str = "opinion") -> dict[str, Any]:
    """Everything `opinions/opinion_frame.html` needs; `opinion` comes from `desk_opinion`."""
    can = OPINION.abilities(request.user, opinion) | rules.abilities(request.user, opinion)
    in_team = is_team(request.user, opinion.term_id)
    numbers = figures(opinion)
    step = next_step(opinion, numbers, can)
    return {
        "opinion": opinion,
        "can": can,
        "figures": numbers,
        "step": step,
        "step_url": page_url(opinion, step),
        "steps": steps(opinion),
        "tabs": tabs(opinion, numbers, tab, in_team=in_team),
        "facts": facts(opinion),
        "verbs": STEPS.links(request.user, opinion, without={step.page}),
    }


def page_url(opinion: Opinion, step: Next) -> str:
    """Where the big button leads."""
    if not step.page:
        return ""
    if step.page in PAGES:
        return reverse(f"opinions:{step.page}", args=[opinion.pk])
    return STEPS.url(opinion, step.page)


def tabs(opinion: Opinion, numbers: OpinionFigures, current: str, *, in_team: bool) -> list[dict[str, Any]]:
    """One address each."""
    return [
        {
            "label": label,
            "url": reverse(f"opinions:{name}", args=[opinion.pk]),
            "current": name == current,
            "count": count,
            "count_words": words,
        }
        for name, label, count, words, shown in tab_rows(opinion, numbers, in_team)
        if shown
    ]


def tab_rows(opinion: Opinion, numbers: OpinionFigures, in_team: bool) -> list[tuple[str, str, Any, str, bool]]:
    """Name of the address, words, count, what is counted, whether this reader has it."""
    told = f"{numbers.checks_given}/{numbers.checks}" if numbers.checks else None
    return [
        ("opinion", _("L’avis"), None, "", True),
        ("checks", _("Directions"), told, _("lectures rendues"), in_team and bool(numbers.checks)),
        ("recommendations", _("Préconisations"), numbers.recommendations, "", bool(numbers.recommendations)),
        ("amendments", _("Amendements"), None, "", opinion.is_tabled),
        ("vote", _("Vote et suites"), None, "", opinion.has_one_text),
        ("papers", _("Papiers"), None, "", opinion.state != S.OUTLINE),
        ("history", _("Historique"), None, "", True),
    ]


def steps(opinion: Opinion) -> list[dict[str, str]]:
    """The whole path; one that stopped shows where it stopped."""
    if opinion.state == S.WITHDRAWN:
        return [stopped(_("Retiré"), opinion.ended_at)]
    state = OpinionState(opinion.state)
    reached = PATH.index(S.VOTED if state in {S.ADOPTED, S.REJECTED} else state)
    is_decided = state in {S.ADOPTED, S.REJECTED}
    return [
        {
            "label": label,
            "note": date_words(moment, weekday=False) if moment else "",
            "state": "done"
            if index < reached or (index == reached and is_decided and state == S.ADOPTED)
            else "current"
            if index == reached
            else "",
        }
        for index, (label, moment) in enumerate(named_steps(opinion))
    ]


def stopped(label: str, moment: Any) -> dict[str, str]:
    return {"label": label, "note": date_words(moment, weekday=False) if moment else "", "state": "current"}


def named_steps(opinion: Opinion) -> list[tuple[str, Any]]:
    """What each step is called on the path, and its date when it has one."""
    sitting = opinion.tabled_sitting
    vote = opinion.adopted_on or opinion.rejected_on or (sitting.starts_at if sitting else None)
    decided = _("Rejeté") if opinion.state == S.REJECTED else _("Vote")
    return [
        (_("Plan"), opinion.created_at),
        (_("Rédaction"), None),
        (_("Validation"), None),
        (_("Directions"), None),
        (_("Un seul texte"), opinion.consolidated_at),
        (_("Dépôt"), opinion.tabled_at),
        (_("Amendements"), opinion.amendments_close_at),
        (_("Figé"), opinion.frozen_at),
        (decided, vote),
        (_("Remise"), opinion.handed_over_on),
        (_("Publication"), opinion.published_at),
    ]


def facts(opinion: Opinion) -> list[tuple[str, Any]]:
    """The side column."""
    sitting = opinion.tabled_sitting
    rows = [
        (_("Référence"), opinion.reference or _("donnée quand les textes sont réunis")),
        (_("Saisine"), f"{opinion.referral.reference} {opinion.referral.title}".strip()),
        (_("Suivi par"), opinion.officer.get_full_name()),
        (_("Rapporteur·e"), opinion.rapporteur.full_name if opinion.rapporteur else _("à désigner")),
        (_("Séance du vote"), f"{sitting.title}, {date_words(sitting.starts_at)}" if sitting else ""),
        (_("Amendements ouverts le"), date_words(opinion.amendments_open_at)),
        (_("Amendements fermés le"), date_words(opinion.amendments_close_at)),
        (_("Adopté le"), date_words(opinion.adopted_on)),
        (_("Remis le"), date_words(opinion.handed_over_on)),
        (_("Remis à"), opinion.handed_over_to),
        (_("Lieu de la remise"), opinion.handed_over_place),
        (_("Sur le site public depuis le"), date_words(opinion.published_at)),
    ]
    return [(label, value) for label, value in rows if value]
