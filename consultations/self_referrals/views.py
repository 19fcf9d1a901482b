"""Pages of self-referrals: « Sujets proposés » of members, then record, tab, steps and settings in the back office."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.identity.http import UserRequest, recently_authenticated_to_write
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.institution.pages import working_term
from assembly.institution.rules import is_team
from assembly.web.forms import local_address, posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.pagination import keyset_page
from assembly.web.versioned import differences
from assembly.workflow import StateConflict
from consultations.models import Referral, ReferralSettings, SuggestionDraft
from consultations.pages import (
    SELF_REFERRAL_STEPS,
    dossier_context,
    has_coming_plenary,
    outside_status,
    path,
    team_self_referral,
)
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.self_referrals import actions, queries, rules
from consultations.self_referrals.actions import change_settings
from consultations.self_referrals.forms import (
    MemberSuggestionFilterForm,
    SelfReferralSettingsForm,
    SuggestionChangeForm,
    SuggestionForm,
    SuggestionRecordForm,
)


def vote_lines(referral: Referral) -> list[str]:
    question = actions.vote_question(referral)
    return [
        _("La séance reçoit un point de l’ordre du jour et un vote prêt : %(question)s") % {"question": question},
        _("Le résultat proclamé s’inscrira ici tout seul."),
    ]


def shortlist_lines(referral: Referral) -> list[str]:
    supporters = referral.supports.count()
    line = ngettext("%(n)s membre le soutient.", "%(n)s membres le soutiennent.", supporters) % {"n": supporters}
    return [line, _("Il reçoit sa référence, et les soutiens s’arrêtent. Son auteur est prévenu.")]


def record_view(referral: Referral, *, by: User, **data: Any) -> None:
    file = data.pop("file", None)
    actions.record_view(referral, upload=keep_file(file, by=by) if file else None, by=by, **data)


SELF_REFERRAL_STEPS.bind("consequences", {"shortlist": shortlist_lines, "put_to_vote": vote_lines})
SELF_REFERRAL_STEPS.bind(
    "action",
    {
        "record_view": record_view,
    },
)
SELF_REFERRAL_STEPS.bind("offered", {"put_to_vote": has_coming_plenary})

ORDERS = {"": ("-created_at",), "points": ("-dots", "-created_at"), "miens": ("-created_at",)}


def suggestions_term(request: UserRequest) -> Term:
    return working_term(request, rules.can_read_suggestions)


def member_suggestion(request: UserRequest, pk: int) -> Referral:
    """Return a subject that the reader has in the list, or one of their own."""
    return get_object_or_404(queries.readable_suggestions(request.user, suggestions_term(request)), pk=pk)


@require_safe
def member_list(request: UserRequest) -> HttpResponse:
    term = suggestions_term(request)
    form = MemberSuggestionFilterForm(request.GET)
    rows = queries.readable_suggestions(request.user, term).filter(form.condition())
    order = form.cleaned_data.get("tri", "") if form.is_valid() else ""
    if order == "miens":
        rows = rows.filter(suggested_by=request.user)
    budget = queries.dot_budget_of(request.user, term)
    context = {
        "form": form,
        "page": keyset_page(rows, request, ordering=ORDERS[order]),
        "count": rows.count(),
        "budget": budget,
        "remaining": remaining_dots_sentence(budget),
        "can_suggest": rules.can_suggest(request.user, term),
        "is_filtered": form.is_used,
        "back": request.get_full_path(),
    }
    return render(request, "consultations/self_referrals/member_list.html", context)


def remaining_dots_sentence(budget: queries.DotBudget) -> str:
    """Return « Il vous reste 3 points sur 5. », as text for everybody and for screen readers."""
    if not budget.left:
        return _("Vous avez donné tous vos points.")
    text = ngettext("Il vous reste %(n)s point sur %(all)s.", "Il vous reste %(n)s points sur %(all)s.", budget.left)
    return text % {"n": budget.left, "all": budget.limits.dots}


@require_safe
def member_show(request: UserRequest, pk: int) -> HttpResponse:
    """Show what was proposed, its state, and why."""
    referral = member_suggestion(request, pk)
    budget = queries.dot_budget_of(request.user, referral.term)
    context = {
        "referral": referral,
        "budget": budget,
        "remaining": remaining_dots_sentence(budget),
        "status": outside_status(referral),
        "path": path(referral),
        "check": getattr(referral, "admissibility", None),
        "view": getattr(referral, "council_view", None),
        "can_change": rules.can_change(request.user, referral),
        "can_take_back": REFERRAL.can_take(request.user, referral, "take_back"),
        "is_mine": referral.suggested_by_id == request.user.pk,
        "back": request.get_full_path(),
    }
    return render(request, "consultations/self_referrals/member_show.html", context)


@require_POST
def put_dots(request: UserRequest, pk: int) -> HttpResponse:
    """Set the number of one's dots there; the page shows how many remain."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user), pk=pk)
    raw = request.POST.get("dots", "")
    error = ""
    try:
        actions.put_dots(referral, int(raw) if raw.isdecimal() and len(raw) < 3 else -1, by=request.user)
    except ValidationError as refused:
        error = " ".join(refused.messages)
    except StateConflict:
        error = _("Ce sujet n’est plus ouvert aux soutiens : il a avancé.")
    if request.headers.get("HX-Request"):
        return dots_fragment(request, pk, error)
    if error:
        messages.error(request, error)
    back = local_address(request, request.POST.get("back", ""))
    return redirect(back or f"{reverse('consultations:my-suggestions')}#sujet-{pk}")


