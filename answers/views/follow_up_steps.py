"""Step pages of a follow-up: updates and milestones in two areas, and what the team and the lead decide."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from answers.follow_up import actions
from answers.models import FollowUp, ProgressUpdate
from answers.queries.people import update_writers_of
from answers.rules.follow_up import can_see_follow_ups
from answers.workflows import FOLLOW_UP
from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.text.french import french_enumeration


def desk_follow_up(request: UserRequest, pk: int) -> FollowUp:
    """Return a follow-up of the reader’s terms; raise 404 if unseen, 403 if seen in another area only."""
    row = directorate_follow_up(request, pk)
    if not can_see_follow_ups(request.user, row.case.opinion.term_id):
        raise PermissionDenied
    return row


def directorate_follow_up(request: UserRequest, pk: int) -> FollowUp:
    """Return a follow-up of a case that the reader answers, follows up, arbitrates or decides, or raise 404."""
    return get_object_or_404(FollowUp.objects.visible_to(request.user).with_dossier(), pk=pk)


def desk_page(request: UserRequest, row: FollowUp) -> str:
    return reverse("answers:desk-follow-up", args=[row.case_id])


def directorate_page(request: UserRequest, row: FollowUp) -> str:
    return reverse("answers:directorate-case", args=[row.case_id]) + "#suites"


def name_of(row: FollowUp) -> str:
    return f"{row.case.reference}, {row.case.title}"


@FOLLOW_UP.action("update")
def run_update(row: FollowUp, *, by: User, **data: Any) -> ProgressUpdate:
    uploads = {name: keep_file(data[name], by=by) if data[name] else None for name in ("document", "photo")}
    return actions.publish_update(row, data["form"].progress(uploads), seen=data["seen"], by=by)


@FOLLOW_UP.action("schedule")
def run_schedule(row: FollowUp, *, by: User, **data: Any) -> int:
    form = data["form"]
    return actions.change_milestones(row, form.corrections(), reason=data["reason"], added=form.added(), by=by)


def update_done(row: FollowUp) -> str:
    if row.reported_at:
        return _("Le point est publié. La mission vérifie la preuve, puis clôt la suite donnée.")
    return _("Le point est publié, à côté de la réponse.")


def recipient_lines(row: FollowUp) -> list[str]:
    names = [user.get_full_name() for user in update_writers_of(row)]
    return [_("Un message est envoyé à %(who)s.") % {"who": french_enumeration(names)}] if names else []


def proof_of(row: FollowUp) -> dict[str, Any]:
    """Return the last update that proves that all is done."""
    proving = ProgressUpdate.objects.proving().filter(follow_up=row).select_related("document", "photo", "directorate")
    return {"update": proving.order_by("-number").first()}


DIRECTORATE_FOLLOW_UP_STEPS = StepPages(
    FOLLOW_UP,
    "directorate",
    name="answers:directorate-follow-up-step",
    fetch=directorate_follow_up,
    back=directorate_page,
    eyebrow=name_of,
)
DIRECTORATE_FOLLOW_UP_STEPS.bind("success_message", {"update": update_done})
DESK_FOLLOW_UP_STEPS = StepPages(
    FOLLOW_UP,
    name="answers:follow-up-step",
    fetch=desk_follow_up,
    back=desk_page,
    eyebrow=name_of,
)
DESK_FOLLOW_UP_STEPS.bind("success_message", {"update": update_done})
DESK_FOLLOW_UP_STEPS.bind("context", {"complete": proof_of, "dispute": proof_of})
DESK_FOLLOW_UP_STEPS.bind(
    "offered",
    {
        "complete": lambda user, row: row.reported_at is not None,
        "withdraw": lambda user, row: ProgressUpdate.objects.not_withdrawn().filter(follow_up=row).exists(),
    },
)
DESK_FOLLOW_UP_STEPS.bind("consequences", {"dispute": recipient_lines, "ask": recipient_lines})
