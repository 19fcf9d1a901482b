"""Base classes of rows, of lines below a row, of files and links; their columns, constraints and indexes."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.columns import key_to, optional_key, optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import Assembly
from assembly.speed.queries import ScreenQuerySet
from assembly.text.french import alphabetical_index, format_date, format_moment, format_time, local_day
from assembly.workflow import States
from assembly.workflow.constraints import Rule, check, filled_in, filled_only_in, in_states


def money(label: Any, **more: Any) -> Any:
    return models.DecimalField(label, max_digits=12, decimal_places=2, **more)


def state_field(states: type[States], default: str, max_length: int = 16) -> Any:
    """Return the column of the state, with which a subclass overrides that of `RegisterRow`."""
    column: Any = models.CharField(_("état"), max_length=max_length, choices=states, default=default, editable=False)
    column.states = states
    return column


def row_indexes(noun: str) -> list[models.Index]:
    """Return the indexes of the list by name and of the due days."""
    return [
        models.Index("assembly", alphabetical_index("name"), "id", name=f"{noun}_by_name"),
        models.Index(fields=["assembly", "due_on"], name=f"{noun}_by_day"),
    ]


def rules_of(noun: str, **rules: Rule) -> list[models.BaseConstraint]:
    """Return the constraints of a model, each named `<noun>_<rule>`."""
    return [rule(name=f"{noun}_{name}") for name, rule in rules.items()]


def row_constraints(noun: str, states: type[models.TextChoices], **rules: Rule) -> list[models.BaseConstraint]:
    """Return the constraints of every register (its states, one row a reference) and those of this one."""
    known, once = check(Q(state__in=states.values)), unique(["assembly", "reference"])
    return rules_of(noun, state_known=known, reference_once=once, **rules)


def unique(fields: Sequence[str], message: Any = None, at: str | None = None, **more: Any) -> Rule:
    """Return a constraint of one row with these values; `condition`: the rows that it concerns."""
    violation = {"violation_error_message": message, "violation_error_code": at}
    return partial(models.UniqueConstraint, fields=fields, **violation, **more)


def no_overlap(one: str, span: Any, message: Any, at: str | None = None, **more: Any) -> Rule:
    """Return a constraint of one row of the same `one` at a time. `span`: its range; `condition`: rows concerned."""
    apart = [(one, RangeOperators.EQUAL), (span, RangeOperators.OVERLAPS)]
    violation = {"violation_error_message": message, "violation_error_code": at}
    return partial(ExclusionConstraint, expressions=apart, **violation, **more)


class VersionedModel(models.Model):
    """Mixin of who created a row and who saved it last; `version` counts the saves (`assembly.web.versioned`)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    created_by = user_key(editable=False)
    changed_at = models.DateTimeField(_("modifiée le"), auto_now_add=True)
    changed_by = user_key(editable=False)

    class Meta:
        abstract = True


class RegisterRow(VersionedModel):
    """Row of a register, of an assembly.

    `reference` (PA-2026-04) is given once, at creation, by the prefix of the register. `state` follows the workflow of
    the register: a subclass names its enumeration with `state_field`. `due_on`: the day by which something is due.
    """

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+", editable=False)
    reference = models.CharField(_("référence"), max_length=24, editable=False)
    name = models.CharField(_("nom"), max_length=160)
    state: Any = models.CharField(_("état"), max_length=16)
    owner = optional_user_key(_("suivi par"))
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=4000, blank=True)

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def state_badge(self) -> str:
        return self.states()(self.state).badge

    @property
    def is_over(self) -> bool:
        """Return whether the due day no longer counts."""
        return self.state in self.states_over()

    @classmethod
    def states(cls) -> type[States]:
        """Return the enumeration that the subclass gave to `state_field`."""
        states: type[States] = cls.state.field.states
        return states

    @classmethod
    def states_over(cls) -> Collection[str]:
        """Return the states tagged `over`, and those drawn `closed` or `refused`."""
        return [one for one in cls.states() if "over" in one.state.tags or one.badge in {"closed", "refused"}]


