"""The sealed opinion: both standards by the real validator, its data, its visas, its place on the site."""

import io
import json
import re

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assembly.audit.models import Entry
from assembly.collab.document.plain_text import alineas
from assembly.documents import storage
from assembly.documents.actions import checks
from assembly.documents.models import Audience, Document, DocumentState, Verdict
from assembly.documents.pdf.render import render
from assembly.documents.queries import current_revision
from assembly.institution.models import Role
from assembly.workflow import StateConflict
from opinions.models import OpinionState, OpinionVisa, OpinionVisaCapacity
from opinions.papers import actions as papers
from opinions.papers.documents.files import Booklet, NumberedText, loaded, source_of
from tests import verapdf
from tests.factories.identity import UserFactory
from tests.factories.institution import RoleAssignmentFactory
from tests.opinions.papers.whole import whole_opinion

pytestmark = pytest.mark.django_db
CONFORMS = {"3a": [], "ua1": []}
S = OpinionState


@pytest.fixture
def judge(tmp_path):
    def verdict(content):
        path = tmp_path / "judged.pdf"
        path.write_bytes(content)
        return verapdf.verdicts(path)

    return verdict


def sealed(opinion, people, work):
    """Record both visas on paper, request the seal and render it as a worker."""
    for capacity in OpinionVisaCapacity:
        papers.record_visa(opinion, capacity, by=people["officer"])
    rendition = papers.seal(opinion, by=people["officer"])
    work()
    rendition.refresh_from_db()
    assert (rendition.state, rendition.error) == ("ready", "")
    return rendition.revision


