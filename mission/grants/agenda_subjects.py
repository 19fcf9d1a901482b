"""A point of an agenda may be about the list of a scheme: what the committee reads, what was voted."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.models import Term
from assembly.ui.words import number_words
from mission.grants.enums import AWARDED, SchemeState
from mission.grants.enums import GrantState as S
from mission.grants.models import GrantApplication, GrantScheme
from mission.registers.declaration import registers
from sessions import subjects

LABEL = "mission.GrantScheme"


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, subjects.Subject]:
    """For the team, with the way to the list; anybody else reads the name of a published scheme."""
    known = [int(key) for key in keys if key.isdecimal()]
    rows = GrantScheme.objects.filter(pk__in=known).exclude(state=SchemeState.DRAFT)
    seen = set()
    if reader is not None:
        seen = set(registers["schemes"].visible_to(reader).filter(pk__in=known).values_list("pk", flat=True))
    return {
        str(row.pk): subjects.Subject(
            kind=gettext_lazy("Subventions"),
            reference=row.reference,
            title=row.name,
            url=reverse("mission:grant-committee" if row.pk in seen else "mission:grant-scheme", args=[row.pk]),
        )
        for row in rows
    }


def offer(user: Any, term: int) -> QuerySet[Any, tuple[int, str]]:
    """Schemes of which something waits for the committee."""
    assembly = Term.objects.filter(pk=term).values("assembly")
    waiting = GrantApplication.objects.filter(state=S.COMMITTEE).values("scheme")
    rows = registers["schemes"].visible_to(user).filter(assembly__in=assembly, pk__in=waiting)
    told = Concat("reference", Value(" "), "name")
    return rows.order_by("reference").annotate(words=told).values_list("pk", "words")


def tell(keys: Iterable[str]) -> Mapping[str, list[str]]:
    """« SUB-2026-03, Les Ateliers du Volvestre : 12 000 € votés. »"""
    said: dict[str, list[str]] = {}
    rows = GrantApplication.objects.filter(scheme__in=[int(key) for key in keys if key.isdecimal()], state__in=AWARDED)
    for row in rows.order_by("reference"):
        words = _("%(reference)s, %(name)s : %(amount)s € votés.")
        told = {"reference": row.reference, "name": row.name, "amount": number_words(row.voted_amount)}
        said.setdefault(str(row.scheme_id), []).append(words % told)
    return said


subjects.register(LABEL, describe, offer, tell)
