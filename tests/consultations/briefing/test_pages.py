"""The pages of the pack and of hearings: the bureau, the members' room, the archive, the PDF."""

import io
import json
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assembly.documents.actions.renditions import fulfil
from assembly.documents.models import Rendition, store_blob
from consultations.briefing import actions as briefing
from consultations.briefing.models import LanguageLevel
from consultations.models import BriefingDeposit, BriefingDocument, BriefingPack, Hearing, HearingGuest, HearingState
from tests import files, verapdf
from tests.factories.consultations import (
    BriefingDocumentFactory,
    BriefingPackFactory,
    HearingFactory,
    HearingGuestFactory,
    ReferralFactory,
    ScopingNoteFactory,
)
from tests.factories.documents import UploadFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.members import MandateFactory

pytestmark = pytest.mark.django_db


def url(name, key, *more):
    return reverse(f"consultations:{name}", args=[key, *more])


@pytest.fixture
def referral(people):
    return ReferralFactory(term=people.term, working=True, title="Bien vieillir")


def words(response):
    """Return the page with collapsed white space, as a browser shows it."""
    return " ".join(response.content.decode().split())


def upload(content, name="etude.pdf", kind="application/pdf"):
    return UploadFactory(blob=store_blob(content, kind), name=name)


def filled(referral, *, released=True):
    """Add an easy-read PDF, a Word file and an address."""
    pack = BriefingPackFactory(referral=referral, released=released)
    BriefingDocumentFactory(
        pack=pack, title="Le schéma Autonomie", upload=upload(files.pdf("Un.")), pages=1, position=0
    )
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    BriefingDocumentFactory(
        pack=pack, title="../../L’essentiel", upload=upload(files.word("Dit."), "x.docx", word), position=1,
        level=LanguageLevel.EASY_READ,
    )  # fmt: skip
    BriefingDocumentFactory(pack=pack, title="Le site de l’Insee", by_link=True, position=2)
    return pack


def test_the_empty_tab_says_what_to_do(signed_in, referral):
    text = words(signed_in("officer").get(url("briefing", referral.pk)))
    assert "Aucun document" in text
    assert "Le dossier n’a aucun document." in text


def test_a_paper_is_added_changed_replaced_removed_on_pages(signed_in, referral):
    browser = signed_in("officer")
    facts = {"title": "Étude", "kind": "study", "source": "Insee", "level": "standard", "checks": ["contrast"]}
    nothing = browser.post(url("briefing-add", referral.pk), facts)
    assert (nothing.status_code, "l’un des deux" in words(nothing)) == (422, True)
    file = SimpleUploadedFile("etude.pdf", files.pdf("Un."))
    assert browser.post(url("briefing-add", referral.pk), {**facts, "file": file}).status_code == 302
    document = BriefingDocument.objects.get()
    browser.post(url("document-edit", document.pk), {**facts, "title": "Étude 2026"})
    newer = SimpleUploadedFile("etude.pdf", files.pdf("Deux."))
    browser.post(url("document-version", document.pk), {"file": newer})
    text = words(browser.get(url("briefing", referral.pk)))
    for told in ("Étude 2026", "version 2", "1 version antérieure", "PDF, 1 page"):
        assert told in text
    assert browser.get(url("document-edit", document.pk)).status_code == 404
    current = BriefingDocument.objects.current().get()
    assert browser.get(url("document-remove", current.pk)).status_code == 200
    assert browser.post(url("document-remove", current.pk), {}).status_code == 422
    browser.post(url("document-remove", current.pk), {"reason": "Dépassé."})
    assert "1 document retiré" in words(browser.get(url("briefing", referral.pk)))
    assert browser.post(url("document-move", current.pk), {"direction": "up"}).status_code == 404


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example/"])
def test_an_address_that_is_no_page_is_refused(signed_in, referral, link):
    facts = {"title": "Étude", "kind": "study", "source": "Insee", "level": "standard", "link": link}
    answer = signed_in("officer").post(url("briefing-add", referral.pk), facts)
    assert (answer.status_code, BriefingDocument.objects.exists()) == (422, False)


