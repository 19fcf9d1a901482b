"""The way of an answer inside a directorate: an order of its own, each one asked in turn, nobody stuck."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.institution.models import Role
from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict
from consultations.models import ReviewState, VisaLevel
from consultations.reviews.actions import answering
from consultations.reviews.queries import levels_of
from tests.consultations.desk import agent, another, asked_of, written

pytestmark = pytest.mark.django_db
S = ReviewState


@pytest.fixture
def house(people):
    """Make two visa levels, service then DGA, before the approver."""
    people["dir_approver"]
    people.service, people.dga = agent(people.directorate), agent(people.directorate)
    for name, holder in (("Service", people.service), ("DGA", people.dga)):
        answering.add_level(people.directorate, name=name, holder=holder, by=people["dir_approver"])
    return people


def sent(people):
    review = written(asked_of(people, S.DRAFTED))
    answering.submit(review, version=0, by=people["dir_contact"])
    return review


def asked():
    """Return whose visa was requested by mail, in order."""
    rows = Delivery.objects.filter(distribution__kind="review-to-sign").order_by("pk")
    return [row.person.user for row in rows.select_related("person__user")]


def give(review, by):
    answering.endorse(review, version=review.version, level=review.visa_level_id, by=by)


def test_each_visa_is_asked_in_its_turn(house):
    review = sent(house)
    assert (review.visa_level.name, asked()) == ("Service", [house.service])
    give(review, house.service)
    assert (review.state, review.visa_level.name, asked()) == (S.SUBMITTED, "DGA", [house.service, house.dga])
    give(review, house.dga)
    assert (review.visa_level, asked()[2:]) == (None, [house["dir_approver"]])
    answering.validate(review, version=0, by=house["dir_approver"])
    lines = Entry.objects.filter(event_type="review.endorsed").order_by("pk").values_list("detail__text", flat=True)
    assert (review.state, list(lines)) == (S.VALIDATED, ["Service", "DGA"])


def test_nobody_gives_a_visa_before_their_turn(house):
    review = sent(house)
    for who in (house.dga, house["dir_contact"], another(house)[2], house["officer"]):
        with pytest.raises(PermissionDenied):
            give(review, who)
    with pytest.raises(StateConflict):
        answering.validate(review, version=0, by=house["dir_approver"])
    first = review.visa_level_id
    give(review, house.service)
    with pytest.raises(ValidationError):
        answering.endorse(review, version=0, level=first, by=house["dir_approver"])


def test_whoever_gives_the_visa_may_send_back_and_the_way_begins_anew(house):
    review = sent(house)
    give(review, house.service)
    answering.send_back(review, reason="Chiffrez.", by=house.dga)
    assert (review.state, review.visa_level) == (S.RETURNED, None)
    answering.submit(review, version=0, by=house["dir_contact"])
    assert (review.visa_level.name, asked()[2:]) == ("Service", [house.service])


def test_the_approver_gives_the_visa_of_who_is_away(house):
    review = sent(house)
    house.service.roles.update(ended_at=review.submitted_at)
    with pytest.raises(PermissionDenied):
        give(review, User.objects.get(pk=house.service.pk))
    give(review, house["dir_approver"])
    assert review.visa_level.name == "DGA"


def test_a_visa_of_somebody_who_left_is_asked_of_the_approvers(house):
    house.service.roles.update(ended_at=timezone.now())
    sent(house)
    assert asked() == [house["dir_approver"]]


def test_the_order_is_the_directorate_s_own(house):
    service, dga = levels_of(house.directorate)
    answering.move_level_up(dga, by=house["dir_approver"])
    assert [row.name for row in levels_of(house.directorate)] == ["DGA", "Service"]
    answering.move_level_up(dga, by=house["dir_approver"])
    assert sent(house).visa_level == dga
    for act in (
        lambda by: answering.move_level_up(service, by=by),
        lambda by: answering.remove_level(service, by=by),
    ):
        for who in (house["dir_contact"], house["lead"], another(house, name=f"D{len(asked())}")[2]):
            with pytest.raises(PermissionDenied):
                act(who)


def test_a_visa_taken_off_the_way_stops_no_answer(house):
    review = sent(house)
    answering.remove_level(review.visa_level, by=house["dir_approver"])
    review.refresh_from_db()
    assert (review.visa_level.name, asked()) == ("DGA", [house.service, house.dga])
    assert Entry.objects.filter(event_type="review.visa_skipped").count() == 1
    assert VisaLevel.objects.count() == 2


def test_somebody_of_another_house_holds_none(house):
    with pytest.raises(ValidationError):
        answering.add_level(house.directorate, name="Ailleurs", holder=another(house)[1], by=house["dir_approver"])


def test_the_approver_of_two_houses_orders_each(house):
    other, _contact, _approver = another(house)
    both = agent(other, Role.DIR_APPROVER)
    with pytest.raises(PermissionDenied):
        answering.add_level(house.directorate, name="Service", holder=house.service, by=both)
    answering.add_level(other, name="Service", holder=both, by=both)
    assert [len(levels_of(place)) for place in (house.directorate, other)] == [2, 1]


def test_an_order_that_changes_while_an_answer_is_on_its_way_asks_each_visa_once(house):
    """Who gave it is not asked again; who was put before is not passed over."""
    review = sent(house)
    give(review, house.service)
    director = agent(house.directorate)
    last = answering.add_level(house.directorate, name="Directeur", holder=director, by=house["dir_approver"])
    for level in (review.visa_level, last):
        answering.move_level_up(level, by=house["dir_approver"])
    assert [row.name for row in levels_of(house.directorate)] == ["DGA", "Directeur", "Service"]
    for holder, following in ((house.dga, "Directeur"), (director, None)):
        give(review, holder)
        assert (review.visa_level and review.visa_level.name) == following
    assert asked() == [house.service, house.dga, director, house["dir_approver"]]


def test_a_visa_taken_off_the_way_asks_none_again(house):
    review = sent(house)
    give(review, house.service)
    dga = review.visa_level
    answering.move_level_up(dga, by=house["dir_approver"])
    dga.refresh_from_db()
    answering.remove_level(dga, by=house["dir_approver"])
    review.refresh_from_db()
    assert (review.visa_level, asked()) == (None, [house.service, house.dga])  # who took it off needs no mail
