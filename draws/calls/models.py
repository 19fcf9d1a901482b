"""Calls for volunteers, their extensions, and the numbers that stay of erased candidates."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, user_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import TEAM_ROLES, Canton, Term
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_only_in


class CallState(States):
    DRAFT = "draft", State("todo"), _("en préparation")
    OPEN = "open", State("in_progress"), _("ouvert")
    CLOSED = "closed", State("closed"), _("clos")


class Ground(models.TextChoices):
    """Reason why somebody may not be a candidate (domain.md B2). The call states which ones apply."""

    ELECTED = "elected", _("mandat électif")
    AGENT = "agent", _("agent de la collectivité")
    OUTSIDE = "outside", _("ne réside pas dans le département")
    TOO_YOUNG = "too_young", _("n’a pas l’âge demandé")
    FORMER_MEMBER = "former_member", _("membre d’une assemblée précédente")
    NO_GUARDIAN = "no_guardian", _("autorisation parentale manquante")


def every_ground() -> list[str]:
    return list(Ground.values)


class CallQuerySet(ScreenQuerySet["Call"]):
    def visible_to(self, user: Any) -> Self:
        """Return the calls of the terms where `user` is in the team; public pages use `public` instead."""
        return self.filter(term__in=term_ids(user, TEAM_ROLES))

    def public(self) -> Self:
        """Return the announced calls: open ones, and closed ones for whoever comes too late."""
        return self.exclude(state=CallState.DRAFT)


class Call(models.Model):
    """Call for volunteers. `last_number`: of the candidates received, also erased ones, so that no number is reused.

    `closed_on`: the day on which somebody closed it, before or after the planned `closes_on`.
    """

    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="call", verbose_name=_("mandature"))
    state = models.CharField(_("état"), max_length=8, choices=CallState, default=CallState.DRAFT)
    decision = models.CharField(_("délibération du Conseil"), max_length=120, blank=True)
    opens_on = models.DateField(_("ouvert à partir du"))
    closes_on = models.DateField(_("ouvert jusqu’au"), help_text=_("Ce jour compris."))
    closed_on = models.DateField(_("clos le"), null=True, blank=True, editable=False)
    draw_on = models.DateField(
        _("tirage au sort prévu le"),
        null=True,
        blank=True,
        help_text=_("L’âge se compte ce jour-là. Le jour d’effacement annoncé en dépend aussi."),
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("âge minimum"), default=16, validators=[MinValueValidator(16), MaxValueValidator(25)]
    )
    excluded_grounds = ArrayField(models.CharField(max_length=16, choices=Ground), default=every_ground)
    split_communes = models.CharField(
        _("communes partagées entre plusieurs cantons"),
        max_length=500,
        blank=True,
        help_text=_("Séparées par des virgules. Le canton de ces adresses est vérifié par l’équipe."),
    )
    last_number = models.PositiveIntegerField(default=0, editable=False)

    privacy = IMPERSONAL
    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("appel à candidatures")
        constraints = [
            models.CheckConstraint(name="call_state_known", condition=Q(state__in=CallState.values)),
            filled_only_in(CallState.CLOSED, "closed_on")(name="call_closed_has_day"),
            models.CheckConstraint(
                name="call_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("La fin doit venir après le début."),
            ),
            models.CheckConstraint(
                name="call_draw_after_closing",
                condition=Q(draw_on=None) | Q(draw_on__gt=F("closes_on")),
                violation_error_message=_("Le tirage au sort vient après la fin de l’appel."),
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} of term {self.term_id}"

    @property
    def state_badge(self) -> str:
        return CallState(self.state).badge

    @property
    def day_of_age(self) -> date:
        """Return the day on which a candidate must be old enough."""
        return self.draw_on or self.closes_on


class CallExtension(models.Model):
    """Recorded decision to extend a call, everywhere or in one canton; append-only (trigger)."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="extensions")
    canton = optional_key(Canton, _("canton"))
    closes_on = models.DateField(_("jusqu’au"))
    decision = models.CharField(_("décision"), max_length=120, blank=True)
    reason = models.TextField(_("motif"), max_length=1000)
    decided_by = user_key()
    decided_at = models.DateTimeField(_("décidée le"))

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("prolongation de l’appel")
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"extension {self.pk} of call {self.call_id}"


class CallCount(models.Model):
    """Number of erased candidates with these features: what is left of them, without anybody in it."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="counts")
    canton = optional_key(Canton)
    gender = models.CharField(max_length=1)
    age_band = models.CharField(max_length=6)
    occupation = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    number = models.PositiveIntegerField(default=0)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "canton", "gender", "age_band", "occupation", "channel"],
                name="call_count_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} of call {self.call_id}"
