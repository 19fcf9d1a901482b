"""Mails about opinions: one for each person and event, with what happened, what the reader may do, the address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import Person, User
from assembly.institution.models import Role, RoleAssignment
from assembly.institution.rules import stand_in_reader
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.text.french import format_date
from consultations.reviews.queries import contacts_of
from opinions.checks.queries import waited_people
from opinions.models import Opinion, OpinionSection, ServicesRequest
from opinions.opinions.queries import everybody, followers, members_of
from opinions.opinions.rules import OPINION_PAGES

PEOPLE = ("referral", "term__assembly", "tabled_sitting", "ballot")


class OpinionMessage(MessageKind):
    """One template for all mails about opinions; each kind defines its sentences."""

    template: ClassVar[str] = "opinions/mail/news"
    title: ClassVar[Any]
    heading: ClassVar[Any]
    button: ClassVar[Any] = gettext_lazy("Lire l’avis")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        opinion = self.opinion(distribution)
        return {
            "opinion": opinion,
            "heading": self.heading,
            "sentences": self.sentences(opinion, distribution),
            "button": self.button,
            "url": settings.SITE_URL + self.address(opinion, distribution, delivery),
        }

    def opinion(self, distribution: Distribution) -> Opinion:
        return Opinion.objects.select_related(*PEOPLE).get(pk=distribution.subject_id)

    def sentences(self, opinion: Opinion, distribution: Distribution) -> list[str]:
        raise NotImplementedError

    def address(self, opinion: Opinion, distribution: Distribution, delivery: Delivery) -> str:
        """Return the address in the reader's area; the members' page for somebody who has no account yet."""
        roles = RoleAssignment.objects.filter(ended_at=None, user__person=delivery.person_id)
        reader = stand_in_reader(0, 0, roles, ())
        return OPINION_PAGES.page_for(opinion, reader) or reverse("opinions:my-opinion", args=[opinion.pk])


class TextsOpen(OpinionMessage):
    kind = "opinion-open"
    label = gettext_lazy("Un texte vous est confié")
    title = gettext_lazy("Un texte à écrire : %(title)s")
    heading = gettext_lazy("Un texte vous est confié")
    button = gettext_lazy("Ouvrir le texte")

    def sentences(self, opinion: Opinion, distribution: Distribution) -> list[str]:
        return [
            _("Votre groupe écrit une partie de l’avis « %(title)s ».") % {"title": opinion.title},
            _("Vous pouvez écrire à plusieurs en même temps. Tout est enregistré au fur et à mesure."),
        ]


class SectionValidated(OpinionMessage):
    kind = "opinion-section"
    label = gettext_lazy("Un groupe a validé son texte")
    title = gettext_lazy("Un groupe a validé son texte : %(title)s")
    heading = gettext_lazy("Un groupe a validé son texte")

    def section(self, distribution: Distribution) -> OpinionSection:
        return OpinionSection.objects.select_related("opinion").get(pk=distribution.subject_id)

    def opinion(self, distribution: Distribution) -> Opinion:
        return Opinion.objects.select_related(*PEOPLE).get(pk=self.section(distribution).opinion_id)

    def sentences(self, opinion: Opinion, distribution: Distribution) -> list[str]:
        section = self.section(distribution)
        return [_("La partie « %(section)s » est validée par son groupe.") % {"section": section.title}]


class CheckAsked(OpinionMessage):
    kind = "opinion-check"
    label = gettext_lazy("Préconisations à lire par une direction")
    title = gettext_lazy("Préconisations à lire : %(title)s")
    heading = gettext_lazy("Des préconisations attendent vos notes")
    button = gettext_lazy("Lire les préconisations")

    def request(self, distribution: Distribution) -> ServicesRequest:
        return ServicesRequest.objects.select_related("opinion").get(pk=distribution.subject_id)

    def opinion(self, distribution: Distribution) -> Opinion:
        return Opinion.objects.select_related(*PEOPLE).get(pk=self.request(distribution).opinion_id)

    def sentences(self, opinion: Opinion, distribution: Distribution) -> list[str]:
        due = format_date(self.request(distribution).due_on)
        return [
            _("L’assemblée prépare l’avis « %(title)s ».") % {"title": opinion.title},
            _("Notez chaque préconisation : est-elle faisable, qu’existe-t-il déjà, à quel coût ?"),
            _("Vos notes sont attendues le %(day)s.") % {"day": due},
        ]

    def address(self, opinion: Opinion, distribution: Distribution, delivery: Delivery) -> str:
        return reverse("opinions:check", args=[distribution.subject_id])


class CheckReminded(CheckAsked):
    kind = "opinion-check-again"
    label = gettext_lazy("Rappel : préconisations à lire")
    title = gettext_lazy("Rappel, préconisations à lire : %(title)s")
    heading = gettext_lazy("Vos notes sont attendues")


class Tabled(OpinionMessage):
    kind = "opinion-tabled"
    label = gettext_lazy("Un avis est déposé")
    title = gettext_lazy("Avis déposé : %(title)s")
    heading = gettext_lazy("L’avis est déposé")

    def sentences(self, opinion: Opinion, distribution: Distribution) -> list[str]:
        sitting = opinion.tabled_sitting
        day = format_date(sitting.starts_at) if sitting else ""
        sentences = [_("L’avis « %(title)s » sera voté le %(day)s.") % {"title": opinion.title, "day": day}]
        if opinion.amendments_close_at:
            close = format_date(opinion.amendments_close_at)
            sentences.append(_("Les membres peuvent proposer des amendements jusqu’au %(day)s.") % {"day": close})
        return sentences


class Adopted(OpinionMessage):
    kind = "opinion-adopted"
    label = gettext_lazy("Un avis est adopté")
    title = gettext_lazy("Avis adopté : %(title)s")
    heading = gettext_lazy("L’avis est adopté")

    def sentences(self, opinion: Opinion, distribution: Distribution) -> list[str]:
        values = {"title": opinion.title, "reference": opinion.reference}
        return [
            _("L’assemblée a adopté l’avis « %(title)s » (%(reference)s).") % values,
            _("Il sera remis au président du Conseil départemental."),
        ]


class HandedOver(OpinionMessage):
    kind = "opinion-handed"
    label = gettext_lazy("Un avis est remis")
    title = gettext_lazy("Avis remis : %(title)s")
    heading = gettext_lazy("L’avis est remis")

    def sentences(self, opinion: Opinion, distribution: Distribution) -> list[str]:
        values = {"title": opinion.title, "day": format_date(opinion.handed_over_on)}
        return [
            _("L’avis « %(title)s » a été remis le %(day)s.") % values,
            _("Remis à : %(to)s.") % {"to": opinion.handed_over_to},
            _("Le Conseil départemental répond maintenant à chaque préconisation."),
        ]


def send(
    opinion: Opinion,
    kind: type[OpinionMessage],
    people: Iterable[Person],
    key: str,
    *,
    by: User | None,
    about: OpinionSection | ServicesRequest | None = None,
    letter: bool = True,
) -> None:
    distribute(
        kind.kind,
        about or opinion,
        [Recipient(person) for person in people],
        by=by,
        title=str(kind.title) % {"title": opinion.title},
        term=opinion.term,
        key=key,
        letter=letter,
    )


def stamp_news(moment: datetime | None) -> str:
    """Return a moment as a part of a key, so that a step that is taken again is announced again."""
    return f"{moment or timezone.now():%Y%m%d%H%M%S%f}"


def announce_texts(opinion: Opinion, sections: list[OpinionSection], *, by: User) -> None:
    send(opinion, TextsOpen, members_of(sections), f"opinion-open:{opinion.pk}", by=by)


def announce_validation(section: OpinionSection, *, by: User) -> None:
    people = [user.person for user in followers(section.opinion) if user.pk != by.pk]
    key = f"opinion-section:{section.pk}:{stamp_news(None)}"
    send(section.opinion, SectionValidated, people, key, by=by, about=section, letter=False)


def send_check_request(request: ServicesRequest, *, by: User) -> None:
    people = [user.person for user in contacts_of(request.directorate_id)]
    send(request.opinion, CheckAsked, people, f"opinion-check:{request.pk}", by=by, about=request, letter=False)


def send_inherited_check(request: ServicesRequest, *, by: User | None) -> None:
    """Write to those who must act in the directorate that goes on with the request of a closed one."""
    people = [user.person for user in waited_people(request)]
    key = f"opinion-check:{request.pk}:{request.directorate_id}"
    send(request.opinion, CheckAsked, people, key, by=by, about=request, letter=False)


def send_check_reminder(request: ServicesRequest, *, by: User) -> None:
    """Send the reminder to those who must act; its key allows one a day."""
    people = [user.person for user in waited_people(request)]
    key = f"opinion-check-again:{request.pk}:{timezone.localdate()}"
    send(request.opinion, CheckReminded, people, key, by=by, about=request, letter=False)


def office_people(opinion: Opinion) -> list[Person]:
    """Return the people of the president's office and the sponsor."""
    roles = RoleAssignment.objects.filter(
        term=opinion.term_id, role__in=[Role.PRESIDENT, Role.SPONSOR], ended_at=None, user__is_active=True
    )
    rows = Person.objects.filter(pk__in=roles.values("user__person"))
    return list(rows.order_by("sort_name", "pk"))


def announce_tabling(opinion: Opinion, *, by: User) -> None:
    people = [*everybody(opinion), *office_people(opinion)]
    send(opinion, Tabled, people, f"opinion-tabled:{opinion.pk}:{stamp_news(opinion.tabled_at)}", by=by)


def announce_adoption(opinion: Opinion, *, by: User) -> None:
    people = [*everybody(opinion), *office_people(opinion)]
    send(opinion, Adopted, people, f"opinion-adopted:{opinion.pk}", by=by)


def announce_handover(opinion: Opinion, *, by: User) -> None:
    people = [*everybody(opinion), *office_people(opinion)]
    key = f"opinion-handed:{opinion.pk}:{opinion.handed_over_on}"  # one key for each day of handover
    send(opinion, HandedOver, people, key, by=by)
