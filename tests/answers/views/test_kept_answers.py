"""Answers below recommendations are written once a process: each row that they tell, and the day, is in the key."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from answers.models import AnswerFile, FollowUp, Milestone, ProgressUpdate, RatingTotal
from answers.panels import answers_by_part
from assembly.documents.models import Upload
from assembly.institution.models import Directorate
from assembly.portal.registry import drawn
from tests.answers.views.test_public import one_of, opinion_of, readable
from tests.factories.answers import AnswerFactory, AnswerFileFactory, said
from tests.factories.documents import UploadFactory
from tests.factories.follow_up import FollowUpFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.identity import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def opinion(people):
    """One answer with its document, followed up with an update, what shows it and a milestone; the other is owed."""
    opinion = opinion_of(people)
    place = people.directorate
    file = AnswerFileFactory(recommendation=one_of(opinion), state="published", directorate=place)
    AnswerFactory(file=file, published=True, document=UploadFactory(), **said())
    row = FollowUpFactory(file=file, directorate=place)
    photo = {"photo": UploadFactory(), "photo_words": "Le bus au dépôt", "consent": "nobody"}
    ProgressUpdateFactory(follow_up=row, directorate=place, document=UploadFactory(), **photo)
    MilestoneFactory(follow_up=row)
    AnswerFileFactory(recommendation=one_of(opinion, 2))
    return opinion


def told(opinion):
    return readable("".join(html for _order, _place, html in drawn(answers_by_part(4)(None, opinion))))


def other_milestone():
    one = Milestone.objects.get()
    same = {"follow_up": one.follow_up, "number": one.number, "label": one.label, "planned_on": one.planned_on}
    MilestoneFactory(**same, version=one.version + 1, reason="Le bus est en panne.")


def withdrawn():
    taken = {
        "withdrawn_at": timezone.now(),
        "withdrawn_by": UserFactory(),
        "withdrawn_reason": "Ce n’est pas notre bus.",
    }
    ProgressUpdate.objects.update(**taken)


def rated():
    answer = FollowUp.objects.values_list("file__answers", flat=True).get()
    sums = {"count": 5, "clarity": 15, "fidelity": 20}
    RatingTotal.objects.create(answer_id=answer, counted_on=timezone.localdate(), **sums)


def revised():
    AnswerFactory(file=FollowUp.objects.get().file, number=2, published=True, **said(body="Plus tard."))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: Directorate.objects.update(name="Direction de l’Eau"), "Direction de l’Eau"),
        (lambda: FollowUp.objects.update(update_due_on=date(2026, 1, 1)), "il manque depuis"),
        (withdrawn, "Ce n’est pas notre bus."),
        (other_milestone, "Le bus est en panne."),
        (lambda: AnswerFile.objects.update(due_on=timezone.localdate() + timedelta(days=9)), "dans 9 jours"),
        (rated, "5 membres l’ont notée"),
        (revised, "Plus tard."),
    ],
)
def test_what_changes_is_told(change, words, opinion):
    assert words not in told(opinion)
    change()
    assert words in told(opinion)


def test_a_file_that_is_taken_away_is_no_longer_offered(opinion):
    before = told(opinion)
    Upload.objects.update(withdrawn_at=timezone.now())
    after = told(opinion)
    offered = ("Lire le document", "Lire le document qui le montre")
    assert [words in before for words in offered] + [words in after for words in offered] == [True, True, False, False]


def test_another_day_tells_another_clock(opinion):
    before = told(opinion)
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        after = told(opinion)
    assert ("dans 179 jours" in before, "dans 176 jours" in after, told(opinion)) == (True, True, before)


def test_nothing_is_read_while_a_panel_is_written(opinion, django_assert_num_queries):
    """What a template would still ask for would be in no key."""
    panels = answers_by_part(4)(None, opinion)
    with django_assert_num_queries(0):
        assert len(drawn(panels)) == 2


def test_a_member_is_offered_to_rate_and_nobody_else(opinion, signed_in, client):
    page = reverse("opinions:public", args=[opinion.reference])
    room = reverse("opinions:own-opinion", args=[opinion.pk])
    for browser, path, is_offered in ((client, page, False), (signed_in("member"), room, True), (client, page, False)):
        assert ("Noter cette réponse" in browser.get(path).text) is is_offered
