"""The recommendations of the one text: themes, priorities, duplicates; two officers at the same time lose nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.text.printable import check_text
from assembly.web.errors import EditConflict
from assembly.web.forms import StyledForm, posted
from assembly.web.pages import form_page
from assembly.web.versioned import differences
from opinions import pages
from opinions.checks.queries import notes_on
from opinions.forms import RecommendationChoice
from opinions.models import Opinion, Recommendation, RecommendationState
from opinions.opinions import rules
from opinions.pages import desk_opinion, recommendation_page, team_opinion
from opinions.versions import actions
from opinions.versions.queries import left_out, recommendations_of


class VersionForm(forms.Form):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class WorkForm(VersionForm):
    """Two fields for each row, `theme-<pk>` and `priority-<pk>`, and the version that was read."""

    def __init__(self, *args: Any, rows: Sequence[Recommendation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            theme = forms.CharField(
                label=_("Thème de « %(title)s »") % {"title": row.title},
                required=False,
                max_length=120,
                initial=row.theme,
                validators=[check_text],  # type: ignore[list-item]  # -- its answer is not used
            )
            self.fields[f"theme-{row.pk}"] = theme
            self.fields[f"priority-{row.pk}"] = forms.BooleanField(
                label=_("« %(title)s » est prioritaire") % {"title": row.title},
                required=False,
                initial=row.is_priority,
            )
        self.rows = rows

    def values(self) -> dict[int, dict[str, Any]]:
        """Return the values for the action, by recommendation."""
        data = self.cleaned_data
        return {
            row.pk: {"theme": data[f"theme-{row.pk}"], "is_priority": data[f"priority-{row.pk}"]} for row in self.rows
        }


class MergeForm(StyledForm):
    """Form for the recommendation that stays."""

    target = RecommendationChoice(
        label=_("Préconisation qui reste"), queryset=Recommendation.objects.none(), empty_label=_("Choisir")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, source: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Recommendation.objects.filter(opinion=source.opinion_id, state=RecommendationState.ACTIVE)
        self.fields["target"].queryset = rows.exclude(pk=source.pk).order_by("number")  # type: ignore[attr-defined]  # -- a ModelChoiceField


@require_http_methods(["GET", "HEAD", "POST"])
def recommendations(request: UserRequest, pk: int) -> HttpResponse:
    """Show the table; the team edits it while there is one text that is not tabled."""
    opinion = desk_opinion(request, pk)
    if request.method == "POST" and not is_team(request.user, opinion.term_id):
        raise PermissionDenied
    form = WorkForm(posted(request), rows=recommendations_of(opinion), initial={"version": opinion.version})
    return form_page(
        request,
        form,
        lambda data: actions.save(opinion, form.values(), version=data["version"], by=request.user),
        compare=lambda late: differences(WorkForm(rows=recommendations_of(late.current)), form),
        template="opinions/versions/recommendations.html",
        context=lambda: table(request, opinion, form),
        success_message=gettext("Les thèmes et les priorités sont enregistrés."),
        to=reverse("opinions:recommendations", args=[opinion.pk]),
    )


def table(request: UserRequest, opinion: Opinion, form: WorkForm) -> dict[str, Any]:
    in_team = is_team(request.user, opinion.term_id)
    notes = notes_on(opinion) if in_team else {}
    lines = [
        {
            "row": row,
            "theme": form[f"theme-{row.pk}"],
            "priority": form[f"priority-{row.pk}"],
            "notes": len(notes.get(row.pk, [])),
        }
        for row in form.rows
    ]
    return pages.context(request, opinion, "recommendations", lines=lines, left_out=left_out(opinion))


@require_POST
def recommendations_read(request: UserRequest, pk: int) -> HttpResponse:
    """Update the table after the text was edited."""
    opinion = team_opinion(request, pk)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else -1
    try:
        rows = actions.refresh_recommendations(opinion, version=version, by=request.user)
    except EditConflict:
        messages.warning(request, gettext("Une ou un collègue vient de modifier le tableau : relisez-le d’abord."))
    else:
        message = ngettext(
            "%(n)s préconisation relevée dans le texte.", "%(n)s préconisations relevées dans le texte.", len(rows)
        )
        messages.success(request, message % {"n": len(rows)})
    return redirect("opinions:recommendations", opinion.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_merge(request: UserRequest, pk: int, recommendation: int) -> HttpResponse:
    """Choose which of two recommendations that ask for the same stays."""
    opinion = team_opinion(request, pk)
    if not rules.can_consolidate(request.user, opinion):
        raise PermissionDenied
    source = recommendation_of(opinion, recommendation)
    back = reverse("opinions:recommendations", args=[opinion.pk])
    return form_page(
        request,
        MergeForm(posted(request), source=source, initial={"version": opinion.version}),
        lambda data: actions.merge(source, data["target"], version=data["version"], by=request.user),
        compare=lambda late: [],
        template="opinions/versions/merge.html",
        context=lambda: {"opinion": opinion, "row": source, "page": recommendation_page(source), "back": back},
        success_message=gettext("Les deux préconisations sont réunies."),
        to=back,
    )


def recommendation_of(opinion: Opinion, pk: int) -> Recommendation:
    rows = Recommendation.objects.select_related("section__text", "merged_into")
    row = get_object_or_404(rows, pk=pk, opinion=opinion)
    row.opinion = opinion
    return row


@require_safe
def recommendation(request: UserRequest, pk: int, recommendation: int) -> HttpResponse:
    """Show one recommendation as it reads, with the notes of the directorates, for the back office."""
    opinion = desk_opinion(request, pk)
    row = recommendation_of(opinion, recommendation)
    notes = notes_on(opinion).get(row.pk, []) if is_team(request.user, opinion.term_id) else []
    context = {"opinion": opinion, "row": row, "page": recommendation_page(row), "notes": notes}
    return render(request, "opinions/versions/recommendation.html", context)
