import pytest
from django.core.exceptions import FieldFetchBlocked

from assembly.identity.models import User
from assembly.speed.queries import ScreenQuerySet
from tests.factories.identity import UserFactory

pytestmark = pytest.mark.django_db


def users():
    return ScreenQuerySet(User)


def test_a_forgotten_relation_raises_under_test(settings):
    settings.STRICT_FETCH = True
    UserFactory()
    with pytest.raises(FieldFetchBlocked):
        _ = users().for_screen()[0].person.last_name


def test_a_declared_relation_is_there(settings, django_assert_num_queries):
    settings.STRICT_FETCH = True
    UserFactory()
    with django_assert_num_queries(1):
        _ = users().select_related("person").for_screen()[0].person.last_name


def test_in_production_a_forgotten_relation_costs_one_query(settings, django_assert_num_queries):
    settings.STRICT_FETCH = False
    UserFactory.create_batch(3)
    with django_assert_num_queries(2):
        assert len({user.person.last_name for user in users().for_screen()}) == 3
