"""What every page of one referral shows around its own part: sentence, button, steps, tabs, rights."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.ui.words import date_words
from consultations.enums import ReferralState
from consultations.models import Referral, ReferralDirectorate
from consultations.models.referral import UNISSUED
from consultations.queries.referral_next import Next, next_step
from consultations.queries.referrals import ReferralFigures, figures, named_directorates
from consultations.rules import referrals as rules
from consultations.views.steps import STEPS
from consultations.workflows.referrals import REFERRAL, lacking

S = ReferralState
PAGES = frozenset({"edit", "committees", "reviews", "review-ask", "briefing", "suggestion"})
SECOND_HALF = [S.IN_PROGRESS, S.OPINION_ADOPTED, S.HANDED_OVER, S.ANSWERED, S.CLOSED]
PRESIDENT_PATH = [S.DRAFT, S.INTERNAL_REVIEW, S.ISSUED, S.ACCEPTED, *SECOND_HALF]
OWN_PATH = [S.SUGGESTED, S.SHORTLISTED, S.ADMISSIBILITY_CHECK, S.COUNCIL_VIEW_GIVEN, S.PUT_TO_VOTE, *SECOND_HALF]


def frame(request: UserRequest, referral: Referral, tab: str = "referral") -> dict[str, Any]:
    """Everything `consultations/referral_frame.html` needs; `referral` comes from `desk_referral`."""
    can = REFERRAL.abilities(request.user, referral) | rules.abilities(request.user, referral)
    numbers, in_team = figures(referral), is_team(request.user, referral.term_id)
    step = next_step(referral, numbers, missing_words(referral), can)
    return {
        "referral": referral,
        "can": can,
        "figures": numbers,
        "step": step,
        "step_url": page_url(referral, step),
        "steps": steps(referral),
        "tabs": tabs(referral, numbers, tab, in_team=in_team),
        "facts": facts(referral, named_directorates(referral)),
        "verbs": STEPS.links(request.user, referral, without={step.page}),
    }


def missing(referral: Referral) -> list[ValidationError]:
    """What the letter lacks while it may still be written."""
    return lacking(referral) if referral.state in UNISSUED else []


def missing_words(referral: Referral) -> list[str]:
    return [str(lack.params["what"]) for lack in missing(referral) if lack.params]


def page_url(referral: Referral, step: Next) -> str:
    """Where the big button leads."""
    if not step.page:
        return ""
    if step.page in PAGES:
        return reverse(f"consultations:{step.page}", args=[referral.pk])
    return STEPS.url(referral, step.page)


def tabs(referral: Referral, numbers: ReferralFigures, current: str, *, in_team: bool) -> list[dict[str, Any]]:
    """One address each; the facilitator has those of the work, never the thread nor the directorates' answers."""
    return [
        {
            "label": label,
            "url": reverse(f"consultations:{name}", args=[referral.pk]),
            "current": name == current,
            "count": count,
            "count_words": words,
        }
        for name, label, count, words, shown in tab_rows(referral, numbers, in_team)
        if shown
    ]


def tab_rows(referral: Referral, numbers: ReferralFigures, in_team: bool) -> list[tuple[str, str, Any, str, bool]]:
    """Name of the address, words, count, what is counted, whether this reader has it."""
    told = f"{numbers.given}/{numbers.asked}" if numbers.asked else None
    counted: Any = referral  # its counts are columns of `dossier`
    return [
        ("referral", _("La saisine"), None, "", True),
        ("suggestion", _("Recevabilité et vote"), None, "", referral.is_own and in_team),
        ("reviews", _("Avis des directions"), told, _("avis rendus"), in_team),
        ("committees", _("Groupes et séances"), counted.committees_count, _("groupes"), True),
        ("briefing", _("Dossier"), counted.documents_count, _("documents"), True),
        ("hearings", _("Auditions"), counted.hearings_count, "", True),
        ("thread", _("Fil"), counted.messages_count, _("messages"), in_team),
        ("history", _("Historique"), None, "", True),
    ]


