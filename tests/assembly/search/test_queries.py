"""What is found, in which order, and what is shown of it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from assembly.documents.models import ExtractionState, FileText
from assembly.search import queries
from assembly.search.models import SearchEntry
from assembly.search.text import START, STOP, index_text, marked_html, text_of_html, without_order
from tests.assembly.search.indexing import found, hits, index_everything, matches
from tests.factories.documents import DocumentFactory

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()


def published(title, body="", **fields):
    document = DocumentFactory(published=True, title=title, **fields)
    text = {"text": body, "state": ExtractionState.READY, "read_at": "2026-01-01T00:00Z"}
    FileText.objects.create(blob=document.published_revision.blob, **text)
    return document


def titles(words):
    return [title for _kind, title in found(ANYBODY, words)]


def test_a_title_comes_before_a_text():
    published("Procès-verbal", "On parle de la voirie, encore de voirie, toujours de voirie.")
    published("La voirie", "Un texte.")
    index_everything()
    assert titles("voirie") == ["La voirie", "Procès-verbal"]


def test_of_equals_the_newest_comes_first():
    published("Voirie", dated_on="2025-01-01", reference="A-1")
    published("Voirie", dated_on="2026-01-01", reference="A-2")
    index_everything()
    rows = queries.rank_matches(matches(ANYBODY, "voirie"), "voirie").order_by(*queries.ORDER)
    assert [row.reference for row in rows] == ["A-2", "A-1"]


def test_a_reference_is_found_whole_first_and_by_its_beginning():
    published("Premier", reference="PL-2026-02-PV")
    published("Deuxième", reference="PL-2026-03-PV")
    published("Troisième", "Voir PL-2026-02-PV.", reference="PL-2025-01-PV")
    index_everything()
    assert titles("pl-2026-02-pv")[0] == "Premier"
    assert sorted(titles("PL-2026")) == ["Deuxième", "Premier", "Troisième"]
    assert titles("PL-2024") == []


@pytest.mark.parametrize("words", ["", "   ", "le la les", "\x00", "-", "((", "'", '"', "!!&|", "💡", "a" * 500, ":*"])
def test_words_that_make_no_sense_find_nothing(words):
    published("Voirie")
    index_everything()
    assert titles(words) == []


def test_only_the_best_are_weighed_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(queries, "BEST", 2)
    for _ in range(3):
        published("Voirie")
    index_everything()
    told = matches(ANYBODY, "voirie")
    assert told.counts == {"publication": 3}
    assert len(queries.rank_matches(told, "voirie")) == 2


def test_words_that_follow_each_other_are_found_as_written():
    published("Un", "Le budget du département augmente.")
    published("Deux", "Le département vote son budget.")
    published("Trois", "Un rendez-vous par an.")
    published("Quatre", "Vous rendez le livre.")
    index_everything()
    assert titles('"budget du département"') == ["Un"]
    assert titles("« budget du département »") == ["Un"]
    assert sorted(titles("budget département")) == ["Deux", "Un"]
    assert titles("rendez-vous") == ["Trois"]
    assert sorted(titles('livre or "budget du département"')) == ["Quatre", "Un"]
    assert sorted(titles('département -"budget du département"')) == ["Deux"]


def test_words_in_order_are_read_in_the_newest_texts_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(queries, "READ", 2)
    for year in (2023, 2024, 2025):
        published(f"Note de {year}", "Le budget du département.", dated_on=f"{year}-01-01")
    published("Note de 2026", "Le département et son budget.", dated_on="2026-01-01")
    index_everything()
    told = matches(ANYBODY, '"budget du département"')
    assert (told.counts, told.among) == ({"publication": 1}, 2)
    assert titles('"budget du département"') == ["Note de 2025"]
    assert matches(ANYBODY, '"son budget"').among == 0


def test_what_postgresql_understood_is_asked_without_the_order():
    assert without_order("'budget' <2> 'depart' & 'vot'") == "'budget' & 'depart' & 'vot'"
    assert without_order("'a' <-> ( 'b-c' <-> 'b' )") == "'a' & ( 'b-c' & 'b' )"
    assert without_order("'budget' & 'depart'") == ""
    assert without_order("'vot' & !( 'budget' <2> 'depart' )") == ""


def test_passages_mark_the_words_and_escape_the_rest():
    published("Les <b>préconisations</b>", 'Avant. <script>alert("x")</script> Une preconisation & rien. Après.')
    index_everything()
    hit = hits(ANYBODY, "préconisation")[0]
    assert hit.title == "Les &lt;b&gt;<mark>préconisations</mark>&lt;/b&gt;"
    assert "<mark>preconisation</mark> &amp; rien" in hit.passage
    assert "<script" not in hit.passage


def test_marks_typed_by_somebody_mark_nothing():
    published(f"Une {START}fausse{STOP} marque", f"Texte {START}voirie")
    index_everything()
    assert SearchEntry.objects.get().title == "Une fausse marque"
    hit = hits(ANYBODY, "fausse")[0]
    assert hit.title == "Une <mark>fausse</mark> marque"


def test_words_of_html_and_plain_words():
    assert text_of_html("<p>Un &amp; deux</p><ul><li>trois</li></ul>") == "Un & deux\ntrois"
    assert index_text("a\u00a0 b \n\n  c\x02", 20) == "a b\nc"
    assert marked_html(f"{START}a{STOP} < b") == "<mark>a</mark> &lt; b"


def test_a_hidden_document_is_neither_found_nor_counted():
    document = published("Voirie")
    index_everything()
    type(document).objects.filter(pk=document.pk).update(published_revision=None, published_at=None, state="sealed")
    assert SearchEntry.objects.count() == 1
    assert titles("voirie") == []
    assert matches(ANYBODY, "voirie") == queries.NOTHING
