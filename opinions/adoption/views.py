"""Minority positions: members write and sign them after the vote, the team keys in those on paper."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.text.french import format_date
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.versioned import differences
from opinions.adoption import queries, rules
from opinions.adoption.actions import positions as actions
from opinions.adoption.forms import PositionForm, RecordPositionForm
from opinions.adoption.workflow import POSITION
from opinions.enums import PositionState
from opinions.models import MinorityPosition, Opinion
from opinions.views.amendments.member import member_opinion
from opinions.views.fetch import desk_opinion, team_opinion

P = PositionState


def member_position(request: UserRequest, pk: int) -> MinorityPosition:
    position = get_object_or_404(queries.readable_positions(request.user), pk=pk)
    if not (rules.is_author(request.user, position) or rules.is_other_member(request.user, position)):
        raise PermissionDenied
    return position


def deadline_sentence(opinion: Opinion) -> str:
    """Return until when positions may be written."""
    last = rules.last_day(opinion)
    if rules.is_open(opinion, timezone.localdate()):
        return _("Vous pouvez écrire une position minoritaire jusqu’au %(day)s.") % {"day": format_date(last)}
    if last is not None:
        return _("Les positions minoritaires étaient attendues jusqu’au %(day)s.") % {"day": format_date(last)}
    return _("Les positions minoritaires s’écrivent après l’adoption de l’avis.")


def base_context(request: UserRequest, opinion: Opinion) -> dict[str, Any]:
    can_write = rules.can_write(request.user, opinion, timezone.localdate())
    return {"opinion": opinion, "deadline_sentence": deadline_sentence(opinion), "can_write": can_write}


def lines(positions: list[MinorityPosition]) -> list[dict[str, Any]]:
    return [{"position": position, "signers": queries.signers(position)} for position in positions]


@require_safe
def member_list(request: UserRequest, pk: int) -> HttpResponse:
    """Show the reader's drafts, then what is annexed to the opinion."""
    opinion = member_opinion(request, pk)
    drafts = MinorityPosition.objects.filter(opinion=opinion, author=request.user, state=P.DRAFT)
    context = base_context(request, opinion) | {"lines": lines(queries.submitted(opinion)), "drafts": list(drafts)}
    return render(request, "opinions/adoption/member_positions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: UserRequest, pk: int) -> HttpResponse:
    opinion = member_opinion(request, pk)
    if not rules.can_write(request.user, opinion, timezone.localdate()):
        raise PermissionDenied
    return write_page(request, opinion, None)


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request: UserRequest, pk: int) -> HttpResponse:
    position = member_position(request, pk)
    POSITION.check(request.user, position, "edit")
    return write_page(request, position.opinion, position)


def write_page(request: UserRequest, opinion: Opinion, position: MinorityPosition | None) -> HttpResponse:
    form = position_form(position, posted(request))
    return form_page(
        request,
        form,
        lambda data: actions.save(
            opinion, position=position, version=data["version"] or 0, by=request.user, **form.values()
        ),
        compare=lambda late: differences(position_form(late.current), form),
        template="opinions/adoption/member_position_write.html",
        context=lambda: base_context(request, opinion) | {"position": position},
        to=lambda saved_position: reverse(
            "opinions:position-check" if saved_position.state == P.DRAFT else "opinions:my-position",
            args=[saved_position.pk],
        ),
    )


def position_form(position: MinorityPosition | None, data: Any = None) -> PositionForm:
    names = ("title", "body", "version")
    return PositionForm(data, initial={name: getattr(position, name) for name in names} if position else None)


@require_safe
def member_show(request: UserRequest, pk: int) -> HttpResponse:
    position = member_position(request, pk)
    context = base_context(request, position.opinion) | {
        "position": position,
        "signers": queries.signers(position),
        "has_signed": any(row.user_id == request.user.pk for row in position.cosigners.all()),
        "can": POSITION.abilities(request.user, position),
    }
    return render(request, "opinions/adoption/member_position.html", context)


def back_to(request: UserRequest, position: MinorityPosition) -> str:
    """Return the position once it is submitted, or else the list."""
    if position.state == P.SUBMITTED:
        return reverse("opinions:my-position", args=[position.pk])
    return reverse("opinions:my-positions", args=[position.opinion_id])


STEPS = StepPages(
    POSITION,
    fetch=member_position,
    back=back_to,
    eyebrow=lambda position: position.title,
    fix_url=lambda request, position, code: (
        "" if code == "closed" else reverse("opinions:position-edit", args=[position.pk])
    ),
)
STEPS.bind(
    "consequences",
    {
        "submit": lambda position: [
            _("Elle sera imprimée avec l’avis, sous votre nom."),
            deadline_sentence(position.opinion),
        ]
    },
)


@require_safe
def desk_list(request: UserRequest, pk: int) -> HttpResponse:
    """Show what is annexed, for the back office."""
    opinion = desk_opinion(request, pk)
    can_record = rules.can_record(request.user, opinion, timezone.localdate())
    context = base_context(request, opinion) | {"lines": lines(queries.submitted(opinion)), "can_record": can_record}
    return render(request, "opinions/adoption/position_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: UserRequest, pk: int) -> HttpResponse:
    """Key in what a member gave on paper or by telephone."""
    opinion = team_opinion(request, pk)
    form = RecordPositionForm(posted(request), members=queries.possible_authors(opinion.term_id))
    return form_page(
        request,
        form,
        lambda data: actions.record_for(opinion, data["author"], via=data["via"], by=request.user, **form.values()),
        template="opinions/adoption/position_record.html",
        context=lambda: base_context(request, opinion),
        success_message=_("La position minoritaire est enregistrée."),
        to=reverse("opinions:positions", args=[pk]),
    )
