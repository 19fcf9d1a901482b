"""Those who follow a proposal."""

import factory
from django.utils import timezone

from answers.models import Follower, Following
from tests.factories.opinions import RecommendationFactory
from tests.factories.traits import Trait


class FollowerFactory(factory.django.DjangoModelFactory):
    """An address without account."""

    class Meta:
        model = Follower

    address = factory.Sequence(lambda n: f"lectrice{n}@example.org")


class FollowingFactory(factory.django.DjangoModelFactory):
    """Confirmed; `pending=True`: asked only."""

    class Meta:
        model = Following

    class Params:
        pending = Trait(confirmed_at=None)

    follower = factory.SubFactory(FollowerFactory)
    recommendation = factory.SubFactory(RecommendationFactory, numbered=True, opinion__state="published")
    asked_at = factory.LazyFunction(timezone.now)
    confirmed_at = factory.LazyFunction(timezone.now)
