"""The directorates' area: one page to answer on, the check before sending, the visa, and other steps."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.dossiers import StepPages
from assembly.dossiers.consequences import mail_consequences
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.enums import Role
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import CONFLICT, UNPROCESSABLE, Attempt, attempt, autosave_response, is_autosave
from assembly.workflow import StateConflict
from consultations.actions import presence
from consultations.forms.thread import CommentForm
from consultations.models import DirectorateReview, ReviewAttachment, ThreadMessage
from consultations.queries.desk import agents_of, followers_of, levels_of, readers_in_copy
from consultations.queries.thread import messages_of
from consultations.reviews import forms, queries, rules
from consultations.reviews.actions import answering as actions
from consultations.reviews.actions.thread import post_inside
from consultations.reviews.views.team import name_of
from consultations.reviews.views.thread import parts_of
from consultations.reviews.workflow import REVIEW
from consultations.rules.thread import can_post_inside, can_read_thread


def my_review(request: UserRequest, pk: int) -> DirectorateReview:
    """Return a request of the reader's directorate, or read in copy; else 404 (the team has its own page)."""
    return get_object_or_404(queries.readable_reviews(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def instruction(request: UserRequest, pk: int) -> HttpResponse:
    """Show the page of one request; a POST saves the draft, while it is typed (JSON answer) or from the form."""
    review = my_review(request, pk)
    if request.method != "POST":
        return page(request, review)
    return save(request, review)


def read_only(review: DirectorateReview) -> dict[str, Any]:
    """Return the answer as it is read before it is sent or signed."""
    return {
        "review": review,
        "referral": review.referral,
        "cells": queries.with_comments(review, queries.cells_of(queries.content_of(review))),
        "files": queries.files_of(review),
        "comment_form": CommentForm(review=review),
    }


def signers(review: DirectorateReview) -> dict[str, Any]:
    """Return whose visas an answer goes through."""
    approvers = agents_of(review.directorate_id, [Role.DIR_APPROVER])
    return {"levels": levels_of(review.directorate_id), "approvers": approvers}


def page(request: UserRequest, review: DirectorateReview, *, status: int = 200, **more: Any) -> HttpResponse:
    """Render everything that a directorate needs about one request."""
    before, after = queries.neighbours(review, request.user)
    can = REVIEW.abilities(request.user, review)
    asked = list(queries.reviews_about(review.referral, request.user))
    own: Any = next(row for row in asked if row.pk == review.pk)
    inside, threads = both_threads(request.user, review)
    comments = queries.comments_among(inside, review)
    context = {
        "review": review,
        "referral": review.referral,
        "cells": queries.commented(queries.cells_of(queries.content_of(review)), comments),
        "files": own.attached_files,
        "comment_form": CommentForm(review=review),
        "can": can,
        "form": forms.GridForm(instance=review) if can["draft"] else None,
        "file_form": forms.FileForm() if can["draft"] else None,
        "others": queries.other_requests(asked, review),
        "given": [answer for answer in queries.answers_among(asked) if answer.review.pk != review.pk],
        "conflict_copies": [queries.cells_of(edition.content) for edition in queries.conflict_copies(own)],
        **signers(review),
        "before": before,
        "after": after,
        "readers": readers_in_copy(review),
        "may_name": rules.can_name_readers(request.user, review),
        **threads,
    }
    context |= more
    context["rows"] = [(field, comments.get(field.name, ())) for field in context["form"] or ()]
    return render(request, "consultations/reviews/instruction.html", context, status=status)


def both_threads(user: User, review: DirectorateReview) -> tuple[list[ThreadMessage], dict[str, Any]]:
    """Return the messages of the private thread, and what the page shows of both threads.

    One statement reads the directorate's thread and, for a reader who may read it, that of the referral.
    """
    referral, reads_common = review.referral, can_read_thread(user, review.referral)
    rows = list(messages_of(referral, review, with_common=reads_common))
    inside = [message for message in rows if message.review_id]
    common = [message for message in rows if not message.review_id]
    may_post = can_post_inside(user, review)
    return inside, {
        "inside": parts_of(inside, user, referral, review=review, may_post=may_post),
        "thread": parts_of(common, user, referral, may_post=not referral.is_ended) if reads_common else None,
    }


def save(request: UserRequest, review: DirectorateReview) -> HttpResponse:
    """Save the draft, while it is typed or by the buttons « Garder en brouillon », « Relire avant de rendre »."""
    if not rules.works_in_directorate(request.user, review):
        raise PermissionDenied
    form = forms.GridForm(request.POST, instance=review)
    tried = attempt(
        form,
        lambda version: actions.save(review, form.values(), bases=form.bases(), version=version, by=request.user),
        compare=form.conflicting_fields,
    )
    if is_autosave(request):
        return typed_answer(form, tried)
    if tried.status == CONFLICT and form.conflict.conflict.is_closed:
        messages.warning(request, form.conflict.conflict.sentence)
        return redirect("consultations:instruction", review.pk)
    if not tried.is_saved:
        # The row is read again, because a form that validates writes into its instance.
        return page(request, my_review(request, review.pk), form=form, status=tried.status)
    if request.POST.get("then") == "check":
        return redirect("consultations:instruction-check", review.pk)
    messages.success(request, _("Votre brouillon est enregistré."))
    return redirect("consultations:instruction", review.pk)


def typed_answer(form: forms.GridForm, tried: Attempt[DirectorateReview]) -> JsonResponse:
    """Answer the page that saves while typing; `theirs`: the stored text where the page has another one."""
    if tried.saved:
        typed = actions.as_stored(form.values())
        stored = queries.content_of(tried.saved)
        theirs = {name: text for name, text in stored.items() if text != typed[name]}
        return autosave_response(form, tried, tried.saved.version, tried.saved.saved_at, theirs=theirs)
    theirs = {}
    if tried.status == CONFLICT:
        conflict = form.conflict.conflict
        theirs = {name: getattr(conflict.current, name) for name in conflict.typed}
    return autosave_response(form, tried, 0, None, theirs=theirs)


@repeatable("the last position reported stands")
@require_POST
def instruction_presence(request: UserRequest, pk: int) -> HttpResponse:
    """Record where the reader writes; answer who else writes where, and the stored text if the page is older."""
    review = require_step(request, my_review(request, pk), "draft")
    form = forms.WritingPlaceForm(request.POST)
    if not form.is_valid():
        return JsonResponse({}, status=UNPROCESSABLE)
    places = presence.report_position(review, form.cleaned_data["field"], by=request.user)
    payload: dict[str, Any] = {"writers": [{"name": place.name, "field": place.field} for place in places]}
    if form.cleaned_data["version"] != review.version:
        payload |= {"version": review.version, "theirs": queries.content_of(review)}
    return JsonResponse(payload)


def require_step(request: UserRequest, review: DirectorateReview, step_name: str) -> DirectorateReview:
    """Return the review for a page about this step: 403 without the right, 409 from another state."""
    if not REVIEW.has_permission(request.user, review, step_name):
        raise PermissionDenied
    if not REVIEW.can_take(request.user, review, step_name):
        raise StateConflict(review, step_name)
    return review


@require_http_methods(["GET", "HEAD", "POST"])
def instruction_check(request: UserRequest, pk: int) -> HttpResponse:
    """Show « Relire avant de rendre »: the whole answer, what is missing, the button that sends it to the visa."""
    review = my_review(request, pk)
    if REVIEW.can_take(request.user, review, "draft") and not review.summary.strip():
        messages.warning(request, _("Écrivez d’abord votre contribution en quelques phrases."))
        return redirect("consultations:instruction", review.pk)
    require_step(request, review, "submit")
    if request.method == "POST":
        return send(request, review)
    context = read_only(review) | {
        "missing": rules.missing_answers(review).values(),
        "form": forms.VersionForm(initial={"version": review.version}),
        **signers(review),
    }
    return render(request, "consultations/reviews/instruction_check.html", context)


def version_read(request: UserRequest) -> int:
    """Return the version that the reader had on screen; -1 if none was sent."""
    form = forms.VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else -1


def give_visa(request: UserRequest, review: DirectorateReview) -> str:
    """Give the visa that is due on the version that was read; return the success message."""
    form = forms.SignForm(request.POST)
    version, level = (form.cleaned_data["version"], form.cleaned_data["level"]) if form.is_valid() else (-1, None)
    if level is None:
        actions.validate(review, version=version, by=request.user)
        return _("La contribution est rendue à l’Assemblée.")
    actions.endorse(review, version=version, level=level, by=request.user)
    if review.visa_level:
        return _("Votre visa est donné. La contribution attend maintenant : %(level)s.") % {
            "level": review.visa_level.name
        }
    return _("Votre visa est donné. La contribution attend maintenant le visa de la direction.")


def visa_awaited(review: DirectorateReview) -> str:
    """Return the name of the step of the visa that is due."""
    return "endorse" if review.visa_level_id else "validate"


def send(request: UserRequest, review: DirectorateReview) -> HttpResponse:
    """Submit to the visa; an approver who wrote the answer goes on to it at once."""
    try:
        actions.submit(review, version=version_read(request), by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("consultations:instruction-check", review.pk)
    if REVIEW.can_take(request.user, review, visa_awaited(review)):
        messages.success(request, _("La contribution est prête. Il reste à donner votre visa."))
        return redirect("consultations:instruction-visa", review.pk)
    messages.success(request, _("La contribution est envoyée au visa. Vous serez prévenu si elle est à reprendre."))
    return redirect("portal:directorate-home")


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def instruction_visa(request: UserRequest, pk: int) -> HttpResponse:
    """Show the answer to whoever gives the visa that is due: give it, or send the answer back."""
    review = my_review(request, pk)
    require_step(request, review, visa_awaited(review))
    if request.method == "POST":
        return sign(request, review)
    approver = rules.is_approver(request.user, review.directorate_id)
    context = read_only(review) | {
        "cells": queries.with_comments(review, queries.cells_to_sign(review)),
        "way": queries.visa_history(review),
        "form": forms.SignForm(initial={"version": review.version, "level": review.visa_level_id}),
        "return_form": forms.ReturnForm(row=review, user=request.user),
        "delegation": None if approver else rules.delegation_for(request.user, review.directorate_id),
    }
    return render(request, "consultations/reviews/instruction_visa.html", context)


def sign(request: UserRequest, review: DirectorateReview) -> HttpResponse:
    """Give the visa on the version that was read."""
    try:
        done = give_visa(request, review)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("consultations:instruction-visa", review.pk)
    messages.success(request, done)
    return redirect("portal:directorate-home")


def instruction_page(request: UserRequest, review: DirectorateReview) -> str:
    return reverse("consultations:instruction", args=[review.pk])


def pass_on_lines(review: DirectorateReview) -> list[str]:
    names = [user.get_full_name() for user in followers_of(review.referral, review)]
    return [
        _("La direction choisie reçoit la demande\u00a0; la vôtre ne peut plus y répondre."),
        *mail_consequences([*names, _("les référents de la direction choisie")]),
    ]


STEPS = StepPages(
    REVIEW,
    "directorate",
    name="consultations:instruction-step",
    fetch=my_review,
    back=instruction_page,
    eyebrow=name_of,
)
STEPS.bind("consequences", {"pass_on": pass_on_lines})


@require_http_methods(["GET", "HEAD", "POST"])
def instruction_comment(request: UserRequest, pk: int) -> HttpResponse:
    """Comment a passage, in the private thread of the directorate."""
    review = my_review(request, pk)
    if not can_post_inside(request.user, review):
        raise PermissionDenied
    to = "instruction-visa" if REVIEW.can_take(request.user, review, visa_awaited(review)) else "instruction"
    form = CommentForm(posted(request), review=review)
    return form_page(
        request,
        form,
        lambda data: post_inside(review, by=request.user, **data),
        template="consultations/reviews/instruction_comment.html",
        context=lambda: read_only(review) | {"comment_form": form},
        success_message=_("Votre commentaire est noté."),
        to=reverse(f"consultations:{to}", args=[pk]),
        field="body",
    )


@takes_files
@require_POST
def instruction_file_add(request: UserRequest, pk: int) -> HttpResponse:
    """Attach a file after the checks of uploads."""
    review = require_step(request, my_review(request, pk), "draft")
    form = forms.FileForm(request.POST, request.FILES)
    tried = attempt(
        form, lambda _version: actions.add_file(review, by=request.user, **form.cleaned_data), field="file"
    )
    if not tried.is_saved:
        return page(request, review, file_form=form, status=tried.status)
    messages.success(request, _("Le fichier est joint à votre contribution."))
    return redirect("consultations:instruction", review.pk)


@require_POST
def instruction_file_remove(request: UserRequest, pk: int, file_pk: int) -> HttpResponse:
    review = my_review(request, pk)
    rows = ReviewAttachment.objects.filter(removed_at=None).select_related("review__referral")
    actions.remove_file(get_object_or_404(rows, pk=file_pk, review=review), by=request.user)
    messages.success(request, _("Le fichier est retiré de votre contribution."))
    return redirect("consultations:instruction", review.pk)
