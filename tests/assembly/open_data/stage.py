"""Something public in every set of open data, beside something alike that is not; private words that no file holds."""

import csv
import io
import json

from django.core.cache import cache
from django.urls import reverse

from answers.models import AnswerCaseState, AnswerValue, FollowUpState
from assembly.documents.actions import register
from assembly.documents.models import Revision
from assembly.files.sheets import without_apostrophe
from assembly.open_data.registry import data_sets
from opinions.models import OpinionState
from sessions.models import AgendaItem
from tests.answers.follow_up.test_pages import public_one
from tests.answers.publication.test_public import answered, one_of, opinion_of, revised
from tests.draws.stage import draw_in
from tests.factories.amendments import AmendmentFactory
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, said
from tests.factories.consultations import HearingFactory, HearingGuestFactory, ReferralFactory, proclaimed_ballot
from tests.factories.documents import DocumentFactory
from tests.factories.follow_up import MilestoneFactory, ProgressUpdateFactory
from tests.factories.mission import GrantApplicationFactory
from tests.factories.opinions import OpinionFactory, PartVoteFactory, RecommendationFactory
from tests.factories.sessions import SittingFactory
from tests.mission.indicators.nights import counted_night
from tests.sessions.minutes.written_minutes import NAMES_OF_PRIVATE_PEOPLE, written_minutes
from tests.sessions.sittings.test_public import published

# Words of rows and columns that nobody outside reads.
SECRETS = (
    "Avis secret",
    "Saisine secrète",
    "Séance secrète",
    "Brouillon secret",
    "Motif secret",
    "Contact secret",
    "secret@example.org",
    "Invitée secrète",
    "Amendement secret",
    *NAMES_OF_PRIVATE_PEOPLE,
)


def make_everything(people):
    """Make at least one public row for each set; return the opinion with six recommendations."""
    opinion = opinion_of(people, 6)
    make_answers(people, opinion)
    make_votes(people, opinion)
    make_sittings(people)
    referral = ReferralFactory(term=people.term, published=True, working=True, reference="S-2026-77")
    hearing = HearingFactory(referral=referral, held=True)
    HearingGuestFactory(hearing=hearing, name="Invitée secrète")
    ReferralFactory(term=people.term, title="Saisine secrète")
    draw_in(people, "revealed")
    GrantApplicationFactory(state="voted", requested=30_000, contact_name="Contact secret", description="Motif secret")
    GrantApplicationFactory(state="committee", requested=30_000, name="Association secrète")
    register.append_to_manifest(Revision.objects.get(document=DocumentFactory(term=people.term)))
    counted_night(people.term)
    return opinion


def make_answers(people, opinion):
    first = answered(people, one_of(opinion, 1), AnswerValue.UNDER_STUDY)
    revised(first, value=AnswerValue.REJECTED)
    going = public_one(people, 2, opinion, state=FollowUpState.IN_PROGRESS)
    MilestoneFactory(follow_up=going, label="Le bus est commandé")
    ProgressUpdateFactory(follow_up=going, text="Le bus est commandé.")
    AnswerCaseFactory(recommendation=one_of(opinion, 3))
    draft = AnswerCaseFactory(recommendation=one_of(opinion, 4), state=AnswerCaseState.ASSIGNED)
    AnswerFactory(case=draft, body="Brouillon secret")
    hidden = OpinionFactory(term=people.term, state=OpinionState.HANDED_OVER, title="Avis secret")
    RecommendationFactory(opinion=hidden, numbered=True, title="Avis secret")
    whole = OpinionFactory(term=people.term, state=OpinionState.PUBLISHED)
    AnswerFactory(
        case=AnswerCaseFactory(recommendation=None, whole_of=whole, state=AnswerCaseState.PUBLISHED),
        published=True,
        **said(AnswerValue.ACCEPTED),
    )


def make_votes(people, opinion):
    item = opinion.agenda_item
    recommendation = one_of(opinion, 5)
    PartVoteFactory(
        opinion=opinion,
        recommendation=recommendation,
        label=recommendation.title,
        ballot=proclaimed_ballot(item, adopted=False),
    )
    version = opinion.versions.get(number=30000)
    AmendmentFactory(version=version, state="adopted", number=1, alinea_from=1)
    AmendmentFactory(version=version, state="draft", reason="Amendement secret")


def make_sittings(people):
    minutes = written_minutes(people)
    AgendaItem.objects.filter(pk=minutes.held.items[1].pk).update(title="Échange avec Gisèle Rouquette")
    published(minutes)
    SittingFactory(term=people.term, title="Séance secrète", is_public=False, held=True)


def get(client, address, **headers):
    cache.clear()
    return client.get(address, headers=headers)


def get_rows(client, key):
    """Return the rows of a set as its JSON file has them."""
    return json.loads(get(client, f"/donnees/{key}.json").content)["lignes"]


def get_csv(client, key):
    """Return the rows of a set as its CSV file has them, all values texts."""
    text = get(client, f"/donnees/{key}.csv").content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    return [{name: without_apostrophe(value) for name, value in row.items()} for row in rows]


def as_cell(value):
    """Return a value of JSON as a cell of the CSV file."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case int() | float():
            return str(value).replace(".", ",")
        case list():
            return " ".join(value)
    return value


def page_addresses(client):
    """Return the address of the JSON beside the page of each public row, by set."""
    addresses = {}
    for each in data_sets():
        if each.page:
            name = each.columns[0].name
            references = dict.fromkeys(row[name] for row in get_rows(client, each.key))
            addresses[each.key] = [reverse(f"open_data:{each.key}", args=[one]) for one in references]
    return addresses
