"""Queries of distributions: their progress, and the people still to call."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Now
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from assembly.audit.registry import Key, NamedSubject
from assembly.documents.models import Rendition
from assembly.identity.models import Person
from assembly.institution.models import Term
from assembly.notifications.models import (
    TO_CALL,
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    Distribution,
    LetterBatch,
    Way,
)
from assembly.notifications.registry import kinds

S = DeliveryState


@dataclass
class Tally:
    """Counts of one distribution by way and state; every figure on the screens is computed from it."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    to_call: int = 0
    is_stopped: bool = False

    def state(self, state: str) -> int:
        return sum(count for (_way, row_state), count in self.counts.items() if row_state == state)

    def of(self, way: str, *states: str) -> int:
        """Count deliveries of one way, in some states or in all of them."""
        return sum(count for (w, s), count in self.counts.items() if w == way and (not states or s in states))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def mails(self) -> int:
        return self.of(Way.EMAIL)

    @property
    def letters(self) -> int:
        return self.of(Way.PAPER) - self.of(Way.PAPER, S.WITHHELD)

    @property
    def mails_left(self) -> int:
        """Return the number of e-mails that are no longer queued or in flight."""
        return self.mails - self.of(Way.EMAIL, *S.tagged("pending"))

    @property
    def arrived(self) -> int:
        return self.state(S.SENT) + self.state(S.HANDED_OVER)

    @property
    def is_moving(self) -> bool:
        return self.mails_left < self.mails

    @property
    def to_print(self) -> int:
        return self.of(Way.PAPER, S.QUEUED)

    @property
    def printed(self) -> int:
        return self.state(S.PRINTED)

    @property
    def to_check(self) -> int:
        return self.state(S.TO_CHECK)

    @property
    def failed(self) -> int:
        return self.state(S.FAILED)

    @property
    def came_back(self) -> int:
        return self.state(S.BOUNCED) + self.state(S.COMPLAINED)

    @property
    def badge(self) -> tuple[str, str]:
        """Return badge and label of the whole; what needs a person takes precedence."""
        if self.is_moving:
            return "in_progress", _("En cours")
        if self.to_check:
            return "warn", _("À vérifier")
        if self.failed:
            return "late", _("Pas parti")
        if self.to_call:
            return "warn", _("À corriger")
        if self.to_print:
            return "todo", _("À imprimer")
        if self.printed:
            return "partial", _("À remettre")
        return ("closed", _("Arrêté")) if self.is_stopped else ("done", _("Remis"))

    @property
    def sentence(self) -> str:
        """Return the counts as a text: « 104 sur 108 remis, 3 refusés, 1 à vérifier »."""
        parts = [_("%(n)s sur %(total)s remis") % {"n": self.arrived, "total": self.total}]
        phrases = [
            (self.state(S.QUEUED) - self.to_print + self.state(S.IN_FLIGHT), "%(n)s à envoyer", "%(n)s à envoyer"),
            (self.to_check, "%(n)s à vérifier", "%(n)s à vérifier"),
            (self.failed, "%(n)s pas parti", "%(n)s pas partis"),
            (self.came_back, "%(n)s refusé", "%(n)s refusés"),
            (self.to_print, "%(n)s lettre à imprimer", "%(n)s lettres à imprimer"),
            (self.printed, "%(n)s lettre à remettre", "%(n)s lettres à remettre"),
            (self.state(S.WITHHELD), "%(n)s sans adresse", "%(n)s sans adresse"),
            (self.state(S.CANCELLED), "%(n)s arrêté", "%(n)s arrêtés"),
        ]
        return ", ".join(parts + [ngettext(one, many, n) % {"n": n} for n, one, many in phrases if n])


def with_delivery_counts(distributions: QuerySet[Distribution]) -> QuerySet[Any]:
    """Add to each distribution `counts`, from which `tally_of` is made."""
    rows = Delivery.objects.filter(distribution=OuterRef("pk")).order_by().values("way", "state")
    counted = rows.annotate(n=Count("pk"), to_call=Count("pk", filter=TO_CALL))
    counts = ArraySubquery(counted.values(row=JSONObject(way="way", state="state", n="n", to_call="to_call")))
    return distributions.annotate(counts=counts)


