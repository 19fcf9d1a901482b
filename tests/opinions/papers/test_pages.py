"""The pages of the papers: what they show, what they hand over, in the bureau, to members and to anybody."""

import csv
import io
import json
import re
from datetime import timedelta

import docx
import pikepdf
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from odfdo import Document as Odt

from assembly.documents.models import Rendition, Upload
from assembly.institution.todo import todo_for
from opinions.models import AmendmentState, OpinionState, OpinionVisa, OpinionVisaCapacity, PrintedChapters
from opinions.papers import actions as papers
from tests.factories.amendments import AmendmentFactory
from tests.factories.consultations import HearingFactory, HearingGuestFactory
from tests.factories.members import MandateFactory
from tests.factories.opinions import (
    MinorityCosignerFactory,
    MinorityPositionFactory,
    OpinionFactory,
    OpinionSectionFactory,
    PartVoteFactory,
)
from tests.opinions.papers.whole import whole_opinion

pytestmark = pytest.mark.django_db
S = OpinionState


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


def plain(answer):
    return answer.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").replace("\u202f", " ")


def blank_pdf():
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(target)
    return target.getvalue()


@pytest.fixture
def desk(signed_in, people):
    return signed_in("officer")


def test_the_page_leads_from_the_visas_to_the_seal(desk, people, work):
    opinion = whole_opinion(sheets=2, term=people.term)
    page = plain(desk.get(url("papers", opinion.pk)))
    assert "Chaque visa approuve le texte adopté." in page
    assert "Odile Labatut" in page
    for capacity in OpinionVisaCapacity:
        desk.post(url("paper-visa", opinion.pk), {"capacity": capacity})
    assert set(OpinionVisa.objects.values_list("via", flat=True)) == {"paper"}
    assert "l’avis peut être scellé" in plain(desk.get(url("papers", opinion.pk)))
    answer = desk.post(url("paper-seal", opinion.pk))
    assert answer.url.startswith("/documents/avancement/")
    assert "Cachet demandé" in plain(desk.get(url("papers", opinion.pk)))
    work()
    page = plain(desk.get(url("papers", opinion.pk)))
    assert "Ouvrir le PDF scellé" in page
    assert "Sceller de nouveau" in page
    assert "a changé depuis son cachet" not in page
    PrintedChapters.objects.filter(opinion=opinion).update(thanks="Merci à tout le monde.")
    assert "a changé depuis son cachet" in plain(desk.get(url("papers", opinion.pk)))


def test_a_seal_without_its_visas_is_refused_in_words(desk, people):
    opinion = whole_opinion(sheets=1, term=people.term)
    answer = desk.post(url("paper-seal", opinion.pk), follow=True)
    assert "Il manque le visa : présidence de séance, rapporteur" in plain(answer)
    assert not Rendition.objects.exists()


def test_chapters_are_kept_and_two_officers_lose_nothing(desk, people):
    opinion = OpinionFactory(state=S.ADOPTED, term=people.term)
    address = url("paper-chapters", opinion.pk)
    assert desk.post(address, {"version": 0, "foreword": "Un mot."}).url == url("papers", opinion.pk)
    stale = desk.post(address, {"version": 0, "foreword": "Un autre mot."})
    assert stale.status_code == 409
    assert "Ce texte a été enregistré entre-temps" in plain(stale)
    assert "Un mot." in plain(stale)
    assert "Un autre mot." in plain(stale)
    assert 'name="version" value="1"' in plain(stale)
    assert PrintedChapters.objects.get().foreword == "Un mot."
    assert desk.post(address, {"version": 1, "foreword": "Un autre mot."}).status_code == 302
    refused = desk.post(address, {"version": 2, "foreword": "Un sourire 😀"})
    assert "ne peut pas être imprimé" in plain(refused)
    assert PrintedChapters.objects.get().foreword == "Un autre mot."


def test_chapters_that_nobody_wrote_yet_have_no_author_to_name(desk, people):
    opinion = OpinionFactory(state=S.ADOPTED, term=people.term)
    answer = desk.post(url("paper-chapters", opinion.pk), {"version": 2**63, "foreword": "Un mot."})
    assert answer.status_code == 409
    assert "Un mot." in plain(answer)
    assert 'name="version" value="0"' in plain(answer)
    assert not PrintedChapters.objects.exists()


