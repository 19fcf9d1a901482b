"""The frame that every page of one referral has around its own part, and the reader’s rights."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from assembly.dossiers.awaited import DossierKind, add_dossier_kind, awaited_for
from assembly.dossiers.frame import DossierFrame, tabs_of
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.text.french import format_date
from assembly.web.path import PathStep, path_of
from consultations.enums import ReferralState
from consultations.models import Referral
from consultations.pages import status_of
from consultations.referrals import rules
from consultations.referrals.queries import ReferralFigures, figures, named_directorates
from consultations.referrals.workflow.shared_steps import missing_parts
from consultations.reviews.queries import referral_address
from consultations.views.steps import STEPS
from consultations.workflows.referrals import REFERRAL

S = ReferralState


def dossier_context(request: UserRequest, referral: Referral, tab: str, **more: Any) -> dict[str, Any]:
    """Build the context of `consultations/frame.html`, then `more`; `referral` is from `desk_referral`."""
    can = REFERRAL.abilities(request.user, referral) | rules.abilities(request.user, referral)
    numbers = figures(referral)
    status = status_of(referral, numbers, missing_labels(referral), can)
    frame = DossierFrame(
        title=referral.title,
        name=referral.reference or _("Sujet proposé"),
        above=(_("Saisines"), reverse("consultations:list")),
        status=status,
        path_name=_("Étapes de la saisine"),
        path=path(referral),
        tabs_name=_("Onglets de la saisine"),
        tabs=tabs_of("consultations", referral.pk, tab, tab_rows(request.user, referral, numbers)),
        facts=facts(referral),
        links=STEPS.links(request, referral, url=status.url),
        edit=reverse("consultations:edit", args=[referral.pk]) if can["edit"] else "",
        awaited=awaited_for(status, request.user, referral),
    )
    return {"referral": referral, "can": can, "figures": numbers, "frame": frame} | more


def missing(referral: Referral) -> list[ValidationError]:
    """List what the letter lacks while it may still be written."""
    return missing_parts(referral) if referral.state in S.tagged("unissued") else []


def missing_labels(referral: Referral) -> list[str]:
    return [str(error.params["what"]) for error in missing(referral) if error.params]


def tab_rows(user: User, referral: Referral, numbers: ReferralFigures) -> list[tuple[str, str, int | str | None, str]]:
    """Return for each tab: name of the address, label, count, what is counted.

    The facilitator has those of the work, never the thread nor the directorates' answers.
    """
    progress = f"{numbers.given}/{numbers.asked}" if numbers.asked else None
    counted: Any = referral  # its counts are columns of `dossier`
    hidden = set() if is_team(user, referral.term_id) else {"suggestion", "reviews", "thread"}
    rows = [
        ("referral", _("La saisine"), None, ""),
        *([("suggestion", _("Recevabilité et vote"), None, "")] if referral.is_self_referral else []),
        ("reviews", _("Contributions des directions"), progress, _("contributions rendues")),
        ("committees", _("Groupes et séances"), counted.committees_count, _("groupes")),
        ("briefing", _("Dossier"), counted.documents_count, _("documents")),
        ("hearings", _("Auditions"), counted.hearings_count, ""),
        ("thread", _("Fil"), counted.messages_count, _("messages")),
        ("history", _("Historique"), None, ""),
    ]
    return [row for row in rows if row[0] not in hidden]


def path(referral: Referral) -> list[PathStep]:
    """Return the whole path of its origin; a referral that stopped early shows where it stopped."""
    if rules.is_stopped_early(referral):
        rows = stopped_path(referral)
        return path_of(rows, len(rows) - 1)
    states = [state for state in S.tagged(referral.origin, "started") if state.state.path]
    present = S(S(referral.state).state.path_at or referral.state)
    place = states.index(present) if present in states else len(states)
    return path_of([named_step(step, referral) for step in states], place)


def named_step(step: ReferralState, referral: Referral) -> tuple[str, str]:
    """Return the label of the step on the path, and its date when it has one."""
    moment: Any = referral if step.state.path_date else None
    for name in step.state.path_date.split("."):
        moment = moment and getattr(moment, name)
    return str(step.state.path), format_date(moment, weekday=False) if moment else ""


def stopped_path(referral: Referral) -> list[tuple[str, str]]:
    first = named_step(S.SUGGESTED if referral.is_self_referral else S.DRAFT, referral)
    sent = [named_step(S.ISSUED, referral)] if referral.issued_at else []
    ended = format_date(referral.ended_at, weekday=False) if referral.ended_at else ""
    return [first, *sent, (str(referral.get_state_display()).capitalize(), ended)]


def facts(referral: Referral) -> list[tuple[str, Any]]:
    """Return the rows of the side column."""
    named = named_directorates(referral)
    lead = next((row.directorate.name for row in named if row.is_lead), "")
    others = ", ".join(row.directorate.name for row in named if not row.is_lead)
    rows = [
        (_("Référence"), referral.reference or _("pas encore donnée")),
        (_("Origine"), str(referral.get_origin_display()).capitalize()),
        (_("Proposée par"), referral.suggested_by.get_full_name() if referral.suggested_by else ""),
        (_("Direction pilote"), lead or ("" if referral.is_self_referral else _("à désigner"))),
        (_("Directions associées"), others),
        (_("Suivie par"), referral.officer.get_full_name() if referral.officer else _("à désigner")),
        (_("Début des travaux"), format_date(referral.work_starts_on)),
        (referral.due_label, format_date(referral.due_on) if referral.due_on else _("à fixer")),
        (_("Décision éclairée"), decision_label(referral)),
        (_("Émise par"), referral.issued_by.get_full_name() if referral.issued_by else ""),
        (_("Réponse du Conseil"), answer_link(referral)),
        (_("Sur le site public depuis le"), format_date(referral.published_at)),
    ]
    return [(label, value) for label, value in rows if value]


def answer_link(referral: Referral) -> str:
    """Return the link to the document recorded for an opinion that was not written here."""
    if referral.answer_document is None:
        return ""
    address = reverse("documents:upload", args=[referral.answer_document.public_id])
    return format_html('<a href="{}">{}</a>', address, format_date(referral.answered_on))


def decision_label(referral: Referral) -> str:
    """Return « Schéma Autonomie, 15 décembre 2026 »."""
    day = format_date(referral.target_decision_on, weekday=False) if referral.target_decision_on else ""
    return ", ".join(part for part in (referral.target_decision, day) if part)


add_dossier_kind(
    DossierKind(
        Referral,
        REFERRAL,
        rows=lambda user: Referral.objects.visible_to(user).select_related("term"),
        page=referral_address,
        title=lambda referral: f"{referral.reference} {referral.title}".strip(),
        scope=lambda referral: (referral.term.assembly_id, referral.term_id),
    )
)