def test_an_archive_gives_lines_then_documents(signed_in, referral):
    browser = signed_in("officer")
    content = files.archive({"a.pdf": files.pdf("Un."), "b.pdf": b"MZ\x00\x01", "c.txt": "Bonjour."})
    page = browser.post(url("briefing-drop", referral.pk), {"papers": SimpleUploadedFile("tout.zip", content)})
    assert page.status_code == 422
    for told in ("1 fichier sur 3 est refusé", "b.pdf", "2 fichiers sont gardés"):
        assert told in words(page)
    one, two = BriefingDeposit.objects.order_by("pk")
    assert "2 fichiers déposés sont à décrire" in words(browser.get(url("briefing", referral.pk)))
    told = {"source": "Insee", f"f{one.pk}-keep": "on", f"f{one.pk}-title": "A", f"f{one.pk}-kind": "law",
            f"f{one.pk}-level": "standard", f"f{two.pk}-title": "C", f"f{two.pk}-kind": "study",
            f"f{two.pk}-level": "standard"}  # fmt: skip
    assert browser.post(url("briefing-describe", referral.pk), {**told, "source": ""}).status_code == 422
    untitled = browser.post(url("briefing-describe", referral.pk), {**told, f"f{one.pk}-title": ""})
    assert (untitled.status_code, f"#fichier-{one.pk}" in words(untitled)) == (422, True)
    assert browser.post(url("briefing-describe", referral.pk), told).status_code == 302
    assert list(BriefingDocument.objects.values_list("title", "kind", "source")) == [("A", "law", "Insee")]
    assert browser.get(url("briefing-describe", referral.pk)).status_code == 302


def test_opening_says_what_is_missing_and_how_many_are_told(signed_in, people, referral):
    MandateFactory.create_batch(2, term=people.term)
    browser = signed_in("officer")
    empty = browser.get(url("briefing-release", referral.pk))
    assert (empty.status_code, "Ouvrir le dossier</button>" in words(empty)) == (200, False)
    assert browser.post(url("briefing-release", referral.pk), {"when": "now"}).status_code == 422
    BriefingDocumentFactory(pack__referral=referral, by_link=True)
    page = words(browser.get(url("briefing-release", referral.pk)))
    for told in ("Ouvrir le dossier à 2 membres ?", "2 courriels", "Aucun document n’est en facile à lire"):
        assert told in page
    late = {"when": "later", "moment": "2020-01-01T08:00"}
    assert browser.post(url("briefing-release", referral.pk), late).status_code == 422
    moment = f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    browser.post(url("briefing-release", referral.pk), {"when": "later", "moment": moment})
    assert "Il s’ouvre tout seul" in words(browser.get(url("briefing", referral.pk)))
    browser.post(url("briefing-unschedule", referral.pk))
    browser.post(url("briefing-release", referral.pk), {"when": "now"})
    assert BriefingPack.objects.get().is_released
    assert browser.post(url("briefing-release", referral.pk), {"when": "now"}).status_code == 409


def test_a_member_sees_nothing_before_the_opening(signed_in, people, referral):
    pack = filled(referral, released=False)
    browser = signed_in("member")
    document = pack.documents.first()
    for page in (url("my-briefing", referral.pk), url("my-briefing-zip", referral.pk)):
        assert browser.get(page).status_code == 404
    assert browser.get(reverse("documents:upload", args=[document.upload.public_id])).status_code == 404
    assert browser.post(url("my-briefing-pdf", referral.pk)).status_code == 404
    briefing.release(referral, by=people["officer"])
    text = words(browser.get(url("my-briefing", referral.pk)))
    assert text.index("L’essentiel") < text.index("Le schéma Autonomie")
    assert browser.get(reverse("documents:upload", args=[document.upload.public_id])).status_code == 200


def test_an_addition_is_said_to_be_new(signed_in, referral):
    pack = filled(referral)
    BriefingPack.objects.filter(pk=pack.pk).update(released_at=timezone.now() - timedelta(days=30))
    BriefingDocument.objects.update(added_at=timezone.now() - timedelta(days=31))
    BriefingDocumentFactory(pack=pack, title="La dernière enquête", by_link=True)
    text = words(signed_in("member").get(url("my-briefing", referral.pk)))
    assert text.count("La dernière enquête") == 3  # among the news, its line, the name of its button
    assert "Nouveau" in text


