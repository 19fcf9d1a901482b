"""Candidatures in the back office: list, page, steps, entry, import of a file."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest, recently_authenticated_to_write
from assembly.identity.models import User
from assembly.imports.views import ImportPages
from assembly.institution.pages import working_term
from assembly.text.french import format_date
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.workflow import StateConflict
from draws.calls import rules
from draws.calls.queries import call_of, is_frozen
from draws.calls.rules import can_see_candidates
from draws.candidates import actions
from draws.candidates.documents import guardian_pdf, is_due
from draws.candidates.forms import CandidatesConfirmForm, DeskCorrectForm, EntryForm, initial_of
from draws.candidates.imports import CANDIDATES as imports_CANDIDATES, COLUMNS, EXAMPLE
from draws.candidates.lists import CANDIDATES, SELECTION
from draws.candidates.queries import housemates, next_to_examine, possible_duplicates, with_authors
from draws.candidates.rules import WITHDRAWN_RETENTION
from draws.candidates.views.public import paper_response
from draws.candidates.workflow import CANDIDATE
from draws.models import Call, Candidate, CandidateState, Channel, Examination, Ground


def desk_candidate(request: UserRequest, pk: int) -> Candidate:
    """Return a candidate of the reader’s terms; another one is 404."""
    return get_object_or_404(with_authors(Candidate.objects.visible_to(request.user)), pk=pk)


def candidate_address(request: UserRequest, row: Candidate) -> str:
    return reverse("draws:candidate", args=[row.pk])


def sentence(row: Candidate) -> tuple[str, str]:
    """Return the state in a sentence, and what follows."""
    if row.renounced_on:
        noted = {"day": format_date(row.renounced_on, weekday=False), "how": row.get_renounced_through_display()}
        return _("A renoncé le %(day)s, %(how)s.") % noted, _("Aucun siège ne lui sera proposé.")
    match row.state:
        case CandidateState.UNCONFIRMED:
            return _("L’adresse électronique n’est pas confirmée."), _("Elle ne compte pas encore.")
        case CandidateState.SUBMITTED if row.verdict:
            name = row.verdict_by.get_full_name() if row.verdict_by else ""
            first_opinion = _("Premier avis : %(verdict)s, par %(name)s.") % {"verdict": opinion(row), "name": name}
            return first_opinion, _("Une autre personne de l’équipe décide.")
        case CandidateState.SUBMITTED:
            return _("À examiner par deux personnes."), _("Vous donnez le premier avis, quelqu’un d’autre décide.")
        case CandidateState.INELIGIBLE:
            return _("Irrecevable : %(ground)s.") % {"ground": row.get_ground_display()}, notification_status(row)
        case CandidateState.EXCLUDED:
            return _("Écartée sans examen, %(reason)s.") % {
                "reason": row.get_exclusion_display()
            }, notification_status(row)
        case CandidateState.DUPLICATE if row.duplicate_of:
            return _("Doublon de %(other)s.") % {"other": row.duplicate_of.reference}, notification_status(row)
        case CandidateState.ELIGIBLE:
            return _("Recevable."), notification_status(row)
    return _("Candidature %(state)s.") % {"state": row.get_state_display()}, ""


def opinion(row: Candidate) -> str:
    if row.verdict_ground:
        labels = {"verdict": Examination(row.verdict).label, "ground": Ground(row.verdict_ground).label}
        return _("%(verdict)s (%(ground)s)") % labels
    return str(Examination(row.verdict).label)


def notification_status(row: Candidate) -> str:
    if row.decision_sent_at:
        return _("La décision est envoyée depuis le %(day)s.") % {
            "day": format_date(row.decision_sent_at, weekday=False)
        }
    return _("La personne n’en est pas encore prévenue.")


def points(row: Candidate) -> list[str]:
    """Return the points to check before an opinion."""
    if row.state not in CandidateState.tagged("correctable"):
        return []
    return [" ".join(error.messages) for error in CANDIDATE.missing(row, "admit")]


def next_candidate_url(row: Candidate, user: User) -> str:
    candidate = next_to_examine(user, row)
    return reverse("draws:candidate", args=[candidate.pk]) if candidate else reverse("draws:candidates")


def opinion_runner(act: Any) -> Any:
    """Return a step function that calls `act` and returns who gave the opinion, to find their next candidature."""

    def run(row: Candidate, *, by: User, **data: Any) -> User:
        act(row, by=by, **data)
        return by

    return run


def candidate_fix_url(request: UserRequest, row: Candidate, code: str) -> str:
    if code == "guardian":
        return STEPS.url(row, "autoriser")
    return reverse("draws:candidate-correct", args=[row.pk])


def opinion_lines(row: Candidate) -> list[str]:
    """Return whether this opinion is the first one, or decides or replaces another, in sentences."""
    if not row.verdict:
        return [_("C’est le premier avis. Une autre personne de l’équipe décidera.")]
    return [
        _("Premier avis : %(verdict)s.") % {"verdict": opinion(row)},
        _("Le même avis décide. Un autre avis le remplace, et quelqu’un d’autre devra encore lire."),
    ]


def exclusion_lines(row: Candidate) -> list[str]:
    mail_line = (
        _("Un courriel part à la personne, avec ce motif.")
        if row.email
        else _("La personne n’a pas donné de courriel : écrivez-lui par la poste.")
    )
    return [
        _("Elle n’entre pas dans la liste du tirage. Le procès-verbal compte les candidatures écartées, par motif."),
        mail_line,
        _("La ou le responsable peut revenir en arrière tant que la liste n’est pas figée."),
    ]


def withdrawal_lines(row: Candidate) -> list[str]:
    return [_("Ses réponses sont effacées dans %(n)s jours.") % {"n": WITHDRAWN_RETENTION.days}]


def unconfirmed_address(row: Candidate) -> list[str]:
    if row.has_confirmed_address:
        return []
    return [_("L’adresse n’est pas confirmée : un message le demande d’abord, et le reste part après la réponse.")]


def state_message(row: Candidate) -> str:
    return f"{row.reference}\u00a0: {sentence(row)[0]}"


STEPS: StepPages[Candidate] = StepPages(
    CANDIDATE,
    name="draws:candidate-step",
    fetch=desk_candidate,
    back=candidate_address,
    eyebrow=lambda row: f"{row.reference}, {row.full_name}",
    fix_url=candidate_fix_url,
)
STEPS.bind(
    "success_message",
    {"admit": state_message, "reject": state_message, "exclude": state_message, "merge": state_message},
)
STEPS.bind(
    "consequences",
    {
        "admit": opinion_lines,
        "reject": opinion_lines,
        "exclude": exclusion_lines,
        "send_link": lambda row: (
            unconfirmed_address(row) or [_("Avec ce lien elle relit, corrige ou retire sa candidature.")]
        ),
        "send_decision": lambda row: [sentence(row)[0], *unconfirmed_address(row)],
        "withdraw": withdrawal_lines,
    },
)
STEPS.bind(
    "action",
    {
        "admit": opinion_runner(actions.admit),
        "reject": opinion_runner(actions.reject),
        "exclude": opinion_runner(actions.exclude),
    },
)
STEPS.bind("next_url", {"admit": next_candidate_url, "reject": next_candidate_url, "exclude": next_candidate_url})
STEPS.bind(
    "offered",
    {
        "merge": lambda user, row: possible_duplicates(row).exists(),
        "authorise": lambda user, row: rules.is_minor(row.birth_date, timezone.localdate()),
        "separate": lambda user, row: housemates(row).exists(),
        "send_link": lambda user, row: bool(row.email),
        "send_decision": lambda user, row: bool(row.email),
    },
)


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


CANDIDATES_FILE = ImportPages(
    app="draws",
    kind=imports_CANDIDATES,
    rule=can_see_candidates,
    columns=COLUMNS,
    example=EXAMPLE,
    confirm_form=CandidatesConfirmForm,
    title=gettext_lazy("Import de candidatures"),
    above=gettext_lazy("Candidatures"),
    list_route="draws:candidates",
    added=gettext_lazy("Candidatures ajoutées"),
    model=gettext_lazy("modele candidatures"),
    count=lambda n: ngettext("Importer %(n)s candidature", "Importer %(n)s candidatures", n) % {"n": n},
    file_label=gettext_lazy("Fichier des candidatures"),
    start_template="draws/import_start.html",
    preview_template="draws/import_page.html",
)
