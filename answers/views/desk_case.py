"""Page of one case in the back office: what is asked, what is answered, its state and its possible steps."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from answers.cases.queries import answer_lines, reason_label, sidebar
from answers.cases.rules import CASE_PAGES
from answers.enums import AnswerCaseState
from answers.models import Answer, AnswerCase, RatingTotal
from answers.pages import DESK_STEPS, desk_case_or_404
from answers.queries.ratings import rating_sentence
from answers.rules.clocks import clock_of
from answers.voice.queries import count_followers
from answers.workflows import ANSWER
from assembly.dossiers.awaited import DossierKind, add_dossier_kind, awaited_for
from assembly.dossiers.frame import DossierFrame, Status, tabs_of
from assembly.identity.http import UserRequest
from assembly.text.french import due, format_date, in_days, of_name, the_name
from assembly.web.path import PathStep, path_of
from opinions.pages import recommendation_page

S = AnswerCaseState


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
        "reason_label": reason_label(case) if case.state != S.CANCELLED else "",
    }
    return render(request, "answers/cases/desk.html", context)


@require_safe
def history(request: UserRequest, pk: int) -> HttpResponse:
    case = desk_case_or_404(request, pk)
    answer = Answer.objects.not_abandoned().filter(case=case).order_by("-number").first()
    return render(request, "answers/cases/desk_history.html", frame_of(request, case, answer, "desk-history"))


def frame_of(request: UserRequest, case: AnswerCase, answer: Answer | None, tab: str) -> dict[str, Any]:
    """Return everything that `dossiers/frame.html` needs."""
    status = status_of(request, case, answer)
    rows: list[tuple[str, str, int | str | None, str]] = [
        ("desk-case", _("La réponse"), None, ""),
        *([("desk-follow-up", _("Suites données"), None, "")] if case.answered_on else []),
        ("desk-history", _("Historique"), None, ""),
    ]
    frame = DossierFrame(
        title=case.title,
        name=case.reference,
        above=(_("Réponses"), reverse("answers:desk")),
        status=status,
        path_name=_("Étapes de la réponse"),
        path=path(case, answer),
        tabs_name=_("Onglets de la réponse"),
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
        return _("La réponse publiée reste lisible jusqu’à la suivante.")
    template = (
        _("Elle était attendue le %(day)s : %(left)s.")
        if clock_of(case, timezone.localdate()).is_late
        else _("Elle est attendue le %(day)s, %(left)s.")
    )
    left = due(case.due_on) if case.due_on < timezone.localdate() else in_days(case.due_on)
    return template % {"day": day(case.due_on), "left": left}


def awaiting(case: AnswerCase, answer: Answer | None) -> Status:
    return Status(
        _("Aucune direction n’est chargée de répondre."), due_sentence(case), _("Confier à une direction"), "confier"
    )


def assigned(case: AnswerCase, answer: Answer | None) -> Status:
    values = {"place": capfirst(the_name(place_of(case)))}
    if answer is None or answer.saved_at is None:
        sentence = _("%(place)s n’a pas encore commencé à écrire.") % values
    else:
        sentence = _("%(place)s écrit la réponse.") % values
    is_late = clock_of(case, timezone.localdate()).is_late
    return (
        Status(sentence, due_sentence(case), _("Relancer"), "relancer")
        if is_late
        else Status(sentence, due_sentence(case))
    )


def submitted(case: AnswerCase, answer: Answer | None) -> Status:
    sentence = _("Écrite : on attend le visa %(place)s.") % {"place": of_name(place_of(case))}
    is_late = clock_of(case, timezone.localdate()).is_late
    return (
        Status(sentence, due_sentence(case), _("Relancer"), "relancer")
        if is_late
        else Status(sentence, due_sentence(case))
    )


def validated(case: AnswerCase, answer: Answer | None) -> Status:
    sentence = _("Visée par la direction : on attend la décision du président ou du Conseil départemental.")
    return Status(sentence, due_sentence(case))


def arbitration(case: AnswerCase, answer: Answer | None) -> Status:
    return Status(_("À arbitrer : on attend l’élu·e référent·e ou le comité de pilotage."), due_sentence(case))


def decided(case: AnswerCase, answer: Answer | None) -> Status:
    on = day(answer.decided_on) if answer else ""
    if case.opinion.published_at is None:
        consequence = _("L’avis n’est pas publié : la réponse le sera après lui.")
        return Status(_("Décidée le %(day)s.") % {"day": on}, consequence)
    sentence = _("Décidée le %(day)s : il reste à la publier.") % {"day": on}
    return Status(sentence, due_sentence(case), _("Publier la réponse"), "publier")


def published(case: AnswerCase, answer: Answer | None) -> Status:
    days = clock_of(case, timezone.localdate())
    template = ngettext(
        "Première réponse le %(day)s, %(n)s jour après la remise.",
        "Première réponse le %(day)s, %(n)s jours après la remise.",
        days.since,
    )
    consequence = template % {"day": day(case.answered_on), "n": days.since}
    return Status(_("Publiée le %(day)s.") % {"day": day(answer.published_at if answer else None)}, consequence)


def cancelled(case: AnswerCase, answer: Answer | None) -> Status:
    return Status(_("Plus attendue depuis le %(day)s.") % {"day": day(case.cancelled_at)}, case.reason)


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
    first = (_("Remise"), day(case.opened_on))
    if case.state == S.CANCELLED:
        return path_of([first, (_("Annulée"), day(case.cancelled_at))], 1)
    is_arbitrated = bool(case.question) or case.state == S.ARBITRATION
    rows: list[tuple[AnswerCaseState, str, Any]] = [
        (S.AWAITING, _("À confier"), None),
        (S.ASSIGNED, _("Écriture"), case.assigned_at),
        (S.SUBMITTED, _("Visa"), case.validated_at),
        *([(S.ARBITRATION, _("Arbitrage"), case.arbitrated_on)] if is_arbitrated else []),
        (S.VALIDATED, _("Décision"), answer.decided_on if answer else None),
        (S.DECIDED, _("Publication"), answer.published_at if answer else None),
    ]
    present = next((n for n, (state, *_rest) in enumerate(rows, 1) if state == case.state), len(rows) + 1)
    return path_of([first, *((label, day(moment)) for _state, label, moment in rows)], present)


def facts(case: AnswerCase, answer: Answer | None) -> list[tuple[str, Any]]:
    """Return labels and values of the side column."""
    opinion = case.opinion
    address = reverse("opinions:opinion", args=[opinion.pk])
    helping = ", ".join(case.associated.order_by("name__alphabetical").values_list("name", flat=True))
    due_text = f"{format_date(case.due_on)}{f' ({case.due_reason})' if case.due_reason else ''}"
    signer = case.validated_by
    rows = [
        (_("Référence"), case.reference),
        (_("Avis"), format_html('<a href="{}">{}</a>', address, f"{opinion.reference} {opinion.title}".strip())),
        (_("Direction pilote"), place_of(case) or _("à désigner")),
        (_("Directions associées"), helping),
        (_("Confiée d’abord à"), case.inherited_from.name if case.inherited_from else ""),
        (_("Remis le"), format_date(case.opened_on)),
        (_("Réponse attendue le"), "" if case.answered_on else due_text),
        (_("Relancée le"), format_date(case.reminded_at)),
        (_("Visa"), f"{signer.get_full_name()}, {day(case.validated_at)}" if signer else ""),
        (_("Décision"), decision_text(answer)),
        (_("Première réponse le"), format_date(case.answered_on)),
        (_("Suivie par"), followers_sentence(case)),
        (_("Note des membres"), rating_of(answer)),
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
