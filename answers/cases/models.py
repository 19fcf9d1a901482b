"""Answer cases, the versions of each answer, and texts that lost an edit conflict."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from answers.cases.enums import (
    VALUE_BADGES,
    AnswerCaseState,
    AnswerValue,
    ArbitrationSource,
    DecisionSource,
    RejectionCategory,
)
from assembly.documents.models import Upload
from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import TEAM_ROLES, Directorate, Role
from assembly.institution.rules import directorates_of, term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.text.french import format_date, local_day
from assembly.workflow.constraints import filled_only_in
from opinions.models import Opinion, Recommendation

S = AnswerCaseState


def in_terms(terms: Any, prefix: str = "") -> Q:
    """Return the condition for opinions of these terms; `prefix`: path to the case, « case__ » from a follow-up."""
    return Q(**{f"{prefix}recommendation__opinion__term__in": terms}) | Q(**{f"{prefix}whole_of__term__in": terms})


def answering(opinions: Any, prefix: str = "") -> Q:
    """Return the condition for cases of these opinions, given as keys or as a subquery."""
    return Q(**{f"{prefix}recommendation__opinion__in": opinions}) | Q(**{f"{prefix}whole_of__in": opinions})


def answered_by(directorates: Any, prefix: str = "") -> Q:
    """Return the condition for cases that these directorates answer, leading or associated."""
    named = AnswerCase.associated.through.objects.filter(directorate__in=directorates)
    return Q(**{f"{prefix}directorate__in": directorates}) | Q(**{f"{prefix}pk__in": named.values("answercase")})


def seen_by(user: Any, prefix: str = "") -> Q:
    """Return the condition for cases that a user may read; `prefix` is the path to them from a follow-up.

    A condition, not keys from a query of its own: a table joined to itself takes minutes with statistics a day old.
    """
    places = directorates_of(user)
    followed = Q(directorate__in=places) if prefix else Q(follow_up__directorate__in=places)
    terms = term_ids(user, {*TEAM_ROLES, Role.PRESIDENT, Role.SPONSOR})
    return in_terms(terms, prefix) | answered_by(places, prefix) | followed


class AnswerCaseQuerySet(ScreenQuerySet["AnswerCase"]):
    def of_opinion(self, opinion: Any) -> Self:
        """Return the cases of its recommendations, or of the whole; `opinion` may be a subquery or an OuterRef."""
        return self.filter(Q(recommendation__opinion=opinion) | Q(whole_of=opinion))

    def of_opinions(self, opinions: Any) -> Self:
        return self.filter(answering(opinions))

    def of_referral(self, referral: Any) -> Self:
        return self.filter(Q(recommendation__opinion__referral=referral) | Q(whole_of__referral=referral))

    def of_terms(self, terms: Any) -> Self:
        return self.filter(in_terms(terms))

    def of_directorates(self, directorates: Any) -> Self:
        """Return the cases that these directorates answer, leading or associated."""
        return self.filter(answered_by(directorates))

    def owed(self) -> Self:
        """Return the cases whose answer is still owed, a first one or a revised one."""
        return self.filter(state__in=S.tagged("owed"))

    def late(self, today: Any) -> Self:
        """Return the cases not answered by their due day; one that is being revised was answered."""
        return self.owed().filter(answered_on=None, due_on__lt=today)

    def standing(self) -> Self:
        return self.exclude(state=S.CANCELLED)

    def with_dossier(self) -> Self:
        """Join what rights, steps and pages read of a case."""
        return self.select_related(
            "recommendation__opinion__term__assembly",
            "recommendation__opinion__referral",
            "whole_of__term__assembly",
            "whole_of__referral",
            "directorate",
        )

    def visible_to(self, user: Any) -> Self:
        """Return the cases that a user may read.

        The back office, the president’s office and the sponsor see every case, a directorate its own. Others read what
        is published (`Answer.objects.published()`), never a draft.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(seen_by(user))


