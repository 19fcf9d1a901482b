"""What is compiled once for readers with the same roles gives each what the queryset gives, while the role holds."""

import pytest
from django.utils import timezone

from assembly.identity.models import User
from assembly.institution.actions import roles
from assembly.institution.models import Role
from assembly.institution.queries import ReaderQuery
from consultations.models import DirectorateReview, Referral
from opinions.models import Opinion
from sessions.models import Sitting
from tests.factories.consultations import DirectorateReviewFactory, ReferralFactory
from tests.factories.institution import DirectorateFactory, RoleAssignmentFactory, TermFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db
MODELS = (Sitting, Referral, Opinion, DirectorateReview)


def seen_of(model):
    return ReaderQuery(lambda user, term: model.objects.visible_to(user).order_by("pk"))


QUERIES = {model: seen_of(model) for model in MODELS}
EVERYBODY = ["lead", "officer", "facilitator", "member", "dir_contact", "dir_approver", "president", "stranger"]


def seen(user, term):
    return {model: list(query(user, term)) for model, query in QUERIES.items()}


def as_asked(user):
    return {model: list(model.objects.visible_to(user).order_by("pk")) for model in MODELS}


def fresh(user):
    return User.objects.select_related("person").get(pk=user.pk)


def test_each_reader_sees_what_the_queryset_says_here_and_elsewhere(people):
    """Two readers with the same roles in other places share the statement, not its rows."""
    other = people.elsewhere("member")
    for term in (people.term, other.roles.get().term):
        SittingFactory(term=term, notified=True)
        ReferralFactory(term=term, issued=True)
        ReferralFactory(term=term)
        OpinionFactory(term=term, referral__term=term)
    heir = people.directorate
    closed = DirectorateFactory(assembly=people.assembly, closed_on=timezone.localdate(), successor=heir)
    for directorate in (heir, closed, DirectorateFactory(assembly=people.assembly)):
        DirectorateReviewFactory(referral__term=people.term, directorate=directorate)
    InviteeFactory(sitting=SittingFactory(term=people.term, notified=True), person=people["stranger"].person)
    readers = [people[who] for who in EVERYBODY] + [people.elsewhere(who) for who in ("lead", "dir_contact")] + [other]
    for reader in readers:
        assert seen(fresh(reader), people.term) == as_asked(fresh(reader))
    assert len(seen(fresh(people["dir_contact"]), people.term)[DirectorateReview]) == 2
    assert len(seen(fresh(people["dir_contact"]), people.term)[Referral]) < Referral.objects.count()


def test_several_roles_together_are_those_of_the_queryset(people):
    member = people["member"]
    DirectorateReviewFactory(referral__term=people.term, directorate=people.directorate)
    SittingFactory(term=people.term)
    before = seen(fresh(member), people.term)
    RoleAssignmentFactory(
        user=member, role=Role.DIR_CONTACT, assembly=people.assembly, term=None, directorate=people.directorate
    )
    after = seen(fresh(member), people.term)
    assert after == as_asked(fresh(member))
    assert len(after[DirectorateReview]) == len(before[DirectorateReview]) + 1


def test_many_places_are_those_of_the_queryset(people):
    """One to ten terms, as many directorates: whatever stands for their keys, a set is written in one order."""
    contact = people["dir_contact"]
    DirectorateReviewFactory(referral__term=people.term, directorate=people.directorate)
    SittingFactory(term=people.term)
    for number in range(2, 11):
        term = TermFactory(assembly=people.assembly, number=number, name=f"Mandature {number}")
        for role, place in (
            (Role.MEMBER, {"term": term, "directorate": None}),
            (Role.DIR_CONTACT, {"term": None, "directorate": DirectorateFactory(assembly=people.assembly)}),
        ):
            RoleAssignmentFactory(user=contact, role=role, assembly=people.assembly, **place)
            assert seen(fresh(contact), people.term) == as_asked(fresh(contact))


def test_a_role_that_ended_is_gone_at_the_next_question(people):
    officer = people["officer"]
    SittingFactory(term=people.term)
    assert seen(fresh(officer), people.term)[Sitting]
    roles.end(officer.roles.get(), by=people["lead"])
    assert seen(fresh(officer), people.term) == dict.fromkeys(MODELS, [])
