"""Amendments outside the back office: the form of a member, signatures, the booklet."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.models import Committee
from assembly.text.printable import clean_text
from assembly.text.rewriting import Rewriting
from assembly.web.forms import StyledForm, posted, whole_number
from assembly.web.pages import form_page
from assembly.web.versioned import differences
from opinions.amending.passages import Text
from opinions.amending.typed_input import derive_fields, is_current
from opinions.amendments import actions, queries, rules
from opinions.amendments.forms import AmendmentForm, InviteForm, NewRecommendationForm
from opinions.amendments.queries import likely_place
from opinions.amendments.views.desk import booklet_page, next_text_page, window_sentence
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment, AmendmentState, Opinion
from opinions.pages import member_tabled_opinion
from opinions.sections.queries import seats_today

LATE_TEXT_FIELD = "late_text"


def amendment_form(request: UserRequest, opinion: Opinion, draft: Amendment | None, data: Any = None) -> AmendmentForm:
    seats = seats_today().filter(person=request.user.person_id)
    initial = AmendmentForm.initial_of(draft) if draft else asked_passage(request, opinion)
    return AmendmentForm(
        data,
        initial=initial,
        committees=Committee.objects.filter(term=opinion.term_id, pk__in=seats.values("committee")),
        parents=queries.amendable(request.user, opinion),
    )


def has_late_text(request: UserRequest) -> bool:
    """Return whether the request posts late words for a frozen text: they fill the form, nothing is saved yet."""
    return LATE_TEXT_FIELD in request.POST


def asked_passage(request: UserRequest, opinion: Opinion) -> dict[str, Any]:
    """Return the alinéas and the amendment that a link names, or the most likely place of late words."""
    if has_late_text(request):
        return likely_place(opinion, clean_text(request.POST[LATE_TEXT_FIELD]))
    names = {"alinea_from": "de", "alinea_to": "a", "parent": "sur"}
    parameters = {name: request.GET.get(key, "") for name, key in names.items()}
    return {k: int(value) for k, value in parameters.items() if value.isdecimal() and len(value) < 6}


def rewritten_form(request: UserRequest, opinion: Opinion, rewriting: Rewriting) -> tuple[AmendmentForm, bool]:
    """Return the form filled from the rewritten alinéa, and whether that alinéa has changed since."""
    version = queries.base_version(opinion)
    text = Text(version.tree) if version else None
    number = whole_number(request.POST.get("number", ""), otherwise=0)
    reason = {"reason": request.POST.get("reason", "")}
    if text is None or not is_current(text, number, rewriting):
        form = amendment_form(request, opinion, None, likely_place(opinion, rewriting.now) | reason)
        form.add_error("alinea_from", _("Cet alinéa a changé depuis que vous l’avez ouvert. Vos mots sont gardés."))
        return form, True
    form = amendment_form(request, opinion, None, derive_fields(text, number, rewriting) | reason)
    if rewriting.is_same:
        form.add_error("typed", _("Vous n’avez rien changé dans cet alinéa."))
    return form, False


A = AmendmentState
SHOW = "opinions/amendments/member_show.html"
CHECK = "opinions/amendments/member_check.html"


def member_amendment(request: UserRequest, pk: int) -> Amendment:
    amendment = get_object_or_404(queries.dossier(request.user), pk=pk)
    if not rules.is_member_of(request.user, amendment):
        raise PermissionDenied
    return amendment


def base_context(request: UserRequest, opinion: Opinion) -> dict[str, Any]:
    now = timezone.now()
    return {
        "opinion": opinion,
        "window": window_sentence(opinion, now),
        "can_propose": rules.can_propose(request.user, opinion, now),
    }


@require_safe
def member_list(request: UserRequest, pk: int) -> HttpResponse:
    """Show the reader's drafts and requests to sign, then every admissible amendment in its order of call."""
    opinion = member_tabled_opinion(request, pk)
    version = queries.base_version(opinion)
    passed = list(queries.dossier(request.user).filter(version=version).passed()) if version else []
    people = queries.rapporteurs(opinion)
    context = base_context(request, opinion) | {
        "mine": queries.drafts_of(request.user, opinion),
        "rows": queries.rows(version, passed) if version else [],
        "has_text": version is not None,
        "is_rapporteur": rules.is_rapporteur(request.user, opinion, people),
    }
    return render(request, "opinions/amendments/member_list.html", context)


@require_safe
def member_text(request: UserRequest, pk: int) -> HttpResponse:
    """Show the tabled text, each alinéa with its number and its link."""
    opinion = member_tabled_opinion(request, pk)
    version = queries.base_version(opinion)
    lines = queries.text_lines(version) if version else []
    return render(request, "opinions/amendments/member_text.html", base_context(request, opinion) | {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: UserRequest, pk: int) -> HttpResponse:
    return new_page(request, pk, write_page)


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request: UserRequest, pk: int) -> HttpResponse:
    draft = member_amendment(request, pk)
    AMENDMENT.check(request.user, draft, "edit")
    page = recommendation_page if queries.is_new_recommendation(draft) else write_page
    return page(request, draft.version.opinion, draft)


