"""Messages with certificates of attendance, and letters about absences."""

from datetime import date
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import Attachment, MessageKind
from assembly.text.french import format_date
from sessions.attendance.queries.facts import certificate_pdf
from sessions.attendance.queries.presence import read_row
from sessions.models import AbsenceCase, Invitee


class Certificate(MessageKind):
    kind = "attendance-certificate"
    template = "sessions/attendance/mail/certificate"
    label = gettext_lazy("Attestation de présence")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        row = read_row(invitee_of(delivery))
        return {"row": row, "sitting": row.invitee.sitting}

    def attachments(self, distribution: Distribution, delivery: Delivery) -> list[Attachment]:
        invitee = invitee_of(delivery)
        name = f"attestation-{slugify(invitee.sitting.reference)}.pdf"
        return [Attachment(name, "application/pdf", certificate_pdf(invitee))]

    def attachment_names(self, distribution: Distribution) -> list[str]:
        return [_("Attestation de présence (PDF)")]


def invitee_of(delivery: Delivery) -> Invitee:
    return Invitee.objects.select_related("person", "sitting__term__assembly").get(pk=delivery.context["invitee"])


class AbsenceLetter(MessageKind):
    """Message with one paragraph for each typed line."""

    kind = "absences"
    template = "sessions/attendance/mail/absences"
    label = gettext_lazy("Absences aux séances")


def write_to_member(case: AbsenceCase, *, text: str, title: str, by: User) -> None:
    """Send one message to the person of the case; each decision sends its own."""
    person = case.mandate.member.person
    distribute(
        "absences",
        case,
        [Recipient(person, {"text": text, "title": title})],
        by=by,
        title=title,
        key=f"absences:{case.pk}:{case.state}:{case.decided_at:%Y%m%d%H%M%S%f}",
        term=case.mandate.term,
    )


def proposed_warning(case: AbsenceCase) -> str:
    """Return the proposed warning, which the team may change; it asks questions and blames nobody."""
    return _(
        "Bonjour %(name)s,\n\n"
        "Vous n’avez pas pu venir à nos %(count)s dernières séances plénières, depuis le %(day)s. Nous espérons que"
        " tout va bien.\n\n"
        "Pouvez-vous nous dire si vous pensez venir à la prochaine ? Un trajet, une garde d’enfants, un horaire ou"
        " autre chose vous gêne ? Nous chercherons une solution avec vous. Vous n’avez pas à nous parler de votre"
        " santé.\n\n"
        "L’équipe de l’Assemblée"
    ) % letter_values(case)


def proposed_notice(case: AbsenceCase, answer_by: date) -> str:
    """Return the letter that opens the procedure: what may follow, until when to answer, and how."""
    return _(
        "Bonjour %(name)s,\n\n"
        "Vous avez manqué nos %(count)s dernières séances plénières, depuis le %(day)s. La règle de"
        " l’Assemblée permet alors de mettre fin au mandat, pour qu’une autre personne de votre canton puisse"
        " siéger. Rien n’est décidé.\n\n"
        "Avant toute décision, dites-nous ce que vous souhaitez, par courriel, par lettre ou par téléphone, jusqu’au"
        " %(answer_by)s. Vous pouvez vous faire aider par la personne de votre choix.\n\n"
        "L’équipe de l’Assemblée"
    ) % (letter_values(case) | {"answer_by": format_date(answer_by)})


def letter_values(case: AbsenceCase) -> dict[str, object]:
    name = case.mandate.member.person.full_name
    return {"name": name, "count": case.absences, "day": format_date(case.since.starts_at)}
