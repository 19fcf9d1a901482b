"""Ratings: one a member and a version, told five at a time, under a pseudonym; random histories beside an oracle."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from answers.models import Answer, AnswerCaseState, AnswerRating, AnswerValue, RatingTotal
from answers.voice import actions as voice
from answers.voice.rules import pseudonyms
from assembly.audit.models import Entry
from assembly.identity import actions as identity
from assembly.web.errors import StateConflict
from tests.answers.stage import answered_by, fresh
from tests.factories.answers import AnswerFactory, said
from tests.factories.identity import UserFactory
from tests.factories.institution import RoleAssignmentFactory
from tests.people import People

pytestmark = pytest.mark.django_db
S = AnswerCaseState
TODAY = timezone.localdate()


def published(people):
    case = answered_by(people, S.AWAITING)
    type(case).objects.filter(pk=case.pk).update(state=S.PUBLISHED, answered_on=timezone.localdate())
    return loaded(AnswerFactory(case=case, published=True, **said()))


def loaded(answer):
    row = Answer.objects.get(pk=answer.pk)
    row.case = fresh(row.case)
    return row


def members(people, count):
    users = UserFactory.create_batch(count)
    for user in users:
        RoleAssignmentFactory(user=user, role="member", assembly=people.assembly, term=people.term)
    return users


def rate_by(users, answer, clarity=4, fidelity=2):
    for user in users:
        voice.rate(answer, clarity=clarity, fidelity=fidelity, by=user)


def total(answer):
    return RatingTotal.objects.filter(answer=answer).values_list("count", "clarity", "fidelity").first()


def test_four_are_not_told_and_the_fifth_is_the_next_night(people):
    answer, users = published(people), members(people, 5)
    rate_by(users[:4], answer)
    assert voice.count_all(TODAY) == 0
    assert total(answer) is None
    rate_by(users[4:], answer)
    assert total(answer) is None
    assert voice.count_all(TODAY) == 1
    assert total(answer) == (5, 20, 10)


def test_twelve_are_told_as_ten(people):
    answer = published(people)
    rate_by(members(people, 12), answer)
    voice.count_all(TODAY)
    assert total(answer) == (10, 40, 20)


def test_once_a_night(people):
    answer = published(people)
    rate_by(members(people, 5), answer)
    voice.count_all(TODAY)
    rate_by(members(people, 5), answer)
    assert voice.count_all(TODAY) == 0
    assert voice.count_all(TODAY + timedelta(days=1)) == 1
    assert total(answer) == (10, 40, 20)


def test_a_changed_rating_counts_with_the_next_five(people):
    answer, users = published(people), members(people, 10)
    rate_by(users[:5], answer)
    voice.count_all(TODAY)
    rate_by(users[:5], answer, clarity=1, fidelity=1)
    voice.count_all(TODAY + timedelta(days=1))
    assert total(answer) == (5, 20, 10)
    rate_by(users[5:], answer)
    voice.count_all(TODAY + timedelta(days=2))
    assert total(answer) == (10, 25, 15)


def test_who_may(people):
    answer = published(people)
    for who in ("officer", "president", "dir_contact", "stranger"):
        with pytest.raises(PermissionDenied):
            voice.rate(answer, clarity=3, fidelity=3, by=people[who])
    with pytest.raises(PermissionDenied):
        voice.rate(answer, clarity=3, fidelity=3, by=people.elsewhere("member"))


def test_only_the_version_that_stands(people):
    answer = published(people)
    rate_by(members(people, 5), answer)
    AnswerFactory(case=answer.case, number=2, published=True, **said(AnswerValue.REJECTED))
    with pytest.raises(StateConflict):
        voice.rate(answer, clarity=3, fidelity=3, by=people["member"])
    voice.count_all(TODAY)
    assert total(answer) == (5, 20, 10)


def test_marks_out_of_the_scale_are_refused_twice(people):
    answer = published(people)
    for clarity in (0, 6, 2**63):
        with pytest.raises(ValidationError):
            voice.rate(answer, clarity=clarity, fidelity=3, by=people["member"])
    row = AnswerRating(answer=answer, pseudonym="x", clarity=6, fidelity=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerRating.objects.bulk_create([row])
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingTotal.objects.create(answer=answer, count=7, clarity=21, fidelity=21, counted_on=TODAY)


def test_no_line_of_the_journal_and_no_row_says_who_or_when(people):
    answer, before = published(people), Entry.objects.count()
    rate_by([people["member"]], answer)
    assert Entry.objects.count() == before
    rate_by(members(people, 4), answer)
    voice.count_all(TODAY)
    (entry,) = Entry.objects.filter(pk__gt=0).order_by("-pk")[:1]
    assert (entry.event_type, entry.actor, entry.facts["count"]) == ("answer.ratings_counted", None, 5)
    columns = {field.name for field in AnswerRating._meta.concrete_fields}
    assert columns == {"id", "answer", "pseudonym", "clarity", "fidelity", "counted_clarity", "counted_fidelity"}
    assert str(people["member"].person.pseudonym) not in json.dumps(list(AnswerRating.objects.values()), default=str)


def test_a_new_key_of_the_installation_forgets_no_rater(people, settings):
    answer = published(people)
    rate_by([people["member"]], answer)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    rate_by([people["member"]], answer, clarity=1)
    row = AnswerRating.objects.get()
    assert (row.clarity, row.pseudonym) == (1, pseudonyms(people["member"].person_id, answer.pk)[0])


def test_the_ratings_of_whoever_is_erased_stay_and_are_nobodys(people):
    answer, users = published(people), members(people, 5)
    rate_by(users, answer)
    voice.count_all(TODAY)
    identity.erase(users[0].person, by=people["dpo"])
    assert total(answer) == (5, 20, 10)
    names = pseudonyms(users[0].person_id, answer.pk)
    assert not AnswerRating.objects.filter(pseudonym__in=names).exists()
    assert AnswerRating.objects.count() == 5


# Random histories: what was published each night, told apart from the rows by an oracle that knows who rated what.

MARK = st.integers(1, 5)
NIGHT = st.just("night")
STORY = st.lists(NIGHT | st.tuples(st.integers(0, 13), MARK, MARK), max_size=60)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(story=STORY)
def test_no_two_published_states_differ_by_fewer_than_five_ratings(people, story):
    with transaction.atomic():
        run(people, story)
        transaction.set_rollback(True)


def run(people: People, story: list) -> None:
    answer, users = published(people), members(people, 14)
    who = {pseudonyms(user.person_id, answer.pk)[0]: number for number, user in enumerate(users)}
    now, told, night = {}, {}, TODAY  # rater -> marks: as rated, as published
    for act in [*story, "night"]:
        if act != "night":
            number, clarity, fidelity = act
            voice.rate(answer, clarity=clarity, fidelity=fidelity, by=users[number])
            now[number] = (clarity, fidelity)
            assert state(answer, who) == (told, sums(told))
            continue
        night += timedelta(days=1)
        voice.count_all(night)
        waiting = len(now.keys() - told.keys())
        found, shown = state(answer, who)
        if waiting < 5:
            assert (found, shown) == (told, sums(told))
            continue
        differing = [one for one in found if found[one] != told.get(one)]
        assert len(differing) >= 5
        assert told.keys() < found.keys()
        assert len(found) % 5 == 0
        assert len(now) - len(found) < 5
        assert found == {one: now[one] for one in found}
        assert shown == sums(found)
        told = found


def state(answer, who):
    """Return who counts in the total with which marks, and the public total."""
    rows = AnswerRating.objects.filter(answer=answer, counted_clarity__isnull=False)
    marks = rows.values_list("pseudonym", "counted_clarity", "counted_fidelity")
    return {who[name]: (clarity, fidelity) for name, clarity, fidelity in marks}, total(answer)


def sums(told):
    if not told:
        return None
    return len(told), sum(clarity for clarity, _ in told.values()), sum(fidelity for _, fidelity in told.values())
