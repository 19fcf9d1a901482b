"""What anybody reads of the answers, and members in the same words: the opinion, the thread, its feed, the list."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue
from assembly.collab.document import grammar
from opinions.models import AmendmentState, Opinion, OpinionState, Recommendation, RecommendationState, VersionKind
from sessions.models import AgendaItem
from tests.factories.amendments import AmendmentFactory
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, said
from tests.factories.consultations import ReferralFactory, proclaimed_ballot
from tests.factories.documents import DocumentFactory, UploadFactory
from tests.factories.institution import AssemblyFactory, TermFactory
from tests.factories.opinions import OpinionFactory, OpinionVersionFactory, PartVoteFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
S, V = AnswerCaseState, AnswerValue
ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "Le brouillon que personne ne lit."


def node(number):
    return f"5a1e0b2c-0000-4000-8000-{number:012d}"


def opinion_of(people, count=2, **facts):
    """Make a published opinion whose text has these recommendations, each with its reference."""
    facts = {"term": people.term, "state": OpinionState.PUBLISHED, "title": "Bien vieillir"} | facts
    opinion = OpinionFactory(**facts)
    sheets = [grammar.recommendation(f"Proposition {n}", {"proposal": "Oui."}, id=node(n)) for n in range(count)]
    tree = grammar.tree_document(grammar.heading("Constats"), *sheets)
    for number, kind in ((30000, VersionKind.TABLED), (30001, VersionKind.ADOPTED)):
        OpinionVersionFactory(opinion=opinion, number=number, kind=kind, tree=tree)
    for n in range(count):
        reference = f"{opinion.reference}-P{n + 1:02}"
        RecommendationFactory(
            opinion=opinion, node_id=node(n), number=n + 1, reference=reference, title=f"Proposition {n}"
        )
    return opinion


def one_of(opinion, number=1):
    return Recommendation.objects.get(opinion=opinion, number=number)


def answered(people, row, value=V.ACCEPTED, **words):
    """Publish an answer; the keyword arguments go to the factory of answers."""
    case = AnswerCaseFactory(recommendation=row, state=S.PUBLISHED)
    return AnswerFactory(case=case, published=True, **said(value, **words))


def revised(answer, **words):
    return AnswerFactory(case=answer.case, number=answer.number + 1, published=True, **said(**words))


def page(opinion):
    """Return the tab with the text of the opinion, where each recommendation has its whole answer under it."""
    return reverse("opinions:public-text", args=[opinion.reference])


def cards(opinion):
    return reverse("opinions:public", args=[opinion.reference])


def thread(row):
    return reverse("answers:thread", args=[row.reference])


def text(browser, address):
    cache.clear()
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return readable(answer.text)


def readable(html):
    words = strip_tags(html.replace("<", " <"))
    return re.sub(r"\s+([.,])", r"\1", " ".join(unescape(words).replace("\u00a0", " ").split()))


def beside(html):
    """Return the text of the answer blocks of a page."""
    return [
        readable(one)
        for one in re.findall(r'<div class="answer">(.*?)</p>\s*</div>\s*(?:</section>|</li>)', html, re.S)
    ]


# Beside the recommendations


@pytest.mark.parametrize("value", AnswerValue)
def test_each_value_says_all_that_it_asks_for_under_its_recommendation(value, people, client):
    opinion = opinion_of(people)
    answer = answered(
        people, one_of(opinion), value, action="Ouvrir en mars.", service="Direction A", budget_line="6 M€"
    )
    told = text(client, page(opinion))
    known = [answer.body, answer.retained, answer.left_out, answer.proof, answer.passed_to, answer.letter]
    known += [answer.action, answer.service, answer.budget_line, answer.get_value_display().capitalize()]
    known += [answer.get_category_display().capitalize()] if answer.category else []
    assert [words for words in known if words and words.replace("\u00a0", " ") not in told] == []
    for day in (answer.done_since, answer.review_on):
        assert day is None or str(day.year) in told
    assert "visa du président" in told
    first, second = told.index(f"{answer.case.reference} Proposition 0"), told.rindex("Proposition 1")
    assert first < told.index("La réponse du Conseil départemental") < second


def test_what_is_not_answered_shows_its_clock(people, client):
    opinion, today = opinion_of(people, 4), timezone.localdate()
    for number, days in enumerate((12, 0, -1, -40), start=1):
        AnswerCaseFactory(
            recommendation=one_of(opinion, number),
            opened_on=today - timedelta(days=100),
            due_on=today + timedelta(days=days),
        )
    told = text(client, page(opinion))
    for words in ("dans 12 jours.", "c’est aujourd’hui.", "en retard de 1 jour.", "en retard de 40 jours."):
        assert words in told
    assert told.count("Réponse attendue avant le") == 4
    assert told.count("Réponse en retard") == 2


def test_former_answers_stay_readable_and_drafts_are_nobodys(people, client):
    opinion = opinion_of(people)
    first = answered(people, one_of(opinion), V.UNDER_STUDY, body="Nous étudions cette demande avec les communes.")
    AnswerCase.objects.filter(pk=first.case_id).update(answered_on=timezone.localdate())
    AnswerFactory(case=first.case, number=2, written=True, body=SECRET)
    told = text(client, page(opinion))
    assert SECRET not in told
    assert "Lire la réponse précédente" not in told
    Answer.objects.filter(number=2).delete()
    revised(first, body="Nous le faisons dès la rentrée prochaine dans chaque commune.")
    for address in (page(opinion), thread(one_of(opinion))):
        told = text(client, address)
        assert told.index("Nous le faisons dès la rentrée") != told.index("Nous étudions cette demande"), address
    assert "Lire la réponse précédente" in text(client, page(opinion))


def test_members_and_anybody_read_the_same_words(people, client, signed_in):
    opinion = opinion_of(people, len(V) + 1)
    for number, value in enumerate(V, start=1):
        answered(people, one_of(opinion, number), value)
    AnswerCaseFactory(recommendation=one_of(opinion, len(V) + 1))
    shown = beside(client.get(page(opinion)).text)
    assert len(shown) == len(V) + 1
    table = f'href="{reverse("answers:table", args=[opinion.reference])}"'
    lead = f"Le Conseil départemental a donné {len(V)} réponses sur {len(V) + 1}. La dernière est attendue avant le"
    for who, name in (("member", "my-opinion"), ("lead", "opinion"), ("president", "office-opinion")):
        html = signed_in(who).get(reverse(f"opinions:{name}", args=[opinion.pk])).text
        assert [re.sub(r"Noter cette réponse \S+ ", "", words) for words in beside(html)] == shown, who
        assert (table in html, lead in readable(html)) == (True, True), who


def test_no_room_waits_for_an_answer_to_what_was_not_handed_over(people, signed_in):
    opinion = OpinionFactory(term=people.term, state=OpinionState.ADOPTED)
    for who, name in (("member", "my-opinion"), ("lead", "opinion"), ("president", "office-opinion")):
        told = text(signed_in(who), reverse(f"opinions:{name}", args=[opinion.pk]))
        for words in ("On attend la réponse", "doit répondre"):
            assert words not in told, who


def test_an_answer_to_the_whole_opinion_is_on_its_page(people, client, signed_in):
    case = AnswerCaseFactory(whole=True, whole_of__term=people.term, state=S.PUBLISHED)
    AnswerFactory(case=case, published=True, **said(body="Nous ferons tout ce que dit votre avis avant deux ans."))
    for browser, address in (
        (client, page(case.whole_of)),
        (client, cards(case.whole_of)),
        (client, thread(case.whole_of)),
        (client, reverse("answers:thread-feed", args=[case.reference])),
        (signed_in("member"), reverse("opinions:my-opinion", args=[case.whole_of_id])),
    ):
        assert "Nous ferons tout ce que dit votre avis" in text(browser, address)
    told = text(client, thread(case.whole_of))
    assert "un avis qui reçoit une seule réponse" in told
    assert "Suivre cet avis" in told
    assert f"{thread(case.whole_of)}<" in client.get("/sitemap.xml").text
    assert f'href="{thread(case.whole_of)}"' in client.get(page(case.whole_of)).text
    assert thread(case.whole_of) in client.get(reverse("answers:table", args=[case.reference])).text
    Opinion.objects.filter(pk=case.whole_of_id).update(state=OpinionState.HANDED_OVER, published_at=None)
    cache.clear()
    assert client.get(thread(case.whole_of)).status_code == 404


def test_a_document_given_on_paper_is_read_by_anybody_once_it_is_told(people, client):
    opinion = opinion_of(people)
    upload = UploadFactory()
    case = AnswerCaseFactory(recommendation=one_of(opinion), state=S.PUBLISHED)
    address = reverse("documents:upload", args=[upload.public_id])
    assert client.get(address).status_code in {302, 403, 404}
    facts = {"source": "paper", "document": upload, "decided_by": None}
    AnswerFactory(case=case, published=True, **said(), **facts)
    assert client.get(address).status_code == 200
    assert address in client.get(page(opinion)).text


# The thread


def whole_story(people):
    """Make a recommendation with question, sitting, amendments, its own vote, sealed file and two answers."""
    referral = ReferralFactory(term=people.term, published=True, working=True, question="Comment bien vieillir ?")
    opinion = opinion_of(people, referral=referral)
    row, sitting = one_of(opinion), opinion.tabled_sitting
    AgendaItem.objects.filter(pk=opinion.agenda_item_id).update(
        topic_type="opinions.Opinion", topic_id=str(opinion.pk)
    )
    version = opinion.versions.get(number=30000)
    AmendmentFactory(version=version, state=AmendmentState.ADOPTED, number=1, alinea_from=2)
    AmendmentFactory(version=version, state=AmendmentState.REJECTED, number=2, alinea_from=12)
    ballot = proclaimed_ballot(opinion.agenda_item)
    type(ballot).objects.filter(pk=ballot.pk).update(present=90)
    PartVoteFactory(opinion=opinion, recommendation=row, ballot=ballot)
    DocumentFactory(reference=opinion.reference, kind="opinion", term=people.term, published=True)
    first = answered(people, row, V.UNDER_STUDY)
    revised(first)
    return row, opinion, sitting


def test_the_thread_tells_it_all_in_order_with_links_and_proofs(people, client):
    row, opinion, sitting = whole_story(people)
    html = client.get(thread(row)).text
    anchors = re.findall(r'<li id="([^"]*)"', html)
    assert set(anchors) == {
        *("question", f"seance-{sitting.reference.lower()}", "amendements", "vote-1", "vote", "remise", "avis"),
        *("reponse-1", "reponse-2"),
    }
    assert len(anchors) == len(set(anchors))
    told = readable(html)
    for words in ("Comment bien vieillir ?", "Amendement n° 1", "90 membres présents, quorum de 54 atteint."):
        assert words in told
    assert "Amendement n° 2" not in told
    for address in (
        page(opinion),
        cards(opinion),
        reverse("opinions:public-votes", args=[opinion.reference]),
        reverse("consultations:public", args=[opinion.referral.reference]),
        reverse("sittings:public", args=[sitting.reference]),
        reverse("documents:verify-document", args=[opinion.reference]),
        reverse("documents:publication-file", args=[opinion.reference]),
        reverse("opinions:public-amendments", args=[opinion.reference]),
        reverse("answers:thread-feed", args=[row.reference]),
    ):
        assert f'href="{address}' in html, address
        assert client.get(address).status_code in {200, 404 if "publications" in address else 200}, address
    for tab in (page(opinion), cards(opinion)):
        assert f'href="{thread(row)}"' in client.get(tab).text


def test_no_step_names_a_member(people, client):
    row, opinion, _sitting = whole_story(people)
    amendment = opinion.versions.get(number=30000).amendments.get(number=1)
    html = client.get(thread(row)).text
    assert amendment.author.last_name not in html
    assert opinion.officer.person.last_name not in html


def test_a_proposal_that_is_not_public_has_no_thread(people, client, signed_in):
    opinion = opinion_of(people)
    row = one_of(opinion)
    elsewhere = TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs")
    foreign = one_of(opinion_of(people, term=elsewhere))
    for name in ("thread", "thread-feed"):
        for reference in ("AC2-2026-99-P01", foreign.reference, opinion.reference, "P" * 300):
            assert client.get(reverse(f"answers:{name}", args=[reference])).status_code == 404, reference
        assert client.get(reverse(f"answers:{name}", args=[row.reference])).status_code == 200
    Opinion.objects.filter(pk=opinion.pk).update(state=OpinionState.HANDED_OVER, published_at=None)
    cache.clear()
    for browser in (client, signed_in("lead")):
        assert browser.get(thread(row)).status_code == 404
    assert thread(row) not in signed_in("member").get(reverse("opinions:my-opinion", args=[opinion.pk])).text


def test_merged_proposals_point_to_each_other(people, client):
    opinion = opinion_of(people)
    into, gone = one_of(opinion, 1), one_of(opinion, 2)
    Recommendation.objects.filter(pk=gone.pk).update(state=RecommendationState.MERGED, merged_into=into)
    AnswerCaseFactory(recommendation=into)
    assert f'href="{thread(into)}"' in client.get(thread(gone)).text
    assert f'href="{thread(gone)}"' in client.get(thread(into)).text
    assert "Réponse attendue" not in text(client, thread(gone))
    Recommendation.objects.filter(pk=gone.pk).update(state=RecommendationState.REMOVED, merged_into=None)
    assert "n’est plus dans l’avis : retirée du texte" in text(client, thread(gone))


def test_the_feed_has_each_step_that_took_place_the_latest_first(people, client):
    row, _opinion, _sitting = whole_story(people)
    answer = client.get(reverse("answers:thread-feed", args=[row.reference]))
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)  # noqa: S314 -- our own feed
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    anchors = re.findall(r'<li id="([^"]*)"', client.get(thread(row)).text)
    assert ids == [f"{settings.SITE_URL}{thread(row)}#{anchor}" for anchor in reversed(anchors)]
    moments = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert moments == sorted(moments, reverse=True)


def test_the_map_of_the_site_has_each_thread(people, client):
    row, opinion, _sitting = whole_story(people)
    found = client.get("/sitemap.xml").text
    assert found.count("/propositions/") == Recommendation.objects.filter(opinion=opinion).count()
    assert f"{settings.SITE_URL}{thread(row)}<" in found
    table = f"{settings.SITE_URL}{reverse('answers:table', args=[opinion.reference])}<"
    assert found.count(table) == 1


def test_the_page_that_everybody_shares_holds_no_form(people, client):
    row, _opinion, _sitting = whole_story(people)
    found = client.get(thread(row)).text
    assert "<form" not in found
    assert reverse("answers:follow", args=[row.reference]) in found


# The scoreboard


def test_the_scoreboard_counts_what_is_public_and_says_how(people, client):
    opinion, today = opinion_of(people, 4), timezone.localdate()
    for number, days in ((1, 10), (2, 30)):
        case = AnswerCaseFactory(
            recommendation=one_of(opinion, number),
            state=S.PUBLISHED,
            opened_on=today - timedelta(days=days),
        )
        AnswerFactory(case=case, published=True, **said())
    AnswerCaseFactory(
        recommendation=one_of(opinion, 3), opened_on=today - timedelta(days=30), due_on=today - timedelta(days=2)
    )
    AnswerCaseFactory(recommendation=one_of(opinion, 4), state=S.CANCELLED)
    hidden = OpinionFactory(term=people.term, state=OpinionState.HANDED_OVER)
    AnswerCaseFactory(recommendation=RecommendationFactory(opinion=hidden, numbered=True))
    words = "2 réponses sur 3, délai médian 20 jours, 1 en retard."
    for address in (reverse("opinions:public-list"), "/"):
        assert words in text(client, address), address
    told = text(client, reverse("opinions:public-list"))
    for precedent in ("301 jours", "56 jours", "Délai médian : la moitié"):
        assert precedent in told


def test_nothing_is_counted_before_anything_is_owed(people, client):
    OpinionFactory(term=people.term, state=OpinionState.PUBLISHED)
    assert "délai médian" not in text(client, reverse("opinions:public-list")).lower()


# The member's home


def test_a_member_reads_what_became_of_our_proposals(people, signed_in):
    browser = signed_in("member")
    assert "Que deviennent nos propositions" not in text(browser, "/espace/")
    opinion = opinion_of(people)
    first, second = one_of(opinion, 1), one_of(opinion, 2)
    AnswerCaseFactory(recommendation=first)
    told = text(browser, "/espace/")
    assert "Que deviennent nos propositions 0 réponse sur 1. Aucune réponse n’est encore publiée." in told
    answered(people, second, V.REJECTED)
    html = browser.get("/espace/").text
    assert f'href="{thread(second)}"' in html
    assert "Proposition 1 Refusée Réponse publiée le" in readable(html)


# What it costs


def statements(browser, address):
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_more_answers_cost_no_more_statements(people, client, signed_in):
    """One answer and thirty, one version and three: the opinion, the thread, the list, the homes."""
    opinion = opinion_of(people, 30)
    member = signed_in("member")
    first = answered(people, one_of(opinion, 1))
    pages = [
        (client, page(opinion)),
        (client, cards(opinion)),
        (client, thread(one_of(opinion, 1))),
        (client, reverse("answers:thread-feed", args=[one_of(opinion, 1).reference])),
        (client, reverse("opinions:public-list")),
        (client, "/"),
        (client, "/sitemap.xml"),
        (member, reverse("opinions:my-opinion", args=[opinion.pk])),
        (signed_in("lead"), reverse("opinions:opinion", args=[opinion.pk])),
        (member, "/espace/"),
    ]
    for browser, address in pages:
        browser.get(address)  # what is compiled once a process
    few = [statements(browser, address) for browser, address in pages]
    for number in range(2, 31):
        answered(people, one_of(opinion, number), list(V)[number % len(V)])
    revised(revised(first))
    assert [statements(browser, address) for browser, address in pages] == few


def test_the_thread_of_a_proposal_with_very_many_amendments_stays_short(people, client):
    row, opinion, _sitting = whole_story(people)
    version = opinion.versions.get(number=30000)
    few = statements(client, thread(row))
    for number in range(3, 53):
        AmendmentFactory(version=version, state=AmendmentState.REJECTED, number=number, alinea_from=2)
    assert statements(client, thread(row)) == few
    told = text(client, thread(row))
    assert told.count("Amendement n°") == 12
    assert "Et 39 autres." in told


def test_the_day_that_is_told_is_the_day_in_paris(people, client):
    answer = answered(people, one_of(opinion_of(people)))
    assert answer.published_on == timezone.localdate(answer.published_at)
    assert isinstance(answer.published_on, date)


def test_what_somebody_typed_stays_words_in_the_feed(people, client):
    answer = answered(people, one_of(opinion_of(people)), body="Un <script>alert(1)</script> & huit mots de plus ici.")
    address = reverse("answers:thread-feed", args=[answer.case.reference])
    root = ET.fromstring(client.get(address).content)  # noqa: S314 -- our own feed
    assert "&lt;script&gt;" in root.find(f"{ATOM}entry").findtext(f"{ATOM}summary")
