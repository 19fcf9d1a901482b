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

from answers.actions import writing
from answers.enums import AnswerFileState, AnswerValue
from answers.forms.room import AnswerGridForm, FileFilter
from answers.models import Answer, AnswerFile
from answers.models.answer import CONTENT
from answers.queries import room as queries
from answers.queries.committee import committee_words
from answers.queries.follow_up import told_follow_ups
from answers.queries.people import signers_of
from answers.rules.clocks import clock_of
from answers.views.follow_up_steps import ROOM_FOLLOW_UP_STEPS
from answers.views.room_steps import ROOM_STEPS, own_file
from answers.workflows import ANSWER, unpublished_answer
from assembly.dossiers.awaited import awaited_of
from assembly.dossiers.frame import Status
from assembly.identity.http import UserRequest
from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.rules import has_role
from assembly.ui.pagination import keyset_page
from assembly.ui.versioned import CONFLICT, Attempt, attempt, is_typing, typing_answer
from assembly.ui.words import date_words, in_days
from opinions.views.reading import recommendation_page

S = AnswerFileState
PATH = ("envoyer", "viser", "arbitrer", "decider")  # steps of the main button


@require_http_methods(["GET", "HEAD", "POST"])
def room(request: UserRequest, pk: int) -> HttpResponse:
    """Show the page of one case; a POST saves the draft, as one types (JSON answer) or from the plain form."""
    file = own_file(request, pk)
    return save(request, file) if request.method == "POST" else page(request, file)


