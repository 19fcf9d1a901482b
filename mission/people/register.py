"""Register of the team: its columns, form, lines and due dates, and the posts with more work than time."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.identity.privacy import months_later
from assembly.institution import todo
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import is_lead
from assembly.institution.todo import add_to_do
from assembly.speed.compiled_query import CompiledQuery
from assembly.web.lists import Column
from mission.people.enums import PostState as S
from mission.people.forms import MonthsForm, TeamPostForm
from mission.people.models import Allocation, CapacityPeriod, TeamPost
from mission.people.queries import overload_candidates, with_lines
from mission.people.rules import MonthLoad, first_overload, loads_of, months_to_come
from mission.people.workflow import STEPS
from mission.registers.columns import column
from mission.registers.declaration import Due, Lines, Register, RegisterColumn, Section, register


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
        new=_("Ajouter un poste"),
        noun_with_article=_("le poste"),
        counted=ngettext_lazy("%(n)s poste", "%(n)s postes", "n"),
        empty=_("Qui travaille sur quoi, avec quel temps : la charge de chaque mois en vient."),
        icon="person-vcard",
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
            RegisterColumn(_("Temps"), lambda row: f"{row.capacity} %", "temps", ["capacity"], number=True),
            RegisterColumn(_("Charge du mois"), lambda row: f"{load_now(row).load} %", "charge", number=True),
            RegisterColumn(_("Premier dépassement"), overload_label, "depassement"),
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


def _candidates(assembly: int, first: date, end: date) -> QuerySet[TeamPost]:
    posts = TeamPost.objects.filter(assembly=assembly).select_related("holder__person")
    return with_lines(overload_candidates(posts, first, end)).order_by("pk")


OVERLOAD_CANDIDATES = CompiledQuery(_candidates)


def overloads(user: Any, term: Term) -> Iterator[dict[str, Any]]:
    """Yield each post with too much work and the first such month, as a row of a group of « À faire »."""
    today = timezone.localdate()
    months = months_to_come(today)
    for post in OVERLOAD_CANDIDATES(term.assembly_id, months[0], months_later(months[-1], 1)):
        if load := first_overload(post, months):
            yield {"post": post, "month": load, "overload": 1, "overload_due": max(load.month, today)}


def overload_line(row: dict[str, Any]) -> todo.ToDo:
    text = gettext("Alléger %(who)s, %(told)s") % {"who": row["post"].who, "told": row["month"].sentence}
    return todo.ToDo(text, reverse("mission:people-row", args=[row["post"].pk]), row["post"].reference)


OVERLOADS = todo.PendingGroups(overloads, {"overload": overload_line})


def overload_lines(user: Any, term: Term) -> Iterator[todo.PendingGroups]:
    """Yield, for the lead, the posts with more work than time in a month to come, with the figures."""
    if is_lead(user, term):
        yield OVERLOADS


add_to_do("desk", overload_lines)
add_menu_entry(
    "desk", _("Mission"), _("Plan de charge"), "mission:workload", TEAM_ROLES, order=134, icon="clock-history"
)
