"""Pages of a case in the back office and in the area of the directorates; files of answers."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answers.cases import files, queries
from answers.cases.actions import deciding, writing
from answers.cases.forms import AnswerGridForm, CaseFilter, ImportComparison, TableFileForm, compare_rows
from answers.cases.lists import selection_of
from answers.cases.models import CONTENT
from answers.cases.queries import answer_lines, cases_in_area, reason_label, sidebar, signers_of, unpublished_answer
from answers.cases.rules import CASE_PAGES, can_see_desk, clock_of
from answers.cases.workflow import ANSWER
from answers.follow_up.queries import committee_notes, follow_up_summaries
from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue
from answers.pages import DIRECTORATE_FOLLOW_UP_STEPS, case_name, desk_case_or_404, frame_of, read_answer
from assembly.documents.responses import bytes_response
from assembly.dossiers import StepPages
from assembly.dossiers.frame import DossierKind, Status, add_dossier_kind, awaited_of
from assembly.files.file_kinds import OPEN_DOCUMENT, WORD
from assembly.identity.http import UserRequest, recently_authenticated, recently_authenticated_to_write
from assembly.identity.models import User
from assembly.institution.models import Role
from assembly.institution.pages import working_term
from assembly.institution.rules import can_enter_directorate_area, has_role
from assembly.text.french import format_date, in_days
from assembly.web.errors import EditConflict
from assembly.web.forms import attach_refusal, posted, whole_number
from assembly.web.pagination import LONG_PAGE, keyset_page
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import CONFLICT, Attempt, attempt, autosave_response, is_autosave
from consultations.reviews.queries import agents_of
from opinions.pages import recommendation_page

PROVED = frozenset({"publier", "deliberation"})  # bulk actions that need a recent proof of identity


@require_http_methods(["GET", "HEAD", "POST"])
def chosen(request: UserRequest) -> HttpResponse:
    """Take one bulk action; those that decide or publish need a recent proof of identity."""
    view = PROVED_CHOSEN if request.POST.get("acte") in PROVED else answer_chosen
    return view(request)


def answer_chosen(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_desk)
    rows = AnswerCase.objects.visible_to(request.user).of_terms([term.pk]).with_dossier()
    return selection_of(term).answer(request, rows, back=reverse("answers:desk"))


PROVED_CHOSEN = recently_authenticated_to_write(answer_chosen)


@require_safe
def desk_case(request: UserRequest, pk: int) -> HttpResponse:
    case = desk_case_or_404(request, pk)
    versions = list(Answer.objects.filter(case=case).select_related("document").order_by("-number"))
    not_abandoned = [row for row in versions if row.abandoned_at is None]
    answer = not_abandoned[0] if not_abandoned else None
    reading = recommendation_page(case.recommendation) if case.recommendation else None
    context = frame_of(request, case, answer, "desk-case") | {
        "answer": answer,
        "content_lines": answer_lines(answer),
        "former": [(row, answer_lines(row)) for row in versions if row is not answer],
        "reading": reading,
        "beside": sidebar(case),
        "reason_label": reason_label(case) if case.state != AnswerCaseState.CANCELLED else "",
    }
    return render(request, "answers/cases/desk.html", context)


@require_safe
def history(request: UserRequest, pk: int) -> HttpResponse:
    case = desk_case_or_404(request, pk)
    answer = Answer.objects.not_abandoned().filter(case=case).order_by("-number").first()
    return render(request, "answers/cases/desk_history.html", frame_of(request, case, answer, "desk-history"))


add_dossier_kind(
    DossierKind(
        AnswerCase,
        ANSWER,
        rows=lambda user: AnswerCase.objects.visible_to(user).with_dossier(),
        page=CASE_PAGES.page_for,
        title=lambda case: f"{case.reference} {case.title}",
        scope=lambda case: (case.opinion.term.assembly_id, case.opinion.term_id),
    )
)


def case_or_404(request: UserRequest, pk: int) -> AnswerCase:
    """Return a case that the reader answers, arbitrates or decides, or raise 404."""
    rows = AnswerCase.objects.visible_to(request.user).with_dossier()
    return get_object_or_404(rows.select_related("submitted_by__person", "validated_by__person"), pk=pk)


def case_page(request: UserRequest, case: AnswerCase) -> str:
    return reverse("answers:directorate-case", args=[case.pk])


def home(case: AnswerCase, _result: Any) -> str:
    return reverse("portal:directorate-home")


def sending_lines(case: AnswerCase) -> list[str]:
    directorate_id = case.directorate_id
    names = [user.get_full_name() for user in agents_of(directorate_id, [Role.DIR_APPROVER])] if directorate_id else []
    return [_("Elle sera visée par %(names)s.") % {"names": _(" ou ").join(names)}] if names else []


def visa_lines(case: AnswerCase) -> list[str]:
    sender = case.submitted_by
    lines = [_("Elle est préparée par %(name)s.") % {"name": sender.get_full_name()}] if sender else []
    return [*lines, _("Avec votre visa, elle part à la décision du Conseil départemental, au nom de la direction.")]


DIRECTORATE_STEPS = StepPages(
    ANSWER,
    "directorate",
    name="answers:directorate-step",
    fetch=case_or_404,
    back=case_page,
    eyebrow=case_name,
    fix_url=lambda request, case, code: f"{case_page(request, case)}#div_id_{code}",
)
DIRECTORATE_STEPS.bind(
    "action",
    {
        "send_back": lambda case, by, **data: writing.send_back(
            case, step_name="send_back", reason=data["reason"], by=by
        )
    },
)
DIRECTORATE_STEPS.bind(
    "context",
    {
        "send_back": read_answer,
        "submit": read_answer,
        "validate": read_answer,
        "return": read_answer,
        "arbitrate": read_answer,
        "decide": read_answer,
    },
)
DIRECTORATE_STEPS.bind("consequences", {"submit": sending_lines, "validate": visa_lines})
DIRECTORATE_STEPS.bind("next_url", {"submit": home, "validate": home, "decide": home})

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
        "status": directorate_status(case, answer),
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


def directorate_status(case: AnswerCase, answer: Answer | None) -> Status:
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
        "counts": [ngettext("%(n)s réponse choisie", "%(n)s réponses choisies", n) % {"n": n} for n in range(3)],
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


def chosen_cases(request: UserRequest) -> list[AnswerCase]:
    """Return the ticked cases, in the order of the page; raise 404 if the reader does not see one of them."""
    params = request.POST if request.method == "POST" else request.GET
    keys = {whole_number(key) for key in params.getlist("ligne")}
    rows = AnswerCase.objects.visible_to(request.user).with_dossier().filter(pk__in=keys)
    cases = list(rows.order_by("due_on", "pk"))
    if len(cases) < len(keys) or len(keys) > LONG_PAGE:
        raise Http404
    return cases


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def directorate_decide(request: UserRequest) -> HttpResponse:
    """Show the answers, then decide them; one that changed meanwhile stops them all and is named."""
    if not has_role(request.user, Role.PRESIDENT):
        raise PermissionDenied
    cases = chosen_cases(request)
    if not cases:
        messages.warning(request, _("Cochez d’abord les réponses à décider."))
        return redirect("answers:directorate-list")
    for case in cases:
        ANSWER.check(request.user, case, "decide")
    refused: list[str] = []
    status = 200
    if request.method == "POST":
        pairs = [(case, whole_number(request.POST.get(f"version-{case.pk}", ""))) for case in cases]
        try:
            count = deciding.decide_all(pairs, by=request.user)
        except ValidationError as error:
            refused, status = error.messages, 409 if getattr(error, "code", None) == "changed" else 422
        else:
            message = ngettext("%(n)s réponse est décidée.", "%(n)s réponses sont décidées.", count) % {"n": count}
            messages.success(request, message)
            return redirect("answers:directorate-list")
    title = ngettext("Décider cette réponse ?", "Décider ces %(n)s réponses ?", len(cases)) % {"n": len(cases)}
    context = {"title": title, "answers": [read_answer(case) for case in cases], "refused": refused}
    return render(request, "answers/cases/directorate_decide.html", context, status=status)


SUFFIXES = {"docx": WORD, "ods": f"{OPEN_DOCUMENT}spreadsheet", "csv": "text/csv; charset=utf-8"}
SALT = "answers.table"
LIFETIME_SECONDS = 24 * 3600


def cases_or_404(request: UserRequest, pk: int) -> list[Any]:
    """Return the cases of one opinion that the reader sees, each with its versions; raise 404 without any."""
    rows = cases_in_area(request.user).of_opinion(pk).order_by("recommendation__number", "pk")
    cases: list[Any] = list(rows.for_screen())
    if not cases:
        raise Http404
    for case in cases:
        case.versions = case.versions or [Answer(case=case, number=1)]
    return cases


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def directorate_table(request: UserRequest, pk: int) -> HttpResponse:
    """Export or import a file; an imported one is read and shown, nothing is written here."""
    cases = cases_or_404(request, pk)
    may_write = any(ANSWER.can_take(request.user, case, "draft") for case in cases)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = TableFileForm(posted(request), request.FILES or None)
    context = {"opinion": cases[0].opinion, "cases": cases, "form": form, "may_write": may_write}
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = files.answers_in(upload.content, upload.content_type)
            answers = list(compare_rows(rows, cases, lambda case: ANSWER.can_take(request.user, case, "draft")))
        except ValidationError as refused:
            attach_refusal(form, refused, "file")
        else:
            return show_import(request, context, answers)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "answers/cases/table.html", context, status=status)


def show_import(request: UserRequest, context: dict[str, Any], rows: list[ImportComparison]) -> HttpResponse:
    """Show what changes, what is refused and why, and which cases the file does not contain."""
    drafts = [row for row in rows if row.changes and not row.refusals]
    keys = {row.case.pk for row in rows if row.case}
    packed = [[row.case.pk, row.version, row.values, row.bases] for row in drafts if row.case]
    more = {
        "drafts": drafts,
        "refused": [row for row in rows if row.refusals],
        "same": [row for row in rows if not row.changes and not row.refusals],
        "absent": [case for case in context["cases"] if case.pk not in keys],
        "content": signing.dumps(packed, salt=salt_of(request.user), compress=True),
    }
    return render(request, "answers/cases/table_shown.html", context | more)


def salt_of(user: User) -> str:
    """Return a salt per person: what one person was shown can be confirmed by nobody else."""
    return f"{SALT}.{user.pk}"


@require_safe
def directorate_table_file(request: UserRequest, pk: int, suffix: str) -> HttpResponse:
    """Return the answers as they stand now, drafts included."""
    cases = cases_or_404(request, pk)
    opinion = cases[0].opinion
    rows = [files.ExportedAnswer(case.reference, case.title, case.versions[0]) for case in cases]
    title = _("Réponses à %(reference)s, %(title)s") % {"reference": opinion.reference, "title": opinion.title}
    makers = {
        "docx": lambda: files.word_answers(title, rows),
        "ods": lambda: files.ods_answers(rows),
        "csv": lambda: files.csv_answers(rows),
    }
    name = f"reponses-{opinion.reference}.{suffix}"
    return bytes_response(request, makers[suffix](), name=name, media_type=SUFFIXES[suffix])


@require_POST
def directorate_table_keep(request: UserRequest, pk: int) -> HttpResponse:
    """Save what was shown as drafts, with the edit-conflict check of the grid: no text is overwritten."""
    cases = {case.pk: case for case in cases_or_404(request, pk)}
    back = redirect("answers:directorate-table", pk)
    try:
        packed = signing.loads(request.POST.get("content", ""), salt=salt_of(request.user), max_age=LIFETIME_SECONDS)
    except signing.BadSignature:
        messages.warning(request, _("Ce qui était à garder n’est plus là : déposez le fichier de nouveau."))
        return back
    saved = 0
    for key, version, values, bases in packed:
        case = cases.get(key)
        try:
            if case is None:
                raise PermissionDenied
            writing.save(case, as_values(values), bases=as_values(bases), version=version, by=request.user)
        except PermissionDenied:
            messages.warning(request, _("Une réponse n’est plus à vous : elle n’est pas changée."))
        except EditConflict as late:
            messages.warning(request, f"{cases[key].reference} : {late.sentence}")
        else:
            saved += 1
    template = ngettext("%(n)s réponse est gardée en brouillon.", "%(n)s réponses sont gardées en brouillon.", saved)
    (messages.success if saved else messages.info)(request, template % {"n": saved})
    return back


def as_values(texts: dict[str, str]) -> dict[str, Any]:
    """Return texts as values of the columns."""
    values = {}
    for name, text in texts.items():
        field: Any = Answer._meta.get_field(name)
        values[name] = field.to_python(text or None) if field.null else text
    return values
