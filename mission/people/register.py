"""Register of the team: its columns, forms, lines and due dates."""

from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from assembly.lists import Column, column
from mission.people.models import Allocation, CapacityPeriod, PostState as S, TeamPost
from mission.people.queries import with_lines
from mission.people.rules import MonthLoad, first_overload, loads_of, months_to_come
from mission.people.workflow import STEPS
from mission.registers.declaration import Due, Lines, Register, Section, register
from mission.registers.forms import RegisterForm, RowLineForm


class MonthInput(forms.DateInput):
    input_type = "month"


class MonthField(forms.DateField):
    """Field of a month, typed as « 2026-10 », « 10/2026 » or any day of it: its first day, or its last one."""

    default_error_messages = {
        "required": _("Choisissez un mois."),
        "invalid": _("Écrivez un mois, par exemple 10/2026."),
    }

    def __init__(self, *, is_last: bool = False, **kwargs: Any) -> None:
        formats = ["%Y-%m", "%m/%Y", "%Y-%m-%d", "%d/%m/%Y"]
        super().__init__(widget=MonthInput(format="%Y-%m"), input_formats=formats, **kwargs)
        self.is_last = is_last

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is None:
            return None
        return day.replace(day=monthrange(day.year, day.month)[1] if self.is_last else 1)


class TeamPostForm(RegisterForm):
    """Form of a post, which begins and ends with a month."""

    starts_on = MonthField(label=_("Arrivée"), help_text=_("En début de mois."))
    ends_on = MonthField(label=_("Départ"), help_text=_("En fin de mois."), is_last=True, required=False)


class MonthsForm(RowLineForm):
    """Form of a line from one month to another."""

    starts_on = MonthField(label=_("Premier mois"))
    ends_on = MonthField(label=_("Dernier mois"), is_last=True)


def load_now(post: TeamPost) -> MonthLoad:
    return next(loads_of(post, months_to_come(timezone.localdate())))


def overload_label(post: TeamPost) -> str:
    overload = first_overload(post, months_to_come(timezone.localdate()))
    return overload.short if overload else ""


def sentence(post: TeamPost) -> str:
    """Return the state, then the first month with too much work, else the current month."""
    text = (first_overload(post, months_to_come(timezone.localdate())) or load_now(post)).sentence
    return f"{post.get_state_display().capitalize()}. {text[:1].upper()}{text[1:]}."


PEOPLE = register(
    Register(
        key="people",
        slug="equipe",
        model=TeamPost,
        prefix="EQ",
        title=_("Équipe de la mission"),
        setting="plans_workload",
        new=_("Ajouter un poste"),
        noun_with_article=_("le poste"),
        counted=ngettext_lazy("%(n)s poste", "%(n)s postes", "n"),
        empty=_("Qui travaille sur quoi, avec quel temps : la charge de chaque mois en vient."),
        order=53,
        sections=[
            Section(_("Le poste"), ["name", "holder", "capacity"]),
            Section(_("Présence"), ["starts_on", "ends_on", "notes"]),
        ],
        helps={
            "name": _("L’intitulé, pas le nom : « chargée de concertation », « stagiaire », « AMO animation »."),
            "holder": _("Vide pour qui n’a pas de compte : stagiaire, prestataire."),
            "capacity": _("100 pour un temps plein. Un congé ou un temps partiel passager se note ensuite."),
        },
        form=TeamPostForm,
        name_note=lambda row: row.holder.get_full_name() if row.holder else gettext("sans compte"),
        columns=[
            column(TeamPost, "capacity", "temps", short_label=_("Temps"), cell=lambda row: f"{row.capacity} %"),
            Column(
                _("Charge du mois, en pour cent"),
                lambda row: load_now(row).load,
                "charge",
                number=True,
                short_label=_("Charge du mois"),
                cell=lambda row: f"{load_now(row).load} %",
            ),
            Column(_("Premier dépassement"), overload_label, "depassement"),
            column(TeamPost, "starts_on", "arrivee", is_default=False),
            column(TeamPost, "ends_on", "depart", is_default=False),
        ],
        rows=with_lines,
        load=["holder__person"],
        steps=STEPS,
        path=[S.ACTIVE, S.LEFT],
        sentence=sentence,
        lines=[
            Lines("affectations", Allocation, _("Affectations"), _("Affecter")).asking(
                ["operation", "sitting", "referral", "topic", "percent", "starts_on", "ends_on"],
                columns=[
                    Column(_("Sujet"), "subject"),
                    Column(_("Part"), lambda line: f"{line.percent} %"),
                    Column(_("Mois"), "months"),
                ],
                order=["-ends_on", "-pk"],
                form=MonthsForm,
                helps={"topic": _("Si ce n’est ni une opération, ni une séance, ni une saisine.")},
            ),
            Lines("temps", CapacityPeriod, _("Autre temps de travail"), _("Noter une période")).asking(
                ["percent", "starts_on", "ends_on"],
                columns=[Column(_("Temps"), lambda line: f"{line.percent} %"), Column(_("Mois"), "months")],
                order=["-ends_on", "-pk"],
                form=MonthsForm,
                helps={"percent": _("0 pendant un long congé.")},
            ),
        ],
        dues=[
            Due("ends_on", _("Fin du poste : %(name)s"), 60, Q(state=S.ACTIVE)),
        ],
    )
)
