"""What waits for the team about referrals: every kind of line, one statement, nothing of what does not wait."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assembly.institution import todo
from consultations.models import ReferralState
from consultations.referrals import contributions as referrals
from tests.factories.consultations import (
    AdmissibilityCheckFactory,
    BriefingDocumentFactory,
    BriefingPackFactory,
    DirectorateReviewFactory,
    HearingFactory,
    ReferralFactory,
)

pytestmark = pytest.mark.django_db
S = ReferralState
YESTERDAY = timedelta(days=-1)


def lines(user, term):
    return [line.title for line in todo.backlog_of(referrals.desk_lines(user, term), user, term).lines]


def everything(people, number=0):
    """Make one referral for each kind of pending item."""
    made = {"term": people.term}
    ReferralFactory(**made, issued=True, title=f"Reçue {number}")
    ReferralFactory(**made, working=True, title=f"Tardive {number}", due_on=timezone.localdate() + YESTERDAY)
    ReferralFactory(**made, state=S.ANSWERED, title=f"Répondue {number}")
    ReferralFactory(**made, own=True, state=S.SHORTLISTED, title=f"Choisie {number}")
    heard = ReferralFactory(**made, working=True, title=f"Entendue {number}")
    HearingFactory(referral=heard, held=True, title=f"Tenue {number}")
    HearingFactory(referral=heard, starts_at=timezone.now() + YESTERDAY, title=f"Passée {number}")
    ready = BriefingPackFactory(referral=ReferralFactory(**made, working=True, title=f"Prête {number}"))
    BriefingDocumentFactory(pack=ready)
    BriefingDocumentFactory(pack=ready)


@pytest.mark.parametrize("many", [1, 3])
def test_each_thing_that_waits_is_told_once_by_one_statement(many, people, django_assert_num_queries):
    for number in range(many):
        everything(people, number)
    lead, term = people["lead"], people.term
    lines(lead, term)
    with django_assert_num_queries(1):
        found = lines(lead, term)
    assert len(found) == len(set(found)) == 7 * many
    for words in (
        "L’avis de l’assemblée est en retard : Tardive 0",
        "Faire recevoir par l’assemblée : Reçue 0",
        "Clore la saisine : Répondue 0",
        "Étudier la recevabilité : Choisie 0",
        "Écrire le compte rendu de l’audition : Tenue 0",
        "Dire si elle a eu lieu : Passée 0",
        "Ouvrir le dossier : Prête 0",
    ):
        assert words in found


def test_lines_are_read_without_the_texts_of_a_referral(people):
    everything(people)
    with CaptureQueriesContext(connection) as captured:
        lines(people["lead"], people.term)
    (asked,) = (query["sql"] for query in captured if '"consultations_referral"."title"' in query["sql"])
    assert '"consultations_referral"."question"' not in asked


def test_an_officer_does_not_close_and_others_see_nothing(people):
    everything(people)
    assert "Clore la saisine : Répondue 0" not in lines(people["officer"], people.term)
    assert lines(people["facilitator"], people.term) == []
    assert lines(people.elsewhere("officer"), people.term) == []


def test_what_does_not_wait_is_not_told(people):
    made = {"term": people.term}
    ReferralFactory(**made, working=True)
    HearingFactory(referral=ReferralFactory(**made, working=True))
    BriefingPackFactory(referral=ReferralFactory(**made, working=True))
    opened = BriefingPackFactory(referral=ReferralFactory(**made, working=True), released=True)
    BriefingDocumentFactory(pack=opened)
    ended = BriefingPackFactory(referral=ReferralFactory(**made, state=S.CLOSED))
    BriefingDocumentFactory(pack=ended)
    asked = ReferralFactory(**made, own=True, state=S.ADMISSIBILITY_CHECK)
    DirectorateReviewFactory(referral=asked, kind="admissibility")
    assert lines(people["lead"], people.term) == []


def test_a_subject_goes_on_once_nobody_is_waited_for(people):
    subject = ReferralFactory(term=people.term, own=True, state=S.ADMISSIBILITY_CHECK, title="Un sujet")
    assert lines(people["officer"], people.term) == ["Décider de la recevabilité : Un sujet"]
    AdmissibilityCheckFactory(referral=subject)
    assert lines(people["officer"], people.term) == ["Recueillir la position du président : Un sujet"]
    assert [line.title for line in todo.todo_for(people["president"], "directorate", people.term).lines] == [
        "Donner la position du président : Un sujet"
    ]
