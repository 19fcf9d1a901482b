"""Frame and steps of a case, look-ups, cells and requests of a seal that several features share."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from answers.cases.actions import cases, deciding, writing
from answers.cases.models import CONTENT
from answers.cases.queries import (
    BoardChoices,
    answer_lines,
    rating_sentence,
    unpublished_answer,
    waited_people,
)
from answers.cases.rules import can_see_desk, clock_of
from answers.cases.workflow import ANSWER
from answers.follow_up.workflow import FOLLOW_UP
from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue, FollowUp, RatingTotal
from answers.publication.queries import public_proposal
from answers.voice.models import Proposal
from answers.voice.queries import count_followers
from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.documents.models import Rendition
from assembly.dossiers import StepPages
from assembly.dossiers.frame import DossierFrame, Status, awaited_for, tabs_of
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.lists import Filter
from assembly.lists.filters import FilterForm
from assembly.search.models import SearchEntry
from assembly.search.registry import SearchSource
from assembly.text.french import due, format_date, french_enumeration, in_days, of_name, the_name
from assembly.web.path import PathStep, path_of
from assembly.web.templatetags.ui import nbsp


def ask_for_seal(
    request: UserRequest, ask: Callable[[], Rendition], *, page: str, success_message: str | Promise
) -> HttpResponse:
    """Request the seal with `ask`, and show the reason on `page` if it is refused.

    A document that has its seal already is published at once, with the message `done`.
    """
    try:
        job = ask()
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect(page)
    if not job.is_ready:
        return redirect("documents:rendition-progress", job.public_id)
    messages.success(request, str(success_message))
    return redirect(page)


JSON_TYPE = "application/json; charset=utf-8"


def proposal_or_404(reference: str) -> Proposal:
    """Return the proposal or raise 404; its publication is checked at each request, its content is cached."""
    row = public_proposal(reference)
    if row is None:
        raise Http404
    return row


class OfThread(SearchSource):
    """Search source whose entries lead to the thread of the proposal, or of the opinion answered as a whole."""

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("answers:thread", args=[entry.reference])


EVERY = _("Tous")


def noted(shown: Any, note: Any) -> Any:
    """Return the content of a cell with a small paragraph below it, where there is one."""
    return format_html('{}<p class="small soft">{}</p>', shown, nbsp(note)) if note else shown


def day_cell(title: Any, day: Any) -> Any:
    return format_html('<p class="small soft">{}</p>{}', title, format_date(day, weekday=False))


def counted_states(states: type[Any]) -> Callable[[BoardChoices], Iterable[tuple[str, str]]]:
    """Return the states that some row has, with the number of rows."""
    return lambda choices: [
        (one.value, f"{one.label} ({choices.states[one]})".capitalize()) for one in states if choices.states.get(one)
    ]


def by_board(key: str, label: Any, name: str, where: Callable[[str], Q], every: Any = EVERY) -> Filter:
    """Return a filter by what some row has: `name` of `BoardChoices`."""
    return Filter(key, label, choices=attrgetter(name), every=every, where=where)


def counted_rows(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    """Return the number of all rows, which the choices of the filters have counted by state."""
    return {} if form.is_used else {"count": sum(form.source.states.values())}


def read_answer(case: AnswerCase) -> dict[str, Any]:
    """Return the answer as it is read before it is submitted, signed or decided."""
    answer = unpublished_answer(case)
    value = AnswerValue(answer.value).label if answer and answer.value else ""
    return {"case": case, "answer": answer, "value": value, "content_lines": answer_lines(answer)}


def case_name(case: AnswerCase) -> str:
    return f"{case.reference}, {case.title}"


PEOPLE = ("assigned_by__person", "validated_by__person", "validated_for__person", "inherited_from")


def desk_case_or_404(request: UserRequest, pk: int) -> AnswerCase:
    """Return a case of the reader’s terms; raise 404 if unseen, 403 if seen in another area only."""
    rows = AnswerCase.objects.visible_to(request.user).with_dossier().select_related(*PEOPLE)
    case = get_object_or_404(rows, pk=pk)
    if not can_see_desk(request.user, case.opinion.term_id):
        raise PermissionDenied
    return case


def desk_page(request: UserRequest, case: AnswerCase) -> str:
    return reverse("answers:desk-case", args=[case.pk])


def page_to_fix(request: UserRequest, case: AnswerCase, code: str) -> str:
    """Return the page where the opinion is published, if the error is about the opinion."""
    return reverse("opinions:opinion", args=[case.opinion.pk]) if code == "opinion" else ""


def recipient_lines(case: AnswerCase) -> list[str]:
    names = [user.get_full_name() for user in waited_people(case)]
    return [gettext("Un message est envoyé à %(who)s.") % {"who": french_enumeration(names)}] if names else []


def record_past(case: AnswerCase, *, by: User, **data: Any) -> None:
    values = {name: data[name] for name in CONTENT}
    deciding.record_past(case, values, on=data["on"], document=keep_file(data["file"], by=by), by=by)


DESK_STEPS = StepPages(
    ANSWER,
    name="answers:desk-step",
    fetch=desk_case_or_404,
    back=desk_page,
    eyebrow=case_name,
    fix_url=page_to_fix,
)
DESK_STEPS.bind(
    "action",
    {
        "record_decision": lambda case, by, **data: deciding.record_decision([case], by=by, **data),
        "remind": lambda case, by: cases.remind([case], by=by),
        "send_back": lambda case, by, **data: writing.send_back(
            case, step_name="send_back", reason=data["reason"], by=by
        ),
        "reopen": lambda case, by, **data: writing.send_back(case, step_name="reopen", reason=data["reason"], by=by),
        "record_past": record_past,
    },
)
DESK_STEPS.bind("context", {"publish": read_answer, "record_decision": read_answer, "refer": read_answer})
DESK_STEPS.bind(
    "consequences",
    {
        "record_arbitration": lambda case: [gettext("La question : %(words)s") % {"words": case.question}],
        "remind": recipient_lines,
    },
)
DESK_STEPS.bind("offered", {"record_past": lambda user, case: not ANSWER.missing(case, "record_past")})

S = AnswerCaseState


def frame_of(request: UserRequest, case: AnswerCase, answer: Answer | None, tab: str) -> dict[str, Any]:
    """Return everything that `dossiers/frame.html` needs."""
    status = status_of(request, case, answer)
    rows: list[tuple[str, str, int | str | None, str]] = [
        ("desk-case", gettext("La réponse"), None, ""),
        *([("desk-follow-up", gettext("Suites données"), None, "")] if case.answered_on else []),
        ("desk-history", gettext("Historique"), None, ""),
    ]
    frame = DossierFrame(
        row=case,
        title=case.title,
        name=case.reference,
        above=(gettext("Réponses"), reverse("answers:desk")),
        status=status,
        path_name=gettext("Étapes de la réponse"),
        path=path(case, answer),
        tabs_name=gettext("Onglets de la réponse"),
        tabs=tabs_of("answers", case.pk, tab, rows),
        facts=facts(case, answer),
        links=DESK_STEPS.links(request, case, url=status.url),
        awaited=awaited_for(status, request.user, case),
    )
    return {"case": case, "frame": frame}


def status_of(request: UserRequest, case: AnswerCase, answer: Answer | None) -> Status:
    """Return the state in one sentence, with one button if the user may take the step."""
    status = SENTENCES[S(case.state)](case, answer)
    if status.url and DESK_STEPS.first_ready(request.user, case, [status.url]):
        return replace(status, url=DESK_STEPS.url(case, status.url))
    return Status(status.sentence, status.consequence)


def due_sentence(case: AnswerCase) -> str:
    """Return the sentence with the due day; a revision has none."""
    if case.answered_on:
        return gettext("La réponse publiée reste lisible jusqu’à la suivante.")
    template = (
        gettext("Elle était attendue le %(day)s : %(left)s.")
        if clock_of(case, timezone.localdate()).is_late
        else gettext("Elle est attendue le %(day)s, %(left)s.")
    )
    left = due(case.due_on) if case.due_on < timezone.localdate() else in_days(case.due_on)
    return template % {"day": day(case.due_on), "left": left}


def awaiting(case: AnswerCase, answer: Answer | None) -> Status:
    return Status(
        gettext("Aucune direction n’est chargée de répondre."),
        due_sentence(case),
        gettext("Confier à une direction"),
        "confier",
    )


def assigned(case: AnswerCase, answer: Answer | None) -> Status:
    values = {"place": capfirst(the_name(place_of(case)))}
    if answer is None or answer.saved_at is None:
        sentence = gettext("%(place)s n’a pas encore commencé à écrire.") % values
    else:
        sentence = gettext("%(place)s écrit la réponse.") % values
    is_late = clock_of(case, timezone.localdate()).is_late
    return (
        Status(sentence, due_sentence(case), gettext("Relancer"), "relancer")
        if is_late
        else Status(sentence, due_sentence(case))
    )


def submitted(case: AnswerCase, answer: Answer | None) -> Status:
    sentence = gettext("Écrite : on attend le visa %(place)s.") % {"place": of_name(place_of(case))}
    is_late = clock_of(case, timezone.localdate()).is_late
    return (
        Status(sentence, due_sentence(case), gettext("Relancer"), "relancer")
        if is_late
        else Status(sentence, due_sentence(case))
    )


def validated(case: AnswerCase, answer: Answer | None) -> Status:
    sentence = gettext("Visée par la direction : on attend la décision du président ou du Conseil départemental.")
    return Status(sentence, due_sentence(case))


def arbitration(case: AnswerCase, answer: Answer | None) -> Status:
    return Status(gettext("À arbitrer : on attend l’élu·e référent·e ou le comité de pilotage."), due_sentence(case))


def decided(case: AnswerCase, answer: Answer | None) -> Status:
    on = day(answer.decided_on) if answer else ""
    if case.opinion.published_at is None:
        consequence = gettext("L’avis n’est pas publié : la réponse le sera après lui.")
        return Status(gettext("Décidée le %(day)s.") % {"day": on}, consequence)
    sentence = gettext("Décidée le %(day)s : il reste à la publier.") % {"day": on}
    return Status(sentence, due_sentence(case), gettext("Publier la réponse"), "publier")


def published(case: AnswerCase, answer: Answer | None) -> Status:
    days = clock_of(case, timezone.localdate())
    template = ngettext(
        "Première réponse le %(day)s, %(n)s jour après la remise.",
        "Première réponse le %(day)s, %(n)s jours après la remise.",
        days.since,
    )
    consequence = template % {"day": day(case.answered_on), "n": days.since}
    return Status(gettext("Publiée le %(day)s.") % {"day": day(answer.published_at if answer else None)}, consequence)


def cancelled(case: AnswerCase, answer: Answer | None) -> Status:
    return Status(gettext("Plus attendue depuis le %(day)s.") % {"day": day(case.cancelled_at)}, case.reason)


SENTENCES = AnswerCaseState.covers(
    {
        S.AWAITING: awaiting,
        S.ASSIGNED: assigned,
        S.SUBMITTED: submitted,
        S.VALIDATED: validated,
        S.ARBITRATION: arbitration,
        S.DECIDED: decided,
        S.PUBLISHED: published,
        S.CANCELLED: cancelled,
    }
)


def day(value: Any) -> str:
    return format_date(value, weekday=False)


def place_of(case: AnswerCase) -> str:
    return case.directorate.name if case.directorate else ""


def path(case: AnswerCase, answer: Answer | None) -> list[PathStep]:
    """Return the whole path; a case that is no longer owed shows where it stopped."""
    first = (gettext("Remise"), day(case.opened_on))
    if case.state == S.CANCELLED:
        return path_of([first, (gettext("Annulée"), day(case.cancelled_at))], 1)
    is_arbitrated = bool(case.question) or case.state == S.ARBITRATION
    rows: list[tuple[AnswerCaseState, str, Any]] = [
        (S.AWAITING, gettext("À confier"), None),
        (S.ASSIGNED, gettext("Écriture"), case.assigned_at),
        (S.SUBMITTED, gettext("Visa"), case.validated_at),
        *([(S.ARBITRATION, gettext("Arbitrage"), case.arbitrated_on)] if is_arbitrated else []),
        (S.VALIDATED, gettext("Décision"), answer.decided_on if answer else None),
        (S.DECIDED, gettext("Publication"), answer.published_at if answer else None),
    ]
    present = next((n for n, (state, *_rest) in enumerate(rows, 1) if state == case.state), len(rows) + 1)
    return path_of([first, *((label, day(moment)) for _state, label, moment in rows)], present)


def facts(case: AnswerCase, answer: Answer | None) -> list[tuple[str, Any]]:
    """Return the facts of an expected answer, what is read most first."""
    opinion = case.opinion
    address = reverse("opinions:opinion", args=[opinion.pk])
    helping = ", ".join(case.associated.order_by("name__alphabetical").values_list("name", flat=True))
    due_text = f"{format_date(case.due_on)}{f' ({case.due_reason})' if case.due_reason else ''}"
    signer = case.validated_by
    rows = [
        (gettext("Référence"), case.reference),
        (gettext("Réponse attendue le"), "" if case.answered_on else due_text),
        (gettext("Première réponse le"), format_date(case.answered_on)),
        (gettext("Direction pilote"), place_of(case) or gettext("à désigner")),
        (gettext("Avis"), format_html('<a href="{}">{}</a>', address, f"{opinion.reference} {opinion.title}".strip())),
        (gettext("Directions associées"), helping),
        (gettext("Confiée d’abord à"), case.inherited_from.name if case.inherited_from else ""),
        (gettext("Remis le"), format_date(case.opened_on)),
        (gettext("Relancée le"), format_date(case.reminded_at)),
        (gettext("Visa"), f"{signer.get_full_name()}, {day(case.validated_at)}" if signer else ""),
        (gettext("Décision"), decision_text(answer)),
        (gettext("Suivie par"), followers_sentence(case)),
        (gettext("Note des membres"), rating_of(answer)),
    ]
    return [(label, value) for label, value in rows if value]


def followers_sentence(case: AnswerCase) -> str:
    """Return the number of followers, never names; members of the group that wrote it are not counted."""
    count = count_followers(case.proposal)
    return ngettext("%(n)s personne", "%(n)s personnes", count) % {"n": count} if count else ""


def rating_of(answer: Answer | None) -> str:
    """Return the published rating of the answer."""
    total = RatingTotal.objects.filter(answer=answer).first() if answer else None
    return rating_sentence(total) if total else ""


def decision_text(answer: Answer | None) -> Any:
    """Return how and when it was decided; a decision of the council comes with its address."""
    if answer is None or not answer.source:
        return ""
    text = f"{answer.get_source_display()}, {day(answer.decided_on)}"
    if answer.council_url:
        return format_html(
            '{} : <a href="{}" rel="noopener">{}</a>', text, answer.council_url, answer.council_reference
        )
    return f"{text} : {answer.council_reference}" if answer.council_reference else text


def directorate_follow_up_or_404(request: UserRequest, pk: int) -> FollowUp:
    """Return a follow-up of a case that the reader answers, follows up, arbitrates or decides, or raise 404."""
    return get_object_or_404(FollowUp.objects.visible_to(request.user).with_dossier(), pk=pk)


def follow_up_name(row: FollowUp) -> str:
    return f"{row.case.reference}, {row.case.title}"


def update_done(row: FollowUp) -> str:
    if row.reported_at:
        return gettext("Le point est publié. La mission vérifie la preuve, puis clôt la suite donnée.")
    return gettext("Le point est publié, à côté de la réponse.")


DIRECTORATE_FOLLOW_UP_STEPS = StepPages(
    FOLLOW_UP,
    "directorate",
    name="answers:directorate-follow-up-step",
    fetch=directorate_follow_up_or_404,
    back=lambda request, row: reverse("answers:directorate-case", args=[row.case_id]) + "#suites",
    eyebrow=follow_up_name,
)
DIRECTORATE_FOLLOW_UP_STEPS.bind("success_message", {"update": update_done})
