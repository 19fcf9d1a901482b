"""The letter: composed of what was kept, corrected, sent once to its readers, saved as HTML and Word."""

import io

import docx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.imports.tables import read_table
from assembly.institution.models import RoleAssignment
from assembly.notifications import preferences
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, LocalMessage
from assembly.web.errors import StateConflict
from mission.registers.declaration import registers
from mission.registers.importing import form_rows
from mission.watch.mails import readers_of
from mission.watch.models import DigestReader, WatchDigest, WatchItem
from tests.factories.watch import DigestReaderFactory, WatchDigestFactory, WatchItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}


def send(digest, by):
    registers["digests"].workflow.transition(digest, "send", by=by)


def test_one_click_composes_it_from_what_is_kept(people, signed_in):
    WatchItemFactory(assembly=people.assembly, name="Un arrêt", state="retained", link="https://exemple.fr/arret")
    WatchItemFactory(assembly=people.assembly, name="Autre chose", state="read")
    WatchItemFactory(assembly=people.elsewhere("lead").roles.get().assembly, name="D’ailleurs", state="retained")
    browser = signed_in("officer")
    page = browser.get(reverse("mission:digests-new"))
    form = page.context["form"]
    assert form["body"].value() == "## Juridique\n\n### Un arrêt\n\nhttps://exemple.fr/arret"
    sent = browser.post(
        reverse("mission:digests-new"), {"name": "Veille", "body": form["body"].value() + "\n\nEt ceci."}
    )
    digest = WatchDigest.objects.get()
    assert sent.url == reverse("mission:digests-row", args=[digest.pk])
    assert digest.body.endswith("Et ceci.")


def test_it_leaves_once_to_each_reader_and_notes_what_it_told(people):
    DigestReaderFactory(assembly=people.assembly, user=people["lead"])
    DigestReaderFactory(assembly=people.assembly, user=people["dir_contact"])
    DigestReaderFactory(assembly=people.assembly, user=None, directorate=people.directorate)
    people["dir_approver"]
    left = people["officer"]
    DigestReaderFactory(assembly=people.assembly, user=left)
    RoleAssignment.objects.filter(user=left).update(ended_at="2026-11-01T00:00:00Z")
    told = WatchItemFactory(assembly=people.assembly, state="retained", link="https://exemple.fr/arret")
    kept = WatchItemFactory(assembly=people.assembly, state="retained", name="Hors lettre")
    digest = WatchDigestFactory(assembly=people.assembly)
    send(digest, people["lead"])
    wanted = sorted(people[who].email for who in ("lead", "dir_contact", "dir_approver"))
    assert sorted(Delivery.objects.values_list("address", flat=True)) == wanted
    sending.run(0)
    assert LocalMessage.objects.count() == 3
    told.refresh_from_db()
    kept.refresh_from_db()
    digest.refresh_from_db()
    assert (told.state, kept.state, digest.state, digest.sent_at is not None) == ("shared", "retained", "sent", True)
    assert Entry.objects.filter(event_type__in=["watch_digest.sent", "watch_item.shared"]).count() == 2
    with pytest.raises(StateConflict):
        send(digest, people["lead"])
    assert Delivery.objects.count() == 3


def test_nobody_to_write_to_is_said(people):
    digest = WatchDigestFactory(assembly=people.assembly)
    with pytest.raises(ValidationError, match="Personne ne reçoit la lettre"):
        send(digest, people["lead"])
    with pytest.raises(PermissionDenied):
        send(digest, people["facilitator"])


def test_whoever_refuses_such_mail_gets_none(people):
    DigestReaderFactory(assembly=people.assembly, user=people["lead"])
    DigestReaderFactory(assembly=people.assembly, user=people["officer"])
    preferences.choose(people["lead"].person, optional_mail=False, by=people["lead"])
    send(WatchDigestFactory(assembly=people.assembly), people["lead"])
    assert list(Delivery.objects.exclude(address="").values_list("address", flat=True)) == [people["officer"].email]


def test_what_has_left_is_not_corrected(people, signed_in):
    DigestReaderFactory(assembly=people.assembly, user=people["lead"])
    digest = WatchDigestFactory(assembly=people.assembly)
    browser = signed_in("lead")
    address = reverse("mission:digests-edit", args=[digest.pk])
    typed = {"name": "Autre", "body": "Autre", "version": 1}
    assert "Modifier" in browser.get(reverse("mission:digests-row", args=[digest.pk])).content.decode()
    send(digest, people["lead"])
    assert browser.get(address).status_code == 409
    for version in (1, 2):
        assert browser.post(address, typed | {"version": version}).status_code == 409
    link = reverse("mission:digests-link-add", args=[digest.pk])
    assert browser.post(link, {"end": f"directorate:{people.directorate.pk}"}).status_code == 409
    for name in ("row", "files"):
        page = browser.get(reverse(f"mission:digests-{name}", args=[digest.pk])).content.decode()
        assert not any(words in page for words in ("Modifier", "Ajouter un lien", "Déposer un fichier")), name
    chosen = {"ligne": digest.pk, "acte": "confier", "owner": people["officer"].pk}
    assert browser.post(reverse("mission:digests-chosen"), chosen).status_code == 409
    digest.refresh_from_db()
    assert (digest.name, digest.owner) == ("Veille, novembre 2026", None)


