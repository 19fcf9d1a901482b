"""Steps of a self-referral in the back office, as pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_team
from consultations.actions import self_referral_vote
from consultations.models import Referral
from consultations.self_referrals import actions
from consultations.views.steps import desk_referral, has_coming_plenary, name_of
from consultations.workflows.referrals import REFERRAL


def team_self_referral(request: UserRequest, pk: int) -> Referral:
    """Return a self-referral for the team; the facilitator has the other tabs only."""
    referral = desk_referral(request, pk)
    if not referral.is_self_referral:
        raise Http404
    if not is_team(request.user, referral.term_id):
        raise PermissionDenied
    return referral


def self_referral_page(request: UserRequest, referral: Referral) -> str:
    return reverse("consultations:suggestion", args=[referral.pk])


def vote_lines(referral: Referral) -> list[str]:
    question = self_referral_vote.question(referral)
    return [
        _("La séance reçoit un point de l’ordre du jour et un vote prêt : %(question)s") % {"question": question},
        _("Le résultat proclamé s’inscrira ici tout seul."),
    ]


def shortlist_lines(referral: Referral) -> list[str]:
    supporters = referral.supports.count()
    line = ngettext("%(n)s membre le soutient.", "%(n)s membres le soutiennent.", supporters) % {"n": supporters}
    return [line, _("Il reçoit sa référence, et les soutiens s’arrêtent. Son auteur est prévenu.")]


def record_view(referral: Referral, *, by: User, **data: Any) -> None:
    file = data.pop("file", None)
    actions.record_view(referral, upload=keep_file(file, by=by) if file else None, by=by, **data)


SELF_REFERRAL_STEPS = StepPages(
    REFERRAL,
    "self_referral",
    name="consultations:self-referral-step",
    fetch=team_self_referral,
    back=self_referral_page,
    eyebrow=name_of,
)
SELF_REFERRAL_STEPS.bind("consequences", {"shortlist": shortlist_lines, "put_to_vote": vote_lines})
SELF_REFERRAL_STEPS.bind(
    "action",
    {
        "record_view": record_view,
    },
)
SELF_REFERRAL_STEPS.bind("offered", {"put_to_vote": has_coming_plenary})
