"""Rows of the watch."""

import factory

from mission.watch import rules
from mission.watch.models import DigestReader, WatchDigest, WatchItem, WatchSource
from tests.factories.identity import UserFactory
from tests.factories.institution import AssemblyFactory
from tests.factories.mission import RegisterRowFactory


class WatchSourceFactory(RegisterRowFactory):
    """A feed that waits to be fetched."""

    class Meta:
        model = WatchSource

    name = factory.Sequence(lambda n: f"Source {n}")
    address = factory.Sequence(lambda n: f"https://exemple.fr/{n}.xml")


class WatchItemFactory(RegisterRowFactory):
    """An item with a link of its own."""

    class Meta:
        model = WatchItem

    name = factory.Sequence(lambda n: f"Information {n}")
    link = factory.Sequence(lambda n: f"https://exemple.fr/a/{n}")
    kind = "legal"
    address_key = factory.LazyAttribute(lambda row: rules.address_key(row.link))
    title_key = factory.LazyAttribute(lambda row: rules.title_key(row.name))


class WatchDigestFactory(RegisterRowFactory):
    """A letter being prepared. `state="sent"` has its date."""

    class Meta:
        model = WatchDigest

    name = "Veille, novembre 2026"
    body = "## Juridique\n\n### Un arrêt\n\nCe qu’il dit.\n\nhttps://exemple.fr/arret"

    @factory.lazy_attribute
    def sent_at(self):
        return "2026-11-20T08:00:00Z" if getattr(self, "state", "") == "sent" else None


class DigestReaderFactory(factory.django.DjangoModelFactory):
    """A colleague who receives the letters."""

    class Meta:
        model = DigestReader

    assembly = factory.SubFactory(AssemblyFactory)
    user = factory.SubFactory(UserFactory)
    added_by = factory.SubFactory(UserFactory)