def test_the_archive_has_an_index_and_safe_names(signed_in, referral):
    filled(referral)
    answer = signed_in("member").get(url("my-briefing-zip", referral.pk))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.namelist() == ["01-index.txt", "02-lessentiel.docx", "03-le-schema-autonomie.pdf"]
        index = archive.read("01-index.txt").decode("utf-8-sig")
    for told in (
        "L’essentiel (facile à lire)",
        "Fichier\u00a0: 03-le-schema-autonomie.pdf",
        "https://www.example.org/etude",
    ):
        assert told in index


def test_all_in_one_pdf_carries_the_originals(signed_in, people, referral, tmp_path):
    filled(referral)
    browser = signed_in("member")
    browser.post(url("my-briefing-pdf", referral.pk))
    browser.post(url("my-briefing-pdf", referral.pk))
    job = Rendition.objects.get()
    fulfil(job)
    job.refresh_from_db()
    assert job.is_ready, job.error
    path = tmp_path / "pack.pdf"
    path.write_bytes(job.open())
    with pikepdf.open(path) as made:
        assert sorted(made.attachments) == ["01-lessentiel.docx", "02-le-schema-autonomie.pdf"]
        assert made.attachments["02-le-schema-autonomie.pdf"].get_file().read_bytes() == files.pdf("Un.")
    assert verapdf.verdicts(path) == {"3a": [], "ua1": []}
    answer = signed_in(people.make("member", people.term)).post(url("my-briefing-pdf", referral.pk))
    assert answer.status_code == 302
    assert Rendition.objects.count() == 1
    assert browser.get(answer.url).status_code == 200


def test_the_scoping_note_enters_the_pack_in_one_click(signed_in, referral):
    browser = signed_in("officer")
    browser.post(url("briefing-note", referral.pk))
    assert not BriefingDocument.objects.exists()
    note = ScopingNoteFactory(referral=referral, body="<p>Mots.</p>")
    assert "Ajouter la note de cadrage" in browser.get(url("briefing", referral.pk)).content.decode()
    browser.post(url("briefing-note", referral.pk))
    assert BriefingDocument.objects.get().kind == "scoping_note"
    assert url("briefing-note", referral.pk) not in browser.get(url("briefing", referral.pk)).content.decode()
    note.version += 1
    note.save(update_fields=["version"])
    assert "Reprendre la note de cadrage" in browser.get(url("briefing", referral.pk)).content.decode()
    browser.post(url("briefing-note", referral.pk))
    assert BriefingDocument.objects.current().get().number == 2


def test_a_hearing_from_the_plan_to_the_report(signed_in, people, referral):
    browser = signed_in("officer")
    facts = {"kind": "hearing", "title": "Audition d’une gériatre", "starts_at": "2026-11-20T18:00", "place": "CHU"}
    assert (
        browser.post(url("hearing-create", referral.pk), {**facts, "ends_at": "2026-11-20T17:00"}).status_code == 422
    )
    browser.post(url("hearing-create", referral.pk), {**facts, "starts_at": "2099-11-20T18:00"})
    hearing = Hearing.objects.get()
    guest = {"capacity": "gériatre", "kind": "expert"}
    assert browser.post(url("guest-add", hearing.pk), guest).status_code == 422
    browser.post(url("guest-add", hearing.pk), {**guest, "name": "Anne Pujol", "is_public": "on"})
    browser.post(url("guest-add", hearing.pk), {**guest, "name": "Zoé Barthe"})
    assert browser.post(url("hearing-step", hearing.pk, "tenue")).status_code == 409
    browser.post(url("hearing-edit", hearing.pk), facts)
    browser.post(url("hearing-step", hearing.pk, "tenue"))
    page = browser.get(url("hearing-report", hearing.pk))
    assert page.status_code == 200
    typed = {"text": "Premier point.\n\n- un\n- deux", "format": "text", "version": 0}
    browser.post(url("hearing-report", hearing.pk), typed)
    hearing.refresh_from_db()
    assert (hearing.state, hearing.report) == (
        HearingState.HELD, "<p>Premier point.</p><ul><li>un</li><li>deux</li></ul>",
    )  # fmt: skip
    assert "2 experts" in words(browser.get(url("hearings", referral.pk)))
    assert "Premier point" in words(signed_in("member").get(url("my-hearing", hearing.pk)))