def page(
    request: UserRequest, file: AnswerFile, *, form: AnswerGridForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the answer next to what the assembly proposed, the notes of the services, the amendments and the vote."""
    versions = list(Answer.objects.kept().filter(file=file).order_by("-number"))
    answer = versions[0] if versions else None
    can = ANSWER.abilities(request.user, file)
    if can["draft"] and form is None:
        form = AnswerGridForm(instance=answer or Answer(file=file, number=1))
    slug = next((slug for slug in PATH if ROOM_STEPS.is_offered(request.user, file, slug)), "")
    context = {
        "file": file,
        "answer": answer,
        "value": AnswerValue(answer.value).label if answer and answer.value else "",
        "told": queries.told_answer(answer),
        "former": [(row, queries.told_answer(row)) for row in versions[1:] if row.is_published],
        "can": can,
        "form": form,
        "clock": clock_of(file, timezone.localdate()),
        "status": status_of(file, answer),
        "awaited": None if slug else awaited_of(request.user, file),
        "big": (ROOM_STEPS.url(file, slug), ROOM_STEPS.pages[slug].label) if slug else None,
        "links": ROOM_STEPS.links(request, file, without={slug}),
        "aside": queries.texts_aside(file, request.user) if can["draft"] else [],
        "associated": file.associated.order_by("name__alphabetical"),
        "reading": recommendation_page(file.recommendation) if file.recommendation else None,
        "sidebar": queries.sidebar(file),
        "way": queries.way_of(file),
        "reason_label": queries.reason_label(file) if can["draft"] else "",
        **follow_up_of(request, file),
    }
    return render(request, "answers/room.html", context, status=status)


def follow_up_of(request: UserRequest, file: AnswerFile) -> dict[str, Any]:
    """Return the progress of what was promised, and the steps that the reader may take."""
    follow_up = told_follow_ups([file]).get(file.pk) if file.answered_on else None
    if follow_up is None:
        return {"follow_up": None}
    row = follow_up.follow_up
    row.file = file
    links = ROOM_FOLLOW_UP_STEPS.links(request, row)
    return {
        "follow_up": follow_up,
        "follow_up_links": links,
        "follow_up_awaited": awaited_of(request.user, row),
        "words": committee_words(row),
    }


def status_of(file: AnswerFile, answer: Answer | None) -> Status:
    """Return the state in one sentence, and the due day."""
    due = (
        _("Elle est attendue le %(day)s, %(left)s.")
        if not clock_of(file, timezone.localdate()).is_late
        else _("Elle était attendue le %(day)s, %(left)s.")
    )
    until = "" if file.answered_on else due % {"day": date_words(file.due_on), "left": in_days(file.due_on)}
    match file.state:
        case S.ASSIGNED:
            names = " ou ".join(user.get_full_name() for user in signers_of(file))
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
            day = date_words(answer.published_at) if answer else ""
            return Status(_("La réponse est publiée depuis le %(day)s.") % {"day": day})
        case S.CANCELLED:
            return Status(_("Aucune réponse n’est plus attendue."), file.reason)
    return Status(_("La mission n’a encore confié cette réponse à aucune direction."), until)


def save(request: UserRequest, file: AnswerFile) -> HttpResponse:
    """Save as one types, or by the buttons of the plain form: « Garder en brouillon », « Relire avant d’envoyer »."""
    if not ANSWER.holds_right(request.user, file, "draft"):
        raise PermissionDenied
    form = AnswerGridForm(request.POST, instance=unpublished_answer(file) or Answer(file=file, number=1))
    tried = attempt(
        form,
        lambda version: writing.save(file, form.values(), bases=form.bases(), version=version, by=request.user),
        compare=form.both_texts,
    )
    if is_typing(request):
        return typed_answer(form, tried)
    if tried.status == CONFLICT and form.conflict.conflict.is_closed:
        messages.warning(request, form.conflict.conflict.sentence)
        return redirect("answers:room", file.pk)
    if not tried.is_saved:
        return page(request, own_file(request, file.pk), form=form, status=tried.status)
    if request.POST.get("then") == "send" and ROOM_STEPS.is_offered(request.user, file, "envoyer"):
        return redirect(ROOM_STEPS.url(file, "envoyer"))
    messages.success(request, _("Votre brouillon est enregistré."))
    return redirect("answers:room", file.pk)


def typed_answer(form: AnswerGridForm, tried: Attempt[Answer]) -> JsonResponse:
    """Answer the page that saves as one types; `theirs` is the saved text of the fields where the page differs."""
    theirs: dict[str, Any] = {}
    if tried.saved:
        typed = {name: writing.stored(text) for name, text in form.values().items()}
        theirs = {name: getattr(tried.saved, name) for name in CONTENT if getattr(tried.saved, name) != typed[name]}
    elif tried.status == CONFLICT:
        conflict = form.conflict.conflict
        theirs = {name: getattr(conflict.current, name) for name in conflict.typed}
    version, at = (tried.saved.version, tried.saved.saved_at) if tried.saved else (0, None)
    texts = {form.add_prefix(name): "" if text is None else str(text) for name, text in theirs.items()}
    return typing_answer(form, tried, version, at, theirs=texts)


@require_safe
def room_list(request: UserRequest) -> HttpResponse:
    """List the recommendations with their answers; the elected arbitrate and decide from here."""
    user = request.user
    if not has_role(user, {*DIRECTORATE_ROLES, Role.SPONSOR, Role.PRESIDENT}):
        raise PermissionDenied
    form = FileFilter(request.GET, opinions=queries.opinions_of(user), directorates=queries.directorates_asked(user))
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.filtered(queries.room_files(user), user, chosen)
    cases_page = keyset_page(rows.for_screen(), request, ordering=("due_on",))
    today = timezone.localdate()
    context = {
        "page": cases_page,
        "rows": [row_of(user, file, today) for file in cases_page],
        "count": rows.count(),
        "form": form,
        "opinions": queries.opinions_in_hand(user),
        "may_decide": has_role(user, Role.PRESIDENT),
        "counts": [chosen_words(n) for n in range(3)],
    }
    return render(request, "answers/room_list.html", context)


def row_of(user: Any, file: Any, today: Any) -> dict[str, Any]:
    answer = next(iter(file.versions), None)
    slugs = [slug for slug in (*PATH[1:], "renvoyer") if ROOM_STEPS.is_offered(user, file, slug)]
    return {
        "file": file,
        "answer": answer,
        "value": AnswerValue(answer.value).label if answer and answer.value else "",
        "told": queries.told_answer(answer),
        "clock": clock_of(file, today),
        "acts": [(ROOM_STEPS.url(file, slug), ROOM_STEPS.pages[slug].label) for slug in slugs],
        "is_decidable": "decider" in slugs,
    }


def chosen_words(n: int) -> str:
    return ngettext("%(n)s réponse choisie", "%(n)s réponses choisies", n) % {"n": n}
