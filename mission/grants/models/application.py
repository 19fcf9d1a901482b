"""Applications for a grant, from the reception to the report on the use of the money."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.names import LINK_IN_NAME, plain_names
from assembly.identity.personal_data import IMPERSONAL
from mission.grants.enums import AGREEMENT_ABOVE, GrantState
from mission.grants.models.scheme import GrantScheme
from mission.registers.checks import row_constraints, row_indexes
from mission.registers.fields import state_field, user_key
from mission.registers.models import RegisterLine, RegisterRow

S = GrantState


class GrantApplication(RegisterRow):
    """Application of an association (`name`) for a grant; `created_by` is None if it came by the public form.

    `first_reader`, `second_reader` and the moments of their marks are columns here, so that the next reader is known
    without a query. `score`: out of a hundred, once both have read. `contact_…`: erased a year after the end.
    """

    created_by = user_key(null=True, editable=False)
    changed_by = user_key(null=True, editable=False)
    name = models.CharField(_("association"), max_length=160)
    state = state_field(S, S.RECEIVED, max_length=20)
    scheme = models.ForeignKey(
        GrantScheme, on_delete=models.PROTECT, related_name="applications", verbose_name=_("dispositif")
    )
    siret = models.CharField(_("numéro SIRET"), max_length=14, blank=True)
    rna = models.CharField(_("numéro RNA"), max_length=10, blank=True)
    contact_name = models.CharField(_("personne à joindre"), max_length=120, blank=True)
    contact_email = models.EmailField(_("courriel"), blank=True)
    contact_phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    project = models.CharField(_("projet"), max_length=160)
    description = models.TextField(_("ce qui sera fait, pour qui"), max_length=4000, blank=True)
    starts_on = models.DateField(_("début du projet"))
    ends_on = models.DateField(_("fin du projet"))
    cost = models.DecimalField(_("coût du projet, en euros"), max_digits=10, decimal_places=2)
    requested = models.DecimalField(_("montant demandé, en euros"), max_digits=9, decimal_places=2)
    other_funders = models.TextField(_("autres financeurs, et ce qu’ils ont décidé"), max_length=1000, blank=True)
    has_committed = models.BooleanField(_("a souscrit le contrat d’engagement républicain"), default=False)
    received_on = models.DateField(_("reçue le"), default=timezone.localdate)
    deposited_at = models.DateTimeField(null=True, editable=False)
    asked_for = models.TextField(max_length=3000, blank=True, editable=False)
    first_reader = user_key(null=True, editable=False)
    second_reader = user_key(null=True, editable=False)
    first_read_at = models.DateTimeField(null=True, editable=False)
    second_read_at = models.DateTimeField(null=True, editable=False)
    score = models.DecimalField(_("note sur 100"), max_digits=4, decimal_places=1, null=True, editable=False)
    gap = models.DecimalField(max_digits=4, decimal_places=1, null=True, editable=False)
    discussion = models.TextField(max_length=2000, blank=True, editable=False)
    opinion = models.TextField(max_length=3000, blank=True, editable=False)
    proposed_amount = models.DecimalField(
        _("montant proposé, en euros"), max_digits=9, decimal_places=2, null=True, editable=False
    )
    voted_amount = models.DecimalField(
        _("montant voté, en euros"), max_digits=9, decimal_places=2, null=True, editable=False
    )
    decided_on = models.DateField(_("décidée le"), null=True, editable=False)
    decision_reference = models.CharField(max_length=80, blank=True, editable=False)
    agreement_signed_on = models.DateField(_("convention signée le"), null=True, editable=False)
    spent_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, editable=False)
    account = models.TextField(max_length=3000, blank=True, editable=False)
    ended_on = models.DateField(null=True, editable=False)
    refusal = models.TextField(max_length=2000, blank=True, editable=False)
    decision_text = models.TextField(_("message"), max_length=6000, blank=True, editable=False)
    decision_sent_at = models.DateTimeField(null=True, editable=False)

    privacy = IMPERSONAL  # its contact is no `Person`: mission/grants/privacy.py empties the columns

    class Meta:
        verbose_name = _("demande de subvention")
        indexes = [*row_indexes("grant"), models.Index(fields=["siret"], name="grant_by_siret")]
        constraints = [
            *row_constraints("grant", S),
            models.UniqueConstraint(
                name="grant_one_examined_a_scheme",
                fields=["scheme", "siret"],
                condition=Q(state__in=S.tagged("examined", "awarded")) & ~Q(siret=""),
                violation_error_message=_("Une autre demande de cette association est déjà à l’étude ici."),
            ),
            models.UniqueConstraint(
                name="grant_one_examined_a_scheme_by_rna",
                fields=["scheme", "rna"],
                condition=Q(state__in=S.tagged("examined", "awarded")) & ~Q(rna=""),
                violation_error_message=_("Une autre demande de cette association est déjà à l’étude ici."),
            ),
            models.CheckConstraint(
                name="grant_contact_is_no_link",
                condition=plain_names("contact_name"),
                violation_error_message=LINK_IN_NAME,
                violation_error_code="contact_name",
            ),
            models.CheckConstraint(
                name="grant_siret_of_14_digits",
                condition=Q(siret__regex=r"^(\d{14})?$"),
                violation_error_message=_("Le numéro SIRET a 14 chiffres."),
                violation_error_code="siret",
            ),
            models.CheckConstraint(
                name="grant_has_a_number",
                condition=~Q(siret="", rna=""),
                violation_error_message=_("Donnez le numéro SIRET ; sans SIRET, le numéro RNA."),
                violation_error_code="siret",
            ),
            models.CheckConstraint(
                name="grant_requested_within_cost",
                condition=Q(requested__gt=0, cost__gte=F("requested")),
                violation_error_message=_("Le montant demandé est au-dessus de zéro, et au plus le coût du projet."),
                violation_error_code="requested",
            ),
            models.CheckConstraint(
                name="grant_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("La fin du projet vient après le début."),
                violation_error_code="ends_on",
            ),
            models.CheckConstraint(
                name="grant_two_readers", condition=Q(first_reader=None) | ~Q(first_reader=F("second_reader"))
            ),
            models.CheckConstraint(
                name="grant_voted_iff_awarded",
                condition=Q(
                    state__in=S.tagged("awarded"),
                    voted_amount__gt=0,
                    voted_amount__isnull=False,
                    decided_on__isnull=False,
                )
                | (~Q(state__in=S.tagged("awarded")) & Q(voted_amount=None)),
            ),
            models.CheckConstraint(
                name="grant_voted_within_requested",
                condition=Q(voted_amount=None) | Q(voted_amount__lte=F("requested")),
                violation_error_message=_("Le montant voté ne dépasse pas le montant demandé."),
            ),
            models.CheckConstraint(
                name="grant_agreement_before_payment",
                condition=~Q(state__in=S.tagged("paid"))
                | Q(voted_amount__lte=AGREEMENT_ABOVE)
                | Q(agreement_signed_on__isnull=False),
                violation_error_message=_("Au-dessus de 23 000 euros, une convention est signée avant le versement."),
            ),
            models.CheckConstraint(
                name="grant_signed_iff_agreement",
                condition=~Q(state=S.AGREEMENT) | Q(agreement_signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_decision_sent_once_decided",
                condition=Q(decision_sent_at=None) | Q(state__in=S.tagged("decided")) & ~Q(decision_text=""),
            ),
            models.CheckConstraint(
                name="grant_score_after_two_readings",
                condition=Q(score=None) | Q(first_read_at__isnull=False, second_read_at__isnull=False),
            ),
        ]

    @property
    def readers(self) -> list[tuple[int | None, bool]]:
        """Return the key of each reader, and whether their marks are given."""
        return [
            (self.first_reader_id, self.first_read_at is not None),
            (self.second_reader_id, self.second_read_at is not None),
        ]

    @property
    def needs_agreement(self) -> bool:
        return self.voted_amount is not None and self.voted_amount > AGREEMENT_ABOVE


class GrantPayment(RegisterLine):
    """Payment of a grant. A trigger ensures that their sum never exceeds the voted amount (`triggers.sql`)."""

    CALLED = ("order",)
    row = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, related_name="payments")
    paid_on = models.DateField(_("versée le"))
    amount = models.DecimalField(_("montant, en euros"), max_digits=9, decimal_places=2)
    order = models.CharField(_("numéro de mandat"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("versement d’une subvention")
        constraints = [
            models.CheckConstraint(
                name="grant_payment_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("Un versement est au-dessus de zéro."),
                violation_error_code="amount",
            ),
        ]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the payment; raise ProtectedError for the only one of a paid grant."""
        if self.row.state in S.tagged("paid") and not self.row.payments.exclude(pk=self.pk).exists():
            raise models.ProtectedError("A grant that is paid has a payment.", {self.row})
        return super().delete(*args, **kwargs)
