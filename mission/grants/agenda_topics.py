"""Agenda topics about the list of a scheme: what the committee reads, and what was voted."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.models import Term
from assembly.text.french import format_number
from mission.grants.enums import GrantState as S
from mission.grants.enums import SchemeState
from mission.grants.models import GrantApplication, GrantScheme
from mission.registers.declaration import registers
from sessions import topics
from sessions.topics import add_agenda_topic

LABEL = "mission.GrantScheme"


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, topics.Topic]:
    """Describe published schemes: with a link to the list for the team, to the public page for anybody else."""
    known = [int(key) for key in keys if key.isdecimal()]
    rows = GrantScheme.objects.filter(pk__in=known).exclude(state=SchemeState.DRAFT)
    seen = set()
    if reader is not None:
        seen = set(registers["schemes"].visible_to(reader).filter(pk__in=known).values_list("pk", flat=True))
    return {
        str(row.pk): topics.Topic(
            kind=gettext_lazy("Subventions"),
            reference=row.reference,
            title=row.name,
            url=reverse("mission:grant-committee" if row.pk in seen else "mission:grant-scheme", args=[row.pk]),
        )
        for row in rows
    }


def offer(user: Any, term: int) -> QuerySet[Any, tuple[int, str]]:
    """Return the schemes with applications before the committee, as pairs of key and label."""
    assembly = Term.objects.filter(pk=term).values("assembly")
    waiting = GrantApplication.objects.filter(state=S.COMMITTEE).values("scheme")
    rows = registers["schemes"].visible_to(user).filter(assembly__in=assembly, pk__in=waiting)
    label = Concat("reference", Value(" "), "name")
    return rows.order_by("reference").annotate(choice_label=label).values_list("pk", "choice_label")


def minutes_sentences(keys: Iterable[str]) -> Mapping[str, list[str]]:
    """Return lines such as « SUB-2026-03, Les Ateliers du Volvestre : 12 000 € votés. » by scheme."""
    lines: dict[str, list[str]] = {}
    rows = GrantApplication.objects.filter(
        scheme__in=[int(key) for key in keys if key.isdecimal()], state__in=S.tagged("awarded")
    )
    for row in rows.order_by("reference"):
        text = _("%(reference)s, %(name)s : %(amount)s € votés.")
        params = {"reference": row.reference, "name": row.name, "amount": format_number(row.voted_amount)}
        lines.setdefault(str(row.scheme_id), []).append(text % params)
    return lines


add_agenda_topic(LABEL, describe, offer, minutes_sentences)
