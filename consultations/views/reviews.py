"""The directorates' reviews in the bureau: who was asked, who is late, what they answered, side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.ui.csv import csv_response
from consultations.actions import reviews as actions
from consultations.forms import reviews as forms
from consultations.models import DirectorateReview, Referral
from consultations.queries import reviews as queries
from consultations.queries.desk import contacts_of
from consultations.rules import reviews as rules
from consultations.views.frame import desk_referral, frame

UNPROCESSABLE = 422


def followed_referral(request: UserRequest, pk: int) -> Referral:
    """The referral for its team; a facilitator sees the dossier and not what directorates say."""
    referral = desk_referral(request, pk)
    if not rules.can_follow(request.user, referral):
        raise PermissionDenied
    return referral


def followed_review(request: UserRequest, pk: int) -> DirectorateReview:
    """A review for the team that asked it: unseen is 404."""
    return get_object_or_404(queries.desk_reviews(request.user), pk=pk)


@require_safe
def reviews(request: UserRequest, pk: int) -> HttpResponse:
    """The tab: progress, who is late, what may be done about each."""
    referral = followed_referral(request, pk)
    rows = queries.team_reviews(referral)
    given, asked = queries.progress(rows)
    lines = [
        {"review": review, "can": rules.abilities(request.user, review), "given": queries.is_given(review)}
        for review in rows
    ]
    late = [review for review in rows if review.is_late]
    context = {"lines": lines, "given": given, "asked": asked, "late": late}
    return render(request, "consultations/review_list.html", {**frame(request, referral, "reviews"), **context})


@require_http_methods(["GET", "HEAD", "POST"])
def review_ask(request: UserRequest, pk: int) -> HttpResponse:
    """Ask several directorates at once."""
    referral = followed_referral(request, pk)
    if not rules.can_ask(request.user, referral):
        raise PermissionDenied
    form = forms.AskForm(request.POST if request.method == "POST" else None, referral=referral)
    if form.is_valid():
        return ask(request, referral, form)
    context = {"referral": referral, "form": form, "back": reverse("consultations:reviews", args=[pk])}
    return render(request, "consultations/review_ask.html", context, status=UNPROCESSABLE if form.errors else 200)


def ask(request: UserRequest, referral: Referral, form: forms.AskForm) -> HttpResponse:
    data = form.cleaned_data
    made = actions.ask(
        referral,
        data["directorates"],
        due_on=data["due_on"],
        message=data["message"],
        kind=data["kind"],
        by=request.user,
    )
    words = ngettext("%(n)s direction est consultée.", "%(n)s directions sont consultées.", len(made))
    messages.success(request, words % {"n": len(made)})
    for review in made:
        if not contacts_of(review.directorate_id):
            sentence = _("%(name)s n’a encore personne pour recevoir la demande : invitez son référent.")
            messages.warning(request, sentence % {"name": review.directorate.name})
    return redirect("consultations:reviews", referral.pk)


@require_safe
def review(request: UserRequest, pk: int) -> HttpResponse:
    """One directorate's file as the team reads it."""
    found = followed_review(request, pk)
    context = {
        "review": found,
        "referral": found.referral,
        "can": rules.abilities(request.user, found),
        "given": queries.is_given(found),
        "cells": queries.cells_of(queries.content_of(found)),
        "editions": [(edition, queries.cells_of(edition.content)) for edition in queries.editions_of(found)],
        "files": queries.files_of(found),
        "contacts": contacts_of(found.directorate_id),
    }
    return render(request, "consultations/review_detail.html", context)


@dataclass(frozen=True)
class Step:
    """A page that asks before the team does something about a review."""

    may: Callable[[User, DirectorateReview], bool]
    title: Any
    label: Any
    act: Callable[[DirectorateReview, User, dict[str, Any]], Any]
    done: Any
    form: type[forms.StepForm] = forms.StepForm
    lines: tuple[Any, ...] = ()
    danger: bool = False