def embedded(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return json.loads(pdf.attachments["donnees.json"].get_file().read_bytes())


def words_of(source):
    """Return the source with collapsed white space; non-breaking spaces stay."""
    return re.sub(r"[ \n\t]+", " ", source.html)


def test_the_whole_opinion_is_sealed_in_both_standards(people, work, judge):
    """Ten recommendations, tables with spans, notes, nested lists, links, votes, a minority position, a glossary."""
    opinion = whole_opinion(S.HANDED_OVER)
    revision = sealed(opinion, people, work)
    content = revision.open()
    assert judge(content) == CONFORMS
    document = Document.objects.get()
    assert (document.reference, document.audience, document.state) == (
        "AC2-2026-03",
        Audience.PUBLIC,
        DocumentState.SEALED,
    )
    assert checks.verify_file(storage.path_of(revision.sha256)).verdict == Verdict.CURRENT
    assert [visa["name"] for visa in revision.report["visas"]] == ["Odile Labatut", opinion.rapporteur.full_name]
    data = embedded(content)
    assert data["schema"] == "hemicycle/recommendations/1"
    assert [row["reference"] for row in data["recommendations"]] == [f"AC2-2026-03-P{n:02}" for n in range(1, 11)]
    assert data["recommendations"][0]["fields"]["audience"] == {
        "question": "Pour qui\u00a0?",
        "text": "Les élèves, les apprenties et apprentis, les salariées et salariés du soir.",
    }
    assert data["recommendations"][0]["merged_from"] == ["AC2-2026-03-P90"]
    assert data["recommendations"][9]["vote"]["for"] == 70
    assert data["left_out"][0]["merged_into"] == "AC2-2026-03-P01"
    assert "Secret" not in json.dumps(data)


def test_the_draft_is_accessible_and_says_project(people, judge):
    source = source_of(loaded(whole_opinion(sheets=2).pk), draft=True)
    assert judge(render(source)) == CONFORMS
    assert "projet.svg" in source.assets
    assert (source.data, source.cachet) == (None, False)


@pytest.mark.parametrize("paper", [NumberedText, Booklet])
def test_the_papers_of_the_plenary_are_accessible_too(paper, judge):
    opinion = whole_opinion(S.AMENDING, sheets=2)
    renderer = paper()
    assert judge(render(renderer.source(renderer.load(opinion.versions.get(number=30000).pk)))) == CONFORMS


def test_the_numbers_of_the_tabled_text_are_those_that_amendments_name():
    opinion = whole_opinion(S.AMENDING, sheets=1)
    version = opinion.versions.get(number=30000)
    html = words_of(NumberedText().source(NumberedText().load(version.pk)))
    for alinea in alineas(version.tree):
        assert f'id="alinea-{alinea.number}"' in html
    booklet = words_of(Booklet().source(Booklet().load(version.pk))).replace("\u00a0", " ")
    assert "Après l’alinéa 3, ajouter :" in booklet
    assert '<span class="alinea-number">3</span> Ce que nous avons constaté' in booklet


def test_what_is_printed_names_nobody_in_full_but_officials_and_guests_who_agreed():
    opinion = whole_opinion(sheets=1)
    html = words_of(source_of(loaded(opinion.pk)))
    assert "Camille3 S., canton de" in html
    assert "Zoé M., Luc A." in html
    assert "Inès Fabre, urbaniste" in html
    for hidden in ("Secret3", "Marty", "Abadie", "Pierre Caché"):
        assert hidden not in html


def test_every_chapter_has_its_line_in_the_contents():
    html = words_of(source_of(loaded(whole_opinion(sheets=2).pk)))
    contents = html.split('<ul class="toc">')[1].split("</ul>")[0]
    for anchor in ("facile", "foreword", "genesis", "method", "votes", "minority", "members", "hearings", "thanks"):
        assert f'href="#{anchor}"' in contents
        assert f'id="{anchor}"' in html
    assert contents.count("AC2-2026-03-P0") == 2
    for anchor in [part.split('"')[0] for part in contents.split('data-to="#')[1:]]:
        assert html.count(f'id="{anchor}"') == 1


def test_votes_are_told_in_french_sentences():
    html = words_of(source_of(loaded(whole_opinion(sheets=2).pk))).replace("\u00a0", " ")
    assert html.count("Adopté : 70 voix pour, 10 contre, 5 abstentions") >= 3
    assert "Après l’alinéa 3, ajouter : « Un mot de plus. »" in html
    assert "Tombé" in html


def test_the_same_opinion_makes_the_same_file():
    opinion = whole_opinion(sheets=1)
    assert render(source_of(loaded(opinion.pk))) == render(source_of(loaded(opinion.pk)))


def test_an_opinion_with_nothing_around_it_is_sealed_too(judge):
    from tests.factories.opinions import OpinionFactory

    opinion = OpinionFactory(state=S.ADOPTED)
    assert judge(render(source_of(loaded(opinion.pk)))) == CONFORMS


def test_the_address_of_each_recommendation_is_printed_and_embedded_and_outdates_no_seal(settings, monkeypatch):
    settings.SITE_URL = "https://assemblee.example.org"
    opinion = loaded(whole_opinion(sheets=2).pk)
    source = source_of(opinion)
    for n in (1, 2):
        address = f"assemblee.example.org/propositions/AC2-2026-03-P0{n}/"
        assert f'<a href="https://{address}">{address}</a>' in source.html
        assert source.data["recommendations"][n - 1]["address"] == f"https://{address}"
    assert "/propositions/" not in source_of(opinion, draft=True).html
    mark = source.facts["printed"]
    monkeypatch.setattr("opinions.versions.queries.proposal_address", lambda reference: "")
    assert source_of(opinion).facts["printed"] == mark


def test_the_seal_waits_for_both_visas(people, work):
    opinion = whole_opinion(sheets=1)
    with pytest.raises(ValidationError, match="Il manque le visa : présidence de séance, rapporteur"):
        papers.seal(opinion, by=people["officer"])
    papers.record_visa(opinion, OpinionVisaCapacity.CHAIR, by=people["officer"])
    with pytest.raises(ValidationError, match="Il manque le visa : rapporteur"):
        papers.seal(opinion, by=people["officer"])
    assert papers.missing_visas(opinion) == [OpinionVisaCapacity.RAPPORTEUR]


def test_the_chair_gives_their_own_visa_once():
    opinion = whole_opinion(sheets=1)
    chair = UserFactory(person=opinion.tabled_sitting.chair)
    RoleAssignmentFactory(user=chair, role=Role.MEMBER, term=opinion.term)
    first = papers.give_visa(opinion, OpinionVisaCapacity.CHAIR, by=chair)
    assert papers.give_visa(opinion, OpinionVisaCapacity.CHAIR, by=chair).pk == first.pk
    assert (first.text_sha256, first.via) == (opinion.versions.last().sha256, "account")
    with pytest.raises(PermissionDenied):
        papers.give_visa(opinion, OpinionVisaCapacity.RAPPORTEUR, by=chair)
    assert OpinionVisa.objects.count() == 1
    assert "opinion.visa_given" in Entry.objects.values_list("event_type", flat=True)


def test_nothing_is_sealed_before_the_adoption(people):
    opinion = whole_opinion(S.FROZEN, sheets=1)
    with pytest.raises(StateConflict):
        papers.seal(opinion, by=people["officer"])
    with pytest.raises(PermissionDenied):
        papers.record_visa(opinion, OpinionVisaCapacity.CHAIR, by=people["officer"])
    with pytest.raises(PermissionDenied):
        papers.seal(opinion, by=people["stranger"])


def test_publication_puts_the_sealed_file_at_its_address(people, work, client):
    opinion = whole_opinion(S.HANDED_OVER, sheets=1)
    sealed(opinion, people, work)
    papers.publish(opinion, by=people["officer"])
    document = Document.objects.get()
    assert document.state == DocumentState.PUBLISHED
    answer = client.get("/publications/AC2-2026-03.pdf")
    assert answer.status_code == 200
    assert b"".join(answer) == current_revision(document).open()


def test_a_seal_that_comes_after_the_publication_is_published_by_itself(people, work):
    opinion = whole_opinion(S.PUBLISHED, sheets=1)
    sealed(opinion, people, work)
    assert Document.objects.get().state == DocumentState.PUBLISHED