@require_http_methods(["GET", "HEAD", "POST"])
def member_new_recommendation(request: UserRequest, pk: int) -> HttpResponse:
    return new_page(request, pk, recommendation_page)


def new_page(
    request: UserRequest, pk: int, page: Callable[[UserRequest, Opinion, None], HttpResponse]
) -> HttpResponse:
    """Return `page` without a draft, or the page that explains why nothing may be proposed (409)."""
    opinion = member_tabled_opinion(request, pk)
    if not rules.can_propose(request.user, opinion, timezone.now()):
        return render(request, "opinions/amendments/member_closed.html", base_context(request, opinion), status=409)
    return page(request, opinion, None)


def recommendation_page(request: UserRequest, opinion: Opinion, draft: Amendment | None) -> HttpResponse:
    """Show the form to add a whole recommendation, question by question."""

    def form_of(row: Amendment | None, data: Any = None) -> NewRecommendationForm:
        initial = NewRecommendationForm.initial_of(row) if row else None
        return NewRecommendationForm(data, initial=initial, places=queries.places_after(opinion))

    form = form_of(draft, posted(request))
    node = draft.content[0]["attrs"]["id"] if draft else None
    return draft_page(
        request,
        opinion,
        draft,
        form,
        values=lambda: form.values(node),
        read=form_of,
        context=lambda: {"is_recommendation": True},
    )


def write_page(request: UserRequest, opinion: Opinion, draft: Amendment | None) -> HttpResponse:
    """Show the form of a passage, what to do with it, the new text, the reason."""
    form, is_overtaken = (
        amendment_form(request, opinion, draft, None if has_late_text(request) else posted(request)),
        False,
    )
    if draft is None and (rewriting := Rewriting.from_request(request)) is not None:
        form, is_overtaken = rewritten_form(request, opinion, rewriting)

    def context() -> dict[str, Any]:
        asked = (form[name].value() for name in ("alinea_from", "alinea_to", "parent"))
        shown = queries.shown_passage(opinion, *asked)
        base, is_brought = queries.base_version(opinion), has_late_text(request)
        return {
            "shown": shown,
            "is_moved": draft is not None and base is not None and draft.version_id != base.pk,
            "is_brought": is_brought,
            "lines": queries.text_lines(base) if base and (is_brought or is_overtaken or not shown) else [],
        }

    page = draft_page(
        request,
        opinion,
        draft,
        form,
        values=form.values,
        read=lambda current: amendment_form(request, opinion, current),
        context=context,
    )
    if is_overtaken:
        page.status_code = 409
    return page


