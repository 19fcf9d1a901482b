"""Page of one case in the back office: what is asked, what is answered, its state and its possible steps."""

from collections.abc import Callable
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

from answers.enums import AnswerFileState
from answers.models import Answer, AnswerFile, RatingTotal
from answers.queries.following import count_followers
from answers.queries.ratings import rating_words
from answers.queries.room import reason_label, sidebar, told_answer
from answers.rules.clocks import clock_of
from answers.views.desk_steps import DESK_STEPS, desk_file
from answers.workflows import ANSWER
from assembly.dossiers.awaited import DossierKind, awaited_for, register_dossier
from assembly.dossiers.frame import DossierFrame, Status, tabs_of
from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.ui.path import PathStep, path_of
from assembly.ui.words import date_words, due, in_days, of_name, the_name
from opinions.views.reading import recommendation_page

S = AnswerFileState


@require_safe
def file(request: UserRequest, pk: int) -> HttpResponse:
    case = desk_file(request, pk)
    versions = list(Answer.objects.filter(file=case).select_related("document").order_by("-number"))
    not_abandoned = [row for row in versions if row.abandoned_at is None]
    answer = not_abandoned[0] if not_abandoned else None
    reading = recommendation_page(case.recommendation) if case.recommendation else None
    context = frame_of(request, case, answer, "desk-file") | {
        "answer": answer,
        "told": told_answer(answer),
        "former": [(row, told_answer(row)) for row in versions if row is not answer],
        "reading": reading,
        "beside": sidebar(case),
        "reason_label": reason_label(case) if case.state != S.CANCELLED else "",
    }
    return render(request, "answers/desk_file.html", context)


@require_safe
def history(request: UserRequest, pk: int) -> HttpResponse:
    case = desk_file(request, pk)
    answer = Answer.objects.kept().filter(file=case).order_by("-number").first()
    return render(request, "answers/desk_history.html", frame_of(request, case, answer, "desk-history"))


def frame_of(request: UserRequest, found: AnswerFile, answer: Answer | None, tab: str) -> dict[str, Any]:
    """Return everything that `dossiers/frame.html` needs."""
    status = status_of(request, found, answer)
    rows: list[tuple[str, str, int | str | None, str]] = [
        ("desk-file", _("La réponse"), None, ""),
        *([("desk-follow-up", _("Suites données"), None, "")] if found.answered_on else []),
        ("desk-history", _("Historique"), None, ""),
    ]
    frame = DossierFrame(
        title=found.title,
        name=found.reference,
        above=(_("Réponses"), reverse("answers:desk")),
        status=status,
        path_name=_("Étapes de la réponse"),
        path=path(found, answer),
        tabs_name=_("Onglets de la réponse"),
        tabs=tabs_of("answers", found.pk, tab, rows),
        facts=facts(found, answer),
        links=DESK_STEPS.links(request, found, url=status.url),
        awaited=awaited_for(status, request.user, found),
    )
    return {"file": found, "frame": frame}


def status_of(request: UserRequest, found: AnswerFile, answer: Answer | None) -> Status:
    """Return the state in one sentence, with one button if the user may take the step."""
    status = SENTENCES[S(found.state)](found, answer)
    if status.url and DESK_STEPS.first_ready(request.user, found, [status.url]):
        return replace(status, url=DESK_STEPS.url(found, status.url))
    return Status(status.sentence, status.consequence)


def until(found: AnswerFile) -> str:
    """Return the sentence with the due day; a revision has none."""
    if found.answered_on:
        return _("La réponse publiée reste lisible jusqu’à la suivante.")
    template = (
        _("Elle était attendue le %(day)s : %(left)s.")
        if clock_of(found, timezone.localdate()).is_late
        else _("Elle est attendue le %(day)s, %(left)s.")
    )
    left = due(found.due_on) if found.due_on < timezone.localdate() else in_days(found.due_on)
    return template % {"day": day(found.due_on), "left": left}


def awaiting(found: AnswerFile, answer: Answer | None) -> Status:
    return Status(
        _("Aucune direction n’est chargée de répondre."), until(found), _("Confier à une direction"), "confier"
    )


def assigned(found: AnswerFile, answer: Answer | None) -> Status:
    values = {"place": capfirst(the_name(place_of(found)))}
    if answer is None or answer.saved_at is None:
        sentence = _("%(place)s n’a pas encore commencé à écrire.") % values
    else:
        sentence = _("%(place)s écrit la réponse.") % values
    is_late = clock_of(found, timezone.localdate()).is_late
    return Status(sentence, until(found), _("Relancer"), "relancer") if is_late else Status(sentence, until(found))


def submitted(found: AnswerFile, answer: Answer | None) -> Status:
    sentence = _("Écrite : on attend le visa %(place)s.") % {"place": of_name(place_of(found))}
    is_late = clock_of(found, timezone.localdate()).is_late
    return Status(sentence, until(found), _("Relancer"), "relancer") if is_late else Status(sentence, until(found))


def validated(found: AnswerFile, answer: Answer | None) -> Status:
    sentence = _("Visée par la direction : on attend la décision du président ou du Conseil départemental.")
    return Status(sentence, until(found))


def arbitration(found: AnswerFile, answer: Answer | None) -> Status:
    return Status(_("À arbitrer : on attend l’élu·e référent·e ou le comité de pilotage."), until(found))


def decided(found: AnswerFile, answer: Answer | None) -> Status:
    on = day(answer.decided_on) if answer else ""
    if found.opinion.published_at is None:
        consequence = _("L’avis n’est pas publié : la réponse le sera après lui.")
        return Status(_("Décidée le %(day)s.") % {"day": on}, consequence)
    sentence = _("Décidée le %(day)s : il reste à la publier.") % {"day": on}
    return Status(sentence, until(found), _("Publier la réponse"), "publier")


