"""Mails that left under the former key of names stand in their list as those of today."""

from importlib import import_module

import pytest
from django.db import connection

from assembly.identity.models import Person
from assembly.notifications.models import Delivery
from tests.factories.identity import PersonFactory
from tests.factories.notifications import DeliveryFactory


@pytest.mark.django_db
def test_the_key_of_a_mail_is_that_of_its_person_while_the_name_is_the_same():
    written = {"Arnaud": "d’arnaud luc", "Zoé": "of before"}
    for first_name, key in written.items():
        DeliveryFactory(person=PersonFactory(first_name=first_name, last_name="D’Arnaud"), sort_name=key)
    Person.objects.filter(first_name="Zoé").update(last_name="Martin", sort_name="martin zoe")
    migration = import_module("assembly.notifications.migrations.0003_alphabetical_order")
    with connection.cursor() as cursor:
        cursor.execute(migration.DELIVERIES)
    assert [*Delivery.objects.values_list("recipient_name", "sort_name").order_by("pk")] == [
        ("Arnaud D’Arnaud", "d arnaud arnaud"),
        ("Zoé D’Arnaud", "of before"),
    ]
