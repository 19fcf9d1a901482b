"""One member: what the team knows, the path of the mandate, and the steps that may be noted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.models import CommitteeMembership
from assembly.ui.forms import posted
from assembly.workflow import StateConflict
from members import queries, rules
from members.actions import mandates as actions
from members.actions import newcomers
from members.enums import MandateState, RecordChannel
from members.forms import EndForm, MandateDayForm, NewMemberForm, SeatForm
from members.models import Mandate
from members.views.places import term_for
from members.words import KINDS, mandate_sentence, mandate_steps
from members.workflows import MANDATE

MAIN_STEP = {MandateState.PROPOSED: "accepter", MandateState.ACCEPTED: "ouvrir", MandateState.SUSPENDED: "reprendre"}


def mandate_for(request: UserRequest, pk: int) -> Mandate:
    """The mandate, for the team of its term; others do not learn that it exists."""
    rows = queries.with_pending_name(Mandate.objects.visible_to(request.user))
    rows = rows.select_related("member__person", "member__canton", "seat", "term")
    mandate = get_object_or_404(rows, pk=pk)
    if not rules.can_see_private(request.user, mandate.term):
        raise PermissionDenied
    return mandate


@require_safe
def member_page(request: UserRequest, pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    user = request.user
    said, consequence = mandate_sentence(mandate)
    main = MAIN_STEP.get(MandateState(mandate.state), "")
    offered = main and STEPS.is_offered(user, mandate, main)
    context: dict[str, Any] = {"mandate": mandate, "member": mandate.member, "person": mandate.member.person}
    context |= {"kind": KINDS[mandate.state], "sentence": said, "consequence": consequence}
    context |= {
        "steps": mandate_steps(mandate),
        "main": (STEPS.url(mandate, main), STEPS.pages[main].label) if offered else None,
        "may_seat": MANDATE.can_take(user, mandate, "seat"),
        "others": STEPS.links(user, mandate, without={main}),
    } | agreements(mandate)
    context["committees"] = (
        CommitteeMembership.objects.filter(person=mandate.member.person_id, committee__term=mandate.term_id)
        .select_related("committee")
        .order_by("ends_on", "committee__name")
    )
    return render(request, "members/member_page.html", context)


def agreements(mandate: Mandate) -> dict[str, Any]:
    """Charter, image, measures, a name that waits."""
    charter = queries.charter_for(mandate.member, mandate.term_id)
    accepted_by = getattr(charter, "accepted_by", None)
    return {
        "charter": charter,
        "accepted_by": RecordChannel(accepted_by).label if accepted_by else "",
        "image": queries.image_rows(mandate.member),
        "needs": list(queries.open_needs([mandate.member_id])),
        "asked": getattr(mandate, "asked_name", None),
    }


def noted(verb: str) -> Callable[[Mandate, User, dict[str, Any]], None]:
    return lambda mandate, user, data: actions.note(mandate, verb, by=user, on=data.get("on"))


def where(mandate: Mandate) -> str:
    return f"{mandate.member.person.full_name}, {mandate.member.canton.name}"


def state_sentence(mandate: Mandate) -> str:
    return mandate_sentence(mandate)[0]


def seat_is_free(mandate: Mandate) -> list[str]:
    return [_("Le siège redevient vacant.")]


STEPS = StepPages(
    MANDATE,
    {
        "accepter": StepPage(
            "accept",
            title=gettext_lazy("Noter l’accord de la personne"),
            label=gettext_lazy("Noter l’accord"),
            done=state_sentence,
            form=MandateDayForm,
            run=noted("accept"),
            fresh=True,
        ),
        "refuser": StepPage(
            "decline",
            title=gettext_lazy("Noter le refus de la personne"),
            label=gettext_lazy("Noter le refus"),
            done=state_sentence,
            lines=seat_is_free,
            form=MandateDayForm,
            run=noted("decline"),
            fresh=True,
        ),
        "sans-reponse": StepPage(
            "lapse",
            title=gettext_lazy("Noter l’absence de réponse"),
            label=gettext_lazy("Noter sans réponse"),
            done=state_sentence,
            lines=seat_is_free,
            run=noted("lapse"),
            fresh=True,
        ),
        "ouvrir": StepPage(
            "activate",
            title=gettext_lazy("Ouvrir le mandat"),
            label=gettext_lazy("Ouvrir le mandat"),
            done=state_sentence,
            form=MandateDayForm,
            run=noted("activate"),
            offered=lambda user, mandate: mandate.seat_id is not None,
            fresh=True,
        ),
        "suspendre": StepPage(
            "suspend",
            title=gettext_lazy("Suspendre le mandat"),
            label=gettext_lazy("Suspendre"),
            done=state_sentence,
            lines=lambda mandate: [_("Le siège reste à la personne. Elle n’est plus convoquée jusqu’à la reprise.")],
            form=MandateDayForm,
            run=noted("suspend"),
            fresh=True,
        ),
        "reprendre": StepPage(
            "resume",
            title=gettext_lazy("Reprendre le mandat"),
            label=gettext_lazy("Reprendre"),
            done=state_sentence,
            form=MandateDayForm,
            run=noted("resume"),
            fresh=True,
        ),
        "terminer": StepPage(
            "end",
            title=gettext_lazy("Mettre fin au mandat"),
            label=gettext_lazy("Mettre fin au mandat"),
            done=state_sentence,
            lines=lambda mandate: [
                _(
                    "La personne ne peut plus se connecter et quitte ses groupes. Ce qu’elle a écrit reste, signé"
                    " « ancien membre ». Le siège devient vacant."
                )
            ],
            form=EndForm,
            run=lambda mandate, user, data: actions.end(mandate, by=user, **data),
            danger=True,
            fresh=True,
        ),
    },
    name="members:member-step",
    fetch=mandate_for,
    back=lambda request, mandate: reverse("members:member-page", args=[mandate.pk]),
    over=where,
)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_seat(request: UserRequest, pk: int) -> HttpResponse:
    """Give a vacant seat to an alternate."""
    mandate = mandate_for(request, pk)
    if not MANDATE.can_take(request.user, mandate, "seat"):
        raise StateConflict(mandate, "seat")
    form = SeatForm(posted(request), mandate=mandate)
    if form.is_bound and form.is_valid():
        try:
            actions.seat_alternate(mandate, form.cleaned_data["seat"], by=request.user)
        except ValidationError as refused:
            form.add_error("seat", refused)
        else:
            messages.success(request, _("Le siège est donné. Ouvrez maintenant le mandat."))
            return redirect("members:member-page", mandate.pk)
    return render(request, "members/member_seat.html", {"mandate": mandate, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: UserRequest) -> HttpResponse:
    """Add a person by hand and propose a seat."""
    term = term_for(request, rules.can_manage)
    form = NewMemberForm(posted(request), term=term, initial={"channel": "email"})
    if form.is_bound and form.is_valid():
        try:
            mandate = newcomers.add(term, by=request.user, **form.facts())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("La personne est ajoutée. Notez son accord quand elle répond."))
            return redirect("members:member-page", mandate.pk)
    return render(request, "members/member_add.html", {"term": term, "form": form})