class RegisterLine(VersionedModel):
    """Line below a row (contact, order, exchange). A subclass adds `row`; `CALLED`: the columns that may name it."""

    CALLED: ClassVar[Sequence[str]] = ("title", "name", "function")
    row: Any

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Return its title or name, else the beginning of its summary, for links and the history."""
        names = (str(getattr(self, name, None) or "") for name in self.CALLED)
        label = next(filter(None, names), getattr(self, "summary", "")[:60])
        return label or f"{self._meta.verbose_name} {self.pk}"


class RegisterFile(models.Model):
    """Checked file of a row of a register."""

    register = models.CharField(max_length=24)
    row = models.BigIntegerField()
    upload = models.ForeignKey("documents.Upload", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("titre"), max_length=200)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = user_key()

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("fichier d’une fiche")
        ordering = ["-added_at", "-pk"]
        indexes = [models.Index(fields=["register", "row"], name="register_file_of_row")]

    def __str__(self) -> str:
        return self.title


ENDS = ("sitting", "referral", "opinion", "directorate", "canton", "committee")


def points_at(one: str) -> Q:
    """Return the condition that this end alone is set; with an empty name, that a row of a register is."""
    none = Q(**{f"{end}__isnull": end != one for end in ENDS})
    return none & (Q(other_row=None, other_register="") if one else Q(other_row__isnull=False) & ~Q(other_register=""))


class RegisterLink(models.Model):
    """Link from a row of a register to one object: of an app below, or a row of a register."""

    register = models.CharField(max_length=24)
    row = models.BigIntegerField()
    sitting = optional_key("sittings.Sitting", _("séance"))
    referral = optional_key("consultations.Referral", _("saisine"))
    opinion = optional_key("opinions.Opinion", _("avis"))
    directorate = optional_key("institution.Directorate", _("direction"))
    canton = optional_key("institution.Canton", _("canton"))
    committee = optional_key("institution.Committee", _("groupe ou comité"))
    other_register = models.CharField(max_length=24, blank=True)
    other_row = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = user_key()

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("lien d’une fiche")
        indexes = [
            models.Index(fields=["register", "row"], name="register_link_of_row"),
            models.Index(fields=["other_register", "other_row"], name="register_link_to_row"),
        ]
        constraints = rules_of(
            "register_link",
            one_end=check(Q(*(points_at(end) for end in (*ENDS, "")), _connector=Q.OR)),
            once=unique(["register", "row", *ENDS, "other_register", "other_row"], nulls_distinct=False),
        )

    def __str__(self) -> str:
        return f"{self.register} {self.row}"


MOMENTS = Func("starts_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField())


class PeriodMixin(models.Model):
    """Mixin with the labels of a row from one moment to another."""

    starts_at: Any
    ends_at: Any

    class Meta:
        abstract = True

    @property
    def hours_label(self) -> str:
        """Return « de 9 h à 17 h », with its days where it lasts longer than one."""
        if local_day(self.starts_at) != local_day(self.ends_at):
            params = {"first": format_moment(self.starts_at), "last": format_moment(self.ends_at)}
            return gettext("du %(first)s au %(last)s") % params
        return gettext("de %(start)s à %(end)s") % {
            "start": format_time(self.starts_at),
            "end": format_time(self.ends_at),
        }

    @property
    def span_label(self) -> str:
        """Return « samedi 28 mars 2026, de 9 h à 17 h » or « du … à … au … à … »."""
        if local_day(self.starts_at) != local_day(self.ends_at):
            return self.hours_label
        return f"{format_date(self.starts_at)}, {self.hours_label}"


# A year of two digits, or of five, is a typing error.
YEARS = Q(starts_at__gte=datetime(2000, 1, 1, tzinfo=UTC), ends_at__lt=datetime(2100, 1, 1, tzinfo=UTC))
IN_THIS_CENTURY = check(YEARS, _("Écrivez une année entre 2000 et 2099."), "starts_at")


def merged_key() -> Any:
    return key_to("self", related_name="doubles", null=True, editable=False)
