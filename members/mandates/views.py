"""Views of one member with the path and the steps of the mandate, of steps of many at once, of the seats."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.identity.models import User
from assembly.institution.models import CommitteeMembership, Term
from assembly.institution.pages import working_term
from assembly.institution.rules import can_invite
from assembly.text.french import format_date, in_days
from assembly.web import pagination
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.pagination import BIGGEST_KEY, WHOLE_NUMBER, keyset_page
from assembly.web.path import PathStep, path_of
from assembly.web.widgets import object_widgets
from assembly.workflow import StateConflict
from members import rules
from members.consents.queries import charter_for, image_rows, open_needs
from members.enums import EndReason, MandateState, RecordChannel
from members.forms import NewMemberForm, SeatForm, SeatsForm, StepDateForm, late_warning
from members.mandates import actions, queries
from members.mandates.workflow import MANDATE
from members.models import Mandate, Seat
from members.pages import mandate_for, page_of


def mandate_sentence(mandate: Mandate) -> tuple[str, str]:
    """Return the sentence of state, and what it means for the reader."""
    match mandate.state:
        case MandateState.PROPOSED:
            limit = mandate.answer_deadline
            return _("Mandat proposé, réponse attendue."), (
                _("Avant le %(day)s, %(left)s.") % {"day": format_date(limit), "left": in_days(limit)} if limit else ""
            )
        case MandateState.ACCEPTED if mandate.seat_id is None:
            return _("Suppléance acceptée."), _("La personne siégera si un siège de son canton se libère.")
        case MandateState.ACCEPTED:
            return _("Mandat accepté, pas encore ouvert."), _("Ouvrez-le le jour de l’installation.")
        case MandateState.ACTIVE:
            return _("Mandat en cours depuis le %(day)s.") % {"day": format_date(mandate.activated_on)}, ""
        case MandateState.SUSPENDED:
            day = format_date(mandate.suspended_on)
            return _("Mandat suspendu depuis le %(day)s.") % {"day": day}, _("Le siège reste le sien.")
        case MandateState.ENDED:
            values = {"day": format_date(mandate.ended_on), "reason": EndReason(mandate.end_reason).label}
            return _("Mandat terminé le %(day)s.") % values, _("Motif : %(reason)s.") % values
        case MandateState.DECLINED:
            return _("La personne a refusé le %(day)s.") % {"day": format_date(mandate.ended_on)}, ""
    return _("La personne n’a pas répondu."), ""


def mandate_path(mandate: Mandate) -> list[PathStep]:
    """Return the path of the mandate, with the present step named."""
    dates = [mandate.proposed_at, mandate.accepted_on, mandate.activated_on, mandate.ended_on]
    labels = [_("Proposé"), _("Accepté"), _("En cours"), _("Terminé")]
    if mandate.state == MandateState.SUSPENDED:
        labels[2] = _("Suspendu")
    if mandate.state in (MandateState.DECLINED, MandateState.NO_ANSWER):
        labels, dates = [_("Proposé"), mandate.get_state_display()], [mandate.proposed_at, mandate.ended_on]
    notes = [format_date(day, weekday=False) if day else "" for day in dates]
    return path_of(list(zip(labels, notes, strict=True)), max(index for index, day in enumerate(dates) if day))


MAIN_STEP = {MandateState.PROPOSED: "accepter", MandateState.ACCEPTED: "ouvrir", MandateState.SUSPENDED: "reprendre"}


@require_safe
def member_page(request: UserRequest, pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    user = request.user
    sentence, consequence = mandate_sentence(mandate)
    main = MAIN_STEP.get(MandateState(mandate.state), "")
    offered = main and STEPS.is_offered(user, mandate, main)
    seats = CommitteeMembership.objects.filter(person=mandate.member.person_id, committee__term=mandate.term_id)
    context = {
        "mandate": mandate,
        "page_object": mandate,
        "member": mandate.member,
        "person": mandate.member.person,
        "sentence": sentence,
        "consequence": consequence,
        "steps": mandate_path(mandate),
        "main": (STEPS.url(mandate, main), STEPS.pages[main].label) if offered else None,
        "may_seat": MANDATE.can_take(user, mandate, "seat"),
        "others": STEPS.links(request, mandate, without={main}),
        "committees": seats.select_related("committee").order_by("ends_on", "committee__name__alphabetical"),
        "widgets": object_widgets("mandate", user, mandate),
        **agreements(mandate),
    }
    return render(request, "members/mandates/page.html", context)


def agreements(mandate: Mandate) -> dict[str, Any]:
    """Return charter, image, measures and a pending name."""
    charter = charter_for(mandate.member, mandate.term_id)
    accepted_by = getattr(charter, "accepted_by", None)
    return {
        "charter": charter,
        "accepted_by": RecordChannel(accepted_by).label if accepted_by else "",
        "image": image_rows(mandate.member),
        "needs": list(open_needs([mandate.member_id])),
        "asked": getattr(mandate, "requested_name", None),
        "alumni": getattr(mandate, "alumni_consent", None),
    }


DAY_STEPS = ("accept", "decline", "lapse", "activate", "suspend", "resume")


def day_action(step_name: str) -> Callable[..., None]:
    """Return the action of a step that took place on a day which the form gives, or today."""

    def record(mandate: Mandate, *, by: User, on: date | None = None) -> None:
        actions.record_step(mandate, step_name, by=by, on=on)

    return record


STEPS = StepPages(
    MANDATE,
    name="members:member-step",
    fetch=mandate_for,
    back=lambda request, mandate: page_of(mandate),
    eyebrow=lambda mandate: f"{mandate.member.person.full_name}, {mandate.member.canton.name}",
)
STEPS.bind("success_message", dict.fromkeys(STEPS.pages, lambda mandate: mandate_sentence(mandate)[0]))
STEPS.bind("action", {name: day_action(name) for name in DAY_STEPS})
STEPS.bind("offered", {"activate": lambda user, mandate: mandate.seat_id is not None})


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_seat(request: UserRequest, pk: int) -> HttpResponse:
    """Give a vacant seat to an alternate."""
    mandate = mandate_for(request, pk)
    if not MANDATE.can_take(request.user, mandate, "seat"):
        raise StateConflict(mandate, "seat")
    return form_page(
        request,
        SeatForm(posted(request), mandate=mandate, user=request.user),
        lambda data: actions.seat_alternate(
            mandate, data["seat"], by=request.user, late_reason=data.get("late_reason", "")
        ),
        template="members/mandates/seat.html",
        context={"mandate": mandate, "late": late_warning(mandate.term)},
        success_message=_("Le siège est donné. Ouvrez maintenant le mandat."),
        to=page_of(mandate),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: UserRequest) -> HttpResponse:
    """Add a person by hand and propose a seat."""
    term = working_term(request, rules.can_manage)
    form = NewMemberForm(posted(request), term=term, user=request.user, initial={"channel": "email"})
    return form_page(
        request,
        form,
        lambda data: actions.add_member(
            term,
            by=request.user,
            seat=data["seat"],
            answer_deadline=data["answer_deadline"],
            late_reason=data.get("late_reason", ""),
            **form.split(),
        ),
        template="members/mandates/add.html",
        context={"term": term, "late": late_warning(term)},
        success_message=_("La personne est ajoutée. Notez son accord quand elle répond."),
        to=page_of,
    )


BY_NAME = ("member__person__sort_name",)
TICKED, EVERYBODY = "membre", "tous"


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_activate(request: UserRequest) -> HttpResponse:
    """Open every accepted mandate on one day: the installation."""
    term = working_term(request, rules.can_manage)

    def activate(data: dict[str, Any]) -> int:
        done, refused = actions.activate_all(term, by=request.user, on=data["on"])
        if refused:
            message = ngettext(
                "%(n)s mandat accepté après cette date n’est pas ouvert.",
                "%(n)s mandats acceptés après cette date ne sont pas ouverts.",
                refused,
            )
            messages.warning(request, message % {"n": refused})
        return done

    return form_page(
        request,
        StepDateForm(posted(request)),
        activate,
        template="members/mandates/activate.html",
        context=lambda: activation_context(request, term),
        success_message=lambda n: ngettext("%(n)s mandat est ouvert.", "%(n)s mandats sont ouverts.", n) % {"n": n},
        to=reverse("members:member-list"),
    )


def activation_context(request: UserRequest, term: Term) -> dict[str, Any]:
    rows = queries.mandates_to_open(term)
    page = keyset_page(rows, request, ordering=BY_NAME, size=pagination.WHOLE_LIST)
    count = len(page) if page.is_alone else rows.count()
    label = ngettext("Ouvrir %(n)s mandat", "Ouvrir %(n)s mandats", count) % {"n": count}
    return {"term": term, "page": page, "count": count, "label": label}


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_invite(request: UserRequest) -> HttpResponse:
    """Invite to sign in: choose whom, check what is sent, then confirm. The address holds keys of mandates only."""
    term = working_term(request, rules.can_manage)
    again = request.GET.get("qui") == "relance"
    if request.method == "POST":
        if not can_invite(request.user, term):
            raise PermissionDenied
        if (chosen := chosen_mandates(request.POST)) is None:
            return render(request, "members/mandates/invite.html", choice_context(request, term, again), status=422)
        issued = actions.invite_members(term, by=request.user, again=again, **chosen)
        message = ngettext(
            "%(n)s invitation est en cours d’envoi.", "%(n)s invitations sont en cours d’envoi.", len(issued)
        ) % {"n": len(issued)}
        messages.success(request, message if issued else _("Personne n’était à inviter."))
        return redirect("members:member-invite")
    chosen = chosen_mandates(request.GET)
    if chosen is None or "changer" in request.GET:
        return render(request, "members/mandates/invite.html", choice_context(request, term, again))
    return render(request, "members/mandates/invite_check.html", check_context(request, term, again, chosen))


def chosen_mandates(data: QueryDict) -> dict[str, set[int]] | None:
    """Return the filter for those ticked: empty for everybody (« tous »), None when nobody is ticked."""
    ticked = data.getlist(TICKED)
    if EVERYBODY in ticked:
        return {}
    keys = {int(key) for key in ticked if WHOLE_NUMBER.fullmatch(key) and int(key) <= BIGGEST_KEY}
    return {"only": keys} if keys else None


def choice_context(request: UserRequest, term: Term, again: bool) -> dict[str, Any]:
    """Return the members of the list, all ticked unless the query string names others."""
    counts = queries.invitations_to_send(term)
    page = keyset_page(
        queries.mandates_to_invite(term, again=again), request, ordering=BY_NAME, size=pagination.WHOLE_LIST
    )
    named = ((_("Jamais invités"), "?", False), (_("Invités, pas encore venus"), "?qui=relance", True))
    tabs = [
        {"label": label, "url": url, "current": again == known, "count": counts[known]["people"]}
        for label, url, known in named
    ]
    chosen = chosen_mandates(request.GET)
    nobody = request.method == "POST" or request.GET.get("cocher") == "aucun"
    ticked = set() if nobody else (chosen or {}).get("only", {mandate.pk for mandate in page})
    context = {"term": term, "again": again, "page": page, "tabs": tabs, "count": counts[again]["people"]}
    return context | {"ticked": ticked, "may": can_invite(request.user, term)}


def check_context(request: UserRequest, term: Term, again: bool, chosen: dict[str, set[int]]) -> dict[str, Any]:
    """Return what is sent to whom, counted now among those who are still to be invited."""
    counted = queries.invitations_to_send(term, **chosen)[again]
    count, letters = counted["people"], counted["letters"]
    rows = queries.mandates_to_invite(term, again=again, **chosen)
    page = keyset_page(rows, request, ordering=BY_NAME, size=pagination.WHOLE_LIST)
    verb = (
        ("Relancer %(n)s membre", "Relancer %(n)s membres")
        if again
        else ("Inviter %(n)s membre", "Inviter %(n)s membres")
    )
    label = ngettext(*verb, count) % {"n": count}
    context = {"term": term, "again": again, "page": page, "count": count, "label": label}
    context |= {"mails": count - letters, "letters": letters, "ticked": request.GET.getlist(TICKED)}
    return context | {"may": can_invite(request.user, term)}


@require_http_methods(["GET", "HEAD", "POST"])
def seat_list(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_manage)
    return form_page(
        request,
        SeatsForm(posted(request)),
        lambda data: actions.create_seats(term, by=request.user, **data),
        template="members/mandates/seat_list.html",
        context=lambda: {"can_create": rules.can_create_seats(request.user, term), **seats_context(request, term)},
        success_message=lambda count: ngettext("%(n)s siège créé.", "%(n)s sièges créés.", count) % {"n": count},
        to=reverse("members:seat-list"),
    )


def seats_context(request: UserRequest, term: Term) -> dict[str, Any]:
    """Return each canton with the codes of its seats and the open mandate of each, if any."""
    seats = Seat.objects.filter(term=term).select_related("canton")
    page = keyset_page(seats, request, ordering=("canton__number", "gender", "rank"), size=pagination.WHOLE_LIST)
    opened = Mandate.objects.filter(term=term, state__in=MandateState.tagged("open"))
    holders = {row.seat_id: row for row in opened.filter(seat__in=page.rows).select_related("member__person")}
    cantons = [
        (name, [{"code": seat.code, "mandate": holders.get(seat.pk)} for seat in group])
        for name, group in groupby(page, key=lambda seat: seat.canton.name)
    ]
    counts = {"total": len(page), "held": len(holders)}
    if not page.is_alone:
        is_occupied = Exists(opened.filter(seat=OuterRef("pk")))
        counts = seats.aggregate(total=Count("pk"), held=Count("pk", filter=is_occupied))
    is_late = counts["held"] < counts["total"] and rules.is_past_cutoff(term)
    cutoff = rules.replacement_cutoff(term) if is_late else None
    return {"term": term, "cantons": cantons, "page": page, "cutoff": cutoff, **counts}
