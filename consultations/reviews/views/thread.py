"""The private thread of a referral, in the back office and in the directorates' area."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import directorates_of
from assembly.web.forms import posted
from assembly.web.pages import Question, confirm_first, form_page
from consultations.models import DirectorateReview, Referral, ThreadMessage
from consultations.pages import dossier_context
from consultations.reviews import rules
from consultations.reviews.actions import thread as actions
from consultations.reviews.forms import MessageForm
from consultations.reviews.queries import messages_of, readable_reviews, readers_of
from consultations.reviews.views.team import followed_referral


def parts(
    user: User, referral: Referral, form: MessageForm | None = None, *, review: DirectorateReview | None = None
) -> dict[str, Any]:
    """Build the context of `consultations/reviews/thread_messages.html`; `form`: as sent; `review`: its own thread."""
    may_post = rules.can_post_inside(user, review) if review else rules.can_post_in_thread(user, referral)
    return parts_of(messages_of(referral, review), user, referral, form, review=review, may_post=may_post)


def parts_of(
    shown: Iterable[ThreadMessage],
    user: User,
    referral: Referral,
    form: MessageForm | None = None,
    *,
    review: DirectorateReview | None = None,
    may_post: bool,
) -> dict[str, Any]:
    """Return the same for messages that were read already."""
    form = form or MessageForm(readers=readers_of(referral, review), is_private=review is not None)
    lines = [
        {"message": message, "is_mine": message.author_id == user.pk, "may_withdraw": may_post} for message in shown
    ]
    return {
        "lines": lines,
        "readers": form.readers,
        "form": form if may_post or form.is_bound else None,
        "is_private": review is not None,
        "thread_url": reverse("consultations:instruction-inside", args=[review.pk])
        if review
        else rules.THREAD_PAGES.page_for(referral, user),
    }


def thread_page(
    request: UserRequest,
    referral: Referral,
    template: str,
    context: Callable[[], dict[str, Any]],
    *,
    back: str,
    review: DirectorateReview | None = None,
) -> HttpResponse:
    """Show the thread and its form, or post a message.

    `context`: what else the page of this area shows; `back`: the page that has the thread; `review`: the one whose
    private thread it is.
    """
    form = MessageForm(posted(request), readers=readers_of(referral, review), is_private=review is not None)

    def post(data: dict[str, Any]) -> ThreadMessage:
        if review is not None:
            return actions.post_inside(review, data["body"], mentions=data["mentions"], by=request.user)
        return actions.post(referral, data["body"], mentions=data["mentions"], by=request.user)

    return form_page(
        request,
        form,
        post,
        template=template,
        context=lambda: context() | {"thread": parts(request.user, referral, form, review=review)},
        success_message=_("Votre message est dans le fil."),
        to=f"{back}#{'interne' if review else 'fil'}",
        field="body",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: UserRequest, pk: int) -> HttpResponse:
    """Show the tab of the back office."""
    referral = followed_referral(request, pk)
    template = "consultations/reviews/thread.html"
    return thread_page(
        request, referral, template, lambda: dossier_context(request, referral, "thread"), back=request.path
    )


@require_http_methods(["GET", "HEAD", "POST"])
def instruction_thread(request: UserRequest, pk: int) -> HttpResponse:
    """Show the same messages in the area of directorates that are named in the referral; to other readers, 403."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user).select_related("term"), pk=pk)
    if rules.my_directorate(request.user, referral) is None:
        raise PermissionDenied
    mine = DirectorateReview.objects.filter(referral=referral, directorate__in=directorates_of(request.user))
    latest = mine.order_by("-pk").first()
    back = reverse("consultations:instruction", args=[latest.pk]) if latest else request.path
    context = {"referral": referral, "review": latest}
    return thread_page(request, referral, "consultations/reviews/instruction_thread.html", lambda: context, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def instruction_inside(request: UserRequest, pk: int) -> HttpResponse:
    """Show a directorate's private thread about one request, for its agents and copy readers, never for the team."""
    review = get_object_or_404(readable_reviews(request.user), pk=pk)
    context = {"referral": review.referral, "review": review}
    back = reverse("consultations:instruction", args=[pk])
    template = "consultations/reviews/instruction_thread.html"
    return thread_page(request, review.referral, template, lambda: context, back=back, review=review)


def my_message(request: UserRequest, pk: int) -> tuple[ThreadMessage, str]:
    """Return one's own message, and the page of its thread."""
    rows = ThreadMessage.objects.filter(author=request.user).select_related("referral", "review__referral")
    message = get_object_or_404(rows, pk=pk)
    if message.review_id:
        return message, reverse("consultations:instruction", args=[message.review_id])
    return message, rules.THREAD_PAGES.page_for(message.referral, request.user)


def withdraw_question(request: UserRequest, pk: int) -> Question:
    message, thread = my_message(request, pk)
    if not rules.can_withdraw_message(request.user, message):
        raise PermissionDenied
    line = _(
        "Il n’est plus lu dans le fil. Les courriels qui l’annonçaient sont partis, et il ne peut pas être remis."
    )
    return Question(_("Retirer votre message ?"), _("Retirer"), thread, [line], danger=True, about=message.referral)


@confirm_first(withdraw_question)
def thread_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Withdraw one's own message."""
    message, thread = my_message(request, pk)
    actions.withdraw(message, by=request.user)
    messages.success(request, _("Votre message est retiré du fil."))
    return redirect(thread)
