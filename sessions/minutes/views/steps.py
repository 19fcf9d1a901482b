"""Each step of minutes as a page: a question with its figures, sometimes a form."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import Person, User
from assembly.text.french import format_date
from sessions.minutes import rules
from sessions.minutes.actions import publication
from sessions.minutes.queries.facts import outdated_visas, title_of
from sessions.minutes.queries.minutes import (
    answers_to_send,
    minutes_for_page,
    people_who_attended,
    readers_of_sealed,
    unanswered_corrections,
)
from sessions.minutes.rules import can_see_desk
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Minutes, MinutesVisaCapacity as Capacity


def abilities(user: User, minutes: Minutes) -> dict[str, bool]:
    """Return what the pages of these minutes may offer to this reader: the steps, and other writes."""
    return MINUTES.abilities(user, minutes) | {
        "write": rules.can_write(user, minutes),
        "record_correction": rules.can_record_correction(user, minutes),
    }


# The step where the facts that a guard found missing are entered.
FIX_PAGES = {"functions": "fonctions", "visas": "visa-papier", "seal": "sceller"}


def desk_minutes(request: UserRequest, pk: int) -> Minutes:
    """Return the minutes for the back office: 404 if not visible, 403 if only readable elsewhere."""
    row = get_object_or_404(minutes_for_page(request.user), pk=pk)
    if not can_see_desk(request.user, row):
        raise PermissionDenied
    return row


def tab(request: UserRequest, row: Minutes) -> str:
    return reverse("sittings:minutes", args=[row.sitting_id])


def fix_url(request: UserRequest, row: Minutes, code: str) -> str:
    if code == "corrections":
        return f"{tab(request, row)}#corrections"
    if code == "nobody":
        return reverse("sittings:attendance", args=[row.sitting_id])
    return STEPS.url(row, FIX_PAGES[code]) if code in FIX_PAGES else ""


def attendees(row: Minutes) -> list[Person]:
    return people_who_attended(row.sitting)


def title_with_count(label: Any, recipients: Callable[[Minutes], list[Person]]) -> Callable[[Minutes], str]:
    """Return « Faire relire à 91 personnes ? »."""

    def title(row: Minutes) -> str:
        count = len(recipients(row))
        template = ngettext("%(verb)s à %(n)s personne ?", "%(verb)s à %(n)s personnes ?", count)
        return template % {"verb": label, "n": count}

    return title


def channel_lines(recipients: list[Person]) -> list[str]:
    """Return how many get a mail, how many a letter, and the names of the latter."""
    letters = [person for person in recipients if person.is_paper]
    by_mail = len(recipients) - len(letters)
    lines = [ngettext("%(n)s par courriel.", "%(n)s par courriel.", by_mail) % {"n": by_mail}]
    if letters:
        template = ngettext("%(n)s lettre à imprimer : %(who)s.", "%(n)s lettres à imprimer : %(who)s.", len(letters))
        lines.append(template % {"n": len(letters), "who": ", ".join(person.full_name for person in letters[:8])})
    return lines


def circulation_lines(row: Minutes) -> list[str]:
    days = row.sitting.term.correction_days
    delay = ngettext(
        "Elles pourront demander des corrections pendant %(n)s jour.",
        "Elles pourront demander des corrections pendant %(n)s jours.",
        days,
    )
    return [*channel_lines(attendees(row)), delay % {"n": days}]


def distribution_lines(row: Minutes) -> list[str]:
    lines = channel_lines(readers_of_sealed(row))
    return [*lines, _("Chacune reçoit la version interne scellée, avec l’adresse où la vérifier.")]


def submission_lines(row: Minutes) -> list[str]:
    waiting = answers_to_send(row).count()
    lines = [_("Un point « Approbation » sera ajouté au début de son ordre du jour.")]
    if waiting:
        template = ngettext(
            "%(n)s réponse à une correction partira.", "%(n)s réponses à des corrections partiront.", waiting
        )
        lines.append(template % {"n": waiting})
    return lines


def closing_lines(row: Minutes) -> list[str]:
    asked = unanswered_corrections(row)
    template = ngettext("%(n)s correction attend une réponse.", "%(n)s corrections attendent une réponse.", asked)
    return [_("Plus personne ne peut demander de correction."), template % {"n": asked}]


def outdated_lines(row: Minutes) -> list[str]:
    count = outdated_visas(row).count()
    template = ngettext("%(n)s visa est à redonner.", "%(n)s visas sont à redonner.", count)
    return [template % {"n": count}]


def answers_title(row: Minutes) -> str:
    waiting = answers_to_send(row).count()
    return ngettext("Envoyer %(n)s réponse ?", "Envoyer %(n)s réponses ?", waiting) % {"n": waiting}


def visa_lines(row: Minutes) -> list[str]:
    day = format_date(row.sitting.starts_at)
    return [
        _("Vous approuvez le texte final du procès-verbal de la séance du %(day)s.") % {"day": day},
        _("Votre nom, votre qualité et l’heure seront imprimés sur la dernière page."),
    ]


STEPS: StepPages[Minutes] = StepPages(
    MINUTES,
    name="sittings:minutes-step",
    fetch=desk_minutes,
    back=tab,
    eyebrow=title_of,
    fix_url=fix_url,
)
STEPS.bind(
    "question",
    {
        "circulate": title_with_count(gettext_lazy("Faire relire"), attendees),
        "send_answers": answers_title,
        "distribute": title_with_count(gettext_lazy("Diffuser"), readers_of_sealed),
    },
)
STEPS.bind(
    "consequences",
    {
        "circulate": circulation_lines,
        "end_corrections": closing_lines,
        "submit_for_approval": submission_lines,
        "chair_visa": visa_lines,
        "secretary_visa": visa_lines,
        "void_visas": outdated_lines,
        "distribute": distribution_lines,
        "distribute_record": lambda row: channel_lines(attendees(row)),
    },
)
STEPS.bind("recipients", {"circulate": attendees, "distribute": readers_of_sealed, "distribute_record": attendees})
STEPS.bind(
    "action",
    {
        "record_visa": lambda row, by, **data: publication.record_visa(row, Capacity(data["capacity"]), by=by),
    },
)
