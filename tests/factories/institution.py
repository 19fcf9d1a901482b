"""An assembly, its terms, its territory, its committees and directorates, and who holds which role."""

from datetime import UTC, date, datetime, timedelta

import factory
from django.utils import timezone

from assembly.institution.models import (
    ASSEMBLY_ROLES,
    DIRECTORATE_ROLES,
    TERM_ROLES,
    Assembly,
    Canton,
    Committee,
    CommitteeKind,
    CommitteeMembership,
    Directorate,
    Invitation,
    Role,
    RoleAssignment,
    Term,
    TermState,
)
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.traits import Trait


class AssemblyFactory(factory.django.DjangoModelFactory):
    """The one assembly of the tests; `second=True` makes another, to prove that nothing crosses."""

    class Meta:
        model = Assembly
        django_get_or_create = ("slug",)

    class Params:
        second = Trait(slug="autre", name="Autre assemblée citoyenne", sender_email="autre@example.org")

    slug = "haute-garonne"
    name = "Assemblée citoyenne de la Haute-Garonne"
    authority_name = "Conseil départemental de la Haute-Garonne"
    sender_email = "assemblee@example.org"
    reply_email = "equipe@example.org"
    plans_workload = True


class TermFactory(factory.django.DjangoModelFactory):
    """The second term, at work; `another=True` makes a later one of the same assembly."""

    class Meta:
        model = Term
        django_get_or_create = ("assembly", "number")

    class Params:
        another = Trait(
            number=factory.Sequence(lambda n: 10 + n),
            name=factory.LazyAttribute(lambda term: f"Assemblée nº {term.number}"),
        )

    assembly = factory.SubFactory(AssemblyFactory)
    number = 2
    name = "Deuxième Assemblée, 2025-2027"
    starts_on = date(2025, 11, 29)
    ends_on = date(2027, 5, 31)
    state = TermState.ACTIVE


class CantonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Canton

    assembly = factory.SubFactory(AssemblyFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.LazyAttribute(lambda canton: f"Canton {canton.number}")
    slug = factory.LazyAttribute(lambda canton: f"canton-{canton.number}")


class CommitteeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Committee

    term = factory.SubFactory(TermFactory)
    kind = CommitteeKind.WORKING_GROUP
    name = factory.Sequence(lambda n: f"Groupe {n}")
    slug = factory.Sequence(lambda n: f"groupe-{n}")
    opened_on = date(2026, 1, 10)


class CommitteeMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CommitteeMembership

    committee = factory.SubFactory(CommitteeFactory)
    person = factory.SubFactory(PersonFactory)
    starts_on = date(2026, 1, 10)


class DirectorateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Directorate

    assembly = factory.SubFactory(AssemblyFactory)
    name = factory.Sequence(lambda n: f"Direction {n}")
    code = factory.Sequence(lambda n: f"d{n}")


class RoleAssignmentFactory(factory.django.DjangoModelFactory):
    """An officer of the term; another `role` finds its own place (term, directorate or whole assembly)."""

    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)
    role = Role.OFFICER
    given_at = datetime(2025, 9, 1, tzinfo=UTC)
    term = factory.LazyAttribute(lambda held: TermFactory() if held.role in TERM_ROLES else None)
    directorate = factory.LazyAttribute(lambda held: DirectorateFactory() if held.role in DIRECTORATE_ROLES else None)

    @factory.lazy_attribute
    def assembly(self):
        if self.role in ASSEMBLY_ROLES:
            return AssemblyFactory()
        return (self.term or self.directorate).assembly


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    person = factory.SubFactory(PersonFactory)
    email = factory.LazyAttribute(lambda invitation: invitation.person.email)
    role = Role.MEMBER
    term = factory.LazyAttribute(lambda invitation: TermFactory() if invitation.role in TERM_ROLES else None)
    directorate = factory.LazyAttribute(
        lambda invitation: DirectorateFactory() if invitation.role in DIRECTORATE_ROLES else None
    )
    code_digest = factory.Sequence(lambda n: f"{n:064}")
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))

    @factory.lazy_attribute
    def assembly(self):
        if self.role in ASSEMBLY_ROLES:
            return AssemblyFactory()
        return (self.term or self.directorate).assembly