def published(found: AnswerFile, answer: Answer | None) -> Status:
    days = clock_of(found, timezone.localdate())
    template = ngettext(
        "Première réponse le %(day)s, %(n)s jour après la remise.",
        "Première réponse le %(day)s, %(n)s jours après la remise.",
        days.since,
    )
    consequence = template % {"day": day(found.answered_on), "n": days.since}
    return Status(_("Publiée le %(day)s.") % {"day": day(answer.published_at if answer else None)}, consequence)


def cancelled(found: AnswerFile, answer: Answer | None) -> Status:
    return Status(_("Plus attendue depuis le %(day)s.") % {"day": day(found.cancelled_at)}, found.reason)


SENTENCES: dict[AnswerFileState, Callable[[AnswerFile, Answer | None], Status]] = {
    S.AWAITING: awaiting,
    S.ASSIGNED: assigned,
    S.SUBMITTED: submitted,
    S.VALIDATED: validated,
    S.ARBITRATION: arbitration,
    S.DECIDED: decided,
    S.PUBLISHED: published,
    S.CANCELLED: cancelled,
}


def day(value: Any) -> str:
    return date_words(value, weekday=False)


def place_of(found: AnswerFile) -> str:
    return found.directorate.name if found.directorate else ""


def path(found: AnswerFile, answer: Answer | None) -> list[PathStep]:
    """Return the whole path; a case that is no longer owed shows where it stopped."""
    first = (_("Remise"), day(found.opened_on))
    if found.state == S.CANCELLED:
        return path_of([first, (_("Annulée"), day(found.cancelled_at))], 1)
    is_arbitrated = bool(found.question) or found.state == S.ARBITRATION
    rows: list[tuple[AnswerFileState, str, Any]] = [
        (S.AWAITING, _("À confier"), None),
        (S.ASSIGNED, _("Écriture"), found.assigned_at),
        (S.SUBMITTED, _("Visa"), found.validated_at),
        *([(S.ARBITRATION, _("Arbitrage"), found.arbitrated_on)] if is_arbitrated else []),
        (S.VALIDATED, _("Décision"), answer.decided_on if answer else None),
        (S.DECIDED, _("Publication"), answer.published_at if answer else None),
    ]
    present = next((n for n, (state, *_rest) in enumerate(rows, 1) if state == found.state), len(rows) + 1)
    return path_of([first, *((label, day(moment)) for _state, label, moment in rows)], present)


def facts(found: AnswerFile, answer: Answer | None) -> list[tuple[str, Any]]:
    """Return labels and values of the side column."""
    opinion = found.opinion
    address = reverse("opinions:opinion", args=[opinion.pk])
    helping = ", ".join(found.associated.order_by("name__alphabetical").values_list("name", flat=True))
    due_text = f"{date_words(found.due_on)}{f' ({found.due_reason})' if found.due_reason else ''}"
    signer = found.validated_by
    rows = [
        (_("Référence"), found.reference),
        (_("Avis"), format_html('<a href="{}">{}</a>', address, f"{opinion.reference} {opinion.title}".strip())),
        (_("Direction pilote"), place_of(found) or _("à désigner")),
        (_("Directions associées"), helping),
        (_("Confiée d’abord à"), found.inherited_from.name if found.inherited_from else ""),
        (_("Remis le"), date_words(found.opened_on)),
        (_("Réponse attendue le"), "" if found.answered_on else due_text),
        (_("Relancée le"), date_words(found.reminded_at)),
        (_("Visa"), f"{signer.get_full_name()}, {day(found.validated_at)}" if signer else ""),
        (_("Décision"), decision_words(answer)),
        (_("Première réponse le"), date_words(found.answered_on)),
        (_("Suivie par"), followers_words(found)),
        (_("Note des membres"), rating_of(answer)),
    ]
    return [(label, value) for label, value in rows if value]


def followers_words(found: AnswerFile) -> str:
    """Return the number of followers, never names; members of the group that wrote it are not counted."""
    count = count_followers(found.proposal)
    return ngettext("%(n)s personne", "%(n)s personnes", count) % {"n": count} if count else ""


def rating_of(answer: Answer | None) -> str:
    """Return the published rating of the answer."""
    total = RatingTotal.objects.filter(answer=answer).first() if answer else None
    return rating_words(total) if total else ""


def decision_words(answer: Answer | None) -> Any:
    """Return how and when it was decided; a decision of the council comes with its address."""
    if answer is None or not answer.source:
        return ""
    text = f"{answer.get_source_display()}, {day(answer.decided_on)}"
    if answer.council_url:
        return format_html(
            '{} : <a href="{}" rel="noopener">{}</a>', text, answer.council_url, answer.council_reference
        )
    return f"{text} : {answer.council_reference}" if answer.council_reference else text


def page_of(found: AnswerFile, user: Any) -> str:
    """Return the page where `user` works on the case: the back office, else that of directorates and the elected."""
    name = "answers:desk-file" if is_team(user, found.opinion.term_id) else "answers:room"
    return reverse(name, args=[found.pk])


register_dossier(
    DossierKind(
        AnswerFile,
        ANSWER,
        rows=lambda user: AnswerFile.objects.visible_to(user).with_dossier(),
        page=page_of,
        title=lambda found: f"{found.reference} {found.title}",
        place=lambda found: (found.opinion.term.assembly_id, found.opinion.term_id),
    )
)
