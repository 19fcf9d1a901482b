"""What the pages of the steps of a sitting say before the click: figures, what follows, what already left."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.http import UserRequest
from assembly.identity.models import Person
from assembly.ui.words import Label
from sessions.enums import SittingState
from sessions.models import Sitting
from sessions.queries.attendance import present_count, quorum_needed
from sessions.queries.sitting_record import (
    absences_told,
    certificates_sent,
    claims_at_finance,
    claims_here,
    closing_figures,
    people_noted_present,
    stays_on_roll,
)
from sessions.queries.sittings import figures
from sessions.rules import sittings as rules

NO_MAIL = gettext_lazy(
    "Aucun courriel ne part de lui-même\u00a0: «\u00a0Écrire aux personnes convoquées\u00a0» est là pour cela."
)


def fix_url(request: UserRequest, sitting: Sitting, code: str) -> str:
    """Where what a step finds missing is noted, or the step to take in its place."""
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
    """How many are told that the sitting is put off or called off, or are written to."""
    if count := sitting.invitees.expected().count() if sitting.state != SittingState.PLANNED else 0:
        yield ngettext(
            "%(n)s personne sera prévenue.", "%(n)s personnes seront prévenues, par courriel ou par lettre.", count
        ) % {"n": count}


def expected_people(sitting: Sitting) -> list[Person]:
    rows = sitting.invitees.expected().select_related("person").order_by("person__sort_name", "pk")
    return [invitee.person for invitee in rows]


def opening_lines(sitting: Sitting) -> Iterable[str]:
    """Who is expected, and what ends with the opening."""
    numbers = figures(sitting)
    expected = ngettext("%(n)s personne est convoquée", "%(n)s personnes sont convoquées", numbers.expected)
    coming = ngettext("%(n)s a répondu qu’elle vient.", "%(n)s ont répondu qu’elles viennent.", numbers.coming)
    yield f"{expected % {'n': numbers.expected}}, {coming % {'n': numbers.coming}}"
    yield _("Les réponses à la convocation ne se donnent plus, et les avis mis au vote ne prennent plus d’amendement.")


def closing_lines(sitting: Sitting) -> Iterable[str]:
    """What is left open, who is still there, and the quorum."""
    found, present = closing_figures(sitting), present_count(sitting, timezone.now())
    if found.never_opened:
        text = ngettext(
            "%(n)s point sur %(all)s n’a pas été ouvert.",
            "%(n)s points sur %(all)s n’ont pas été ouverts.",
            found.never_opened,
        )
        yield text % {"n": found.never_opened, "all": found.items}
    if found.not_proclaimed:
        text = ngettext(
            "%(n)s vote est compté et n’est pas proclamé.",
            "%(n)s votes sont comptés et ne sont pas proclamés.",
            found.not_proclaimed,
        )
        yield text % {"n": found.not_proclaimed}
    text = ngettext(
        "%(n)s personne est encore notée présente\u00a0: sa présence s’arrête avec la séance.",
        "%(n)s personnes sont encore notées présentes\u00a0: leur présence s’arrête avec la séance.",
        found.still_there,
    )
    yield text % {"n": found.still_there} if found.still_there else _("Personne n’est plus noté présent.")
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
    """What comes back with the sitting, and what left that does not."""
    count = stays_on_roll(sitting).filter(left_at=sitting.closed_at).count()
    text = ngettext(
        "%(n)s personne présente à la clôture l’est de nouveau.",
        "%(n)s personnes présentes à la clôture le sont de nouveau.",
        count,
    )
    yield text % {"n": count}
    yield _("Les absences déduites des réponses s’effacent, les alertes d’absences répétées sont comptées de nouveau.")
    yield from what_left(sitting)
    yield NO_MAIL


def undoing_lines(sitting: Sitting) -> Iterable[Label]:
    """The roll that is set aside, and what left that does not come back."""
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
    yield from what_left(sitting)
    yield NO_MAIL


def what_left(sitting: Sitting) -> Iterable[str]:
    """What left because of the closing: it is listed, not undone."""
    if count := certificates_sent(sitting):
        text = ngettext(
            "%(n)s attestation de présence est déjà partie.",
            "%(n)s attestations de présence sont déjà parties.",
            count,
        )
        yield text % {"n": count}
    if count := absences_told(sitting).count():
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
