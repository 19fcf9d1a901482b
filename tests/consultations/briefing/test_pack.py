"""The pack: papers, versions, order, opening once, additions told once a day; files that lie are refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.documents.models import Upload, UploadState
from assembly.documents.rules import can_read_upload
from assembly.files.fields import UploadField
from assembly.identity.models import User
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import kinds
from assembly.workflow import StateConflict
from consultations.briefing import actions
from consultations.briefing.actions import read_batch
from consultations.briefing.models import LanguageLevel
from consultations.briefing.queries import documents_of, former_versions, pack_of
from consultations.briefing.rules import missing
from consultations.models import BriefingDeposit, BriefingDocument, BriefingPack, Referral, ReferralState
from consultations.tasks import open_packs
from tests import files
from tests.factories.consultations import (
    BriefingDocumentFactory,
    BriefingPackFactory,
    ReferralFactory,
    ScopingNoteFactory,
)
from tests.factories.documents import UploadFactory
from tests.factories.members import MandateFactory
from tests.scanner import DANGER, Scanner

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEDNESDAY = datetime(2026, 11, 25, 8, 5, tzinfo=PARIS)
FACTS = {"title": "Étude", "source": "Insee", "kind": "study"}


@pytest.fixture
def referral(people):
    return ReferralFactory(term=people.term, working=True)


def checked(content, name="etude.pdf"):
    return UploadField(kinds=("pdf", "office", "csv", "text")).clean(SimpleUploadedFile(name, content))


def titles(referral):
    return [document.title for document in documents_of(pack_of(referral))]


def test_a_file_is_added_with_its_pages_and_journalled(people, referral):
    document = actions.add(referral, by=people["officer"], file=checked(files.pdf("Une.", "Deux.")), **FACTS)
    assert (document.pages, document.number, document.position) == (2, 1, 0)
    assert Entry.objects.filter(event_type="briefing.document_added").count() == 1


def test_a_word_file_can_be_read_aloud(people, referral):
    document = actions.add(referral, by=people["officer"], file=checked(files.word("Bonjour."), "a.docx"), **FACTS)
    assert (document.checks, document.pages) == ({"text_layer": True}, None)


@pytest.mark.parametrize("who", ["member", "facilitator", "president", "dir_contact", "stranger"])
def test_only_the_team_prepares_the_pack(people, referral, who):
    with pytest.raises(PermissionDenied):
        actions.add(referral, by=people[who], link="https://example.org/", **FACTS)


def test_a_new_version_takes_the_place_and_keeps_the_former(people, referral):
    officer = people["officer"]
    for name in "abc":
        actions.add(referral, by=officer, link=f"https://example.org/{name}", **{**FACTS, "title": name})
    second = BriefingDocument.objects.get(title="b")
    version = actions.replace(second, by=officer, link="https://example.org/b2")
    assert (titles(referral), version.number) == (["a", "b", "c"], 2)
    assert former_versions(pack_of(referral)) == {version.pk: [second]}
    with pytest.raises(ValidationError, match="retiré ou remplacé"):
        actions.replace(second, by=officer, link="https://example.org/b3")


def test_order_is_moved_and_what_was_removed_does_not_move(people, referral):
    officer = people["officer"]
    made = [actions.add(referral, by=officer, link="https://a.example/", **{**FACTS, "title": n}) for n in "abc"]
    actions.reorder(made[2], "up", by=officer)
    actions.reorder(made[0], "up", by=officer)
    assert titles(referral) == ["a", "c", "b"]
    actions.remove(made[0], reason="Dépassé.", by=officer)
    assert titles(referral) == ["c", "b"]
    for act in (
        lambda: actions.reorder(made[0], "down", by=officer),
        lambda: actions.remove(made[0], reason="", by=officer),
    ):
        with pytest.raises(ValidationError, match="n’est plus dans le dossier"):
            act()


def test_several_files_are_judged_one_by_one():
    archive = files.archive({"etude.pdf": files.pdf("Un."), "menteur.pdf": b"MZ\x00\x01program", "note.txt": "Mots."})
    rows = read_batch([SimpleUploadedFile("tout.zip", archive), SimpleUploadedFile("vide.pdf", b"")])
    assert [(row.number, row.name, bool(row.file)) for row in rows] == [
        (1, "etude.pdf", True),
        (2, "menteur.pdf", False),
        (3, "note.txt", True),
        (4, "vide.pdf", False),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (files.archive({"../../etc/passwd": "x"}), "nom de fichier interdit"),
        (files.archive({"zeros.txt": b"0" * 30_000_000}), "trop lourde"),
        (files.long_pdf(10_000), "pages. Coupez-le"),
    ],
)
def test_dangerous_archives_and_endless_files_are_one_refused_line(content, words):
    (row,) = read_batch([SimpleUploadedFile("etude.pdf", content)])
    assert (row.file, words in row.refusal) == (None, True)


def test_an_infected_file_is_refused_alone(settings):
    scanner = Scanner()
    settings.CLAMD_ADDRESS = scanner.address
    try:
        rows = read_batch([SimpleUploadedFile("a.txt", DANGER), SimpleUploadedFile("b.txt", b"Bonjour a tous.")])
    finally:
        scanner.stop()
    assert [bool(row.file) for row in rows] == [False, True]
    assert "programme dangereux" in rows[0].refusal


def test_deposits_wait_until_they_are_described(people, referral):
    officer = people["officer"]
    one, two = actions.deposit(
        referral, read_batch([SimpleUploadedFile(n, b"Bonjour a tous.") for n in ("a.txt", "b.txt")]), by=officer
    )
    assert titles(referral) == []
    assert not can_read_upload(people["member"], one.upload)
    assert can_read_upload(officer, one.upload)
    actions.describe(referral, {one: dict(FACTS), two: None}, by=officer)
    assert titles(referral) == ["Étude"]
    assert Upload.objects.get(pk=two.upload_id).is_withdrawn
    gone = BriefingDeposit(pk=999, pack=pack_of(referral), upload=two.upload)
    assert actions.describe(referral, {gone: dict(FACTS)}, by=officer) == []


def test_deposits_forgotten_for_a_week_are_withdrawn(people, referral):
    (row,) = actions.deposit(referral, read_batch([SimpleUploadedFile("a.txt", b"Bonjour.")]), by=people["officer"])
    BriefingDeposit.objects.update(deposited_at=timezone.now() - timedelta(days=8))
    assert (actions.withdraw_old_deposits(), actions.withdraw_old_deposits()) == (1, 0)
    assert Upload.objects.get(pk=row.upload_id).is_withdrawn


def test_the_scoping_note_is_printed_once_a_version(people, referral):
    note = ScopingNoteFactory(referral=referral, body="<p>Ce que disent les directions.</p>")
    first = actions.add_scoping_note(referral, by=people["officer"])
    assert actions.add_scoping_note(referral, by=people["officer"]).pk == first.pk
    assert (first.upload.blob.open()[:5], first.pages, first.checks["headings"]) == (b"%PDF-", 1, True)
    note.version += 1
    note.save()
    assert actions.add_scoping_note(referral, by=people["officer"]).number == 2


def test_nothing_to_read_is_not_opened(people, referral):
    with pytest.raises(ValidationError, match="aucun document"):
        actions.release(referral, by=people["officer"])
    BriefingDocumentFactory(pack__referral=referral, upload=UploadFactory(state=UploadState.WAITING))
    with pytest.raises(ValidationError, match="aucun document"):
        actions.release(referral, by=people["officer"])


def test_a_question_that_members_do_not_see_is_not_opened(people):
    referral = ReferralFactory(term=people.term, state=ReferralState.INTERNAL_REVIEW)
    actions.add(referral, by=people["officer"], link="https://example.org/", **FACTS)
    with pytest.raises(StateConflict):
        actions.release(referral, by=people["officer"])


def test_opening_tells_each_member_once(people, referral):
    MandateFactory.create_batch(2, term=people.term)
    paper = MandateFactory(term=people.term, paper=True)
    document = actions.add(referral, by=people["officer"], link="https://example.org/", **FACTS)
    actions.release(referral, by=people["officer"])
    assert Delivery.objects.filter(distribution__kind="briefing-open").count() == 3
    assert Delivery.objects.get(person=paper.member.person).way == "paper"
    document.refresh_from_db()
    assert document.announced_at is not None
    with pytest.raises(StateConflict):
        actions.release(referral, by=people["officer"])
    assert Distribution.objects.filter(kind="briefing-open").count() == 1


def test_a_chosen_moment_opens_by_itself_exactly_once(people, referral):
    actions.add(referral, by=people["officer"], link="https://example.org/", **FACTS)
    with pytest.raises(ValidationError, match="à venir"):
        actions.schedule(referral, timezone.now() - timedelta(minutes=1), by=people["officer"])
    actions.schedule(referral, timezone.now() + timedelta(hours=1), by=people["officer"])
    assert actions.release_due(timezone.now()) == 0
    later = timezone.now() + timedelta(hours=2)
    assert (actions.release_due(later), actions.release_due(later)) == (1, 0)
    assert BriefingPack.objects.get().released_by == people["officer"]


def test_a_moment_is_given_up_and_an_ended_referral_is_not_opened(people, referral):
    actions.add(referral, by=people["officer"], link="https://example.org/", **FACTS)
    actions.schedule(referral, timezone.now() + timedelta(hours=1), by=people["officer"])
    actions.unschedule(referral, by=people["officer"])
    assert actions.release_due(timezone.now() + timedelta(hours=2)) == 0
    actions.schedule(referral, timezone.now() + timedelta(hours=1), by=people["officer"])
    referral.state = ReferralState.CLOSED
    referral.save()
    assert actions.release_due(timezone.now() + timedelta(hours=2)) == 0
    assert BriefingPack.objects.get().release_at is None


def test_additions_are_told_once_a_working_morning(people):
    MandateFactory(term=people.term)
    pack = BriefingPackFactory(referral=ReferralFactory(term=people.term, working=True), released=True)
    one = BriefingDocumentFactory(pack=pack, by_link=True)
    BriefingDocumentFactory(pack=pack, upload=UploadFactory(state=UploadState.WAITING))
    assert actions.send_document_news(WEDNESDAY.replace(hour=6)) == 0
    assert (actions.send_document_news(WEDNESDAY), actions.send_document_news(WEDNESDAY + timedelta(hours=2))) == (
        1,
        0,
    )
    BriefingDocumentFactory(pack=pack, by_link=True)
    assert actions.send_document_news(WEDNESDAY + timedelta(hours=3)) == 0
    assert actions.send_document_news(WEDNESDAY + timedelta(days=1)) == 1
    first = Delivery.objects.filter(distribution__kind="briefing-news").order_by("pk").first()
    assert first.context == {"documents": [one.pk]}


def test_what_is_missing_is_said_with_its_paper(people, referral):
    assert [line.blocks for line in missing([])] == [True]
    actions.add(referral, by=people["officer"], link="https://example.org/", **FACTS)
    words = " ".join(line.text for line in missing(documents_of(pack_of(referral)), 2))
    for told in ("facile à lire", "2 fichiers déposés", "« Étude », à contrôler : les mots difficiles"):
        assert told in words
    easy = {**FACTS, "level": LanguageLevel.EASY_READ}
    actions.add(referral, by=people["officer"], link="https://example.org/", **easy)
    assert "facile à lire" not in " ".join(line.text for line in missing(documents_of(pack_of(referral))))


def test_the_clock_runs_all_three(people, referral):
    with time_machine.travel(WEDNESDAY, tick=False):
        open_packs()
    assert Distribution.objects.count() == 0


def test_rights_on_the_files_of_a_pack(people, referral):
    document = actions.add(referral, by=people["officer"], file=checked(files.pdf("Un.")), **FACTS)
    before = {who: can_read_upload(people[who], document.upload) for who in ("officer", "facilitator", "member")}
    assert before == {"officer": True, "facilitator": True, "member": False}
    actions.release(referral, by=people["officer"])
    assert can_read_upload(people["member"], document.upload)
    assert not any(can_read_upload(people[who], document.upload) for who in ("dir_contact", "stranger"))
    assert not can_read_upload(people.elsewhere("member"), document.upload)
    version = actions.replace(document, by=people["officer"], file=checked(files.pdf("Deux.")))
    assert [can_read_upload(people["member"], row.upload) for row in (document, version)] == [False, True]
    assert can_read_upload(people["officer"], document.upload)


def test_the_words_of_the_mails_and_of_the_letter(people, referral):
    MandateFactory(term=people.term)
    paper = MandateFactory(term=people.term, paper=True)
    easy = {**FACTS, "title": "L’essentiel", "level": LanguageLevel.EASY_READ}
    actions.add(referral, by=people["officer"], link="https://example.org/", **easy)
    actions.release(referral, by=people["officer"])
    sending.run(0)
    opened = mail.outbox[-1]
    assert opened.subject == f"{referral.title}\u00a0: votre dossier à lire"
    for told in ("L’essentiel", "facile à lire", f"/espace/saisines/{referral.pk}/dossier/"):
        assert told in opened.body
    assert "L’essentiel" in opened.alternatives[0][0]
    letter = Delivery.objects.get(person=paper.member.person)
    kind = kinds["briefing-open"]
    shown = kind.context(letter.distribution, letter)
    assert "L’essentiel" in render_to_string("consultations/briefing/mail/open.letter.html", shown)
    actions.add(referral, by=people["officer"], link="https://example.org/2", **{**FACTS, "title": "L’enquête"})
    assert actions.send_document_news(WEDNESDAY) == 1
    sending.run(0)
    news = mail.outbox[-1]
    assert "un nouveau document à lire" in news.subject
    assert ("L’enquête" in news.body, "L’essentiel" in news.body) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_two_hands_and_the_clock_open_it_once(people):
    referral = ReferralFactory(term=people.term, working=True)
    MandateFactory(term=people.term)
    officer = people["officer"]
    actions.add(referral, by=officer, link="https://example.org/", **FACTS)
    actions.schedule(referral, timezone.now() + timedelta(hours=1), by=officer)
    later = timezone.now() + timedelta(hours=2)

    def act(number):
        try:
            if number % 2:
                actions.release_due(later)
            else:
                actions.release(Referral.objects.get(pk=referral.pk), by=User.objects.get(pk=officer.pk))
        except StateConflict:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))
    assert Distribution.objects.filter(kind="briefing-open").count() == 1
    assert Delivery.objects.count() == 1
    assert Entry.objects.filter(event_type="briefing.released").count() == 1