def draft_page(
    request: UserRequest,
    opinion: Opinion,
    draft: Amendment | None,
    form: StyledForm,
    *,
    values: Callable[[], dict[str, Any]],
    read: Callable[[Amendment], StyledForm],
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Save what is typed as a draft before it is checked; `read` gives the form of what another window saved."""
    is_left = "keep" in request.POST
    return form_page(
        request,
        form,
        lambda data: actions.save(opinion, by=request.user, draft=draft, revision=data["version"] or 0, **values()),
        compare=lambda late: differences(read(late.current), form),
        template="opinions/amendments/member_write.html",
        context=lambda: base_context(request, opinion) | {"draft": draft} | context(),
        success_message=_("Votre brouillon est gardé.") if is_left else "",
        to=lambda saved_draft: (
            reverse("opinions:my-amendments", args=[opinion.pk])
            if is_left
            else reverse("opinions:amendment-check", args=[saved_draft.pk])
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_check(request: UserRequest, pk: int) -> HttpResponse:
    """Show the draft to read again, ask others to sign, and submit it."""
    draft = member_amendment(request, pk)
    if not rules.is_author(request.user, draft):
        raise PermissionDenied
    if draft.state != A.DRAFT:
        return redirect("opinions:my-amendment", draft.pk)
    missing = [message for error in AMENDMENT.missing(draft, "submit") for message in error.messages]
    if request.method == "POST" and not missing:
        try:
            actions.submit(draft, by=request.user)
        except ValidationError as refused:
            missing = refused.messages
        else:
            messages.success(request, _("Votre amendement est déposé : n°\u00a0%(n)s.") % {"n": draft.number})
            return redirect("opinions:my-amendment", draft.pk)
    context = base_context(request, draft.opinion) | sheet(request, draft) | {"problem": " ".join(missing)}
    return render(request, CHECK, context, status=422 if request.method == "POST" else 200)


def sheet(request: UserRequest, amendment: Amendment) -> dict[str, Any]:
    """Return what every page of one amendment shows."""
    opinion = amendment.version.opinion
    mine = queries.cosigner_of(request.user, amendment)
    can = AMENDMENT.abilities(request.user, amendment)
    return {
        "opinion": opinion,
        "amendment": amendment,
        "row": queries.row(Text(amendment.version.tree), amendment),
        "can": can,
        "mine": mine,
        "is_mine": amendment.author_id == request.user.person_id,
        "waiting": [line for line in amendment.cosigners.all() if line.signed_at is None and line.declined_at is None],
        "invite": InviteForm(people=queries.people_to_invite(amendment)) if can["invite"] else None,
    }


@require_safe
def member_show(request: UserRequest, pk: int) -> HttpResponse:
    """Show one amendment: what it does, who signs, its state."""
    amendment = member_amendment(request, pk)
    if amendment.state == A.DRAFT and amendment.author_id == request.user.person_id:
        return redirect("opinions:amendment-check", amendment.pk)
    return render(request, SHOW, shown(request, amendment))


def shown(request: UserRequest, amendment: Amendment) -> dict[str, Any]:
    """Return what the page of one amendment shows."""
    subs = queries.listing_of_parent(request.user, amendment)
    more = base_context(request, amendment.version.opinion)
    is_former = queries.is_of_former_text(amendment)
    more["can_amend"] = more["can_propose"] and not is_former and queries.is_amendable(amendment)
    more["can_begin_again"] = more["can_propose"] and is_former and rules.is_author(request.user, amendment)
    return sheet(request, amendment) | {"subs": subs} | more


@require_POST
def begin_again(request: UserRequest, pk: int) -> HttpResponse:
    draft = actions.copy_to_draft(member_amendment(request, pk), by=request.user)
    messages.success(request, _("Vos mots sont dans un nouveau brouillon. Choisissez de nouveau le passage."))
    return redirect("opinions:amendment-edit", draft.pk)


@require_POST
def invite(request: UserRequest, pk: int) -> HttpResponse:
    amendment = member_amendment(request, pk)
    form = InviteForm(request.POST, people=queries.people_to_invite(amendment))
    people = [form.cleaned_data["person"]] if form.is_valid() else []
    if not people and AMENDMENT.abilities(request.user, amendment)["invite"]:
        page = CHECK if amendment.state == A.DRAFT else SHOW
        return render(request, page, shown(request, amendment) | {"invite": form}, status=422)
    if actions.invite(amendment, people, by=request.user):
        messages.success(request, _("La demande est faite : la personne la verra dans son espace."))
    return redirect("opinions:my-amendment", amendment.pk)


@require_safe
def member_rapporteur(request: UserRequest, pk: int) -> HttpResponse:
    """Show the rapporteur's own list: those without a view first."""
    opinion = member_tabled_opinion(request, pk)
    if not rules.is_rapporteur(request.user, opinion, queries.rapporteurs(opinion)):
        raise PermissionDenied
    rows = queries.to_view(request.user, opinion)
    return render(
        request,
        "opinions/amendments/member_rapporteur.html",
        {"opinion": opinion, "rows": rows, **base_context(request, opinion)},
    )


GONE = {"effacer", "retirer", "ne-pas-signer"}


def back_to(request: UserRequest, amendment: Amendment) -> str:
    """Return the amendment, or the list when this reader has no page of it any more."""
    slug = request.resolver_match.kwargs["slug"] if request.resolver_match else ""
    if slug == "avis":
        return reverse("opinions:my-rapporteur", args=[amendment.version.opinion_id])
    if request.method == "POST" and slug in GONE:
        return reverse("opinions:my-amendments", args=[amendment.version.opinion_id])
    return reverse("opinions:my-amendment", args=[amendment.pk])


def amendment_label(amendment: Amendment) -> str:
    return _("Amendement n°\u00a0%(n)s") % {"n": amendment.number} if amendment.number else ""


def description_context(amendment: Amendment) -> dict[str, Any]:
    """Return what the amendment does, in words."""
    return {"one": queries.row(Text(amendment.version.tree), amendment)}


STEPS = StepPages(
    AMENDMENT,
    "member",
    fetch=member_amendment,
    back=back_to,
    eyebrow=amendment_label,
)
STEPS.bind(
    "question",
    {
        "withdraw": lambda one: _("Retirer l’amendement n°\u00a0%(n)s ?") % {"n": one.number},
        "give_view": amendment_label,
    },
)
STEPS.bind("context", {"give_view": description_context})


@require_safe
def member_booklet(request: UserRequest, pk: int) -> HttpResponse:
    """Show the booklet to print, for a member."""
    return booklet_page(request, member_tabled_opinion(request, pk), reverse("opinions:my-amendments", args=[pk]))


@require_safe
def member_next_text(request: UserRequest, pk: int) -> HttpResponse:
    """Show the text with the adopted amendments, for a member."""
    return next_text_page(request, member_tabled_opinion(request, pk), "opinions/amendments/member_amended_text.html")
