"""Draw by lot, from its quotas to its result (protocol AC-TIRAGE/1). A second run is a new row.

A draw of volunteers belongs to the call of a term; an internal one, among the members, to the term itself.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.documents.models import Upload
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Committee, Term
from assembly.institution.queries import main_assembly_key
from assembly.institution.rules import term_ids
from assembly.speed.queryset import ScreenQuerySet
from draws.calls.models import Call
from draws.enums import DrawState, DrawTable

S = DrawState


def dated(name: str, states: list[DrawState]) -> models.CheckConstraint:
    """Return a constraint: a state's date is set from that state on; a void draw retains the dates it had."""
    column = name.removeprefix("draw_").removesuffix("_iff_state")
    missing, present = {f"{column}": None}, {f"{column}__isnull": False}
    condition = Q(state=S.VOID) | Q(state__in=states, **present) | ~Q(state__in=[*states, S.VOID]) & Q(**missing)
    return models.CheckConstraint(name=name, condition=condition)


TERM_PATHS = ("call__term", "within_term")


def of_terms(terms: Any) -> Q:
    """Return the condition for draws of both kinds in these terms."""
    return Q(call__term__in=terms) | Q(within_term__in=terms)


class DrawQuerySet(ScreenQuerySet["Draw"]):
    def visible_to(self, user: Any) -> Self:
        """Return the draws of the terms where `user` is in the team or certifies."""
        return self.filter(of_terms(term_ids(user, TEAM_ROLES | {Role.WITNESS})))

    def public(self) -> Self:
        """Return the announced draws, voided ones included: they are never erased."""
        return self.filter(announced_at__isnull=False)

    def of_main_assembly(self) -> Self:
        """Return the draws of the main assembly, whose site this is."""
        main = main_assembly_key()
        return self.filter(Q(call__term__assembly=main) | Q(within_term__assembly=main))

    def with_dossier(self) -> Self:
        logos = [f"{path}__assembly__logo_png" for path in TERM_PATHS]
        return self.select_related(
            *(f"{path}__assembly" for path in TERM_PATHS),
            "prepared_by__person",
            "frozen_by__person",
            "statement",
            "quotas",
            "pool__quotas",
            "drawn_among",
            "committee",
        ).defer(*logos)


