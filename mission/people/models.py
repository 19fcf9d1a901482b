"""Posts of the team, their working time by period, and what each works on."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key
from assembly.identity.personal_data import ModelPrivacy, retained
from assembly.workflow import State, States
from consultations.models import Referral
from mission.budget.models import BudgetLine
from mission.registers.models import (
    RegisterLine,
    RegisterRow,
    check,
    filled_in,
    key_to,
    no_overlap,
    optional_key,
    row_constraints,
    row_indexes,
    rules_of,
    state_field,
    unique,
)
from sessions.models import Sitting


class PostState(States):
    ACTIVE = "active", State("done"), _("dans l’équipe")
    LEFT = "left", State("closed"), _("a quitté l’équipe")


S = PostState
WRITING = {"created_at": retained(), "changed_at": retained()}
WORK = _("organisation du travail de l’équipe, jusqu’à deux ans après le départ")


def percent_field(label: Any, **more: Any) -> Any:
    return models.PositiveSmallIntegerField(label, **more)


def percent_within(message: Any, least: int = 1, field: str = "percent") -> Any:
    return check(Q(**{f"{field}__gte": least, f"{field}__lte": 100}), message, field)


NOT_IN_ORDER = _("Le dernier mois ne vient pas avant le premier ; années de 2000 à 2099.")
MONTHS_IN_ORDER = check(
    Q(starts_on__gte=date(2000, 1, 1))
    & (Q(ends_on=None) | Q(ends_on__gte=F("starts_on"), ends_on__lt=date(2100, 1, 1))),
    NOT_IN_ORDER,
    "ends_on",
)


class TeamPost(RegisterRow):
    """Post of the team, of an account or without one (stagiaire, AMO). `capacity`: percent of full time."""

    periods: list[dict[str, Any]]  # `mission.people.queries.with_lines` annotates it and `allocated`
    allocated: list[dict[str, Any]]
    state = state_field(S, S.ACTIVE)
    name = models.CharField(_("poste"), max_length=160)
    holder = optional_user_key(_("compte"))
    capacity = percent_field(_("temps de travail, en %"), default=100)
    starts_on = models.DateField(_("arrivée"))
    ends_on = models.DateField(_("départ"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Votre poste dans l’équipe de la mission"),
        owner="holder__person",
        default=retained(WORK),
        internal=["assembly", "due_on"],
        name=retained(WORK),
        notes=retained(WORK),
        fields=WRITING,
    )

    class Meta:
        verbose_name = _("poste de l’équipe")
        indexes = row_indexes("team_post")
        constraints = row_constraints(
            "team_post",
            S,
            percent=percent_within(_("Le temps de travail va de 1 à 100 %%."), field="capacity"),
            months_in_order=MONTHS_IN_ORDER,
            left_has_end=filled_in(S.LEFT, "ends_on", _("Un poste quitté a son départ."), "ends_on"),
            one_active_a_holder=unique(
                ["assembly", "holder"],
                _("Ce compte a déjà un poste dans l’équipe."),
                "holder",
                condition=Q(state=S.ACTIVE),
            ),
        )

    @property
    def who(self) -> str:
        """Return the name of the person, or of the post where no account holds it."""
        return self.holder.get_full_name() if self.holder else self.name


class MonthsMixin(RegisterLine):
    """Line valid from the first day of a month to the last one of another."""

    starts_on = models.DateField(_("premier mois"))
    ends_on = models.DateField(_("dernier mois"))

    class Meta:
        abstract = True

    @property
    def months(self) -> str:
        """Return a label such as « octobre 2026 » or « octobre 2026 – mars 2027 »."""
        ends = dict.fromkeys(date_format(day, "F Y") for day in (self.starts_on, self.ends_on))
        return " – ".join(ends)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Refuse months out of order first: PostgreSQL makes no range of them to look for an overlap."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": NOT_IN_ORDER})
        super().validate_constraints(exclude)


class CapacityPeriod(MonthsMixin):
    """Period in which a post works less or more than usual: part time, a long leave (0)."""

    row = key_to(TeamPost, related_name="periods_of_time")
    percent = percent_field(_("temps de travail, en %"))

    privacy = ModelPrivacy(
        _("Vos périodes à un autre temps de travail"),
        owner="row__holder__person",
        default=retained(WORK),
        fields=WRITING,
    )

    class Meta:
        verbose_name = _("période à un autre temps de travail")
        constraints = rules_of(
            "capacity_period",
            percent=percent_within(_("Le temps de travail va de 0 à 100 %%."), least=0),
            months_in_order=MONTHS_IN_ORDER,
            no_overlap=no_overlap(
                "row",
                Func("starts_on", "ends_on", Value("[]"), function="DATERANGE", output_field=DateRangeField()),
                _("Une autre période dit déjà le temps de travail de ces mois."),
                "starts_on",
            ),
        )

    def __str__(self) -> str:
        return f"{self.percent} %"


KEYS = ("operation", "sitting", "referral")


def works_on(one: str) -> Q:
    """Return the condition that this subject is set, and no other."""
    return Q(**{f"{key}__isnull": key != one for key in KEYS}) & (~Q(topic="") if one == "topic" else Q(topic=""))


class Allocation(MonthsMixin):
    """What a post works on: an operation of the budget, a sitting, a referral, or a subject as text."""

    privacy = ModelPrivacy(
        _("Ce sur quoi vous travaillez"), owner="row__holder__person", default=retained(WORK), fields=WRITING
    )
    CALLED = ("subject",)
    row = key_to(TeamPost, related_name="allocations")
    operation = optional_key(BudgetLine, _("opération du budget"))
    sitting = optional_key(Sitting, _("séance"))
    referral = optional_key(Referral, _("saisine"))
    topic = models.CharField(_("autre sujet"), max_length=160, blank=True)
    percent = percent_field(_("part d’un temps plein, en %"))

    class Meta:
        verbose_name = _("affectation")
        constraints = rules_of(
            "allocation",
            percent=percent_within(_("La part va de 1 à 100 %%.")),
            months_in_order=MONTHS_IN_ORDER,
            one_subject=check(
                works_on("operation") | works_on("sitting") | works_on("referral") | works_on("topic"),
                _("Choisissez une opération, une séance ou une saisine, ou écrivez un sujet."),
            ),
        )

    @property
    def subject(self) -> str:
        target = self.operation or self.sitting or self.referral
        return str(getattr(target, "title", None) or getattr(target, "name", None) or self.topic)
