"""One member: what the team knows, the path of the mandate, and the steps that may be noted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.models import CommitteeMembership
from assembly.ui.forms import StyledForm
from members import queries, rules
from members.actions import mandates as actions
from members.actions import newcomers
from members.enums import RecordChannel
from members.forms import EndForm, LapseForm, NewMemberForm, SeatForm, StepForm
from members.models import Mandate
from members.views.places import sent, term_for
from members.words import KINDS, STEP_WORDS, VERBS, mandate_sentence, mandate_steps

MAIN_VERB = {"proposed": "accept", "accepted": "activate", "suspended": "resume"}


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
    can = rules.abilities(request.user, mandate)
    said, consequence = mandate_sentence(mandate)
    context = {"mandate": mandate, "member": mandate.member, "person": mandate.member.person, "can": can}
    context |= {
        "kind": KINDS[mandate.state],
        "sentence": said,
        "consequence": consequence,
        "steps": mandate_steps(mandate),
    }
    context |= offered_steps(mandate, can) | agreements(mandate)
    context["committees"] = (
        CommitteeMembership.objects.filter(person=mandate.member.person_id, committee__term=mandate.term_id)
        .select_related("committee")
        .order_by("ends_on", "committee__name")
    )
    return render(request, "members/member_page.html", context)


def offered_steps(mandate: Mandate, can: dict[str, bool]) -> dict[str, Any]:
    """The one primary step, and the others, as words on buttons."""
    main = MAIN_VERB.get(mandate.state, "")
    if main == "activate" and mandate.seat_id is None:
        main = ""
    others = [verb for verb in STEP_WORDS if can.get(verb) and verb not in (main, "activate")]
    return {
        "main": {"word": STEP_WORDS[main][0], "label": STEP_WORDS[main][1]} if main and can[main] else None,
        "others": [
            {"word": STEP_WORDS[verb][0], "label": STEP_WORDS[verb][1], "danger": verb == "end"} for verb in others
        ],
    }


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


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_step(request: UserRequest, pk: int, word: str) -> HttpResponse:
    mandate = mandate_for(request, pk)
    verb = VERBS.get(word)
    if verb is None:
        raise Http404
    form = step_form(request, mandate, verb)
    if form.is_bound and form.is_valid():
        try:
            getattr(actions, verb)(mandate, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, mandate_sentence(mandate)[0])
            return redirect("members:member-page", mandate.pk)
    words = {"title": STEP_WORDS[verb][2], "label": STEP_WORDS[verb][1]}
    return render(request, "members/member_step.html", {"mandate": mandate, "form": form, "verb": verb, **words})


def step_form(request: UserRequest, mandate: Mandate, verb: str) -> StyledForm:
    if request.method != "POST" and not rules.can_move(request.user, mandate, verb):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    match verb:
        case "end":
            return EndForm(data, lead=rules.can_exclude(request.user, mandate))
        case "lapse":
            return LapseForm(data)
    return StepForm(data)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_seat(request: UserRequest, pk: int) -> HttpResponse:
    """Give a vacant seat to an alternate."""
    mandate = mandate_for(request, pk)
    if not rules.can_seat(request.user, mandate):
        raise PermissionDenied
    form = SeatForm(sent(request), mandate=mandate)
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
    form = NewMemberForm(sent(request), term=term, initial={"channel": "email"})
    if form.is_bound and form.is_valid():
        try:
            mandate = newcomers.add(term, by=request.user, **form.facts())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("La personne est ajoutée. Notez son accord quand elle répond."))
            return redirect("members:member-page", mandate.pk)
    return render(request, "members/member_add.html", {"term": term, "form": form})
