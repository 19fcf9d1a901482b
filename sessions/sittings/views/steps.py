"""Steps of a sitting as pages: each with its consequences before the click."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.dossiers import StepPages
from assembly.dossiers.pages import Figure, figures_of_recipients
from assembly.identity.http import UserRequest
from assembly.institution.models import NoQuorumRule
from assembly.text.french import Label, format_moment, format_span
from assembly.web.forms import local_address
from sessions.attendance.queries.presence import presence_at, present_count, quorum_needed
from sessions.models import Ballot, BallotState, Sitting, SittingState
from sessions.pages import desk_sitting
from sessions.sittings import rules
from sessions.sittings.queries.convening import (
    NoticePreview,
    NoticeWarning,
    call_sentences,
    changes_since_notice,
    preview,
    silent_people,
)
from sessions.sittings.queries.sittings import (
    certificates_sent,
    claims_at_finance,
    claims_here,
    closing_figures,
    figures,
    notified_absences,
    people_noted_present,
    stays_on_roll,
)
from sessions.sittings.rules import has_begun
from sessions.sittings.workflow import SITTING, is_suspended_without_quorum

NO_MAIL = gettext_lazy(
    "Aucun courriel ne part de lui-même\u00a0: «\u00a0Écrire aux personnes convoquées\u00a0» est là pour cela."
)


def fix_url(request: UserRequest, sitting: Sitting, code: str) -> str:
    """Return the URL where a missing fact is entered, or that of the step to take instead."""
    if code == "late":
        if sitting.is_running:
            return reverse("sittings:move", args=[sitting.pk, "clore"])
        return reverse("sittings:hold" if sitting.takes_answers else "sittings:edit", args=[sitting.pk])
    pages = {"presence": "attendance", "votes": "minutes", "decisions": "minutes", "minutes": "minutes"}
    if code == "presence" and rules.can_run(request.user, sitting):
        pages["presence"] = "roll"
    if rules.can_edit(request.user, sitting):
        pages["early"] = "edit"
    return reverse(f"sittings:{pages[code]}", args=[sitting.pk]) if code in pages else ""


def recipient_lines(sitting: Sitting) -> Iterable[str]:
    """Yield the number of people who get the message about a postponement, a cancellation or a text."""
    if count := sitting.invitees.expected().count() if sitting.state != SittingState.PLANNED else 0:
        yield ngettext(
            "%(n)s personne sera prévenue.", "%(n)s personnes seront prévenues, par courriel ou par lettre.", count
        ) % {"n": count}


def opening_lines(sitting: Sitting) -> Iterable[str]:
    """Yield the number of people expected, and what ends with the opening."""
    numbers = figures(sitting)
    expected = ngettext("%(n)s personne est convoquée", "%(n)s personnes sont convoquées", numbers.expected)
    coming = ngettext("%(n)s a répondu qu’elle vient.", "%(n)s ont répondu qu’elles viennent.", numbers.coming)
    yield f"{expected % {'n': numbers.expected}}, {coming % {'n': numbers.coming}}"
    yield _("Les réponses à la convocation ne se donnent plus, et les avis mis au vote ne prennent plus d’amendement.")


def closing_lines(sitting: Sitting) -> Iterable[str]:
    """Yield what is still open, who is still present, and the quorum."""
    counts, present = closing_figures(sitting), present_count(sitting, timezone.now())
    if counts.never_opened:
        text = ngettext(
            "%(n)s point sur %(all)s n’a pas été ouvert.",
            "%(n)s points sur %(all)s n’ont pas été ouverts.",
            counts.never_opened,
        )
        yield text % {"n": counts.never_opened, "all": counts.items}
    if counts.not_proclaimed:
        text = ngettext(
            "%(n)s vote est compté et n’est pas proclamé.",
            "%(n)s votes sont comptés et ne sont pas proclamés.",
            counts.not_proclaimed,
        )
        yield text % {"n": counts.not_proclaimed}
    text = ngettext(
        "%(n)s personne est encore notée présente\u00a0: sa présence s’arrête avec la séance.",
        "%(n)s personnes sont encore notées présentes\u00a0: leur présence s’arrête avec la séance.",
        counts.still_there,
    )
    yield text % {"n": counts.still_there} if counts.still_there else _("Personne n’est plus noté présent.")
    if (needed := quorum_needed(sitting)) is not None:
        text = ngettext(
            "Quorum\u00a0: %(needed)s\u00a0; %(n)s membre est présent.",
            "Quorum\u00a0: %(needed)s\u00a0; %(n)s membres sont présents.",
            present,
        )
        yield text % {"needed": needed, "n": present}
    yield _("Qui n’est pas venu est noté excusé ou absent, selon sa réponse. Les heures restent corrigeables.")


def hold_lines(sitting: Sitting) -> Iterable[str]:
    yield _(
        "Pour une séance dont les heures et les présences se relèvent après coup, par exemple d’une feuille signée."
    )
    yield _(
        "Le compte rendu et les attestations porteront ces heures, et diront quand et par qui elles sont relevées."
    )


def held_message(sitting: Sitting) -> str:
    count = figures(sitting).came
    text = ngettext(
        "La séance est notée tenue\u00a0: %(n)s membre présent. Corrigez ici les arrivées et départs à part.",
        "La séance est notée tenue\u00a0: %(n)s membres présents. Corrigez ici les arrivées et départs à part.",
        count,
    )
    return text % {"n": count}


def not_held_lines(sitting: Sitting) -> Iterable[Label]:
    yield _("Personne n’est compté absent. Les textes qu’elle devait voter attendent une autre séance.")
    if sitting.is_public:
        yield _("Sur le site public, elle se lit «\u00a0N’a pas eu lieu\u00a0».")
    yield NO_MAIL


def reopening_lines(sitting: Sitting) -> Iterable[Label]:
    """Yield what is restored with the sitting, and what was sent and stays."""
    count = stays_on_roll(sitting).filter(left_at=sitting.closed_at).count()
    text = ngettext(
        "%(n)s personne présente à la clôture l’est de nouveau.",
        "%(n)s personnes présentes à la clôture le sont de nouveau.",
        count,
    )
    yield text % {"n": count}
    yield _("Les absences déduites des réponses s’effacent, les alertes d’absences répétées sont comptées de nouveau.")
    yield from sent_lines(sitting)
    yield NO_MAIL


def undoing_lines(sitting: Sitting) -> Iterable[Label]:
    """Yield what happens to the roll, and what was sent and stays."""
    if count := people_noted_present(sitting):
        text = ngettext(
            "La présence de %(n)s personne est annulée.", "Les présences de %(n)s personnes sont annulées.", count
        )
        yield text % {"n": count}
    yield _(
        "La séance redevient convoquée\u00a0: les réponses se donnent de nouveau, les heures des points s’effacent."
    )
    if count := claims_here(sitting).count():
        text = ngettext(
            "%(n)s demande de remboursement devient sans objet.",
            "%(n)s demandes de remboursement deviennent sans objet.",
            count,
        )
        yield text % {"n": count}
    yield from sent_lines(sitting)
    yield NO_MAIL


def sent_lines(sitting: Sitting) -> Iterable[str]:
    """Yield what was sent because of the closing: it is listed, not undone."""
    if count := certificates_sent(sitting):
        text = ngettext(
            "%(n)s attestation de présence est déjà partie.",
            "%(n)s attestations de présence sont déjà parties.",
            count,
        )
        yield text % {"n": count}
    if count := notified_absences(sitting).count():
        text = ngettext(
            "%(n)s membre a déjà reçu une lettre sur ses absences\u00a0: relisez sa fiche.",
            "%(n)s membres ont déjà reçu une lettre sur leurs absences\u00a0: relisez leurs fiches.",
            count,
        )
        yield text % {"n": count}
    if references := list(claims_at_finance(sitting).values_list("reference", flat=True)):
        text = ngettext(
            "Demande de remboursement déjà transmise aux finances, qui n’est pas défaite\u00a0: %(references)s.",
            "Demandes de remboursement déjà transmises aux finances, qui ne sont pas défaites\u00a0: %(references)s.",
            len(references),
        )
        yield text % {"references": ", ".join(references)}


def sitting_title(sitting: Sitting) -> str:
    return f"{sitting.title}, {format_moment(sitting.starts_at)}"


def sitting_page(request: UserRequest, sitting: Sitting) -> str:
    """Return the tab of answers while they are open, else the agenda."""
    return reverse("sittings:notice" if sitting.takes_answers else "sittings:sitting", args=[sitting.pk])


def roll_page(request: UserRequest, sitting: Sitting) -> str:
    """Return the page that the reader came from (`?retour=`), else the roll, or the attendance tab after the end."""
    return local_address(request, request.GET.get("retour", "")) or reverse(
        "sittings:roll" if sitting.is_running else "sittings:attendance", args=[sitting.pk]
    )


# The page on which a part of the sitting is corrected: the label of its button, and its route.
REMEDIES = {
    "date": (gettext_lazy("Changer la date"), "edit"),
    "place": (gettext_lazy("Indiquer le lieu"), "edit"),
    "agenda": (gettext_lazy("Ouvrir l’ordre du jour"), "sitting"),
    "actions": (gettext_lazy("Ajouter le point"), "sitting"),
}


def preview_context(sitting: Sitting) -> dict[str, Any]:
    """Return what would be sent now, and to whom; the form sends the `digest` back."""
    shown = preview(sitting)
    return {
        "preview": shown,
        "facts": shown.facts,
        "digest": shown.digest,
        "figures": notice_figures(sitting, shown),
        "checks": [check_row(sitting, warning) for warning in shown.warnings],
    }


def check_row(sitting: Sitting, warning: NoticeWarning) -> tuple[str, str, Label, str]:
    """Return fact, consequence, label and address of the remedy, for `ui/checks.html`."""
    label, route = REMEDIES.get(warning.part, ("", ""))
    return warning.fact, warning.consequence, label, reverse(f"sittings:{route}", args=[sitting.pk]) if route else ""


def first_notice_context(sitting: Sitting) -> dict[str, Any]:
    """Return the preview with the number of people in the title."""
    context = preview_context(sitting)
    count = len(context["preview"].people)
    title = ngettext("Convoquer %(n)s personne ?", "Convoquer %(n)s personnes ?", count) % {"n": count}
    return context | {"title": title}


def notice_figures(sitting: Sitting, shown: NoticePreview) -> list[Figure]:
    """Return how many people get a mail and a letter, and how many days ahead."""
    days = (timezone.localdate(sitting.starts_at) - timezone.localdate()).days
    least = _("%(days)s au moins") % {"days": format_span(sitting.term.notice_days)}
    ahead = [(format_span(days), _("d’avance"), least)] if days >= 0 else []
    return [*figures_of_recipients([one.person for one in shown.people]), *ahead]


def convened(sitting: Sitting) -> str:
    count = sitting.invitees.expected().count()
    message = ngettext("%(n)s personne convoquée.", "%(n)s personnes convoquées.", count) % {"n": count}
    last = sitting.notices.select_related("distribution").latest("number").distribution
    if last and last.is_waiting:
        message += " " + _("Les courriels partent le %(moment)s.") % {"moment": format_moment(last.send_at)}
    return message


def reminder_title(sitting: Sitting) -> str:
    count = len(silent_people(sitting)[0])
    return ngettext("Relancer %(n)s personne ?", "Relancer %(n)s personnes ?", count) % {"n": count}


def reminder_lines(sitting: Sitting) -> Iterable[str]:
    yield _("Chacune reçoit un courriel avec la date, le lieu et son lien personnel. Une seule relance part par jour.")
    yield from call_sentences(silent_people(sitting)[1])


def reminded(sitting: Sitting) -> str:
    count = len(silent_people(sitting)[0])
    return ngettext("%(n)s relance est en cours d’envoi.", "%(n)s relances sont en cours d’envoi.", count) % {
        "n": count
    }


def lines_without_quorum(sitting: Sitting) -> Iterable[str]:
    """Yield the figures of this moment, and their consequence by the rule of the term."""
    yield presence_at(sitting, timezone.now()).missing_quorum()
    if is_suspended_without_quorum(sitting):
        yield _("La séance est suspendue. Elle reprend quand le quorum est atteint.")
    elif sitting.term.no_quorum_rule == NoQuorumRule.SECOND:
        yield _("La séance prend fin. Une seconde séance, sur le même ordre du jour, décide sans quorum.")
    else:
        yield _("La séance prend fin. Une autre séance la remplace ; le quorum y reste exigé.")
    if source := sitting.term.quorum_source:
        yield _("Règle\u00a0: %(source)s.") % {"source": source}
    waiting = Ballot.objects.filter(agenda_item__sitting=sitting, state=BallotState.PREPARED).count()
    if waiting:
        yield ngettext("%(n)s vote préparé attend.", "%(n)s votes préparés attendent.", waiting) % {"n": waiting}


STEPS: StepPages[Sitting] = StepPages(
    SITTING,
    name="sittings:",
    fetch=desk_sitting,
    back=sitting_page,
    eyebrow=sitting_title,
    fix_url=fix_url,
)
STEPS.bind("success_message", {"notify": convened, "renotify": convened, "remind": reminded, "hold": held_message})
STEPS.bind(
    "context",
    {
        "notify": first_notice_context,
        "renotify": lambda sitting: {**preview_context(sitting), "changes": changes_since_notice(sitting)},
    },
)
STEPS.bind("question", {"remind": reminder_title})
STEPS.bind(
    "consequences",
    {
        "remind": reminder_lines,
        "postpone": recipient_lines,
        "cancel": recipient_lines,
        "hold": hold_lines,
        "note_not_held": not_held_lines,
        "reopen": reopening_lines,
        "undo_opening": undoing_lines,
    },
)
STEPS.bind("recipients", {"remind": lambda sitting: silent_people(sitting)[0]})
STEPS.bind(
    "next_url",
    {
        "postpone": lambda sitting, successor: reverse("sittings:sitting", args=[(successor or sitting).pk]),
        "reconvene": lambda sitting, successor: reverse("sittings:notify", args=[successor.pk]),
        "hold": lambda sitting, count: reverse("sittings:attendance", args=[sitting.pk]),
    },
)
STEPS.bind(
    "offered",
    {"hold": lambda user, sitting: has_begun(sitting), "note_not_held": lambda user, sitting: has_begun(sitting)},
)

ROLL_STEPS: StepPages[Sitting] = StepPages(
    SITTING,
    "conduct",
    name="sittings:move",
    fetch=desk_sitting,
    back=roll_page,
    eyebrow=sitting_title,
    fix_url=fix_url,
)
ROLL_STEPS.bind(
    "consequences", {"open": opening_lines, "close": closing_lines, "note_no_quorum": lines_without_quorum}
)
