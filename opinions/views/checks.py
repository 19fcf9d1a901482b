"""The services' check: side by side for the team, one page a recommendation for each directorate."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.ui.forms import posted
from opinions.actions import checks as actions
from opinions.forms import checks as forms
from opinions.models import OpinionSection, Recommendation, ServicesRequest
from opinions.queries import checks as queries
from opinions.queries.opinions import recommendations_of
from opinions.rules import checks as rules
from opinions.views.frame import frame, team_opinion
from opinions.views.reading import recommendation_page
from opinions.views.sections import bench, text_of

UNPROCESSABLE, CONFLICT = 422, 409


@require_safe
def checks(request: UserRequest, pk: int) -> HttpResponse:
    """Who reads, who is late, and what each said of each recommendation."""
    opinion = team_opinion(request, pk)
    given = queries.notes_on(opinion)
    rows = [{"recommendation": row, "notes": given.get(row.pk, [])} for row in recommendations_of(opinion)]
    requests = [{"row": row, "can": rules.abilities(request.user, row)} for row in queries.requests_of(opinion)]
    context = frame(request, opinion, "checks") | {"requests": requests, "rows": rows}
    return render(request, "opinions/checks.html", context)


def desk_request(request: UserRequest, pk: int) -> ServicesRequest:
    """One directorate's reading, for the team."""
    rows = ServicesRequest.objects.visible_to(request.user).select_related("opinion__term", "directorate")
    found = get_object_or_404(rows, pk=pk)
    team_opinion(request, found.opinion_id)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def check_close(request: UserRequest, pk: int) -> HttpResponse:
    """Wait no longer, and say why."""
    found = desk_request(request, pk)
    form = forms.ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.close(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("La lecture de cette direction est close."))
        return redirect("opinions:checks", found.opinion_id)
    context = team_question(found, form, _("Ne plus attendre cette direction ?"), _("Clore la lecture"))
    return render(request, "opinions/check_question.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def check_due(request: UserRequest, pk: int) -> HttpResponse:
    """Another day."""
    found = desk_request(request, pk)
    form = forms.DueForm(posted(request), initial={"due_on": found.due_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_due(found, form.cleaned_data["due_on"], by=request.user)
        except ValidationError as refused:
            form.add_error("due_on", refused.messages)
        else:
            messages.success(request, _("La date est changée."))
            return redirect("opinions:checks", found.opinion_id)
    context = team_question(found, form, _("Changer la date de cette lecture"), _("Changer la date"))
    return render(request, "opinions/check_question.html", context, status=UNPROCESSABLE if form.errors else 200)


def team_question(found: ServicesRequest, form: Any, title: str, label: str) -> dict[str, Any]:
    back = reverse("opinions:checks", args=[found.opinion_id])
    return {"check": found, "form": form, "title": title, "label": label, "back": back}


@require_POST
def check_remind(request: UserRequest, pk: int) -> HttpResponse:
    found = desk_request(request, pk)
    actions.remind(found, by=request.user)
    messages.success(request, _("La direction est relancée."))
    return redirect("opinions:checks", found.opinion_id)


def own_request(request: UserRequest, pk: int) -> Any:
    """One of the reader's directorates is asked; anybody else's is 404."""
    return get_object_or_404(queries.own_requests(request.user), pk=pk)


@require_safe
def check(request: UserRequest, pk: int) -> HttpResponse:
    """Everything a directorate has to note, with its progress."""
    found = own_request(request, pk)
    sections = OpinionSection.objects.filter(opinion=found.opinion, removed_at=None, text__isnull=False)
    can_read = found.opinion.state == "services_check" and found.is_open
    context = {
        "check": found,
        "can": rules.abilities(request.user, found),
        "lines": queries.lines_of(found),
        "sections": list(sections.order_by("position", "pk")) if can_read else [],
    }
    return render(request, "opinions/check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_note(request: UserRequest, pk: int, recommendation: int) -> HttpResponse:
    """One recommendation to read, and the grid to fill in beside it."""
    found = own_request(request, pk)
    line = get_object_or_404_line(found, recommendation)
    form = forms.ServiceNoteForm(posted(request), note=line.note)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.save(found, line.recommendation, form.values(), version=version, by=request.user)
        except actions.NoteOvertaken as other:
            return note_page(request, found, line, mine_again(request, other), status=CONFLICT, theirs=other.current)
        messages.success(request, _("Votre note est enregistrée."))
        return redirect(next_address(found, line))
    return note_page(request, found, line, form, status=UNPROCESSABLE if form.errors else 200)


def get_object_or_404_line(found: Any, recommendation: int) -> queries.CheckedRecommendation:
    rows = Recommendation.objects.filter(opinion=found.opinion_id)
    row = get_object_or_404(rows, pk=recommendation)
    return next(
        (line for line in queries.lines_of(found) if line.recommendation.pk == row.pk),
        queries.CheckedRecommendation(row, None),
    )


def mine_again(request: UserRequest, other: actions.NoteOvertaken) -> forms.ServiceNoteForm:
    """My words in the boxes, with the version of my colleague: saving again keeps mine."""
    data = request.POST.copy()
    data["version"] = str(other.current.version)
    form = forms.ServiceNoteForm(data, note=other.current)
    form.add_error(None, _("Une ou un collègue a enregistré cette note pendant que vous écriviez."))
    return form


def next_address(found: Any, line: queries.CheckedRecommendation) -> str:
    """The next recommendation without a note, else the list."""
    waiting = [row for row in queries.lines_of(found) if not row.is_done]
    if not waiting:
        return reverse("opinions:check", args=[found.pk])
    after = [row for row in waiting if row.recommendation.number > line.recommendation.number] or waiting
    return reverse("opinions:check-note", args=[found.pk, after[0].recommendation.pk])


def note_page(
    request: UserRequest,
    found: Any,
    line: queries.CheckedRecommendation,
    form: forms.ServiceNoteForm,
    *,
    status: int = 200,
    theirs: Any = None,
) -> HttpResponse:
    can = rules.abilities(request.user, found)
    context = {
        "check": found,
        "can": can,
        "line": line,
        "form": form if can["draft"] else None,
        "theirs": theirs,
        "page": recommendation_page(line.recommendation),
    }
    return render(request, "opinions/check_note.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def check_submit(request: UserRequest, pk: int) -> HttpResponse:
    """Read again, then send to the visa."""
    found = own_request(request, pk)
    if not rules.can_take(request.user, found, "submit"):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.submit(found, by=request.user)
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
            return redirect("opinions:check", found.pk)
        messages.success(request, _("Les notes sont envoyées au visa."))
        return redirect("opinions:check", found.pk)
    context = {"check": found, "lines": queries.lines_of(found)}
    return render(request, "opinions/check_submit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def check_visa(request: UserRequest, pk: int) -> HttpResponse:
    """The approver reads, then gives the visa."""
    found = own_request(request, pk)
    if not rules.can_take(request.user, found, "validate"):
        raise PermissionDenied
    if request.method == "POST":
        actions.validate(found, by=request.user)
        messages.success(request, _("Les notes sont rendues à l’Assemblée."))
        return redirect("portal:directorate-home")
    return render(request, "opinions/check_visa.html", {"check": found, "lines": queries.lines_of(found)})


@require_http_methods(["GET", "HEAD", "POST"])
def check_return(request: UserRequest, pk: int) -> HttpResponse:
    """The approver sends the notes back, with the reason."""
    found = own_request(request, pk)
    if not rules.can_take(request.user, found, "return"):
        raise PermissionDenied
    form = forms.ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.send_back(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Les notes sont renvoyées à reprendre."))
        return redirect("opinions:check", found.pk)
    back = reverse("opinions:check", args=[found.pk])
    context = {"check": found, "form": form, "title": _("Renvoyer ces notes à reprendre"), "label": _("Renvoyer")}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "opinions/check_question.html", context | {"back": back}, status=status)


@require_safe
def check_text(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """The text of one group, to comment while the directorates read."""
    mine = queries.own_requests(request.user).filter(opinion=pk)
    found = get_object_or_404(mine.order_by("-pk")[:1])
    rows = OpinionSection.objects.filter(opinion=found.opinion, removed_at=None)
    part = get_object_or_404(rows, pk=section)
    back = reverse("opinions:check", args=[found.pk])
    return bench(request, text_of(part), {"opinion": found.opinion, "section": part, "back": back})
