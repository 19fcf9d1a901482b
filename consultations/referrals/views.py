"""Pages of referrals: the back office's, then those of the offices, of members, of anybody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import StepPages
from assembly.dossiers.frame import Status, awaited_for
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.pages import working_term
from assembly.portal.registry import page_widgets
from assembly.portal.share import share_card
from assembly.speed.page_cache import public_page
from assembly.text.french import french_enumeration
from assembly.web.forms import posted
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.pagination import keyset_page
from assembly.web.versioned import differences
from consultations.briefing.queries import public_documents
from consultations.hearings.queries import hearing_counts, hearings_of, public_hearings
from consultations.models import Referral, ReferralCommittee
from consultations.pages import (
    STEPS,
    desk_referral,
    dossier_context,
    has_coming_plenary,
    missing,
    missing_labels,
    outside_status,
    path,
    referral_name,
    status_of,
)
from consultations.referrals import actions, queries, rules
from consultations.referrals.forms import AssignForm, BodyForm, MandateForm, ReferralEditForm, ReferralForm
from consultations.referrals.workflow.by_origin import REFERRAL
from sessions.sittings.queries.sittings import published_sittings


def asked_lines(referral: Referral) -> list[str]:
    """Return how many directorates are asked, with their names."""
    named = queries.named_directorates(referral)
    template = ngettext(
        "%(n)s direction sera consultée : %(who)s.", "%(n)s directions seront consultées : %(who)s.", len(named)
    )
    return (
        [template % {"n": len(named), "who": french_enumeration([row.directorate.name for row in named])}]
        if named
        else []
    )


def stop_lines(referral: Referral) -> list[str]:
    """List what stops with it, before the confirmation."""
    stops = actions.preview_ending(referral)
    lines = []
    if stops.reviews:
        text = ngettext(
            "%(n)s demande de contribution sera close, la direction est prévenue : %(who)s.",
            "%(n)s demandes de contribution seront closes, les directions sont prévenues : %(who)s.",
            len(stops.reviews),
        )
        lines.append(text % {"n": len(stops.reviews), "who": french_enumeration(stops.reviews)})
    if stops.committees:
        text = ngettext("%(n)s groupe n’y travaille plus.", "%(n)s groupes n’y travaillent plus.", stops.committees)
        lines.append(text % {"n": stops.committees})
    if stops.hearings:
        text = ngettext("%(n)s audition reste prévue.", "%(n)s auditions restent prévues.", stops.hearings)
        lines.append(text % {"n": stops.hearings} + " " + _("Prévenez les personnes invitées."))
    return [*lines, _("Sa page et son historique restent.")]


def record_paper(referral: Referral, *, by: User, **data: Any) -> None:
    actions.record_paper(
        referral,
        upload=keep_file(data["file"], by=by),
        letter_on=data["letter_on"],
        reviews_due_on=data["reviews_due_on"],
        by=by,
    )


STEPS.bind("consequences", {"record_paper": asked_lines, "merge": stop_lines, "withdraw": stop_lines})
STEPS.bind(
    "action",
    {
        "record_paper": record_paper,
        "answer": lambda referral, by, **data: actions.record_answer(
            referral, on=data["on"], upload=keep_file(data["file"], by=by), by=by
        ),
    },
)
STEPS.bind(
    "offered",
    {
        "announce": has_coming_plenary,
        "accept": lambda user, referral: queries.receiving_items(referral).exists(),
        "answer": lambda user, referral: not REFERRAL.missing(referral, "answer"),
    },
)


@require_http_methods(["GET", "HEAD", "POST"])
def referral_create(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_create)
    form = ReferralForm(posted(request), term=term)
    return form_page(
        request,
        form,
        lambda data: actions.create(term, by=request.user, **form.values()),
        template="consultations/referrals/create.html",
        success_message=lambda referral: _("Saisine %(ref)s créée.") % {"ref": referral.reference},
        to=lambda referral: reverse("consultations:referral", args=[referral.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def referral_edit(request: UserRequest, pk: int) -> HttpResponse:
    referral = desk_referral(request, pk)
    if not rules.can_edit(request.user, referral):
        raise PermissionDenied
    form = edit_form(referral, posted(request))
    return form_page(
        request,
        form,
        lambda data: actions.edit(unchanged(referral), version=data["version"], by=request.user, **form.values()),
        compare=lambda late: differences(edit_form(late.current), form),
        template="consultations/referrals/edit.html",
        context={"referral": referral},
        success_message=_("Saisine enregistrée."),
        to=reverse("consultations:referral", args=[referral.pk]),
    )


def edit_form(referral: Referral, data: Any = None) -> ReferralEditForm:
    return ReferralEditForm(
        data, term=referral.term, instance=unchanged(referral), initial={"version": referral.version}
    )


def unchanged(referral: Referral) -> Referral:
    """Return a separate copy: validation writes into the instance of its form."""
    return Referral.objects.select_related("term__assembly").get(pk=referral.pk)


@require_safe
def referral_show(request: UserRequest, pk: int) -> HttpResponse:
    """Show what is asked, and where it was treated."""
    referral = desk_referral(request, pk)
    edit = reverse("consultations:edit", args=[referral.pk])
    context = dossier_context(
        request,
        referral,
        "referral",
        treated=queries.latest_first(queries.items_about(referral)),
        parts=referral.parts,
        missing_parts=[(f"{edit}#id_{error.code}", error) for error in missing(referral)],
    )
    return render(request, "consultations/referrals/show.html", context)


@require_safe
def referral_history(request: UserRequest, pk: int) -> HttpResponse:
    referral = desk_referral(request, pk)
    return render(request, "consultations/referrals/history.html", dossier_context(request, referral, "history"))


@require_POST
def referral_letter(request: UserRequest, pk: int) -> HttpResponse:
    """Request the letter: redirect to the file when nothing changed since the last one, else to its progress."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user).select_related("term__assembly"), pk=pk)
    job = actions.make_letter(referral, by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def committees(request: UserRequest, pk: int) -> HttpResponse:
    """Show the groups in charge, their decisions and actions; a POST assigns the referral to one more."""
    referral = desk_referral(request, pk)
    may_assign = rules.can_assign(request.user, referral)
    if request.method == "POST" and not may_assign:
        raise PermissionDenied
    filters = BodyForm(request.GET)
    return form_page(
        request,
        AssignForm(posted(request), referral=referral),
        lambda data: actions.assign_committee(referral, by=request.user, **data),
        template="consultations/referrals/committees.html",
        context=lambda: dossier_context(
            request,
            referral,
            "committees",
            filters=filters,
            groups=queries.committees_in_charge(referral),
            work=queries.work_on(referral, body=filters.chosen()),
            may_assign=may_assign,
        ),
        success_message=lambda row: _("La saisine est confiée à « %(name)s ».") % {"name": row.committee.name},
        to=reverse("consultations:committees", args=[pk]),
        field="committee",
    )


def active_assignment(request: UserRequest, pk: int, row: int) -> ReferralCommittee:
    """Return a group of this referral, still in charge."""
    referral = desk_referral(request, pk)
    if not rules.can_assign(request.user, referral):
        raise PermissionDenied
    assignment = get_object_or_404(
        ReferralCommittee.objects.select_related("committee"), pk=row, referral=referral, ended_at=None
    )
    assignment.referral = referral
    return assignment


@require_http_methods(["GET", "HEAD", "POST"])
def committee_mandate(request: UserRequest, pk: int, row: int) -> HttpResponse:
    assignment = active_assignment(request, pk, row)
    return form_page(
        request,
        MandateForm(posted(request), initial={"mandate_statement": assignment.mandate_statement}),
        lambda data: actions.restate_mandate(assignment, by=request.user, **data),
        template="consultations/referrals/mandate.html",
        context={"row": assignment, "referral": assignment.referral},
        success_message=_("Mandat enregistré."),
        to=reverse("consultations:committees", args=[pk]),
    )


def release_question(request: UserRequest, pk: int, row: int) -> Question:
    assignment = active_assignment(request, pk, row)
    members = assignment.committee.memberships.filter(ends_on=None).count()
    template = ngettext("%(n)s membre n’y travaille plus.", "%(n)s membres n’y travaillent plus.", members)
    title = _("Retirer la saisine à « %(name)s » ?") % {"name": assignment.committee.name}
    lines = [template % {"n": members}, _("Ce que le groupe a fait reste. Personne ne reçoit de courriel.")]
    return Question(
        title,
        _("Retirer la saisine au groupe"),
        reverse("consultations:committees", args=[pk]),
        lines,
        about=assignment,
    )


@confirm_first(release_question)
def committee_release(request: UserRequest, pk: int, row: int) -> HttpResponse:
    assignment = active_assignment(request, pk, row)
    actions.release_committee(assignment, by=request.user)
    messages.success(request, _("« %(name)s » n’est plus chargé de la saisine.") % {"name": assignment.committee.name})
    return redirect("consultations:committees", pk)


def office_referral_or_404(request: UserRequest, pk: int) -> Referral:
    """Return the referral for an office; unseen is 404, seen in another area only is 403."""
    referral = queries.DOSSIER(request.user, pk)
    if not rules.can_read_in_office(request.user, referral):
        raise PermissionDenied
    return referral


@require_safe
def office_referral(request: UserRequest, pk: int) -> HttpResponse:
    """Show the letter to read, its state, what the directorates said."""
    referral = office_referral_or_404(request, pk)
    can = REFERRAL.abilities(request.user, referral) | rules.abilities(request.user, referral)
    numbers, missing = queries.figures(referral), missing_labels(referral)
    status = office_status(referral, numbers, missing, can)
    context = {
        "referral": referral,
        "can": can,
        "letter": queries.letter_facts(referral),
        "path": path(referral),
        "missing": missing,
        "status": status,
        "awaited": awaited_for(status, request.user, referral),
        "reviews": list(queries.given_reviews(request.user, referral)),
        "figures": numbers,
    }
    return render(request, "consultations/referrals/office.html", context)


def office_status(
    referral: Referral, numbers: queries.ReferralFigures, missing: list[str], can: dict[str, bool]
) -> Status:
    """Return the same sentence as the team's, with the office's own button: its visa, or the council's view."""
    status = status_of(referral, numbers, missing, {})
    if can["give_view"]:
        view = OFFICE_STEPS.url(referral, "avis-du-conseil")
        return Status(
            _("L’assemblée attend la position du président."),
            status.sentence,
            _("Donner la position du président"),
            view,
        )
    if can["issue"] and not missing:
        visa = OFFICE_STEPS.url(referral, "emettre")
        return Status(_("Cette saisine attend votre visa."), status.sentence, _("Émettre la saisine"), visa)
    return status


def visa_lines(referral: Referral) -> list[str]:
    return [
        _("Vous engagez le président sur la question et sur la date de l’avis."),
        *asked_lines(referral),
        _("La lettre est scellée, à votre nom et à l’heure du visa : son texte ne changera plus."),
    ]


OFFICE_STEPS = StepPages(
    REFERRAL,
    "office",
    name="consultations:office-step",
    fetch=office_referral_or_404,
    back=lambda request, referral: reverse("consultations:office-referral", args=[referral.pk]),
    eyebrow=referral_name,
)
OFFICE_STEPS.bind("consequences", {"issue": visa_lines})


@require_safe
def member_referral_list(request: UserRequest) -> HttpResponse:
    """List the referrals, the latest on top; those of the reader's own groups are marked."""
    rows = queries.with_my_groups(queries.my_referrals(request.user), request.user.person_id)
    page = keyset_page(rows.for_screen(), request, ordering=("-created_at",))
    context = {"page": page, "count": queries.my_referrals(request.user).count()}
    return render(request, "consultations/referrals/member_list.html", context)


@require_safe
def member_referral(request: UserRequest, pk: int) -> HttpResponse:
    referral = get_object_or_404(
        queries.area_referrals(request.user).select_related("briefing", "signed_letter"), pk=pk
    )
    pack = getattr(referral, "briefing", None)
    context = {
        "referral": referral,
        "status": outside_status(referral),
        "path": path(referral),
        "parts": referral.parts,
        "groups": queries.committees_in_charge(referral),
        "treated": queries.agenda_items_read_by(request.user, referral),
        "decisions": queries.decisions_read_by(request.user, referral),
        "pack_url": reverse("consultations:my-briefing", args=[referral.pk]) if pack and pack.is_released else "",
        "hearings": hearings_of(referral),
        "counts": hearing_counts(referral),
        "letter": f"{referral.reference}-LS"
        if referral.issue_channel == "visa"
        else "",  # it is sealed when the visa was given online
    }
    return render(request, "consultations/referrals/member.html", context)


@login_not_required
@require_safe
@public_page
def public_referral_list(request: HttpRequest) -> HttpResponse:
    """List what the assembly works on, then what the council must answer, then what is over."""
    rows = queries.published_open_first()
    page = keyset_page(rows.for_screen(), request, ordering=("is_over", "-created_at"))
    context = {
        "page": page,
        "count": rows.count(),
        "open": [row for row in page if not row.is_over],
        "answered": [row for row in page if row.is_over == 1],
        "over": [row for row in page if row.is_over == 2],
    }
    return render(request, "consultations/referrals/public_list.html", context)


@login_not_required
@require_safe
@public_page
def public_referral(request: HttpRequest, reference: str) -> HttpResponse:
    referral = get_object_or_404(queries.public_dossier(), reference=reference)
    context = {
        "referral": referral,
        "status": outside_status(referral),
        "path": path(referral),
        "parts": referral.parts,
        "sittings": published_sittings(referral),
        "widgets": page_widgets("public-referral", None, referral),
        "documents": public_documents(referral),
        "hearings": public_hearings(referral),
        "counts": hearing_counts(referral),
        "view": getattr(referral, "council_view", None),
    }
    return render(request, "consultations/referrals/public.html", context)


@login_not_required
@require_safe
@public_page
def public_card(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the picture of that page for links that are shared."""
    referral = get_object_or_404(queries.published().select_related("term", "merged_into"), reference=reference)
    return share_card(
        title=referral.question or referral.title,
        reference=referral.reference,
        line=outside_status(referral).sentence,
        seats=referral.term.seats,
    )
