"""Area of those who write and decide: one page per case, saved as one types, and the list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from answers.cases import queries
from answers.cases.actions import writing
from answers.cases.forms import AnswerGridForm, CaseFilter
from answers.enums import AnswerCaseState, AnswerValue
from answers.follow_up.queries import follow_up_summaries
from answers.models import Answer, AnswerCase
from answers.models.answer import CONTENT
from answers.queries.committee import committee_notes
from answers.queries.drafts import unpublished_answer
from answers.queries.people import signers_of
from answers.rules.clocks import clock_of
from answers.views.directorate_steps import DIRECTORATE_STEPS, case_or_404
from answers.views.follow_up_steps import DIRECTORATE_FOLLOW_UP_STEPS
from answers.workflows import ANSWER
from assembly.dossiers.awaited import awaited_of
from assembly.dossiers.frame import Status
from assembly.identity.http import UserRequest
from assembly.institution.enums import Role
from assembly.institution.rules import can_enter_directorate_area, has_role
from assembly.text.french import format_date, in_days
from assembly.web.pagination import keyset_page
from assembly.web.versioned import CONFLICT, Attempt, attempt, autosave_response, is_autosave
from opinions.pages import recommendation_page

S = AnswerCaseState
PATH = ("envoyer", "viser", "arbitrer", "decider")  # steps of the main button


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_case(request: UserRequest, pk: int) -> HttpResponse:
    """Show the page of one case; a POST saves the draft, as one types (JSON answer) or from the plain form."""
    case = case_or_404(request, pk)
    return save(request, case) if request.method == "POST" else page(request, case)


def page(
    request: UserRequest, case: AnswerCase, *, form: AnswerGridForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the answer next to what the assembly proposed, the notes of the services, the amendments and the vote."""
    versions = list(Answer.objects.not_abandoned().filter(case=case).order_by("-number"))
    answer = versions[0] if versions else None
    can = ANSWER.abilities(request.user, case)
    if can["draft"] and form is None:
        form = AnswerGridForm(instance=answer or Answer(case=case, number=1))
    slug = next((slug for slug in PATH if DIRECTORATE_STEPS.is_offered(request.user, case, slug)), "")
    context = {
        "case": case,
        "answer": answer,
        "value": AnswerValue(answer.value).label if answer and answer.value else "",
        "content_lines": queries.answer_lines(answer),
        "former": [(row, queries.answer_lines(row)) for row in versions[1:] if row.is_published],
        "can": can,
        "form": form,
        "clock": clock_of(case, timezone.localdate()),
        "status": status_of(case, answer),
        "awaited": None if slug else awaited_of(request.user, case),
        "big": (DIRECTORATE_STEPS.url(case, slug), DIRECTORATE_STEPS.pages[slug].label) if slug else None,
        "links": DIRECTORATE_STEPS.links(request, case, without={slug}),
        "conflict_texts": queries.conflict_texts(case, request.user) if can["draft"] else [],
        "associated": case.associated.order_by("name__alphabetical"),
        "reading": recommendation_page(case.recommendation) if case.recommendation else None,
        "sidebar": queries.sidebar(case),
        "history": queries.case_history(case),
        "reason_label": queries.reason_label(case) if can["draft"] else "",
        **follow_up_of(request, case),
    }
    return render(request, "answers/cases/directorate.html", context, status=status)


def follow_up_of(request: UserRequest, case: AnswerCase) -> dict[str, Any]:
    """Return the progress of what was promised, and the steps that the reader may take."""
    follow_up = follow_up_summaries([case]).get(case.pk) if case.answered_on else None
    if follow_up is None:
        return {"follow_up": None}
    row = follow_up.follow_up
    row.case = case
    links = DIRECTORATE_FOLLOW_UP_STEPS.links(request, row)
    return {
        "follow_up": follow_up,
        "follow_up_links": links,
        "follow_up_awaited": awaited_of(request.user, row),
        "committee_notes": committee_notes(row),
    }


