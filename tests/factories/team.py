"""The team of the mission and its trips."""

from datetime import UTC, date, datetime

import factory

from mission.people.models import Allocation, CapacityPeriod, TeamPost
from mission.trips.models import Trip, TripState, TripTraveller
from tests.factories.mission import RegisterRowFactory


class TeamPostFactory(RegisterRowFactory):
    """A post at full time since January 2026, without an account."""

    class Meta:
        model = TeamPost

    name = factory.Sequence(lambda n: f"Poste {n}")
    starts_on = date(2026, 1, 1)

    @factory.lazy_attribute
    def ends_on(self):
        return date(2026, 6, 30) if getattr(self, "state", "") == "left" else None


class PostLineFactory(factory.django.DjangoModelFactory):
    """From October to December 2026."""

    class Meta:
        abstract = True

    row = factory.SubFactory(TeamPostFactory)
    created_by = factory.SelfAttribute("row.created_by")
    changed_by = factory.SelfAttribute("row.created_by")
    percent = 50
    starts_on = date(2026, 10, 1)
    ends_on = date(2026, 12, 31)


class AllocationFactory(PostLineFactory):
    class Meta:
        model = Allocation

    topic = "Réseaux"


class CapacityPeriodFactory(PostLineFactory):
    class Meta:
        model = CapacityPeriod


class TripFactory(RegisterRowFactory):
    """To Luchon and back on 9 December 2026, by train; somebody goes."""

    class Meta:
        model = Trip
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Visite {n}")
    place = "Bagnères-de-Luchon"
    means = "train"
    starts_at = datetime(2026, 12, 9, 7, tzinfo=UTC)
    ends_at = datetime(2026, 12, 9, 17, tzinfo=UTC)

    @factory.lazy_attribute
    def ordered_on(self):
        return date(2026, 12, 1) if getattr(self, "state", "") in TripState.tagged("signed") else None

    @factory.post_generation
    def travellers(self, create, wanted, **kwargs):
        if create:
            posts = [TeamPostFactory(assembly=self.assembly)] if wanted is None else wanted
            for post in posts:
                by = self.created_by
                TripTraveller.objects.create(row=self, post=post, created_by=by, changed_by=by)
