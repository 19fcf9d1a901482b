"""What referrals bring to the rooms: lines of the menus, what waits, files to pass on."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.institution import handover, menu, todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import has_role, is_lead, is_team
from consultations.actions import referrals as actions
from consultations.enums import ReferralState
from consultations.models import Referral
from consultations.portal import briefing, self_referrals
from consultations.queries.referrals import followed_by, waiting_for_office
from consultations.queries.waiting import waiting_for_team
from consultations.rules.referrals import OFFICE

S = ReferralState
menu.add(
    "desk",
    gettext_lazy("Travaux"),
    gettext_lazy("Saisines"),
    "consultations:list",
    TEAM_ROLES | {Role.FACILITATOR},
    order=32,
    icon="question-circle",
)
menu.add(
    "member", "", gettext_lazy("Saisines"), "consultations:own-list", [Role.MEMBER], order=30, icon="question-circle"
)
NEXT_ACTS = {
    S.ISSUED: gettext_lazy("Faire recevoir par l’assemblée : %(title)s"),
    S.ACCEPTED: gettext_lazy("Ouvrir les travaux : %(title)s"),
    S.ADOPTED: gettext_lazy("Ouvrir les travaux : %(title)s"),
}


def desk_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """What the team must do about each referral: its next step, then its pack and its hearings."""
    if not is_team(user, term):
        return
    for referral in waiting_for_team(term, timezone.now()):
        yield from step_lines(referral, closes=is_lead(user, term))
        yield from self_referrals.desk_lines(referral)
        yield from briefing.desk_lines(referral)


def step_lines(referral: Referral, *, closes: bool) -> Iterable[todo.ToDo]:
    """Receptions, works to open, late opinions; closes for the lead. Handing over waits on the opinion itself."""
    state = ReferralState(referral.state)
    if state in NEXT_ACTS:
        yield line(referral, NEXT_ACTS[state] % {"title": referral.title})
    if referral.is_late:
        yield line(referral, _("L’avis de l’assemblée est en retard : %(title)s") % {"title": referral.title})
    if state == S.ANSWERED and closes:
        yield line(referral, _("Clore la saisine : %(title)s") % {"title": referral.title})


def line(referral: Referral, title: str) -> todo.ToDo:
    """The way in is the dossier; the date is that of the opinion while it is awaited and near or gone."""
    is_late = referral.is_late
    return todo.ToDo(
        title,
        reverse("consultations:referral", args=[referral.pk]),
        referral.reference,
        due_on=referral.due_on if is_late else None,
    )


def office_lines(user: Any, term: Term) -> Iterable[todo.ToDo]:
    """Referrals that wait for the visa of the president's office."""
    if not has_role(user, OFFICE, term=term):
        return
    for referral in waiting_for_office(term):
        url = reverse("consultations:office-referral", args=[referral.pk])
        yield todo.ToDo(
            _("Émettre la saisine : %(title)s") % {"title": referral.title},
            url,
            referral.reference,
            due_on=referral.work_starts_on
            if (referral.work_starts_on or timezone.localdate()) > timezone.localdate()
            else None,
            acts=(todo.LineButton(_("Lire la lettre"), url),),
        )


def count_files(user: User, term: Term) -> int:
    return followed_by(user, term).count()


def move_files(user: User, to: User, term: Term, by: User) -> int:
    return actions.pass_files(followed_by(user, term), to=to, by=by)


todo.register("desk", desk_lines)
todo.register("directorate", office_lines)
handover.register(handover.OpenFiles("referrals", gettext_lazy("saisines à suivre"), count_files, move_files))
