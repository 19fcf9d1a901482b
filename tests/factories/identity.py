"""People and their sign-ins."""

import factory

from assembly.identity.models import ContactChannel, Person, User
from tests.factories.traits import Trait


class PersonFactory(factory.django.DjangoModelFactory):
    """`paper=True`: somebody reached by letters only."""

    class Meta:
        model = Person

    class Params:
        paper = Trait(
            email="", channel=ContactChannel.PAPER, address="1 rue des Lois", postcode="31000", city="Toulouse"
        )

    first_name = factory.Sequence(lambda n: f"Prénom{n}")
    last_name = factory.Sequence(lambda n: f"Nom{n}")
    email = factory.Sequence(lambda n: f"personne{n}@example.org")


class UserFactory(factory.django.DjangoModelFactory):
    """A sign-in without password; `tests.people.People.ready` adds the second factor that a role asks for."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    email = factory.LazyAttribute(lambda user: user.person.email or f"compte{user.person.pk}@example.org")
    password = factory.django.Password(None)
