"""The list of referrals, the text of each, its history, its letter."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.reader_query import ReaderQuery
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.lists import Column, List
from assembly.web.versioned import differences
from consultations.actions import issuing
from consultations.actions import referrals as actions
from consultations.forms.referrals import ReferralEditForm, ReferralFilterForm, ReferralForm
from consultations.models import Referral
from consultations.queries.committees import items_about, latest_first
from consultations.queries.referrals import listing
from consultations.rules import referrals as rules
from consultations.views.frame import dossier_context, missing
from consultations.views.steps import desk_referral


def reviews_of(referral: Any, counted: str) -> int:
    """Return one count of a row of `listing`."""
    return referral.review_counts[counted] if referral.review_counts else 0


LIST = List(
    gettext_lazy("Saisines"),
    [
        Column(
            gettext_lazy("Titre"),
            "title",
            key="titre",
            order=["title__alphabetical"],
            short_label=gettext_lazy("Saisine"),
        ),
        Column(gettext_lazy("Référence"), "reference", key="reference", order=["reference"]),
        Column(gettext_lazy("Origine"), "get_origin_display"),
        Column(gettext_lazy("Question"), "question"),
        Column(gettext_lazy("Émise le"), "issued_at"),
        Column(gettext_lazy("Avis attendu le"), "due_on", key="avis", order=["due_on"]),
        Column(gettext_lazy("Décision éclairée"), "target_decision"),
        Column(gettext_lazy("Date de cette décision"), "target_decision_on"),
        Column(gettext_lazy("Directions"), key="directions", number=True),
        Column(gettext_lazy("Contributions des directions demandées"), lambda row: reviews_of(row, "asked")),
        Column(gettext_lazy("Contributions des directions rendues"), lambda row: reviews_of(row, "given")),
        Column(gettext_lazy("En retard"), lambda row: reviews_of(row, "late")),
        Column(gettext_lazy("Suivie par"), lambda row: row.officer.get_full_name() if row.officer else ""),
        Column(gettext_lazy("État"), "get_state_display", key="etat", order=["state", "reference"]),
    ],
    default="-date",
    orders={"date": ["created_at"]},
    export="consultations:export",
)

OPENING: ReaderQuery[Referral] = ReaderQuery(lambda user, term: LIST.first_rows(listing(user, term).for_screen()))


@require_safe
def referral_list(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_see_desk)
    form = ReferralFilterForm(request.GET, term=term)
    if request.GET:
        page = LIST.page(request, listing(request.user, term).filter(form.condition()).for_screen())
    else:
        page = LIST.default_page(request, OPENING(request.user, term), lambda: listing(request.user, term).count())
    context = {
        "term": term,
        "form": form,
        "list": page,
        "can_create": rules.can_create(request.user, term),
    }
    return render(request, "consultations/referral_list.html", context)


@require_safe
def referral_export(request: UserRequest) -> HttpResponse:
    """Send exactly the list shown, all pages."""
    term = working_term(request, rules.can_see_desk)
    form = ReferralFilterForm(request.GET, term=term)
    rows = listing(request.user, term).filter(form.condition()).select_related("officer__person")
    return LIST.file(request, rows.for_screen(), form, term.name)


@require_http_methods(["GET", "HEAD", "POST"])
def referral_create(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_see_desk)
    if not rules.can_create(request.user, term):
        raise PermissionDenied
    form = ReferralForm(posted(request), term=term)
    return form_page(
        request,
        form,
        lambda data: actions.create(term, by=request.user, **form.values()),
        template="consultations/referral_create.html",
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
        template="consultations/referral_edit.html",
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
        treated=latest_first(items_about(referral)),
        parts=parts(referral),
        missing_parts=[(f"{edit}#id_{error.code}", error) for error in missing(referral)],
    )
    return render(request, "consultations/referral_show.html", context)


def parts(referral: Referral) -> list[tuple[str, str]]:
    """Return the text of the referral, in the order of the letter; empty parts are left out."""
    rows = [
        (_("Contexte"), referral.context),
        (_("Lien avec les compétences du Département"), referral.powers_link),
        (_("Ce qui est déjà décidé"), referral.decided),
        (_("Ce qui est ouvert"), referral.open_points),
        (_("Ce qui n’est pas possible"), referral.impossible),
        (_("Cadre budgétaire"), referral.budget_frame),
        (_("Ce qui est attendu"), referral.deliverable),
        (_("Moyens donnés à l’assemblée"), referral.support_offered),
    ]
    return [(label, text) for label, text in rows if text]


@require_safe
def referral_history(request: UserRequest, pk: int) -> HttpResponse:
    referral = desk_referral(request, pk)
    return render(request, "consultations/referral_history.html", dossier_context(request, referral, "history"))


@require_POST
def referral_letter(request: UserRequest, pk: int) -> HttpResponse:
    """Request the letter: redirect to the file when nothing changed since the last one, else to its progress."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user).select_related("term__assembly"), pk=pk)
    job = issuing.make_letter(referral, by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)
