"""Minority positions: members write and sign them after the vote, the team keys in what came on paper."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.ui.versioned import attempt, differences
from assembly.ui.words import date_words
from opinions.actions import minority as actions
from opinions.enums import PositionState
from opinions.forms.minority import PositionForm, RecordPositionForm
from opinions.models import MinorityPosition, Opinion
from opinions.queries import minority as queries
from opinions.rules import minority as rules
from opinions.views.amendments import member_opinion
from opinions.views.frame import desk_opinion
from sessions.views.dossier import posted

P = PositionState


def member_position(request: UserRequest, pk: int) -> MinorityPosition:
    position = get_object_or_404(queries.readable_positions(request.user), pk=pk)
    if not (rules.is_author(request.user, position) or rules.is_other_member(request.user, position)):
        raise PermissionDenied
    return position


def base_context(request: UserRequest, opinion: Opinion) -> dict[str, Any]:
    today, last = timezone.localdate(), rules.last_day(opinion)
    if rules.is_open(opinion, today):
        told = _("Vous pouvez écrire une position minoritaire jusqu’au %(day)s.") % {"day": date_words(last)}
    elif last is not None:
        told = _("Les positions minoritaires étaient attendues jusqu’au %(day)s.") % {"day": date_words(last)}
    else:
        told = _("Les positions minoritaires s’écrivent après l’adoption de l’avis.")
    return {"opinion": opinion, "told": told, "can_write": rules.can_write(request.user, opinion, today)}


def lines(positions: list[MinorityPosition]) -> list[dict[str, Any]]:
    return [{"position": position, "signers": queries.signers(position)} for position in positions]


@require_safe
def member_list(request: UserRequest, pk: int) -> HttpResponse:
    """My drafts, then what is annexed to the opinion."""
    opinion = member_opinion(request, pk)
    drafts = MinorityPosition.objects.filter(opinion=opinion, author=request.user, state=P.DRAFT)
    context = base_context(request, opinion) | {"lines": lines(queries.submitted(opinion)), "drafts": list(drafts)}
    return render(request, "opinions/member_positions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: UserRequest, pk: int) -> HttpResponse:
    opinion = member_opinion(request, pk)
    if not rules.can_write(request.user, opinion, timezone.localdate()):
        raise PermissionDenied
    return write_page(request, opinion, None)


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request: UserRequest, pk: int) -> HttpResponse:
    position = member_position(request, pk)
    if not rules.can_edit(request.user, position, timezone.localdate()):
        raise PermissionDenied
    return write_page(request, position.opinion, position)


def write_page(request: UserRequest, opinion: Opinion, position: MinorityPosition | None) -> HttpResponse:
    form = position_form(position, posted(request))
    tried = attempt(
        form,
        lambda version: actions.save(
            opinion,
            position=position,
            version=version,
            by=request.user,
            **form.values(),
        ),
        compare=lambda conflict: differences(position_form(conflict.current), form),
    )
    if (kept := tried.saved) is not None:
        return redirect("opinions:position-check" if kept.state == P.DRAFT else "opinions:own-position", kept.pk)
    context = base_context(request, opinion) | {"form": form, "position": position}
    return render(request, "opinions/member_position_write.html", context, status=tried.status)


def position_form(position: MinorityPosition | None, data: Any = None) -> PositionForm:
    names = ("title", "body", "version")
    return PositionForm(data, initial={name: getattr(position, name) for name in names} if position else None)


@require_http_methods(["GET", "HEAD", "POST"])
def member_check(request: UserRequest, pk: int) -> HttpResponse:
    """Read again, then annex it to the opinion."""
    position = member_position(request, pk)
    if not rules.is_author(request.user, position):
        raise PermissionDenied
    if position.state != P.DRAFT:
        return redirect("opinions:own-position", position.pk)
    problem = ""
    if request.method == "POST":
        try:
            actions.submit(position, by=request.user)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, _("Votre position minoritaire est déposée."))
            return redirect("opinions:own-position", position.pk)
    context = base_context(request, position.opinion) | {"position": position, "problem": problem}
    return render(request, "opinions/member_position_check.html", context, status=422 if problem else 200)


@require_safe
def member_show(request: UserRequest, pk: int) -> HttpResponse:
    position, today = member_position(request, pk), timezone.localdate()
    context = base_context(request, position.opinion) | {
        "position": position,
        "signers": queries.signers(position),
        "has_signed": any(row.user_id == request.user.pk for row in position.cosigners.all()),
        "can": {
            "sign": rules.can_sign(request.user, position, today),
            "edit": rules.can_edit(request.user, position, today),
            "withdraw": rules.can_withdraw(request.user, position),
            "confirm": rules.can_confirm(request.user, position),
        },
    }
    return render(request, "opinions/member_position.html", context)


@require_POST
def sign(request: UserRequest, pk: int) -> HttpResponse:
    actions.sign(member_position(request, pk), by=request.user)
    messages.success(request, _("Vous avez signé cette position."))
    return redirect("opinions:own-position", pk)


@require_POST
def unsign(request: UserRequest, pk: int) -> HttpResponse:
    actions.unsign(member_position(request, pk), by=request.user)
    messages.success(request, _("Votre signature est retirée."))
    return redirect("opinions:own-position", pk)


@require_POST
def confirm(request: UserRequest, pk: int) -> HttpResponse:
    actions.confirm(member_position(request, pk), by=request.user)
    messages.success(request, _("Merci. Votre position est confirmée."))
    return redirect("opinions:own-position", pk)


@require_POST
def discard(request: UserRequest, pk: int) -> HttpResponse:
    position = member_position(request, pk)
    opinion = position.opinion_id
    actions.discard(position, by=request.user)
    messages.success(request, _("Le brouillon est effacé."))
    return redirect("opinions:own-positions", opinion)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    position = member_position(request, pk)
    if not rules.is_author(request.user, position):
        raise PermissionDenied
    if request.method == "POST":
        actions.withdraw(position, by=request.user)
        messages.success(request, _("Votre position est retirée."))
        return redirect("opinions:own-positions", position.opinion_id)
    context = {"position": position, "back": reverse("opinions:own-position", args=[pk])}
    return render(request, "opinions/member_position_withdraw.html", context)


@require_safe
def desk_list(request: UserRequest, pk: int) -> HttpResponse:
    """What is annexed, for the bureau."""
    opinion = desk_opinion(request, pk)
    can_record = rules.can_record(request.user, opinion, timezone.localdate())
    context = base_context(request, opinion) | {"lines": lines(queries.submitted(opinion)), "can_record": can_record}
    return render(request, "opinions/position_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: UserRequest, pk: int) -> HttpResponse:
    """Key in what a member gave on paper or by telephone."""
    opinion = desk_opinion(request, pk)
    if not is_team(request.user, opinion.term_id):
        raise PermissionDenied
    form = RecordPositionForm(posted(request), members=queries.possible_authors(opinion.term_id))
    if request.method == "POST" and form.is_valid() and recorded(request, opinion, form):
        messages.success(request, _("La position minoritaire est enregistrée."))
        return redirect("opinions:positions", pk)
    context = base_context(request, opinion) | {"form": form}
    return render(request, "opinions/position_record.html", context, status=422 if form.errors else 200)


def recorded(request: UserRequest, opinion: Opinion, form: RecordPositionForm) -> bool:
    author, via = form.cleaned_data["author"], form.cleaned_data["via"]
    try:
        actions.record_for(opinion, author, via=via, by=request.user, **form.values())
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True
