"""Views of candidates in the back office: the list, one of them, entry by hand, the two examinations."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.current_term import working_term
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.workflow import StateConflict
from draws.calls import rules
from draws.calls.queries import call_of, is_frozen
from draws.candidates import actions
from draws.candidates.documents import guardian_pdf, is_due
from draws.candidates.forms import DeskCorrectForm, EntryForm, initial_of
from draws.candidates.lists import CANDIDATES, SELECTION
from draws.candidates.queries import housemates, possible_duplicates, with_authors
from draws.candidates.views.desk import STEPS, candidate_address, desk_candidate, points, sentence
from draws.candidates.views.public import paper_response
from draws.enums import CandidateState, Channel, Examination
from draws.models import Call, Candidate


def term_call(request: UserRequest) -> Call | None:
    """Return the call of the selected term; None where none is prepared, then the pages redirect to it."""
    return call_of(working_term(request, rules.can_see_candidates))


# The list


@require_safe
def candidate_list_page(request: UserRequest) -> HttpResponse:
    context = CANDIDATES.context(request, working_term(request, rules.can_see_candidates))
    return render(request, CANDIDATES.template, context) if "totals" in context else redirect("draws:call")


@require_http_methods(["GET", "HEAD", "POST"])
def candidates_chosen(request: UserRequest) -> HttpResponse:
    """Take one action on several candidates; one that sends mail requires a recent proof of identity."""
    view = PROVED_CHOSEN if request.POST.get("acte") == "prevenir" else answer_chosen
    return view(request)


def answer_chosen(request: UserRequest) -> HttpResponse:
    if (call := term_call(request)) is None:
        return redirect("draws:call")
    rows = with_authors(Candidate.objects.visible_to(request.user)).filter(call=call)
    return SELECTION.answer(request, rows, back=reverse("draws:candidates"))


PROVED_CHOSEN = recently_authenticated_to_write(answer_chosen)


# One candidate


@require_safe
def candidate(request: UserRequest, pk: int) -> HttpResponse:
    row = desk_candidate(request, pk)
    first = STEPS.first_ready(request.user, row, ["recevable"]) if row.verdict != Examination.REJECT else ""
    context = {
        "candidate": row,
        "sentence": sentence(row),
        "points": points(row),
        "possible_duplicates": list(possible_duplicates(row)),
        "homes": list(housemates(row)),
        "first": (STEPS.url(row, first), STEPS.pages[first].label) if first else None,
        "links": STEPS.links(request, row, without=[first]),
        "can_correct": row.state in CandidateState.tagged("correctable"),
        "age": rules.age_on(row.birth_date, row.call.day_of_age),
        "is_minor": rules.is_minor(row.birth_date, timezone.localdate()),
        "awaits_guardian": is_due(row),
    }
    return render(request, "draws/candidates/desk.html", context)


@require_safe
def candidate_authorisation(request: UserRequest, pk: int) -> HttpResponse:
    """Return the filled-in paper that a parent signs; 404 for whoever is of age, or was authorised."""
    row = desk_candidate(request, pk)
    if not is_due(row):
        raise Http404
    return paper_response(request, guardian_pdf(row.call, row))


@require_http_methods(["GET", "HEAD", "POST"])
def candidate_correct(request: UserRequest, pk: int) -> HttpResponse:
    row = desk_candidate(request, pk)
    if row.state not in CandidateState.tagged("correctable"):
        if request.method == "POST":
            raise StateConflict(row, "correct")
        return redirect(candidate_address(request, row))
    initial = initial_of(row) | {"version": actions.version_of(row)}
    return form_page(
        request,
        DeskCorrectForm(posted(request), row=row, initial=initial),
        lambda data: actions.correct(row, data, version=data["version"], by=request.user),
        template="draws/candidates/correct.html",
        context={"candidate": row},
        success_message=_("La candidature est corrigée."),
        to=candidate_address(request, row),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def candidate_enter(request: UserRequest) -> HttpResponse:
    """Record one paper form; saving it opens the next one, with the same channel."""
    if (call := term_call(request)) is None:
        return redirect("draws:call")
    channel = request.GET.get("canal", "")
    initial = {"channel": channel if channel in Channel.values else Channel.PAPER}
    form = EntryForm(posted(request), call=call, initial=initial)
    return form_page(
        request,
        form,
        lambda data: actions.enter_by_hand(call, form.candidate_data(), channel=data["channel"], by=request.user),
        template="draws/candidates/enter.html",
        context={"call": call, "is_frozen": is_frozen(call)},
        success_message=lambda row: (
            _("%(reference)s est enregistrée : %(name)s.") % {"reference": row.reference, "name": row.full_name}
        ),
        to=lambda row: f"{reverse('draws:candidate-enter')}?{urlencode({'canal': row.channel})}",
    )
