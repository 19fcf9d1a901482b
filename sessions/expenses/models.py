"""What a sitting cost to the people who came: dated rates, claims, batches for finance.

No bank details: finance has its own file of payees, where the member sends them once (README, Decisions).
"""

from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assembly.documents.models import Upload
from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import TEAM_ROLES, DateRange, Term
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from sessions.sittings.models import Invitee, Via


class ExpenseKind(models.TextChoices):
    KM = "km", _("trajet en voiture")
    TICKET = "ticket", _("billet ou titre de transport")
    MEAL = "meal", _("repas")
    CHILDCARE = "childcare", _("garde d’enfants ou d’un proche")
    LODGING = "lodging", _("nuit d’hôtel")


# The unit that is counted, in the singular and in the plural.
EXPENSE_UNITS = {
    ExpenseKind.KM: (_("kilomètre"), _("kilomètres")),
    ExpenseKind.TICKET: (_("trajet"), _("trajets")),
    ExpenseKind.MEAL: (_("repas"), _("repas")),
    ExpenseKind.CHILDCARE: (_("heure"), _("heures")),
    ExpenseKind.LODGING: (_("nuit"), _("nuits")),
}


class ExpenseState(States):
    """States of a claim, from the draft to the payment."""

    DRAFT = "draft", State("todo", tags={"editable"}), _("Brouillon")
    SUBMITTED = "submitted", State("waiting", tags={"waiting"}), _("À contrôler")
    RETURNED = "returned", State("warn", tags={"editable"}), _("À compléter")
    CHECKED = "checked", State("partial", tags={"waiting"}), _("Contrôlée")
    SENT = "sent", State("in_progress", tags={"waiting", "batched"}), _("Transmise aux finances")
    PAID = "paid", State("done", tags={"batched"}), _("Payée")
    REFUSED = "refused", State("refused", tags={"closed"}), _("Refusée")
    WITHDRAWN = "withdrawn", State("closed", tags={"closed"}), _("Retirée")


S = ExpenseState
CENT = Decimal("0.01")
ACCOUNTS = _("pièce comptable, gardée dix ans")


