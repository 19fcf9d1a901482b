"""Every place that tells an answer says the same, before and after a revision: the data of the sealed file and of the
site, the table, the page of the opinion, the thread, its feed and the search."""

import io
import json
import re
import xml.etree.ElementTree as ET

import pikepdf
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from answers.models import AnswerCaseState, AnswerValue
from answers.publication.contributions import TEXT_FIELDS
from answers.publication.queries import PUBLISHED_NAMES
from assembly.documents.queries import current_revision
from assembly.search.models import SearchEntry
from tests.answers.publication.test_public import answered, one_of, opinion_of, readable, revised
from tests.answers.publication.test_sealed import sealed
from tests.factories.answers import AnswerCaseFactory, said
from tests.factories.institution import DirectorateFactory

pytestmark = pytest.mark.django_db
S, V = AnswerCaseState, AnswerValue
SEARCHED = {PUBLISHED_NAMES.get(name, name) for name in TEXT_FIELDS}
ATOM = "{http://www.w3.org/2005/Atom}"
NEW = "Nous le ferons un an plus tard :\n\n« faute de chauffeurs », comme nous l’avons dit."


@pytest.fixture
def opinion(people):
    """Make an answer of every value with all its fields, one that is expected and one that is not handed over."""
    made = opinion_of(people, len(V) + 2)
    for number, value in enumerate(V, start=1):
        answer = answered(
            people, one_of(made, number), value, action="Ouvrir en mars\u00a0; puis mai.", service="Voirie"
        )
        answer.case.directorate = DirectorateFactory(assembly=people.term.assembly)
        answer.case.save()
    AnswerCaseFactory(recommendation=one_of(made, len(V) + 1))
    return made


def look(browser, name, *args):
    cache.clear()
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.text


def sealed_data(document):
    with pikepdf.open(io.BytesIO(current_revision(document).open())) as pdf:
        return json.loads(pdf.attachments["donnees.json"].get_file().read_bytes())


def in_words(answer):
    """Return an answer of the data as the text of a page."""
    facts = [f"{fact['label']} {fact['words']} {fact['link']}" for fact in answer["facts"]]
    return readable(" ".join([answer["words"].capitalize(), answer["body"], *facts]))


def rows_of(page):
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    return [readable(row) for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)]


def blocks_of(page):
    """Return the text under each recommendation of the opinion."""
    return [readable(one) for one in page.split('<div class="answer">')[1:]]


def steps_of(page):
    return dict(re.findall(r'<li id="(reponse-\d+)">(.*?)</li>', page, re.DOTALL))


def check_agreement(opinion, browser, data):
    """Compare each public place with the data, recommendation by recommendation."""
    call_command("reindex_search", "answer")
    table = rows_of(look(browser, "answers:table", opinion.reference))
    page = blocks_of(look(browser, "opinions:public-text", opinion.reference))
    assert len(table) == len(page) == len(data["answers"])
    for row, cells, block in zip(data["answers"], table, page, strict=True):
        answer = row["answer"]
        start = readable(f"{row['reference']} {row['title']} {row['directorate'] or '–'}")
        assert cells.startswith(start)
        thread = look(browser, "answers:thread", row["reference"])
        feed = ET.fromstring(look(browser, "answers:thread-feed", row["reference"]))  # noqa: S314 -- ours
        entries = " ".join(readable("".join(one.itertext())) for one in feed.findall(f"{ATOM}entry"))
        if answer is None:
            assert readable(row["delay"]).rstrip(".") in cells
            assert readable(row["delay"]).rstrip(".") in block
            assert steps_of(thread) == {}
            continue
        words = in_words(answer)
        assert cells.removeprefix(f"{start} ").startswith(f"{words} {readable(row['delay'])}")
        assert f"{words} {readable(row['delay'])}" in block
        for version in [answer, *row["former"]]:
            assert in_words(version) in readable(steps_of(thread)[f"reponse-{version['version']}"])
            assert in_words(version) in block
            assert readable(f"{version['words'].capitalize()}. {version['body']}") in entries
        found = SearchEntry.objects.get(
            kind="answer", reference=row["reference"], object_id=standing_key(opinion, row)
        )
        assert found.title.startswith(indexed(answer["words"].capitalize()))
        told = {fact["name"]: fact["words"] for fact in answer["facts"]} | {"body": answer["body"]}
        for name in SEARCHED & set(told):
            assert indexed(told[name]).split(" (")[0] in indexed(found.body)
        hits = look_for(browser, answer["body"])
        assert reverse("answers:thread", args=[row["reference"]]) in hits


def indexed(words):
    """Return the text as the index stores it: with one kind of apostrophe."""
    return readable(words).replace("’", "'")


def standing_key(opinion, row):
    case = one_of(opinion, int(row["reference"].rpartition("-P")[2])).answer_case
    return str(case.answers.published().order_by("-number").values_list("pk", flat=True)[0])


def look_for(browser, words):
    cache.clear()
    return browser.get(reverse("search:results"), {"q": " ".join(words.split()[:6])}).text


def test_all_say_the_same_before_and_after_a_revision(opinion, people, work, client):
    data = sealed_data(sealed(opinion, people, work))
    assert json.loads(look(client, "answers:table-json", opinion.reference)) == data
    check_agreement(opinion, client, data)
    first = one_of(opinion, 1).answer_case.answers.get()
    revised(first, **said(V.REJECTED, body=f"{NEW} Ce projet n’est pas de notre compétence."))
    live = json.loads(look(client, "answers:table-json", opinion.reference))
    assert [row["answer"] and row["answer"]["version"] for row in live["answers"]] == [
        2,
        *[1] * (len(V) - 1),
        None,
        None,
    ]
    check_agreement(opinion, client, live)
    assert live != data  # the seal tells what stood: the page says so, and the lead asks again
    assert sealed_data(sealed(opinion, people, work)) == live
