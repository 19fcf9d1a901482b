"""A thousand cases came since PostgreSQL last counted: the lists still answer within the time of a statement."""

import pytest
from django.db import connection
from django.utils import timezone

from answers.models import AnswerCase, AnswerCaseState, FollowUp
from tests.answers.stage import answered_by
from tests.factories.opinions import RecommendationFactory

pytestmark = pytest.mark.django_db
COUNTED = ("answers_answercase", "opinions_recommendation", "opinions_opinion", "answers_answer", "answers_followup")
LISTS = {
    "officer": ("/bureau/", "/bureau/reponses/", "/bureau/reponses/export.csv", "/bureau/suites/"),
    "lead": ("/bureau/", "/bureau/suites/export.csv", "/bureau/suites/bilans/"),
    "dir_contact": ("/instructions/", "/instructions/reponses/", "/instructions/suites/"),
    "sponsor": ("/instructions/", "/instructions/reponses/"),
    "president": ("/instructions/", "/instructions/reponses/"),
    "member": ("/espace/",),
}


def counted_as_one():
    """Set the statistics of a time when each table had one row."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("UPDATE pg_class SET reltuples = 1, relpages = 40 WHERE relname = ANY(%s)", [list(COUNTED)])


def test_a_thousand_new_files_are_listed_in_time(people, signed_in):
    first = answered_by(people, AnswerCaseState.ASSIGNED)
    people["dir_contact"]
    counted_as_one()
    rows = RecommendationFactory.build_batch(990, opinion=first.opinion, numbered=True)
    type(rows[0]).objects.bulk_create(rows)
    day, asked = timezone.localdate(), {"directorate": people.directorate}
    given = {"state": AnswerCaseState.ASSIGNED, "assigned_at": timezone.now(), "assigned_by": people["officer"]}
    AnswerCase.objects.bulk_create(
        AnswerCase(recommendation=row, opened_on=day, due_on=day, **asked, **given) for row in rows
    )
    FollowUp.objects.bulk_create(
        FollowUp(case=case, opened_on=day, update_due_on=day, **asked) for case in AnswerCase.objects.all()
    )
    for role, addresses in LISTS.items():
        browser = signed_in(role)
        for address in addresses:
            assert browser.get(address).status_code == 200, (role, address)
