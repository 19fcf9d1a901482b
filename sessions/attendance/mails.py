"""Messages with certificates of attendance, letters about absences, and whom the team writes to of a sitting."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy

from assembly.audit.models import Entry
from assembly.correspondence.registry import RecipientGroup
from assembly.identity.models import Person, User
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import Attachment, MessageKind
from assembly.text.french import Label, format_date, format_time
from sessions.attendance.queries.facts import certificate_pdf
from sessions.attendance.queries.presence import read_row
from sessions.models import AbsenceCase, Attendance, Invitee, Reply, Sitting


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


# What people who were convened must know after a step, by its event.
CORRECTIONS = {
    "sitting.opening_undone": gettext_lazy(
        "La séance a été notée ouverte par erreur. Elle aura bien lieu le %(day)s."
    ),
    "sitting.reopened": gettext_lazy("La séance du %(day)s a été notée close par erreur. Elle ne l’est pas."),
    "sitting.not_held": gettext_lazy("La séance prévue le %(day)s n’a pas eu lieu."),
}


class SittingGroup(RecipientGroup[Sitting]):
    """Whoever is convened to a sitting: all, by their answer, or by their presence once it was open."""

    key = "seance"
    label = gettext_lazy("Séances")
    fields = {
        "séance": gettext_lazy("Titre de la séance"),
        "date": gettext_lazy("Jour"),
        "heure": gettext_lazy("Heure de début"),
        "lieu": gettext_lazy("Lieu"),
    }
    subject_route = "sittings:sitting"

    def rows(self, user: Any) -> QuerySet[Sitting]:
        return Sitting.objects.filter(term__in=term_ids(user, TEAM_ROLES)).select_related("term")

    def name(self, subject: Sitting) -> str:
        return f"{subject.title}, {format_date(subject.starts_at, weekday=False)}"

    def people(self, subject: Sitting) -> QuerySet[Person]:
        return Person.objects.filter(pk__in=Invitee.objects.expected().filter(sitting=subject).values("person"))

    def parts(self, subject: Sitting) -> Sequence[tuple[str, Label, Q]]:
        invitees = Invitee.objects.expected().filter(sitting=subject)
        parts: list[tuple[str, Label, Q]] = [
            (str(reply), reply.label, Q(pk__in=invitees.filter(reply=reply).values("person"))) for reply in Reply
        ]
        if subject.opened_at:
            came = Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None))
            parts += [
                ("present", gettext_lazy("Présentes"), Q(pk__in=invitees.filter(came).values("person"))),
                ("absent", gettext_lazy("Absentes"), Q(pk__in=invitees.filter(~came).values("person"))),
            ]
        return parts

    def proposed(self, subject: Sitting) -> dict[str, str]:
        """Return what the last step corrects, until somebody has written; the team may change it."""
        label, key = subject._meta.label, str(subject.pk)
        written = Q(dossier_type=label, dossier_id=key, event_type__startswith="team_message.")
        entries = Entry.objects.filter(Q(subject_type=label, subject_id=key) | written)
        last = entries.order_by("-pk").values_list("event_type", flat=True).first()
        if last not in CORRECTIONS:
            return {}
        day = {"day": format_date(subject.starts_at)}
        return {
            "title": _("Séance du %(day)s\u00a0: une précision") % day,
            "body": _("Bonjour,\n\n%(fact)s\n\nL’équipe de l’Assemblée") % {"fact": CORRECTIONS[last] % day},
        }

    def facts(self, subject: Sitting) -> dict[str, str]:
        return {
            "séance": subject.title,
            "date": format_date(subject.starts_at),
            "heure": format_time(subject.starts_at),
            "lieu": subject.place_name,
        }