def steps(referral: Referral) -> list[dict[str, str]]:
    """The whole path of its origin; a referral that stopped early shows where it stopped."""
    if rules.is_stopped_early(referral):
        return stopped_steps(referral)
    path = OWN_PATH if referral.is_own else PRESIDENT_PATH
    state = S.PUT_TO_VOTE if referral.state == S.ADOPTED else ReferralState(referral.state)
    reached = path.index(state)
    labels = [(index, *named_step(step, referral)) for index, step in enumerate(path) if step != S.CLOSED]
    return [
        {
            "label": str(label),
            "note": note,
            "state": "done" if index < reached else "current" if index == reached else "",
        }
        for index, label, note in labels
    ]


def named_step(step: ReferralState, referral: Referral) -> tuple[str, str]:
    """What the step is called on the path, and its date when it has one."""
    words = {
        S.DRAFT: (_("Préparation"), referral.created_at),
        S.INTERNAL_REVIEW: (_("Instruction"), None),
        S.ISSUED: (_("Émise"), referral.issued_at),
        S.ACCEPTED: (_("Reçue"), referral.accepted_on),
        S.SUGGESTED: (_("Proposée"), referral.created_at),
        S.SHORTLISTED: (_("Sélection"), None),
        S.ADMISSIBILITY_CHECK: (_("Recevabilité"), None),
        S.COUNCIL_VIEW_GIVEN: (_("Avis du Conseil"), None),
        S.PUT_TO_VOTE: (_("Vote"), referral.vote_item.sitting.starts_at if referral.vote_item else None),
        S.IN_PROGRESS: (_("Travaux"), referral.work_starts_on),
        S.OPINION_ADOPTED: (_("Avis adopté"), referral.due_on if is_before_opinion(referral) else None),
        S.HANDED_OVER: (_("Remise"), None),
        S.ANSWERED: (_("Réponse"), None),
    }
    label, moment = words[step]
    return label, date_words(moment, weekday=False) if moment else ""


def is_before_opinion(referral: Referral) -> bool:
    return referral.state not in (S.OPINION_ADOPTED, S.HANDED_OVER, S.ANSWERED, S.CLOSED)


def stopped_steps(referral: Referral) -> list[dict[str, str]]:
    first = S.SUGGESTED if referral.is_own else S.DRAFT
    label, note = named_step(first, referral)
    ended = date_words(referral.ended_at, weekday=False) if referral.ended_at else ""
    return [
        {"label": label, "note": note, "state": "done"},
        *(
            [{"label": _("Émise"), "note": date_words(referral.issued_at, weekday=False), "state": "done"}]
            if referral.issued_at
            else []
        ),
        {"label": str(referral.get_state_display()).capitalize(), "note": ended, "state": "current"},
    ]


def facts(referral: Referral, named: list[ReferralDirectorate]) -> list[tuple[str, Any]]:
    """The side column."""
    lead = next((row.directorate.name for row in named if row.is_lead), "")
    others = ", ".join(row.directorate.name for row in named if not row.is_lead)
    rows = [
        (_("Référence"), referral.reference or _("pas encore donnée")),
        (_("Origine"), str(referral.get_origin_display()).capitalize()),
        (_("Proposée par"), referral.suggested_by.get_full_name() if referral.suggested_by else ""),
        (_("Direction pilote"), lead or ("" if referral.is_own else _("à désigner"))),
        (_("Directions associées"), others),
        (_("Suivie par"), referral.officer.get_full_name() if referral.officer else _("à désigner")),
        (_("Début des travaux"), date_words(referral.work_starts_on)),
        (_("Avis attendu le"), date_words(referral.due_on) if referral.due_on else _("à fixer")),
        (_("Décision éclairée"), decision_words(referral)),
        (_("Émise par"), referral.issued_by.get_full_name() if referral.issued_by else ""),
        (_("Sur le site public depuis le"), date_words(referral.published_at)),
    ]
    return [(label, value) for label, value in rows if value]


def decision_words(referral: Referral) -> str:
    """« Schéma Autonomie, 15 décembre 2026 »."""
    day = date_words(referral.target_decision_on, weekday=False) if referral.target_decision_on else ""
    return ", ".join(part for part in (referral.target_decision, day) if part)