@pytest.mark.parametrize("kind", ["projet", "texte-numerote", "liasse"])
def test_papers_for_the_plenary_are_made_on_demand(kind, desk, people, work):
    opinion = whole_opinion(S.AMENDING, sheets=2, term=people.term)
    address = url("paper-ask", opinion.pk, kind)
    desk.post(address)
    work()
    rendition = Rendition.objects.get()
    assert (rendition.state, rendition.error) == ("ready", "")
    assert desk.post(address).url == reverse("documents:rendition-file", args=[rendition.public_id])
    assert Rendition.objects.count() == 1


def test_what_does_not_exist_yet_is_not_found(desk, people):
    opinion = OpinionFactory(state=S.DRAFTING, term=people.term)
    assert desk.post(url("paper-ask", opinion.pk, "liasse")).status_code == 404
    assert desk.post(url("paper-ask", opinion.pk, "autre")).status_code == 404


def test_a_text_in_progress_goes_to_word_and_libreoffice(desk, people):
    section = OpinionSectionFactory(opinion__state=S.DRAFTING, opinion__term=people.term, title="Habiter")
    answer = desk.get(url("text-file", section.text.public_id, "docx"))
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    document = docx.Document(io.BytesIO(answer.content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[0] == "PROJET"
    assert lines[1].startswith("Texte non adopté, dans son état du")
    assert "Un guichet Habiter" in lines
    whole = desk.get(url("opinion-file", section.opinion_id, "odt"))
    assert "Habiter" in Odt(io.BytesIO(whole.content)).body.inner_text


def test_a_draft_can_be_printed_before_the_opinion_has_a_reference(desk, people, work):
    section = OpinionSectionFactory(opinion__state=S.DRAFTING, opinion__term=people.term, title="Habiter")
    desk.post(url("paper-ask", section.opinion_id, "projet"))
    work()
    assert (Rendition.objects.get().state, Rendition.objects.get().error) == ("ready", "")


def test_the_adopted_text_goes_out_without_the_mention_of_a_draft(client):
    opinion = whole_opinion(S.PUBLISHED, sheets=2)
    document = docx.Document(io.BytesIO(client.get(url("public-file", opinion.reference, "docx")).content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert "PROJET" not in lines
    place = next(rank for rank, line in enumerate(lines) if line.startswith("AC2-2026-03-P01 – "))
    under = [line.replace("\u00a0", " ") for line in lines[place + 1 : place + 4]]
    assert under == ["Priorité : oui, choisie par les membres", "Thème : Santé", "Réunit : AC2-2026-03-P90"]


def test_the_chair_gives_a_visa_from_the_members_room(signed_in, people):
    opinion = whole_opinion(sheets=1, term=people.term)
    chair = people["member"]
    opinion.tabled_sitting.chair = chair.person
    opinion.tabled_sitting.save(update_fields=["chair"])
    client = signed_in(chair)
    (waiting,) = todo_for(chair, "member", people.term).lines
    assert (str(waiting.title), waiting.url) == (
        f"Donner votre visa sur l’avis adopté : {opinion.title}",
        url("my-visa", opinion.pk),
    )
    desk = signed_in("officer")
    told = f"Avant le cachet, on attend le visa de : {chair.person.full_name} et {opinion.rapporteur.full_name}."
    assert told in plain(desk.get(url("opinion", opinion.pk)))
    assert "Donner votre visa ?" in plain(client.get(waiting.url))
    assert client.post(url("my-visa", opinion.pk)).status_code == 302
    assert todo_for(chair, "member", people.term).lines == []
    assert f"on attend le visa de : {opinion.rapporteur.full_name}." in plain(desk.get(url("opinion", opinion.pk)))
    assert OpinionVisa.objects.get().person_id == chair.person_id
    assert client.get(url("my-visa", opinion.pk)).status_code == 403


def test_an_officer_who_chaired_gives_the_visa_from_the_bureau_and_is_asked_no_more(signed_in, people):
    """No way of the page leads to the members' room, which an officer may not enter."""
    opinion = whole_opinion(sheets=1, term=people.term)
    opinion.tabled_sitting.chair = people["officer"].person
    opinion.tabled_sitting.save(update_fields=["chair"])
    desk = signed_in("officer")
    assert url("my-visa", opinion.pk) in plain(desk.get(url("papers", opinion.pk)))
    assert f'href="{url("papers", opinion.pk)}"' in plain(desk.get(url("my-visa", opinion.pk)))
    given = desk.post(url("my-visa", opinion.pk), follow=True)
    assert (given.status_code, given.request["PATH_INFO"]) == (200, url("papers", opinion.pk))
    assert url("my-visa", opinion.pk) not in plain(given)


def test_the_public_reads_the_twin_of_the_sealed_file(client, people, work):
    opinion = whole_opinion(S.PUBLISHED, sheets=3, term=people.term)
    page = plain(client.get(url("public-text", opinion.reference)))
    for words in (
        "L’essentiel, facile à lire",
        "Avant-propos",
        "AC2-2026-03-P02",
        "Quel est le problème ?",
        "Vote sur l’ensemble",
        "Le train d’abord",
        "Zoé M., Luc A.",
        "Inès Fabre, urbaniste",
        "personnes qui siégeaient quand cet avis a été adopté",
        "Le PDF scellé sera ici dès qu’il est publié.",
    ):
        assert words in page
    for hidden in ("Secret3", "Marty", "Pierre Caché"):
        assert hidden not in page
    for capacity in OpinionVisaCapacity:
        papers.record_visa(opinion, capacity, by=people["officer"])
    papers.seal(opinion, by=people["officer"])
    work()
    for tab in ("public", "public-text"):
        assert "/publications/AC2-2026-03.pdf" in plain(client.get(url(tab, opinion.reference)))


def test_who_sat_has_a_page_of_its_own_and_the_opinion_does_not_grow_with_them(client, people):
    opinion = whole_opinion(S.PUBLISHED, sheets=3, term=people.term)
    before = plain(client.get(url("public-text", opinion.reference)))
    assert "Camille3 S." not in before
    names = plain(client.get(url("public-members", opinion.reference)))
    assert "Camille3 S." in names
    for hidden in ("Secret3", "Marty"):
        assert hidden not in names
    MandateFactory.create_batch(20, term=people.term, activated_on=opinion.adopted_on)
    cache.clear()
    after = plain(client.get(url("public-text", opinion.reference)))
    counted = [int(re.search(r"Les (\d+) personnes qui", page)[1]) for page in (before, after)]
    assert counted[1] - counted[0] == 20
    assert abs(len(after) - len(before)) < 10
    assert client.get(url("public-members", "AC2-1999-01")).status_code == 404


def test_what_a_seal_told_is_not_worked_out_again(client, people, work, django_assert_max_num_queries):
    opinion = whole_opinion(S.PUBLISHED, sheets=3, term=people.term)
    client.get(url("public-text", opinion.reference))
    for capacity in OpinionVisaCapacity:
        papers.record_visa(opinion, capacity, by=people["officer"])
    papers.seal(opinion, by=people["officer"])
    work()
    cache.clear()
    with django_assert_max_num_queries(8):  # and whether it is published, the versions of the tables, the answers
        page = plain(client.get(url("public-text", opinion.reference)))
    for words in ("AC2-2026-03-P02", "Vote sur l’ensemble", "Le train d’abord", "Inès Fabre, urbaniste"):
        assert words in page


def test_the_page_names_the_hearings_of_the_sealed_file_and_no_other(client, people, work):
    opinion = whole_opinion(S.PUBLISHED, sheets=3, term=people.term)
    for capacity in OpinionVisaCapacity:
        papers.record_visa(opinion, capacity, by=people["officer"])
    papers.seal(opinion, by=people["officer"])
    work()
    before = plain(client.get(url("public-text", opinion.reference)))
    hearing = HearingFactory(
        referral=opinion.referral, title="Visite du centre de tri", starts_at=timezone.now() - timedelta(days=1)
    )
    HearingGuestFactory(hearing=hearing, name="Yann Le Goff", is_public=True)
    cache.clear()
    after = plain(client.get(url("public-text", opinion.reference)))
    assert "Visite du centre de tri" not in after
    assert "Yann Le Goff" not in after
    figures = "auditions et visites", "audition ou visite"
    assert [before.count(words) for words in figures] == [after.count(words) for words in figures]
    assert re.findall(r"\d+ audition", before) == re.findall(r"\d+ audition", after)
    assert "Inès Fabre, urbaniste" in after


@pytest.mark.parametrize("many", [0, 2])
def test_the_public_page_asks_twelve_questions_whatever_surrounds_the_text(many, client, django_assert_num_queries):
    opinion = whole_opinion(S.PUBLISHED, sheets=3)
    for position in MinorityPositionFactory.create_batch(many, opinion=opinion, submitted=True):
        MinorityCosignerFactory.create_batch(2, position=position)
    for _ in range(many):
        PartVoteFactory(opinion=opinion, label="Constats")
        AmendmentFactory(opinion=opinion, state=AmendmentState.ADOPTED)
    cache.clear()
    with django_assert_num_queries(12):
        page = client.get(url("public-text", opinion.reference))
    assert ("Le bus ne suffit pas" in plain(page)) == bool(many)


def test_recommendations_are_open_data_at_addresses_that_stay(client):
    opinion = whole_opinion(S.PUBLISHED, sheets=3)
    data = json.loads(client.get("/avis/AC2-2026-03/preconisations.json").content)
    assert data["schema"] == "hemicycle/recommendations/1"
    assert data["opinion"]["address"].endswith("/avis/AC2-2026-03/")
    assert [row["priority"] for row in data["recommendations"]] == [True, True, True]
    answer = client.get("/avis/AC2-2026-03/preconisations.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(answer), delimiter=";"))
    assert rows[0][:6] == ["Référence", "Rang", "Titre", "Thème", "Partie", "Prioritaire"]
    assert [row[0] for row in rows[1:]] == ["AC2-2026-03-P01", "AC2-2026-03-P02", "AC2-2026-03-P03"]
    assert rows[3][12].startswith("Adopté")
    assert rows[1][13] == "AC2-2026-03-P90"
    assert opinion.title not in answer


def test_the_easy_summary_has_its_page(client):
    opinion = whole_opinion(S.PUBLISHED, sheets=1)
    assert "Il faut plus de bus le soir." in plain(client.get("/avis/AC2-2026-03/facile-a-lire/"))
    opinion.easy_read = ""
    opinion.save(update_fields=["easy_read"])
    assert client.get("/avis/AC2-2026-03/facile-a-lire/").status_code == 404


def test_the_easy_summary_of_a_workshop_is_a_file_beside_the_page(desk, people, client):
    opinion = whole_opinion(S.PUBLISHED, sheets=1, term=people.term)
    public = f"/avis/{opinion.reference}/facile-a-lire.pdf"
    assert client.get(public).status_code == 404
    refused = desk.post(url("paper-easy-read", opinion.pk), {"file": SimpleUploadedFile("falc.pdf", b"no pdf")})
    assert (refused.status_code, Upload.objects.count()) == (422, 0)
    content = blank_pdf()
    answer = desk.post(url("paper-easy-read", opinion.pk), {"file": SimpleUploadedFile("falc.pdf", content)})
    assert answer.url == url("papers", opinion.pk)
    assert "falc.pdf" in plain(desk.get(answer.url))
    assert client.get(public).content == content
    assert "Le résumé facile à lire (PDF)" in plain(client.get(url("public", opinion.reference)))
    Upload.objects.update(state="waiting")
    assert client.get(public).status_code == 404


def test_nothing_is_public_before_the_publication(client):
    whole_opinion(S.HANDED_OVER, sheets=1)
    tabs = ("", "texte/", "votes/", "amendements/")
    for end in (*tabs, "preconisations.json", "preconisations.csv", "facile-a-lire/", "texte.docx"):
        assert client.get(f"/avis/AC2-2026-03/{end}").status_code == 404


def test_another_assembly_sees_nothing(signed_in, people):
    opinion = whole_opinion(S.AMENDING, sheets=1, term=people.term)
    client = signed_in(people.elsewhere("officer"))
    assert client.get(url("papers", opinion.pk)).status_code == 404
    assert client.get(url("opinion-file", opinion.pk, "docx")).status_code == 404
    assert client.post(url("paper-ask", opinion.pk, "projet")).status_code == 404
