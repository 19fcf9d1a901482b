"""The opinion on paper, measured on real files: pages filled, sheets named again over the page, visas, the cover."""

import io

import pikepdf
import pytest
from django.db import transaction

from assembly.documents.pdf.render import render
from opinions.models import Opinion, OpinionState, OpinionVisa, OpinionVisaCapacity, PrintedChapters
from opinions.papers.documents.files import Booklet, loaded, source_of
from opinions.papers.queries import is_seal_outdated, sealed_document
from opinions.papers.rules import is_sealed
from tests.opinions.papers.test_sealed import sealed
from tests.opinions.papers.whole import whole_opinion
from tests.paper_pages import look

HALF = 0.5
LAST_QUESTION = "Comment saurons-nous que c’est fait ?"
SENTENCE = "Nous avons écrit ce texte à cent personnes, en neuf mois, dans vingt-sept cantons. "


@pytest.fixture(scope="module")
def opinions_on_paper(django_db_setup, django_db_blocker):
    """The same opinion three times, each pushed down a little further so that breaks fall elsewhere; the last one
    has the longest title."""
    with django_db_blocker.unblock(), transaction.atomic():
        opinion = whole_opinion(OpinionState.ADOPTED, members=40)
        version = opinion.versions.last()
        for capacity in OpinionVisaCapacity:
            OpinionVisa.objects.create(
                opinion=opinion,
                version=version,
                text_sha256=version.sha256,
                person=opinion.rapporteur,
                capacity=capacity,
                given_at=version.made_at,
            )
        files = []
        for sentences, title in ((1, opinion.title), (8, opinion.title), (15, "Se déplacer le soir " * 10)):
            PrintedChapters.objects.filter(opinion=opinion).update(method=SENTENCE * sentences)
            Opinion.objects.filter(pk=opinion.pk).update(title=title)
            files.append(render(source_of(loaded(opinion.pk))))
        transaction.set_rollback(True)
    return files


def bodies(pages):
    """Return the text of each page before its running head, with plain spaces."""
    return [plain(page.words).rpartition("Avis AC2-2026-03 : ")[0] for page in pages]


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("which", range(3))
def test_no_page_of_the_middle_is_less_than_half_filled_and_no_heading_stands_alone(opinions_on_paper, which):
    pages = look(opinions_on_paper[which])
    assert len(pages) > 6
    assert [(number, page.fill) for number, page in enumerate(pages[:-1], 1) if page.fill < HALF] == []
    assert [number for number, page in enumerate(pages, 1) if page.ends_with_a_heading or page.is_headings_alone] == []
    assert [words for words in bodies(pages) if words.rstrip().endswith("?")] == []


@pytest.mark.parametrize("which", range(3))
def test_a_sheet_that_goes_on_over_the_page_is_named_again(opinions_on_paper, which):
    pages = look(opinions_on_paper[which])
    words = bodies(pages)
    continued = []
    for before, page in zip(words, pages[1:], strict=False):
        _above, begun, tail = before.partition("Vote sur l’ensemble")[0].rpartition("Préconisation AC2-2026-03-P")
        open_sheets = [f"AC2-2026-03-P{tail[:2]}"] if begun and LAST_QUESTION not in tail else []
        named = [line.split()[0] for line in page.words.splitlines() if line.endswith("(suite)")]
        assert named == open_sheets
        continued += named
    assert continued


def test_visas_stand_on_the_last_page_and_never_alone(opinions_on_paper):
    for file in opinions_on_paper:
        pages = look(file)
        assert [number for number, page in enumerate(pages, 1) if "Visas et cachet" in page.words] == [len(pages)]
        before = pages[-1].words.partition("Visas et cachet")[0]
        assert len(before.splitlines()) >= 4


def test_the_cover_is_one_page_whatever_its_title(opinions_on_paper):
    for file in opinions_on_paper:
        assert ["Sommaire" in page.words for page in look(file)[:3]] == [False, True, False]


def test_the_cover_says_title_place_day_and_the_vote_and_draws_it(opinions_on_paper):
    page = look(opinions_on_paper[0])[0]
    words = " ".join(plain(page.words).split())
    assert "Avis AC2-2026-03 Se déplacer le soir" in words
    assert "70 pour 10 contre 5 abstentions 1 ne se prononce pas" in words
    assert page.tags.count("H1") == 1
    told = plain(figures(opinions_on_paper[0])[-1])
    assert told.startswith("Hémicycle du vote : 70 voix pour, 10 contre, 5 abstentions, 1 ne se prononce pas")


def figures(content):
    """Return the alternative texts of the pictures of a file."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tags = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
        return [str(tag.get("/Alt")) for tag in tags]


@pytest.mark.django_db
def test_the_booklet_has_the_same_cover_and_amendments_that_follow_each_other():
    opinion = whole_opinion(OpinionState.AMENDING, sheets=2)
    content = render(Booklet().source(Booklet().load(opinion.versions.get(number=30000).pk)))
    pages = look(content)
    assert "Liasse des amendements" in pages[0].words
    assert figures(content) == ["Un hémicycle de 108 places."]
    assert max(page.words.count("Amendement n°") for page in pages) > 1


@pytest.mark.django_db
def test_another_layout_does_not_outdate_a_seal_but_other_words_do(people, work):
    opinion = whole_opinion(OpinionState.ADOPTED, sheets=1)
    sealed(opinion, people, work)
    assembly = opinion.term.assembly
    assembly.colour_main = "#123456"
    assembly.save()
    assert is_sealed(sealed_document(opinion))
    assert not is_seal_outdated(opinion)
    PrintedChapters.objects.filter(opinion=opinion).update(thanks="Merci à la ville de Muret.")
    assert is_seal_outdated(opinion)
