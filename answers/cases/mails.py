"""Mails to directorates and the elected that are sent at once, because somebody cannot go on without the reader.

A mail is about one case, or about several of one opinion that one action changed. Its subject contains a reference,
never text of an answer.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from answers.cases.queries import leads_of, signers_of, sponsors_of, waited_people, writers_of
from answers.models import AnswerCase
from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, kinds
from assembly.text.french import format_date
from consultations.reviews.actions.asking import format_stamp
from opinions.models import Opinion

ASSIGNED, TO_SIGN, SENT_BACK = "answer-assigned", "answer-to-sign", "answer-sent-back"
TO_ARBITRATE, REMINDED, DECIDED = "answer-to-arbitrate", "answer-reminded", "answer-decided"
TO_PUBLISH = "answer-to-publish"


class AnswerMessage(MessageKind):
    """Base class of these mails, with one template. `own.cases`: keys; `own.reason`: why, or what is requested."""

    template: ClassVar[str] = "answers/cases/mail/news"
    heading: ClassVar[Any]
    sentence: ClassVar[Any]
    reason_label: ClassVar[Any] = ""
    button: ClassVar[Any] = gettext_lazy("Ouvrir le dossier")
    pages: ClassVar[tuple[str, str]] = (
        "answers:directorate-case",
        "answers:directorate-list",
    )  # of one case, of several

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = AnswerCase.objects.with_dossier().filter(pk__in=delivery.context["cases"])
        cases = list(rows.order_by("due_on", "pk"))
        reference = cases[0].reference if len(cases) == 1 else cases[0].opinion.reference
        one, several = self.pages
        path = reverse(one, args=[cases[0].pk]) if len(cases) == 1 else reverse(several)
        return {
            "heading": self.heading,
            "sentence": self.sentence,
            "reason_label": self.reason_label,
            "button": self.button,
            "reference": reference,
            "cases": [(case, self.detail(case)) for case in cases],
            "by": distribution.requested_by,
            "url": settings.SITE_URL + path,
        }

    def detail(self, case: AnswerCase) -> str:
        """Return the sentence with the day on which the answer is due."""
        return _("La réponse est attendue le %(day)s.") % {"day": format_date(case.due_on)}


class AnswerAssigned(AnswerMessage):
    kind = ASSIGNED
    label = heading = gettext_lazy("Réponse à écrire")
    sentence = gettext_lazy("La mission confie à votre direction la réponse du Conseil départemental :")
    reason_label = gettext_lazy("Elle précise :")
    button = gettext_lazy("Écrire la réponse")


class AnswerToSign(AnswerMessage):
    kind = TO_SIGN
    label = heading = gettext_lazy("Votre visa est attendu")
    sentence = gettext_lazy("Votre visa est demandé sur cette réponse :")
    reason_label = gettext_lazy("Il avait été demandé :")
    button = gettext_lazy("Lire et viser")


class AnswerSentBack(AnswerMessage):
    kind = SENT_BACK
    label = heading = gettext_lazy("Votre réponse est à reprendre")
    sentence = gettext_lazy("Cette réponse vous est renvoyée :")
    reason_label = gettext_lazy("À reprendre :")
    button = gettext_lazy("Reprendre la réponse")


class AnswerToArbitrate(AnswerMessage):
    kind = TO_ARBITRATE
    label = heading = gettext_lazy("Votre arbitrage est demandé")
    sentence = gettext_lazy("La mission vous demande d’arbitrer cette réponse :")
    reason_label = gettext_lazy("La question :")
    button = gettext_lazy("Lire et arbitrer")


class AnswerReminded(AnswerMessage):
    kind = REMINDED
    label = heading = gettext_lazy("Rappel, une réponse est attendue")
    sentence = gettext_lazy("La mission attend cette réponse :")


class AnswersDecided(AnswerMessage):
    kind = DECIDED
    label = heading = gettext_lazy("Réponse décidée")
    sentence = gettext_lazy("Le Conseil départemental a décidé :")
    button = gettext_lazy("Lire la réponse")

    def detail(self, case: AnswerCase) -> str:
        return _("La mission la publie.")


class AnswersToPublish(AnswerMessage):
    kind = TO_PUBLISH
    label = heading = gettext_lazy("Réponse à publier")
    sentence = gettext_lazy("Le Conseil départemental a décidé :")
    button = gettext_lazy("Publier la réponse")
    pages = ("answers:desk-case", "answers:desk")

    def detail(self, case: AnswerCase) -> str:
        return _("Personne ne la lit avant que vous la publiiez.")


@transaction.atomic
def mail_readers(
    kind: str,
    cases: Iterable[AnswerCase],
    readers: Callable[[AnswerCase], Iterable[User]],
    *,
    by: User | None,
    reason: str = "",
    when: str = "",
) -> None:
    """Mail each reader, except the one who acts, once about all the cases of an opinion.

    `when`: distinguishes this event in the key of the distribution.
    """
    by_opinion: dict[Opinion, dict[User, list[int]]] = {}
    for case in cases:
        people = by_opinion.setdefault(case.opinion, {})
        for user in readers(case):
            keys = people.setdefault(user, [])
            if case.pk not in keys:
                keys.append(case.pk)
    for opinion, people in by_opinion.items():
        recipients = [
            Recipient(user.person, {"cases": keys, "reason": reason})
            for user, keys in people.items()
            if by is None or user.pk != by.pk
        ]
        if recipients:
            stamp = when or format_stamp(timezone.now())
            count = len({key for recipient in recipients for key in recipient.context["cases"]})
            number = ngettext("%(n)s réponse", "%(n)s réponses", count) % {"n": count}
            distribute(
                kind,
                opinion,
                recipients,
                by=by,
                title=f"{kinds[kind].label}, {opinion.reference}, {number}",
                key=f"{kind}:{opinion.pk}:{min(recipients[0].context['cases'])}:{stamp}",
                term=opinion.term,
                letter=False,
            )


def notify_writers(kind: str, cases: Iterable[AnswerCase], *, by: User | None, reason: str = "") -> None:
    mail_readers(kind, cases, writers_of, by=by, reason=reason)


def ask_for_visa(case: AnswerCase, *, by: User | None, reason: str = "") -> None:
    mail_readers(TO_SIGN, [case], signers_of, by=by, reason=reason)


def notify_sponsors(case: AnswerCase, taken: Any) -> None:
    """Ask the sponsors to arbitrate, after the step `refer`."""
    mail_readers(TO_ARBITRATE, [case], sponsors_of, by=taken.by, reason=taken.reason)


def send_reminders(cases: Iterable[AnswerCase], *, by: User) -> None:
    """Remind those whose turn it is."""
    mail_readers(REMINDED, cases, waited_people, by=by)


def notify_decided(cases: Iterable[AnswerCase], *, by: User) -> None:
    """Mail the directorates that wrote and signed, and those who publish."""

    def readers(case: AnswerCase) -> list[User]:
        return [*writers_of(case), *signers_of(case)]

    rows = list(cases)
    mail_readers(DECIDED, rows, readers, by=by)
    mail_readers(TO_PUBLISH, rows, leads_of, by=by)