def status_of(case: AnswerCase, answer: Answer | None) -> Status:
    """Return the state in one sentence, and the due day."""
    due = (
        _("Elle est attendue le %(day)s, %(left)s.")
        if not clock_of(case, timezone.localdate()).is_late
        else _("Elle était attendue le %(day)s, %(left)s.")
    )
    until = "" if case.answered_on else due % {"day": format_date(case.due_on), "left": in_days(case.due_on)}
    match case.state:
        case S.ASSIGNED:
            names = " ou ".join(user.get_full_name() for user in signers_of(case))
            visa = (
                _("Elle sera visée par %(names)s.") % {"names": names}
                if names
                else _("Personne ne peut encore la viser : prévenez la mission.")
            )
            return Status(_("Votre direction écrit la réponse."), f"{until} {visa}".strip())
        case S.SUBMITTED:
            return Status(_("La réponse attend le visa de la direction."), until)
        case S.VALIDATED:
            return Status(_("La réponse est visée. Elle attend la décision du Conseil départemental."), until)
        case S.ARBITRATION:
            return Status(_("La réponse attend un arbitrage."), until)
        case S.DECIDED:
            return Status(_("La réponse est décidée. La mission la publie."), until)
        case S.PUBLISHED:
            day = format_date(answer.published_at) if answer else ""
            return Status(_("La réponse est publiée depuis le %(day)s.") % {"day": day})
        case S.CANCELLED:
            return Status(_("Aucune réponse n’est plus attendue."), case.reason)
    return Status(_("La mission n’a encore confié cette réponse à aucune direction."), until)


def save(request: UserRequest, case: AnswerCase) -> HttpResponse:
    """Save as one types, or by the buttons of the plain form: « Garder en brouillon », « Relire avant d’envoyer »."""
    if not ANSWER.has_permission(request.user, case, "draft"):
        raise PermissionDenied
    form = AnswerGridForm(request.POST, instance=unpublished_answer(case) or Answer(case=case, number=1))
    tried = attempt(
        form,
        lambda version: writing.save(case, form.values(), bases=form.bases(), version=version, by=request.user),
        compare=form.conflicting_fields,
    )
    if is_autosave(request):
        return typed_answer(form, tried)
    if tried.status == CONFLICT and form.conflict.conflict.is_closed:
        messages.warning(request, form.conflict.conflict.sentence)
        return redirect("answers:directorate-case", case.pk)
    if not tried.is_saved:
        return page(request, case_or_404(request, case.pk), form=form, status=tried.status)
    if request.POST.get("then") == "send" and DIRECTORATE_STEPS.is_offered(request.user, case, "envoyer"):
        return redirect(DIRECTORATE_STEPS.url(case, "envoyer"))
    messages.success(request, _("Votre brouillon est enregistré."))
    return redirect("answers:directorate-case", case.pk)


def typed_answer(form: AnswerGridForm, tried: Attempt[Answer]) -> JsonResponse:
    """Answer the page that saves as one types; `theirs` is the saved text of the fields where the page differs."""
    theirs: dict[str, Any] = {}
    if tried.saved:
        typed = {name: writing.clean_value(text) for name, text in form.values().items()}
        theirs = {name: getattr(tried.saved, name) for name in CONTENT if getattr(tried.saved, name) != typed[name]}
    elif tried.status == CONFLICT:
        conflict = form.conflict.conflict
        theirs = {name: getattr(conflict.current, name) for name in conflict.typed}
    version, at = (tried.saved.version, tried.saved.saved_at) if tried.saved else (0, None)
    texts = {form.add_prefix(name): "" if text is None else str(text) for name, text in theirs.items()}
    return autosave_response(form, tried, version, at, theirs=texts)


@require_safe
def directorate_list(request: UserRequest) -> HttpResponse:
    """List the recommendations with their answers; the elected arbitrate and decide from here."""
    user = request.user
    if not can_enter_directorate_area(user):
        raise PermissionDenied
    form = CaseFilter(request.GET, opinions=queries.opinions_of(user), directorates=queries.directorates_asked(user))
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.filter_cases(queries.cases_in_area(user), user, chosen)
    cases_page = keyset_page(rows.for_screen(), request, ordering=("due_on",))
    today = timezone.localdate()
    context = {
        "page": cases_page,
        "rows": [row_of(user, case, today) for case in cases_page],
        "count": rows.count(),
        "form": form,
        "opinions": queries.opinions_in_hand(user),
        "may_decide": has_role(user, Role.PRESIDENT),
        "counts": [selection_label(n) for n in range(3)],
    }
    return render(request, "answers/cases/directorate_list.html", context)


def row_of(user: Any, case: Any, today: Any) -> dict[str, Any]:
    answer = next(iter(case.versions), None)
    slugs = [slug for slug in (*PATH[1:], "renvoyer") if DIRECTORATE_STEPS.is_offered(user, case, slug)]
    return {
        "case": case,
        "answer": answer,
        "value": AnswerValue(answer.value).label if answer and answer.value else "",
        "content_lines": queries.answer_lines(answer),
        "clock": clock_of(case, today),
        "acts": [(DIRECTORATE_STEPS.url(case, slug), DIRECTORATE_STEPS.pages[slug].label) for slug in slugs],
        "is_decidable": "decider" in slugs,
    }


def selection_label(n: int) -> str:
    return ngettext("%(n)s réponse choisie", "%(n)s réponses choisies", n) % {"n": n}
