"""Views of one member: what the team may read, the path of the mandate, and its steps."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.institution.models import CommitteeMembership
from assembly.portal.registry import object_widgets
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.workflow import StateConflict
from members import queries, rules
from members.actions import newcomers
from members.enums import MandateState, RecordChannel
from members.forms import NewMemberForm, SeatForm
from members.labels import late_warning, mandate_path, mandate_sentence
from members.mandates import actions
from members.mandates.workflow import MANDATE
from members.models import Mandate

MAIN_STEP = {MandateState.PROPOSED: "accepter", MandateState.ACCEPTED: "ouvrir", MandateState.SUSPENDED: "reprendre"}


def mandate_for(request: UserRequest, pk: int) -> Mandate:
    """Return the mandate, for the team of its term; for others it is 404."""
    rows = queries.with_pending_name(Mandate.objects.visible_to(request.user))
    rows = rows.select_related("member__person", "member__canton", "seat", "term", "alumni_consent")
    mandate = get_object_or_404(rows, pk=pk)
    if not rules.can_see_private(request.user, mandate.term):
        raise PermissionDenied
    return mandate


@require_safe
def member_page(request: UserRequest, pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    user = request.user
    sentence, consequence = mandate_sentence(mandate)
    main = MAIN_STEP.get(MandateState(mandate.state), "")
    offered = main and STEPS.is_offered(user, mandate, main)
    seats = CommitteeMembership.objects.filter(person=mandate.member.person_id, committee__term=mandate.term_id)
    context = {
        "mandate": mandate,
        "member": mandate.member,
        "person": mandate.member.person,
        "sentence": sentence,
        "consequence": consequence,
        "steps": mandate_path(mandate),
        "main": (STEPS.url(mandate, main), STEPS.pages[main].label) if offered else None,
        "may_seat": MANDATE.can_take(user, mandate, "seat"),
        "others": STEPS.links(request, mandate, without={main}),
        "committees": seats.select_related("committee").order_by("ends_on", "committee__name__alphabetical"),
        "widgets": object_widgets("mandate", user, mandate),
        **agreements(mandate),
    }
    return render(request, "members/mandates/page.html", context)


def agreements(mandate: Mandate) -> dict[str, Any]:
    """Return charter, image, measures and a pending name."""
    charter = queries.charter_for(mandate.member, mandate.term_id)
    accepted_by = getattr(charter, "accepted_by", None)
    return {
        "charter": charter,
        "accepted_by": RecordChannel(accepted_by).label if accepted_by else "",
        "image": queries.image_rows(mandate.member),
        "needs": list(queries.open_needs([mandate.member_id])),
        "asked": getattr(mandate, "requested_name", None),
        "alumni": getattr(mandate, "alumni_consent", None),
    }


DAY_STEPS = ("accept", "decline", "lapse", "activate", "suspend", "resume")


def page_of(mandate: Mandate) -> str:
    return reverse("members:member-page", args=[mandate.pk])


def day_action(step_name: str) -> Callable[..., None]:
    """Return the action of a step that took place on a day which the form gives, or today."""

    def record(mandate: Mandate, *, by: User, on: date | None = None) -> None:
        actions.record_step(mandate, step_name, by=by, on=on)

    return record


def first_sentence(mandate: Mandate) -> str:
    return mandate_sentence(mandate)[0]


STEPS = StepPages(
    MANDATE,
    name="members:member-step",
    fetch=mandate_for,
    back=lambda request, mandate: page_of(mandate),
    eyebrow=lambda mandate: f"{mandate.member.person.full_name}, {mandate.member.canton.name}",
)
STEPS.bind("success_message", dict.fromkeys(STEPS.pages, first_sentence))
STEPS.bind("action", {name: day_action(name) for name in DAY_STEPS})
STEPS.bind("offered", {"activate": lambda user, mandate: mandate.seat_id is not None})


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_seat(request: UserRequest, pk: int) -> HttpResponse:
    """Give a vacant seat to an alternate."""
    mandate = mandate_for(request, pk)
    if not MANDATE.can_take(request.user, mandate, "seat"):
        raise StateConflict(mandate, "seat")
    return form_page(
        request,
        SeatForm(posted(request), mandate=mandate, user=request.user),
        lambda data: actions.seat_alternate(
            mandate, data["seat"], by=request.user, late_reason=data.get("late_reason", "")
        ),
        template="members/mandates/seat.html",
        context={"mandate": mandate, "late": late_warning(mandate.term)},
        success_message=_("Le siège est donné. Ouvrez maintenant le mandat."),
        to=page_of(mandate),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: UserRequest) -> HttpResponse:
    """Add a person by hand and propose a seat."""
    term = working_term(request, rules.can_manage)
    form = NewMemberForm(posted(request), term=term, user=request.user, initial={"channel": "email"})
    return form_page(
        request,
        form,
        lambda data: newcomers.add(
            term,
            by=request.user,
            seat=data["seat"],
            answer_deadline=data["answer_deadline"],
            late_reason=data.get("late_reason", ""),
            **form.split(),
        ),
        template="members/mandates/add.html",
        context={"term": term, "late": late_warning(term)},
        success_message=_("La personne est ajoutée. Notez son accord quand elle répond."),
        to=page_of,
    )
