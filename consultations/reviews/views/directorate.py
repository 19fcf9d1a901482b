"""The directorates' area: one page to answer on, the Word file, copy readers, the check, the visa, other steps."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.responses import bytes_response
from assembly.dossiers import StepPages
from assembly.dossiers.pages import mail_consequences
from assembly.files.file_kinds import WORD
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.identity.models import User
from assembly.institution.models import Role
from assembly.web.forms import attach_refusal, posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import (
    CONFLICT,
    UNPROCESSABLE,
    Attempt,
    attempt,
    autosave_response,
    differences,
    is_autosave,
)
from assembly.workflow import StateConflict
from consultations.models import DirectorateReview, ReviewAttachment, ThreadMessage
from consultations.reviews import documents, forms, queries, rules
from consultations.reviews.actions import answering
from consultations.reviews.actions.thread import post_inside
from consultations.reviews.forms import CommentForm, ReaderForm
from consultations.reviews.rules import can_post_inside, can_read_thread
from consultations.reviews.views.team import name_of
from consultations.reviews.views.thread import parts_of
from consultations.reviews.workflow import REVIEW


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
    approvers = queries.agents_of(review.directorate_id, [Role.DIR_APPROVER])
    return {"levels": queries.levels_of(review.directorate_id), "approvers": approvers}


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
        "readers": queries.readers_in_copy(review),
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
    rows = list(queries.messages_of(referral, review, with_common=reads_common))
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
        lambda version: answering.save(review, form.values(), bases=form.bases(), version=version, by=request.user),
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
        typed = answering.as_stored(form.values())
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
    places = answering.report_position(review, form.cleaned_data["field"], by=request.user)
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
        answering.validate(review, version=version, by=request.user)
        return _("La contribution est rendue à l’Assemblée.")
    answering.endorse(review, version=version, level=level, by=request.user)
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
        answering.submit(review, version=version_read(request), by=request.user)
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


def pass_on_lines(review: DirectorateReview) -> list[str]:
    names = [user.get_full_name() for user in queries.followers_of(review.referral, review)]
    return [
        _("La direction choisie reçoit la demande\u00a0; la vôtre ne peut plus y répondre."),
        *mail_consequences([*names, _("les référents de la direction choisie")]),
    ]


STEPS = StepPages(
    REVIEW,
    "directorate",
    name="consultations:instruction-step",
    fetch=my_review,
    back=lambda request, review: reverse("consultations:instruction", args=[review.pk]),
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
        form, lambda _version: answering.add_file(review, by=request.user, **form.cleaned_data), field="file"
    )
    if not tried.is_saved:
        return page(request, review, file_form=form, status=tried.status)
    messages.success(request, _("Le fichier est joint à votre contribution."))
    return redirect("consultations:instruction", review.pk)


@require_POST
def instruction_file_remove(request: UserRequest, pk: int, file_pk: int) -> HttpResponse:
    review = my_review(request, pk)
    rows = ReviewAttachment.objects.filter(removed_at=None).select_related("review__referral")
    answering.remove_file(get_object_or_404(rows, pk=file_pk, review=review), by=request.user)
    messages.success(request, _("Le fichier est retiré de votre contribution."))
    return redirect("consultations:instruction", review.pk)


def review_of_reader_list(request: UserRequest, pk: int) -> DirectorateReview:
    """Return a request whose copy readers this user names; unseen is 404, read in copy only is 403."""
    review = get_object_or_404(queries.readable_reviews(request.user), pk=pk)
    if not rules.can_name_readers(request.user, review):
        raise PermissionDenied
    return review


@require_http_methods(["GET", "HEAD", "POST"])
def instruction_readers(request: UserRequest, pk: int) -> HttpResponse:
    review = review_of_reader_list(request, pk)
    return form_page(
        request,
        ReaderForm(posted(request), people=queries.possible_readers(review)),
        lambda data: answering.add_copy_reader(review, data["reader"], by=request.user),
        template="consultations/reviews/instruction_readers.html",
        context=lambda: {
            "review": review,
            "readers": queries.readers_in_copy(review),
            "back": reverse("consultations:instruction", args=[pk]),
        },
        success_message=_(
            "Cette personne lit la contribution en copie ; elle en est prévenue dans le courriel du matin."
        ),
        to=request.path,
    )


def removal_question(request: UserRequest, pk: int, user_pk: int) -> Question:
    review = review_of_reader_list(request, pk)
    reader = get_object_or_404(review.copy_readers.all(), pk=user_pk)
    title = _("Retirer %(name)s des personnes en copie ?") % {"name": reader.get_full_name()}
    lines = [_("Elle ne lit plus la contribution. Personne ne reçoit de courriel.")]
    return Question(title, _("Retirer"), reverse("consultations:instruction-readers", args=[pk]), lines, about=review)


@confirm_first(removal_question)
def instruction_reader_remove(request: UserRequest, pk: int, user_pk: int) -> HttpResponse:
    review = review_of_reader_list(request, pk)
    answering.remove_copy_reader(review, get_object_or_404(review.copy_readers.all(), pk=user_pk), by=request.user)
    messages.success(request, _("Cette personne ne lit plus la contribution."))
    return redirect("consultations:instruction-readers", pk)


@require_safe
def instruction_word(request: UserRequest, pk: int) -> HttpResponse:
    """Send the file to fill in, with the present answer."""
    review = my_review(request, pk)
    name = review.referral.reference or _("sujet-%(n)s") % {"n": review.referral_id}
    title = f"{review.referral.title}, {review.directorate.name}"
    help_text = _("Écrivez dans la dernière colonne, puis déposez ce fichier sur la page de la contribution.")
    shown = documents.WordGrid(forms.GridForm(instance=review).questions(), queries.content_of(review))
    content = documents.word_file(title, help_text, shown)
    name = f"avis-{name}-{review.directorate.code}.docx"
    return bytes_response(request, content, name=name, media_type=WORD)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def instruction_word_in(request: UserRequest, pk: int) -> HttpResponse:
    """Read the uploaded file and show it; nothing is written here."""
    review = my_review(request, pk)
    require_step(request, review, "draft")
    form = forms.WordForm(posted(request), request.FILES or None)
    context: dict[str, Any] = {
        "review": review,
        "form": form,
        "back": reverse("consultations:instruction", args=[pk]),
    }
    if form.is_bound and form.is_valid():
        try:
            grid_form = grid_form_of(review, form.cleaned_data["file"].content)
        except ValidationError as refused:
            attach_refusal(form, refused, "file")
        else:
            shown = {"grid_form": grid_form, "changes": differences(forms.GridForm(instance=review), grid_form)}
            return render(request, "consultations/reviews/instruction_word_shown.html", context | shown)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "consultations/reviews/instruction_word.html", context, status=status)


def grid_form_of(review: DirectorateReview, content: bytes) -> forms.GridForm:
    """Return the grid with the answers of the file, ready to be sent; raise ValidationError, a sentence a row."""
    rows = documents.rows_in(content, forms.GridForm(instance=review).questions())
    stored = queries.content_of(review)
    answers = {row.name: row.text for row in rows}
    bases = {f"initial-{name}": text for name, text in stored.items()}
    form = forms.GridForm({**stored, **answers, **bases, "version": review.version}, instance=review)
    if not form.is_valid():
        numbers = {row.name: row.number for row in rows}
        raise ValidationError(
            [
                _("Ligne %(n)s : %(error)s") % {"n": numbers.get(name, "–"), "error": error}
                for name, errors in form.errors.items()
                for error in errors
            ]
        )
    return form
