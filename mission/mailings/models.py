"""Mailing lists, who agreed to be on them, withdrawals, and messages to a list."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from mission.letters.models import LetterRow, letter_constraints
from mission.partners.models import Partner
from mission.registers.models import RegisterLine, RegisterRow, row_constraints, row_indexes, state_field


class ListState(States):
    OPEN = "open", State("done"), _("ouverte")
    CLOSED = "closed", State("closed"), _("fermée")


class ConsentMeans(models.TextChoices):
    """Means by which somebody agreed to receive mail."""

    MEETING = "meeting", _("de vive voix, lors d’une rencontre")
    PHONE = "phone", _("au téléphone")
    PAPER = "paper", _("par écrit, sur papier")
    MAIL = "mail", _("par courriel")
    LINK = "link", _("par le lien que nous lui envoyons")


class MailingList(RegisterRow):
    """List about one topic, for partners who asked for it."""

    state = state_field(ListState, ListState.OPEN)
    purpose = models.TextField(_("ce que reçoivent ses abonnés"), max_length=600)

    class Meta:
        verbose_name = _("liste de diffusion")
        indexes = row_indexes("mailing_list")
        constraints = row_constraints("mailing_list", ListState)


class ListSubscriberQuerySet(ScreenQuerySet["ListSubscriber"]):
    def agreed(self) -> "ListSubscriberQuerySet":
        return self.filter(confirmed_at__isnull=False)


class ListSubscriber(RegisterLine):
    """Contact of a partner who agreed: when, how, and who noted it (`created_by`).

    Nothing is sent before `confirmed_at`. Whoever withdraws is deleted from here at once (`ListWithdrawal`).
    """

    row = models.ForeignKey(MailingList, on_delete=models.PROTECT, related_name="subscribers")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("personne"))
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("partenaire"))
    means = models.CharField(_("comment l’accord est donné"), max_length=8, choices=ConsentMeans)
    consent_on = models.DateField(_("accord donné le"), null=True, blank=True)
    proof = models.CharField(_("où le retrouver"), max_length=200, blank=True)
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, editable=False)

    privacy = ModelPrivacy(
        _("Les listes de diffusion où vous êtes"), owner="person", deletes_rows=True, internal=["changed_at"]
    )
    objects: ClassVar[Any] = ListSubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnement à une liste")
        constraints = [
            models.UniqueConstraint(fields=["row", "person"], name="list_subscriber_once"),
            models.CheckConstraint(name="list_subscriber_means_known", condition=Q(means__in=ConsentMeans.values)),
            models.CheckConstraint(
                name="list_subscriber_agreed",
                condition=Q(confirmed_at=None, consent_on=None, means=ConsentMeans.LINK)
                | Q(confirmed_at__isnull=False, consent_on__isnull=False),
                violation_error_message=_("Dites quel jour l’accord a été donné."),
                violation_error_code="consent_on",
            ),
        ]

    def __str__(self) -> str:
        """Return no name: the journal stores this text."""
        return f"abonnement {self.pk}"


class ListWithdrawal(models.Model):
    """Address that withdrew from a list, as a keyed digest: it needs a new agreement to be added again."""

    row = models.ForeignKey(MailingList, on_delete=models.PROTECT, related_name="withdrawals")
    digest = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField()

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("retrait d’une liste")
        constraints = [models.UniqueConstraint(fields=["row", "digest"], name="list_withdrawal_once")]

    def __str__(self) -> str:
        return f"{self.row_id} {self.withdrawn_at:%Y-%m-%d}"


class ListMessage(LetterRow):
    """Message to a list, sent once."""

    mailing_list = models.ForeignKey(
        MailingList, on_delete=models.PROTECT, related_name="messages", verbose_name=_("liste")
    )

    class Meta:
        verbose_name = _("message à une liste")
        indexes = row_indexes("list_message")
        constraints = letter_constraints("list_message")
