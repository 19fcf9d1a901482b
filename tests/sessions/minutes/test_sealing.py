"""Sealed for real: two files with their seal, verified by their bytes; a rectified text supersedes the former one."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assembly.documents import storage
from assembly.documents.actions import renditions
from assembly.documents.actions.checks import verify_file
from assembly.documents.models import Document, DocumentState, Rendition, Revision, Verdict
from assembly.documents.queries import current_revision
from assembly.documents.seal import backends
from assembly.documents.tasks import render
from assembly.tasks import actions as tasks
from sessions.decisions import actions as decisions
from sessions.minutes.actions import publication, writing
from sessions.minutes.queries.facts import minutes_facts
from sessions.minutes.queries.minutes import minutes_for_page
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import AgendaItem, Attendance, Minutes, MinutesState, MinutesVisaCapacity
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    folder = settings.DATA_DIR / "keys"
    settings.SEAL_P12_FILE, settings.SEAL_TRUST_FILE = str(folder / "seal.p12"), str(folder / "root.pem")
    settings.TSA_URL, settings.BLOB_DIR = "", tmp_path / "blobs"
    yield
    backends.signer.cache_clear()


def verdict(revision):
    """Return the result of « Vérifier un document » for these bytes after a worker has verified their seal."""
    return verify_file(storage.path_of(revision.sha256)).verdict


def fresh(minutes):
    found = minutes_for_page(minutes.held.officer).get(pk=minutes.pk)
    found.held = minutes.held
    return found


def give_visas(minutes):
    publication.record_visa(minutes, MinutesVisaCapacity.CHAIR, by=minutes.held.officer)
    publication.give_visa(minutes, MinutesVisaCapacity.SECRETARY, by=minutes.held.secretary)


def work():
    """Do what a worker does with every rendition that waits."""
    for pk in Rendition.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
        render(pk)


def seal(minutes):
    """Give both visas, request the seal and render it as a worker."""
    give_visas(minutes)
    publication.seal(minutes, by=minutes.held.officer)
    work()
    return fresh(minutes)


def test_a_key_that_cannot_be_read_is_said_on_the_page_at_once(people, signed_in, settings, tmp_path):
    settings.SEAL_P12_FILE, settings.LOCAL = str(tmp_path / "seal.p12"), False
    backends.signer.cache_clear()
    minutes = seal(at_state(written_minutes(people), MinutesState.APPROVED))
    page = signed_in(minutes.held.officer).get(reverse("sittings:minutes", args=[minutes.sitting_id])).content.decode()
    assert "Scellement en cours" not in page
    assert "Le cachet n’a pas pu être posé." in page
    assert page.count("Le fichier du cachet, seal.p12, est introuvable") >= 2
    assert minutes.state == MinutesState.APPROVED


def test_rectified_text_supersedes_the_former_file(people):
    minutes = written_minutes(people)
    first = seal(at_state(minutes, MinutesState.APPROVED))
    assert (first.state, first.internal_document.reference) == (MinutesState.SIGNED, "PL-2026-02-PV")
    assert first.public_document.reference == "PL-2026-02-PV-PUB"
    MINUTES.transition(first, "publish", by=minutes.held.officer)
    before = current_revision(first.public_document)
    assert verdict(before) == Verdict.CURRENT

    found = fresh(minutes)
    section = found.sections.get(agenda_item=minutes.held.items[1])
    change = {"passage": "novembre 2026", "proposal": "décembre 2026", "reason": "Erreur matérielle"}
    publication.rectify(found, section, by=people["lead"], **change)
    again = seal(fresh(minutes))
    assert again.state == MinutesState.SIGNED
    MINUTES.transition(again, "publish", by=minutes.held.officer)
    after = current_revision(again.public_document)
    assert (verdict(before), verdict(after)) == (Verdict.SUPERSEDED, Verdict.CURRENT)
    assert Document.objects.filter(reference__startswith="PL-2026-02-PV").count() == 2
    assert Document.objects.get(reference="PL-2026-02-PV-PUB").state == DocumentState.PUBLISHED
    assert Minutes.objects.get().state == MinutesState.PUBLISHED


def test_report_of_a_committee_is_sealed_and_its_list_of_decisions_too(people):
    minutes = written_minutes(people, committee=True)
    at_state(minutes, MinutesState.CIRCULATED)
    publication.seal(minutes, by=minutes.held.officer)
    MINUTES.transition(minutes, "make_record", by=minutes.held.officer)
    work()
    found = fresh(minutes)
    assert found.is_sealed
    assert found.decisions_document.reference == "COPIL-2026-01-RD"
    publication.distribute_record(found, by=minutes.held.officer)
    MINUTES.transition(found, "publish", by=minutes.held.officer)
    assert fresh(minutes).state == MinutesState.PUBLISHED
    assert Revision.objects.filter(document=found.decisions_document, purpose="seal").count() == 1


def test_a_sealed_report_that_was_reopened_is_sealed_again(people):
    """Its seals belong to a former text: it is sealed anew once circulated anew, under the same references."""
    minutes = written_minutes(people, committee=True)
    at_state(minutes, MinutesState.CIRCULATED)
    publication.seal(minutes, by=minutes.held.officer)
    work()
    assert fresh(minutes).is_sealed
    MINUTES.transition(fresh(minutes), "reopen", by=people["lead"], reason="Une date est fausse.")
    found = fresh(minutes)
    assert (found.state, found.is_sealed, found.signed_at) == (MinutesState.DRAFT, False, None)
    section = found.sections.get(agenda_item=minutes.held.items[1])
    writing.write(
        found, section.agenda_item, "<p>En décembre.</p>", revision=section.revision, by=minutes.held.officer
    )
    at_state(minutes, MinutesState.CIRCULATED)
    publication.seal(fresh(minutes), by=minutes.held.officer)
    assert not fresh(minutes).is_sealed
    work()
    again = fresh(minutes)
    assert (again.is_sealed, again.internal_document.reference) == (True, "COPIL-2026-01-CR")
    assert Revision.objects.filter(document=again.internal_document, purpose="seal").count() == 2


def test_a_file_of_an_earlier_request_is_not_half_of_the_next_one(people):
    """The public file failed, the internal one was made: sealed means two files of one request."""
    minutes = at_state(written_minutes(people), MinutesState.APPROVED)
    give_visas(minutes)
    for rendition in publication.seal(minutes, by=minutes.held.officer):
        if rendition.kind == "minutes-public":
            render(rendition.pk)
        else:
            renditions.fail(rendition, "La production a échoué.")
    internal, public = publication.seal(fresh(minutes), by=minutes.held.officer)
    render(internal.pk)
    assert fresh(minutes).state == MinutesState.APPROVED
    render(public.pk)
    assert fresh(minutes).state == MinutesState.SIGNED


def test_minutes_that_changed_after_the_click_are_not_sealed(people):
    """Hours of presence may be corrected while the work waits: the visas do not cover them."""
    minutes = at_state(written_minutes(people), MinutesState.APPROVED)
    give_visas(minutes)
    asked = publication.seal(minutes, by=minutes.held.officer)
    stay = Attendance.objects.filter(invitee__sitting=minutes.sitting).order_by("pk").first()
    Attendance.objects.filter(pk=stay.pk).update(left_at=stay.arrived_at + timedelta(minutes=30))
    render(*(rendition.pk for rendition in asked))
    for rendition in asked:
        rendition.refresh_from_db()
        assert (rendition.state, rendition.revision) == ("failed", None)
        assert rendition.error.startswith("Le contenu a changé depuis la demande")
    assert fresh(minutes).state == MinutesState.APPROVED


def test_a_task_that_changes_after_the_seal_changes_no_minutes(people, signed_in):
    """It is put off and worded otherwise: the page, the index and a rectified file say what the sitting decided."""
    minutes = written_minutes(people)
    officer = minutes.held.officer
    task = decisions.add_action(
        minutes.sitting,
        text="Écrire au maire",
        item=AgendaItem.objects.filter(sitting=minutes.sitting, is_internal=False).first(),
        owner=officer.person,
        due_on=date(2026, 2, 3),
        by=officer,
    )
    minutes = at_state(minutes, MinutesState.APPROVED)
    seal(minutes)
    sealed = minutes_facts(fresh(minutes))
    page = reverse("sittings:minutes-read", args=[minutes.pk])
    assert "Écrire au maire" in signed_in("officer").get(page).text
    tasks.put_off(task, due_on=date(2026, 5, 1), by=officer)
    values = {"text": "Téléphoner au maire", "owner": None, "owner_text": "Direction des routes", "due_on": None}
    task.refresh_from_db()
    tasks.change_task(task, values, version=task.version, by=officer)
    assert minutes_facts(fresh(minutes)) == sealed
    shown = signed_in("officer").get(page).text
    assert ["Écrire au maire" in shown, "Téléphoner au maire" in shown] == [True, False]