class ExpenseRate(models.Model):
    """Price of one unit from a day to a day (last day included), by a decision of the council."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("nature"), max_length=10, choices=ExpenseKind)
    amount = models.DecimalField(
        _("montant par unité, en euros"),
        max_digits=7,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    is_flat = models.BooleanField(
        _("forfait, sans justificatif"),
        default=False,
        help_text=_("Sinon le montant est un plafond : la personne est remboursée de ce qu’elle a payé, justifié."),
    )
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"), null=True, blank=True)
    decision_reference = models.CharField(_("délibération du Conseil"), max_length=80)
    decided_on = models.DateField(_("délibérée le"))

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("taux")
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.CheckConstraint(name="expense_rate_kind_known", condition=Q(kind__in=ExpenseKind.values)),
            models.CheckConstraint(name="expense_rate_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="expense_rate_ends_after_start",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("La fin doit venir après le début."),
            ),
            models.CheckConstraint(
                name="expense_rate_has_decision",
                condition=~Q(decision_reference=""),
                violation_error_message=_("Donnez la délibération qui fixe ce taux."),
            ),
            ExclusionConstraint(
                name="expense_rate_no_overlap",
                expressions=[
                    ("term", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Un autre taux de la même nature vaut déjà à ces dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def unit(self) -> str:
        """Return the unit of the amount: « kilomètre »."""
        return str(EXPENSE_UNITS[ExpenseKind(self.kind)][0])


class ExpenseBatch(models.Model):
    """Claims sent to finance in one file; its count and its total are those of that day."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("référence"), max_length=30)
    made_at = models.DateTimeField(_("transmis le"))
    made_by = user_key()
    count = models.PositiveIntegerField(_("demandes"))
    total = models.DecimalField(_("total"), max_digits=10, decimal_places=2)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot de remboursements")
        ordering = ["-made_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["term", "reference"], name="expense_batch_reference_once")]

    def __str__(self) -> str:
        return self.reference


class ExpenseClaimQuerySet(ScreenQuerySet["ExpenseClaim"]):
    def visible_to(self, user: Any) -> Self:
        """Return the user's own claims, and those of the terms where `user` is in the team.

        A claim that a member started and never submitted is visible to this member only.
        """
        sent = ~Q(via=Via.ACCOUNT) | Q(submitted_at__isnull=False)
        person = getattr(user, "person_id", None)
        return self.filter(Q(invitee__person=person) | Q(term__in=term_ids(user, TEAM_ROLES)) & sent)

    def open(self) -> Self:
        """Return the claims that are neither refused nor withdrawn."""
        return self.exclude(state__in=S.tagged("closed"))

    def with_totals(self) -> Self:
        """Annotate the claims with `total`, the sum of their lines."""
        lines = ExpenseLine.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
        money = DecimalField(max_digits=10, decimal_places=2)
        summed = Subquery(lines.annotate(n=Sum("amount")).values("n"), output_field=money)
        return self.annotate(total=Coalesce(summed, Decimal(0), output_field=money))


class ExpenseClaim(models.Model):
    """Claim of one person for one sitting that they attended."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    invitee = models.ForeignKey(Invitee, on_delete=models.PROTECT, related_name="expense_claims")
    reference = models.CharField(_("référence"), max_length=30)
    state = models.CharField(_("état"), max_length=10, choices=ExpenseState, default=S.DRAFT)
    via = models.CharField(_("reçue"), max_length=10, choices=Via, default=Via.ACCOUNT)
    received_on = models.DateField(_("reçue le"), null=True, blank=True)
    created_at = models.DateTimeField(_("commencée le"), auto_now_add=True)
    created_by = user_key()
    submitted_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    submitted_by = optional_user_key()
    checked_at = models.DateTimeField(_("contrôlée le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)
    reason = models.TextField(_("motif"), max_length=1000, blank=True)
    batch = optional_key(ExpenseBatch, related_name="claims")
    paid_on = models.DateField(_("payée le"), null=True, blank=True)
    payment_reference = models.CharField(_("référence du paiement"), max_length=80, blank=True)

    privacy = ModelPrivacy(_("Vos demandes de remboursement"), owner="invitee__person", default=retained(ACCOUNTS))
    objects = ExpenseClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de remboursement")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["term", "state"], name="expense_claim_term_state")]
        constraints = [
            models.UniqueConstraint(fields=["term", "reference"], name="expense_claim_reference_once"),
            models.UniqueConstraint(
                fields=["invitee"],
                condition=~Q(state__in=S.tagged("closed")),
                name="expense_claim_one_per_sitting",
                violation_error_message=_("Une demande existe déjà pour cette séance."),
            ),
            models.CheckConstraint(
                name="expense_claim_received_by_the_team", condition=Q(received_on=None) | ~Q(via=Via.ACCOUNT)
            ),
            models.CheckConstraint(name="expense_claim_state_known", condition=Q(state__in=ExpenseState.values)),
            models.CheckConstraint(
                name="expense_claim_submitted",
                condition=Q(state__in=[S.DRAFT, S.WITHDRAWN]) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="expense_claim_checked",
                condition=~Q(state__in=[S.CHECKED, *S.tagged("batched")]) | Q(checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="expense_claim_batch_iff_sent",
                condition=Q(state__in=S.tagged("batched"), batch__isnull=False)
                | Q(state=S.REFUSED)
                | ~Q(state__in=[*S.tagged("batched"), S.REFUSED]) & Q(batch=None),
            ),
            models.CheckConstraint(
                name="expense_claim_paid_has_day",
                condition=Q(state=S.PAID, paid_on__isnull=False) & ~Q(payment_reference="")
                | ~Q(state=S.PAID) & Q(paid_on=None, payment_reference=""),
            ),
            models.CheckConstraint(
                name="expense_claim_answered_has_reason",
                condition=~Q(state__in=[S.RETURNED, S.REFUSED]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="expense_claim_closed_has_moment",
                condition=Q(state__in=[*S.tagged("closed"), S.PAID], closed_at__isnull=False)
                | ~Q(state__in=[*S.tagged("closed"), S.PAID]) & Q(closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_badge(self) -> str:
        return ExpenseState(self.state).badge

    @property
    def is_editable(self) -> bool:
        return self.state in S.tagged("editable")


class ExpenseLine(models.Model):
    """One expense: number of units, sum paid, voucher, and the amount by the rate of that day."""

    claim = models.ForeignKey(ExpenseClaim, on_delete=models.PROTECT, related_name="lines")
    rate = models.ForeignKey(ExpenseRate, on_delete=models.PROTECT, related_name="lines")
    label = models.CharField(_("précision"), max_length=120, blank=True)
    quantity = models.DecimalField(
        _("nombre"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(CENT), MaxValueValidator(Decimal(2000))],
    )
    cost = models.DecimalField(
        _("somme payée"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(CENT), MaxValueValidator(Decimal(10_000))],
    )
    amount = models.DecimalField(_("remboursé"), max_digits=9, decimal_places=2)
    voucher = optional_key(Upload, _("justificatif"))
    is_on_paper = models.BooleanField(_("justificatif vu sur papier"), default=False)

    privacy = ModelPrivacy(
        _("Les dépenses de vos demandes"), owner="claim__invitee__person", default=retained(ACCOUNTS)
    )

    class Meta:
        verbose_name = _("dépense")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="expense_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="expense_line_amount_positive", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="expense_line_on_paper_or_file", condition=Q(is_on_paper=False) | Q(voucher=None)
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk} of claim {self.claim_id}"

    @property
    def quantity_with_unit(self) -> tuple[Decimal, str]:
        """Return the number and the unit: 84, « kilomètres »."""
        one, several = EXPENSE_UNITS[ExpenseKind(self.rate.kind)]
        return self.quantity.normalize(), str(several if self.quantity >= 2 else one)
