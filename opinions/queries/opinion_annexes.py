"""Facts around the text of an opinion (counts, spokespersons, visas, minority positions) in one statement."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from assembly.documents.models import Document
from assembly.identity.models import Person
from assembly.institution.queries import main_assembly_key
from opinions.enums import PositionState
from opinions.models import (
    Amendment,
    MinorityCosigner,
    MinorityPosition,
    Opinion,
    OpinionSection,
    OpinionVisa,
    ServicesRequest,
    Spokesperson,
)
from opinions.opinions.models import OpinionQuerySet


def with_annexes(opinions: OpinionQuerySet) -> QuerySet[Any]:
    """Return each opinion with `annexes` for `annexes_of`, read in the same statement as the opinion."""
    here = OuterRef("pk")
    groups = OpinionSection.objects.filter(opinion=here, removed_at=None, committee__isnull=False).order_by()
    services = ServicesRequest.objects.filter(opinion=here).order_by()
    proposed = Amendment.objects.filter(version__opinion=here).passed().order_by()
    return opinions.annotate(
        annexes=JSONObject(
            main_assembly=Subquery(main_assembly_key()),
            sealed=Subquery(_sealed()),
            groups=ArraySubquery(groups.values("committee").distinct()),
            services=ArraySubquery(services.values("directorate").distinct()),
            proposed=ArraySubquery(proposed.values("pk")),
            spokespersons=ArraySubquery(
                Spokesperson.objects.filter(draw__opinion=here).order_by("rank").values(entry=_name("person"))
            ),
            visas=_visas(),
            minority=_minority(),
        )
    )


def annexes_of(opinion: Opinion) -> Mapping[str, Any]:
    """Return lists of keys to count (`groups`, `services`, `proposed`), and facts about people; see `person_of`."""
    annexes = getattr(opinion, "annexes", None)
    if annexes is None:
        annexes = with_annexes(Opinion.objects.filter(pk=opinion.pk)).values_list("annexes", flat=True).get()
    return annexes


def person_of(name: Mapping[str, str]) -> Person:
    """Return an unsaved person of whom only the name was read."""
    return Person(first_name=name["first_name"], last_name=name["last_name"])


def _sealed() -> QuerySet[Document, Any]:
    """Return the published file of an opinion of the main assembly: its reference, and its facts when sealed."""
    documents = Document.objects.filter(reference__iexact=OuterRef("reference"), published_revision__isnull=False)
    facts = JSONObject(reference="reference", facts="published_revision__report__facts")
    return documents.values(entry=facts)[:1]


def _name(path: str) -> JSONObject:
    return JSONObject(first_name=f"{path}__first_name", last_name=f"{path}__last_name")


def _visas() -> ArraySubquery:
    """Return the visas that are not voided, in the order in which they were given."""
    rows = OpinionVisa.objects.filter(opinion=OuterRef("pk"), voided_at=None).order_by("pk")
    return ArraySubquery(
        rows.values(entry=JSONObject(person=_name("person"), capacity="capacity", given_at="given_at", via="via"))
    )


def _minority() -> ArraySubquery:
    """Return the submitted positions, each with its author and present signers; an account may have no person."""
    signed = MinorityCosigner.objects.filter(
        position=OuterRef("pk"), withdrawn_at=None, user__person__isnull=False
    ).order_by("signed_at", "pk")
    rows = MinorityPosition.objects.filter(opinion=OuterRef("pk"), state=PositionState.SUBMITTED)
    return ArraySubquery(
        rows.order_by("submitted_at", "pk").values(
            entry=JSONObject(
                title="title",
                body="body",
                has_author="author__person",
                author=_name("author__person"),
                signers=ArraySubquery(signed.values(entry=_name("user__person"))),
            )
        )
    )
