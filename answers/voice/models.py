"""Followers of proposals, subjects and assemblies, and their news; ratings of answers."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from answers.cases.models import Answer
from assembly.identity.columns import optional_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy
from assembly.institution.models import Assembly
from assembly.speed.queries import ScreenQuerySet
from consultations.referrals.models import Referral
from opinions.models import Opinion, Recommendation


class ProposalEventKind(models.TextChoices):
    """Public events of a proposal that its followers are notified of, as sentences of the mail."""

    NEW_OPINION = "new_opinion", _("L’Assemblée publie son avis.")
    ANSWERED = "answered", _("Le Conseil départemental a répondu.")
    REVISED = "revised", _("Le Conseil départemental a révisé sa réponse.")
    MILESTONE = "milestone", _("Une étape de sa mise en œuvre est annoncée ou franchie.")
    PROGRESS = "progress", _("Il y a du nouveau sur sa mise en œuvre.")
    REPORT = "report", _("Un bilan de sa mise en œuvre est publié.")


type Proposal = Recommendation | Opinion
type Followed = Proposal | Referral | Assembly  # what one may follow: a proposal, a subject or everything

COLUMNS: dict[type[models.Model], str] = {
    Recommendation: "recommendation",
    Opinion: "whole_of",
    Referral: "referral",
    Assembly: "assembly",
}


def followed_column(followed: Followed) -> dict[str, Followed]:
    """Return the column that refers to what is followed, with its value."""
    return {COLUMNS[type(followed)]: followed}


def exactly_one(*columns: str) -> Q:
    """Return the condition that one of these columns is filled and the others are empty."""
    filled = [Q(**{f"{one}__isnull": one != column for one in columns}) for column in columns]
    return Q(*filled, _connector=Q.OR)


def opinion_of(proposal: Proposal) -> Opinion:
    return proposal if isinstance(proposal, Opinion) else proposal.opinion


class ProposalRow(models.Model):
    """A row about a recommendation or about a whole opinion."""

    recommendation = optional_key(Recommendation)
    whole_of = optional_key(Opinion, _("avis"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_of_one_thing", condition=exactly_one("recommendation", "whole_of")),
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


class Following(models.Model):
    """What somebody follows, or asked to follow; no news is sent before `confirmed_at`.

    A proposal; or a subject (`referral`) or an `assembly`, with every proposal made there.
    A row with `stopped_at` is a person’s refusal to follow a proposal of their own group.
    """

    recommendation = optional_key(Recommendation)
    whole_of = optional_key(Opinion, _("avis"))
    referral = optional_key(Referral, _("sujet"))
    assembly = optional_key(Assembly, _("assemblée"))
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="followings")
    asked_at = models.DateTimeField(_("demandé le"))
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("arrêté le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Les propositions, les sujets et les assemblées que vous suivez"),
        owner="follower__person",
        deletes_rows=True,
    )
    objects = FollowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("suivi par courriel")
        constraints = [
            models.CheckConstraint(name="following_of_one_thing", condition=exactly_one(*COLUMNS.values())),
            models.UniqueConstraint(fields=["follower", "recommendation"], name="following_once"),
            models.UniqueConstraint(fields=["follower", "whole_of"], name="following_whole_once"),
            models.UniqueConstraint(fields=["follower", "referral"], name="following_referral_once"),
            models.UniqueConstraint(fields=["follower", "assembly"], name="following_assembly_once"),
            models.CheckConstraint(
                name="following_confirmed_or_stopped", condition=Q(confirmed_at=None) | Q(stopped_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} {self.followed_thing}"

    @property
    def followed_thing(self) -> Followed:
        followed: Any = self.recommendation or self.whole_of or self.referral or self.assembly
        return followed

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


LEAST, MOST = 1, 5
STEP = 5  # ratings that join a total at once


def in_scale(*columns: str, times: Any = 1) -> Q:
    """Return the condition that each column lies between the lowest and the highest mark, multiplied by `times`."""
    bounds = {"gte": LEAST * times, "lte": MOST * times}
    return Q(**{f"{column}__{bound}": value for column in columns for bound, value in bounds.items()})


def mark(label: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)])


class AnswerRating(models.Model):
    """One rating. `pseudonym`: keyed digest of person and answer (`rules.py`); the key is outside this database.

    No moment and no counter is stored, and the primary key is drawn at random. `counted_…` are the marks in the
    published total: null before the first count, and the former marks until the next one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="ratings")
    pseudonym = models.CharField(max_length=64)
    clarity = mark(_("clarté"))
    fidelity = mark(_("fidélité"))
    counted_clarity = models.PositiveSmallIntegerField(null=True)
    counted_fidelity = models.PositiveSmallIntegerField(null=True)

    privacy = IMPERSONAL  # an erasure draws another digest (answers/voice/contributions.py)

    class Meta:
        verbose_name = _("note d’une réponse")
        constraints = [
            models.UniqueConstraint(fields=["answer", "pseudonym"], name="answer_rating_once"),
            models.CheckConstraint(name="answer_rating_in_scale", condition=in_scale("clarity", "fidelity")),
            models.CheckConstraint(
                name="answer_rating_counted_whole",
                condition=Q(counted_clarity=None, counted_fidelity=None)
                | (
                    Q(counted_clarity__isnull=False, counted_fidelity__isnull=False)
                    & in_scale("counted_clarity", "counted_fidelity")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}"


class RatingTotal(models.Model):
    """The public ratings of one version: sums over a multiple of five ratings."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, primary_key=True, related_name="rating_total")
    count = models.PositiveIntegerField(_("notes"))
    clarity = models.PositiveIntegerField(_("somme des notes de clarté"))
    fidelity = models.PositiveIntegerField(_("somme des notes de fidélité"))
    counted_on = models.DateField(_("compté le"))

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("total des notes d’une réponse")
        constraints = [
            models.CheckConstraint(
                name="rating_total_by_fives",
                condition=Q(count__gte=STEP) & Q(count=F("count") / STEP * STEP),
            ),
            models.CheckConstraint(
                name="rating_total_in_scale",
                condition=in_scale("clarity", "fidelity", times=F("count")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.count}"
