"""Base classes of the rows of every register, and of the lines below a row."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import Assembly
from assembly.speed.queryset import ScreenQuerySet
from assembly.workflow import States
from mission.registers.checks import check, rules_of, unique
from mission.registers.fields import optional_key, user_key


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
    owner = user_key(_("suivi par"), null=True, blank=True)
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
