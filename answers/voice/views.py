"""Following a proposal, a subject or the assembly, where opening a link never writes; rating an answer."""

from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from answers.models import Answer, AnswerCase, Follower
from answers.voice import actions
from answers.voice.models import LEAST, MOST, Followed, Proposal
from answers.voice.queries import (
    EVERYTHING,
    FollowTarget,
    followed_by,
    followed_scopes,
    follower_of,
    is_followed,
    is_silent,
    mailbox_of,
    my_rating,
    public_target,
    subjects_to_follow,
    target_of,
)
from answers.voice.rules import follower_behind, following_of, is_assembly_member, is_open
from assembly.identity.http import UserRequest
from assembly.text.printable import check_text
from assembly.web.errors import StateConflict
from assembly.web.forms import StyledForm, posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page

MARKS = {1: _("pas du tout"), 2: _("plutôt pas"), 3: _("moyennement"), 4: _("plutôt oui"), 5: _("tout à fait")}


def mark_field(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=[(mark, f"{mark} – {MARKS[mark]}") for mark in range(LEAST, MOST + 1)],
        coerce=int,
        widget=forms.RadioSelect,
    )


class RatingForm(StyledForm):
    """Form for both marks at once: an answer may be clear and still miss the proposal."""

    clarity = mark_field(
        _("Cette réponse est-elle claire ?"),
        _("Chacun comprend ce que le Département fera, ou pourquoi il ne le fera pas."),
    )
    fidelity = mark_field(
        _("Répond-elle à ce que nous avons proposé ?"), _("Elle parle de notre proposition, et pas d’autre chose.")
    )


class FollowForm(StyledForm):
    """Form for the address to write to, which receives a single message until it is confirmed."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=254,
        validators=[check_text],  # type: ignore[list-item]  # -- its answer is not used
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def followable_or_404(name: str) -> Followed:
    """Return it or raise 404, as for a proposal or subject that was merged: the other one is followed."""
    row = public_target(name)
    if row is None or is_silent(row):
        raise Http404
    return row


@repeatable("its key would keep a digest of the address; asking twice in a minute sends one message")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one button to users with an account, and a form for an address to the others."""
    row = followable_or_404(reference)
    if request.user.is_authenticated:
        return follow_with_account(request, row)
    context = target_context(row)
    return form_page(
        request,
        FollowForm(posted(request)),
        lambda data: actions.ask(row, data["email"], ip=get_ip(request)),
        template="answers/voice/follow.html",
        context=context,
        to=context["target"].asked_page,
    )


def target_context(followed: Followed) -> dict[str, Any]:
    """Return what the page says of it; that of the assembly offers its subjects one by one."""
    target = target_of(followed)
    subjects = [target_of(row) for row in subjects_to_follow()] if target.name == EVERYTHING else []
    return {"target": target, "subjects": subjects}


def follow_with_account(request: HttpRequest, row: Followed) -> HttpResponse:
    user: Any = request.user
    context = target_context(row)
    target: FollowTarget = context["target"]
    if request.method == "POST":
        if request.POST.get("arret"):
            actions.stop_for(user.person, row)
            messages.success(request, gettext("Vous ne suivez plus %(what)s.") % {"what": target.what})
        else:
            actions.follow(row, by=user)
            messages.success(request, gettext("Vous suivez %(what)s.") % {"what": target.what})
        return redirect(target.form_page)
    context |= {"is_followed": is_followed(user.person, row), "has_account": True}
    context["is_unreachable"] = not mailbox_of(Follower(person=user.person))
    return render(request, "answers/voice/follow.html", context)


@login_not_required
@require_safe
def follow_asked(request: HttpRequest, reference: str) -> HttpResponse:
    """Acknowledge the request, in the same way for an address that follows already."""
    return render(request, "answers/voice/follow_asked.html", target_context(followable_or_404(reference)))


@repeatable("confirming twice is confirming")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a subscription by POST; opening the page writes nothing, because mail programs open links."""
    following = following_of(token)
    if following is None or not (following.confirmed_at or is_open(following, timezone.now())):
        return render(request, "answers/voice/follow_confirm.html", {"is_dead": True}, status=404)
    is_done = actions.confirm_following(following) if request.method == "POST" else following.confirmed_at is not None
    context = {"target": target_of(following.followed_thing), "is_done": is_done}
    return render(request, "answers/voice/follow_confirm.html", context)


@repeatable("RFC 8058: a mail program posts it without a page; stopping twice is stopping")
@csrf_exempt  # RFC 8058: the mail program posts without having opened the page; the token alone grants the right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop everything by one click in the mail program; the page also offers to stop one subscription."""
    is_ours, follower = follower_behind(token)
    if not is_ours:
        return render(request, "answers/voice/followed.html", {"is_dead": True}, status=404)
    return followed_page(request, follower)


@require_http_methods(["GET", "HEAD", "POST"])
def followed(request: UserRequest) -> HttpResponse:
    """List what the user follows: the proposals of their groups, and what they chose."""
    person = request.user.person
    if request.method == "POST":
        actions.stop_for(person, followed_to_stop(request))
        messages.success(request, gettext("C’est noté."))
        return redirect("answers:followed")
    context = {"followed": followed_targets(follower_of(person)), "has_account": True}
    return render(request, "answers/voice/followed.html", context)


def followed_page(request: HttpRequest, follower: Follower | None) -> HttpResponse:
    if request.method == "POST" and follower is not None:
        actions.stop_following(follower, followed_to_stop(request))
        follower = Follower.objects.filter(pk=follower.pk).first()
    context = {
        "followed": followed_targets(follower) if follower else [],
        "has_account": follower is not None and follower.person_id is not None,
        "is_done": request.method == "POST",
    }
    return render(request, "answers/voice/followed.html", context)


def followed_targets(follower: Follower) -> list[FollowTarget]:
    """Return the assembly and the subjects first, then the opinions and the recommendations."""
    rows, wholes = followed_by(follower)
    scopes = [one.followed_thing for one in followed_scopes(follower)]
    proposals: list[Proposal] = [*wholes.only("reference", "title"), *rows.only("reference", "title", "opinion")]
    return [target_of(one) for one in [*scopes, *proposals]]


def followed_to_stop(request: HttpRequest) -> Followed | None:
    """Return what the form names; None stops everything."""
    name = request.POST.get("proposition", "")
    if name and (row := public_target(name)) is None:
        raise Http404
    return row if name else None


@repeatable("its key would tell who rated; the last rating stands")
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for both marks in one form, which also explains the pseudonym and how and when ratings are published."""
    case = AnswerCase.objects.with_dossier().filter(answers__pk=pk, answers__published_at__isnull=False).first()
    if case is None or not is_assembly_member(request.user, case):
        raise Http404
    answer = case.answers.get(pk=pk)
    answer.case = case
    if not Answer.objects.standing().filter(pk=pk).exists():
        raise StateConflict(answer, "rate")
    own = my_rating(request.user, answer)
    initial = {"clarity": own.clarity, "fidelity": own.fidelity} if own else {}
    back = reverse("answers:thread", args=[case.reference])
    return form_page(
        request,
        RatingForm(posted(request), initial=initial),
        lambda data: actions.rate(answer, **data, by=request.user),
        template="answers/voice/rate.html",
        context={"answer": answer, "case": case, "own": own, "back": back},
        success_message=gettext("Votre note est gardée. Vous pouvez la changer tant que cette réponse tient."),
        to=back,
    )
