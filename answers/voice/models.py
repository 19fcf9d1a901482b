"""Followers of proposals, and the public events of which they are notified.

A proposal here is a recommendation, or an opinion without any, which is answered as a whole.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from answers.enums import ProposalEventKind
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy
from assembly.speed.queryset import ScreenQuerySet
from opinions.models import Opinion, Recommendation

type Proposal = Recommendation | Opinion


def proposal_columns(proposal: Proposal) -> dict[str, Proposal]:
    """Return the column that refers to the proposal, with its value."""
    return {"whole_of" if isinstance(proposal, Opinion) else "recommendation": proposal}


def opinion_of(proposal: Proposal) -> Opinion:
    return proposal if isinstance(proposal, Opinion) else proposal.opinion


class ProposalRow(models.Model):
    """A row about a recommendation or about a whole opinion."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    whole_of = models.ForeignKey(
        Opinion, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("avis")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_of_one_thing",
                condition=Q(recommendation__isnull=False, whole_of=None)
                | Q(recommendation=None, whole_of__isnull=False),
            ),
        ]

    @property
    def proposal(self) -> Proposal:
        proposal: Any = self.recommendation or self.whole_of
        return proposal


class Follower(models.Model):
    """An address without an account, or a person with one. An address that follows nothing is deleted.

    `stopped_at`: from then on the person no longer follows what their group wrote without having asked to.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    address = models.EmailField(_("adresse électronique"), max_length=254, blank=True)
    stopped_at = models.DateTimeField(_("ne suit plus depuis le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Si vous suivez les propositions de vos groupes"), owner="person", deletes_rows=True, internal=["address"]
    )

    class Meta:
        verbose_name = _("abonné·e")
        constraints = [
            models.CheckConstraint(
                name="follower_is_person_or_address",
                condition=Q(person__isnull=False, address="") | (Q(person=None, stopped_at=None) & ~Q(address="")),
            ),
            models.UniqueConstraint(fields=["address"], name="follower_address_once", condition=~Q(address="")),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class FollowingQuerySet(ScreenQuerySet["Following"]):
    def confirmed(self) -> "FollowingQuerySet":
        return self.filter(confirmed_at__isnull=False)


class Following(ProposalRow):
    """One proposal that somebody follows, or asked to follow; no news is sent before `confirmed_at`.

    A row with `stopped_at` is a person’s refusal to follow a proposal of their own group.
    """

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="followings")
    asked_at = models.DateTimeField(_("demandé le"))
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("arrêté le"), null=True, blank=True)

    privacy = ModelPrivacy(_("Les propositions que vous suivez"), owner="follower__person", deletes_rows=True)
    objects = FollowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("suivi d’une proposition")
        constraints = [
            *ProposalRow.Meta.constraints,
            models.UniqueConstraint(fields=["follower", "recommendation"], name="following_once"),
            models.UniqueConstraint(fields=["follower", "whole_of"], name="following_whole_once"),
            models.CheckConstraint(
                name="following_confirmed_or_stopped", condition=Q(confirmed_at=None) | Q(stopped_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} {self.recommendation_id or self.whole_of_id}"

    @property
    def is_pending(self) -> bool:
        """Return whether a request is unconfirmed and made after the last refusal, if there was one.

        An anonymous request does not cancel a refusal before it is confirmed.
        """
        return self.confirmed_at is None and (self.stopped_at is None or self.asked_at > self.stopped_at)


class ProposalNews(ProposalRow):
    """A public event of a proposal. `sent_at`: its followers are being notified."""

    kind = models.CharField(max_length=12, choices=ProposalEventKind)
    happened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            *ProposalRow.Meta.constraints,
            models.CheckConstraint(name="proposal_news_kind_known", condition=Q(kind__in=ProposalEventKind.values)),
        ]
        indexes = [models.Index(fields=["happened_at"], name="proposal_news_unsent", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.recommendation_id or self.whole_of_id} {self.kind}"
