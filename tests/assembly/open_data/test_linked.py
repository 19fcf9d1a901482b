"""JSON-LD of public pages: the facts of their JSON in the vocabulary of schema.org, as data that nothing runs."""

import json
import re

import pytest
from django.urls import reverse

from assembly.open_data.files import LICENCE_URL
from assembly.open_data.registry import data_sets
from sessions.models import SittingState
from tests.assembly.open_data.stage import get, get_rows, make_everything, page_addresses
from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
LINKED = {"avis": "Report", "preconisations": "CreativeWork", "seances": "Event"}


def things_of(client, path):
    """Return the things of a page by type; {} for a page without."""
    page = get(client, path)
    assert page.status_code == 200, path
    blocks = BLOCK.findall(page.text)
    assert len(blocks) <= 1
    if not blocks:
        return {}
    data = json.loads(blocks[0])
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def linked_pages(client):
    """Yield each public page with its type and the content of the JSON beside it."""
    addresses = page_addresses(client)
    for key, kind in LINKED.items():
        assert addresses[key]
        for address in addresses[key]:
            twin = json.loads(get(client, address).content)
            yield kind, things_of(client, f"{address.removesuffix('.json')}/"), twin


def test_each_page_states_the_facts_of_its_json(people, client, settings):
    make_everything(people)
    for kind, things, twin in linked_pages(client):
        assert list(things) == ["Organization", kind]
        thing = things[kind]
        assert (thing["name"], thing["url"], thing["identifier"]) == (twin["titre"], twin["page"], twin["reference"])
        assert all(value not in (None, "", [], {}) for value in thing.values())
        CHECKS[kind](thing, twin, settings.SITE_URL)
        assert things["Organization"]["name"] == people.term.assembly.name


def check_report(thing, twin, site):
    assert (thing["datePublished"], thing["dateCreated"]) == (twin["publie_le"], twin["adopte_le"])
    assert thing["isPartOf"] == {"@id": f"{site}/avis/"}
    assert thing.get("encoding", {}).get("contentUrl") == twin["pdf"]
    assert ("isBasedOn" in thing) == bool(twin["saisine"])
    assert thing["author"] == {"@id": f"{site}/#assemblee"}


def check_work(thing, twin, site):
    assert thing["datePublished"] == twin["publiee_le"]
    relation = "about" if twin["avis_entier"] else "isPartOf"
    assert thing[relation] == {"@id": f"{site}/avis/{twin['avis']}/"}
    assert thing.get("text", "") == twin["proposition"]
    comments = thing.get("comment", [])
    assert len(comments) == len(twin["reponses"])
    for comment, answer in zip(comments, twin["reponses"], strict=True):
        assert answer["texte"] in comment["text"]
        assert comment["datePublished"] == answer["publiee_le"]


def check_event(thing, twin, site):
    assert (thing["startDate"], thing["endDate"]) == (twin["debut"], twin["fin"])
    place = thing.get("location", {})
    assert (place.get("name", ""), place.get("address", "")) == (twin["lieu"], twin["adresse"])
    assert thing["organizer"] == {"@id": f"{site}/#assemblee"}


CHECKS = {"Report": check_report, "CreativeWork": check_work, "Event": check_event}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (SittingState.NOTIFIED, "EventScheduled"),
        (SittingState.CANCELLED, "EventCancelled"),
        (SittingState.POSTPONED, "EventPostponed"),
    ],
)
def test_a_sitting_that_does_not_take_place_says_so(state, status, people, client):
    sitting = SittingFactory(term=people.term, state=state, reason="Neige")
    event = things_of(client, reverse("sittings:public", args=[sitting.reference]))["Event"]
    assert event["eventStatus"] == f"https://schema.org/{status}"


def test_a_sitting_without_place_has_none(people, client):
    sitting = SittingFactory(term=people.term, place_name="", place_address="")
    assert "location" not in things_of(client, reverse("sittings:public", args=[sitting.reference]))["Event"]


def test_the_home_describes_the_assembly_and_its_authority(people, client, settings):
    assembly = people.term.assembly
    things = things_of(client, "/")
    assert things["WebSite"]["publisher"] == {"@id": things["Organization"]["@id"]}
    assert things["Organization"]["name"] == assembly.name
    parent = things["Organization"]["parentOrganization"]
    assert parent == {"@type": "GovernmentOrganization", "name": assembly.authority_name}
    assert things["WebSite"]["url"] == f"{settings.SITE_URL}/"


def test_the_home_before_the_assembly_parses(client):
    assert list(things_of(client, "/")) == ["WebSite"]


def test_the_page_of_the_sets_is_a_catalogue_of_their_files(people, client, settings):
    make_everything(people)
    catalogue = things_of(client, "/donnees/")["DataCatalog"]
    sets = {each["identifier"]: each for each in catalogue["dataset"]}
    assert list(sets) == [each.key for each in data_sets()]
    for each in data_sets():
        found = sets[each.key]
        assert (found["name"], found["license"]) == (str(each.title), LICENCE_URL)
        files = {one["encodingFormat"]: one for one in found["distribution"]}
        assert {kind: one["contentUrl"] for kind, one in files.items()} == {
            "text/csv": f"{settings.SITE_URL}{each.csv_path}",
            "application/json": f"{settings.SITE_URL}{each.json_path}",
        }
        content = get(client, each.json_path).content
        assert files["application/json"]["contentSize"] == f"{len(content)} B"
        assert found.get("dateModified") == json.loads(content)["modifie_le"]


HOSTILE = "</script><script>alert(1)</script><!--<script> & \u2028"


def test_a_title_cannot_leave_the_block(people, client):
    sitting = SittingFactory(term=people.term, title=HOSTILE, place_name="</SCRIPT ><img src=x>")
    page = get(client, reverse("sittings:public", args=[sitting.reference])).text
    [block] = BLOCK.findall(page)
    assert not set("<>&") & set(block)
    event = json.loads(block)["@graph"][-1]
    assert (event["name"], event["location"]["name"]) == (HOSTILE, "</SCRIPT ><img src=x>")
    assert page.lower().count("<script") == 1


def test_pages_without_json_of_their_own_say_nothing(people, client):
    opinion = make_everything(people)
    tabs = [f"/avis/{opinion.reference}/{tab}/" for tab in ("texte", "votes", "amendements")]
    for path in ("/avis/", "/seances/", "/aide/", "/glossaire/", *tabs):
        assert things_of(client, path) == {}, path


def test_what_is_not_public_has_none(people, client, signed_in):
    hidden = OpinionFactory(term=people.term, state="handed_over")
    paths = [
        f"/avis/{hidden.reference}/",
        f"/propositions/{RecommendationFactory(opinion=hidden, numbered=True).reference}/",
        f"/seances/{SittingFactory(term=people.term, is_public=False).reference}/",
        "/seances/%00/",
        "/avis/9223372036854775808/",
    ]
    for reader in (client, signed_in("lead")):
        for path in paths:
            answer = get(reader, path)
            assert answer.status_code in (400, 404), path
            assert "ld+json" not in answer.text
    for path in ("/bureau/", "/bureau/seances/"):
        assert "ld+json" not in get(signed_in("lead"), path).text


def test_an_answer_that_is_not_published_is_not_told(people, client):
    opinion = make_everything(people)
    rows = {row["rang"]: row for row in get_rows(client, "preconisations") if row["avis"] == opinion.reference}
    work = things_of(client, f"/propositions/{rows[4]['reference']}/")["CreativeWork"]
    assert "comment" not in work
    assert "Brouillon secret" not in str(work)
