"""Lines of the step pages of a sitting before the click: figures, consequences, what was already sent."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.http import UserRequest
from assembly.identity.models import Person
from assembly.text.french import Label
from sessions.attendance.queries.presence import present_count, quorum_needed
from sessions.enums import SittingState
from sessions.models import Sitting
from sessions.queries.sitting_record import (
    certificates_sent,
    claims_at_finance,
    claims_here,
    closing_figures,
    notified_absences,
    people_noted_present,
    stays_on_roll,
)
from sessions.sittings import rules
from sessions.sittings.queries.sittings import figures

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


def expected_people(sitting: Sitting) -> list[Person]:
    rows = sitting.invitees.expected().select_related("person").order_by("person__sort_name", "pk")
    return [invitee.person for invitee in rows]


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
