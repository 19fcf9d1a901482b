"""The council’s answer, one row per version; a published row never changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from answers.cases.models import AnswerCase
from answers.enums import VALUE_BADGES, AnswerValue, DecisionSource, RejectionCategory
from assembly.documents.models import Upload
from assembly.identity.personal_data import IMPERSONAL
from assembly.speed.queryset import ScreenQuerySet
from assembly.text.french import format_date, local_day

V, M = AnswerValue, DecisionSource
# « Non » is no reason: at least eight words, as PostgreSQL counts them (`rules.content` checks the same earlier).
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
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_sent = models.BooleanField(_("envoyée au visa"), default=False)
    source = models.CharField(_("décidée par"), max_length=8, choices=DecisionSource, blank=True)
    decided_on = models.DateField(_("décidée le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    council_reference = models.CharField(_("référence de la délibération"), max_length=80, blank=True)
    council_url = models.URLField(_("adresse de la délibération"), max_length=500, blank=True)
    document = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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