class Draw(models.Model):
    """Draw by lot. `quotas`, `pool`: the versions that count now. `number` is the `tirage=` of the protocol.

    An internal draw: `title` names the function, `purpose` is its key, drawn once; `drawn_among`: a committee whose
    members alone may be drawn; `committee`: the one that whoever is drawn becomes a member of.
    """

    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, null=True, blank=True, related_name="draws", verbose_name=_("appel")
    )
    within_term = models.ForeignKey(
        Term, on_delete=models.PROTECT, null=True, blank=True, related_name="internal_draws"
    )
    title = models.CharField(_("fonction"), max_length=160, blank=True, default="", db_default="")
    purpose = models.CharField(max_length=180, blank=True, default="", db_default="")
    drawn_among = models.ForeignKey(Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField(_("numéro"))
    reference = models.CharField(_("référence"), max_length=40, unique=True)
    state = models.CharField(_("état"), max_length=10, choices=DrawState, default=DrawState.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    quotas = models.ForeignKey("draws.QuotaVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pool = models.ForeignKey("draws.FrozenPool", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ceiling = models.DecimalField(
        _("plafond des chances"),
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.05")), MaxValueValidator(1)],
    )
    alternates = models.PositiveSmallIntegerField(
        _("suppléantes et suppléants prévenus par case"), default=2, validators=[MaxValueValidator(20)]
    )
    contest_days = models.PositiveSmallIntegerField(
        _("jours pour contester"), default=7, validators=[MaxValueValidator(60)]
    )
    gap_decision = models.TextField(_("décision sur l’écart"), max_length=1000, blank=True)
    takes_place_at = models.DateTimeField(_("date et heure du tirage"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    frozen_at = models.DateTimeField(_("liste figée le"), null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    announced_at = models.DateTimeField(_("annoncé le"), null=True, blank=True)
    drawn_at = models.DateTimeField(_("tiré le"), null=True, blank=True)
    attendees = models.TextField(_("personnes présentes"), max_length=2000, blank=True)
    certified_at = models.DateTimeField(_("constaté le"), null=True, blank=True)
    witness_name = models.CharField(_("commissaire de justice"), max_length=120, blank=True)
    witness_office = models.CharField(_("étude"), max_length=160, blank=True)
    statement_reference = models.CharField(_("référence du constat"), max_length=80, blank=True)
    statement = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("constat")
    )
    revealed_at = models.DateTimeField(_("révélé le"), null=True, blank=True)
    voided_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    void_reason = models.TextField(_("motif de l’annulation"), max_length=1000, blank=True)

    privacy = IMPERSONAL
    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("tirage au sort")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="draw_number_once"),
            models.UniqueConstraint(
                fields=["call"],
                condition=~Q(state=DrawState.VOID),
                name="draw_one_at_a_time",
                violation_error_message=_("Un tirage est déjà en cours pour cet appel."),
            ),
            models.UniqueConstraint(
                fields=["within_term", "purpose"],
                condition=~Q(state=DrawState.VOID),
                name="draw_purpose_once",
                violation_error_message=_("Un tirage pour cette fonction existe déjà."),
            ),
            models.UniqueConstraint(fields=["within_term", "purpose", "number"], name="draw_purpose_number_once"),
            models.CheckConstraint(
                name="draw_of_call_or_internal",
                condition=Q(call__isnull=False, within_term=None, purpose="", title="")
                | Q(call=None, within_term__isnull=False) & ~Q(purpose="") & ~Q(title=""),
            ),
            models.CheckConstraint(name="draw_state_known", condition=Q(state__in=DrawState.values)),
            dated("draw_frozen_at_iff_state", S.tagged("frozen")),
            dated("draw_announced_at_iff_state", S.tagged("announced")),
            dated("draw_drawn_at_iff_state", S.tagged("drawn")),
            dated("draw_certified_at_iff_state", S.tagged("certified")),
            dated("draw_revealed_at_iff_state", [S.REVEALED]),
            models.CheckConstraint(
                name="draw_void_has_reason",
                condition=Q(state=DrawState.VOID, voided_at__isnull=False) & ~Q(void_reason="")
                | ~Q(state=DrawState.VOID) & Q(voided_at=None, void_reason=""),
            ),
            models.CheckConstraint(
                name="draw_frozen_has_files",
                condition=Q(frozen_at=None) | Q(pool__isnull=False, quotas__isnull=False, frozen_by__isnull=False),
            ),
            models.CheckConstraint(
                name="draw_certified_has_witness",
                condition=Q(certified_at=None) | ~Q(witness_name="") | Q(call=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_internal(self) -> bool:
        return self.call_id is None

    @property
    def table(self) -> DrawTable:
        """Return which steps the draw follows."""
        return DrawTable.INTERNAL if self.is_internal else DrawTable.VOLUNTEERS

    @property
    def term(self) -> Term:
        return require_row(self.within_term if self.call is None else self.call.term)

    @property
    def term_id(self) -> int:
        return require_row(self.within_term_id if self.call is None else self.call.term_id)

    @property
    def volunteer_call(self) -> Call:
        """Return the call of a draw of volunteers."""
        return require_row(self.call)

    @property
    def state_badge(self) -> str:
        return DrawState(self.state).badge

    @property
    def contest_ends_at(self) -> Any:
        """Return the end of the period in which a volunteer may contest what the frozen list states; None before."""
        return self.frozen_at + timedelta(days=self.contest_days) if self.frozen_at else None


def require_row[Row](row: Row | None) -> Row:
    """Return the row that the state of a draw guarantees (constraints). Raise LookupError where it is missing."""
    if row is None:
        raise LookupError("The state of this draw promises a row that is not there.")
    return row