@pytest.mark.parametrize("act", [{"name": "Autre"}, {"state": "draft", "sent_at": None}, {"notes": "Vu."}, None])
def test_the_database_refuses_to_change_what_has_left(people, act):
    draft = WatchDigestFactory(assembly=people.assembly)
    WatchDigest.objects.filter(pk=draft.pk).update(name="Corrigée")
    sent = WatchDigestFactory(assembly=people.assembly, state="sent")
    rows = WatchDigest.objects.filter(pk=sent.pk)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        rows.update(**act) if act else rows.delete()


def test_a_line_of_a_file_does_not_change_what_has_left(people):
    sent = WatchDigestFactory(assembly=people.assembly, state="sent")
    table = read_table(f"Référence;Nom\n{sent.reference};Autre\n".encode())
    plan = form_rows(registers["digests"]).plan(table, people.term)
    assert [(error["line"], error["message"]) for error in plan.errors] == [
        (2, "Cette fiche est partie : elle ne change plus.")
    ]


def test_it_is_saved_as_html_and_word(people, signed_in):
    digest = WatchDigestFactory(assembly=people.assembly, body="## Juridique\n\n### <b>Un arrêt</b>\n\nSon sens.")
    browser = signed_in("officer")
    page = browser.get(reverse("mission:digest-file", args=[digest.pk, "html"]))
    assert "<h3>&lt;b&gt;Un arrêt&lt;/b&gt;</h3>" in page.content.decode()
    assert page["Content-Disposition"].startswith("attachment")
    word = browser.get(reverse("mission:digest-file", args=[digest.pk, "docx"]))
    paragraphs = [(part.style.name, part.text) for part in docx.Document(io.BytesIO(word.content)).paragraphs]
    assert paragraphs == [
        ("Title", "Veille, novembre 2026"),
        ("Heading 1", "Juridique"),
        ("Heading 2", "<b>Un arrêt</b>"),
        ("Normal", "Son sens."),
    ]
    assert browser.get(reverse("mission:digest-file", args=[digest.pk, "exe"])).status_code == 404
    outside = signed_in(people.elsewhere("lead")).get(reverse("mission:digest-file", args=[digest.pk, "docx"]))
    assert outside.status_code == 404


def test_readers_are_added_once_and_taken_away(people, signed_in):
    people["dir_contact"]
    browser = signed_in("lead")
    address = reverse("mission:digest-readers")
    for data, status in [
        ({"user": people["officer"].pk}, 302),
        ({"user": people["officer"].pk}, 302),
        ({"directorate": people.directorate.pk}, 302),
        ({}, 422),
        ({"user": people["officer"].pk, "directorate": people.directorate.pk}, 422),
        ({"user": people.elsewhere("lead").pk}, 422),
        ({"user": people["member"].pk}, 422),
        ({"user": "\0"}, 400),
        ({"user": 2**63}, 422),
    ]:
        assert browser.post(address, data).status_code == status, data
    assert [user.pk for user in readers_of(people.assembly.pk)] == sorted(
        [people["officer"].pk, people["dir_contact"].pk]
    ) or len(readers_of(people.assembly.pk)) == 2
    row = DigestReader.objects.get(user=people["officer"])
    remove = reverse("mission:digest-reader-remove", args=[row.pk])
    assert signed_in(people.elsewhere("lead")).post(remove).status_code == 404
    assert browser.post(remove).status_code == 302
    assert browser.post(remove).status_code == 404
    assert Entry.objects.filter(event_type="watch_digest.reader_added").count() == 2


def test_an_item_told_already_is_refused_with_its_reference(people, signed_in):
    known = WatchItemFactory(assembly=people.assembly, name="Un arrêt", link="https://exemple.fr/arret")
    browser = signed_in("officer")
    address = reverse("mission:watch-new")
    typed = {"kind": "legal", "relevance": "2"}
    for data in ({"name": "Autre", "link": "http://www.exemple.fr/arret/"}, {"name": "UN ARRET"}):
        answer = browser.post(address, typed | data)
        assert answer.status_code == 422
        assert known.reference in answer.content.decode()
    assert browser.post(address, typed | {"name": "Neuf", "link": "https://exemple.fr/neuf"}).status_code == 302
    row = WatchItem.objects.get(name="Neuf")
    assert (
        browser.post(
            reverse("mission:watch-edit", args=[row.pk]),
            typed | {"name": "Neuf aussi", "link": row.link, "version": 1},
        ).status_code
        == 302
    )


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "http://[::1", "x" * 3000])
def test_a_link_that_leads_nowhere_is_refused(people, signed_in, link):
    answer = signed_in("officer").post(
        reverse("mission:watch-new"), {"name": "Un lien", "kind": "legal", "relevance": "2", "link": link}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "typed",
    [
        "file:///etc/passwd",
        "https://moi:secret@exemple.fr/flux",
        "https://exemple.fr:8443/flux",
        "http://exemple.fr\\@127.0.0.1/",
        "",
    ],
)
def test_a_source_that_the_fetcher_would_refuse_is_refused_when_typed(people, signed_in, typed):
    data = {"name": "Flux", "kind": "feed", "item_kind": "legal", "address": typed}
    assert signed_in("officer").post(reverse("mission:sources-new"), data).status_code == 422
