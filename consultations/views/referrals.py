"""The list of referrals, what is asked in each, its groups, its history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.ui.csv import csv_response
from assembly.ui.forms import posted
from assembly.ui.pagination import keyset_page, sorting
from assembly.ui.versioned import attempt, differences
from consultations.actions import issuing
from consultations.actions import referrals as actions
from consultations.forms.referrals import ReferralEditForm, ReferralFilterForm, ReferralForm
from consultations.models import Referral
from consultations.queries.committees import about, latest_first
from consultations.queries.referrals import listing
from consultations.rules import referrals as rules
from consultations.views.frame import frame, missing
from consultations.views.steps import desk_referral

COLUMNS = {
    "reference": ("reference",),
    "titre": ("title",),
    "etat": ("state", "reference"),
    "avis": ("due_on",),
    "date": ("created_at",),
}


@require_safe
def referral_list(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_see_desk)
    form = ReferralFilterForm(request.GET, term=term)
    rows = listing(request.user, term).filter(form.condition())
    order = sorting(request, COLUMNS, default="-date")
    context = {
        "term": term,
        "form": form,
        "page": keyset_page(rows.for_screen(), request, ordering=order.ordering),
        "count": rows.count(),
        "order": order,
        "columns": list_columns(),
        "can_create": rules.can_create(request.user, term),
        "export": f"{reverse('consultations:export')}?{request.GET.urlencode()}",
        "is_filtered": form.is_used,
    }
    return render(request, "consultations/referral_list.html", context)


def list_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Saisine"), "key": "titre"},
        {"label": _("Référence"), "key": "reference"},
        {"label": _("Avis attendu"), "key": "avis"},
        {"label": _("Directions"), "number": True},
        {"label": _("État"), "key": "etat"},
    ]


@require_safe
def referral_export(request: UserRequest) -> HttpResponse:
    """Exactly the list shown, whole."""
    term = working_term(request, rules.can_see_desk)
    form = ReferralFilterForm(request.GET, term=term)
    order = sorting(request, COLUMNS, default="-date").ordering
    rows = listing(request.user, term).filter(form.condition()).order_by(*order, "pk")
    return csv_response(_("Saisines"), export_header(), (export_line(row) for row in rows.for_screen()))


def export_header() -> list[str]:
    return [
        _("Référence"),
        _("Titre"),
        _("Origine"),
        _("État"),
        _("Question"),
        _("Émise le"),
        _("Avis attendu le"),
        _("Décision éclairée"),
        _("Date de cette décision"),
        _("Avis des directions demandés"),
        _("Avis des directions rendus"),
        _("En retard"),
        _("Suivie par"),
    ]


def export_line(row: Any) -> list[object]:
    """One referral, with the counts of `with_reviews`."""
    return [
        row.reference,
        row.title,
        row.get_origin_display(),
        row.get_state_display(),
        row.question,
        row.issued_at,
        row.due_on,
        row.target_decision,
        row.target_decision_on,
        row.reviews_asked or 0,
        row.reviews_given or 0,
        row.reviews_late or 0,
        row.officer.get_full_name() if row.officer else "",
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def referral_create(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_see_desk)
    if not rules.can_create(request.user, term):
        raise PermissionDenied
    form = ReferralForm(posted(request), term=term)
    if request.method == "POST" and form.is_valid():
        made = actions.create(term, by=request.user, **form.values())
        messages.success(request, _("Saisine %(ref)s créée.") % {"ref": made.reference})
        return redirect("consultations:referral", made.pk)
    return render(request, "consultations/referral_create.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def referral_edit(request: UserRequest, pk: int) -> HttpResponse:
    referral = desk_referral(request, pk)
    if not rules.can_edit(request.user, referral):
        raise PermissionDenied
    form = edit_form(referral, posted(request))
    tried = attempt(
        form,
        lambda version: actions.edit(unchanged(referral), version=version, by=request.user, **form.values()),
        compare=lambda conflict: differences(edit_form(conflict.current), form),
    )
    if tried.is_saved:
        messages.success(request, _("Saisine enregistrée."))
        return redirect("consultations:referral", referral.pk)
    return render(
        request, "consultations/referral_edit.html", {"form": form, "referral": referral}, status=tried.status
    )


def edit_form(referral: Referral, data: Any = None) -> ReferralEditForm:
    return ReferralEditForm(
        data, term=referral.term, instance=unchanged(referral), initial={"version": referral.version}
    )


def unchanged(referral: Referral) -> Referral:
    """A copy of its own: validation writes into the instance of its form."""
    return Referral.objects.select_related("term__assembly").get(pk=referral.pk)


@require_safe
def referral_show(request: UserRequest, pk: int) -> HttpResponse:
    """What is asked, and where it was treated."""
    referral = desk_referral(request, pk)
    shown = frame(request, referral, "referral")
    edit = reverse("consultations:edit", args=[referral.pk])
    more = {
        "treated": latest_first(about(referral)),
        "parts": parts(referral),
        "lacking": [(f"{edit}#id_{lack.code}", lack) for lack in missing(referral)],
    }
    return render(request, "consultations/referral_show.html", shown | more)


def parts(referral: Referral) -> list[tuple[str, str]]:
    """The text of the referral, in the order of the letter; empty parts are left out."""
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
    return render(request, "consultations/referral_history.html", frame(request, referral, "history"))


@require_POST
def referral_letter(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for the letter: open it when nothing changed since the last one, else watch it being made."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user).select_related("term__assembly"), pk=pk)
    job = issuing.make_letter(referral, by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)