def tally_of(distribution: Distribution, counts: list[dict[str, Any]]) -> Tally:
    return Tally(
        counts={(row["way"], row["state"]): row["n"] for row in counts},
        to_call=sum(row["to_call"] for row in counts),
        is_stopped=distribution.stopped_at is not None,
    )


def tally(distribution: Distribution) -> Tally:
    counted = with_delivery_counts(Distribution.objects.filter(pk=distribution.pk))
    return tally_of(distribution, counted.values_list("counts", flat=True).get())


def message_kind_label(distribution: Distribution) -> str:
    kind = kinds.get(distribution.kind)
    return str(kind.label) if kind else distribution.kind


def deliveries(distribution: Distribution, states: Iterable[str] = ()) -> DeliveryQuerySet:
    """Return the deliveries of one distribution, all of them unless some states are named."""
    rows = Delivery.objects.filter(distribution=distribution).select_related("person", "called_by__person")
    return rows.filter(state__in=list(states)) if states else rows


def proof_rows(distribution: Distribution) -> DeliveryQuerySet:
    """Return the deliveries for the proof, in the order of names."""
    return Delivery.objects.filter(distribution=distribution).order_by("sort_name", "pk").for_screen()


def people_to_call(term: Term | int) -> DeliveryQuerySet:
    """Return the deliveries of the term that bounced, and whose recipient nobody has called yet."""
    return Delivery.objects.to_call().filter(distribution__term=term).order_by("bounced_at", "pk")


def distributions_with(term: Term | int, state: str, *ways: str) -> QuerySet[Distribution]:
    """Return the distributions of the term with deliveries in this state (by one of these ways), `n` of them."""
    rows = Delivery.objects.filter(state=state, way__in=ways or Way.values).order_by()
    mine = rows.filter(distribution=OuterRef("pk")).values("distribution").annotate(n=Count("pk")).values("n")
    return Distribution.objects.filter(term=term, pk__in=rows.values("distribution")).annotate(n=Subquery(mine))


def received_by(person: Person) -> DeliveryQuerySet:
    """Return what was sent to this person, by whatever way; stopped and queued messages are not included.

    A notice on the site stands there from the hour at which the mails leave, unless they were stopped before.
    """
    rows = Delivery.objects.filter(person=person, state__in=S.tagged("sent", "printed"))
    was_stopped = Q(distribution__stopped_at__isnull=False, distribution__stopped_at__lt=F("distribution__send_at"))
    is_due = Q(distribution__send_at=None) | (Q(distribution__send_at__lte=Now()) & ~was_stopped)
    return rows.filter(~Q(way=Way.IN_APP) | is_due).select_related(
        "distribution__assembly", "distribution__term", "person"
    )


def files(distribution: Distribution) -> list[dict[str, Any]]:
    """Return the files of this distribution, the newest proof list and each batch of letters, with their progress."""
    rows = dict(distribution.batches.annotate(n=Count("letters")).order_by("pk").values_list("pk", "n"))
    about = Q(kind="letters", subject_type=LetterBatch._meta.label, subject_id__in=[str(pk) for pk in rows])
    about |= Q(kind="proof-list", subject_type=Distribution._meta.label, subject_id=str(distribution.pk))
    newest = {(row.kind, row.subject_id): row for row in Rendition.objects.filter(about).order_by("pk")}
    titles = {("letters", str(pk)): ngettext("%(n)s lettre", "%(n)s lettres", n) % {"n": n} for pk, n in rows.items()}
    titles["proof-list", str(distribution.pk)] = _("Preuve de l’envoi")
    return [{"title": title, "rendition": newest[key]} for key, title in titles.items() if key in newest]


def named_distributions(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of distributions in the journal, for readers who may see them."""
    if "notifications.Distribution" not in keys_by_label:
        return {}
    seen = Distribution.objects.visible_to(reader).filter(pk__in=keys_by_label["notifications.Distribution"])
    return {
        ("notifications.Distribution", str(pk)): NamedSubject(
            _("Envoi"), title, url=reverse("notifications:distribution-page", args=[pk])
        )
        for pk, title in seen.values_list("pk", "title")
    }