STEPS = {
    "relancer": Step(
        rules.can_remind,
        gettext_lazy("Relancer cette direction ?"),
        gettext_lazy("Relancer"),
        lambda found, by, data: actions.remind(found, by=by),
        gettext_lazy("Le rappel partira dans le courriel de huit heures, le prochain jour travaillé."),
        lines=(gettext_lazy("Un seul courriel par jour et par personne : le rappel s’y ajoute."),),
    ),
    "date": Step(
        rules.can_change_due,
        gettext_lazy("Changer la date de cet avis"),
        gettext_lazy("Changer la date"),
        lambda found, by, data: actions.change_due(found, data["due_on"], reason=data["reason"], by=by),
        gettext_lazy("La date est changée ; la direction lira pourquoi."),
        form=forms.DueForm,
    ),
    "complement": Step(
        rules.can_ask_supplement,
        gettext_lazy("Demander un complément"),
        gettext_lazy("Demander le complément"),
        lambda found, by, data: actions.ask_supplement(found, reason=data["reason"], due_on=data["due_on"], by=by),
        gettext_lazy("Le complément est demandé. L’avis rendu reste lisible."),
        form=forms.DueForm,
    ),
    "redemander": Step(
        rules.can_ask_again,
        gettext_lazy("Demander l’avis de nouveau"),
        gettext_lazy("Demander de nouveau"),
        lambda found, by, data: actions.ask_again(found, due_on=data["due_on"], message=data["message"], by=by),
        gettext_lazy("L’avis est demandé de nouveau."),
        form=forms.AgainForm,
    ),
    "clore": Step(
        rules.can_close,
        gettext_lazy("Clore cette demande sans avis ?"),
        gettext_lazy("Clore la demande"),
        lambda found, by, data: actions.close(found, reason=data["reason"], by=by),
        gettext_lazy("La demande est close ; la direction est prévenue."),
        form=forms.ReasonForm,
        lines=(gettext_lazy("Ce que la direction a écrit est gardé. Vous pourrez lui redemander son avis."),),
        danger=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def review_step(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """Ask, then do."""
    found = followed_review(request, pk)
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    if not step.may(request.user, found):
        raise PermissionDenied
    back = reverse("consultations:reviews", args=[found.referral_id])
    return take_step(request, found, step, back)


def take_step(request: UserRequest, found: DirectorateReview, step: Any, back: str) -> HttpResponse:
    """The page of a step, in either room; a refusal of the action is said on it."""
    form = step.form(request.POST if request.method == "POST" else None, review=found)
    if form.is_valid():
        try:
            step.act(found, request.user, form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, step.done)
            return redirect(back)
    context = {"review": found, "step": step, "form": form, "back": back, "action": request.path}
    return render(request, "consultations/review_step.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
def compare(request: UserRequest, pk: int) -> HttpResponse:
    """Answers side by side: criteria down, directorates across."""
    referral = followed_referral(request, pk)
    given = queries.review_answers(referral)
    criteria = [
        {"label": label, "cells": [(answer.directorate.name, answer.cells[at]) for answer in given]}
        for at, (label, *_rest) in enumerate(queries.CRITERIA)
    ]
    waited = [review for review in queries.team_reviews(referral) if review.is_open and not queries.is_given(review)]
    context = {"referral": referral, "answers": given, "criteria": criteria, "waited": waited}
    return render(request, "consultations/review_compare.html", context)


@require_safe
def compare_csv(request: UserRequest, pk: int) -> HttpResponse:
    referral = followed_referral(request, pk)
    given = queries.review_answers(referral)
    header = [_("Direction"), _("Rendu le"), _("En retard"), *(str(label) for label, *_rest in queries.CRITERIA)]
    rows = [
        [answer.directorate.name, answer.given_at, answer.review.was_late, *(cell.words for cell in answer.cells)]
        for answer in given
    ]
    return csv_response(_("Avis des directions %(ref)s") % {"ref": referral.reference}, header, rows)
