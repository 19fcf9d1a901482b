"""The recommendations of the one text: themes, priorities, duplicates; two officers at once lose nothing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.ui.forms import posted
from opinions.actions import consolidation as actions
from opinions.forms.consolidation import MergeForm, VersionForm, WorkForm
from opinions.models import Opinion, Recommendation
from opinions.queries.checks import notes_on
from opinions.queries.opinions import left_out, recommendations_of
from opinions.rules import opinions as rules
from opinions.views.frame import desk_opinion, frame, team_opinion
from opinions.views.reading import recommendation_page

UNPROCESSABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def recommendations(request: UserRequest, pk: int) -> HttpResponse:
    """The table; the team writes in it while the text is one and not tabled."""
    opinion = desk_opinion(request, pk)
    rows = recommendations_of(opinion)
    if request.method == "POST":
        return save(request, opinion, rows)
    form = WorkForm(rows=rows, initial={"version": opinion.version})
    return table(request, opinion, form)


def save(request: UserRequest, opinion: Opinion, rows: list[Recommendation]) -> HttpResponse:
    """Keep the whole table, or answer with both when somebody was faster."""
    if not is_team(request.user, opinion.term_id):
        raise PermissionDenied
    form = WorkForm(request.POST, rows=rows)
    if not form.is_valid():
        return table(request, opinion, form, status=UNPROCESSABLE)
    try:
        actions.save(opinion, form.values(), version=form.cleaned_data["version"], by=request.user)
    except actions.StaleConsolidation as stale:
        return table(request, opinion, mine_again(request, stale), status=CONFLICT, theirs=stale.current)
    messages.success(request, _("Les thèmes et les priorités sont enregistrés."))
    return redirect("opinions:recommendations", opinion.pk)


def mine_again(request: UserRequest, stale: actions.StaleConsolidation) -> WorkForm:
    """What was typed, on the rows as they are now: saving again is then a choice."""
    data = request.POST.copy()
    data["version"] = str(stale.opinion.version)
    return WorkForm(data, rows=stale.current)


def table(
    request: UserRequest, opinion: Opinion, form: WorkForm, *, status: int = 200, theirs: Any = None
) -> HttpResponse:
    in_team = is_team(request.user, opinion.term_id)
    given = notes_on(opinion) if in_team else {}
    former = {row.pk: row for row in theirs or []}
    lines = [
        {
            "row": row,
            "theme": form[f"theme-{row.pk}"],
            "priority": form[f"priority-{row.pk}"],
            "notes": len(given.get(row.pk, [])),
            "theirs": former.get(row.pk),
        }
        for row in form.rows
    ]
    shown = frame(request, opinion, "recommendations")
    context = shown | {"form": form, "lines": lines, "left_out": left_out(opinion), "is_stale": theirs is not None}
    return render(request, "opinions/recommendations.html", context, status=status)


@require_POST
def recommendations_read(request: UserRequest, pk: int) -> HttpResponse:
    """The text was edited: bring the table up to it."""
    opinion = team_opinion(request, pk)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else -1
    try:
        found = actions.read_again(opinion, version=version, by=request.user)
    except actions.StaleConsolidation:
        messages.warning(request, _("Une ou un collègue vient de modifier le tableau : relisez-le d’abord."))
    else:
        messages.success(request, _("%(n)s préconisations relevées dans le texte.") % {"n": len(found)})
    return redirect("opinions:recommendations", opinion.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_merge(request: UserRequest, pk: int, recommendation: int) -> HttpResponse:
    """Two say the same: which one stays."""
    opinion = team_opinion(request, pk)
    if not rules.can_consolidate(request.user, opinion):
        raise PermissionDenied
    source = get_object_or_404(Recommendation.objects.select_related("section__text"), pk=recommendation, opinion=pk)
    source.opinion = opinion
    form = MergeForm(posted(request), source=source, initial={"version": opinion.version})
    status = UNPROCESSABLE if request.method == "POST" and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        status = merge(request, source, form)
        if not status:
            return redirect("opinions:recommendations", opinion.pk)
    context = {"opinion": opinion, "row": source, "form": form, "page": recommendation_page(source)}
    back = reverse("opinions:recommendations", args=[opinion.pk])
    return render(request, "opinions/recommendation_merge.html", context | {"back": back}, status=status)


def merge(request: UserRequest, source: Recommendation, form: MergeForm) -> int:
    """The act; the status of the page when it was refused, else 0."""
    data = form.cleaned_data
    try:
        actions.merge(source, data["target"], version=data["version"], by=request.user)
    except actions.StaleConsolidation as stale:
        form.data = {**request.POST.dict(), "version": str(stale.opinion.version)}
        form.add_error(None, _("Une ou un collègue vient de modifier le tableau. Vérifiez, puis confirmez."))
        return CONFLICT
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return UNPROCESSABLE
    messages.success(request, _("Les deux préconisations sont réunies."))
    return 0


@require_http_methods(["GET", "HEAD"])
def recommendation(request: UserRequest, pk: int, recommendation: int) -> HttpResponse:
    """One recommendation as it reads, with what directorates noted, for the bureau."""
    opinion = desk_opinion(request, pk)
    row = get_object_or_404(
        Recommendation.objects.select_related("section__text", "merged_into"), pk=recommendation, opinion=pk
    )
    row.opinion = opinion
    notes = notes_on(opinion).get(row.pk, []) if is_team(request.user, opinion.term_id) else []
    context = {"opinion": opinion, "row": row, "page": recommendation_page(row), "notes": notes}
    return render(request, "opinions/recommendation.html", context)
