"""What happens at half past midnight in Paris has the day of Paris, while the clock of the machine is a day behind."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from assembly.documents.registry import renderers
from assembly.search.registry import source_of
from consultations.referrals.actions import DRAFT_LETTER
from mission.fetcher import feeds, fetching
from mission.fetcher.policy import CLOSED
from tests.factories.amendments import AmendmentFactory
from tests.factories.consultations import BriefingDocumentFactory, ReferralFactory
from tests.factories.opinions import OpinionFactory

pytestmark = pytest.mark.django_db
HALF_PAST_MIDNIGHT, DAY = datetime(2026, 11, 26, 23, 30, tzinfo=UTC), date(2026, 11, 27)
FEED = """<rss version="2.0"><channel><title>Veille</title><item><title>Un avis</title>
<pubDate>Thu, 26 Nov 2026 23:30:00 GMT</pubDate></item></channel></rss>"""


@pytest.mark.parametrize(
    ("kind", "make", "column", "others"),
    [
        ("referral", ReferralFactory, "created_at", {"issued_at": None}),
        ("briefing", BriefingDocumentFactory, "added_at", {"dated_on": None}),
        ("opinion", OpinionFactory, "created_at", {"adopted_on": None, "tabled_at": None}),
        ("amendment", AmendmentFactory, "submitted_at", {}),
    ],
)
def test_search_dates_an_object_by_its_day_in_paris(kind, make, column, others):
    subject = make()
    for name, value in {column: HALF_PAST_MIDNIGHT, **others}.items():
        setattr(subject, name, value)
    assert [entry.dated_on for entry in source_of(kind).entries(subject)] == [DAY]


def test_the_draft_of_a_letter_has_its_day_in_paris():
    referral = ReferralFactory()
    referral.letter_on, referral.created_at = None, HALF_PAST_MIDNIGHT
    assert renderers[DRAFT_LETTER].identity(referral).dated_on == DAY


def test_an_item_of_a_feed_has_its_day_in_paris():
    with time_machine.travel(HALF_PAST_MIDNIGHT, tick=False):
        (item,) = feeds.read_feed(FEED, "https://exemple.fr/flux", CLOSED)["items"]
    assert fetching.day_of(item["published"]) == DAY