def dots_fragment(request: UserRequest, pk: int, error: str) -> HttpResponse:
    referral = member_suggestion(request, pk)
    budget = queries.dot_budget_of(request.user, referral.term)
    context = {
        "referral": referral,
        "budget": budget,
        "remaining": error or remaining_dots_sentence(budget),
        "fresh": True,
    }
    return render(
        request, "consultations/self_referrals/member_dots.html", context | {"back": request.POST.get("back", "")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: UserRequest) -> HttpResponse:
    """Show three questions on one short page; the answers are saved while they are written."""
    term = suggesting_term(request)
    draft = SuggestionDraft.objects.filter(user=request.user).first()
    form = SuggestionForm(posted(request), initial=draft_values(draft))
    return form_page(
        request,
        form,
        lambda data: actions.save_draft(request.user, **form.values()),
        template="consultations/self_referrals/member_suggest.html",
        context=lambda: {"alike": queries.similar_suggestions(term, form["title"].value() or ""), "draft": draft},
        to=reverse("consultations:suggest-check"),
    )


def suggesting_term(request: UserRequest) -> Term:
    term = suggestions_term(request)
    if not rules.can_suggest(request.user, term):
        raise PermissionDenied
    return term


def draft_values(draft: SuggestionDraft | None) -> dict[str, str]:
    names = ("title", "why", "powers_link")
    return {name: getattr(draft, name) for name in names} if draft else {}


@repeatable("a draft is written over as it is typed")
@require_POST
def suggest_draft(request: UserRequest) -> HttpResponse:
    """Save what is written so far, and answer with the subjects that look like it."""
    term = suggesting_term(request)
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in ("title", "why", "powers_link")}
    actions.save_draft(request.user, **typed)
    return render(
        request,
        "consultations/self_referrals/member_alike.html",
        {"alike": queries.similar_suggestions(term, typed["title"]), "saved": True},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def suggest_check(request: UserRequest) -> HttpResponse:
    """Show the draft again, then propose it; sent twice, it is proposed once."""
    term = suggesting_term(request)
    if request.method == "POST":
        referral = actions.suggest(term, by=request.user)
        if referral is None:
            messages.info(request, _("Ce sujet vient d’être proposé."))
            return redirect("consultations:my-suggestions")
        messages.success(request, _("Votre sujet est proposé. Les autres membres peuvent le soutenir."))
        return redirect("consultations:my-suggestion", referral.pk)
    draft = SuggestionDraft.objects.filter(user=request.user).first()
    if draft is None or not SuggestionForm(draft_values(draft)).is_valid():
        return redirect("consultations:suggest")
    return render(
        request,
        "consultations/self_referrals/member_check.html",
        {"draft": draft, "alike": queries.similar_suggestions(term, draft.title)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_change(request: UserRequest, pk: int) -> HttpResponse:
    referral = member_suggestion(request, pk)
    if not rules.is_author(request.user, referral):
        raise PermissionDenied
    if not rules.can_change(request.user, referral):
        raise StateConflict(referral, "edit")
    return change_page(
        request, referral, "consultations/self_referrals/member_change.html", "consultations:my-suggestion"
    )


def change_page(request: UserRequest, referral: Referral, template: str, back: str) -> HttpResponse:
    """Correct the text of a suggestion, in the members' area or in the back office."""
    form = change_form(referral, posted(request))
    address = reverse(back, args=[referral.pk])
    return form_page(
        request,
        form,
        lambda data: actions.change(referral, version=data["version"], by=request.user, **form.values()),
        compare=lambda late: differences(change_form(late.current), form),
        template=template,
        context={"referral": referral, "back": address},
        success_message=_("Sujet enregistré."),
        to=address,
    )


def change_form(referral: Referral, data: Any = None) -> SuggestionChangeForm:
    names = {"title": referral.title, "why": referral.context, "powers_link": referral.powers_link}
    return SuggestionChangeForm(data, initial=names | {"version": referral.version})


@require_http_methods(["GET", "HEAD", "POST"])
def member_take_back(request: UserRequest, pk: int) -> HttpResponse:
    referral = member_suggestion(request, pk)
    if not rules.is_author(request.user, referral):
        raise PermissionDenied
    if request.method == "POST":
        REFERRAL.transition(referral, "take_back", by=request.user)
        messages.success(request, _("Votre sujet est retiré."))
        return redirect("consultations:my-suggestions")
    if not REFERRAL.can_take(request.user, referral, "take_back"):
        raise StateConflict(referral, "take_back")
    return render(request, "consultations/self_referrals/member_take_back.html", {"referral": referral})


# Steps that move a subject forward: the first one that is available is the main button.
FORWARD = ("preselectionner", "recevabilite", "avis-du-conseil", "decision", "mettre-aux-voix")


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_record(request: UserRequest) -> HttpResponse:
    """Record what a member gave on paper or by telephone."""
    term = working_term(request, is_team)
    if not rules.can_record_for(request.user, term):
        raise PermissionDenied
    form = SuggestionRecordForm(posted(request), term=term)
    return form_page(
        request,
        form,
        lambda data: actions.record_for(term, data["member"], via=data["via"], by=request.user, **form.values()),
        template="consultations/self_referrals/record.html",
        success_message=_("Le sujet est enregistré."),
        to=lambda referral: reverse("consultations:suggestion", args=[referral.pk]),
    )


@require_safe
def suggestion_tab(request: UserRequest, pk: int) -> HttpResponse:
    """Show supports, admissibility, the council's view, the vote; the main button is the next of these steps."""
    referral = team_self_referral(request, pk)
    facts = queries.desk_dossier(referral.pk)
    context = dossier_context(request, referral, "suggestion", supported=supports_sentence(facts["dots"]), **facts)
    status = context["frame"].status
    first = next((slug for slug in FORWARD if SELF_REFERRAL_STEPS.is_offered(request.user, referral, slug)), "")
    if first:
        status = replace(
            status, label=str(SELF_REFERRAL_STEPS.pages[first].label), url=SELF_REFERRAL_STEPS.url(referral, first)
        )
    elif status.url == request.path:
        status = replace(status, url="")
    context |= {
        "frame": replace(context["frame"], status=status),
        "steps_here": SELF_REFERRAL_STEPS.links(request, referral, without={first}),
        "can_change": rules.can_change(request.user, referral),
    }
    return render(request, "consultations/self_referrals/tab.html", context)


def supports_sentence(totals: dict[str, Any]) -> str:
    """Return « 12 points donnés par 5 membres. »."""
    dots, members = totals["dots"] or 0, totals["supporters"]
    if not dots:
        return _("Aucun point pour le moment.")
    points = ngettext("%(n)s point donné", "%(n)s points donnés", dots) % {"n": dots}
    by = ngettext("par %(n)s membre", "par %(n)s membres", members) % {"n": members}
    return f"{points} {by}."


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_change(request: UserRequest, pk: int) -> HttpResponse:
    """Correct what the team recorded for a member."""
    referral = team_self_referral(request, pk)
    if not rules.can_change(request.user, referral):
        raise StateConflict(referral, "edit")
    return change_page(request, referral, "consultations/self_referrals/change.html", "consultations:suggestion")


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def suggestion_settings(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_set)
    row = queries.settings_of(term) or ReferralSettings(term=term)
    return form_page(
        request,
        SelfReferralSettingsForm(posted(request), instance=row),
        lambda data: change_settings(term, data, by=request.user),
        template="consultations/self_referrals/settings.html",
        context={"term": term},
        success_message=lambda changed: _("Réglages enregistrés.") if changed else _("Rien n’a changé."),
        to=reverse("consultations:settings"),
    )
