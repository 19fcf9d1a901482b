"""Follow-ups on screen: every step with its form, the list and its file, the rooms, the public page and the thread."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from answers.follow_up import actions as follow_up
from answers.models import FollowUp, FollowUpState
from assembly.institution.todo import todo_for
from tests.answers.publication.test_public import one_of, opinion_of, readable, statements, text, thread
from tests.answers.stage import followed_by
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, said
from tests.factories.follow_up import FollowUpFactory, MilestoneFactory, ProgressUpdateFactory
from tests.files import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proved_for_long")]
S = FollowUpState
LIST = "/bureau/suites/"
TODAY = timezone.localdate()


def desk(row, slug):
    return reverse("answers:follow-up-step", args=[row.pk, slug])


def room(row, slug):
    return reverse("answers:directorate-follow-up-step", args=[row.pk, slug])


def picture():
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(target, "JPEG")
    return SimpleUploadedFile("bus.jpg", target.getvalue(), "image/jpeg")


def public_one(people, number=1, opinion=None, **facts):
    """Make a published answer with a follow-up, in the public opinion."""
    row = one_of(opinion or opinion_of(people), number)
    case = AnswerCaseFactory(recommendation=row, state="published", directorate=people.directorate)
    AnswerFactory(case=case, published=True, **said())
    return FollowUpFactory(case=case, directorate=people.directorate, **facts)


def whole_text(row):
    """Return the tab of the opinion with its text, where each answer has all its updates."""
    return reverse("opinions:public-text", args=[row.case.opinion.reference])


def test_a_directorate_makes_its_update_and_everybody_reads_it(people, signed_in, client):
    row = public_one(people)
    MilestoneFactory(follow_up=row, label="Le bus est commandé")
    contact = signed_in("dir_contact")
    assert [str(line.title) for line in todo_for(people["dir_contact"], "directorate", people.term).lines] == []
    assert 'id="suites"' in contact.get(reverse("answers:directorate-case", args=[row.case_id])).text
    page = contact.get(room(row, "point"))
    assert ("« Le bus est commandé » est atteinte le" in readable(page.text), page.status_code) == (True, 200)
    told = {
        "seen": 0,
        "state": "in_progress",
        "text": "Le bus est commandé au garage de Muret.",
        "reached_1": TODAY.isoformat(),
        "next_label": "Le bus part en tournée",
        "next_on": (TODAY + timedelta(days=100)).isoformat(),
        "document": SimpleUploadedFile("commande.pdf", pdf("Commande")),
        "photo": picture(),
        "photo_description": "Le bus, rouge, devant le garage.",
        "consent": "nobody",
    }
    answer = contact.post(room(row, "point"), told)
    assert (answer.status_code, answer.url) == (
        302,
        reverse("answers:directorate-case", args=[row.case_id]) + "#suites",
    )
    update = row.updates.get()
    for address in (thread(row.case.recommendation), whole_text(row)):
        words = text(client, address)
        assert "Le bus est commandé au garage de Muret." in words, address
        assert "Le bus part en tournée" in words, address
    for upload in (update.document, update.photo):
        assert client.get(reverse("documents:upload", args=[upload.public_id])).status_code == 200
    for address in (thread(row.case.recommendation), whole_text(row)):
        assert 'alt="Le bus, rouge, devant le garage."' in client.get(address).text, address
    feed = client.get(reverse("answers:thread-feed", args=[row.case.reference])).text
    assert "garage de Muret" in feed
    assert "tournée" not in feed  # to come
    follow_up.withdraw(FollowUp.objects.with_dossier().get(pk=row.pk), 1, reason="Un nom y est.", by=people["officer"])
    cache.clear()
    assert "garage" not in text(client, thread(row.case.recommendation))
    assert "Un nom y est." in text(client, whole_text(row))
    for upload in (update.document, update.photo):
        assert client.get(reverse("documents:upload", args=[upload.public_id])).status_code in {302, 404}
    assert "garage" in text(signed_in("lead"), reverse("answers:desk-follow-up", args=[row.case_id]))


WRONG = [
    ({"text": ""}, "Où en est"),
    ({"state": "done"}, "preuve"),
    ({"state": "abandoned"}, "Où en est"),
    ({"seen": 2**63}, ""),
    ({"next_label": "Une étape"}, "jour de cette étape"),
    ({"next_on": "2027-01-01"}, "Dites ce qu"),
    ({"next_label": "Une étape", "next_on": "9999-12-31"}, "année"),
    ({"reached_1": "2999-01-01"}, "jour passé"),
    ({"reached_1": "31/31/31"}, ""),
    ({"link": "javascript:alert(1)"}, ""),
    ({"text": "Un signe \ue000 privé"}, "imprimé"),
    ({"text": "x" * 4000}, ""),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG)
def test_what_is_refused_keeps_what_was_typed(wrong, told, people, signed_in):
    row = public_one(people)
    MilestoneFactory(follow_up=row)
    data = {"seen": 0, "state": "in_progress", "text": "Le bus est commandé."} | wrong
    answer = signed_in("dir_contact").post(room(row, "point"), data)
    assert answer.status_code in {422, 409}
    assert told in readable(answer.text)
    assert data["text"] in answer.text
    assert not row.updates.exists()


def test_who_comes_second_reads_what_was_said_first(people, signed_in):
    row = public_one(people)
    data = {"seen": 0, "state": "planned", "text": "Nous commençons bientôt."}
    assert signed_in("dir_contact").post(room(row, "point"), data).status_code == 302
    second = signed_in("officer").post(desk(row, "point"), data | {"text": "Rien de neuf."})
    assert (second.status_code, "Rien de neuf." in second.text) == (409, True)
    assert row.updates.count() == 1


def test_milestones_are_corrected_on_one_page(people, signed_in):
    row = public_one(people)
    one = MilestoneFactory(follow_up=row)
    later = one.planned_on + timedelta(days=90)
    kept = {"version_1": 1, "label_1": one.label, "planned_1": later.isoformat()}
    browser = signed_in("dir_contact")
    assert browser.get(room(row, "etapes")).status_code == 200
    assert browser.post(room(row, "etapes"), kept).status_code == 422
    assert browser.post(room(row, "etapes"), kept | {"reason": "Le garage a du retard."}).status_code == 302
    stale = browser.post(room(row, "etapes"), kept | {"reason": "Le garage a du retard."})
    assert stale.status_code == 409
    assert "d’abord le" in text(browser, reverse("answers:directorate-case", args=[row.case_id]))
    assert browser.post(room(row, "etapes"), {}).status_code == 422


def test_the_lead_reads_the_proof_and_closes(people, signed_in, client):
    row = public_one(people, state=S.IN_PROGRESS)
    people["dir_contact"]
    data = {"seen": 0, "state": "done", "text": "Le bus roule.", "link": "https://www.haute-garonne.fr/bus"}
    assert signed_in("dir_contact").post(room(row, "point"), data).status_code == 302
    public = whole_text(row)
    assert "la mission vérifie la preuve" in text(client, public)
    lead = signed_in("lead")
    lines = [str(line.title) for line in todo_for(people["lead"], "desk", people.term).lines]
    assert "Vérifier 1 suite dite réalisée" in lines
    page = lead.get(desk(row, "clore"))
    assert "Le bus roule." in page.text
    assert lead.post(desk(row, "clore")).status_code == 302
    cache.clear()
    words = text(client, thread(row.case.recommendation))
    assert "La mesure est réalisée" in words
    officer = signed_in("officer")
    assert officer.post(desk(row, "rouvrir"), {"reason": "Non."}).status_code == 403


@pytest.mark.parametrize("state", FollowUpState)
def test_the_page_of_a_follow_up_opens_in_every_state(state, people, signed_in):
    row = followed_by(people, state)
    for who in ("lead", "officer"):
        browser = signed_in(who)
        page = browser.get(reverse("answers:desk-follow-up", args=[row.case_id]))
        assert page.status_code == 200
        frame = page.context["frame"]
        for address in [*(link.url for link in frame.links), *filter(None, [frame.status.url])]:
            assert browser.get(address).status_code == 200, (who, address)
    for who in ("dir_contact", "sponsor", "president"):
        assert signed_in(who).get(reverse("answers:directorate-case", args=[row.case_id])).status_code == 200


def test_a_file_that_promises_nothing_says_so(people, signed_in):
    case = followed_by(people).case
    FollowUp.objects.all().delete()
    page = signed_in("lead").get(reverse("answers:desk-follow-up", args=[case.pk]))
    assert "ne promet rien à suivre" in page.text


def test_the_list_is_narrowed_sorted_and_taken_away(people, signed_in):
    late = followed_by(people, S.DELAYED, update_due_on=TODAY - timedelta(days=3))
    soon = followed_by(people, update_due_on=TODAY + timedelta(days=3))
    done = followed_by(people, S.DONE)
    nobody = followed_by(people)
    FollowUp.objects.filter(pk=nobody.pk).update(directorate=None, reported_at=timezone.now())
    ProgressUpdateFactory(follow_up=late, text="Le garage a du retard.")
    browser = signed_in("officer")

    def shown(**filters):
        return {row.pk for row in browser.get(LIST, filters).context["list"].page}

    assert shown() == {late.pk, soon.pk, done.pk, nobody.pk}
    assert shown(etat="delayed") == shown(point="retard") == shown(q=late.case.title) & {late.pk} == {late.pk}
    assert shown(point="30") == {soon.pk}
    assert shown(point="personne") == shown(point="verifier") == {nobody.pk}
    assert shown(direction=people.directorate.pk) == {late.pk, soon.pk, done.pk}
    assert shown(avis=late.case.opinion.pk) == {late.pk}
    assert shown(etat="x", point="y", direction="99", avis="0", tri="z") == {late.pk, soon.pk, done.pk, nobody.pk}
    along = [row.state for row in browser.get(LIST, {"tri": "etat"}).context["list"].page]
    assert along == sorted(along, key=list(S).index)
    for order in ("titre", "-titre", "direction", "etat", "-date"):
        assert browser.get(LIST, {"tri": order, "apres": done.pk}).status_code == 200
    words = text(browser, LIST)
    assert "1 réalisée sur 4, 0 en cours, 1 point d’étape en retard." in words
    assert "Le garage a du retard." in words
    file = browser.get(f"{LIST}export.csv", {"point": "retard"}).content.decode("utf-8-sig").splitlines()
    lines = [line for line in file if not line.startswith("#")]
    assert (len(lines), "Le garage a du retard." in lines[1]) == (2, True)
    lines = [str(line.title) for line in todo_for(people["officer"], "desk", people.term).lines]
    assert {"1 point d’étape en retard", "Confier le suivi de 1 réponse"} <= set(lines)
    agent_lines = [str(line.title) for line in todo_for(people["dir_contact"], "directorate", people.term).lines]
    assert sum(line.startswith("Faire le point") for line in agent_lines) == 2
    room_page = text(signed_in("dir_contact"), reverse("answers:directorate-follow-ups"))
    assert "Suites données (3)" in room_page


def test_an_empty_list_says_where_follow_ups_come_from(people, signed_in):
    assert "dès sa publication" in signed_in("lead").get(LIST).text
    assert "sont suivies ici" in signed_in("dir_contact").get(reverse("answers:directorate-follow-ups")).text


def test_more_follow_ups_cost_no_more_statements(people, signed_in, client):
    """One follow-up and twenty, one update and eight: the opinion, the thread, the lists, the homes."""
    opinion = opinion_of(people, 20)
    first = public_one(people, 1, opinion, update_due_on=TODAY)
    ProgressUpdateFactory(follow_up=first)
    MilestoneFactory(follow_up=first)
    officer, contact, member = signed_in("officer"), signed_in("dir_contact"), signed_in("member")
    pages = [
        (client, reverse("opinions:public", args=[opinion.reference])),
        (client, whole_text(first)),
        (client, thread(one_of(opinion, 1))),
        (officer, LIST),
        (officer, f"{LIST}export.csv"),
        (officer, reverse("answers:desk-follow-up", args=[first.case_id])),
        (contact, reverse("answers:directorate-follow-ups")),
        (contact, "/instructions/"),
        (member, "/espace/"),
    ]
    for browser, address in pages:
        browser.get(address)  # what is compiled once a process
    few = [statements(browser, address) for browser, address in pages]
    for number in range(2, 21):
        row = public_one(people, number, opinion, update_due_on=TODAY)
        ProgressUpdateFactory(follow_up=row)
        MilestoneFactory(follow_up=row)
    for _ in range(7):
        ProgressUpdateFactory(follow_up=first)
        MilestoneFactory(follow_up=first)
    assert [statements(browser, address) for browser, address in pages] == few


def test_a_member_reads_what_moved(people, signed_in):
    row = public_one(people, state=S.IN_PROGRESS)
    ProgressUpdateFactory(follow_up=row)
    words = text(signed_in("member"), "/espace/")
    assert "En cours Point d’étape fait le" in words


def test_updates_are_found_until_they_are_withdrawn(people, client):
    row = public_one(people, state=S.IN_PROGRESS)
    ProgressUpdateFactory(follow_up=row, text="Une passerelle est posée.")
    call_command("reindex_search", "progress")

    def is_found():
        cache.clear()
        return thread(row.case.recommendation) in client.get(reverse("search:results"), {"q": "passerelle"}).text

    assert is_found()
    follow_up.withdraw(row, 1, reason="Une erreur.", by=people["officer"])
    assert not is_found()


def test_the_history_of_a_file_tells_its_follow_up(people, signed_in):
    row = followed_by(people)
    follow_up.publish_update(
        row, follow_up.UpdateContent(state=S.IN_PROGRESS, text="Oui."), seen=0, by=people["officer"]
    )
    page = text(signed_in("lead"), reverse("answers:desk-history", args=[row.case_id]))
    assert "a dit une suite donnée en cours" in page
    with CaptureQueriesContext(connection):
        assert signed_in("lead").get("/bureau/journal/").status_code == 200
