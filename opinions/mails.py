"""Mails about opinions: what happened in one sentence, what the reader may do, and the address of the page."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.models import RoleAssignment
from assembly.institution.rules import stand_in_reader
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.text.french import format_date
from opinions.models import Opinion, OpinionSection, ServicesRequest
from opinions.rules.opinions import OPINION_PAGES

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