def test_a_report_saved_twice_shows_both(signed_in, people, referral):
    hearing = HearingFactory(referral=referral, held=True)
    browser = signed_in("officer")
    page = url("hearing-report", hearing.pk)
    first = browser.post(
        page,
        {"text": "<p>Un.</p><script>x</script>", "format": "html", "version": 0},
        headers={"accept": "application/json"},
    )
    assert (first.status_code, json.loads(first.content)["version"]) == (200, 1)
    again = browser.post(
        page, {"text": "<p>Deux.</p>", "format": "html", "version": 0}, headers={"accept": "application/json"}
    )
    told = json.loads(again.content)
    assert (again.status_code, "<p>Un.</p>" in told["panel"], "<p>Deux.</p>" in told["panel"]) == (409, True, True)
    plain = browser.post(page, {"text": "Trois.", "format": "text", "version": 0})
    assert (plain.status_code, "<p>Un.</p>" in words(plain), "Trois." in words(plain)) == (409, True, True)
    broken = browser.post(
        page,
        {"text": "<p>\U0001f600\ue000</p>", "format": "html", "version": 1},
        headers={"accept": "application/json"},
    )
    assert broken.status_code == 422


def test_the_public_reads_only_the_names_that_were_agreed(client, people):
    referral = ReferralFactory(term=people.term, working=True, published=True)
    hearing = HearingFactory(referral=referral, held=True, title="Audition d’une gériatre", report="<p>Secret.</p>")
    HearingGuestFactory(hearing=hearing, name="Anne Pujol", is_public=True)
    HearingGuestFactory(hearing=hearing, name="Zoé Barthe")
    HearingFactory(referral=referral, cancelled=True, title="Audition annulée")
    text = words(client.get(reverse("consultations:public", args=[referral.reference])))
    assert "Anne Pujol" in text
    assert "2 experts" in text
    for hidden in ("Zoé Barthe", "Secret.", "Audition annulée"):
        assert hidden not in text


def test_members_of_the_group_have_it_in_their_calendar(signed_in, people, referral):
    group = CommitteeFactory(term=people.term)
    CommitteeMembershipFactory(committee=group, person=people["member"].person, ends_on=None)
    hearing = HearingFactory(referral=referral, committee=group, title="Visite de l’EHPAD")
    browser = signed_in("member")
    browser.post(reverse("sittings:feed"), {"step": "open"})
    address = browser.get(reverse("sittings:feed")).context["address"]
    path = "/" + address.split("/", 3)[3]
    assert "SUMMARY:Visite de l’EHPAD" in words(browser.get(path))
    assert "Visite de l’EHPAD" in words(browser.get("/espace/"))
    Hearing.objects.filter(pk=hearing.pk).update(state=HearingState.CANCELLED, reason="Malade")
    assert "STATUS:CANCELLED" in words(browser.get(path))
    assert "STATUS:CANCELLED" in words(browser.get(url("my-hearing-event", hearing.pk)))
    other = signed_in(people.make("member", people.term))
    other.post(reverse("sittings:feed"), {"step": "open"})
    address = other.get(reverse("sittings:feed")).context["address"]
    assert "Visite" not in words(other.get("/" + address.split("/", 3)[3]))


def test_what_waits_stands_on_the_desk(signed_in, people, referral):
    filled(referral, released=False)
    HearingFactory(referral=referral, held=True, title="Audition A")
    HearingFactory(referral=referral, title="Audition B", starts_at=timezone.now() - timedelta(days=1))
    text = words(signed_in("officer").get("/bureau/"))
    for told in ("Ouvrir le dossier : Bien vieillir", "Écrire le compte rendu de l’audition : Audition A"):
        assert told in text
    assert "Dire si elle a eu lieu : Audition B" in text


def test_a_guest_is_taken_off_and_never_from_another_hearing(signed_in, people, referral):
    guest = HearingGuestFactory(hearing=HearingFactory(referral=referral))
    browser = signed_in("officer")
    other = HearingFactory(referral=referral)
    assert browser.post(url("guest-remove", other.pk, guest.pk)).status_code == 404
    browser.post(url("guest-remove", guest.hearing_id, guest.pk))
    assert HearingGuest.objects.get().removed_at is not None