class AnswerCase(models.Model):
    """The answer owed to one recommendation, or to a whole opinion: opened at the handover, with its due day.

    The columns of the steps (submission, visa) describe the answer in hand; each published one has its own.
    `answered_on` is the day of the first publication: it stops the clock for good.
    """

    recommendation = models.OneToOneField(
        Recommendation, on_delete=models.PROTECT, null=True, blank=True, related_name="answer_case"
    )
    whole_of = models.OneToOneField(
        Opinion, on_delete=models.PROTECT, null=True, blank=True, related_name="answer_case", verbose_name=_("avis")
    )
    state = models.CharField(_("état"), max_length=12, choices=AnswerCaseState, default=AnswerCaseState.AWAITING)
    opened_on = models.DateField(_("ouvert le"))
    due_on = models.DateField(_("réponse attendue le"))
    due_reason = models.TextField(
        _("pourquoi la date a changé"), max_length=2000, blank=True, default="", db_default=""
    )
    answered_on = models.DateField(_("répondu le"), null=True, blank=True)
    directorate = optional_key(Directorate, _("direction pilote"), "answer_cases")
    associated = models.ManyToManyField(
        Directorate, blank=True, related_name="+", verbose_name=_("directions associées")
    )
    inherited_from = optional_key(Directorate, _("confiée d’abord à"))
    assigned_at = models.DateTimeField(_("confiée le"), null=True, blank=True)
    assigned_by = optional_user_key()
    submitted_at = models.DateTimeField(_("envoyée au visa le"), null=True, blank=True)
    submitted_by = optional_user_key()
    validated_at = models.DateTimeField(_("visée le"), null=True, blank=True)
    validated_by = optional_user_key()
    validated_for = optional_user_key(_("par délégation de"))
    question = models.TextField(_("ce qui est à arbitrer"), max_length=2000, blank=True, default="", db_default="")
    arbitration = models.TextField(_("arbitrage"), max_length=2000, blank=True, default="", db_default="")
    arbitrated_on = models.DateField(_("arbitrée le"), null=True, blank=True)
    arbitrated_by = models.CharField(
        _("arbitrée par"), max_length=8, choices=ArbitrationSource, blank=True, default="", db_default=""
    )
    reason = models.TextField(_("motif"), max_length=2000, blank=True, default="", db_default="")
    reminded_at = models.DateTimeField(_("relancée le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = AnswerCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("réponse attendue")
        ordering = ["recommendation", "pk"]
        indexes = [models.Index(fields=["directorate", "state", "due_on"], name="answer_by_directorate")]
        constraints = [
            models.CheckConstraint(name="answer_case_state_known", condition=Q(state__in=AnswerCaseState.values)),
            models.CheckConstraint(name="answer_due_after_handover", condition=Q(due_on__gte=F("opened_on"))),
            models.CheckConstraint(
                name="answer_case_of_one_thing",
                condition=Q(recommendation__isnull=False, whole_of=None)
                | Q(recommendation=None, whole_of__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_in_hand_is_assigned",
                condition=~Q(state__in=S.tagged("under_way"))
                | Q(directorate__isnull=False, assigned_at__isnull=False, assigned_by__isnull=False),
                violation_error_message=_("Choisissez la direction pilote."),
            ),
            models.CheckConstraint(
                name="answer_submission_is_recorded",
                condition=~Q(state__in=S.tagged("sent")) | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_visa_is_recorded",
                condition=~Q(state__in=S.tagged("signed")) | Q(validated_at__isnull=False, validated_by__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_arbitration_has_question", condition=~Q(state=S.ARBITRATION) | ~Q(question="")
            ),
            models.CheckConstraint(
                name="answer_arbitration_is_recorded",
                condition=Q(arbitrated_on=None, arbitrated_by="", arbitration="")
                | (Q(arbitrated_on__isnull=False) & ~Q(arbitrated_by="") & ~Q(arbitration="")),
            ),
            models.CheckConstraint(
                name="answer_published_has_day",
                condition=Q(state=S.PUBLISHED, answered_on__isnull=False)
                | Q(state=S.CANCELLED, answered_on=None)
                | Q(state__in=S.tagged("owed")),
            ),
            models.CheckConstraint(
                name="answered_after_handover",
                condition=Q(answered_on=None) | Q(answered_on__gte=F("opened_on")),
                violation_error_message=_("La réponse vient après la remise."),
            ),
            filled_only_in(S.CANCELLED, "cancelled_at")(name="answer_cancelled_at_iff_cancelled"),
        ]

    def __str__(self) -> str:
        return str(self.recommendation) if self.recommendation_id else f"{self.whole_of_id}"

    @property
    def opinion(self) -> Opinion:
        opinion = self.whole_of if self.recommendation is None else self.recommendation.opinion
        assert opinion is not None  # noqa: S101 -- a constraint: one of both
        return opinion

    @property
    def proposal(self) -> Recommendation | Opinion:
        """Return what is answered, which is also what a thread is about."""
        return self.recommendation or self.opinion

    @property
    def reference(self) -> str:
        """Return « AC2-2026-03-P07 », or the reference of the opinion."""
        return str(self.recommendation or self.opinion.reference)

    @property
    def title(self) -> str:
        return self.recommendation.title if self.recommendation else self.opinion.title

    @property
    def is_owed(self) -> bool:
        return self.state in S.tagged("owed")

    @property
    def is_revised(self) -> bool:
        """Return whether an answered case is in hand again; the former answer stands until the next one."""
        return self.answered_on is not None and self.state != S.PUBLISHED

    @property
    def state_badge(self) -> str:
        return AnswerCaseState(self.state).badge


V, M = AnswerValue, DecisionSource
# « Non » is no reason: at least eight words, as PostgreSQL counts them (`missing_fields` checks the same earlier).
LEAST_WORDS = 8
A_SENTENCE = rf"^\s*(\S+\s+){{{LEAST_WORDS - 1},}}\S+"
# Fields that a directorate writes, in the order of the form.
CONTENT = (
    "value",
    "body",
    "retained",
    "left_out",
    "done_since",
    "proof",
    "proof_url",
    "review_on",
    "passed_to",
    "letter",
    "category",
    "action",
    "service",
    "budget_line",
)
# Fields that one value needs; the other values leave them empty.
OF_VALUE = {
    V.ACCEPTED: (),
    V.ACCEPTED_IN_PART: ("retained", "left_out"),
    V.ALREADY_DONE: ("done_since", "proof", "proof_url"),
    V.UNDER_STUDY: ("review_on",),
    V.PASSED_ON: ("passed_to", "letter"),
    V.REJECTED: ("category",),
}
WHOLE = (
    ~Q(body="")
    & ~Q(value="")
    & (~Q(value=V.ACCEPTED_IN_PART) | (~Q(retained="") & ~Q(left_out="")))
    & (~Q(value=V.ALREADY_DONE) | (Q(done_since__isnull=False) & (~Q(proof="") | ~Q(proof_url=""))))
    & (~Q(value=V.UNDER_STUDY) | Q(review_on__isnull=False))
    & (~Q(value=V.PASSED_ON) | (~Q(passed_to="") & ~Q(letter="")))
    & (~Q(value=V.REJECTED) | (~Q(category="") & Q(body__regex=A_SENTENCE)))
)


@dataclass(frozen=True)
class AnswerFact:
    """A named part of an answer, as everybody reads it; `link` is the text of the link to `url`, or plain text."""

    name: str
    label: str
    words: str
    link: str = ""
    url: str = ""

    @property
    def text(self) -> str:
        """Return the whole fact for where no link can be followed: on paper, in an office file."""
        return " ".join(dict.fromkeys(filter(None, (self.words, self.link, self.url))))


class AnswerQuerySet(ScreenQuerySet["Answer"]):
    def published(self) -> Self:
        """Return what anybody may read once the opinion is public, former versions included."""
        return self.filter(published_at__isnull=False)

    def not_abandoned(self) -> Self:
        """Return all versions except abandoned revisions."""
        return self.filter(abandoned_at=None)

    def in_hand(self) -> Self:
        """Return the version that is written, signed or decided now."""
        return self.not_abandoned().filter(published_at=None)

    def standing(self) -> Self:
        """Return the last published version of each case: the answer in force today."""
        later = Answer.objects.filter(case=models.OuterRef("case"), number__gt=models.OuterRef("number"))
        return self.published().exclude(models.Exists(later.published()))


class Answer(models.Model):
    """One version of an answer; at most one of a case is in hand: neither published nor abandoned.

    The fields that a value needs are a constraint from the moment the text is sent to the visa (`is_sent`); a draft
    may lack any. A published row refuses every change (trigger).
    """

    case = models.ForeignKey(AnswerCase, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField(_("version"))
    value = models.CharField(_("réponse"), max_length=16, choices=AnswerValue, blank=True)
    body = models.TextField(_("la réponse, en mots simples"), max_length=6000, blank=True)
    retained = models.TextField(_("ce qui est retenu"), max_length=3000, blank=True)
    left_out = models.TextField(_("ce qui ne l’est pas"), max_length=3000, blank=True)
    done_since = models.DateField(_("en place depuis le"), null=True, blank=True)
    proof = models.TextField(_("ce qui le montre"), max_length=3000, blank=True)
    proof_url = models.URLField(_("adresse de ce qui le montre"), max_length=500, blank=True)
    review_on = models.DateField(_("réexaminée le"), null=True, blank=True)
    passed_to = models.CharField(_("transmise à"), max_length=200, blank=True)
    letter = models.CharField(_("par quelle lettre"), max_length=200, blank=True)
    category = models.CharField(_("motif du refus"), max_length=16, choices=RejectionCategory, blank=True)
    action = models.TextField(_("ce qui est prévu"), max_length=3000, blank=True)
    service = models.CharField(_("service chargé"), max_length=200, blank=True)
    budget_line = models.CharField(_("ligne de budget"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("enregistrée le"), null=True, blank=True)
    saved_by = optional_user_key()
    is_sent = models.BooleanField(_("envoyée au visa"), default=False)
    source = models.CharField(_("décidée par"), max_length=8, choices=DecisionSource, blank=True)
    decided_on = models.DateField(_("décidée le"), null=True, blank=True)
    decided_by = optional_user_key()
    council_reference = models.CharField(_("référence de la délibération"), max_length=80, blank=True)
    council_url = models.URLField(_("adresse de la délibération"), max_length=500, blank=True)
    document = optional_key(Upload, _("document"))
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    published_by = optional_user_key()
    abandoned_at = models.DateTimeField(_("abandonnée le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("réponse du Conseil")
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="answer_number_once"),
            models.UniqueConstraint(
                fields=["case"], name="answer_one_in_hand", condition=Q(published_at=None, abandoned_at=None)
            ),
            models.CheckConstraint(
                name="answer_abandoned_is_unpublished", condition=Q(abandoned_at=None) | Q(published_at=None)
            ),
            models.CheckConstraint(name="answer_numbered_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="answer_value_known", condition=Q(value__in=["", *AnswerValue.values])),
            models.CheckConstraint(
                name="answer_category_known", condition=Q(category__in=["", *RejectionCategory.values])
            ),
            models.CheckConstraint(
                name="answer_sent_is_whole",
                condition=Q(is_sent=False) | WHOLE,
                violation_error_message=_("La réponse n’est pas complète."),
            ),
            models.CheckConstraint(
                name="answer_decision_is_recorded",
                condition=Q(source="", decided_on=None, decided_by=None, council_reference="", council_url="")
                | Q(
                    is_sent=True,
                    source=M.VISA,
                    decided_on__isnull=False,
                    decided_by__isnull=False,
                    council_reference="",
                )
                | (Q(is_sent=True, source=M.COUNCIL, decided_on__isnull=False) & ~Q(council_reference=""))
                | Q(is_sent=True, source=M.PAPER, decided_on__isnull=False, document__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_published_is_decided",
                condition=Q(published_at=None, published_by=None)
                | (
                    Q(published_at__isnull=False, published_by__isnull=False, decided_on__isnull=False) & ~Q(source="")
                ),
            ),
            models.CheckConstraint(
                name="answer_reviewed_after_decision",
                condition=Q(review_on=None) | Q(decided_on=None) | Q(review_on__gt=F("decided_on")),
                violation_error_message=_("Le réexamen vient après la décision."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def state_badge(self) -> str:
        return VALUE_BADGES[AnswerValue(self.value)] if self.value else "todo"

    @property
    def facts(self) -> list[AnswerFact]:
        """Return the answer’s fields besides value and body, worded alike for every page, paper and file."""
        return list(self._facts())

    def _facts(self) -> Iterator[AnswerFact]:
        letter = f" ({self.letter})" if self.letter else ""
        facts: dict[str, tuple[str, str, str]] = {
            "category": (capfirst(str(self.get_category_display())), "", ""),
            "retained": (self.retained, "", ""),
            "left_out": (self.left_out, "", ""),
            "done_since": (format_date(self.done_since, weekday=False), "", ""),
            "proof": (self.proof, self.proof_url, self.proof_url),
            "review_on": (format_date(self.review_on, weekday=False), "", ""),
            "passed_to": (f"{self.passed_to}{letter}", "", ""),
            "action": (self.action, "", ""),
            "service": (self.service, "", ""),
            "budget_line": (self.budget_line, "", ""),
        }
        for name, (text, link, url) in facts.items():
            if text or link:
                yield AnswerFact(name, label_of(name), text, link, url)

    @property
    def decision(self) -> list[AnswerFact]:
        """Return when and by whom a published answer was decided, then since when it is public."""
        text = f"{format_date(self.decided_on, weekday=False)}, {self.get_source_display()}"
        return [
            AnswerFact("decided_on", label_of("decided_on"), text, self.council_reference, self.council_url),
            AnswerFact("published_at", label_of("published_at"), format_date(self.published_at, weekday=False)),
        ]

    @property
    def published_on(self) -> date:
        """Return the day from which anybody could read it; for one given on paper, the day it was decided."""
        known = self.decided_on if self.source == DecisionSource.PAPER else self.published_at
        if known is None:
            raise ValueError("An answer that is not published was told to nobody.")
        return local_day(known)


def label_of(name: str) -> str:
    """Return the label of a column as a page shows it: « Ce qui est retenu »."""
    field: Any = Answer._meta.get_field(name)
    return capfirst(str(field.verbose_name))


class AnswerConflictCopy(models.Model):
    """A whole text that its author may take up again; never changed (trigger)."""

    case = models.ForeignKey(AnswerCase, on_delete=models.PROTECT, related_name="conflict_copies")
    content = models.JSONField()
    by = user_key()
    at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["case", "-pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.pk}"
