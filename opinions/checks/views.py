"""The services' check: side by side for the team, one page for each recommendation for a directorate."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.dossiers.pages import mail_consequences
from assembly.identity.http import UserRequest
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.versioned import differences
from opinions import pages
from opinions.checks import actions, forms, queries
from opinions.checks.workflow import CHECK
from opinions.models import OpinionSection, OpinionState, Recommendation, ServicesCheckState, ServicesRequest
from opinions.pages import bench, recommendation_page, team_opinion, text_of
from opinions.versions.queries import recommendations_of


@require_safe
def checks(request: UserRequest, pk: int) -> HttpResponse:
    """Show which directorates read, which are late, and what each noted on each recommendation."""
    opinion = team_opinion(request, pk)
    notes = queries.notes_on(opinion)
    rows = [{"recommendation": row, "notes": notes.get(row.pk, [])} for row in recommendations_of(opinion)]
    requests = [{"row": row, "can": CHECK.abilities(request.user, row)} for row in queries.requests_of(opinion)]
    context = pages.context(request, opinion, "checks", requests=requests, rows=rows)
    return render(request, "opinions/checks/list.html", context)


def desk_request(request: UserRequest, pk: int) -> ServicesRequest:
    """Return the request to one directorate, for the team."""
    rows = ServicesRequest.objects.visible_to(request.user).select_related("opinion__term", "directorate")
    check_request = get_object_or_404(rows, pk=pk)
    team_opinion(request, check_request.opinion_id)
    return check_request


def waited_lines(check_request: ServicesRequest) -> list[str]:
    return mail_consequences(user.get_full_name() for user in queries.waited_people(check_request))


DESK_STEPS = StepPages(
    CHECK,
    fetch=desk_request,
    back=lambda request, check_request: reverse("opinions:checks", args=[check_request.opinion_id]),
    eyebrow=lambda check_request: check_request.directorate.name,
)
DESK_STEPS.bind("consequences", {"remind": waited_lines})


def my_request(request: UserRequest, pk: int) -> Any:
    """Return a request to one of the reader's directorates; raise Http404 for any other."""
    return get_object_or_404(queries.my_requests(request.user), pk=pk)


def readable_request(request: UserRequest, pk: int) -> Any:
    """Return a request that the reader's directorate, or one closed into it, answers; raise Http404 for any other."""
    return get_object_or_404(queries.readable_requests(request.user), pk=pk)


@require_safe
def check(request: UserRequest, pk: int) -> HttpResponse:
    """Show everything that a directorate has to note, with its progress."""
    check_request = readable_request(request, pk)
    sections = OpinionSection.objects.filter(opinion=check_request.opinion, removed_at=None, text__isnull=False)
    can_read = check_request.opinion.state == OpinionState.SERVICES_CHECK and check_request.is_open
    context = {
        "check": check_request,
        "can": CHECK.abilities(request.user, check_request),
        "lines": queries.lines_of(check_request),
        "former": queries.former_requests(check_request),
        "sections": list(sections.order_by("position", "pk")) if can_read else [],
    }
    return render(request, "opinions/checks/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_note(request: UserRequest, pk: int, recommendation: int) -> HttpResponse:
    """Show one recommendation to read, with the form to fill in next to it."""
    check_request = readable_request(request, pk)
    line = line_of(check_request, recommendation)
    form = forms.ServiceNoteForm(posted(request), note=line.note)
    return form_page(
        request,
        form,
        lambda data: actions.save(
            check_request, line.recommendation, form.values(), version=data["version"], by=request.user
        ),
        compare=lambda late: differences(forms.ServiceNoteForm(note=late.current), form),
        template="opinions/checks/note.html",
        context=lambda: {
            "check": check_request,
            "can": CHECK.abilities(request.user, check_request),
            "line": line,
            "page": recommendation_page(line.recommendation),
        },
        success_message=_("Votre note est enregistrée."),
        to=lambda note: next_address(check_request, line),
    )


def line_of(check_request: Any, recommendation: int) -> queries.CheckedRecommendation:
    rows = Recommendation.objects.filter(opinion=check_request.opinion_id)
    row = get_object_or_404(rows, pk=recommendation)
    return next(
        (line for line in queries.lines_of(check_request) if line.recommendation.pk == row.pk),
        queries.CheckedRecommendation(row, None),
    )


def next_address(check_request: Any, line: queries.CheckedRecommendation) -> str:
    """Return the next recommendation without a note, or else the list."""
    waiting = [row for row in queries.lines_of(check_request) if not row.is_done]
    if not waiting:
        return reverse("opinions:check", args=[check_request.pk])
    after = [row for row in waiting if row.recommendation.number > line.recommendation.number] or waiting
    return reverse("opinions:check-note", args=[check_request.pk, after[0].recommendation.pk])


def back_to(request: UserRequest, check_request: ServicesRequest) -> str:
    """Return the list of what is to note, or the home page when the notes are given."""
    if check_request.state == ServicesCheckState.VALIDATED:
        return reverse("portal:directorate-home")
    return reverse("opinions:check", args=[check_request.pk])


def late_warning(check_request: ServicesRequest) -> list[str]:
    return [_("Elles seront notées en retard.")] if check_request.is_late else []


def notes_again(check_request: ServicesRequest) -> dict[str, Any]:
    """Return the notes, to read again before they are sent."""
    return {"check": check_request, "notes": queries.lines_of(check_request)}


STEPS = StepPages(
    CHECK,
    "directorate",
    fetch=my_request,
    back=back_to,
    eyebrow=lambda check_request: check_request.opinion.title,
)
STEPS.bind(
    "consequences",
    {
        "submit": lambda check_request: [
            _("Ces notes partent au visa de votre direction. Elles arrivent à l’Assemblée une fois visées."),
            *late_warning(check_request),
        ],
        "validate": late_warning,
    },
)
STEPS.bind("context", {"submit": notes_again, "validate": notes_again})


@require_safe
def check_text(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """Show the text of one group, to comment while the directorates read."""
    mine = queries.my_requests(request.user).filter(opinion=pk)
    check_request = get_object_or_404(mine.order_by("-pk")[:1])
    rows = OpinionSection.objects.filter(opinion=check_request.opinion, removed_at=None)
    part = get_object_or_404(rows, pk=section)
    back = reverse("opinions:check", args=[check_request.pk])
    return bench(request, text_of(part), {"opinion": check_request.opinion, "section": part, "back": back})
